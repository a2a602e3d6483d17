"""Bars: ranked, stacked by status, Pareto and histogram."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from smarketing.charts import format as fmt
from smarketing.charts.axes import value_axis
from smarketing.charts.names import label, two_lines
from smarketing.charts.theme import Look, empty_figure, ink_on, legend_on_top, mix

OTHER = "other"
#: Letters on a line of the words after a bar.
NOTE_WIDTH = 22
PLAIN = ("(unattributed)", "(unknown)", "(unmapped)", OTHER)


def top_rows(frame: pd.DataFrame, key: str, value: str, keep: int) -> pd.DataFrame:
    """The `keep` largest rows by `value`, largest first, the rest summed into "other".

    Rows in brackets, such as (unattributed), stand at the end and are never folded away.
    """
    ranked = frame.sort_values([value, key], ascending=[False, True], kind="stable")
    plain = ranked[key].isin(PLAIN)
    named, rest = ranked[~plain], ranked[plain]
    if len(named) > keep:
        tail = named.iloc[keep:]
        row = pd.DataFrame([{key: OTHER, value: tail[value].sum(), "_folded": len(tail)}])
        named = pd.concat([named.iloc[:keep], row], ignore_index=True)
    return pd.concat([named, rest], ignore_index=True)


def ranked_bars(
    frame: pd.DataFrame,
    look: Look,
    *,
    key: str,
    value: str,
    unit: str,
    currency: str = "EUR",
    hue: str | None = None,
    low: str | None = None,
    high: str | None = None,
    note: str | None = None,
    keep: int = 12,
    labels: Mapping[str, str] | None = None,
    in_order: bool = False,
    pale: str | None = None,
) -> go.Figure:
    """Horizontal bars sorted by value, each labelled; customdata holds the key for drilling.

    `low` and `high` are columns with an interval, `note` one with text set after the value;
    `labels` are words for keys that are ids. `in_order` keeps the order of keys that have one.
    `pale` is a boolean column: too few records to judge, so the note replaces the value.
    """
    rows = frame if in_order else top_rows(frame, key, value, keep)
    figure = empty_figure(look, max(1, len(rows)) * _row_height(rows, note) + 16)
    if rows.empty:
        return figure
    colour = hue or look.shared
    keys = [str(k) for k in rows[key]]
    # The row of the rest is of no kind: it is never pale itself.
    faint = [not fmt.is_missing(p) and bool(p) for p in rows[pale]] if pale else [False] * len(keys)
    fills = [mix(look.muted, look.paper, 0.42) if k in PLAIN else colour for k in keys]
    fills = [mix(f, look.paper, 0.35) if p else f for f, p in zip(fills, faint, strict=True)]
    values = [0.0 if fmt.is_missing(v) else float(v) for v in rows[value]]
    texts = [
        str(row[note]) if note and is_pale else _text(row, value, note, unit, currency)
        for row, is_pale in zip(rows.to_dict("records"), faint, strict=True)
    ]
    named = [(labels or {}).get(k, k) for k in keys]
    whiskers = _whiskers(rows, values, low, high, look)
    figure.add_bar(
        x=values,
        y=list(range(len(keys))),
        orientation="h",
        marker={"color": fills, "line": {"width": 0}},
        customdata=keys,
        hovertext=[
            f"{label(n)}: {t.replace('<br>', ' ')}" for n, t in zip(named, texts, strict=True)
        ],
        error_x=whiskers,
        hovertemplate="%{hovertext}<extra></extra>",
    )
    ends = [max(v, 0.0) for v in values]
    if whiskers is not None:
        ends = [e + max(up, 0.0) for e, up in zip(ends, whiskers["array"], strict=True)]
    for place, (end, text) in enumerate(zip(ends, texts, strict=True)):
        # Words at the end of an interval would read as its end: they stand apart.
        figure.add_annotation(
            x=end if whiskers is None else 1,
            xref="x" if whiskers is None else "paper",
            y=place,
            text=text,
            showarrow=False,
            xanchor="left",
            align="left",
            xshift=6,
            font={"size": 14, "color": look.ink},
        )
    start = min([*values, 0.0])
    figure.update_layout(
        yaxis={
            "autorange": "reversed",
            "tickvals": list(range(len(keys))),
            "ticktext": [two_lines(k) for k in named],
            "tickfont": {"size": 14, "color": look.ink},
            "ticklabelstandoff": 8,
        },
        xaxis={"visible": False, "range": [start * 1.2, max(ends) or 1]},
        # In pixels, so that the words after the longest bar fit at every width.
        margin={"r": 14 + max(_width(text) for text in texts)},
    )
    return figure


def _width(text: str) -> int:
    """Pixels of the words after a bar: a value is set bolder and wider than what is noted of it."""
    lines = text.split("<br>")
    return max(
        round((8.2 if "<b>" in line else 7.3) * len(line.replace("<b>", "").replace("</b>", "")))
        for line in lines
    )


def effects(
    frame: pd.DataFrame,
    look: Look,
    *,
    key: str,
    value: str,
    unit: str,
    currency: str = "EUR",
    good_is_up: bool = True,
    note: str | None = None,
    labels: Mapping[str, str] | None = None,
    keep: int = 10,
) -> go.Figure:
    """What each member did to a change: bars to both sides of zero, in the order given.

    Good and bad have one hue each; the sign and the side say the same without colour.
    """
    rows = frame.head(keep)
    figure = empty_figure(look, max(1, len(rows)) * 44 + 16)
    values = [float(v) for v in rows[value]]
    words = [fmt.points(v) if unit == "rate" else fmt.by_unit(v, unit, currency) for v in values]
    up, down = (look.good, look.bad) if good_is_up else (look.bad, look.good)
    figure.add_bar(
        x=values,
        y=list(range(len(rows))),
        orientation="h",
        marker={"color": [up if v > 0 else down for v in values], "line": {"width": 0}},
        customdata=[str(k) for k in rows[key]],
        hoverinfo="skip",
    )
    notes = [str(n) for n in rows[note]] if note else [""] * len(rows)
    for place, (v, text, extra) in enumerate(zip(values, words, notes, strict=True)):
        figure.add_annotation(
            x=max(v, 0.0),
            y=place,
            text=f"<b>{text}</b>" + (f"<br>{extra}" if extra else ""),
            showarrow=False,
            xanchor="left",
            align="left",
            xshift=6,
            font={"size": 14, "color": look.ink},
        )
    figure.add_vline(x=0, line={"color": look.muted, "width": 1})
    names = [(labels or {}).get(str(k), str(k)) for k in rows[key]]
    figure.update_layout(
        yaxis={
            "autorange": "reversed",
            "tickvals": list(range(len(rows))),
            "ticktext": [two_lines(name) for name in names],
            "tickfont": {"size": 14, "color": look.ink},
            "ticklabelstandoff": 8,
        },
        # The words stand in the margin, so that the bars have the plot to themselves.
        xaxis={"visible": False, "range": [min([*values, 0.0]), max([*values, 0.0]) or 1]},
        margin={"r": 14 + round(8.2 * max(map(len, [*words, *notes]), default=0))},
    )
    return figure


def _row_height(rows: pd.DataFrame, note: str | None) -> int:
    """Pixels of a bar: as many as the value and its note need."""
    if note is None:
        return 38
    notes = [str(words) for words in rows[note] if not fmt.is_missing(words)]
    longest = max((len(textwrap.wrap(words, NOTE_WIDTH)) for words in notes), default=1)
    return 26 + 18 * longest


def _text(row: dict[Any, Any], value: str, note: str | None, unit: str, currency: str) -> str:
    text = f"<b>{fmt.by_unit(row[value], unit, currency)}</b>"
    extra = row.get(note) if note else None
    folded = row.get("_folded")
    if not fmt.is_missing(folded) and folded:
        extra = f"{int(folded)} more"
    if fmt.is_missing(extra) or not extra:
        return text
    if len(str(extra)) <= 8:
        return f"{text}  {extra}"
    return "<br>".join([text, *textwrap.wrap(str(extra), NOTE_WIDTH)])


def _whiskers(
    rows: pd.DataFrame, values: list[float], low: str | None, high: str | None, look: Look
) -> dict[str, Any] | None:
    if low is None or high is None or low not in rows or rows[low].isna().all():
        return None
    ups = [
        0.0 if fmt.is_missing(h) else float(h) - v for h, v in zip(rows[high], values, strict=True)
    ]
    downs = [
        0.0 if fmt.is_missing(lo) else v - float(lo)
        for lo, v in zip(rows[low], values, strict=True)
    ]
    return {
        "type": "data",
        "symmetric": False,
        "array": ups,
        "arrayminus": downs,
        "color": look.ink,
        "thickness": 1,
        "width": 4,
    }


def stacked(
    frame: pd.DataFrame,
    look: Look,
    *,
    key: str,
    parts: Sequence[tuple[str, str, str]],
    unit: str = "count",
    currency: str = "EUR",
    labels: Mapping[str, str] | None = None,
) -> go.Figure:
    """One bar per row split into named parts: (column, label, colour); wide parts are labelled.

    Customdata is [key, column], for drilling; `labels` are words for keys that are ids.
    """
    keys = [str(k) for k in frame[key]]
    named = [(labels or {}).get(k, k) for k in keys]
    row_height = 48 if any("<br>" in two_lines(name) for name in named) else 40
    figure = empty_figure(look, max(1, len(frame)) * row_height + 44)
    total = max((float(frame[[p[0] for p in parts]].sum(axis=1).max()) if len(frame) else 0), 1e-9)
    for column, words, colour in parts:
        values = [0.0 if fmt.is_missing(v) else float(v) for v in frame[column]]
        figure.add_bar(
            x=values,
            y=list(range(len(keys))),
            orientation="h",
            name=label(words),
            marker={"color": colour, "line": {"width": 1, "color": look.paper}},
            text=[fmt.by_unit(v, unit, currency) if v / total > 0.06 else "" for v in values],
            textposition="inside",
            insidetextanchor="middle",
            textfont={"size": 13, "color": ink_on(colour)},
            textangle=0,
            customdata=[[k, column] for k in keys],
            hovertext=[
                f"{label(k)}: {fmt.by_unit(v, unit, currency)} {label(words)}"
                for k, v in zip(named, values, strict=True)
            ],
            hovertemplate="%{hovertext}<extra></extra>",
        )
    figure.update_layout(
        barmode="stack",
        yaxis={
            "autorange": "reversed",
            "tickvals": list(range(len(keys))),
            "ticktext": [two_lines(k) for k in named],
            "tickfont": {"size": 14, "color": look.ink},
            "ticklabelstandoff": 8,
        },
        xaxis={"visible": False},
    )
    # A phone is about 330 pixels wide; a letter takes 8, what stands before a word 34.
    wide = sum(34 + 8 * len(words) for _, words, _ in parts)
    return legend_on_top(figure, look, rows=math.ceil(wide / 330))


def pareto(
    frame: pd.DataFrame,
    look: Look,
    *,
    key: str,
    value: str,
    hue: str | None = None,
    keep: int = 10,
    of: str | None = None,
    labels: Mapping[str, str] | None = None,
) -> go.Figure:
    """Ranked bars of counts with the running share of the total written after each.

    `of` names a column with what each count is a part of; `labels` are words for keys that are ids.
    """
    rows = top_rows(frame, key, value, keep)
    total = float(rows[value].sum()) or 1.0
    shares = [f"{fmt.percent(share, 0)} so far" for share in rows[value].cumsum() / total]
    if of is not None:
        wholes = rows[of] if of in rows else [None] * len(rows)
        shares = [
            words if fmt.is_missing(whole) else f"of {fmt.number(whole)}, {words}"
            for words, whole in zip(shares, wholes, strict=True)
        ]
    return ranked_bars(
        rows.assign(_note=shares),
        look,
        key=key,
        value=value,
        unit="count",
        hue=hue,
        note="_note",
        keep=keep + 1,
        labels=labels,
    )


def columns(
    frame: pd.DataFrame,
    look: Look,
    *,
    x: str,
    value: str,
    unit: str = "count",
    currency: str = "EUR",
    hue: str | None = None,
    x_title: str = "",
    pale: str | None = None,
    height: int = 280,
    decimals: int | None = None,
) -> go.Figure:
    """Upright bars over an ordered axis, such as a histogram; `pale` names a boolean column.

    `decimals` is for rates, whose labels are narrow when whole.
    """
    figure = empty_figure(look, height)
    colour = hue or look.shared
    texts = [fmt.by_unit(v, unit, currency) for v in frame[value]]
    if decimals is not None and unit in {"rate", "share", "percent"}:
        texts = [fmt.percent(v, decimals) for v in frame[value]]
    is_pale = list(frame[pale]) if pale else [False] * len(frame)
    keys = [str(v) for v in frame[x]]
    figure.add_bar(
        x=keys,
        y=list(frame[value]),
        marker={"color": [mix(colour, look.paper, 0.38) if p else colour for p in is_pale]},
        text=texts if len(frame) <= 16 else None,
        textposition="outside",
        textfont={"size": 13, "color": look.ink},
        cliponaxis=False,
        customdata=keys,
        hovertext=[f"{label(k)}: {text}" for k, text in zip(keys, texts, strict=True)],
        hovertemplate="%{hovertext}<extra></extra>",
    )
    many = len(frame) > 16
    some = keys[:: -(-len(keys) // 12) or 1]
    figure.update_layout(
        xaxis={
            "title": {"text": x_title},
            "type": "category",
            "tickvals": some,
            "ticktext": [label(k) for k in some],
        },
        yaxis={
            "visible": many,
            "showgrid": many,
            "rangemode": "tozero",
            **value_axis(frame[value], unit, currency),
        },
        margin={"t": 24},
        bargap=0.18,
    )
    return figure
