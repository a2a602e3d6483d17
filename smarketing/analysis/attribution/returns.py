"""What came back for the cost of a window: by the day of the close, or by that of the touch.

By `close`, the default, the credit of the deals closed in the window stands against the cost of the
same window. By `touch` it is the credit of the touches of the window, whenever their deals closed,
that stands against it: the return of the spend itself. The gross margin is always that of the day
on which the revenue was won.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from smarketing.agreement import Agreement
from smarketing.agreement.attribution import RoleWeights
from smarketing.analysis.attribution.question import Columns, Question, in_one_query, question
from smarketing.analysis.attribution.settings import BY_TOUCH
from smarketing.analysis.attribution.totals import KeyTotals
from smarketing.periods import Window

NO_TOUCH_DATES = (
    "Returns by the day of the touch are not available: this model credits keys, not touches."
)
_EPOCH = datetime(1970, 1, 1)
_LONG_AGO_US, _NEVER_US = -(2**62), 2**62


@dataclass(frozen=True)
class Returned:
    """What came back for one key: credit and its gross margin, in minor units.

    `margin` is None where no gross margin was agreed for the day of some of it.
    """

    credit: int
    margin: float | None


def rule_returns(
    asked: Question,
    agreement: Agreement,
    totals: Mapping[str, KeyTotals],
    custom: Mapping[str, RoleWeights],
) -> dict[str, dict[str, Returned]]:
    """Return what came back, per rule-based model and key; `totals` are their credits by close."""
    margins = margins_of(agreement, asked.settings.window)
    if asked.settings.returns_by != BY_TOUCH and len(margins) == 1:
        return {name: at_one_margin(totals[name], margins[0]) for name in totals}
    answer: dict[str, dict[str, Returned]] = {}
    for columns in in_one_query(totals, custom):
        rows = _rows(asked, columns)
        answer |= {name: _by_margin(rows, column) for name, column in columns.names.items()}
    return {name: answer[name] for name in totals}


def margins_of(agreement: Agreement, window: Window) -> list[float | None]:
    """Return the gross margins agreed for the days of a window, in order."""
    changes = sorted(
        entry.starts_on
        for entry in agreement.attribution.gross_margin
        if window.start < entry.starts_on < window.end
    )
    return [agreement.attribution.margin_on(day) for day in (window.start, *changes)]


def at_one_margin(totals: KeyTotals, margin: float | None) -> dict[str, Returned]:
    """Return what came back per key, where one margin holds for all of it."""
    return {
        key: Returned(credit, None if margin is None else credit * margin)
        for key, credit in zip(totals.keys, totals.credit, strict=True)
    }


def _rows(asked: Question, columns: Columns) -> list[dict[str, Any]]:
    engine, settings = asked.engine, asked.settings
    tree, values = question(engine, "attribution/returns", settings, columns)
    bounds = {"from_us": _LONG_AGO_US, "to_us": _NEVER_US}
    if settings.returns_by == BY_TOUCH:
        start, end = settings.window.instants(engine.timezone)
        # A touch comes before its deal's close, so that no earlier deal can have one of the window.
        values |= {"to_day": date.max}
        bounds = {"from_us": _micros(start), "to_us": _micros(end)}
    return engine.rows(tree, values | bounds, asked.filters, asked.by)


def _micros(instant: datetime) -> int:
    return (instant - _EPOCH) // timedelta(microseconds=1)


def _by_margin(rows: Sequence[Mapping[str, Any]], model: str) -> dict[str, Returned]:
    found: dict[str, Returned] = {}
    for row in rows:
        key, credit, margin = str(row["key"]), row[f"{model}_credit"] or 0, row["margin"]
        before = found.get(key, Returned(0, 0.0))
        unknown = before.margin is None or (bool(credit) and margin is None)
        earned = None if unknown else (before.margin or 0.0) + (credit and credit * margin)
        found[key] = Returned(before.credit + credit, earned and float(earned))
    return found
