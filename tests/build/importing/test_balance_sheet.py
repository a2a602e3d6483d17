"""What an import and a build report, read from builds of a few rows."""

from __future__ import annotations

from contextlib import nullcontext
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import duckdb
import pytest
from builders import default_agreement
from two_builds import TwoBuilds

from smarketing.agreement.classification import UNMAPPED
from smarketing.build.derive import Derived
from smarketing.build.importing import balance_sheet
from smarketing.build.importing.balance_sheet import build_report, import_report, unread_report
from smarketing.build.importing.report import (
    Assumed,
    ImportReport,
    Overlap,
    Teamless,
    Unmapped,
    Unplaced,
    Unread,
    Unruled,
)
from smarketing.build.importing.staging import Named, Staged
from smarketing.errors import RefusedError
from smarketing.files.tables import BadRow, LandedTable, Skipped
from smarketing.store.balance import NOT_RECOGNISED, SOURCE_GONE
from smarketing.store.landing import LandedFile

DAY = date(2026, 1, 5)
NOTHING = dict.fromkeys(("rows", "used", "unused", "quarantined"), 0)


def table(rows: int, skipped: int = 0, bad: int = 0) -> LandedTable:
    lost = tuple(BadRow(n, "x", "is cut off") for n in range(bad))
    return LandedTable("t.csv", (), Path(), rows, (Skipped("a total", skipped),), lost)


def staged(*numbers: int) -> Staged:
    """Return files of one table each, the first of two rows, named in this order."""
    found = Staged(Path(), "")
    found.landed = [LandedFile(f"{n}.csv", f"sha{n}", (table(n + 1),)) for n in numbers]
    found.labels = {f"sha{n}": f"in/{n}.csv" for n in numbers}
    return found


def derived(*numbers: int, is_current: bool = False) -> Derived:
    files = (SimpleNamespace(sha256=f"sha{n}", file_id=n, import_id=f"i{n}") for n in numbers)
    agreement = default_agreement()
    return Derived("b7", Path(), cast("Any", tuple(files)), ("m",), is_current, agreement)


@pytest.fixture
def builds(monkeypatch: pytest.MonkeyPatch) -> TwoBuilds:
    found = TwoBuilds()
    found.put("build_info", {"as_of_day": DAY})

    def attached(_: Path, before: Path | None) -> Any:
        return nullcontext((found.connection, "before" if before else None))

    monkeypatch.setattr(balance_sheet, "_attached", attached)
    # What takes long, and has tests of its own.
    monkeypatch.setattr(balance_sheet, "compare", lambda *_: ("balances",))
    monkeypatch.setattr(balance_sheet, "emptied_notes", lambda *_: {"sha2": ["lost values"]})
    monkeypatch.setattr("smarketing.store.builds.published", lambda _: Path("b6"))
    return found


def reported(*numbers: int, **said: Any) -> ImportReport:
    return import_report(Path(), derived(1, 2, 3), "i9", staged(*numbers), False, **said)


def test_a_report_names_the_import_and_the_build_that_came_of_it(builds: TwoBuilds) -> None:
    for is_current, dry_run, expected in (
        (False, False, ("i9", "b7")),
        (False, True, ("i9", None)),
        (True, False, ("i2", "b7")),
        (True, True, ("i2", "b7")),
    ):
        found = import_report(
            Path(), derived(1, 2, 3, is_current=is_current), "i9", staged(1, 2), dry_run
        )
        assert (found.import_id, found.build_id) == expected
        assert (found.as_of, found.dry_run) == (DAY, dry_run)


def test_values_that_cannot_be_read_are_told_by_their_first(builds: TwoBuilds) -> None:
    for file, row, column, value, reason in (
        (1, 9, "day", "later", "is no day"),
        (1, 4, "day", "soon", "is no day"),
        (1, 5, "amount", "x", "is no number"),
        (2, 3, None, None, "is cut off"),
        (3, 1, "day", "never", "is no day"),
    ):
        told = {"row": row, "column_name": column, "value": value, "reason": reason}
        builds.put("quarantine", {"_file_id": file, "file": f"{file}.csv", **told})
    assert reported(1, 2).unread == (
        Unread("1.csv", 4, "day", "soon", "is no day", 2),
        Unread("1.csv", 5, "amount", "x", "is no number", 1),
        Unread("2.csv", 3, None, None, "is cut off", 1),
    )


