"""What each member undertook to win, and what they won of it."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from smarketing.analysis.kpis.result import KpiResult
from smarketing.analysis.kpis.scoreboard import kpis
from smarketing.charts import format as fmt
from smarketing.ui.cards import records_of
from smarketing.ui.exhibit import Exhibit
from smarketing.ui.explain import of_kpi
from smarketing.ui.kpi_view import of_kpi as kpi_view
from smarketing.ui.session import ask
from smarketing.ui.view import View

QUOTA = "quota_attainment"


def members(view: View) -> list[KpiResult]:
    """Quota, won amount and attainment of each member with a quota in the period, best first.

    Empty where the agreement has no such KPI, or nobody has a quota in the period.
    """
    agreement = view.store.agreement
    if QUOTA not in {kpi.id for kpi in agreement.kpis}:
        return []
    found = [one for one in _whole(view).by or () if one.denominator]
    return sorted(found, key=lambda one: (-(one.value or 0), one.key))


def _whole(view: View) -> KpiResult:
    """All members together, each beside them."""
    asked = (view.store.agreement, (QUOTA,), view.window, view.filters, "owner")
    return ask(view.store, kpis, *asked)[0]


def sentence(one: KpiResult, currency: str) -> str:
    """What one member won of their quota, in words."""
    won, quota = (fmt.money(amount or 0, currency) for amount in (one.numerator, one.denominator))
    return f"In the period they won {won} of a quota of {quota} ({fmt.percent(one.value, 0)})."


def by_member(view: View, found: Sequence[KpiResult]) -> Exhibit:
    """Each member's quota of the period, what they won of it, and how much is missing."""
    frame = pd.DataFrame(
        [
            {
                "owner": one.key,
                "quota": one.denominator,
                "won": one.numerator or 0.0,
                "missing": max((one.denominator or 0) - (one.numerator or 0), 0.0),
                "attainment": one.value,
            }
            for one in found
        ]
    )
    met = sum((one.value or 0) >= 1 for one in found)
    many = "The one member with a quota" if len(found) == 1 else f"{met} of {len(found)} members"
    is_one = len(found) == 1
    title = f"{many} {'has' if is_one or met == 1 else 'have'} "
    title += ("" if met else "not ") * is_one + "reached the quota of the period"
    note = _whole(view).note
    running = view.window.last_day > view.store.engine.as_of_day
    return Exhibit(
        key="quotas",
        needs=("fct_quota",),
        title=title,
        reading="Won amounts against the quotas of the period, each by the member who holds it."
        + (" The period is not over yet: what is missing can still be won." if running else "")
        + (f" {note}." if note else ""),
        view=kpi_view(view, view.store.agreement.kpi(QUOTA)),
        definition=of_kpi(view, QUOTA, "owner"),
        data=frame,
        records=lambda part: records_of(view, QUOTA, None if part is None else "owner", part),
        parts={one.key: one.key for one in found},
        units={**dict.fromkeys(("quota", "won", "missing"), "money"), "attainment": "rate"},
        height=480,
    )
