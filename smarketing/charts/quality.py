"""Charts of judgement: what a threshold trades, and two rates side by side with intervals."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from smarketing.charts import format as fmt
from smarketing.charts.axes import value_axis
from smarketing.charts.names import label, shorten, two_lines
from smarketing.charts.theme import Look, empty_figure, legend_on_top, mix


def trade_off(
    frame: pd.DataFrame,
    look: Look,
    *,
    x: str,
    value: str,
    low: str,
    high: str,
    names: tuple[str, str],
    marked: float | None = None,
    marked_as: str = "agreed",
    pale: str | None = None,
    x_title: str = "",
    height: int = 340,
) -> go.Figure:
    """A rate falling or rising along a threshold, with the bounds of another as a band behind it.

    `names` label the line and the band; rows marked `pale` rest on few records and are drawn
    hollow; `marked` draws an upright line. Customdata is x, for drilling.
    """
    figure = empty_figure(look, height)
    if frame.empty:
        return figure
    xs = [float(v) for v in frame[x]]
    band = frame[frame[low].notna() & frame[high].notna()]
    if len(band):
        spread = [float(v) for v in band[x]]
        figure.add_scatter(
            x=spread + spread[::-1],
            y=[float(v) for v in band[high]] + [float(v) for v in band[low]][::-1],
            fill="toself",
            fillcolor=mix(look.shared, look.paper, 0.2),
            line={"width": 0},
            name=names[1],
            hoverinfo="skip",
        )
    hollow = list(frame[pale].astype(bool)) if pale else [False] * len(frame)
    figure.add_scatter(
        x=xs,
        y=[None if fmt.is_missing(v) else float(v) for v in frame[value]],
        mode="lines+markers",
        name=names[0],
        line={"color": look.marketing, "width": 3},
        marker={
            "size": 10,
            "color": [look.paper if h else look.marketing for h in hollow],
            "line": {"color": look.marketing, "width": 2},
        },
        customdata=[f"{v:g}" for v in xs],
        text=[fmt.percent(v) for v in frame[value]],
        hovertemplate="%{x}: %{text} " + names[0] + "<extra></extra>",
    )
    if marked is not None:
        figure.add_vline(x=marked, line={"color": look.ink, "width": 1, "dash": "dash"})
        figure.add_annotation(
            x=marked,
            y=1,
            yref="paper",
            text=f"{marked_as} {marked:g}",
            showarrow=False,
            xanchor="left",
            yanchor="top",
            xshift=6,
            font={"size": 14, "color": look.ink},
        )
    figure.update_layout(
        xaxis={"title": {"text": x_title}, "nticks": 11},
        yaxis={"showgrid": True, "range": [0, 1.04], **value_axis([0.0, 1.0], "rate")},
    )
    return legend_on_top(figure, look)


def paired(
    frame: pd.DataFrame,
    look: Look,
    *,
    key: str,
    first: str,
    second: str,
    names: tuple[str, str],
    pale: str | None = None,
    note: str | None = None,
    labels: Mapping[str, str] | None = None,
) -> go.Figure:
    """Two rates per row with their intervals (`<name>_low`, `<name>_high`), in the order given.

    The first is a filled disc, the second an open diamond; rows marked `pale` are faint, `note`
    is a second line under the key. Customdata is the key, for drilling; `labels` are words for keys
    that are ids.
    """
    figure = empty_figure(look, max(1, len(frame)) * 48 + 84)
    faint = list(frame[pale].astype(bool)) if pale else [False] * len(frame)
    keys = [str(k) for k in frame[key]]
    words = [(labels or {}).get(k, k) for k in keys]
    for rate, name, symbol, colour, shift in (
        (second, names[1], "diamond-open", look.muted, 0.14),
        (first, names[0], "circle", look.marketing, -0.14),
    ):
        hues = [look.faint if f else colour for f in faint]
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
        figure.add_scatter(
            x=[None if fmt.is_missing(v) else float(v) for v in frame[rate]],
            y=[place + shift for place in range(len(keys))],
            mode="markers",
            name=name,
            marker={
                "size": 12,
                "symbol": symbol,
                "color": hues,
                "line": {"width": 2, "color": hues},
            },
            customdata=keys,
            text=[
                f"{label(named)} · {name}: {fmt.percent(v)}"
                for named, v in zip(words, frame[rate], strict=True)
            ],
            hovertemplate="%{text}<extra></extra>",
        )
    under = [str(v) for v in frame[note]] if note else None
    highest = [*frame[f"{first}_high"], *frame[f"{second}_high"]]
    figure.update_layout(
        yaxis=_rows(words, look, under),
        xaxis={"showgrid": True, "rangemode": "tozero", **value_axis(highest, "rate")},
    )
    return legend_on_top(figure, look)


def differences(
    frame: pd.DataFrame,
    look: Look,
    *,
    key: str,
    value: str,
    low: str,
    high: str,
    verdict: str,
    note: str | None = None,
    labels: Mapping[str, str] | None = None,
) -> go.Figure:
    """Differences in points with their intervals around an upright zero, in the order given.

    `verdict` holds "more", "less" or anything else, which is drawn open and muted; `note` is set
    after the interval. Customdata is the key, for drilling; `labels` are words for keys that are
    ids.
    """
    figure = empty_figure(look, max(1, len(frame)) * 44 + 40)
    if frame.empty:
        return figure
    figure.add_vline(x=0, line={"color": look.ink, "width": 1})
    keys = [str(k) for k in frame[key]]
    words = [(labels or {}).get(k, k) for k in keys]
    tints = {"more": look.good, "less": look.bad}
    ends: list[float] = []
    for place, row in enumerate(frame.to_dict("records")):
        colour = tints.get(str(row[verdict]), look.muted)
        solid = str(row[verdict]) in tints
        figure.add_scatter(
            x=[float(row[low]), float(row[high])],
            y=[place, place],
            mode="lines",
            line={"color": colour, "width": 2},
            hoverinfo="skip",
        )
        figure.add_scatter(
            x=[float(row[value])],
            y=[place],
            mode="markers",
            marker={
                "size": 12,
                "symbol": ("triangle-right" if float(row[value]) > 0 else "triangle-left")
                + ("" if solid else "-open"),
                "color": colour,
                "line": {"width": 2, "color": colour},
            },
            customdata=[keys[place]],
            text=[f"{label(words[place])}: {fmt.points(row[value])}"],
            hovertemplate="%{text}<extra></extra>",
        )
        text = f"<b>{fmt.points(row[value])}</b>"
        if note and not fmt.is_missing(row[note]):
            text += f"<br>{row[note]}"
        figure.add_annotation(
            xref="paper",
            x=1,
            y=place,
            text=text,
            showarrow=False,
            xanchor="left",
            align="left",
            xshift=8,
            font={"size": 13, "color": look.ink},
        )
        ends += [float(row[low]), float(row[high])]
    edge = max(abs(e) for e in ends) * 1.05 or 1.0
    width = max((len(str(v)) for v in frame[note]), default=9) if note else 9
    figure.update_layout(
        yaxis=_rows(words, look),
        xaxis={"tickformat": "+.0%", "range": [-edge, edge], "nticks": 3, "showgrid": True},
        margin={"r": 20 + round(7.2 * max(width, 9))},
    )
    return figure


def _rows(keys: list[str], look: Look, under: list[str] | None = None) -> dict[str, Any]:
    words = [two_lines(k) for k in keys]
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
        "tickfont": {"size": 14, "color": look.ink},
        "ticklabelstandoff": 8,
    }
