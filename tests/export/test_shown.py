"""Figures of pages outside of them: their addresses, and what PowerPoint can draw of them."""

from __future__ import annotations

import io
from dataclasses import replace

import pandas as pd
import plotly.graph_objects as go
import pytest
from pptx import Presentation
from pptx.enum.dml import MSO_LINE

from smarketing.analysis.review.limits import Limits
from smarketing.charts.encoding import Encoding
from smarketing.charts.lines import control
from smarketing.charts.theme import LIGHT
from smarketing.engine import NO_FILTERS, Filters
from smarketing.errors import UsageError
from smarketing.export.deck import make_deck, refresh_deck
from smarketing.export.deck.pages import Page
from smarketing.export.shown import FigureAddress, Shown, format_of, native
from smarketing.export.stamp import Stamp


@pytest.mark.parametrize(
    ("text", "page", "query", "figure"),
    [
        ("funnel#leaks", "funnel", (), "leaks"),
        ("/funnel?show=time#stays", "funnel", (("show", "time"),), "stays"),
        ("http://localhost:8501/a/funnel/?x=1&x=#f", "funnel", (("x", "1"), ("x", "")), "f"),
        ("?period=2026-06#f", "home", (("period", "2026-06"),), "f"),
        ("../../etc/passwd#x", "passwd", (), "x"),
    ],
)
def test_an_address_is_read_as_a_browser_shows_it(
    text: str, page: str, query: tuple[tuple[str, str], ...], figure: str
) -> None:
    found = FigureAddress.read(text)
    assert found == FigureAddress(page, query, figure) and FigureAddress.is_one(text)
    assert FigureAddress.read(str(found)) == found
    assert not FigureAddress.is_one("funnel")


def test_the_limits_of_a_trend_are_lines_of_its_native_chart_and_a_refresh_keeps_them() -> None:
    def deck_of(top: float) -> list[Page]:
        frame = pd.DataFrame({"p": ["a", "b"], "v": [1.0, 9.0]})
        figure = control(frame, LIGHT, Encoding(key="p", value="v"), limits=Limits(2, 0, top),
                         target=4, name="New leads")  # fmt: skip
        chart = native(figure, rounded)
        assert chart is not None
        return [Page("trend", "h", "m", chart, "s", "n")]

    def read(content: bytes) -> dict[str, tuple[float, ...]]:
        drawn = next(s for s in Presentation(io.BytesIO(content)).slides[1].shapes if s.has_chart)
        return {one.name: tuple(one.values) for one in drawn.chart.series}

    made = make_deck("T", deck_of(5))
    assert read(made) == {"New leads": (1, 9), "upper limit": (5, 5), "lower limit": (0, 0),
                          "average": (2, 2), "target": (4, 4)}  # fmt: skip
    drawn = next(s for s in Presentation(io.BytesIO(made)).slides[1].shapes if s.has_chart).chart
    dashes = [one.format.line.dash_style for one in drawn.series]
    assert dashes == [None, MSO_LINE.SOLID, MSO_LINE.SOLID, MSO_LINE.ROUND_DOT, MSO_LINE.DASH]
    done = refresh_deck(made, deck_of(7), "T")
    assert read(done.content)["upper limit"] == (7, 7)
    assert not done.unknown and not done.kept and not done.absent
    # The values alone say how they are written: a limit is between them.
    assert deck_of(5.5)[0].body.number_format == "#,##0"  # type: ignore[union-attr]


def test_what_is_no_address_is_refused() -> None:
    with pytest.raises(UsageError, match="is no address of a figure"):
        FigureAddress.read("http://[x#f")
    with pytest.raises(UsageError, match="is no address of a figure"):
        FigureAddress.read("funnel?" + "a=1&" * 300)


