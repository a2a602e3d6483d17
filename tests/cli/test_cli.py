"""The command line is a contract: flags, exit codes, and the keys of its JSON."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import Any

import pytest

from smarketing.cli import main

WINDOW = ("--from", "2026-01-01", "--to", "2026-07-01")


class Run:
    """Runs the command line in a home and answers exit code, output and errors."""

    def __init__(self, home: Path, capsys: pytest.CaptureFixture[str], patch: pytest.MonkeyPatch):
        self.capsys, self.patch = capsys, patch
        patch.setenv("SMARKETING_HOME", str(home))

    def __call__(self, *words: str) -> tuple[int, str, str]:
        self.patch.setattr(sys, "argv", ["smarketing", *words])
        try:
            main()
            code = 0
        except SystemExit as stop:
            code = int(stop.code or 0)
        out, err = self.capsys.readouterr()
        return code, out, err

    def json(self, *words: str) -> Any:
        code, out, err = self(*words, "--json")
        assert code == 0, err
        return json.loads(out)


@pytest.fixture
def run(
    demo_home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Run:
    return Run(demo_home, capsys, monkeypatch)


@pytest.fixture
def nowhere(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Run:
    return Run(tmp_path / "home", capsys, monkeypatch)


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ((), "Name files or folders to import, or a database with --from."),
        (("x.csv", "--from", "lake"), "not both at once"),
        (("x.csv", "--tables", "crm"), "go with --from"),
        (("--from", "postgresql://me:hush@host/crm"), "add --tables SCHEMA or --query"),
    ],
)
def test_import_takes_files_or_a_database(
    nowhere: Run, words: tuple[str, ...], sentence: str
) -> None:
    code, _, err = nowhere("import", *words)
    assert code == 2 and sentence in err and "hush" not in err


def test_funnel_keys_and_leak(run: Run) -> None:
    found = run.json("funnel", *WINDOW)
    assert set(found) == {
        "mode", "skips", "reentry", "from", "to", "at", "as_of", "joined_at_opportunity",
        "exited", "stages",
    }  # fmt: skip
    assert found["from"] == "2026-01-01" and found["to"] == "2026-07-01"
    for stage in found["stages"]:
        assert set(stage) == {
            "stage", "count", "converted", "rate", "low", "high", "window_days", "mature",
            "mature_rate", "advanced", "here", "moved_back", "left",
        }  # fmt: skip
        left = sum(part["count"] for part in stage["left"])
        assert stage["count"] == stage["advanced"] + stage["here"] + stage["moved_back"] + left, (
            stage["stage"]
        )
    first, second = found["stages"][:2]
    assert first["converted"] is None
    assert second["rate"] == pytest.approx(second["converted"] / first["count"])


def test_funnel_groups_add_up_to_the_whole(run: Run) -> None:
    whole = run.json("funnel", *WINDOW)["stages"]
    groups = run.json("funnel", *WINDOW, "--by", "segment")
    assert len(groups) > 1
    for place, stage in enumerate(whole):
        assert sum(group["stages"][place]["count"] for group in groups) == stage["count"]


def test_funnel_outside_cohort_gives_no_rates(run: Run) -> None:
    entered = run.json("funnel", *WINDOW, "--mode", "entered", "--reentry", "every")
    assert all(stage["rate"] is None for stage in entered["stages"])
    standing = run.json("funnel", "--at", "2026-06-30")
    assert standing["mode"] == "snapshot" and standing["exited"] > 0
    assert standing["at"].startswith("2026-06-30")


def test_attribution_keys_and_sum(run: Run) -> None:
    every = run.json("attribution", *WINDOW, "--model", "all")
    assert {"first", "last", "linear", "position"} <= {found["model"] for found in every}
    for found in every:
        assert set(found) >= {
            "model", "measure", "from", "to", "lookback_days", "side", "people", "deals", "total",
            "unattributed", "rows",
        }  # fmt: skip
        assert sum(round(row["credit"] * 100) for row in found["rows"]) == round(
            found["total"] * 100
        ), found["model"]
        keys = [row["key"] for row in found["rows"]]
        assert keys.count("(unattributed)") == 1 and len(keys) == len(set(keys))
        assert set(found["rows"][0]) >= {
            "key", "credit", "share", "deals", "cost", "roas", "low", "high",
        }  # fmt: skip
    assert len({found["total"] for found in every}) == 1


def test_one_model_is_one_document(run: Run) -> None:
    found = run.json(
        "attribution", *WINDOW, "--model", "linear", "--by", "campaign", "--lookback", "90"
    )
    assert (found["model"], found["lookback_days"]) == ("linear", 90)


def test_returns_by_touch_change_what_came_back_and_nothing_else(run: Run) -> None:
    by_close = run.json("attribution", *WINDOW, "--model", "linear")
    by_touch = run.json("attribution", *WINDOW, "--model", "linear", "--returns-by", "touch")
    assert (by_close["returns_by"], by_touch["returns_by"]) == ("close", "touch")
    assert by_close["total"] == by_touch["total"]
    paid = [
        {row["key"]: row for row in found["rows"]}["paid_search"] for found in (by_close, by_touch)
    ]
    assert paid[0]["credit"] == paid[1]["credit"] == paid[0]["returned"] != paid[1]["returned"]
    assert paid[0]["roas"] != paid[1]["roas"]
    _, out, _ = run("attribution", *WINDOW, "--model", "markov", "--returns-by", "touch")
    assert "this model credits keys, not touches" in out


def test_a_kpi_asked_for_by_name_says_what_to_mind(run: Run) -> None:
    _, out, _ = run("kpi", "cac", "marketing_influenced_revenue_share", "--period", "2026-Q2")
    told = " ".join(out.split())
    assert "Cost counted: media, event, tool, agency, salary of marketing" in told
    assert "Sourced and influenced overlap and are never added." in told


def test_kpi_keys_and_groups(run: Run) -> None:
    (found,) = run.json("kpi", "won_revenue", "--period", "2026-Q2", "--by", "segment")
    assert set(found) == {
        "id", "label", "value", "reason", "unit", "numerator", "denominator", "n", "undated",
        "previous", "previous_reason", "target", "status", "note", "by",
    }  # fmt: skip
    assert sum(round(group["value"] * 100) for group in found["by"]) == round(found["value"] * 100)


def test_won_revenue_is_the_same_everywhere(run: Run) -> None:
    (kpi,) = run.json("kpi", "won_revenue", "--period", "2026-Q2")
    credited = run.json(
        "attribution", "--from", "2026-04-01", "--to", "2026-07-01", "--model", "last"
    )
    assert credited["total"] == pytest.approx(kpi["value"])


def test_journey_handoff_worklist_and_plan_answer(run: Run) -> None:
    story = run.json("journey", "D000010")
    assert story["kind"] == "deal" and story["events"]
    assert story["events"] == sorted(story["events"], key=lambda event: event["at"][:10])
    obligations = run.json("handoff", "--period", "2026-Q2")["obligations"]
    assert {part["obligation"] for part in obligations} == {"response", "attempts", "decision"}
    for part in obligations:
        assert part["rate"] == pytest.approx(part["met"] / (part["met"] + part["missed"]))
    assert {item["status"] for item in run.json("worklist")} <= {"overdue", "soon due"}
    planned = run.json("plan", "--revenue", "8000000", "--by", "2027-01-01")
    assert planned["leads_low"] <= planned["leads_needed"] <= planned["leads_high"]


def test_people_get_tables(run: Run) -> None:
    code, out, _ = run("funnel", *WINDOW)
    assert code == 0 and "Opportunity" in out and "Joined at opportunity" in out
    code, out, _ = run("attribution", *WINDOW, "--model", "first")
    assert code == 0 and "Credit is not lift" in out
    # Money by its currency and shares in %, as on the pages.
    assert re.search(r"€[\d,.]+ in all", " ".join(out.split())) and "\u202f%" in out
    code, out, _ = run("plan", "--revenue", "8000000", "--by", "2027-01-01")
    assert code == 0 and "won so far" in out and "€8,000,000" in out
    code, out, _ = run("handoff", "--period", "2026-Q2")
    assert code == 0 and "\u202f%" in out
    assert run("kpi", "--period", "2026-06")[0] == 0
    assert run("check")[0] == 0


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("kpi", "won_revnue"), "won_revenue"),
        (("kpi", "--period", "2026-13"), "2026-13"),
        (("funnel", *WINDOW, "--mode", "cohrt"), "cohort"),
        (("funnel", *WINDOW, "--skips", "imputd"), "imputed"),
        (("funnel", *WINDOW, "--by", "segmnt"), "segment"),
        (("funnel", "--from", "2026-01-01"), "--to"),
        (("funnel", *WINDOW, "--where", "segment"), "dimension=value"),
        (("attribution", *WINDOW, "--model", "lienar"), "linear"),
        (("attribution", *WINDOW, "--measure", "revnue"), "revenue"),
        (("attribution", *WINDOW, "--by", "chanel"), "channel"),
        (("attribution", *WINDOW, "--people", "comittee"), "committee"),
        (("attribution", *WINDOW, "--side", "marketting"), "marketing"),
        (("attribution", *WINDOW, "--returns-by", "tuch"), "touch"),
        (("attribution", *WINDOW, "--lookback", "0"), "lookback"),
        (("attribution", *WINDOW, "--lookback", "731"), "730"),
        (("attribution", "--from", "2026-07-01", "--to", "2026-01-01"), "2026"),
        (("journey", "nobody-at-all"), "nobody-at-all"),
        (("plan", "--revenue", "1000000", "--by", "someday"), "someday"),
        (("plan", "--revenue", "-5", "--by", "2027-01-01"), "target"),
    ],
)
def test_wrong_usage_names_what_and_the_nearest_name(
    run: Run, words: tuple[str, ...], told: str
) -> None:
    code, out, err = run(*words)
    assert (code, out) == (2, "")
    assert told in err and err.count("\n") == 1


def test_nothing_imported_says_what_to_do(nowhere: Run) -> None:
    for words in (("kpi",), ("check",), ("funnel", *WINDOW)):
        code, out, err = nowhere(*words)
        assert (code, out) == (1, "") and "smarketing import" in err


def test_an_import_reports_both_balances(nowhere: Run, tmp_path: Path) -> None:
    (tmp_path / "lead.csv").write_text("lead_id,created_at\nL1,2026-01-05\nL2,never\n")
    found = nowhere.json("import", str(tmp_path / "lead.csv"))
    (file,) = found["files"]
    assert (file["rows"], file["used"], file["unused"], file["quarantined"]) == (2, 1, 0, 1)
    (table,) = [table for table in found["tables"] if table["table"] == "lead"]
    assert (table["produced"], table["new"], table["quarantined"]) == (2, 1, 1)
    assert {"import_id", "build_id"} <= set(found) and len(file["sha256"]) == 64
    again = nowhere.json("import", str(tmp_path / "lead.csv"))
    (table,) = [table for table in again["tables"] if table["table"] == "lead"]
    assert (table["new"], table["changed"], table["unchanged"]) == (0, 0, 1)


def test_a_dry_run_changes_nothing(nowhere: Run, tmp_path: Path) -> None:
    (tmp_path / "lead.csv").write_text("lead_id,created_at\nL1,2026-01-05\n")
    found = nowhere.json("import", str(tmp_path / "lead.csv"), "--dry-run")
    assert found["files"][0]["used"] == 1
    assert nowhere("kpi")[0] == 1


def test_a_refused_file_fails_with_its_reason(nowhere: Run, tmp_path: Path) -> None:
    (tmp_path / "notes.csv").write_text("colour,taste\nred,sweet\n")
    code, _, err = nowhere("import", str(tmp_path / "notes.csv"))
    assert code == 1 and "notes.csv" in err
    code, _, err = nowhere("import", str(tmp_path / "missing.csv"))
    assert code in (1, 2) and "missing.csv" in err


def test_many_files_that_no_source_reads_are_counted(nowhere: Run, tmp_path: Path) -> None:
    """A folder of everything: what was read is not lost among what was not."""
    folder = tmp_path / "inbox"
    folder.mkdir()
    for number in range(14):
        (folder / f"x{number:02}.csv").write_text(f"colour,weight_{number}\nred,2\nblue,3\n")
    (folder / "lead.csv").write_text("lead_id,created_at\nl1,2026-01-05\n")
    (folder / "again.csv").write_text("lead_id,created_at\nl1,2026-01-05\n")
    code, out, err = nowhere("import", str(folder))
    lines = [line.split() for line in out.splitlines()]
    assert code == 0 and ["again.csv", "generic", "lead", "1", "1", "0", "0"] in lines
    assert sum(line[1:4] == ["no", "known", "source"] for line in lines) == 10
    assert ["5", "more", "not", "read", "9", "0", "9", "0"] in lines
    assert err.count("x0") == 10
    assert "4 more files were not read; --json says why, file by file." in err
    # The same file under another name is not of an unknown source.
    taken = {
        file["file"]: file["taken_for"] for file in nowhere.json("import", str(folder))["files"]
    }
    assert taken["lead.csv"] == "the same file as again.csv"


def test_files_of_one_name_are_listed_with_their_folders(nowhere: Run, tmp_path: Path) -> None:
    for folder, number in (("a", 1), ("b", 2)):
        (tmp_path / folder).mkdir()
        text = f"cost_id,incurred_on,amount\n{number},2026-01-05,5\n"
        (tmp_path / folder / "costs.csv").write_text(text)
    _, said, _ = nowhere("import", str(tmp_path / "a"), str(tmp_path / "b"))
    assert "a/costs.csv" in said and "b/costs.csv" in said


def test_a_new_source_says_which_deals_are_nobodys(nowhere: Run, tmp_path: Path) -> None:
    deals, leads = tmp_path / "deals.csv", tmp_path / "leads.csv"
    deals.write_text(
        "Deal ID,Guests,Amount,Status,Created,Closed\n1,Ana,9,Won,2026-01-05,2026-02-05\n"
    )
    leads.write_text("Lead ID,Created,Email,Converted Deal ID\n7,2026-01-04,a@tanvik.io,1\n")
    alone = nowhere("source", "new", str(deals), "--name", "ours", "--out", str(tmp_path / "a"))
    both = nowhere(
        *("source", "new", str(deals), str(leads), "--name", "ours", "--out", str(tmp_path / "b"))
    )
    said = "deals: no column is known to say whose its deals are"
    assert said in alone[1] and said not in both[1]


def test_a_new_source_is_written_and_imports(nowhere: Run, tmp_path: Path) -> None:
    export = tmp_path / "people.csv"
    export.write_text("Lead Number,Created,Email,Shoe size\n7,2026-01-05,a@tanvik.io,44\n")
    folder = tmp_path / "mycrm"
    code, out, err = nowhere("source", "new", str(export), "--name", "mycrm", "--out", str(folder))
    assert code == 0, err
    assert (folder / "profile.yaml").exists() and "mycrm" in out
    assert "people: not read: 'Shoe size'." in out
    assert nowhere("import", str(export), "--source", str(folder))[0] == 0