def test_stages_without_an_outcome_are_counted_with_their_worth(builds: TwoBuilds) -> None:
    deals = [
        {"stage": "b", "amount": 1050, "currency": "EUR"},
        {"stage": "a", "amount": 100, "currency": "JPY"},
        {"stage": "a", "amount": 100, "currency": "JPY"},
        {"stage": "a", "amount": 100, "currency": "JPY", "outcome": "won"},
        {"stage": "a", "amount": None, "currency": "EUR", "pipeline": "p"},
        {"stage": "c", "amount": 5, "currency": "EUR", "_file_id": 3},
    ]
    builds.put("deal", *({"deal_id": f"d{n}", "source": "crm", **one}
                         for n, one in enumerate(deals)))  # fmt: skip
    assert reported(1, 2).unplaced == (
        Unplaced("crm", None, "a", 2, 200.0, "JPY"),
        Unplaced("crm", "p", "a", 1, None, "EUR"),
        Unplaced("crm", None, "b", 1, 10.5, "EUR"),
    )


def test_words_that_the_agreement_does_not_know_are_counted(builds: TwoBuilds) -> None:
    leads = [("Zz", "qq"), ("Zz", "qq"), ("Aa", None), (None, "webinar"), ("mql", None)]
    builds.put("lead", *({"lead_id": f"l{n}", "source": "crm", "status": status, "channel": channel}
                         for n, (status, channel) in enumerate(leads)),
               {"lead_id": "l9", "source": "crm", "status": "Yy", "channel": "yy", "_file_id": 3},
               )  # fmt: skip
    builds.put("campaign", {"campaign_id": "c1", "source": "crm", "channel": "qq", "kind": "odd"},
               {"campaign_id": "c2", "source": "crm", "channel": "pp"})  # fmt: skip
    builds.put("touch", {"touch_id": "t1", "source": "web", "utm_source": "ss", "utm_medium": "mm"},
               {"touch_id": "t2", "source": "web", "utm_medium": "nn"},
               {"touch_id": "t3", "source": "web", "channel": "qq", "side": "sales"},
               {"touch_id": "t4", "source": "web", "side": "sales", "utm_source": "tt"},
               {"touch_id": "t5", "source": "web"},
               {"touch_id": "t6", "source": "web", "channel": "qq", "side": "marketing"},
               )  # fmt: skip
    found = reported(1, 2)
    assert found.unmapped == (Unmapped("Zz", 2), Unmapped("Aa", 1))
    channel_of = default_agreement().classification.channel_of
    for word in ("qq", "nn", "pp"):
        assert channel_of(word, system="crm") == UNMAPPED
    assert found.unruled == (
        Unruled("qq", 4), Unruled("nn", 1), Unruled("pp", 1), Unruled("ss", 1),
    )  # fmt: skip


def test_costs_are_told_without_team_and_beside_those_of_another_file(builds: TwoBuilds) -> None:
    builds.put("cost", {"cost_id": "1", "amount": 1000, "currency": "EUR"},
               {"cost_id": "2", "amount": 50, "currency": "EUR"},
               {"cost_id": "3", "amount": 50, "currency": "JPY"},
               {"cost_id": "4", "amount": 50, "currency": "EUR", "team": "sales"},
               {"cost_id": "5", "amount": 50, "currency": "EUR", "_file_id": 3})  # fmt: skip
    for file, other, day, amount in ((1, 3, 6, 1000), (1, 3, 5, 50), (3, 2, 7, 3000), (3, 4, 5, 9)):
        told = {"file": f"{file}.csv", "file_id": file, "other_file": f"{other}.csv"}
        builds.put("cost_overlap", {**told, "other_file_id": other, "currency": "EUR",
                                    "day": date(2026, 1, day), "amount": amount})  # fmt: skip
    found = reported(1, 2)
    assert found.teamless == (Teamless(2, 10.5, "EUR"), Teamless(1, 50.0, "JPY"))
    assert found.overlaps == (
        Overlap("3.csv", "2.csv", 1, date(2026, 1, 7), date(2026, 1, 7), 30.0, "EUR"),
        Overlap("1.csv", "3.csv", 2, DAY, date(2026, 1, 6), 10.5, "EUR"),
    )


