"""Pulling tables and SELECTs out of a database or a folder of tables, into Parquet.

- `open_origin(address) -> Origin`: PostgreSQL, whatever SQLAlchemy has a driver for, a folder
- `written_query(path, address) -> Wanted`: a SELECT that somebody wrote into a file
- `Origin.tables(schema) -> list[Wanted]`, `Origin.pull(wanted, target, ...) -> Got`
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from smarketing.engine.pulling.address import open_origin, place_of
from smarketing.engine.pulling.origin import Got, Origin, PullError, Since, Value, Wanted
from smarketing.on_demand import on_demand

if TYPE_CHECKING:
    from smarketing.engine.pulling.written import written_query

__all__ = [
    "Got",
    "Origin",
    "PullError",
    "Since",
    "Value",
    "Wanted",
    "open_origin",
    "place_of",
    "written_query",
]

# Only who wrote a query has it parsed: an import of files takes no syntax trees.
__getattr__ = on_demand(globals(), {"written_query": "smarketing.engine.pulling.written"})
