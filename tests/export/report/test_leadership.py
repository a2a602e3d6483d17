"""The built-in reports on the demo company: their numbers, empty periods, reports of one's own."""

from __future__ import annotations

import datetime as dt
import shutil
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest
from builders import default_agreement, make_store

from smarketing.agreement import load_home_agreement
from smarketing.analysis.attribution import asked as attribution_asked
from smarketing.analysis.attribution import attributions
from smarketing.analysis.kpis.scoreboard import kpis
from smarketing.analysis.planning.plan import plan as planned
from smarketing.analysis.planning.usual import usual
from smarketing.analysis.review.state import state
from smarketing.cli import main
from smarketing.engine import Filters, open_engine
from smarketing.errors import SmarketingError, UsageError
from smarketing.export.deck.pages import Chart, Grid, Number, Page
from smarketing.export.report import webhook
from smarketing.export.report.asked import Asked
from smarketing.export.report.catalogue import FIGURES, Wanted, pages
from smarketing.export.report.figures.kpis import _with_left_out
from smarketing.export.report.moving import read_period
from smarketing.export.report.plans import plan_named, readable_plans, title_of
from smarketing.workspace import open_workspace
from smarketing.workspace.records import Action
from smarketing.workspace.records import Plan as CampaignPlan
from smarketing.workspace.store import now

DAY = dt.date(2026, 6, 30)