def test_a_currency_that_is_taken_was_told_where_the_build_before_took_it(
    builds: TwoBuilds, monkeypatch: pytest.MonkeyPatch
) -> None:
    builds.files(1, source="crm", **NOTHING)
    builds.files(3, source="other", **NOTHING)
    names = ("source", "table_name", "records", "currency")

    def taken(*row: object) -> dict[str, object]:
        return dict(zip(names, row, strict=True))

    builds.put("currency_assumed", taken("crm", "deal", 2, "EUR"), taken("crm", "cost", 5, "EUR"),
               taken("other", "deal", 9, "EUR"))  # fmt: skip
    builds.put("currency_assumed", taken("crm", "deal", 1, "EUR"), taken("crm", "cost", 5, "USD"),
               build="before")  # fmt: skip
    assert reported(1, 2).assumed == (
        Assumed("crm", "cost", 5, "EUR", False), Assumed("crm", "deal", 2, "EUR", True),
    )  # fmt: skip
    monkeypatch.setattr("smarketing.store.builds.published", lambda _: None)
    assert not any(one.was_told for one in reported(1, 2).assumed)


def test_each_file_is_balanced_over_all_tables_read_from_it(builds: TwoBuilds) -> None:
    counts = {"rows": 10, "used": 6, "unused": 3, "quarantined": 1}
    builds.files(2, source="crm", object="lead", **counts)
    builds.put("file_info", *(
        {"_file_id": n, "sha256": "sha1", "file": file, "source": source, "object": kind, **counts}
        for n, file, source, kind in ((1, "1.zip", "crm", "lead"), (3, "1.zip", "ads", "cost"))
    ))  # fmt: skip
    for file, reason, rows in ((1, "b", 2), (1, "a", 1), (3, "b", 2), (3, "c", 1), (2, "d", 3)):
        builds.put("file_unused", {"_file_id": file, "reason": reason, "rows": rows})
    for file, column, row, amounts, example in (
        (1, "amount", 7, 2, "1.005"), (3, "amount", 4, 1, "1.015"), (1, "budget", 9, 1, "2.001"),
    ):  # fmt: skip
        builds.put("amount_rounded", {"_file_id": file, "column_name": column, "row": row,
                   "currency": "EUR", "amounts": amounts, "example": example})  # fmt: skip
    asked = staged(2, 1)
    asked.notes = {"sha1": ("read as it is",)}
    found = import_report(Path(), derived(1, 2, 3), "i9", asked, False)
    second, first = found.files
    assert (first.file, first.rows, first.used) == ("in/1.csv", 10, 6)
    both = import_report(Path(), replaced_hash(derived(1, 2, 3)), "i9", asked, False).files[1]
    assert (both.rows, both.used, both.unused, both.quarantined) == (20, 12, 6, 2)
    assert (both.source, both.object) == ("ads, crm", "cost, lead")
    assert (both.read_as, both.records) == ("ads cost, crm lead", 2)
    assert both.unused_reasons == (("b", 4), ("a", 1), ("c", 1))
    assert both.notes == (
        "read as it is",
        "3 values of amount have more decimals than EUR (1.015, line 4): each was rounded",
        "1 value of budget has more decimals than EUR (2.001, line 9): it was rounded",
    )
    assert (second.file, second.records, second.notes) == ("in/2.csv", 3, ("lost values",))
    assert found.tables == ("balances",)
    assert second.unused_reasons == (("d", 3),)


def replaced_hash(found: Derived) -> Derived:
    found.files[2].sha256 = "sha1"  # type: ignore[misc]
    return found


def test_what_loses_to_an_earlier_import_is_told_of_its_file(builds: TwoBuilds) -> None:
    builds.files(2, 3, rows=1, used=0, unused=1, quarantined=0)
    builds.put("deal", {"deal_id": "d1"}, {"deal_id": "d2"})
    builds.put_aside("deal", {"deal_id": "d1", "_file_id": 2}, {"deal_id": "d1", "_file_id": 3},
                     {"deal_id": "d2", "_file_id": 3})  # fmt: skip
    second, third = reported(2, 3).files
    assert second.notes[0].startswith("1 record was passed over, since 1.csv, imported before")
    assert third.notes[0].startswith("2 records were passed over, since 1.csv")


