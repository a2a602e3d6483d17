"""What can be pulled from: something that has tables, and answers SELECTs by the batch."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from smarketing.engine.warehouse import hidden, said
from smarketing.errors import SmarketingError, SourceError
from smarketing.files.quoting import identifier, literal

if TYPE_CHECKING:
    import pyarrow as pa

Value = str | int | float
"""How far a column was pulled: a number, or the text that the server writes."""


#: How engines write what no value is above, and the last day as the number that is a key of days.
_ENDLESS = {"nan", "inf", "infinity", "99991231"}
_DAY = re.compile(r"(\d{4,})-\d\d-\d\d")
#: How far behind UTC a time is, at its end.
_ZONE = r":\d\d(?:[.,]\d+)?([+-]\d\d:?(?:\d\d)?)$"
_YEAR_FIRST = re.compile(r"\d{4}-\d\d-\d\d(\D|$)")


class PullError(SourceError):
    """The origin is away, refuses, or holds something else than was asked for."""


@dataclass(frozen=True)
class Wanted:
    """A table or query to pull: its name, the folder it is said to be in, and its SELECT.

    `is_table` tells one found in a schema from a query that somebody wrote.
    """

    name: str
    folder: str
    sql: str
    is_table: bool

    @property
    def label(self) -> str:
        """What messages call it."""
        if not self.is_table:
            return f"The query {self.name}.sql"
        return f"The table {self.folder + '/' if self.folder else ''}{self.name}"


@dataclass(frozen=True)
class Since:
    """The column that grows with every change of a record, and how far it was pulled before."""

    column: str
    after: Value | None = None


@dataclass(frozen=True)
class Got:
    """What was pulled: how many rows, and how far the column that grows went."""

    rows: int
    reached: Value | None = None


class Origin(Protocol):
    """A connection to where the data are; all that it answers is of one moment.

    Nothing is ever written there. Every failure is a PullError of one sentence, without passwords.
    """

    def tables(self, schema: str) -> list[Wanted]:
        """List the tables and views of a schema; UsageError with the nearest for an unknown one."""
        ...

    def columns(self, wanted: Wanted) -> list[str]:
        """Name the columns that a table or query has."""
        ...

    def count(self, wanted: Wanted) -> int:
        """Count the rows of a table or query."""
        ...

    def pull(self, wanted: Wanted, target: Path, since: Since | None, most: int | None) -> Got:
        """Write the rows to Parquet, those with `since` that are new or changed, at most `most`.

        A row counts as new where its column is not below what was reached, or is empty.
        """
        ...

    def close(self) -> None:
        """Let go of the connection."""
        ...


def wrapped(select: str, wanted: Wanted, where: str = "") -> str:
    """Write a SELECT around that of what is wanted, `select` being what stands before `from`."""
    inner = wanted.sql.strip().rstrip(";")
    return f"{select} from (\n{inner}\n) pulled{' where ' + where if where else ''}"


def not_below(since: Since | None) -> str:
    """Write the condition that a row was not pulled before; empty where all rows are wanted."""
    if since is None or since.after is None:
        return ""
    column = identifier(since.column)
    return f"{column} >= {literal(str(since.after))} or {column} is null"


def write_batches(target: Path, schema: pa.Schema, batches: Iterator[pa.RecordBatch]) -> int:
    """Write batches to Parquet one at a time; returns the rows. Half a file is removed."""
    import pyarrow.parquet as pq

    rows = 0
    try:
        with pq.ParquetWriter(target, schema, compression="snappy") as writer:
            for batch in batches:
                writer.write_batch(batch)
                rows += batch.num_rows
    except BaseException:
        target.unlink(missing_ok=True)
        raise
    return rows


@contextmanager
def told(what: str, address: str = "") -> Iterator[None]:
    """Make whatever a driver raises one sentence that begins with `what`, without passwords."""
    try:
        yield
    except SmarketingError:
        raise
    except Exception as error:
        why = hidden(_said(error), address)
        raise PullError(f"{what} ({why}); nothing was changed.") from None


def _said(error: Exception) -> str:
    """Return what the server itself said, without the driver's words around it."""
    return said(getattr(error, "orig", None) or error).removeprefix("IO: ")


def check_grows(wanted: Wanted, since: Since, highest: object, target: Path) -> None:
    """Refuse a column of text that does not grow as its values do; what was pulled is removed.

    Text is compared sign by sign, so that 10 stands before 9 and later rows would be missed. Days
    and instants written year first are in order, as long as all are written in one way: of two
    zones, or with and without a fraction, the later can stand before the earlier.
    """
    if not isinstance(highest, str):
        return
    why = ""
    if not _YEAR_FIRST.match(highest):
        why = f"it is text ('{highest[:40]}'), of which 10 stands before 9"
    elif len(ways := _ways(since, target)) > 1:
        one, other = (repr(way[:40]) for way in ways)
        why = f"its text is written in more than one way ({one}, {other}), so without an order"
    if why:
        target.unlink(missing_ok=True)
        raise PullError(
            f"{wanted.label} cannot be followed by {since.column}: {why}, so that later rows would "
            "be missed. Name a column of numbers or instants after --cursor, or write one in a "
            "query (--query); nothing was changed."
        )


def _ways(since: Since, target: Path) -> list[str]:
    """Return a value of each way that a column's text is written in, two at most."""
    from smarketing.in_memory import in_memory

    column, after = identifier(since.column), literal(str(since.after or ""))
    sql = (
        f"select min(v) from (select {column}::varchar as v from read_parquet"
        f"({literal(str(target))}) union all select nullif({after}, '')) where v is not null "
        f"group by regexp_replace(v, '\\d', '0', 'g'), regexp_extract(v, {literal(_ZONE)}, 1) "
        "order by 1 limit 2"
    )
    with in_memory() as connection:
        return [str(value) for (value,) in connection.execute(sql).fetchall()]


def got_until(wanted: Wanted, since: Since, rows: int, highest: Value | None, target: Path) -> Got:
    """Return what was pulled where a column was followed: nothing new reaches no further.

    PullError for a highest value that is no number, without end or of a day to come, such as the
    9999-12-31 of what is never to end: what changes before it would be missed. What was pulled is
    then removed.
    """
    found = _DAY.match(str(highest))
    tomorrow = (datetime.now(UTC) + timedelta(days=1)).date().isoformat()
    is_ahead = found is not None and (len(found[1]), found[0]) > (4, tomorrow)
    if is_ahead or str(highest).lstrip("-").casefold() in _ENDLESS:
        target.unlink(missing_ok=True)
        raise PullError(
            f"{wanted.label} cannot be followed by {since.column}: it reaches {highest} already, "
            "so that what changes before then would be missed. Leave that out by a query (--query)"
            ", or name a column of when records changed after --cursor; nothing was changed."
        )
    return Got(rows, since.after if highest is None else highest)


def check_still(wanted: Wanted, target: Path, was: object, found: object) -> None:
    """Refuse a table that was written to while it was read; what was pulled is removed.

    `was` is what was counted before, `found` what was pulled and counted again.
    """
    if was == found:
        return
    target.unlink()
    raise PullError(
        f"{wanted.label} changed while it was being pulled; nothing was changed here. Run the same "
        "command again when nobody writes to it."
    )