@pytest.fixture(scope="module")
def asked(demo_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Asked:
    agreement = load_home_agreement(demo_home)
    workspace = open_workspace(tmp_path_factory.mktemp("workspace"))
    window = agreement.parse_period("2026-06")
    return Asked(open_engine(demo_home), agreement, window, workspace, False, {})


def test_the_pages_hold_the_numbers_of_the_analyses(asked: Asked) -> None:
    made, failed = pages(asked, list(FIGURES))
    found = {page.name: page for page in made}
    assert not failed and len(found) == len(FIGURES)
    plain = {r.id: r for r in kpis(asked.engine, asked.agreement, None, asked.window)}
    numbers = {n.name: n for n in found["scoreboard"].body if isinstance(n, Number)}
    assert numbers["new_leads"].value == str(plain["new_leads"].value) == "95"
    assert numbers["new_leads"].verdict == "▼ behind, target 120"
    change = found["change"].body
    assert isinstance(change, Chart)
    visible = [s for s in change.series if s.role == "shared"]
    # What changed is the number that the headlines name.
    moved = state(asked.engine, asked.agreement, asked.window).moved
    assert moved is not None and moved.by is not None
    assert found["headlines"].body[1].startswith("Nothing moved beyond its normal variation")
    assert moved.result.label in found["headlines"].body[1]
    before, after = plain[moved.result.id].previous, plain[moved.result.id].value
    assert before is not None and after is not None
    assert [v for v in visible[0].values if v] == pytest.approx([before, after])
    settings = attribution_asked(asked.agreement, asked.window)
    models = found["attribution"].body
    assert isinstance(models, Chart) and len(models.series) == 6
    (position,) = attributions(asked.engine, asked.agreement, settings, model="position")
    drawn = next(s for s in models.series if s.name == "Position (U)")
    assert drawn.values == tuple(
        next(r.share for r in position.rows if asked.word("channel", r.key) == name)
        for name in models.categories
    )
    stages = found["funnel"].body
    assert isinstance(stages, Chart) and stages.series[1].values[0] == 95
    every = found["kpis"].body
    assert isinstance(every, Grid) and len(every.rows) == len(plain)
    for page in made:
        assert "agreement 2026-1 proposed" in page.stamp and asked.engine.build_id in page.stamp
        assert page.headline and page.measure
    for name in ("scoreboard", "attribution", "campaigns", "customers", "plan", "funnel"):
        assert "SELECT" in found[name].notes


def test_a_headline_claims_no_change_within_normal_variation(asked: Asked) -> None:
    (page,), _ = pages(asked, ["change"])
    assert page.headline.endswith("within normal variation")
    quarter = replace(asked, window=asked.agreement.parse_period("2026-Q2"))
    (page,), _ = pages(quarter, ["change"])
    assert page.headline.endswith("not to be told from normal variation yet")


def test_an_empty_store_says_so_on_every_page(tmp_path: Path) -> None:
    agreement = default_agreement()
    empty = Asked(
        make_store({}),
        agreement,
        agreement.parse_period("2026-06"),
        open_workspace(tmp_path),
        False,
        {},
    )
    made, failed = pages(empty, list(FIGURES))
    assert not failed
    charts = [page for page in made if isinstance(page.body, Chart)]
    assert charts and all(page.body.is_empty and page.alt for page in charts)  # type: ignore[union-attr]
    assert {page.name: page.headline for page in made}["customers"].startswith(
        "Of customers nothing"
    )


def test_the_plan_is_the_one_the_page_opens_with(asked: Asked) -> None:
    (page,), _ = pages(asked, ["plan"])
    wanted = usual(asked.engine, asked.agreement)
    found = planned(asked.engine, asked.agreement, wanted.revenue, wanted.until)
    assert isinstance(page.body, Chart)
    (amounts,) = page.body.series
    assert sum(v or 0 for v in amounts.values) == pytest.approx(wanted.revenue)
    assert amounts.values[3] == found.major(found.gap) and wanted.until > asked.engine.as_of_day
    assert page.headline.startswith(f"{found.leads.needed:,.0f} new leads (")
    assert " are needed for €8.02" in page.headline


def test_what_each_owner_kept_adds_up_to_what_all_kept(asked: Asked) -> None:
    (page, whole), _ = pages(asked, ["owners", "handoff"])
    assert isinstance(page.body, Chart) and isinstance(whole.body, Chart)
    for own, every in zip(page.body.series, whole.body.series, strict=True):
        assert sum(v or 0 for v in own.values) == sum(v or 0 for v in every.values) > 0
    missed = [v or 0 for v in page.body.series[1].values]
    assert missed == sorted(missed, reverse=True)


def test_a_campaign_planned_together_is_told_with_its_promise(asked: Asked, tmp_path: Path) -> None:
    workspace = open_workspace(tmp_path)
    for name, starts, leads in (("\x01Fair", "2026-06-20", 40), ("Past", "2026-01-01", None)):
        first = dt.date.fromisoformat(starts)
        workspace.of(CampaignPlan).add(
            CampaignPlan(name=name, starts_on=first, ends_on=first + dt.timedelta(days=20),
                         marketing_owner="A", sales_owner="B", promised_leads=leads,
                         budget=500_000, currency="CHF", created_by="A", created_at=now())
        )  # fmt: skip
    (page,), _ = pages(replace(asked, workspace=workspace), ["promised"])
    assert isinstance(page.body, Grid)
    (row,) = page.body.rows
    assert row[0] == "\\x01Fair" and row[2] == "nothing yet of 40" and row[3] == ""
    assert "CHF" in row[5] or "Fr" in row[5]


def test_a_view_of_its_own_has_its_own_filters_period_and_page(asked: Asked) -> None:
    own = Wanted("funnel", Filters.of(segment=["enterprise"]), "2026-Q1")
    made, failed = pages(asked, ["funnel", own])
    assert [page.name for page in made] == ["funnel", "funnel 2026-Q1 enterprise"] and not failed
    assert "segment Enterprise" in made[1].stamp and made[1].stamp.startswith("2026-Q1")
    outside = replace(asked, filters=Filters.of(segment=["smb"]))
    assert list(pages(outside, [own])[1]) == ["funnel 2026-Q1 enterprise"]


def test_an_address_with_a_period_of_its_own_is_of_that_period(asked: Asked) -> None:
    seen: list[str] = []

    def look(_: object, period: str, __: object) -> Any:
        seen.append(period)
        return SimpleNamespace(page=Page("stays", "h", "m", ()))

    figures = [
        Wanted("funnel?show=time&period=2026-02#stays"), Wanted("funnel?show=time#stays"),
        Wanted("funnel?show=time&period=2026-02#stays", period="2026-03"),
    ]  # fmt: skip
    _, failed = pages(replace(asked, look=look), figures)
    assert not failed and seen == ["2026-02", asked.window.label, "2026-03"]


def test_actions_are_on_the_page_while_they_are_open(asked: Asked, tmp_path: Path) -> None:
    workspace = open_workspace(tmp_path)
    for text, due, status in (
        ("Call", dt.date(2026, 5, 1), "open"),
        ("Old", dt.date(2026, 5, 1), "done"),
    ):
        workspace.of(Action).add(
            Action(text=text, owner="A", team="sales", due_on=due, status=status,
                   created_by="B", created_at=now())
        )  # fmt: skip
    (page,), _ = pages(replace(asked, workspace=workspace), ["decisions"])
    assert isinstance(page.body, Grid) and [row[1] for row in page.body.rows] == ["Call"]
    assert page.headline == "0 decisions, 1 action, 1 late"


@pytest.mark.parametrize(
    ("text", "as_of", "label"),
    [
        ("last-month", dt.date(2026, 6, 30), "2026-06"),
        ("last-month", dt.date(2026, 6, 29), "2026-05"),
        ("last-week", dt.date(2026, 6, 28), "2026-W26"),
        ("last-week", dt.date(2026, 6, 30), "2026-W26"),
        ("this-week", dt.date(2026, 6, 30), "2026-W27"),
        ("last-quarter", dt.date(2026, 6, 30), "2026-Q2"),
        ("last-year", dt.date(2026, 6, 30), "2025"),
        ("2026-06", dt.date(2026, 6, 30), "2026-06"),
    ],
)
def test_a_period_that_moves_does_so_by_the_day_of_the_data(
    text: str, as_of: dt.date, label: str
) -> None:
    assert read_period(text, default_agreement(), as_of).label == label


def test_a_period_nobody_can_report_is_one_sentence() -> None:
    with pytest.raises(UsageError, match="begins after the data end"):
        read_period("2027-01", default_agreement(), DAY)
    with pytest.raises(UsageError, match="Did you mean 'last-month'"):
        read_period("last-mnth", default_agreement(), DAY)


def test_a_report_of_one_s_own_and_what_is_wrong_with_one(tmp_path: Path) -> None:
    folder = tmp_path / "reports"
    folder.mkdir()
    (folder / "mine.yaml").write_text("title: '{company} {period}'\nfigures: [funnel, funnel]\n")
    assert {"leadership", "weekly", "campaign", "owner", "mine"} == set(readable_plans(tmp_path)[0])
    plan = plan_named(tmp_path, "mine")
    agreement = default_agreement()
    assert [figure.name for figure in plan.figures] == ["funnel"]
    assert title_of(plan, agreement, agreement.parse_period("2026-06")) == "Your company 2026-06"
    odd = agreement.model_copy(update={"company": "{period} & Co"})
    june = agreement.parse_period("2026-06")
    assert title_of(plan, odd, june) == "{period} & Co 2026-06", "what is filled in is not filled"
    with pytest.raises(UsageError, match="Did you mean 'leadership'"):
        plan_named(tmp_path, "leadershp")
    for text, said in (
        ("figures: [funel]", "Did you mean 'funnel'"),
        ("figurs: [funnel]", "Did you mean 'figures'"),
        ("figures: []", "list of names"),
        ("figures: [{figure: funnel, filter: 1}]", "Did you mean 'filters'"),
        ("figures: [[funnel]]", "list of names"),
        ("figures: [funnel]\nevery: fortnight", "every is one of"),
        ("figures: [funnel]\nfilters: [x]", "filters is a mapping"),
        ("figures: [funnel]\nfilters: {colour: red}", "colour"),
        ("figures: [funnel]\nfilters: {segment: }", "segment is a value or a list of values"),
        ("figures: [funnel]\nfilters: {segment: [a, ' ']}", "leave the line out to see all"),
        ("figures: [funnel]\nfilters: {segment: {a: b}}", "segment is a value or a list"),
        ("figures: [{figure: funnel, filters: {segment: []}}]", "segment is a value or a list"),
        ("[", r"can be read \(while parsing a flow node\)\."),
        ("x", "no report"),
    ):
        (folder / "mine.yaml").write_text(text)
        with pytest.raises(UsageError, match=said):
            plan_named(tmp_path, "mine")
        assert plan_named(tmp_path, "weekly").name == "weekly", "others are made all the same"


def test_the_command_writes_updates_and_knows_what_is_due(
    demo_home: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def run(*words: str) -> str:
        monkeypatch.setattr("sys.argv", ["smarketing", "report", *words])
        with pytest.raises(SystemExit) as ended:
            main()
        said = capsys.readouterr()
        return f"{ended.value.code or 0} {said.out}{said.err}"

    home = shutil.copytree(demo_home, tmp_path / "home")
    monkeypatch.setenv("SMARKETING_HOME", str(home))
    out = tmp_path / "out"
    first = run("weekly", "--period", "2026-W25", "--out", str(out), "--format", "pptx,digest")
    assert first.startswith("0 ") and (out / "index.html").exists()
    deck = out / "weekly-2026-W25.pptx"
    before = deck.read_bytes()
    assert run("weekly", "--period", "2026-W25", "--update", str(deck)).startswith("0 ")
    assert "parts have new data" in run("weekly", "--period", "2026-W26", "--update", str(deck))
    assert deck.read_bytes() != before
    # A home's own reports take the place of the product's; these are quick to make.
    (home / "reports").mkdir()
    for name, every in (("leadership", "month"), ("weekly", ""), ("campaign", ""), ("owner", "")):
        (home / "reports" / f"{name}.yaml").write_text(f"figures: [definitions]\nevery: '{every}'")
    due = ("--all-due", "--out", str(out), "--format", "xlsx", "--format", "html")
    assert "leadership-2026-06.xlsx" in run(*due)
    assert "Every report that is due is in" in run(*due)
    index = (out / "index.html").read_text()
    assert 'href="weekly-2026-W25.pptx">pptx</a>' in index
    # Of reports on schedule one that is broken is named, and takes none of the others down.
    (home / "reports" / "mine.yaml").write_text("figures: [funel]\nevery: week")
    (home / "reports" / "view.yaml").write_text(
        "every: week\nperiod: last-week\nfigures:\n"
        "  - {figure: handoff, filters: {segment: enterprise}}\n"
        "  - {figure: handoff, period: 2031-01}\n"
    )
    partly = run(*due)
    assert partly.startswith("1 ") and "mine: Unknown figure 'funel'" in partly
    assert "view, handoff 2031-01: The period 2031-01 begins after the data end" in partly
    assert "segment Enterprise" in (out / "view-2026-W26.html").read_text("utf-8")
    (home / "reports" / "mine.yaml").unlink()
    monkeypatch.setenv("SMARKETING_WEBHOOK", "http://chat.example")
    assert run("weekly", "--post", "--out", str(tmp_path / "n")).startswith(
        "2 smarketing: SMARKETI"
    )
    assert not (tmp_path / "n").exists()
    # A post that failed is sent by the next run, once.
    monkeypatch.setenv("SMARKETING_WEBHOOK", "https://chat.example")
    posts: list[str] = []

    def refused(*_: object) -> None:
        raise SmarketingError("it answered 500")

    monkeypatch.setattr(webhook, "post", refused)
    assert "leadership, post: it answered 500" in run(*due, "--post")
    monkeypatch.setattr(webhook, "post", lambda _, text: posts.append(text))
    assert run(*due, "--post").startswith("0 ") and len(posts) == 2
    assert "Every report that is due is in" in run(*due, "--post") and len(posts) == 2
    deck.write_bytes(before)
    copied = run("weekly", "--period", "2026-W26", "--update", str(deck), "--out", str(home / "c"))
    assert copied.startswith("0 ") and deck.read_bytes() == before
    assert (home / "c" / deck.name).read_bytes() != before
    refused_deck = run("weekly", "--update", str(deck), "--where", "segment=enterprise")
    assert "The deck was made with no filters" in refused_deck and deck.read_bytes() == before
    # A value that nobody has is refused as that of --where is, of a report and of a figure.
    for text in ("[handoff]\nfilters: {segment: enterprize}",
                 "[{figure: handoff, filters: {segment: enterprize}}]"):  # fmt: skip
        (home / "reports" / "view.yaml").write_text(f"figures: {text}")
        assert "Did you mean 'enterprise'" in run("view", "--out", str(out), "--format", "xlsx")
    narrow = run("owner", "--out", str(out), "--format", "xlsx", "--where", "segment=enterprise")
    assert "owner-2026-06-enterprise.xlsx" in narrow
    (tmp_path / "file").write_text("")
    assert "name another folder with --out" in run("--out", str(tmp_path / "file" / "x"))
    for words, said in (
        (("--format", "docx"), "2 smarketing: Unknown format 'docx'"),
        (("--format", ""), "2 smarketing: Name a format with --format"),
        (("--update", str(deck), "--all-due"), "2 smarketing: --update takes a deck as it is"),
        (("--template", str(out), "--out", str(out), "--format", "pptx"), "it is a folder"),
        (("monthly",), "2 smarketing: Unknown report 'monthly'"),
        (("--update", str(tmp_path / "no.pptx")), "cannot be read"),
        (("--template", str(tmp_path / "no.pptx"), "--out", str(out), "--format", "pptx"), "1 "),
    ):
        assert said in run(*words)


def test_one_figure_as_a_file(
    demo_home: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def run(*words: str) -> str:
        monkeypatch.setattr("sys.argv", ["smarketing", "export", *words])
        with pytest.raises(SystemExit) as ended:
            main()
        said = capsys.readouterr()
        return f"{ended.value.code or 0} {said.out}{said.err}"

    monkeypatch.setenv("SMARKETING_HOME", str(demo_home))
    file = tmp_path / "funnel.csv"
    at = ("--period", "2026-06", "--out", str(file), "--format")
    assert run("funnel", *at, "csv").startswith("0 ")
    assert file.read_text("utf-8-sig").splitlines()[:2] == [
        "Stage,Leads",
        "Lead,95",
    ]
    assert run("funnel", *at, "csv", "--where", "segment=enterprise").startswith("0 ")
    assert "Lead,95" not in file.read_text("utf-8-sig")
    folder = tmp_path / "none yet"
    assert run("funnel", "--period", "2026-06", "--format", "csv", "--out", f"{folder}/")[0] == "0"
    assert [one.name for one in folder.iterdir()] == ["funnel-2026-06.csv"]
    assert run("definitions", *at, "xlsx").startswith("0 ")
    assert file.read_bytes()[:2] == b"PK"
    for name, number in (("kpis", "value"), ("campaigns", "cost"), ("scoreboard", "target")):
        assert run(name, *at, "csv").startswith("0 ")
        assert pd.api.types.is_numeric_dtype(pd.read_csv(file)[number])
    assert run("waiting", *at, "xlsx").startswith("0 ")
    waiting = pd.read_excel(file, engine="calamine")
    assert pd.api.types.is_datetime64_any_dtype(waiting["Due at (Europe/Berlin)"])
    assert len(waiting) > 40, "all of them, not those that a page has room for"
    for words, said in (
        (("funel", *at, "csv"), "Did you mean 'funnel'"),
        (("funnel", *at, "gif"), "Unknown format 'gif'"),
        (("scoreboard", *at, "png"), "has no chart here"),
        (("funnel", "--period", "2030-01", "--format", "csv"), "begins after the data end"),
    ):
        assert said in run(*words)


def test_what_nobody_brought_is_not_said_to_have_earned(tmp_path: Path) -> None:
    won = {"account_id": "a", "outcome": "won", "closed_at": "2026-06-10", "currency": "EUR"}
    engine = make_store(
        {
            "deal": [{"deal_id": "d", "amount": 900_00, **won}],
            "campaign": [{"campaign_id": "c", "name": "Fair"}],
            "lead": [{"lead_id": "l", "created_at": "2026-06-02 08:00", "campaign_id": "c"}],
        }
    )
    agreement = default_agreement()
    workspace = open_workspace(tmp_path)
    window = agreement.parse_period("2026-06")
    asked = Asked(engine, agreement, window, workspace, False, {"c": "Fair"})
    made, _ = pages(asked, ["attribution", "campaigns", "scoreboard"])
    assert [page.headline for page in made] == [
        "No channel is known of what was won",
        "None of what was won is credited to a campaign",
        "Too little is recorded to judge a target",
    ]


def test_slides_say_what_is_in_no_total_as_the_pages_do(tmp_path: Path) -> None:
    won = {"account_id": "a", "outcome": "won", "closed_at": "2026-06-10"}
    engine = make_store(
        {
            "deal": [
                {"deal_id": "d", "amount": 900_00, "currency": "EUR", **won},
                {"deal_id": "e", "amount": 700_00, "currency": "CHF", **won},
            ],
        }
    )
    agreement = default_agreement()
    window = agreement.parse_period("2026-06")
    asked = Asked(engine, agreement, window, open_workspace(tmp_path), False, {})
    made, _ = pages(asked, ["plan", "kpis"])
    by_name = {page.name: page for page in made}
    left_out = "1 of 2 records has no amount in EUR and is not in it"
    assert "1 deal has no amount in EUR and is not in it." in by_name["plan"].measure
    (row,) = [row for row in by_name["kpis"].body.rows if row[0] == "Won revenue"]
    assert row[-1] == left_out


def test_what_parts_of_numbers_leave_out_alike_is_said_once_beneath_them() -> None:
    sentence = "3 of 21 records have no amount in JPY and are not in it"
    both = f"Kept: {sentence}; At the start: {sentence}"
    shown: Any = [
        SimpleNamespace(label="Gross retention", note=both, value=1.0),
        SimpleNamespace(label="Net retention", note=f"Of the same: {sentence}", value=1.0),
        SimpleNamespace(label="Churn", note="no records", value=None),
    ]
    assert _with_left_out("Customers", shown) == (
        f"Customers. Gross retention, Net retention: {sentence}."
    )
