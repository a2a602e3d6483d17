"""Why two people see two numbers: two settings of the funnel, reconciled lead by lead."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any, Literal

import pandas as pd

from smarketing.analysis.funnel.records import funnel_records, stage_number
from smarketing.analysis.funnel.settings import FunnelSettings
from smarketing.engine import NO_FILTERS, Engine, Filters


@dataclass(frozen=True)
class Difference:
    """Leads that one setting counts and the other does not, for one reason."""

    side: Literal["a", "b", "both"]
    reason: str
    leads: int
    count_a: int
    count_b: int


@dataclass(frozen=True)
class Reconciliation:
    """Two settings for one stage, reconciled lead by lead.

    `records` has a row per lead that either counts: lead_id, count_a, count_b, side, reason.
    """

    stage: str
    count_a: int
    count_b: int
    differences: tuple[Difference, ...]
    records: pd.DataFrame


def reconcile(
    engine: Engine,
    a: FunnelSettings,
    b: FunnelSettings,
    stage: str,
    filters: Filters = NO_FILTERS,
) -> Reconciliation:
    """Answer why two settings count a stage differently: which leads are in both, in one, and why.

    The counts of the differences add up to both figures. Raises UsageError for an unknown stage.
    """
    number = stage_number(engine, stage)
    counts = [
        funnel_records(engine, choice, stage, filters=filters)["lead_id"].value_counts()
        for choice in (a, b)
    ]
    table = pd.DataFrame({"count_a": counts[0], "count_b": counts[1]}).fillna(0).astype(int)
    table = table.rename_axis("lead_id").reset_index()
    table["side"] = "both"
    table.loc[table["count_b"] == 0, "side"] = "a"
    table.loc[table["count_a"] == 0, "side"] = "b"
    table["reason"] = ""
    several = (table["side"] == "both") & (table["count_a"] != table["count_b"])
    table.loc[several, "reason"] = "it entered the stage more than once"
    for side, other in (("a", b), ("b", a)):
        asked = {"stage_number": number, "reentry": other.reentry}
        facts = engine.run("funnel/lead_facts", asked, filters)
        alone = table["side"] == side
        known = table.loc[alone, ["lead_id"]].merge(facts, on="lead_id", how="left")
        table.loc[alone, "reason"] = [_why_not(other, fact) for fact in known.to_dict("records")]
    return Reconciliation(
        stage,
        int(table["count_a"].sum()),
        int(table["count_b"].sum()),
        _differences(table),
        table.sort_values(["side", "reason", "lead_id"]).reset_index(drop=True),
    )


def _differences(table: pd.DataFrame) -> tuple[Difference, ...]:
    found = []
    for (side, reason), part in table.groupby(["side", "reason"], sort=True):
        sums = (int(part["count_a"].sum()), int(part["count_b"].sum()))
        where: Literal["a", "b", "both"] = side  # type: ignore[assignment]
        found.append(Difference(where, str(reason), len(part), *sums))
    return tuple(sorted(found, key=lambda d: (d.side != "both", -d.leads, d.side, d.reason)))


def _why_not(settings: FunnelSettings, fact: dict[Any, Any]) -> str:
    """Return the first reason for which the settings do not count a lead."""
    if settings.mode == "snapshot":
        return _why_not_standing(settings, fact)
    window = settings.window
    assert window is not None
    if settings.mode == "cohort":
        if _true(fact["is_start_unknown"]):
            return "its beginning is unknown, so it is in no cohort"
        began = fact["began_imputed_day" if settings.skips == "imputed" else "began_day"]
        if pd.isna(began):
            return "it has no entry into the first stage"
        if not window.start <= _day(began) < window.end:
            return "it began outside the window"
    if settings.skips != "imputed" and not _entries(fact):
        return "it skipped the stage, which only imputed counting fills in"
    if settings.skips == "strict" and not _true(fact["is_strict"]):
        return "it did not enter every stage in order"
    if settings.mode == "entered":
        return _why_not_entered(settings, fact)
    return "it does not count there"


def _why_not_entered(settings: FunnelSettings, fact: dict[Any, Any]) -> str:
    prefix = "imputed_" if settings.skips == "imputed" else ""
    day = fact[f"{prefix}{'last' if settings.reentry == 'last' else 'first'}_day"]
    if pd.isna(day):
        return "the date of its entry is unknown"
    which = {"first": "its first entry", "last": "its latest entry", "every": "every entry"}
    return f"{which[settings.reentry]} lies outside the window"


def _why_not_standing(settings: FunnelSettings, fact: dict[Any, Any]) -> str:
    if not _entries(fact):
        return "it skipped the stage, and a snapshot counts where a lead stands"
    if settings.skips == "strict" and not _true(fact["is_strict"]):
        return "it did not enter every stage in order"
    return "it stood elsewhere, or had left, at that instant"


def _entries(fact: dict[Any, Any]) -> int:
    return 0 if pd.isna(fact["entries"]) else int(fact["entries"])


def _true(value: Any) -> bool:
    return not pd.isna(value) and bool(value)


def _day(value: Any) -> dt.date:
    return value if type(value) is dt.date else pd.Timestamp(value).date()
