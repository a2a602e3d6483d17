"""What happened is drawn where it belongs: at its days, at its campaign, nowhere else."""

from __future__ import annotations

import datetime as dt

import plotly.graph_objects as go

from smarketing.charts.marks import Mark, at_days, mark_bars, mark_time, within
from smarketing.charts.theme import LIGHT

MAY, JUNE = dt.date(2026, 5, 1), dt.date(2026, 6, 1)


def mark(first: dt.date, last: dt.date | None = None, text: str = "Trade fair") -> Mark:
    return Mark(first, last or first, text)


def test_a_mark_stands_in_the_period_that_holds_its_day() -> None:
    months = at_days([JUNE, MAY, MAY], "month")
    assert [place for _, place in months] == [MAY, JUNE]
    assert within(months, mark(dt.date(2026, 5, 31))) == [(MAY, MAY)]
    assert within(months, mark(dt.date(2026, 4, 30))) == []
    assert within(months, mark(dt.date(2026, 4, 1), dt.date(2026, 7, 1))) == [(MAY, JUNE)]
    days = at_days([dt.date(2026, 5, 4), dt.date(2026, 5, 6)])
    assert within(days, mark(dt.date(2026, 5, 5))) == []


def test_a_stretch_that_is_left_and_met_again_is_marked_twice_and_named_once() -> None:
    weeks_and_months = [*at_days([dt.date(2026, 6, 22), dt.date(2026, 6, 29)], "week")]
    weeks_and_months += at_days([MAY, JUNE], "month")
    figure = go.Figure()
    mark_time(figure, LIGHT, weeks_and_months, [mark(dt.date(2026, 6, 23), text="<b>fair</b>")])
    assert [shape.x0 for shape in figure.layout.shapes] == [dt.date(2026, 6, 22), JUNE]
    assert [note.text for note in figure.layout.annotations] == ["&lt;b&gt;fair&lt;/b&gt;"]


def test_what_happened_to_a_campaign_stands_at_its_bar_alone() -> None:
    figure = go.Figure(go.Bar(x=[3, 2], y=[0, 1], customdata=["c1", "c2"], orientation="h"))
    figure.update_layout(yaxis={"tickvals": [0, 1], "ticktext": ["Webinar", "Guide"]})
    mark_bars(figure, {"c2": ["Moved to June"], "c3": ["Gone"]})
    assert list(figure.layout.yaxis.ticktext) == ["Webinar", "Guide · <i>Moved to June</i>"]
    plain = go.Figure(go.Scatter(x=[1], y=[1]))
    mark_bars(plain, {"c2": ["Moved"]})
    assert plain.layout.yaxis.ticktext is None


def test_where_time_runs_down_the_rows_the_words_stand_under_their_names() -> None:
    figure = go.Figure(go.Heatmap(x=["mql"], y=["2026-05", "2026-06"], z=[[1], [2]]))
    figure.update_layout(
        yaxis={
            "type": "category",
            "tickvals": ["2026-05", "2026-06"],
            "ticktext": ["2026-05", "2026-06"],
        }
    )
    months = [(period, f"{period.start:%Y-%m}") for period, _ in at_days([MAY, JUNE], "month")]
    mark_time(figure, LIGHT, months, [mark(dt.date(2026, 6, 3), text="<b>fair</b>")])
    assert list(figure.layout.yaxis.ticktext) == [
        "2026-05",
        "2026-06<br><i>&lt;b&gt;fair&lt;/b&gt;</i>",
    ]
    assert not figure.layout.shapes and not figure.layout.annotations
