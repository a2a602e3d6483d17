"""A store of nothing but leads, their stage events and deals, for the tests of the funnel.

The tables the funnel's marts read are written by hand, then only those marts are built, so that a
random store takes a fraction of a second.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import duckdb

from smarketing.engine import DuckDBEngine
from smarketing.engine.compile import bind_literals, read_sql
from smarketing.engine.per_engine import expand_helpers

STAGES = ("lead", "mql", "sal", "sql", "opportunity", "customer")
EXITS = ("disqualified", "rejected", "recycled", "lost")
MARTS = (
    "lead_key", "stage_name", "stage_history", "stage_deal", "stage_event", "fct_stage_entry",
    "stage_reach", "stage_chain", "lead_course", "stage_step", "stage_fill", "fct_stage_count",
    "stage_window", "fct_conversion", "stage_fault",
)  # fmt: skip
DIMENSIONS = (
    "segment", "region", "persona", "channel", "raw_channel", "lead_type", "campaign_id",
    "owner_id", "owner", "account_id", "person_id",
)  # fmt: skip

TABLES = {
    "agreement_stage": "stage text, stage_number int, label text, owner_team text",
    "agreement_team": "team text, side text",
    "agreement_exit": "stage text, exit_number int, label text, is_recycled boolean",
    "agreement_step_window": "stage text, next_stage text, window_days int, is_named boolean",
    "map_lead_status": "source text, status text, stage text, kind text",
    "lead": "lead_id text, recorded_at timestamp",
    "dim_lead": "lead_id text, created_at timestamp, created_has_time boolean, created_day date,"
    " created_known boolean, status text, is_stub boolean, source text, "
    + ", ".join(f"{name} text" for name in DIMENSIONS),
    "lead_stage_event": "lead_id text, stage text, entered_at timestamp,"
    " entered_at_has_time boolean, kind text, actor_id text, reason text, source text,"
    " recorded_at timestamp",
    "fct_deal": "deal_id text, carrier_lead_id text, created_at timestamp,"
    " created_has_time boolean, created_known boolean, created_day date, closed_at timestamp,"
    " closed_has_time boolean, closed_day date, outcome text, lost_reason text, owner_id text,"
    " deal_amount bigint, " + ", ".join(f"{n} text" for n in DIMENSIONS if n != "owner_id"),
    "build_info": "build_id text, as_of_at timestamp, as_of_day date, agreement_hash text,"
    " currency text, minor_digits int, timezone text, version text, code_hash text",
}


@dataclass
class FunnelStore:
    """Rows to build a funnel from; columns left out of a row are null."""

    as_of: dt.datetime = dt.datetime(2026, 3, 31)
    leads: list[Mapping[str, Any]] = field(default_factory=list)
    events: list[Mapping[str, Any]] = field(default_factory=list)
    deals: list[Mapping[str, Any]] = field(default_factory=list)
    statuses: Sequence[tuple[str, str, str, str]] = ()
    windows: Sequence[tuple[str, str, int]] = ()
    timezone: str = "UTC"

    def event(
        self, lead: str, stage: str, at: str | dt.datetime, reason: str | None = None
    ) -> None:
        """Add a stage event; a text without a time of day is a local day."""
        at, timed = moment(at)
        kind = "exit" if stage in EXITS else "entry"
        row = {"lead_id": lead, "stage": stage, "entered_at": at, "entered_at_has_time": timed}
        self.events.append(row | {"kind": kind, "reason": reason, "source": "t", "recorded_at": at})

    def lead(self, lead: str, created: str | dt.datetime | None = None, **more: Any) -> None:
        """Add a lead record."""
        row: dict[str, Any] = {"lead_id": lead, "source": "t", "is_stub": False}
        row["recorded_at"] = more.pop("recorded_at", None) or self.as_of
        row |= {"created_known": created is not None, "created_has_time": False}
        if created is not None:
            at, timed = moment(created)
            row |= {"created_at": at, "created_has_time": timed, "created_day": at.date()}
        self.leads.append(row | more)

    def deal(self, deal: str, lead: str | None, created: str | dt.datetime | None,
             closed: str | dt.datetime | None = None, outcome: str = "open",
             **more: Any) -> None:  # fmt: skip
        """Add a deal carried by a lead, or by none."""
        row: dict[str, Any] = {"deal_id": deal, "carrier_lead_id": lead, "outcome": outcome}
        row["created_known"] = created is not None
        if created is not None:
            at, timed = moment(created)
            row |= {"created_at": at, "created_has_time": timed, "created_day": at.date()}
        if closed:
            end, timed = moment(closed)
            row |= {"closed_at": end, "closed_has_time": timed, "closed_day": end.date()}
        self.deals.append(row | more)

    def build(self) -> DuckDBEngine:
        """Build the marts in memory and open them."""
        connection = duckdb.connect()
        known = {str(row["lead_id"]) for row in self.leads}
        named = {str(row["lead_id"]) for row in self.events} | {
            str(row["carrier_lead_id"]) for row in self.deals if row["carrier_lead_id"]
        }
        stubs = [
            {"lead_id": lead, "source": "t", "is_stub": True, "created_known": False}
            for lead in sorted(named - known)
        ]
        rows: dict[str, Iterable[Mapping[str, Any]]] = {
            "agreement_stage": [
                {"stage": s, "stage_number": n, "label": s, "owner_team": "marketing"}
                for n, s in enumerate(STAGES, 1)
            ],
            "agreement_team": [{"team": "marketing", "side": "marketing"}],
            "agreement_exit": [
                {"stage": s, "exit_number": n, "label": s, "is_recycled": s == "recycled"}
                for n, s in enumerate(EXITS, 1)
            ],
            "agreement_step_window": [
                {"stage": a, "next_stage": b, "window_days": days, "is_named": True}
                for a, b, days in self.windows
            ],
            "map_lead_status": [
                dict(zip(("source", "status", "stage", "kind"), s, strict=True))
                for s in (*self._own_words(), *self.statuses)
            ],
            "lead": self.leads,
            "dim_lead": [*self.leads, *stubs],
            "lead_stage_event": self.events,
            "fct_deal": self.deals,
            "build_info": [
                {"build_id": "b1", "as_of_at": self.as_of, "as_of_day": self.as_of.date(),
                 "agreement_hash": "h", "currency": "EUR", "minor_digits": 2,
                 "timezone": self.timezone, "version": "0", "code_hash": "code"}
            ],
        }  # fmt: skip
        for table, columns in TABLES.items():
            fill(connection, table, columns, rows[table])
        params = {
            "timezone": self.timezone,
            "as_of_at": self.as_of,
            "as_of_day": self.as_of.date(),
            "deal_opened": "opportunity",
            "deal_won": "customer",
            "deal_lost": "lost",
        }
        for mart in MARTS:
            build_mart(connection, mart, params)
        return DuckDBEngine(connection)

    def _own_words(self) -> list[tuple[str, str, str, str]]:
        """Map the events' words that are stages or exits of the agreement to themselves."""
        given = {(source, status) for source, status, _, _ in self.statuses}
        kinds = dict.fromkeys(STAGES, "entry") | dict.fromkeys(EXITS, "exit")
        words = {str(row["stage"]) for row in self.events}
        return [
            ("t", word, word.strip().lower(), kinds[word.strip().lower()])
            for word in sorted(words)
            if word.strip().lower() in kinds and ("t", word) not in given
        ]


