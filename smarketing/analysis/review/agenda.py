"""The agenda of the weekly meeting: which numbers stand in which part, and which need a word."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlglot import exp

from smarketing.agreement import Agreement
from smarketing.agreement.meeting import OF_NUMBERS
from smarketing.agreement.teams import team_names, team_of
from smarketing.analysis.review.limits import IN_A_ROW
from smarketing.analysis.review.six_and_twelve import (
    Point,
    SixAndTwelve,
    ToDate,
    of_no_period,
)
from smarketing.engine import Engine
from smarketing.workspace.records import Action

#: What becomes of an action; not known yet is a fair answer and comes back next week.
OPEN, DONE, NOT_DONE, NOT_KNOWN = "open", "done", "not done", "not known yet"
STATUSES = (OPEN, DONE, NOT_DONE, NOT_KNOWN)


@dataclass(frozen=True)
class Verdict:
    """What became of the figure that an action was meant to move, and whether that was meant."""

    text: str
    is_as_meant: bool | None


def kpis_of(agreement: Agreement, part: str) -> tuple[str, ...]:
    """Return the KPIs of a part of the meeting, in the agreed order."""
    named = {name: getattr(agreement.meeting, name) for name in OF_NUMBERS}
    found = named.get(part, ())
    if part != "came_out":
        return tuple(found)
    elsewhere = {kpi for kpis in named.values() for kpi in kpis}
    rest = [kpi.id for kpi in agreement.kpis if kpi.headline and kpi.id not in elsewhere]
    return (*found, *rest)


def minutes_of(agreement: Agreement, part: str) -> int:
    """Return the minutes of a part; campaigns have what is left of those of what came out."""
    return int(getattr(agreement.meeting.minutes, part, 0))


def why_exception(found: SixAndTwelve) -> list[str]:
    """Say why a number needs a word in the meeting; empty where it is as it should be.

    A signal beyond its limits, a target it is behind, no value where there was one before, amounts
    that are not known, or a KPI that cannot be asked for as the agreement writes it.
    """
    if found.fault is not None:
        return [found.fault.rstrip(".")]
    said = []
    if found.signal is not None:
        said.append(f"{found.signal.rule} {_signal_at(found)}, {found.signal.side}")
    said += [f"{late.standing.status} in {late.period.label}" for late in found.off_pace
             if late.standing is not None]  # fmt: skip
    if gap := _gap(found):
        why = f": {gap.ground.reason}" if gap.ground.reason else ""
        said.append(f"no value in {gap.period.label}, where there was one before{why}")
    if found.lacks is not None:
        said.append(found.lacks)
    return said


def why_not_available(found: SixAndTwelve) -> list[str]:
    """Say of what is shown of a number beside its chart why it has no value, where it has none.

    What is an exception has its reason there.
    """
    if found.reason is not None:
        return [found.reason]
    by_reason: dict[str, list[str]] = {}
    gap = _gap(found)
    every: tuple[Point | ToDate, ...] = (found.last_week, *found.to_date[1:])
    for shown in every:
        label, reason = shown.period.label, shown.ground.reason
        if (
            shown.value is None
            and reason is not None
            and (gap is None or label != gap.period.label)
        ):
            by_reason.setdefault(of_no_period(reason, label), []).append(label)
    if [len(labels) for labels in by_reason.values()] == [len(every)]:
        return list(by_reason)
    return [f"{', '.join(labels)} not available: {why}" for why, labels in by_reason.items()]


def _gap(found: SixAndTwelve) -> Point | None:
    """Return the newest complete week where it has no value and one before it has, of a flow."""
    complete = [point for point in found.weeks.points if not point.is_running]
    was = any(point.value is not None for point in complete[:-1])
    return complete[-1] if was and complete[-1].value is None and found.is_flow else None


def _signal_at(found: SixAndTwelve) -> str:
    """Say in which period the signal lies: that of a month stands beside the value of a week."""
    label = found.signal_at.label if found.signal_at else ""
    is_row = found.signal is not None and found.signal.rule == IN_A_ROW
    return f"{'up to' if is_row else 'in'} {label}"


def verdict(action: Action, numbers: Sequence[SixAndTwelve]) -> Verdict:
    """Say of the figure an action should move whether it left its limits, and which way.

    Judged by its newest complete week, else its month, never by the running one.
    """
    if not action.kpi:
        return Verdict("no figure was named", None)
    found = next((number for number in numbers if number.id == action.kpi), None)
    if found is None:
        return Verdict(f"the agreement no longer has the figure {action.kpi}", None)
    if found.weeks.limits is None and found.months.limits is None:
        return Verdict(f"{found.label}: cannot be told, fewer than twelve earlier periods", None)
    signal = found.signal
    if signal is None and not found.can_tell:
        few = "its newest week and month have no value, or one of too few records"
        return Verdict(f"{found.label}: cannot be told, {few}", None)
    if signal is None:
        return Verdict(f"{found.label} is within its normal variation", None)
    if signal.rule == IN_A_ROW:
        # Some of them lie before the action: no limit was left.
        row = f"{IN_A_ROW} {_signal_at(found)}"
        text = f"{found.label} is within its limits, but {row}: {signal.side} its centre"
        return Verdict(text, None)
    wished = {"up": "above", "down": "below"}.get(action.direction)
    way = "up" if signal.side == "above" else "down"
    is_meant = None if wished is None else signal.side == wished
    meant = "" if is_meant is None else ", as meant" if is_meant else ", the other way"
    left_ = f"{found.label} left its limits {_signal_at(found)}"
    return Verdict(f"{left_}, {way}{meant} ({signal.rule})", is_meant)


def comes_back(action: Action) -> bool:
    """Return whether an action is looked at again next week."""
    return action.status in (OPEN, NOT_KNOWN)


def members(engine: Engine, agreement: Agreement) -> list[tuple[str, str]]:
    """Return the names of the people of either side, with the side they work for."""
    if not engine.has("member"):
        return []
    names = team_names(agreement.teams)
    sides = {team.id: team.side for team in agreement.teams}
    rows = engine.rows(exp.select("name", "team", "ends_on").from_("member"))
    return [
        (str(row["name"]), side)
        for row in rows
        if row["name"]
        and (row["ends_on"] is None or row["ends_on"] >= engine.as_of_day)
        and (side := sides.get(team_of(names, row["team"])))
    ]


def guests(members: Sequence[tuple[str, str]], week: date) -> list[tuple[str, str]]:
    """Return who joins the other team's own meeting in a day's week: one of each side, in turn.

    `members` are (name, side); a side without anybody sends nobody. Weeks are counted on over the
    end of a year, so that nobody's turn is left out or comes twice there.
    """
    number = week.toordinal() // 7
    found = []
    for side in ("marketing", "sales"):
        names = sorted(name for name, of in members if of == side)
        if names:
            found.append((names[number % len(names)], side))
    return found
