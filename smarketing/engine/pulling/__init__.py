"""Pulling tables and SELECTs out of a database or a folder of tables, into Parquet.

- `open_origin(address) -> Origin`: PostgreSQL, whatever SQLAlchemy has a driver for, a folder
- `written_query(path, address) -> Wanted`: a SELECT that somebody wrote into a file
- `Origin.tables(schema) -> list[Wanted]`, `Origin.pull(wanted, target, ...) -> Got`
"""

from smarketing.engine.pulling.address import open_origin, place_of
from smarketing.engine.pulling.origin import Got, Origin, PullError, Since, Value, Wanted
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
