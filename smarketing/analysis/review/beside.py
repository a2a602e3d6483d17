"""What is known of each KPI beside what the agreement says: the limits agreed for it, its SQL."""

from __future__ import annotations

from collections.abc import Iterable

from smarketing.agreement import Agreement
from smarketing.agreement.readable import Beside
from smarketing.analysis.kpis.scoreboard import kpi_sql
from smarketing.engine import Engine
from smarketing.errors import SmarketingError
from smarketing.periods import day_words, period_of
from smarketing.workspace.records import Limits

LIMITS, SQL = "Limits", "SQL"


def limits_of(decided: Iterable[Limits]) -> dict[str, list[tuple[str, str]]]:
    """Return the limits that stand, in words, by KPI: of each and each grain the last decided."""
    last = {(one.kpi, one.grain): one for one in decided}
    found: dict[str, list[tuple[str, str]]] = {}
    for (kpi, grain), one in last.items():
        text = (
            f"by {grain} {one.low:g} to {one.high:g} around {one.mean:g}, from the data of "
            f"{day_words(one.based_from)} to {day_words(one.based_to)}; decided by "
            f"{one.decided_by} on {day_words(one.decided_at)}: {one.reason}"
        )
        found.setdefault(kpi, []).append((LIMITS, text))
    return found


def beside(engine: Engine, agreement: Agreement, decided: Iterable[Limits]) -> Beside:
    """Return limits and SQL by KPI, the SQL as it is run for the last whole quarter.

    A KPI that cannot be asked of this build says why instead.
    """
    limits = limits_of(decided)
    quarter = period_of(engine.as_of_day, "quarter").previous()
    found = {}
    for kpi in agreement.kpis:
        try:
            text = kpi_sql(engine, agreement, kpi.id, quarter)
        except SmarketingError as error:
            text = f"not available: {str(error).splitlines()[0]}"
        found[kpi.id] = [*limits.get(kpi.id, []), (SQL, text)]
    return found
