"""Bars: ranked, stacked by status, Pareto and histogram."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from smarketing.charts import format as fmt
from smarketing.charts.axes import value_axis
from smarketing.charts.encoding import Encoding, named_rows
from smarketing.charts.names import label, two_lines
from smarketing.charts.theme import Look, annotate, empty_figure, ink_on, legend_on_top, mix

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
    frame: pd.DataFrame, look: Look, drawn: Encoding, *, keep: int = 12, in_order: bool = False
) -> go.Figure:
    """Horizontal bars sorted by value, each labelled; customdata holds the key for drilling.

    `in_order` keeps the order of keys that have one. A note is set after the value; where a row is
    pale it replaces the value.
    """
    rows = frame if in_order else top_rows(frame, drawn.key, drawn.value, keep)
    figure = empty_figure(look, max(1, len(rows)) * _row_height(rows, drawn.note) + 16)
    if rows.empty:
        return figure
    names, values, texts = drawn.names(rows), drawn.values(rows), _texts(rows, drawn)
    whiskers = _whiskers(rows, values, drawn, look)
    figure.add_bar(
        x=values,
        y=list(range(len(rows))),
        orientation="h",
        marker={"color": _fills(rows, drawn, look), "line": {"width": 0}},
        customdata=[str(k) for k in rows[drawn.key]],
        hovertext=[
            f"{label(n)}: {t.replace('<br>', ' ')}" for n, t in zip(names, texts, strict=True)
        ],
        error_x=whiskers,
        hovertemplate="%{hovertext}<extra></extra>",
    )
    ends = [max(v, 0.0) for v in values]
    if whiskers is not None:
        ends = [e + max(up, 0.0) for e, up in zip(ends, whiskers["array"], strict=True)]
    # Words at the end of an interval would read as its end: they stand apart.
    of = "x" if whiskers is None else "paper"
    places = ends if whiskers is None else [1] * len(ends)
    _write_after(figure, look, texts, places, of)
    figure.update_layout(
        yaxis=named_rows(names, look),
        xaxis={"visible": False, "range": [min([*values, 0.0]) * 1.2, max(ends) or 1]},
        # In pixels, so that the words after the longest bar fit at every width.
        margin={"r": 14 + max(_width(text) for text in texts)},
    )
    return figure


def _fills(rows: pd.DataFrame, drawn: Encoding, look: Look) -> list[str]:
    """The colour of each bar: grey where it is of no member, faint where it rests on too little."""
    colour, grey = drawn.hue or look.shared, mix(look.muted, look.paper, 0.42)
    fills = [grey if str(k) in PLAIN else colour for k in rows[drawn.key]]
    faint = drawn.faint(rows)
    return [mix(f, look.paper, 0.35) if pale else f for f, pale in zip(fills, faint, strict=True)]


def _write_after(
    figure: go.Figure, look: Look, texts: Sequence[str], ends: Sequence[float], of: str = "x"
) -> None:
    """Set the words of each bar after its end, which is a place of the axis or of the paper."""
    annotate(
        figure,
        [
            {
                "x": end,
                "xref": of,
                "y": place,
                "text": text,
                "showarrow": False,
                "xanchor": "left",
                "align": "left",
                "xshift": 6,
                "font": {"size": 14, "color": look.ink},
            }
            for place, (end, text) in enumerate(zip(ends, texts, strict=True))
        ],
    )


def _width(text: str) -> int:
    """Pixels of the words after a bar: a value is set bolder and wider than what is noted of it."""
    lines = text.split("<br>")
    return max(
        round((8.2 if "<b>" in line else 7.3) * len(line.replace("<b>", "").replace("</b>", "")))
        for line in lines
    )


def effects(
    frame: pd.DataFrame, look: Look, drawn: Encoding, *, good_is_up: bool = True, keep: int = 10
) -> go.Figure:
    """What each member did to a change: bars to both sides of zero, in the order given.

    Good and bad have one hue each; the sign and the side say the same without colour.
    """
    rows = frame.head(keep)
    figure = empty_figure(look, max(1, len(rows)) * 44 + 16)
    values = [float(v) for v in rows[drawn.value]]
    words = [fmt.points(v) if drawn.unit == "rate" else drawn.written(v) for v in values]
    up, down = (look.good, look.bad) if good_is_up else (look.bad, look.good)
    figure.add_bar(
        x=values,
        y=list(range(len(rows))),
        orientation="h",
        marker={"color": [up if v > 0 else down for v in values], "line": {"width": 0}},
        customdata=[str(k) for k in rows[drawn.key]],
        hoverinfo="skip",
    )
    notes = [str(n) for n in rows[drawn.note]] if drawn.note else [""] * len(rows)
    said = [
        f"<b>{text}</b>" + (f"<br>{extra}" if extra else "")
        for text, extra in zip(words, notes, strict=True)
    ]
    _write_after(figure, look, said, [max(v, 0.0) for v in values])
    figure.add_vline(x=0, line={"color": look.muted, "width": 1})
    figure.update_layout(
        yaxis=named_rows(drawn.names(rows), look),
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


def _texts(rows: pd.DataFrame, drawn: Encoding) -> list[str]:
    """The words after each bar."""
    return [
        str(row[drawn.note]) if drawn.note and is_pale else _text(row, drawn)
        for row, is_pale in zip(rows.to_dict("records"), drawn.faint(rows), strict=True)
    ]


def _text(row: dict[Any, Any], drawn: Encoding) -> str:
    text = f"<b>{drawn.written(row[drawn.value])}</b>"
    extra = row.get(drawn.note) if drawn.note else None
    folded = row.get("_folded")
    if not fmt.is_missing(folded) and folded:
        extra = f"{int(folded)} more"
    if fmt.is_missing(extra) or not extra:
        return text
    if len(str(extra)) <= 8:
        return f"{text}  {extra}"
    return "<br>".join([text, *textwrap.wrap(str(extra), NOTE_WIDTH)])


def _whiskers(
    rows: pd.DataFrame, values: list[float], drawn: Encoding, look: Look
) -> dict[str, Any] | None:
    low, high = drawn.low, drawn.high
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
    frame: pd.DataFrame, look: Look, drawn: Encoding, parts: Sequence[tuple[str, str, str]]
) -> go.Figure:
    """One bar per row split into named parts: (column, label, colour); wide parts are labelled.

    The values are in the columns of the parts. Customdata is [key, column], for drilling.
    """
    keys, names = [str(k) for k in frame[drawn.key]], drawn.names(frame)
    row_height = 48 if any("<br>" in two_lines(name) for name in names) else 40
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
            text=[drawn.written(v) if v / total > 0.06 else "" for v in values],
            textposition="inside",
            insidetextanchor="middle",
            textfont={"size": 13, "color": ink_on(colour)},
            textangle=0,
            customdata=[[k, column] for k in keys],
            hovertext=[
                f"{label(name)}: {drawn.written(v)} {label(words)}"
                for name, v in zip(names, values, strict=True)
            ],
            hovertemplate="%{hovertext}<extra></extra>",
        )
    figure.update_layout(barmode="stack", yaxis=named_rows(names, look), xaxis={"visible": False})
    # What a bar is too narrow for, as on a phone, is left out rather than written too small.
    figure.update_layout(uniformtext={"minsize": 13, "mode": "hide"})
    # A phone is about 330 pixels wide; a letter takes 8, what stands before a word 34.
    wide = sum(34 + 8 * len(words) for _, words, _ in parts)
    return legend_on_top(figure, look, rows=math.ceil(wide / 330))


def pareto(
    frame: pd.DataFrame, look: Look, drawn: Encoding, *, keep: int = 10, of: str | None = None
) -> go.Figure:
    """Ranked bars of counts, each with its share of the total and those above it.

    `of` names a column with what each count is a part of.
    """
    rows = top_rows(frame, drawn.key, drawn.value, keep)
    counts = rows[drawn.value]
    total = float(counts.sum()) or 1.0
    running = [fmt.percent(share, 0) for share in counts.cumsum() / total]
    shares = running[:1] + [f"together {share}" for share in running[1:]]
    if of is not None:
        wholes = rows[of] if of in rows else [None] * len(rows)
        shares = [
            words if fmt.is_missing(whole) else f"of {fmt.number(whole)}, {words}"
            for words, whole in zip(shares, wholes, strict=True)
        ]
    noted = replace(drawn, note="_note")
    return ranked_bars(rows.assign(_note=shares), look, noted, keep=keep + 1)


def columns(
    frame: pd.DataFrame,
    look: Look,
    drawn: Encoding,
    *,
    height: int = 280,
    decimals: int | None = None,
) -> go.Figure:
    """Upright bars over an ordered axis, such as a histogram.

    `decimals` is for rates, whose labels are narrow when whole.
    """
    figure = empty_figure(look, height)
    colour = drawn.hue or look.shared
    texts = [drawn.written(v) for v in frame[drawn.value]]
    if decimals is not None and drawn.unit in {"rate", "share", "percent"}:
        texts = [fmt.percent(v, decimals) for v in frame[drawn.value]]
    keys = [str(v) for v in frame[drawn.key]]
    many = len(frame) > 16
    figure.add_bar(
        x=keys,
        y=list(frame[drawn.value]),
        marker={
            "color": [mix(colour, look.paper, 0.38) if p else colour for p in drawn.faint(frame)]
        },
        text=None if many else texts,
        textposition="outside",
        textfont={"size": 13, "color": look.ink},
        cliponaxis=False,
        customdata=keys,
        hovertext=[f"{label(k)}: {text}" for k, text in zip(keys, texts, strict=True)],
        hovertemplate="%{hovertext}<extra></extra>",
    )
    some = keys[:: -(-len(keys) // 12) or 1]
    figure.update_layout(
        xaxis={
            "title": {"text": drawn.title},
            "type": "category",
            "tickvals": some,
            "ticktext": [label(k) for k in some],
        },
        yaxis={
            "visible": many,
            "showgrid": many,
            "rangemode": "tozero",
            **value_axis(frame[drawn.value], drawn.unit, drawn.currency),
        },
        margin={"t": 24},
        bargap=0.18,
    )
    return figure