def test_period_and_filters_stand_for_those_of_the_address() -> None:
    given = FigureAddress.read("funnel?period=2026-06&segment=small&mode=entered#f")
    asked = given.asking("2026-Q2", Filters.of(segment=["micro", "enterprise"]))
    assert str(asked) == ("funnel?mode=entered&period=2026-Q2&segment=enterprise&segment=micro#f")
    assert given.asking("", NO_FILTERS) == given
    assert str(given.without("period", "segment")) == "funnel?mode=entered#f"


def rounded(_: set[float]) -> str:
    return "#,##0"


def test_bars_are_native_in_the_order_and_words_of_the_picture() -> None:
    bars = [
        go.Bar(x=[3, 1], y=[0, 1], orientation="h", name="<b>won</b> &amp; kept"),
        go.Bar(x=[4], y=[1], orientation="h", name="lost"),
    ]
    figure = go.Figure(bars)
    figure.update_layout(
        barmode="stack", yaxis={"tickvals": [0, 1], "ticktext": ["First<br>step", "stage_<br>a"]}
    )
    lowest_first = native(figure, rounded)
    assert lowest_first is not None and lowest_first.kind == "stacked_bar"
    assert lowest_first.categories == ("stage_a", "First step")
    assert [one.values for one in lowest_first.series] == [(1, 3), (4, None)]
    assert [one.name for one in lowest_first.series] == ["won & kept", "lost"]
    figure.update_layout(yaxis={"autorange": "reversed"}, barmode="group")
    first_on_top = native(figure, rounded)
    assert first_on_top is not None and first_on_top.kind == "bar"
    assert first_on_top.categories == ("First step", "stage_a")


def test_bars_without_a_name_have_none() -> None:
    found = native(go.Figure(go.Bar(x=["a", "b"], y=[1, None])), rounded)
    assert found is not None and (found.kind, found.categories) == ("column", ("a", "b"))
    assert [(one.name, one.values, one.hues) for one in found.series] == [("", (1, None), ())]


def test_lines_are_native_by_their_days() -> None:
    days = pd.to_datetime(["2026-01-01", "2026-02-01"])
    lines = [
        go.Scatter(x=days, y=[1.5, None], mode="lines+markers", name="a"),
        go.Scatter(x=days[1:], y=[2.5], mode="lines", name="b"),
    ]
    found = native(go.Figure(lines), rounded)
    assert found is not None and found.kind == "line"
    assert found.categories == ("2026-01-01", "2026-02-01")
    assert [one.values for one in found.series] == [(1.5, None), (None, 2.5)]
    # A line of many points would run through what is written beside them.
    assert found.has_room and not replace(found, categories=("",) * 5).has_room
    band = go.Scatter(x=days, y=[1, 2], fill="toself")
    assert native(go.Figure([band, *lines]), rounded) == found


@pytest.mark.parametrize(
    "traces",
    [
        [go.Heatmap(z=[[1]])],
        [go.Scatter(x=[1], y=[2], mode="markers")],
        [go.Scatter(x=[1, 2], y=[2, 3], mode="lines", fill="tozeroy")],
        [go.Bar(x=[1], y=["a"], orientation="h", base=[2])],
        [go.Bar(x=[1], y=["a"], orientation="h"), go.Bar(x=["a"], y=[1])],
        [go.Bar(x=["a", "a"], y=[1, 2])],
        [go.Bar(x=["a"], y=[1]), go.Bar(x=["a"], y=[2])],
        [go.Bar(x=["a"], y=[1], name="n"), go.Bar(x=["b"], y=[2], name="m", xaxis="x2")],
        [go.Bar(x=[], y=[])],
        [go.Bar(x=list(range(401)), y=list(range(401)))],
    ],
)
def test_what_powerpoint_cannot_draw_alike_is_no_native_chart(traces: list[object]) -> None:
    assert native(go.Figure(traces), rounded) is None


