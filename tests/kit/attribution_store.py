"""A store of nothing but deals, leads, people and touches, for the tests of attribution.

The tables that the journey marts read are written by hand and only those marts are built, so that a
random store takes a fraction of a second. Instants are naive UTC; columns left out are null.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import duckdb

from smarketing.agreement import Agreement
from smarketing.build.marts.agreement_tables import write_agreement
from smarketing.build.marts.order import mart_params
from smarketing.engine import DuckDBEngine
from smarketing.engine.compile import bind_literals, read_sql
from smarketing.engine.per_engine import expand_helpers

MARTS = ("fct_unit", "fct_unit_person", "fct_journey", "fct_credit")
_DIMENSIONS = "segment text, region text, persona text, lead_type text, owner_id text, owner text"
TABLES = {
    "fct_deal": "deal_id text, account_id text, account text, name text, kind text, outcome text,"
    " pipeline text, stage text, created_at timestamp, created_has_time boolean,"
    " created_known boolean, created_day date, opened_day date, created_anchor_at timestamp,"
    " closed_at timestamp,"
    " closed_has_time boolean, closed_day date, closed_anchor_at timestamp,"
    " pipeline_amount bigint, won_amount bigint, deal_amount bigint, carrier_lead_id text,"
    f" carrier_person_id text, primary_person_id text, source text, {_DIMENSIONS}",
    "dim_lead": "lead_id text, person_id text, account_id text, created_at timestamp,"
    " created_has_time boolean, created_known boolean, created_day date,"
    f" created_by_touch_id text, source text, {_DIMENSIONS}",
    "dim_person": "person_id text, account_id text, full_name text",
    "dim_account": "account_id text, name text",
    "dim_campaign": "campaign_id text, name text",
    "deal_contact": "deal_id text, person_id text, role text, is_primary boolean",
    "link_person": "source_person_id text, person_id text, why text",
    "fct_touch": "touch_id text, person_id text, lead_id text, account_id text, channel text,"
    " raw_channel text, campaign_id text, kind text, side text, occurred_at timestamp,"
    " occurred_has_time boolean, occurred_day date, content text, is_usable boolean",
    "fct_stage_count": "lead_id text, stage_number int, known_day date",
    "fct_cost": "cost_id text, team text, incurred_on date, category text, cost_amount bigint,"
    " campaign_id text, channel text, raw_channel text, source text",
    "deal": "currency text",
    "cost": "currency text",
    "campaign": "currency text",
    "contract": "currency text",
    "quota": "currency text",
    "fx_rate": "currency text",
    "deal_stage_event": "currency text",
    "build_info": "build_id text, as_of_at timestamp, as_of_day date, agreement_hash text,"
    " currency text, minor_digits int, timezone text, version text, code_hash text",
}
AS_OF = dt.datetime(2027, 1, 1)


@dataclass
class AttributionStore:
    """Rows to attribute; columns left out of a row are null or the plain default."""

    deals: list[Mapping[str, Any]] = field(default_factory=list)
    leads: list[Mapping[str, Any]] = field(default_factory=list)
    people: list[Mapping[str, Any]] = field(default_factory=list)
    contacts: list[Mapping[str, Any]] = field(default_factory=list)
    touches: list[Mapping[str, Any]] = field(default_factory=list)
    costs: list[Mapping[str, Any]] = field(default_factory=list)

    def engine(self, agreement: Agreement) -> DuckDBEngine:
        """Build the journey marts and return an engine over them."""
        connection = duckdb.connect(":memory:")
        for name, columns in TABLES.items():
            connection.execute(f"create table {name} ({columns})")
        _insert(connection, "fct_deal", (_deal(row) for row in self.deals))
        _insert(connection, "dim_lead", (_lead(row) for row in self.leads))
        _insert(connection, "fct_stage_count", (_beginning(row) for row in self.leads))
        _insert(connection, "dim_person", self.people)
        _insert(connection, "deal_contact", self.contacts)
        _insert(connection, "fct_touch", (_touch(row) for row in self.touches))
        _insert(connection, "fct_cost", ({"team": "marketing", **row} for row in self.costs))
        info = ["test", AS_OF, AS_OF.date(), agreement.hash, agreement.currency, 2, "UTC"]
        connection.execute("insert into build_info values (?, ?, ?, ?, ?, ?, ?, '0', 'code')", info)
        write_agreement(connection, agreement)
        params = tuple(sorted(mart_params(connection).items()))
        for name in MARTS:
            connection.execute(f"create table {name} as {_mart_sql(name, params)}")
        return DuckDBEngine(connection)


@cache
def _mart_sql(name: str, params: tuple[tuple[str, Any], ...]) -> str:
    tree = read_sql("marts", name, "duckdb")
    bind_literals(tree, dict(params))
    return expand_helpers(tree, "duckdb").sql(dialect="duckdb")


def _anchor(at: dt.datetime | None, has_time: bool) -> dt.datetime | None:
    if at is None or has_time:
        return at
    return dt.datetime.combine(at.date(), dt.time()) + dt.timedelta(days=1)


def _deal(row: Mapping[str, Any]) -> dict[str, Any]:
    created, closed = row.get("created_at"), row.get("closed_at")
    amount = row.get("amount")
    outcome = row.get("outcome", "won")
    plain = {
        "name": row["deal_id"],
        "kind": "new",
        "created_has_time": True,
        "closed_has_time": True,
        "pipeline_amount": amount,
        "deal_amount": amount,
        "segment": "mid",
        "source": "test",
    } | {name: value for name, value in row.items() if name != "amount"}
    return plain | {
        "outcome": outcome,
        "won_amount": amount if outcome == "won" else None,
        "created_known": created is not None,
        "created_day": created and created.date(),
        "opened_day": created and created.date(),
        "created_anchor_at": _anchor(created, plain["created_has_time"]),
        "closed_day": closed and closed.date(),
        "closed_anchor_at": _anchor(closed, plain["closed_has_time"]),
    }


def _lead(row: Mapping[str, Any]) -> dict[str, Any]:
    created = row.get("created_at")
    plain = {"created_has_time": True, "segment": "mid", "source": "test"} | dict(row)
    return plain | {
        "created_known": created is not None,
        "created_day": created and created.date(),
    }


def _beginning(row: Mapping[str, Any]) -> dict[str, Any]:
    created = row.get("created_at")
    day = created and created.date()
    return {"lead_id": row["lead_id"], "stage_number": 1, "known_day": day}


def _touch(row: Mapping[str, Any]) -> dict[str, Any]:
    plain = {"kind": "form", "side": "marketing", "channel": "webinar", "is_usable": True}
    given: dict[str, Any] = plain | dict(row)
    at = given["occurred_at"]
    return given | {
        "raw_channel": given["channel"],
        "occurred_has_time": True,
        "occurred_day": at and at.date(),
    }


def _insert(
    connection: duckdb.DuckDBPyConnection, table: str, rows: Iterable[Mapping[str, Any]]
) -> None:
    given = list(rows)
    if not given:
        return
    names = sorted({name for row in given for name in row})
    slots = ", ".join("(" + ", ".join("?" for _ in names) + ")" for _ in given)
    values = [row.get(name) for row in given for name in names]
    connection.execute(f"insert into {table} ({', '.join(names)}) values {slots}", values)
