"""Why a KPI is not available, and what must be said beside one that is."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from smarketing.agreement import Agreement, Kpi
from smarketing.agreement.checks import QUANTITIES, TARGET, formula_names
from smarketing.analysis.availability import lacking_some, nothing_to_divide_by, without_date
from smarketing.analysis.kpis.measured import ALL, NOW, Values
from smarketing.analysis.kpis.values import base_kpis

if TYPE_CHECKING:
    from smarketing.analysis.kpis.reader import Reader

A_STOCK = "it is known as of the data's date alone"
DIVIDES_BY_NOTHING = "its formula divides by 0"


def why(reader: Reader, kpi: Kpi, values: Values, window: str, key: str) -> str | None:
    """Say why a KPI has no value in a window; None where it has one."""
    if kpi.id in values.missing:
        return values.missing[kpi.id]
    if reader.value(kpi, values, window, key) is not None:
        return None
    if kpi.expression is not None:
        is_stock = window != NOW and (kpi.id, window) not in values.zeros and not kpi.date_column
        return A_STOCK if is_stock else values.why(kpi.id, window, key)
    return next(_of_parts(reader, kpi, values, window, key), None)


def _of_parts(reader: Reader, kpi: Kpi, values: Values, window: str, key: str) -> Iterator[str]:
    agreement = reader.agreement
    if kpi.ratio is not None:
        parts = [agreement.kpi(n) for n in (kpi.ratio.numerator, kpi.ratio.denominator)]
        for part in parts:
            if reason := why(reader, part, values, window, key):
                yield reason
        yield nothing_to_divide_by(parts[1].label)
        return
    for name in formula_names(str(kpi.formula)):
        if reader.is_quantity(name):
            if reader.quantity(name, window) is None:
                yield f"nobody agreed {QUANTITIES[name].removeprefix('the agreed ')}"
        elif reader.is_target(name):
            if reader.target(name.removeprefix(TARGET), window, key) is None:
                label = agreement.kpi(name.removeprefix(TARGET)).label
                period = reader.windows[window].label
                yield f"nobody agreed a target of {label} for {period} as filtered"
        elif reason := why(reader, agreement.kpi(name), values, window, key):
            yield reason
    yield DIVIDES_BY_NOTHING


def beside(agreement: Agreement, kpi: Kpi, values: Values, key: str = ALL) -> str | None:
    """Say what a value lacks: amounts that are not known, records of no known date."""
    said = []
    for base in base_kpis(agreement, [kpi]):
        whose = "" if base.id == kpi.id else f"{base.label}: "
        value, undated = values.of(base.id, NOW, key), values.undated(base.id, key)
        if 0 < value.lacking < value.n:
            said.append(whose + lacking_some(value.lacking, value.n, values.currency))
        if undated:
            said.append(whose + without_date(undated))
    return "; ".join(said) or None


def undated(agreement: Agreement, kpi: Kpi, values: Values, key: str = ALL) -> int:
    """Return how many records a KPI and its parts leave out of every period for want of a day."""
    return sum(values.undated(base.id, key) for base in base_kpis(agreement, [kpi]))