def test_files_that_were_not_landed_are_balanced_by_why() -> None:
    found = staged(1)
    found.landed[0] = LandedFile("1.csv", "sha1", (table(3, 2, 1), table(4)))
    named = Named(Path("x/odd.csv"), "in/odd.csv", False)
    found.unknown = [(named, "shaX", 5, "odd.csv is of no known source.")]
    found.same = [(Named(Path("2.csv"), "2.csv", True), "sha1", "1.csv")]
    odd, same = balance_sheet._others(found)
    assert (odd.file, odd.rows, odd.used, odd.unused, odd.quarantined) == ("in/odd.csv", 5, 0, 5, 0)
    assert odd.notes == ("of no known source",) and odd.taken_for == "no known source"
    assert (same.file, same.rows, same.used, same.unused) == ("2.csv", 10, 0, 10)
    assert same.unused_reasons == (("the same file as 1.csv", 10),) and same.notes == ()
    assert found.records_of("sha1") == 8 and found.rows_of("sha2") == 0


@pytest.mark.parametrize(("refused", "unknown", "told"), [
    (1, 0, None), (0, 1, ["u0"]), (0, 3, ["u0", "u1", "u2"]), (2, 1, ["r0", "r1", "u0"]),
    (1, 3, ["r0", "u0", "u1", "The other 1 "]), (0, 5, ["u0", "u1", "u2", "The other 2 "]),
])  # fmt: skip
def test_of_an_import_that_landed_nothing_the_first_reasons_are_told(
    refused: int, unknown: int, told: list[str] | None
) -> None:
    found = Staged(Path(), "", passed=("a.pdf",))
    found.refused = [f"r{n}" for n in range(refused)]
    found.unknown = [(Named(Path("o"), "o", False), f"{n}", 2, f"u{n}") for n in range(unknown)]
    if told is None:
        with pytest.raises(RefusedError, match="r0"):
            unread_report(found, False)
        return
    report = unread_report(found, True)
    assert [why[: len(start)] for why, start in zip(report.refused, told, strict=True)] == told
    assert (report.import_id, report.build_id, report.tables) == (None, None, ())
    assert (report.dry_run, report.passed_over) == (True, ("a.pdf",))
    assert [(file.rows, file.notes) for file in report.files] == [(2, ())] * unknown


def test_a_build_counts_its_rows_and_names_what_no_source_reads(builds: TwoBuilds) -> None:
    builds.put("deal", {"deal_id": "d1"}, {"deal_id": "d2"})
    builds.put("quarantine", {"row": 1})
    for reason, rows in ((SOURCE_GONE, 4), (NOT_RECOGNISED, 5), (SOURCE_GONE, 0), ("other", 6)):
        builds.put("file_unused", {"file": f"{rows}.csv", "source": "crm", "reason": reason,
                                   "rows": rows})  # fmt: skip
    found = build_report(Path(), derived(1))
    assert (found.build_id, found.as_of, found.rows) == ("b7", DAY, {"deal": 2})
    assert (found.marts, found.quarantined) == (("m",), 1)
    assert found.unreached == (
        f"The 4 records of 4.csv are in no figure: {SOURCE_GONE} ('crm').",
        f"The 5 records of 5.csv are in no figure: {NOT_RECOGNISED} ('crm').",
    )
    assert found.as_dict()["tables"] == [{"table": "deal", "rows": 2}]


def test_builds_stand_side_by_side_and_one_beside_itself_is_one(tmp_path: Path) -> None:
    for name, day in (("a", 5), ("b", 6)):
        with duckdb.connect(str(tmp_path / name)) as connection:
            connection.execute(f"create table build_info as select date '2026-01-0{day}' as d")
    first, second = tmp_path / "a", tmp_path / "b"
    (tmp_path / "link").symlink_to(first)
    for before, name, days in (
        (None, None, {"now": 5}), (first, "now", {"now": 5}), (tmp_path / "link", "now", {}),
        (second, "before", {"now": 5, "before": 6}),
    ):  # fmt: skip
        with balance_sheet._attached(first, before) as (connection, called):
            assert called == name
            for build, day in days.items():
                found = connection.execute(f"select day(d) from {build}.main.build_info").fetchall()
                assert found == [(day,)]
