"""The small parts of a report, by hand: what stands where, what is drawn, what cannot be made."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from types import SimpleNamespace
from typing import Any, cast

import pandas as pd
import plotly.graph_objects as go
import pytest
from deck_kit import opened, shapes

from smarketing.agreement import load_agreement
from smarketing.charts.headlines import Sentence
from smarketing.engine import Filters
from smarketing.errors import StoreError, UsageError
from smarketing.export.deck import Chart, Grid, Number, Page, Series
from smarketing.export.report import catalogue, digest, to_html, write
from smarketing.export.report.book import _rows, page_format
from smarketing.export.report.figure import figure_of
from smarketing.export.report.figures import flow, kpis
from smarketing.export.report.html import _drawn, _section
from smarketing.export.report.made import is_made, note
from smarketing.export.report.moving import read_period
from smarketing.export.report.pdf import _settled
from smarketing.export.report.plans import _read, _text, plan_named
from smarketing.export.report.write import put_in_folder

BARS = Chart("bar", ("a", "b"), (Series("One", (1.0, 2.0)),), "0%")


def page(body: Any, **more: Any) -> Page:
    return Page("name", "Head", "Leads", body, **more)


def test_a_report_is_stamped_as_its_first_page_is() -> None:
    pages = [page(("x",), stamp="of June"), page(("y",), stamp="of May")]
    text = to_html("T", pages).decode()
    assert '<h1>T</h1><p class="stamp">of June</p>' in text
    assert '<h1>T</h1><p class="stamp"></p>' in to_html("T", []).decode()


def test_a_section_has_its_definition_where_there_is_one() -> None:
    said = _section(1, page(("x",), notes="select 1", stamp="of June"))
    assert "<pre>select 1</pre>" in said and said.endswith('<p class="stamp">of June</p></section>')
    assert "details" not in _section(1, page(("x",)))


def test_a_page_draws_its_own_figure_before_that_of_its_chart() -> None:
    own = go.Figure()
    assert _drawn(page(BARS, drawn=own)) is own and _drawn(page(("x",), drawn=own)) is own
    assert _drawn(page(BARS)).data[0].name == "One"
    assert _drawn(page(Chart("bar", (), ()))) is None and _drawn(page(("x",))) is None
    tall = go.Figure(layout={"height": 960})
    assert 'style="--fit:0.50"' in _section(1, page((), drawn=tall))
    assert "--fit" not in _section(1, page((), drawn=go.Figure(layout={"height": 480})))


@pytest.mark.parametrize(
    ("kind", "mode", "lies"),
    [("bar", "group", True), ("stacked_bar", "relative", True), ("column", "group", False),
     ("stacked_column", "relative", False)],
)  # fmt: skip
def test_bars_stand_beside_each_other_or_on_each_other(kind: Any, mode: str, lies: bool) -> None:
    two = (Series("One", (1.0,)), Series("Two", (2.0,)))
    drawn = figure_of(Chart(kind, ("a",), two))
    assert drawn.layout.barmode == mode and drawn.layout.showlegend
    assert (drawn.data[0].orientation == "h") is lies
    assert not figure_of(Chart(kind, ("a",), two[:1])).layout.showlegend


def test_a_sheet_holds_what_its_page_does() -> None:
    numbers = (Number("w", "€5", "Won", "on track"), Number("n", "3", "New"))
    assert _rows(page(numbers)) == [
        ("Figure", "Value", "Verdict"), ("Won", "€5", "on track"), ("New", "3", ""),
    ]  # fmt: skip
    assert _rows(page(("One.", "Two."))) == [("Head",), ("One.",), ("Two.",)]
    assert _rows(page(())) == [("Head",)]
    assert _rows(page(Grid(("A",), (("1",),), ()))) == [("A",), ("1",)]
    series = (Series("Pad", (9.0,), "hidden"), Series("One", (1.0,)))
    hidden = Chart("bar", ("a\nb",), series, heading="Stage", currency="EUR")
    assert _rows(page(hidden)) == [("Stage", "One"), ("a", 1.0)]
    assert page_format(page(hidden)).startswith("[$€] #,##0.00")
    assert _rows(page(Chart("bar", (), ()))) == [("Head",)], "nothing is said by its finding"


def test_marks_of_a_pdf_are_numbered_in_their_order() -> None:
    assert _settled(b"(node00000907) (node00000004) (node00000907)") == (
        b"(node00000001) (node00000000) (node00000001)"
    )


def test_a_year_is_a_period_and_a_truth_is_no_text(tmp_path: Any) -> None:
    assert _text({"period": 2026}, "period", tmp_path) == "2026"
    assert _text({"period": dt.date(2026, 6, 1)}, "period", tmp_path) == "2026-06-01"
    assert _text({}, "period", tmp_path) == "" and _text({"title": "x"}, "title", tmp_path) == "x"
    for key, value in (("period", True), ("title", 2026), ("period", 1.5)):
        with pytest.raises(UsageError, match=rf": {key} is text, not {value!r}\."):
            _text({key: value}, key, tmp_path)
    assert plan_named(tmp_path, "weekly").name == "weekly"


def test_a_period_may_begin_on_the_day_of_the_data() -> None:
    agreement, day = load_agreement(), dt.date(2026, 6, 1)
    assert read_period("2026-06", agreement, day).label == "2026-06"
    with pytest.raises(UsageError, match=r"begins after the data end \(31 May 2026\)"):
        read_period("2026-06", agreement, day - dt.timedelta(days=1))
    with pytest.raises(UsageError, match="Did you mean 'last-month'"):
        read_period("last-mont", agreement, day)
    assert read_period("this-week", agreement, day).label == "2026-W23"
    with pytest.raises(UsageError, match="last-day"):
        read_period("last-day", agreement, day)


def test_actions_that_are_late_come_by_their_day_and_then_as_they_were_written() -> None:
    def action(number: int, due: int, status: str = "open") -> Any:
        return SimpleNamespace(id=number, due_on=dt.date(2026, 6, due), status=status,
                               text=f"no. {number}", owner="Ann")  # fmt: skip

    every = [action(3, 2), action(2, 2), action(9, 1), action(4, 20), action(5, 1, "done")]
    every += [action(number, 3) for number in range(20, 20 + digest._MOST_ACTIONS)]
    asked = SimpleNamespace(
        workspace=SimpleNamespace(of=lambda _: SimpleNamespace(all=lambda: every)),
        engine=SimpleNamespace(as_of_day=dt.date(2026, 6, 20)),
    )
    said = [one.text for one in digest._late_actions(cast(Any, asked))]
    assert [one.partition(": ")[2] for one in said[:3]] == [
        "no. 9 (Ann).", "no. 2 (Ann).", "no. 3 (Ann).",
    ]  # fmt: skip
    assert len(said) == digest._MOST_ACTIONS + 1 and said[-1] == "3 more actions are late."


def test_a_figure_that_cannot_be_made_takes_no_other_down(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_: Any) -> Page:
        raise UsageError("no such thing")

    figures = {"bad": broken, "chart": lambda _: page(BARS, also=(Number("w", "1", "W"),)),
               "words": lambda _: page(("x",)), "lacking": lambda _: page(BARS)}  # fmt: skip
    monkeypatch.setattr(catalogue, "FIGURES", figures)
    monkeypatch.setattr(catalogue, "_NEEDS", {"lacking": ("m",), "words": ("n",)})
    monkeypatch.setattr(catalogue, "not_given", lambda _, needs: "no file" if needs else None)
    monkeypatch.setattr(catalogue, "_narrowed", lambda asked, _: asked)
    asked = cast(Any, SimpleNamespace(engine=None))
    made, failed = catalogue.pages(asked, ["bad", "chart", "lacking", "words"])
    assert failed == {"bad": "no such thing"}
    assert [one.name for one in made] == ["chart", "lacking", "words"]
    chart, lacking, words = made
    assert chart.body == BARS and chart.headline == "Head" and chart.also
    assert lacking.headline == lacking.alt == words.headline == "Not available: no file"
    assert lacking.body == Chart("bar", (), ()) and words.body == ()


def test_figures_of_the_same_value_of_two_dimensions_are_told_apart(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(catalogue, "FIGURES", {"funnel": lambda _: page(BARS)})
    monkeypatch.setattr(catalogue, "not_given", lambda *_: None)
    monkeypatch.setattr(catalogue, "_narrowed", lambda asked, _: asked)
    chosen = (("region", "other"), ("segment", "other"), ("region", "dach"))
    wanted = [catalogue.Wanted("funnel", Filters.of(**{name: value})) for name, value in chosen]
    made, _ = catalogue.pages(cast(Any, SimpleNamespace(engine=None)), wanted)
    assert [one.name for one in made] == [
        "funnel region other", "funnel segment other", "funnel dach",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("before", "after", "effects", "said"),
    [
        (0.0, 0.0, (), "Won is €0, as in the period before"),
        (None, 0.0, (), "Won: there is no earlier value to compare with"),
        (None, 0.0, ("some",), "Won: there is no earlier value to compare with"),
        (0.0, None, ("some",), "Won: there is no earlier value to compare with"),
    ],
)
def test_what_is_nothing_twice_is_not_said_to_have_no_past(
    before: float | None, after: float | None, effects: tuple[str, ...], said: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    won = SimpleNamespace(id="won", label="Won", unit="money")
    found = SimpleNamespace(before=before, after=after, effects=effects)
    monkeypatch.setattr(kpis, "_changed", lambda _: won)
    monkeypatch.setattr(kpis, "explain_change", lambda *_: found)
    monkeypatch.setattr(kpis, "_kpi_notes", lambda *_: "")
    window = load_agreement().parse_period("2026-06")
    asked = SimpleNamespace(engine=0, agreement=0, window=window, filters=0, currency="EUR",
                            stamp=lambda text: text)  # fmt: skip
    assert kpis.change(cast(Any, asked)).headline == said


def test_without_a_change_the_first_headline_of_money_is_split(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def kpi(name: str, unit: str, **more: Any) -> Any:
        every = {"headline": True, "expression": "x", "date_column": "d"} | more
        return SimpleNamespace(id=name, unit=unit, **every)

    def changed(*listed: Any, moved: Any = None) -> Any:
        monkeypatch.setattr(kpis, "state", lambda *_: SimpleNamespace(moved=moved))
        agreement = SimpleNamespace(kpis=listed, kpi=lambda name: f"the {name}")
        found: Any = kpis._changed(
            cast(Any, SimpleNamespace(agreement=agreement, engine=0, window=0, filters=0))
        )
        return getattr(found, "id", found)

    count, won, cost = kpi("leads", "count"), kpi("won", "money"), kpi("cost", "money")
    assert changed(count, won, cost) == "won"
    assert changed(count, kpi("won", "money", headline=False)) == "leads"
    assert changed(kpi("won", "money", expression=None), kpi("rate", "rate"), count) == "leads"
    assert changed(kpi("open", "money", date_column=None), count) == "leads"
    one = SimpleNamespace(result=SimpleNamespace(id="cost"), by="channel")
    assert changed(count, won, moved=one) == "the cost"
    assert changed(count, won, moved=SimpleNamespace(result=one.result, by=None)) == "won"
    with pytest.raises(UsageError, match="no headline KPI"):
        changed(kpi("rate", "rate"))


def test_a_report_of_one_s_own_is_read_with_what_it_leaves_out(tmp_path: Any) -> None:
    file = tmp_path / "own.yaml"
    file.write_text("figures: [funnel]")
    plain = _read(file)
    assert (plain.name, plain.title, plain.audience, plain.period, plain.every) == (
        "own", "own", "", "last-month", "",
    )  # fmt: skip
    assert not plain.filters
    file.write_text(
        "title: Mine\naudience: the board\nperiod: 2026\nevery: week\n"
        "filters: {segment: small, region: [dach, us]}\nfigures: [{figure: funnel, period: 2025}]"
    )
    own = _read(file)
    assert (own.title, own.audience, own.period, own.every) == ("Mine", "the board", "2026", "week")
    assert own.filters.as_dict() == {"region": ["dach", "us"], "segment": ["small"]}
    assert [(one.figure, one.period) for one in own.figures] == [("funnel", "2025")]


@pytest.mark.parametrize(
    ("earned", "why", "said"),
    [
        ({"c1": 0.0, "c2": 7.0, "(unattributed)": 9.0}, None, "C2 earned most: €7"),
        (
            {"c1": 0.0, "(unattributed)": 9.0},
            None,
            "None of what was won is credited to a campaign",
        ),
        ({"c1": None}, "no rate (none)", "What campaigns earned is not known: no rate"),
        ({}, None, "No campaign did anything in this period"),
    ],
)
def test_the_campaign_that_earned_most_has_earned_something(
    earned: dict[str, Any], why: str | None, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [
        {"campaign_id": name, "campaign": name.upper(), "credit": credit, "cost": None,
         "leads": 1, "deals": 1.0, "roas": None, "channel": "email", "activity": [1],
         "cost per Lead": None}
        for name, credit in earned.items()
    ]  # fmt: skip
    monkeypatch.setattr(flow, "attributions", lambda *_, **__: (SimpleNamespace(reason=why),))
    monkeypatch.setattr(flow, "shared_funnel", lambda *_: None)
    monkeypatch.setattr(flow, "ledger_sql", lambda *_, **__: "select")
    monkeypatch.setattr(flow, "campaigns", lambda *_: {})
    monkeypatch.setattr(flow, "campaign_table", lambda *_: pd.DataFrame(rows))
    agreement = load_agreement()
    asked = SimpleNamespace(
        agreement=agreement, window=agreement.parse_period("2026-06"), filters=None, engine=None,
        currency="EUR", stamp=lambda text: text, word=lambda _, name: name,
    )  # fmt: skip
    made = flow.campaign_returns(cast(Any, asked))
    assert made.headline.startswith(said)
    if rows:
        assert [row[0] for row in cast(Grid, made.body).rows] == [
            name.upper() for name in sorted(earned, key=lambda name: -(earned[name] or 0))
        ]
        # The file holds what the page's does.
        assert made.table is not None and "activity" not in made.table.frame
        assert made.table.units["cost per Lead"] == "money"
        assert set(made.table.frame["channel"]) == {"email"}


def test_what_is_late_is_said_with_its_standing() -> None:
    def result(status: str | None) -> Any:
        return SimpleNamespace(id="won", label="Won", value=5.0, unit="money", target=9.0,
                               standing=None, status=status)  # fmt: skip

    asked = cast(Any, SimpleNamespace(currency="EUR"))
    late = cast(Any, SimpleNamespace(late=(result("at risk"), result(None))))
    said = list(digest._targets(asked, late))
    assert [one.text for one in said] == [
        "At risk: Won €5.00 of €9.00.",
        ": Won €5.00 of €9.00.",
    ]
    assert {(one.tone, one.page, one.address) for one in said} == {
        ("bad", "scoreboard", (("kpi", "won"),))
    }


def test_a_file_is_put_into_folders_that_are_not_there_yet(tmp_path: Any) -> None:
    file = tmp_path / "a" / "b" / "c.md"
    for content in (b"one", b"two"):
        assert put_in_folder(file, content) == file and file.read_bytes() == content


def test_a_folder_s_index_lists_its_reports_and_nothing_else(tmp_path: Any) -> None:
    for name in ("june.html", "june.pdf", ".hidden.pdf", "notes.txt", "a<b.pdf", write._INDEX):
        (tmp_path / name).write_text("x")
    write._index(tmp_path)
    text = (tmp_path / write._INDEX).read_text()
    assert text.count("<tr>") == 2 and text.index("a&lt;b") < text.index("june")
    assert 'href="june.html"' in text and 'href="june.pdf"' in text
    assert "hidden" not in text and "notes" not in text and write._INDEX not in text


def test_of_a_report_in_no_format_nothing_is_left(
    tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails() -> bytes:
        raise UsageError("no template")

    agreement = load_agreement()
    window = agreement.parse_period("2026-06")
    asked = SimpleNamespace(agreement=agreement, window=window, filters=())
    plan = plan_named(tmp_path, "leadership")
    monkeypatch.setattr(write, "pages", lambda *_: ([object()], {}))
    monkeypatch.setattr(write, "_makers", lambda *_: {"pptx": fails})
    (tmp_path / "kept").mkdir()
    for name in ("new", "kept"):
        made = write.write_report(plan, cast(Any, asked), tmp_path / name, ["pptx"])
        assert (made.files, made.failed) == ((), {"pptx": "no template"})
    assert [path.name for path in tmp_path.iterdir()] == ["kept"]
    assert list((tmp_path / "kept").iterdir()) == []


def test_what_has_room_on_a_full_disk_is_written_and_the_rest_named(
    tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def small_disk(self: Any, content: bytes) -> int:
        if len(content) > 100:
            raise OSError(28, "No space left on device")
        return int(real(self, content))

    real = type(tmp_path).write_bytes
    monkeypatch.setattr(type(tmp_path), "write_bytes", small_disk)
    asked = asked_of("2026-06", dt.date(2026, 6, 30))
    plan = plan_named(tmp_path, "weekly")
    monkeypatch.setattr(write, "pages", lambda *_: ([object()], {}))
    makers = {"html": lambda: b"x" * 101, "xlsx": lambda: b"small"}
    monkeypatch.setattr(write, "_makers", lambda *_: makers)
    folder = tmp_path / "r"
    made = write.write_report(plan, asked, folder, ["html", "xlsx"])
    assert [file.name for file in made.files] == ["weekly-2026-06.xlsx"]
    assert made.failed["html"].startswith(f"It cannot be written to {folder} (No space left")
    # What was written is known, so that the next run makes the rest alone anew.
    assert write.is_written(plan, asked, folder, ["xlsx"])
    assert not write.is_written(plan, asked, folder, ["html"])
    with pytest.raises(StoreError, match=r"Nothing can be written to .* make room there"):
        write.write_report(plan, asked, tmp_path / "n", ["html"])
    assert not (tmp_path / "n").exists()


@pytest.mark.parametrize(
    ("period", "every", "due"),
    [
        ("last-week", "week", ["12-21 2026-W51", "12-27 2026-W52", "12-28 2026-W52",
                               "01-03 2026-W53", "01-04 2026-W53", "01-10 2027-W01"]),
        ("last-month", "month", ["12-21 2026-11", "12-31 2026-12", "01-01 2026-12"]),
        ("last-year", "year", ["12-21 2025", "12-31 2026", "01-01 2026"]),
        ("this-month", "week", ["12-21 2026-12", "12-28 2026-12", "12-31 2026-12",
                                "01-01 2027-01", "01-04 2027-01", "01-11 2027-01"]),
    ],
)  # fmt: skip
def test_over_new_year_and_week_53_each_report_is_due_on_its_last_day_and_once_it_is_over(
    tmp_path: Any, period: str, every: str, due: list[str]
) -> None:
    plan = replace(plan_named(tmp_path, "weekly"), period=period, every=every)
    found, posted = [], []
    for n in range(25):
        day = dt.date(2026, 12, 21) + dt.timedelta(days=n)
        asked = asked_of(read_period(period, load_agreement(), day).label, day)
        name = write.file_name(plan, asked, "html")
        if not is_made(tmp_path, plan, asked, [name]):
            note(tmp_path, plan, asked, {name: ""})
            found.append(f"{day:%m-%d} {asked.window.label}")
        if not write.is_posted(plan, asked, tmp_path):
            write.note_post(plan, asked, tmp_path)
            posted.append(asked.window.label)
    assert found[: len(due)] == due and len(found) <= len(due) + 1
    if period.startswith("last"):
        assert len(posted) == len(set(posted)), "what was said is not said again"


def test_a_deck_that_a_person_worked_on_is_not_written_over(
    tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = asked_of("2026-06", dt.date(2026, 6, 10))
    asked.stamp = lambda: "stamp"
    plan, file = plan_named(tmp_path, "weekly"), tmp_path / "weekly-2026-06.pptx"

    def written(leads: str) -> tuple[Any, dict[str, str]]:
        page = Page("board", f"{leads} leads", "m", (Number("leads", leads, "Leads"),), "stamp")
        monkeypatch.setattr(write, "pages", lambda *_: ([page], {}))
        made = write.write_report(plan, asked, tmp_path, ["pptx"])
        return made, {name: s.text_frame.text for name, s in shapes(file.read_bytes()).items()}

    assert written("1")[0].refreshed == {} and not written("2")[0].refreshed
    deck = opened(file.read_bytes())
    next(s for s in deck.slides[1].shapes if "headline" in s.name).text_frame.text = "Ours"
    deck.save(str(file))
    for leads in ("3", "4"):
        made, texts = written(leads)
        assert made.refreshed[file].kept == ("board: headline",)
        assert texts["smarketing:board:headline"] == "Ours"
        assert texts["smarketing:board:leads.value"] == leads
    file.write_text("no deck")
    made = write.write_report(plan, asked, tmp_path, ["pptx"])
    assert "cannot be opened" in made.failed["pptx"] and file.read_text() == "no deck"
    file.unlink()
    assert not written("5")[0].refreshed
    # Of what a person worked on only a deck is refreshed: any other file is made anew.
    table = tmp_path / "weekly-2026-06.xlsx"
    table.write_text("theirs")
    made = write.write_report(plan, asked, tmp_path, ["xlsx"])
    assert made.files == (table,) and not made.failed and table.read_bytes()[:2] == b"PK"


def asked_of(window: str, as_of: dt.date, *, names_people: bool = True, **filters: Any) -> Any:
    agreement = load_agreement()
    return SimpleNamespace(
        engine=SimpleNamespace(as_of_day=as_of, names_people=names_people),
        agreement=agreement,
        window=agreement.read_window(window),
        filters=Filters.of(**filters),
    )


def own_report(tmp_path: Any, text: str) -> Any:
    (tmp_path / "mine.yaml").write_text(f"figures: [funnel]\n{text}")
    return _read(tmp_path / "mine.yaml")


def test_a_report_of_another_value_than_its_own_has_a_name_of_its_own(tmp_path: Any) -> None:
    plan = own_report(tmp_path, "filters: {segment: [smb]}")
    day = dt.date(2026, 7, 1)
    names = [
        write.file_name(plan, asked_of("2026-06", day, segment=value, owner=owner), "pdf")
        for value, owner in (("smb", None), ("enterprise", None), ("smb", "ann"))
    ]
    assert names == [
        "mine-2026-06.pdf", "mine-2026-06-enterprise.pdf", "mine-2026-06-ann.pdf",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("every", "then", "now", "stands"),
    [
        ("week", "2026-06-08", "2026-06-10", True),
        ("week", "2026-06-07", "2026-06-10", False),
        ("month", "2026-06-01", "2026-06-10", True),
        ("day", "2026-06-09", "2026-06-10", False),
        # What was written while the month still ran is not what the month came to.
        ("month", "2026-06-29", "2026-06-30", False),
        ("week", "2026-06-29", "2026-07-01", False),
        ("month", "2026-06-30", "2026-06-30", True),
        # What came on the month's last day after the report was written is wanted once it is over.
        ("day", "2026-06-30", "2026-07-05", False),
        ("day", "2026-07-01", "2026-07-05", True),
    ],
)
def test_a_report_is_finished_by_the_data_it_was_made_of(
    tmp_path: Any, every: str, then: str, now: str, stands: bool
) -> None:
    def asked(day: str, **filters: str) -> Any:
        return asked_of("2026-06", dt.date.fromisoformat(day), **filters)

    plan = own_report(tmp_path, f"period: this-month\nevery: {every}")
    names = ["mine-2026-06.pdf"]
    assert not write.is_written(plan, asked(now), tmp_path, ["pdf"])
    (tmp_path / names[0]).touch()
    assert not write.is_written(plan, asked(now), tmp_path, ["pdf"]), "of unknown data"
    note(tmp_path, plan, asked(then), dict.fromkeys(names, ""))
    assert write.is_written(plan, asked(now), tmp_path, ["pdf"]) is stands
    assert not write.is_written(plan, asked(now), tmp_path, ["pdf", "html"])
    assert not write.is_posted(plan, asked(now), tmp_path)
    write.note_post(plan, asked(then), tmp_path)
    is_said = stands or then == "2026-06-30"
    assert write.is_posted(plan, asked(now), tmp_path) is is_said
    masked = asked_of("2026-06", dt.date.fromisoformat(now), names_people=False)
    assert not write.is_written(plan, masked, tmp_path, ["pdf"])
    other = own_report(tmp_path, f"period: this-month\nevery: {every}\nfilters: {{region: us}}")
    assert not write.is_written(other, asked(now, region="us"), tmp_path, ["pdf"])
    (tmp_path / ".made.json").write_text("[")
    assert not write.is_written(plan, asked(now), tmp_path, ["pdf"])


def test_a_digest_says_what_needs_a_word_or_that_nothing_does(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    period = load_agreement().parse_period("2026-06")
    asked = SimpleNamespace(
        engine=SimpleNamespace(as_of_day=period.last_day), agreement=None, window=period,
        currency="EUR", word=None,
        filters=Filters.of(segment=["small"]), stamp=lambda: "as of June",
    )  # fmt: skip
    monkeypatch.setattr(digest, "state", lambda *_: None)
    monkeypatch.setattr(digest, "headlines", lambda *_: ("stands",))
    parts = ("_targets", "_moved", "_promises", "_late_actions")
    for name in parts:
        monkeypatch.setattr(digest, name, lambda *_: ())
    calm = digest.digest("T", cast(Any, asked))
    assert calm.parts == (
        ("Where we stand", ("stands",)),
        ("Needs a word", (Sentence("Nothing is off track.", "good", "scoreboard"),)),
    )
    for name in parts:
        monkeypatch.setattr(digest, name, lambda *_, name=name: (name,))
    assert digest.digest("T", cast(Any, asked)).parts[1] == ("Needs a word", parts)


@pytest.mark.parametrize(
    ("verdict", "missed", "said"),
    [("under", 0, ["ours"]), ("met", 2, ["sales"]), ("under", 1, ["ours", "sales"]), (None, 0, [])],
)
def test_a_promise_that_is_not_kept_needs_a_word(
    verdict: str | None, missed: int, said: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    found = SimpleNamespace(
        pace=SimpleNamespace(count_verdict=verdict),
        reason=None,
        obligations=[SimpleNamespace(missed=0), SimpleNamespace(missed=missed)],
    )
    monkeypatch.setattr(digest, "handoff", lambda *_: found)
    monkeypatch.setattr(digest, "of_marketing_promise", lambda *_, **__: "ours")
    monkeypatch.setattr(digest, "of_sales_promises", lambda *_: "sales")
    asked = SimpleNamespace(engine=0, agreement=0, window=0, filters=None)
    assert list(digest._promises(cast(Any, asked))) == [
        Sentence(text, "bad", "handoff") for text in said
    ]