def test_bars_over_each_other_are_no_native_chart_and_one_row_of_them_is() -> None:
    rows = [go.Bar(x=["a"], y=[1], name="n"), go.Bar(x=["a"], y=[2], name="m")]
    kinds = {
        (mode, count): found and found.kind
        for mode in ("overlay", "relative", "stack", "group")
        for count in (1, 2)
        for found in [native(go.Figure(rows[:count]).update_layout(barmode=mode), rounded)]
    }
    assert kinds == {
        ("overlay", 1): "column", ("overlay", 2): None, ("relative", 1): "column",
        ("relative", 2): "stacked_column", ("stack", 1): "column", ("stack", 2): "stacked_column",
        ("group", 1): "column", ("group", 2): "column",
    }  # fmt: skip


def test_shares_are_written_as_shares_and_large_numbers_without_hundredths() -> None:
    frame = pd.DataFrame({"rate": [0.25, 1.0], "n": [1, 4], "money": [1_000.5, 2.0]})
    written = format_of(frame, {"rate": "rate", "money": "money", "gone": "rate"})
    assert written({0.25, 1.0}) == "0.0%" and written({0.25, 4.0}) == "#,##0.00"
    assert written({1.0, 4.0}) == "#,##0" and written({1_000.5, 2.0}) == "#,##0"
    parts = pd.DataFrame({"won": [0.25], "lost": [0.75], "median (minutes)": [7.5]})
    told = format_of(parts, {"won": "rate", "lost": "rate"})
    assert told({0.25, 0.75}) == "0.0%" and told({7.5}) == '#,##0" min"'
    amounts = format_of(frame, {"rate": "rate", "money": "money"}, "EUR")
    assert amounts({1_000.5, 2.0}) == "[$€]#,##0" and amounts({4.0}) == "#,##0"
    assert format_of(frame, {"money": "money"}, "CHF")({2.0}) == "[$CHF]#,##0"


def test_the_rest_that_a_chart_sums_up_is_written_as_what_it_sums() -> None:
    frame = pd.DataFrame({"credit": [9.0, 7.0, 5.0, 2.0, 1.0]})
    written = format_of(frame, {"credit": "money"}, "JPY")
    assert written({9.0, 7.0, 5.0, 3.0}) == "[$¥]#,##0"  # 3 is all others
    assert written({9.0, 7.0, 4.0, 3.0}) == written({9.0, 3.0}) == "#,##0"


def test_marks_have_the_hues_of_the_picture_where_all_are_plain() -> None:
    def hues(*traces: go.Bar) -> list[tuple[str, ...]]:
        found = native(go.Figure(traces), rounded)
        assert found is not None
        return [one.hues for one in found.series]

    good, bad = "#0f766e", "#a3134d"
    both = go.Bar(x=[1, 2], y=["a", "b"], orientation="h", marker={"color": [good, bad]})
    assert hues(both) == [(bad, good)]
    one = go.Bar(x=["a", "b", "c"], y=[1, 2, 3], name="n", marker={"color": good})
    other = go.Bar(x=["a"], y=[1], name="m", marker={"color": ["rgba(0,0,0,0)"]})
    assert hues(one, other) == [(good,) * 3, ()]
    some = go.Bar(x=["a"], y=[1], name="m", marker={"color": [bad]})
    assert hues(one, some) == [(good,) * 3, (bad,) * 3]


def test_a_table_is_no_picture() -> None:
    page = Page("t", "A finding", "a measure", ("one",))
    shown = Shown(page, Stamp("A finding"), pd.DataFrame({"n": [1]}))
    with pytest.raises(UsageError, match="has no chart here; ask for csv, xlsx or pptx"):
        shown.to_file("png")
    with pytest.raises(UsageError, match="Did you mean 'csv'"):
        shown.to_file("csw")
    assert shown.to_file("csv").decode("utf-8-sig").splitlines() == ["n", "1"]
    assert shown.to_file("pptx")[:2] == b"PK" and shown.to_file("xlsx")[:2] == b"PK"
