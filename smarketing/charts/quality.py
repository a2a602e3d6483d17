"""Charts of judgement: what a threshold trades, and two rates side by side with intervals."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from smarketing.charts import format as fmt
from smarketing.charts.axes import value_axis
from smarketing.charts.encoding import Encoding, row_names
from smarketing.charts.names import label, shorten, two_lines_each
from smarketing.charts.theme import Look, empty_figure, legend_on_top, mix


def trade_off(
    frame: pd.DataFrame,
    look: Look,
    drawn: Encoding,
    names: tuple[str, str],
    *,
    threshold: float | None = None,
) -> go.Figure:
    """A rate falling or rising along a threshold, with the bounds of another as a band behind it.

    `names` label the line and the band; pale rows rest on few records and are drawn hollow;
    `threshold` draws an upright line. Customdata is the key, for drilling.
    """
    figure = empty_figure(look, 340)
    if frame.empty:
        return figure
    _add_band(figure, frame, look, drawn, names[1])
    xs = [float(v) for v in frame[drawn.key]]
    figure.add_scatter(
        x=xs,
        y=[None if fmt.is_missing(v) else float(v) for v in frame[drawn.value]],
        mode="lines+markers",
        name=names[0],
        line={"color": look.marketing, "width": 3},
        marker={
            "size": 10,
            "color": [look.paper if hollow else look.marketing for hollow in drawn.faint(frame)],
            "line": {"color": look.marketing, "width": 2},
        },
        customdata=[f"{v:g}" for v in xs],
        text=[fmt.percent(v) for v in frame[drawn.value]],
        hovertemplate="%{x}: %{text} " + names[0] + "<extra></extra>",
    )
    if threshold is not None:
        figure.add_vline(x=threshold, line={"color": look.ink, "width": 1, "dash": "dash"})
        figure.add_annotation(
            x=threshold,
            y=1,
            yref="paper",
            text=f"threshold {threshold:g}",
            showarrow=False,
            xanchor="left",
            yanchor="top",
            xshift=6,
            font={"size": 14, "color": look.ink},
        )
    figure.update_layout(
        xaxis={"title": {"text": drawn.title}, "nticks": 11},
        yaxis={
            "showgrid": True,
            "range": [0, 1.04],
            **value_axis([0.0, 1.0], "rate", drawn.currency),
        },
    )
    return legend_on_top(figure, look)


def _add_band(
    figure: go.Figure, frame: pd.DataFrame, look: Look, drawn: Encoding, name: str
) -> None:
    """The bounds of the other rate, where both are known."""
    low, high = str(drawn.low), str(drawn.high)
    band = frame[frame[low].notna() & frame[high].notna()]
    if band.empty:
        return
    spread = [float(v) for v in band[drawn.key]]
    figure.add_scatter(
        x=spread + spread[::-1],
        y=[float(v) for v in band[high]] + [float(v) for v in band[low]][::-1],
        fill="toself",
        fillcolor=mix(look.shared, look.paper, 0.2),
        line={"width": 0},
        name=name,
        hoverinfo="skip",
    )


def paired(frame: pd.DataFrame, look: Look, drawn: Encoding, rates: Mapping[str, str]) -> go.Figure:
    """Two rates per row with their intervals (`<rate>_low`, `<rate>_high`), in the order given.

    `rates` are the words for the columns of the two: the first is a filled disc, the second an open
    diamond. Pale rows are faint, a note is a second line under the key. Customdata is the key, for
    drilling.
    """
    figure = empty_figure(look, max(1, len(frame)) * 48 + 84)
    first, second = rates
    for rate, symbol, colour, shift in (
        (second, "diamond-open", look.muted, 0.14),
        (first, "circle", look.marketing, -0.14),
    ):
        hues = [look.faint if faint else colour for faint in drawn.faint(frame)]
        _add_intervals(figure, frame, rate, hues, shift)
        figure.add_scatter(
            x=[None if fmt.is_missing(v) else float(v) for v in frame[rate]],
            y=[place + shift for place in range(len(frame))],
            mode="markers",
            name=rates[rate],
            marker={
                "size": 12,
                "symbol": symbol,
                "color": hues,
                "line": {"width": 2, "color": hues},
            },
            customdata=[str(k) for k in frame[drawn.key]],
            text=[
                f"{label(name)} · {rates[rate]}: {fmt.percent(v)}"
                for name, v in zip(drawn.names(frame), frame[rate], strict=True)
            ],
            hovertemplate="%{text}<extra></extra>",
        )
    under = [str(v) for v in frame[drawn.note]] if drawn.note else None
    highest = [*frame[f"{first}_high"], *frame[f"{second}_high"]]
    figure.update_layout(
        yaxis=_rows(drawn.names(frame), look, under),
        xaxis={
            "showgrid": True,
            "rangemode": "tozero",
            **value_axis(highest, "rate", drawn.currency),
        },
    )
    return legend_on_top(figure, look)


def _add_intervals(
    figure: go.Figure, frame: pd.DataFrame, rate: str, hues: Sequence[str], shift: float
) -> None:
    """The interval of a rate on each row, where it is known."""
    for place, row in enumerate(frame.to_dict("records")):
        bounds = row[f"{rate}_low"], row[f"{rate}_high"]
        if not any(fmt.is_missing(b) for b in bounds):
            figure.add_scatter(
                x=[float(b) for b in bounds],
                y=[place + shift] * 2,
                mode="lines",
                line={"color": hues[place], "width": 1.5},
                hoverinfo="skip",
                showlegend=False,
            )


def differences(frame: pd.DataFrame, look: Look, drawn: Encoding, *, verdict: str) -> go.Figure:
    """Differences in points with their intervals around an upright zero, in the order given.

    The column `verdict` holds "more", "less" or anything else, which is drawn open and muted; a
    note is set after the interval. Customdata is the key, for drilling.
    """
    figure = empty_figure(look, max(1, len(frame)) * 44 + 40)
    if frame.empty:
        return figure
    figure.add_vline(x=0, line={"color": look.ink, "width": 1})
    names, low, high = drawn.names(frame), str(drawn.low), str(drawn.high)
    for place, row in enumerate(frame.to_dict("records")):
        said = f"{label(names[place])}: {fmt.points(row[drawn.value])}"
        _add_difference(figure, look, drawn, _Row(place, row, str(row[verdict]), said))
    edge = max(abs(float(e)) for e in [*frame[low], *frame[high]]) * 1.05 or 1.0
    width = max((len(str(v)) for v in frame[drawn.note]), default=9) if drawn.note else 9
    figure.update_layout(
        yaxis=_rows(names, look),
        xaxis={"tickformat": "+.0%", "range": [-edge, edge], "nticks": 3, "showgrid": True},
        margin={"r": 20 + round(7.2 * max(width, 9))},
    )
    return figure


@dataclass(frozen=True)
class _Row:
    """A difference at its place: whether it is judged, and what is said of it."""

    place: int
    cells: Mapping[Hashable, Any]
    verdict: str
    said: str


def _add_difference(figure: go.Figure, look: Look, drawn: Encoding, row: _Row) -> None:
    """One difference: its interval, its mark, and its words at the edge."""
    tints = {"more": look.good, "less": look.bad}
    colour, value = tints.get(row.verdict, look.muted), float(row.cells[drawn.value])
    figure.add_scatter(
        x=[float(row.cells[str(drawn.low)]), float(row.cells[str(drawn.high)])],
        y=[row.place, row.place],
        mode="lines",
        line={"color": colour, "width": 2},
        hoverinfo="skip",
    )
    side = "triangle-right" if value > 0 else "triangle-left"
    figure.add_scatter(
        x=[value],
        y=[row.place],
        mode="markers",
        marker={
            "size": 12,
            "symbol": side if row.verdict in tints else f"{side}-open",
            "color": colour,
            "line": {"width": 2, "color": colour},
        },
        customdata=[str(row.cells[drawn.key])],
        text=[row.said],
        hovertemplate="%{text}<extra></extra>",
    )
    note = row.cells[drawn.note] if drawn.note else None
    extra = "" if not drawn.note or fmt.is_missing(note) else f"<br>{note}"
    figure.add_annotation(
        xref="paper",
        x=1,
        y=row.place,
        text=f"<b>{fmt.points(value)}</b>{extra}",
        showarrow=False,
        xanchor="left",
        align="left",
        xshift=8,
        font={"size": 13, "color": look.ink},
    )


def _rows(keys: list[str], look: Look, under: list[str] | None = None) -> dict[str, Any]:
    words = two_lines_each(keys)
    if under is not None:
        small = f"<span style='font-size:12px;color:{look.muted}'>"
        words = [
            f"{shorten(k, 30)}<br>{small}{shorten(u, 32)}</span>"
            for k, u in zip(keys, under, strict=True)
        ]
    return {
        "autorange": False,
        "range": [len(keys) - 0.5, -0.6],
        "tickvals": list(range(len(keys))),
        "ticktext": words,
        **row_names(look),
    }
