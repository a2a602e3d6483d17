"""Tables as text: those that are read rather than compared, and the whole of any table on paper.

A table on the screen is a picture that scrolls; paper can do neither.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import pandas as pd
import streamlit as st

from smarketing.charts import format as fmt
from smarketing.charts.names import html
from smarketing.periods import moment_words

#: From this much on, hundredths of an amount say nothing.
WHOLE_FROM = 10_000
#: From this many characters on, a cell is a sentence: it is wrapped rather than cut.
SENTENCE = 60
#: Rows of one table that are printed at most.
PRINTED = 200
#: Rows that a browser wraps at most; of more, cells are cut.
WRAPPED = 2_000
_WHOLE_MONEY = "whole money"
_RIGHT = frozenset({"money", "currency", "rate", "share", "percent", "ratio", "right", "bar"})


def is_read(frame: pd.DataFrame) -> bool:
    """Whether a table holds texts alone, sentences among them, and is short enough to be read."""
    if not 0 < len(frame) <= WRAPPED or not all(
        pd.api.types.is_string_dtype(frame[name].dropna()) for name in frame.columns
    ):
        return False
    return any(len(str(cell)) > SENTENCE for name in frame.columns for cell in frame[name].dropna())


def read(frame: pd.DataFrame, labels: Mapping[str, str], *, height: int, alt: str) -> None:
    """A table to be read: its sentences wrapped, scrolled within `height` pixels."""
    body = _table(frame, labels, {}, "")
    st.html(
        f'<div class="sm-read" style="max-height:{height}px" tabindex="0" role="region" '
        f'aria-label="{html(alt)}">{body}</div>'
    )


def on_paper(
    frame: pd.DataFrame, labels: Mapping[str, str], units: Mapping[str, str], currency: str
) -> None:
    """The same table for the printer alone."""
    st.html(f'<div class="sm-paper">{paper(frame, labels, units, currency)}</div>')


def paper(
    frame: pd.DataFrame, labels: Mapping[str, str], units: Mapping[str, str], currency: str
) -> str:
    """A table as HTML; beyond `PRINTED` rows it says how many are left out."""
    body = _table(frame.head(PRINTED), labels, units, currency)
    left = len(frame) - PRINTED
    if left <= 0:
        return body
    said = fmt.many(left, "more row is", "more rows are")
    return f"{body}<p>{said} not printed: the export has all.</p>"


def _table(
    frame: pd.DataFrame, labels: Mapping[str, str], units: Mapping[str, str], currency: str
) -> str:
    labelled, lines, right = written(frame, labels, units, currency)
    heads = "".join(_cell("th", text, n in right) for n, text in enumerate(labelled))
    rows = "".join(
        f"<tr>{''.join(_cell('td', cell, n in right) for n, cell in enumerate(line))}</tr>"
        for line in lines
    )
    return f"<table><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>"


def written(
    frame: pd.DataFrame, labels: Mapping[str, str], units: Mapping[str, str], currency: str
) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...], tuple[int, ...]]:
    """A table as texts: its headings, its rows, and the places of the columns that stand right."""
    names = [str(name) for name in frame.columns if units.get(str(name)) != "spark"]
    columns = [_written(frame[name], units.get(name, ""), currency) for name in names]
    right = (n for n, name in enumerate(names) if _is_right(frame[name], units.get(name, "")))
    return tuple(labels[n] for n in names), tuple(zip(*columns, strict=True)), tuple(right)


def _cell(tag: str, words: str, is_right: bool) -> str:
    return f"<{tag}{' class=sm-right' if is_right else ''}>{html(words)}</{tag}>"


def _is_right(values: pd.Series, unit: str) -> bool:
    is_number = pd.api.types.is_numeric_dtype(values) and not pd.api.types.is_bool_dtype(values)
    return is_number or unit in _RIGHT


def _written(values: pd.Series, unit: str, currency: str) -> Sequence[str]:
    if unit in {"money", "currency"}:
        known = pd.to_numeric(values, errors="coerce").abs().dropna()
        unit = "money" if (known < WHOLE_FROM).all() else _WHOLE_MONEY
    return ["" if _is_nothing(value) else _words(value, unit, currency) for value in values]


def _is_nothing(value: Any) -> bool:
    return not isinstance(value, list | tuple | dict) and fmt.is_missing(value)


def _words(value: Any, unit: str, currency: str) -> str:
    """A cell as its column writes it on the screen."""
    if unit == "money" or (unit == _WHOLE_MONEY and 0 < abs(value) < 1):
        return fmt.money(value, currency, exact=True)
    if unit == _WHOLE_MONEY:
        return fmt.with_currency(fmt.number(value), currency)
    if unit in {"rate", "share", "percent", "bar"}:
        return fmt.percent(value)
    if unit in {"ratio", "difference"}:
        return fmt.by_unit(value, unit, currency)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return fmt.number(value, 0 if value.is_integer() else 2)
    if isinstance(value, pd.Timestamp):
        return moment_words(value)
    if isinstance(value, date):
        return fmt.day(value)
    return str(value)
