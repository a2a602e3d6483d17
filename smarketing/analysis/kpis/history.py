"""A KPI over its earlier periods, and whether the latest value is more than normal variation.

The limits are those of an XmR chart over at least twelve earlier periods (`review/limits.py`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from smarketing.agreement import Agreement
from smarketing.analysis.kpis.measured import ALL, NOW
from smarketing.analysis.kpis.reader import Reader
from smarketing.analysis.kpis.scoreboard import chosen
from smarketing.analysis.kpis.values import base_kpis, measure_all
from smarketing.analysis.review.limits import NEEDED, Limits, limits_of
from smarketing.engine import NO_FILTERS, Engine, Filters
from smarketing.periods import Period


@dataclass(frozen=True)
class History:
    """One KPI's values (major units, None: not available), oldest first, the asked period last.

    `limits` are None with fewer than twelve earlier values. `is_partial`: the asked period is not
    over yet by the data's date, so that its value is no like of the earlier ones.
    """

    id: str
    periods: tuple[Period, ...]
    values: tuple[float | None, ...]
    limits: Limits | None
    is_partial: bool

    @property
    def has_changed(self) -> bool | None:
        """Return whether the latest value lies outside the limits; None where nobody can tell."""
        if self.limits is None or self.is_partial or self.values[-1] is None:
            return None
        return not self.limits.holds(self.values[-1])


def history(
    engine: Engine,
    agreement: Agreement,
    ids: Sequence[str] | None,
    window: Period,
    filters: Filters = NO_FILTERS,
    count: int = NEEDED,
) -> dict[str, History]:
    """Answer how KPIs (all listed ones where `ids` is empty) came to their present value.

    One pass per mart over all periods. Leading periods before the first record are cut off.
    """
    asked = chosen(agreement, ids)
    periods = [*window.earlier(count), window]
    windows = {f"p{index}": period for index, period in enumerate(periods)}
    values = measure_all(engine, base_kpis(agreement, asked), windows, filters, strict=bool(ids))
    reader = Reader(engine, agreement, windows | {NOW: window}, filters)
    found = {}
    for kpi in asked:
        series = [reader.shown(kpi, reader.value(kpi, values, name, ALL)) for name in windows]
        begin = next((i for i, v in enumerate(series) if v), len(series) - 1)
        kept = tuple(None if v is None else float(v) for v in series[begin:])
        earlier = [v for v in kept[:-1] if v is not None]
        found[kpi.id] = History(
            kpi.id,
            tuple(periods[begin:]),
            kept,
            limits_of(earlier, at_most=agreement.at_most(kpi)),
            window.last_day > engine.as_of_day,
        )
    return found
