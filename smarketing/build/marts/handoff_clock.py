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
import pyarrow as pa

from smarketing.agreement import Agreement, BusinessCalendar
from smarketing.build.marts.maps import save

CLOCK = "handoff_clock"
#: The marts the clock reads, and so must follow.
CLOCK_READS = frozenset({"handoff_pass"})

_INSTANTS = ("qualified_at", "assigned_at", "starts_at", "response_at")
_TIMED = ("qualified_has_time", "assigned_has_time", "starts_has_time", "response_has_time")
_MINUTES = ("routing", "response", "speed")
_Columns = dict[str, npt.NDArray[Any]]


def write_service_levels(connection: duckdb.DuckDBPyConnection, agreement: Agreement) -> None:
    """Write agreement_meeting_kind and agreement_exemption.

    An exemption without values has one row with the value null; priority is its place in the
    agreement, the first one that holds is named.
    """
    levels = agreement.service_levels
    text = pa.string()
    kinds = [(kind,) for kind in levels.meeting_kinds]
    save(connection, "agreement_meeting_kind", [("kind", text)], kinds)
    rows = [
        (rule.id, rule.label, place, rule.rule, value and value.lower(), rule.within_days)
        for place, rule in enumerate(levels.exemptions, start=1)
        for value in (rule.values or (None,))
    ]
    columns = [("exemption", text), ("label", text), ("priority", pa.int64()), ("rule", text),
               ("value", text), ("within_days", pa.int64())]  # fmt: skip
    save(connection, "agreement_exemption", columns, rows)


def write_handoff_clock(connection: duckdb.DuckDBPyConnection, agreement: Agreement) -> None:
    """Write handoff_clock: per pass the deadlines (UTC) and the minutes of routing and response.

    `_minutes` are business minutes on the owner's calendar, `_elapsed_minutes` run through nights.
    Both are null where an instant is missing or has no time of day. Response before assignment
    takes 0 minutes of response.
    """
    rows = connection.sql(
        "select lead_number, pass_number, owner_id, owner_timezone, qualified_at, assigned_at,"
        " starts_at, response_at, qualified_has_time, assigned_has_time, starts_has_time,"
        " response_has_time from handoff_pass order by lead_number, pass_number"
    ).to_arrow_table()
    columns: _Columns = {
        name: rows.column(name).to_numpy().astype("datetime64[us]") for name in _INSTANTS
    }
    for name in _TIMED:
        columns[name] = rows.column(name).fill_null(False).to_numpy()
    filled = _clock(columns, _calendars(rows, agreement), agreement)
    table = pa.table(
        {
            "lead_number": rows.column("lead_number"),
            "pass_number": rows.column("pass_number"),
            **{name: pa.array(values, from_pandas=True) for name, values in filled.items()},
        }
    )
    connection.register("_clock", table)
    try:
        connection.execute(f"create or replace table {CLOCK} as select * from _clock")
    finally:
        connection.unregister("_clock")


def _calendars(
    rows: pa.Table, agreement: Agreement
) -> dict[BusinessCalendar, npt.NDArray[np.bool_]]:
    """Return each calendar in use with the rows that keep it."""
    owners = np.array(rows.column("owner_id").to_pylist(), dtype=object)
    zones = np.array(rows.column("owner_timezone").to_pylist(), dtype=object)
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
        name: np.full(size, np.datetime64("NaT"), dtype="datetime64[us]")
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