def moment(at: str | dt.datetime) -> tuple[dt.datetime, bool]:
    """Return an instant and whether it has a time of day."""
    if isinstance(at, dt.datetime):
        return at, True
    return dt.datetime.fromisoformat(at), len(at) > 10


def fill(
    connection: duckdb.DuckDBPyConnection,
    table: str,
    columns: str,
    rows: Iterable[Mapping[str, Any]],
) -> None:
    """Create a table and insert rows, missing columns null."""
    connection.execute(f"create table {table} ({columns})")
    names = [column.split()[0] for column in columns.split(",")]
    values = [[row.get(name) for name in names] for row in rows]
    if values:
        slots = ", ".join("?" for _ in names)
        connection.executemany(f"insert into {table} values ({slots})", values)


def build_mart(connection: duckdb.DuckDBPyConnection, mart: str, params: Mapping[str, Any]) -> None:
    """Build one mart as a build does."""
    text = _mart_sql(mart, tuple(sorted(params.items())))
    connection.execute(f"create or replace table {mart} as {text}")


@cache
def _mart_sql(mart: str, params: tuple[tuple[str, Any], ...]) -> str:
    tree = read_sql("marts", mart, "duckdb")
    bind_literals(tree, dict(params))
    return expand_helpers(tree, "duckdb").sql(dialect="duckdb")


ORACLE = """
L1 lead 2026-01-05; L1 mql 2026-01-07; L1 sal 2026-01-08; L1 sql 2026-01-12
L1 opportunity 2026-01-20; L1 customer 2026-02-25
L2 lead 2026-01-06; L2 mql 2026-01-10; L2 sql 2026-01-15; L2 opportunity 2026-02-01
L2 lost 2026-03-01 price
L3 lead 2026-01-09; L3 mql 2026-01-11; L3 sal 2026-01-13; L3 recycled 2026-01-20 timing
L3 mql 2026-02-15; L3 sal 2026-02-16; L3 sql 2026-02-20
L4 lead 2026-01-15; L4 disqualified 2026-01-16 competitor
L5 lead 2026-02-02; L5 mql 2026-02-03; L5 rejected 2026-02-05 budget
L6 lead 2026-02-10; L6 customer 2026-02-11
L7 lead 2025-12-20; L7 mql 2026-01-03; L7 sal 2026-01-05
"""


def seven_leads(**more: Any) -> FunnelStore:
    """Return the worked example: seven leads with a skip, a return, exits and an early one."""
    store = FunnelStore(**more)
    for part in ORACLE.replace("\n", ";").split(";"):
        if words := part.split():
            store.event(words[0], words[1], words[2], words[3] if len(words) > 3 else None)
    return store
