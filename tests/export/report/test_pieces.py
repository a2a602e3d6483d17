"""Names, words and lists of reports: what is said of a figure before it is drawn; by hand."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pandas as pd
import pytest
import yaml

from smarketing.agreement import load_agreement
from smarketing.analysis.handoff.untold import OBLIGATIONS
from smarketing.charts.headlines import Sentence
from smarketing.engine import NO_FILTERS, Filters
from smarketing.errors import SmarketingError, UsageError
from smarketing.export.deck.pages import Chart, Grid, Number, Page, Series
from smarketing.export.report import catalogue, digest, webhook, write
from smarketing.export.report.adding import add_view, report_names
from smarketing.export.report.asked import Asked
from smarketing.export.report.book import _sheet_name, _tidy
from smarketing.export.report.catalogue import Wanted, checked, lists_people
from smarketing.export.report.figure import _d3, figure_of
from smarketing.export.report.figures import agreed, flow, kpis, promises
from smarketing.export.report.html import _body, _item, _table
from smarketing.export.report.plans import Plan, plan_named, title_of
from smarketing.workspace.records import Action, Decision

JUNE = load_agreement().parse_period("2026-06")
SMALL = Filters.of(segment=["small"])


def named(**more: Any) -> Any:
    return cast(Any, SimpleNamespace(**more))


def test_a_view_is_added_at_the_end_of_a_report_or_begins_one(tmp_path: Path) -> None:
    for name in ("", "../x", "a b", "x" * 61):
        with pytest.raises(UsageError, match=r"is no name of a report.*at most 60\."):
            add_view(tmp_path, name, Wanted("funnel"))
    file = add_view(tmp_path, "ours", Wanted("funnel"))
    assert file == tmp_path / "reports" / "ours.yaml"
    assert yaml.safe_load(file.read_text("utf-8")) == {
        "title": "{company}: ours, {period}", "figures": ["funnel"],
    }  # fmt: skip
    add_view(tmp_path, "ours", Wanted("funnel", SMALL))
    add_view(tmp_path, "ours", Wanted("handoff", period="2026-Q1"))
    assert yaml.safe_load(file.read_text("utf-8"))["figures"] == [
        "funnel", {"figure": "funnel", "filters": {"segment": ["small"]}},
        {"figure": "handoff", "period": "2026-Q1"},
    ]  # fmt: skip
    for one in plan_named(tmp_path, "ours").figures:
        with pytest.raises(UsageError, match="has this view already"):
            add_view(tmp_path, "ours", one)


def test_a_report_of_the_product_is_the_home_s_once_a_view_is_added(tmp_path: Path) -> None:
    before = plan_named(tmp_path, "weekly")
    add_view(tmp_path, "weekly", Wanted("funnel", SMALL))
    after = plan_named(tmp_path, "weekly")
    assert after.figures == (*before.figures, Wanted("funnel", SMALL))
    assert (after.title, after.audience, after.period, after.every, after.filters) == (
        before.title, before.audience, before.period, before.every, before.filters,
    )  # fmt: skip
    own = {"title": "T", "period": "2025", "filters": {"region": ["dach"]}, "figures": ["kpis"]}
    (tmp_path / "reports" / "own.yaml").write_text(yaml.safe_dump(own))
    kept = yaml.safe_load(add_view(tmp_path, "own", Wanted("funnel")).read_text("utf-8"))
    assert kept == {**own, "figures": ["kpis", "funnel"]}
    assert {"own", "weekly", "leadership"} <= set(report_names(tmp_path))
    assert report_names(tmp_path) == sorted(report_names(tmp_path))
    (tmp_path / "reports" / "own.yaml").write_text("[")
    with pytest.raises(UsageError, match=r"own\.yaml is no report"):
        add_view(tmp_path, "own", Wanted("funnel"))


@pytest.mark.parametrize(
    ("wanted", "name", "whole"),
    [
        (Wanted("funnel"), "funnel", "funnel"),
        (Wanted("funnel", period="2026-Q1"), "funnel 2026-Q1", "funnel 2026-Q1"),
        (Wanted("funnel", Filters.of(segment=["b", "a"], region=["us"]), "2025"),
         "funnel 2025 us a b", "funnel 2025 region us segment a b"),
        (Wanted("funnel?show=time#stays"), "funnel-show-time-stays", "funnel-show-time-stays"),
        (Wanted("f", Filters.of(owner=["(Ann & Bo)"])), "f Ann-Bo", "f owner Ann-Bo"),
    ],
)  # fmt: skip
def test_a_figure_is_named_by_what_it_is_of(wanted: Wanted, name: str, whole: str) -> None:
    assert set(wanted.name.split()) == set(name.split()) and wanted.name[:4] == name[:4]
    assert sorted(wanted.whole_name.split()) == sorted(whole.split())


def test_who_lists_leads_one_by_one_is_known() -> None:
    assert lists_people(["funnel", "waiting"]) and lists_people([Wanted("waiting")])
    assert not lists_people(["funnel", Wanted("owners")]) and not lists_people([])


def test_an_address_names_its_figure_and_a_name_is_one_of_the_catalogue() -> None:
    checked(["funnel", "funnel?show=time#stays", "#f"], "w")
    with pytest.raises(UsageError, match="w: 'funnel/' names a page; add # and"):
        checked(["funnel", "funnel/"], "w")
    with pytest.raises(UsageError, match="Did you mean 'funnel'"):
        checked(["kpis", "funel"], "w")


def test_a_figure_of_a_report_is_asked_within_its_own_view(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[object] = []
    monkeypatch.setattr(catalogue, "check_values", lambda *given: seen.append(given[2]))
    engine = named(as_of_day=dt.date(2026, 6, 30))
    asked = Asked(engine, load_agreement(), JUNE, named(), False, {}, Filters.of(region=["us"]))
    same = catalogue._narrowed(asked, Wanted("funnel"))
    assert same == asked and seen == []
    own = catalogue._narrowed(asked, Wanted("funnel", SMALL, "2026-Q1"))
    assert own.filters == Filters.of(region=["us"], segment=["small"]) and seen == [SMALL]
    assert own.window.label == "2026-Q1"
    for figure, period, label in (
        ("funnel?period=2026-05#f", "", "2026-05"), ("funnel?period=2026-05#f", "2026", "2026"),
        ("funnel#f", "", "2026-06"), ("funnel", "", "2026-06"),
    ):  # fmt: skip
        found = catalogue._narrowed(asked, Wanted(figure, period=period))
        assert found.window.label == label and found.filters == asked.filters


def test_a_stamp_says_under_what_and_members_have_their_words() -> None:
    agreement = load_agreement()
    engine = named(as_of_day=dt.date(2026, 6, 29), build_id="b1", currency="CHF")
    given = (engine, agreement, JUNE, named())
    asked = Asked(*given, True, {"c1": "Fair"}, Filters.of(campaign=["c1", "c2"]))
    mark = f"agreement {agreement.version} signed {agreement.hash[:8]}"
    assert asked.stamp("cohort") == (
        "2026-06 (1 Jun 2026 to 30 Jun 2026) · campaign Fair, c2 · cohort · "
        f"{mark} · as of 29 Jun 2026 · build b1"
    )
    assert Asked(*given, False, {}).stamp() == (
        "2026-06 (1 Jun 2026 to 30 Jun 2026) · no filters · "
        f"{mark.replace('signed', 'proposed')} · as of 29 Jun 2026 · build b1"
    )
    assert asked.currency == "CHF"
    classes = agreement.classification
    for dimension, listed in (("channel", classes.channels), ("segment", classes.segments),
                              ("persona", classes.personas),
                              ("region", classes.regions)):  # fmt: skip
        first = listed[-1]
        assert first.id != first.label or dimension == "persona"
        assert asked.word(dimension, first.id) == first.label
        assert asked.word(dimension, "nobody's") == "nobody's"
    assert [asked.word(name, "c1") for name in ("campaign", "campaign_id", "owner")] == [
        "Fair", "Fair", "c1",
    ]  # fmt: skip
    name = agreement.attribution.default_model
    assert asked.word("model", name) == agreement.attribution.model_label(name) != name


def test_a_change_beyond_normal_variation_needs_a_word(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(digest, "change", lambda moved, _: f"{moved.result.id} moved")
    results = [named(id=name) for name in "abc"]
    histories = {name: named(has_changed=is_changed)
                 for name, is_changed in zip("abc", (True, False, None), strict=True)}  # fmt: skip
    found = list(digest._moved(named(currency="EUR"), named(results=results, histories=histories)))
    assert found == [Sentence("a moved.", "even", "scoreboard", (("kpi", "a"),))]


def test_a_line_of_a_digest_leads_to_its_figure_in_the_view_of_the_digest() -> None:
    view = (("period", "2026-06"), ("segment", "a b"))
    found = digest.Digest("T <1>", "S", (("Part", (
        Sentence("One.", "bad", "lead_quality"),
        Sentence("Two.", "bad", "funnel", (("period", "2026-05"), ("x", "1"))),
    )),), view)  # fmt: skip
    assert digest.to_markdown(found, "http://h/").splitlines() == [
        r"# T \<1\>", "", "## Part", "",
        "- One. [Lead quality](http://h/lead_quality?period=2026-06&segment=a+b)",
        "- Two. [Funnel](http://h/funnel?segment=a+b&period=2026-05&x=1)", "", "S",
    ]  # fmt: skip
    assert digest.to_markdown(found).count("](") == 0
    page = digest.to_html(found, "http://h")
    assert "<h2>Part</h2><ul><li>One. <a href=" in page and page.count("<li>") == 2
    assert '<a href="http://h/funnel?segment=a+b&amp;period=2026-05&amp;x=1">Funnel</a>' in page
    assert "<title>T &lt;1&gt;</title>" in page and page.count("<a ") == 2
    assert "<a " not in digest.to_html(found)


@pytest.mark.parametrize(
    ("value", "tidy"),
    [(None, None), (3.0, 3), (0.1 + 0.2, 0.3), (1e-7, 0), (1.0000004, 1), (1.000001, 1.000001),
     (float("inf"), float("inf"))],
)  # fmt: skip
def test_a_number_is_written_without_what_adding_up_left(value: Any, tidy: Any) -> None:
    found = _tidy(value)
    assert found == tidy and type(found) is type(tidy)


def test_sheets_of_one_name_are_numbered_and_no_name_is_too_long() -> None:
    taken = {"definitions"}
    names = [_sheet_name(one, taken) for one in ("a/b", "A?B", "a b", "", "*", "n" * 40, "n" * 31)]
    assert names == ["a b", "A B 2", "a b 3", "Sheet", "Sheet 2", "n" * 31, "n" * 29 + " 2"]
    assert "sheet 2" in taken and _sheet_name("Definitions", taken) == "Definitions 2"


@pytest.mark.parametrize(
    ("written", "drawn"),
    [("#,##0", ",.0f"), ("#,##0.00", ",.2f"), ("0%", ",.0%"), ("0.0%", ",.1%")],
)
def test_a_number_is_written_as_the_workbook_writes_it(written: str, drawn: str) -> None:
    assert _d3(written) == drawn


def test_a_picture_says_once_what_its_figure_was_computed_under(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    said: list[str] = []
    monkeypatch.setattr(
        write, "to_image", lambda figure, stamp, kind: said.append(stamp.footer()) or b""
    )
    under = "2026-06 (1 Jun 2026 to 30 Jun 2026) · channel Paid search · build b1"
    write._figure(
        Page("funnel", "h", "m", Chart("bar", ("a",), (Series("", (1.0,)),)), under), "png"
    )
    assert said == [under], "a filtered figure is not said to have no filters"


def test_a_chart_is_drawn_in_the_hues_of_its_series() -> None:
    rows = (Series("p", (1.0, 2.0)), Series("h", (1.0, 1.0), "hidden"), Series("g", (1, 2), "good"),
            Series("q", (1, 2), labelled=False))  # fmt: skip
    drawn = figure_of(Chart("column", ("one two three four", "b"), rows, "0.0%"))
    palette, hidden, good, other = drawn.data
    assert hidden.marker.color == "rgba(0,0,0,0)" and hidden.hoverinfo == "skip"
    assert not hidden.showlegend and palette.showlegend and palette.hoverinfo is None
    assert len({palette.marker.color, good.marker.color, other.marker.color}) == 3
    assert [one.texttemplate for one in drawn.data] == ["%{y:,.1%}", None, "%{y:,.1%}", None]
    assert palette.x == ("one two three<br>four", "b") and palette.y == (1, 2)
    # Level where there is room, else upright: on a phone names would stand upon each other.
    assert drawn.layout.xaxis.autotickangles == (0, 90) and drawn.layout.yaxis.visible
    many = figure_of(Chart("column", tuple(f"one two three {n}" for n in range(13)),
                           (Series("", (1.0,) * 13),)))  # fmt: skip
    assert many.layout.xaxis.autotickangles is None and many.data[0].x[0] == "one two three 0"
    assert not many.data[0].showlegend and not many.layout.yaxis.visible
    lying = figure_of(Chart("bar", ("one two three four",), rows[:1]))
    assert lying.data[0].y == ("one two three four",) and lying.data[0].x == (1, 2)
    assert lying.data[0].texttemplate == "%{x:,.0f}"
    assert lying.layout.yaxis.autorange == "reversed"
    level = (
        Series("l", (1, 2)),
        Series("t", (2, 2), dash="dot"),
        Series("u", (1, 1), labelled=False),
    )
    line = figure_of(Chart("line", ("a", "b"), level))
    assert [one.mode for one in line.data] == ["lines+markers+text", "lines", "lines+markers"]
    assert [one.line.dash for one in line.data] == ["solid", "dot", "solid"]


def test_parts_of_a_page_as_html() -> None:
    grid = Grid(("A", "B"), (("<x>", "1"),), (1,))
    assert _table(grid) == (
        "<table><thead><tr><th scope=col>A</th><th scope=col class=number-cell>B</th></tr></thead>"
        "<tbody><tr><td>&lt;x&gt;</td><td class=number-cell>1</td></tr></tbody></table>"
    )
    assert _item(Number("n", "5", "Won", "▲ ahead")) == (
        '<div class="number"><span class="label">Won</span><span class="value">5</span>'
        '<span class="verdict good">▲ ahead</span></div>'
    )
    page = Page("p", "Head", "m", grid)
    assert _body(1, page) == _table(grid)
    assert _body(1, Page("p", "H", "m", ("One.", "<b>"))) == (
        '<p class="sentence">One.</p><p class="sentence">&lt;b&gt;</p>'
    )
    assert _body(1, Page("p", "H", "m", (), alt="No <lead>.")) == "<p>No &lt;lead&gt;.</p>"
    bars = Chart("bar", ("a",), (Series("s", (1,)),))
    assert _body(3, Page("p", "H", "m", bars, alt='"x"')) == (
        '<div class="chart" id="chart-3" role="img" aria-label="&quot;x&quot;"></div>'
    )
    assert 'aria-label="H"' in _body(3, Page("p", "H", "m", bars))


@pytest.mark.parametrize(
    ("value", "promised", "said"),
    [("3", 40, "3 of 40"), (None, 40, "nothing yet of 40"), ("3", None, "3"), (None, None, ""),
     ("0", 0, "0 of 0")],
)  # fmt: skip
def test_what_came_is_told_of_what_was_promised(value: Any, promised: Any, said: str) -> None:
    assert promises._of(value, promised) == said


def planned(**more: Any) -> Any:
    plan = {"currency": "CHF", "promised_leads": 4, "promised_mqls": None,
            "promised_pipeline": 9_000_00}  # fmt: skip
    entry = {"name": "Fair", "state": "running", "campaign_id": None, "budget_amount": 500_00}
    return named(**entry | {k: v for k, v in more.items() if k in entry},
                 plan=named(**plan | {k: v for k, v in more.items() if k in plan}))  # fmt: skip


def test_a_plan_is_in_its_own_money_and_what_was_delivered_in_that_of_the_store() -> None:
    asked = named(engine=named(minor_digits=2), currency="EUR")
    came = named(leads=3, qualified=1, pipeline_amount=700_00, cost_amount=100_00)
    assert promises._row(asked, planned(), came) == (
        "Fair", "running", "3 of 4", "1", "€700 of CHF\u202f9.00\u202fk", "€100 of CHF\u202f500",
    )  # fmt: skip
    # The budget of a campaign of the CRM is in the money of the store; of no money, likewise.
    assert promises._row(asked, planned(campaign_id="c"), came)[5] == "€100 of €500"
    assert promises._row(asked, planned(currency=""), None)[2:] == (
        "nothing yet of 4", "", "nothing yet of €9.00\u202fk", "nothing yet of €500",
    )  # fmt: skip
    [row] = promises._table(asked, [(planned(campaign_id="c"), came)]).frame.to_dict("records")
    assert row == {
        "campaign": "Fair", "state": "running", "leads": 3, "promised_leads": 4, "qualified": 1,
        "promised_qualified": None, "pipeline": 700.0, "promised_pipeline": 9_000.0, "cost": 100.0,
        "budget": 500.0, "in": "EUR", "promised_in": "CHF", "budget_in": "EUR",
    }  # fmt: skip
    [row] = promises._table(asked, [(planned(), None)]).frame.to_dict("records")
    assert (row["leads"], row["pipeline"], row["cost"], row["budget_in"]) == (
        None, None, None, "CHF",
    )  # fmt: skip


def test_campaigns_planned_together_are_those_that_run_in_the_period(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def entry(starts: str, ends: str, campaign: str | None = None) -> Any:
        first, last = map(dt.date.fromisoformat, (starts, ends))
        return named(name=f"{starts} {ends}", campaign_id=campaign,
                     plan=named(starts_on=first, ends_on=last))  # fmt: skip

    every = [
        entry("2026-05-01", "2026-05-31"), entry("2026-05-01", "2026-06-01", "c"),
        entry("2026-06-30", "2026-07-05"), entry("2026-07-01", "2026-07-05"),
        named(name="unplanned", campaign_id="c", plan=None),
    ]  # fmt: skip
    monkeypatch.setattr(promises, "calendar", lambda *_: every)
    monkeypatch.setattr(promises, "outcome", lambda *_: None)
    monkeypatch.setattr(promises, "_row", lambda _, one, __: (one.name,))
    monkeypatch.setattr(promises, "_table", lambda *_: None)
    workspace = named(of=lambda _: named(all=list))

    def page(filters: Filters) -> Page:
        return promises.promised(named(engine=0, agreement=0, workspace=workspace, window=JUNE,
                                       filters=filters, stamp=lambda: "s"))  # fmt: skip

    assert cast(Grid, page(NO_FILTERS).body).rows == (
        ("2026-05-01 2026-06-01",), ("2026-06-30 2026-07-05",),
    )  # fmt: skip
    assert page(NO_FILTERS).headline == (
        "2 campaigns were planned together; promised and delivered"
    )
    assert cast(Grid, page(Filters.of(campaign=["c"])).body).rows == (("2026-05-01 2026-06-01",),)
    assert page(Filters.of(campaign=["c"])).headline.startswith("1 campaign was planned")
    none = page(Filters.of(campaign=["x"]))
    assert none.body == () and none.headline.startswith("No campaign of this period")


def test_decisions_of_the_period_and_actions_due_in_it_or_open() -> None:
    def decision(day: str) -> Any:
        at = dt.datetime.fromisoformat(f"{day}T12:00")
        return named(text=day, decided_by="Ann", decided_at=at)

    def action(day: str, status: str) -> Any:
        return named(text=day, owner="Bo", due_on=dt.date.fromisoformat(day), status=status)

    lists = {
        Decision: [decision(day) for day in ("2026-05-31", "2026-06-01", "2026-06-30",
                                             "2026-07-01")],
        Action: [action("2026-06-30", "done"), action("2026-07-01", "done"),
                 action("2026-06-28", "open"), action("2026-06-29", "open"),
                 action("2027-01-01", "open")],
    }  # fmt: skip
    asked = named(workspace=named(of=lambda kind: named(all=lambda: lists[kind])), window=JUNE,
                  engine=named(as_of_day=dt.date(2026, 6, 29)), stamp=lambda: "s")  # fmt: skip
    page = agreed.decisions(asked)
    assert page.headline == "2 decisions, 4 actions, 1 late" == page.alt
    assert [row[0][0] + row[1] for row in cast(Grid, page.body).rows] == [
        "D2026-06-01", "D2026-06-30", "A2026-06-30", "A2026-06-28", "A2026-06-29", "A2027-01-01",
    ]  # fmt: skip
    assert cast(Grid, page.body).rows[2] == ("Action", "2026-06-30", "Bo", "30 Jun 2026", "done")
    assert (
        page.table is not None
        and list(page.table.frame["kind"]) == ["decision"] * 2 + ["action"] * 4
    )
    assert list(page.table.frame["who"])[:3] == ["Ann", "Ann", "Bo"]
    lists[Action] = lists[Action][:1]
    assert agreed.decisions(asked).headline == "2 decisions, 1 action"
    lists[Action], lists[Decision] = [], []
    none = agreed.decisions(asked)
    assert none.body == () and none.headline == "Nothing was decided and nothing is open"
    assert none.alt.startswith("What the weekly meeting")


def test_a_row_of_a_campaign_says_nothing_of_what_is_not_known() -> None:
    asked = named(currency="EUR")
    row = {"campaign": "Fair", "cost": 10.0, "leads": 3, "deals": 2.0, "credit": 20.0, "roas": 2.0}
    assert flow._campaign(asked, row) == ("Fair", "€10", "3", "2", "€20", "2.0 ×")
    none = dict.fromkeys(row, float("nan")) | {"campaign": 7, "roas": None}
    assert flow._campaign(asked, none) == ("7", "", "", "", "", "")
    assert flow._campaign(asked, {**row, "roas": float("nan")})[5] == ""
    assert flow._short("no rate (none) (x)") == "no rate" and flow._short("no rate") == "no rate"
    assert flow._why_empty("no file", "none") == "Not available: no file"
    assert flow._why_empty(None, "none") == "none"
    answer = named(rows=[named(key="a", share=0.5), named(key="b", share=None)])
    assert [flow._share(answer, key) for key in "abc"] == [0.5, None, None]


@pytest.mark.parametrize(
    ("status", "target", "reason", "verdict"),
    [
        ("behind", 9.0, None, "▼ behind, target €9.00"),
        ("at risk", 9.0, None, "▼ at risk, target €9.00"),
        ("ahead", None, None, "▲ ahead"),
        ("on track", None, "why", "● on track"),
        (None, 9.0, "why", "target €9.00"),
        (None, None, "why", "why"),
        (None, None, None, ""),
    ],
)
def test_a_number_has_its_standing_and_its_target(
    status: Any, target: Any, reason: Any, verdict: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("smarketing.charts.words.value", lambda *_: "€5")
    result = named(id="won", label="Won", unit="money", status=status, target=target, reason=reason)
    found = kpis._number(named(currency="EUR"), result)
    assert found == Number("won", "€5", "Won", verdict)


def test_why_values_are_not_known_is_said_once() -> None:
    results = [
        named(label=label, reason=why) for label, why in (("A", "x"), ("B", "y"), ("C", "x"))
    ]
    assert kpis._unknown(results) == "A, C: x; B: y" and kpis._unknown([]) == ""
    assert kpis._unknown([named(label="A", reason=None)]) == "A: "


def test_kpis_in_a_file_say_what_they_are_in() -> None:
    result = named(label="Won", value=5.0, unit="money", previous=4.0, target=None, status="ahead",
                   note="n")  # fmt: skip
    rate = named(label="Rate", value=0.5, unit="rate", previous=None, target=0.6, status=None,
                 note=None)  # fmt: skip
    found = kpis.kpi_frame([result, rate], "EUR")
    assert isinstance(found, pd.DataFrame) and list(found.columns) == [
        "kpi", "value", "unit", "previous", "target", "status", "note",
    ]  # fmt: skip
    assert list(found.iloc[0]) == ["Won", 5.0, "EUR", 4.0, None, "ahead", "n"]
    assert list(found.iloc[1]) == ["Rate", 0.5, "rate", None, 0.6, None, None]


@pytest.mark.parametrize(
    ("has_changed", "said"),
    [(True, ", more than its normal variation"), (False, ", within normal variation"),
     (None, "; untold")],
)  # fmt: skip
def test_a_change_is_claimed_beyond_its_normal_variation_alone(
    has_changed: Any, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    past = named(has_changed=has_changed)
    monkeypatch.setattr(kpis, "history", lambda *_: {"won": past})
    monkeypatch.setattr(kpis, "untold_variation", lambda _: "untold")
    asked = named(engine=0, agreement=0, window=0, filters=0)
    assert kpis._claim(asked, named(id="won")) == said


def test_points_and_amounts_are_rounded_for_reading() -> None:
    asked = named(currency="EUR")
    assert kpis._rounded(asked, named(unit="rate"))(0.041) == "4.1\u202fpts"
    assert kpis._rounded(asked, named(unit="money"))(5.0) == "€5.00"
    assert kpis._rounded(asked, named(unit="count"))(5.0) == "5"


def test_definitions_are_those_of_the_headline_numbers(monkeypatch: pytest.MonkeyPatch) -> None:
    agreement = load_agreement()
    pages = [agreed.definitions(named(agreement=agreement, is_signed=is_signed, stamp=lambda: "s"))
             for is_signed in (True, False)]  # fmt: skip
    assert pages[0].headline == "What the numbers mean, signed by both teams"
    assert pages[1].headline == "What the numbers mean, not yet signed by both teams"
    rows = cast(Grid, pages[0].body).rows
    first = next(kpi for kpi in agreement.kpis if kpi.headline)
    assert len(rows) == sum(kpi.headline for kpi in agreement.kpis) < len(agreement.kpis)
    assert rows[0][:2] == (first.label, first.definition) and ", " in rows[0][2]


def test_a_plan_has_its_own_title_filled_in() -> None:
    plan = Plan("p", "{company}, {period}, {other}", "", "", "", NO_FILTERS, ())
    assert title_of(plan, named(company="Ours"), JUNE) == "Ours, 2026-06, {other}"


def test_each_file_of_a_report_is_made_of_its_title_and_its_pages(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    asked = named(stamp=lambda: "a\u202eb")
    for name in ("make_deck", "to_pdf", "to_html", "to_book"):
        monkeypatch.setattr(write, name, lambda *given, name=name: (name, *given))
    asked_for: list[object] = []
    monkeypatch.setattr(write, "digest", lambda *given: asked_for.append(given) or "found")
    monkeypatch.setattr(write, "to_markdown", lambda *given: f"md {given}")
    monkeypatch.setattr(write, "digest_html", lambda *given: f"html {given}")
    pages = [Page("p", "Head", "m", ("x",))]
    makers = write._makers("T", pages, asked, tmp_path, "http://h")
    assert {suffix: make() for suffix, make in makers.items()} == {
        "pptx": ("make_deck", "T", pages, tmp_path, "a\\u202eb"),
        "pdf": ("to_pdf", "T", pages), "html": ("to_html", "T", pages),
        "xlsx": ("to_book", "T", pages), "digest.md": b"md ('found', 'http://h')",
        "digest.html": b"html ('found', 'http://h')",
    }  # fmt: skip
    assert asked_for == [("T", asked)], "the digest is found once for both"


def test_promises_of_sales_are_those_that_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def obligation(name: str, met: int, missed: int, unknown: str | None = None) -> Any:
        return named(obligation=name, met=met, missed=missed, unknown=unknown)

    labels = OBLIGATIONS
    first, second, *_ = labels
    engine = named(sql=lambda *given: f"{given[0]} {given[1]['from']} {given[1]['to']}")
    asked = named(engine=engine, agreement=0, window=JUNE, filters=0, stamp=lambda: "s")

    def page(reason: str | None, *obligations: Any) -> Page:
        found = named(obligations=obligations, reason=reason)
        monkeypatch.setattr(flow, "handed", lambda *_: found)
        return flow.handoff(asked)

    made = page(
        None, obligation(first, 3, 1), obligation(second, 0, 0), obligation("x", 0, 0, "why")
    )
    assert isinstance(made.body, Chart)
    assert made.body.categories == (labels[first], labels[second])
    assert [(s.name, s.values, s.role) for s in made.body.series] == [
        ("Kept", (3.0, 0.0), "good"), ("Missed", (1.0, 0.0), "bad"),
    ]  # fmt: skip
    assert made.alt == f"{labels[first]}: 3 kept, 1 missed; {labels[second]}: 0 kept, 0 missed"
    assert made.notes == "handoff/obligations 2026-06-01 2026-07-01"
    assert "3 of 4" in made.headline and not made.headline.endswith(".")
    none = page("no file", obligation(first, 0, 0))
    assert none.headline == "Whether sales kept its promises of follow-up is not known: no file"
    assert none.body == Chart("bar", (), ()) and none.alt == none.headline


def test_a_funnel_is_told_by_its_narrowest_step_or_its_ends(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    window = JUNE
    asked = named(engine=named(sql=lambda *_: "select"), window=window, filters=0,
                  stamp=lambda text: text)  # fmt: skip
    settings = named(label="cohort", params=lambda _: {})
    monkeypatch.setattr(flow, "FunnelSettings", lambda **_: settings)

    def page(narrowest: str, *counts: int, reason: str | None = None) -> Page:
        stages = [named(label=f"S{n}", count=count) for n, count in enumerate(counts)]
        groups = [named(stages=stages)] if counts else []
        monkeypatch.setattr(flow, "shared_funnel", lambda *_: named(groups=groups, reason=reason))
        monkeypatch.setattr(flow, "narrowest_step", lambda _: narrowest)
        return flow.stages(asked)

    made = page("", 9, 4)
    assert made.headline == "9 leads; 4 reached S1 so far" and made.alt == "S0 9; S1 4"
    assert (made.stamp, made.notes) == ("cohort", "select") and isinstance(made.body, Chart)
    assert page("narrow", 9, 4).headline == "narrow"
    for none in (page("", 0, 0), page("")):
        assert none.headline == "No lead began in this period" and none.body == Chart("bar", (), ())
    assert page("", reason="no file").headline == "Not available: no file"


def test_an_answer_is_waited_for_twice_as_long_as_a_letter_of_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    waited: list[float] = []
    never = named(start=lambda: None, join=waited.append)
    monkeypatch.setattr(webhook, "Thread", lambda **_: never)
    with pytest.raises(SmarketingError, match=r"by chat\.example \(it did not answer in time\)"):
        webhook.post("https://chat.example/x", "text")
    assert waited == [60]
