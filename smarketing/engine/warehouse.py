"""What a warehouse is: where a company's data already are, and marts can be built beside them."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Protocol
from urllib.parse import parse_qs, unquote, urlsplit

from smarketing.errors import SmarketingError, StoreError, UsageError

if TYPE_CHECKING:
    import pyarrow as pa

#: Addresses by their scheme, and the extra that brings the driver.
SCHEMES = {"postgresql": "postgres", "postgres": "postgres", "spark": "spark", "sc": "spark"}
#: What becomes of a build that fails, unless it fails while it is published.
NOTHING = "nothing was published, and the build before stays current"
#: Parameters of an address that say where it leads; all others may be secrets.
PLACES = ("host", "hostaddr", "port", "dbname", "service")
#: In a user or password: a sign that ends it, or a percent sign that begins no other sign.
_WRONG = re.compile(r"@|%(?![0-9A-Fa-f]{2})")
_NO_JAVA = "JAVA_GATEWAY_EXITED"
#: What drivers of PostgreSQL write before what the server said, behind the whole question.
_SERVER = "ERROR:  "
#: What py4j writes before what Java said.
_CALLING = re.compile(r"\AAn error occurred while calling \S+\s*:?\s*")
_DETAILS = re.compile(r'details = "([^\n]+)"')
_STATUS = re.compile(r"status = StatusCode\.(\w+)")


class WarehouseError(StoreError):
    """The warehouse is away, refuses, or holds something else than was put there.

    `reason` is what went wrong, without what became of the build that was being made.
    """

    reason: str = ""

    @classmethod
    def of(cls, address: str, what: str, why: str, become: str = NOTHING) -> WarehouseError:
        """Return the error of a warehouse that could not do something while a build was made."""
        reason = f"The warehouse {shown(address)} could not {what} ({hidden(why, address)})"
        error = cls(f"{reason}; {become}.")
        error.reason = reason
        return error


@contextmanager
def failing(address: str, what: str, become: str = NOTHING) -> Iterator[None]:
    """Make whatever a driver raises a WarehouseError that it could not do `what`.

    Drivers raise more kinds than they name, Arrow's and plain ones of Python's among them.
    """
    try:
        yield
    except SmarketingError:
        raise
    except Exception as error:
        raise WarehouseError.of(address, what, said(error), become) from error


class Reader(Protocol):
    """A connection that answers; `dialect` is the engine whose SQL it speaks."""

    dialect: str

    def arrow(self, sql: str) -> pa.Table:
        """Run a SELECT over the tables of the build."""
        ...

    def close(self) -> None:
        """Let go of the connection."""
        ...


class Warehouse(Reader, Protocol):
    """One connection to a warehouse, and in it a place of its own for each build.

    Nothing is published before `publish`; what an unfinished build left is dropped by the next
    that is published. `place` is the name of the build's place, `works_at_once` how many tables may
    be made at a time, each by a thread of its own.
    """

    works_at_once: int

    @property
    def place(self) -> str:
        """The name of the place of the build."""
        ...

    def prepare(self, build_id: str) -> None:
        """Make the place of a build and hold the warehouse against other builders."""
        ...

    def write(self, table: str, columns: Mapping[str, str], rows: pa.Table) -> None:
        """Put a table, its columns by DuckDB's names of types, into the place of the build."""
        ...

    def make(self, table: str, sql: str) -> None:
        """Make a table of the build from a SELECT over its others."""
        ...

    def beside(self) -> Reader:
        """Open one more connection to the place of the build, for another thread to read by."""
        ...

    def parts(self, table: str, count: int) -> Sequence[str | Path]:
        """Return conditions that divide the rows of a table into about so many parts.

        Where they are Parquet files on this machine, the files are the parts.
        """
        ...

    def publish(self, keep: int, held: Collection[str] = ()) -> None:
        """Make the build the published one, atomically; keep the newest `keep` and those `held`.

        Where none is to be kept, what others have begun is dropped too, though it be on its way.
        """
        ...

    def drop(self) -> None:
        """Drop the place of the build, which was not published."""
        ...


def scheme_of(address: str) -> str:
    """Return the scheme of an address, in small letters; blank for none."""
    scheme, mark, _ = address.partition("://")
    return scheme.lower() if mark else ""


def check_spark(address: str) -> None:
    """Raise UsageError for an address of Spark's that is none: a port in words, half a bracket."""
    try:
        urlsplit(address).port  # noqa: B018 (it is read when it is asked for)
    except ValueError:
        raise UsageError(
            "The address of Spark is not written as one: write sc://HOST:PORT, the port a number, "
            "or spark:///FOLDER."
        ) from None


def is_written_wrong(address: str) -> bool:
    """Answer whether signs in a password would be taken for something else, and be told to all."""
    try:
        parts = urlsplit(address)
        found = parts.port, parts.netloc.rpartition("@")[0]
    except ValueError:
        return True
    is_later = "@" not in parts.netloc and "@" in address.partition("=")[0]
    return is_later or bool(_WRONG.search(found[1]))


def shown(address: str) -> str:
    """Return an address as it may be printed: without user, password and parameters."""
    parts = urlsplit(address)
    host = parts.hostname or ""
    port = f":{parts.port}" if parts.port else ""
    # What follows a semicolon are Spark Connect's parameters, its token among them.
    path = parts.path.partition(";")[0]
    return f"{parts.scheme}://{host}{port}{path}" if parts.scheme else parts.path


def hidden(text: str, address: str) -> str:
    """Return a text without the passwords of an address, as written there and as meant."""
    parts = urlsplit(address)
    found = [parts.password or ""]
    for name, values in parse_qs(parts.query).items():
        found += [] if name in PLACES else values
    # Spark Connect's parameters, its token among them.
    found += [one.partition("=")[2] for one in parts.path.split(";")[1:]]
    secrets = {secret for one in found for secret in (one, unquote(one)) if len(secret) > 2}
    for secret in sorted(secrets, key=len, reverse=True):
        text = text.replace(secret, "***")
    return text


def spoken(text: str) -> str:
    """Return what a server said out of a driver's words: of gRPC's lines details or status."""
    found = _DETAILS.search(text) or _STATUS.search(text)
    text = text.rpartition(_SERVER)[2].strip()
    return found[1] if found else (_CALLING.sub("", text).splitlines() or [""])[0]


def said(error: Exception) -> str:
    """Return in one line what an error says went wrong; its kind where it says nothing."""
    text = str(error).strip()
    if _NO_JAVA in text:
        return "Java was not found or did not start: install Java 17"
    # A word alone says little without its kind, such as what a KeyError lacks.
    kind = "" if " " in text else type(error).__name__
    return ": ".join(part for part in (kind, spoken(text).rstrip(".")) if part)


def written(sql: str, dialect: str) -> str:
    """Return in an engine's own SQL what is written in DuckDB's and by named helpers."""
    import sqlglot

    from smarketing.engine.dialects import settled

    return settled(sqlglot.parse_one(sql, read="duckdb"), dialect).sql(dialect)


def names(columns: Sequence[str]) -> str:
    """Return column names as SQL writes them, quoted and joined by commas."""
    return ", ".join(f'"{name}"' for name in columns)
