"""Targets: where a KPI should stand by now, and how it stands against that."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Literal

from smarketing.agreement import Agreement, Kpi, Target
from smarketing.analysis.kpis.formulas import adds_up
from smarketing.analysis.kpis.measured import ALL, Values
from smarketing.analysis.kpis.values import Windows
from smarketing.engine import Filters
from smarketing.periods import Period

Status = Literal["ahead", "on track", "at risk", "behind"]
#: Like periods that a seasonal pace learns from.
SEASONS = 4


@dataclass(frozen=True)
class Standing:
    """A target, how much of it was due by the as-of day, and the status against that."""

    target: float
    expected: float | None
    share_due: float
    tolerance: float
    status: Status | None


def target_of(
    agreement: Agreement, kpi_id: str, window: Period, filters: Filters, by: str | None, key: str
) -> Target | None:
    """Return the target that fits exactly: the whole, or one segment; None for any other cut."""
    chosen = filters.as_dict()
    if by not in (None, "segment") or set(chosen) - {"segment"}:
        return None
    segments = (key,) if by is not None else chosen.get("segment", (None,))
    if len(segments) != 1:
        return None
    [segment] = segments
    return agreement.target_for(kpi_id, window, segment)


def shown_of(scope: Filters, chosen: Filters) -> Filters:
    """Return what of the whole is shown: by what whoever asks sees, and what is filtered of it."""
    parts = chosen.as_dict()
    for dimension, seen in scope.as_dict().items():
        asked = parts.get(dimension, seen)
        # What is asked for and not seen makes it no part that a target could be agreed for.
        parts[dimension] = asked if {*asked} <= {*seen} else [*seen, *asked]
    return Filters.from_mapping(parts)


def no_target(agreement: Agreement, period: Period, scope: Filters, chosen: Filters) -> str:
    """Say why nothing is judged by a target where none fits: nobody agreed one, or not for this."""
    is_part = bool(scope or chosen)
    if is_part and any(target.applies_to(period) for target in agreement.targets):
        return f"The targets of {period.label} are agreed for more than the part that is shown"
    return f"No target is agreed for {period.label}"


def share_due(
    agreement: Agreement, target: Target, window: Period, as_of: dt.date, seasonal: float | None
) -> float:
    """Return the share of a period's target due by the end of the as-of day, 0 to 1.

    `even` by days, `working_days` by the company's calendar, `seasonal` as learned; a seasonal pace
    without history falls back to working days.
    """
    gone = as_of + dt.timedelta(days=1)
    if gone >= window.end:
        return 1.0
    if gone <= window.start:
        return 0.0
    if target.pace == "seasonal" and seasonal is not None:
        return seasonal
    if target.pace == "even":
        return (gone - window.start).days / window.length_days
    total = len(agreement.calendar.working_days(window.start, window.end))
    done = len(agreement.calendar.working_days(window.start, gone))
    return done / total if total else (gone - window.start).days / window.length_days


def season_windows(window: Period, as_of: dt.date) -> Windows:
    """Return the like periods a seasonal pace learns from: each whole, and up to the same point.

    The point is the same share of the period's days. Empty once the period is over.
    """
    gone = as_of + dt.timedelta(days=1)
    if not window.start < gone < window.end:
        return {}
    part = (gone - window.start).days / window.length_days
    found: dict[str, Period] = {}
    for number, earlier in enumerate(window.earlier(SEASONS)):
        days = max(1, round(part * earlier.length_days))
        end = earlier.start + dt.timedelta(days=days)
        found[f"season_{number}"] = earlier
        found[f"season_{number}_part"] = Period(earlier.label, earlier.start, end)
    return found


def season_share(values: Values, kpi_id: str, key: str = ALL, prefix: str = "") -> float | None:
    """Return the share of like periods' totals reached by the same point, None if unknown.

    One by whose point nothing could have been recorded yet, since the data begin later, says
    nothing of it. `prefix` stands before the names of `season_windows` under which they were
    measured.
    """
    pairs = [
        (values.of(kpi_id, f"{prefix}season_{k}_part", key),
         values.of(kpi_id, f"{prefix}season_{k}", key))
        for k in range(SEASONS)
    ]  # fmt: skip
    known = [(part.value, total.value or 0) for part, total in pairs if part.value is not None]
    whole = sum(total for _, total in known)
    return sum(part for part, _ in known) / whole if whole > 0 else None


def accrues(agreement: Agreement, kpi: Kpi) -> bool:
    """Return whether what is counted falls on days, so that longer periods hold more of it.

    That is a dated count or amount, or a formula that adds and subtracts such.
    """
    if kpi.unit not in ("count", "money"):
        return False
    if kpi.formula is None:
        return kpi.expression is not None and kpi.date_column is not None
    known = {one.id: one for one in agreement.kpis}
    return adds_up(kpi.formula, lambda name: name in known and accrues(agreement, known[name]))


def standing(
    value: float | int | None, target: Target, *, share: float, is_flow: bool, direction: str
) -> Standing:
    """Judge a value: a quantity that accrues against its pace, anything else against the target.

    Without a value, as where the numbers are too small to judge, there is no status.
    """
    expected = target.value * share if is_flow else target.value
    judged = value is not None and share > 0
    status = _status(float(value or 0), expected, target.tolerance, direction) if judged else None
    return Standing(target.value, expected if share > 0 else None, share, target.tolerance, status)


def _status(value: float, expected: float, tolerance: float, direction: str) -> Status:
    size = abs(expected)
    distance = (value - expected) / size if size else _sign(value - expected)
    if direction == "none":
        distance = -abs(distance)
    elif direction == "down":
        distance = -distance
    # Rounding of a share must not push a value that meets its band to the far side.
    slack = 1e-9
    if distance > tolerance + slack:
        return "ahead"
    if distance >= -tolerance - slack:
        return "on track"
    return "at risk" if distance >= -2 * tolerance - slack else "behind"


def _sign(value: float) -> float:
    return float((value > 0) - (value < 0))
