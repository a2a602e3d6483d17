"""Business time in the build: the service levels as tables, and the clock of each handover.

Open minutes need calendars, holidays and timezones, which SQL has no portable words for. So the
clock is one vectorised pass in Python between the marts that find the instants (`handoff_pass`)
and the one that judges them (`fct_handoff`).
"""

from __future__ import annotations

from typing import Any

import duckdb
import numpy as np
import numpy.typing as npt

from smarketing.agreement import Agreement, BusinessCalendar
from smarketing.build.core.given_rows import INT, TEXT
from smarketing.build.marts.maps import save
from smarketing.small_letters import lowered

CLOCK = "handoff_clock"
#: The marts the clock reads, and so must follow.
CLOCK_READS = frozenset({"handoff_pass"})

_INSTANTS = ("qualified_at", "assigned_at", "starts_at", "response_at")
_TIMED = ("qualified_has_time", "assigned_has_time", "starts_has_time", "response_has_time")
_MINUTES = ("routing", "response", "speed")
_NEVER = np.datetime64("NaT")
_Columns = dict[str, npt.NDArray[Any]]


def write_service_levels(connection: duckdb.DuckDBPyConnection, agreement: Agreement) -> None:
    """Write agreement_meeting_kind and agreement_exemption.

    An exemption without values has one row with the value null; priority is its place in the
    agreement, the first one that holds is named.
    """
    levels = agreement.service_levels
    kinds = [(kind,) for kind in levels.meeting_kinds]
    save(connection, "agreement_meeting_kind", [("kind", TEXT)], kinds)
    rows = [
        (rule.id, rule.label, place, rule.rule, value and lowered(value), rule.within_days)
        for place, rule in enumerate(levels.exemptions, start=1)
        for value in (rule.values or (None,))
    ]
    columns = [("exemption", TEXT), ("label", TEXT), ("priority", INT), ("rule", TEXT),
               ("value", TEXT), ("within_days", INT)]  # fmt: skip
    save(connection, "agreement_exemption", columns, rows)


def write_handoff_clock(connection: duckdb.DuckDBPyConnection, agreement: Agreement) -> None:
    """Write handoff_clock: per pass the deadlines (UTC) and the minutes of routing and response.

    `_minutes` are business minutes on the owner's calendar, `_elapsed_minutes` run through nights.
    Both are null where an instant is missing or has no time of day. Response before assignment
    takes 0 minutes of response.
    """
    # By NumPy there and back, since Arrow would load pandas to take its arrays.
    rows = connection.sql(
        "select lead_number, pass_number, owner_id, owner_timezone, qualified_at, assigned_at,"
        " starts_at, response_at, qualified_has_time, assigned_has_time, starts_has_time,"
        " response_has_time from handoff_pass order by lead_number, pass_number"
    ).fetchnumpy()
    columns: _Columns = {name: np.ma.filled(rows[name], _NEVER) for name in _INSTANTS}
    columns |= {name: np.ma.filled(rows[name], False) for name in _TIMED}
    filled = _clock(columns, _calendars(rows, agreement), agreement)
    keys = {name: rows[name] for name in ("lead_number", "pass_number")}
    connection.register("_clock", keys | filled)
    try:
        connection.execute(f"create or replace table {CLOCK} as select * from _clock")
    finally:
        connection.unregister("_clock")


def _calendars(
    rows: _Columns, agreement: Agreement
) -> dict[BusinessCalendar, npt.NDArray[np.bool_]]:
    """Return each calendar in use with the rows that keep it."""
    owners, zones = rows["owner_id"].tolist(), rows["owner_timezone"].tolist()
    pairs, codes = np.unique(
        np.array([f"{owner}\x00{zone}" for owner, zone in zip(owners, zones, strict=True)], str),
        return_inverse=True,
    )
    found: dict[BusinessCalendar, npt.NDArray[np.bool_]] = {}
    for code in range(len(pairs)):
        mine = codes == code
        first = int(np.argmax(mine))
        calendar = agreement.calendar_of(owners[first], zones[first])
        found[calendar] = found[calendar] | mine if calendar in found else mine
    return found


def _clock(
    columns: _Columns,
    calendars: dict[BusinessCalendar, npt.NDArray[np.bool_]],
    agreement: Agreement,
) -> _Columns:
    levels = agreement.service_levels
    size = len(columns["starts_at"])
    filled: _Columns = {
        name: np.full(size, _NEVER, dtype="datetime64[us]")
        for name in ("response_due_at", "attempts_due_at", "decision_due_at")
    }
    open_until = {name: np.full(size, np.nan) for name in _INSTANTS}
    for calendar, mine in calendars.items():
        start = columns["starts_at"][mine]
        hours = levels.response.within_business_hours
        filled["response_due_at"][mine] = calendar.after_minutes(start, hours * 60)
        days = levels.attempts.within_business_days
        filled["attempts_due_at"][mine] = calendar.after_days(start, days)
        days = levels.decision.within_business_days
        filled["decision_due_at"][mine] = calendar.after_days(start, days)
        for name in _INSTANTS:
            open_until[name][mine] = calendar.open_minutes(columns[name][mine])
    elapsed = {name: _minutes(columns[name]) for name in _INSTANTS}
    for clock, suffix in ((open_until, "_minutes"), (elapsed, "_elapsed_minutes")):
        for name, values in _splits(clock, columns).items():
            filled[f"{name}{suffix}"] = values
    return filled


def _splits(clock: _Columns, columns: _Columns) -> _Columns:
    """Return routing, response and speed in minutes of one clock; NaN where not measurable."""
    routed = columns["qualified_has_time"] & columns["assigned_has_time"]
    touched = columns["qualified_has_time"] & columns["response_has_time"]
    responded = columns["starts_has_time"] & columns["response_has_time"]
    spans = {
        "routing": (clock["assigned_at"] - clock["qualified_at"], routed),
        "response": (clock["response_at"] - clock["starts_at"], responded),
        "speed": (clock["response_at"] - clock["qualified_at"], touched),
    }
    return {
        # Millionths of a minute: differences of large floats carry noise below that.
        name: np.where(timed, np.round(np.maximum(span, 0.0), 6), np.nan)
        for name, (span, timed) in spans.items()
    }


def _minutes(instants: npt.NDArray[Any]) -> npt.NDArray[np.float64]:
    missing = np.isnat(instants)
    whole = instants.astype(np.int64) / 60_000_000
    return np.where(missing, np.nan, whole)
