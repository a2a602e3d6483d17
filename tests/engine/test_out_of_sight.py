"""What somebody does not see bears on nothing that they do: without it every answer is the same."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import duckdb
import pytest
from figures import PARTS, asked_in_short
from small_company import small_company

from smarketing.access import AccessError
from smarketing.engine import DuckDBEngine
from smarketing.engine.compile import parse, sql_files
from smarketing.engine.sight import Sight

_HELD = "select table_name from duckdb_tables() where database_name = current_database()"
#: One region, people named, so that nothing which is left stands behind a mask.
SEEN = Sight((("region", ("dach",)),))
Stores = tuple[DuckDBEngine, DuckDBEngine]


@pytest.fixture(scope="module")
def stores() -> Stores:
    """The small company, and the same without any row that is out of sight of a region."""
    whole, part = _all(small_company()), _all(small_company.__wrapped__())
    engine, seen = DuckDBEngine(part, SEEN), {}
    for (table,) in part.execute(_HELD).fetchall():
        with suppress(AccessError):
            rows = engine.rows(parse(f"select rowid as number from {table}", table))
            seen[table] = [row["number"] for row in rows]
    assert all(seen[table] for table in ("dim_lead", "fct_deal", "fct_touch", "dim_person"))
    gone = 0
    for table, numbers in seen.items():
        asked = f"delete from {table} where not list_contains($seen::bigint[], rowid)"
        gone += (part.execute(asked, {"seen": numbers}).fetchone() or (0,))[0]
    assert gone > 1_000
    return DuckDBEngine(whole, SEEN), DuckDBEngine(part, SEEN)


def _all(company: DuckDBEngine) -> duckdb.DuckDBPyConnection:
    """Return a company's store, every mart of it made."""
    asked: Any = company._connection
    asked.execute(_HELD)
    found: duckdb.DuckDBPyConnection = asked._real
    return found


@pytest.mark.parametrize("name", sorted(set(sql_files("queries")) - set(PARTS)))
def test_what_is_out_of_sight_changes_no_answer(stores: Stores, name: str) -> None:
    """Names, amounts and days that only others' records have can stand in none of them."""

    def said(engine: DuckDBEngine) -> list[str]:
        with suppress(AccessError):
            return asked_in_short(engine, name)
        return ["not open"]

    whole, part = stores
    assert said(whole) == said(part)
