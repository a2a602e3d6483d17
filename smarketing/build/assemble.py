"""From the landed files to a finished build file: core tables, marts, invariants."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import duckdb

from smarketing import __version__
from smarketing.agreement import Agreement
from smarketing.build.accounting.as_of import (
    AsOf,
    file_as_of,
    find_load_stamps,
    newest_stamps,
    source_as_of,
    stamp_rows,
)
from smarketing.build.accounting.balances import count_files, find_dangling, write_balances
from smarketing.build.accounting.dates_ahead import drop_superseded, list_future
from smarketing.build.accounting.invariants import check_invariants
from smarketing.build.accounting.witness import write_totals
from smarketing.build.again.carry import Carried, copy_build, keep_core
from smarketing.build.again.fingerprint import code_hash
from smarketing.build.again.renew import Earlier
from smarketing.build.core.given_rows import INT, NUMBER, TEXT, write_rows
from smarketing.build.core.gone import let_go_of_deleted
from smarketing.build.core.members import settle_members
from smarketing.build.core.placing import place_deals
from smarketing.build.core.restarts import check_restarts
from smarketing.build.core.tables import create_tables, fill_tables, filled_tables
from smarketing.build.core.values import define_macros
from smarketing.build.core.versions import follow_merges, keep_newest, keep_primary
from smarketing.build.core.views import MAIN, RAW, RawFile
from smarketing.build.marts.beyond import build_marts_in
from smarketing.build.marts.order import build_marts
from smarketing.build.marts.staying import places_held
from smarketing.build.progress import Progress
from smarketing.build.spend.months import cover_months
from smarketing.build.spend.settle import (
    check_periods,
    find_overlaps,
    settle_spend,
    spread_periods,
)
from smarketing.currencies import minor_digits
from smarketing.engine.open_warehouse import open_warehouse
from smarketing.engine.pulling import place_of
from smarketing.engine.warehouse import WarehouseError
from smarketing.errors import StoreError
from smarketing.files.quoting import literal
from smarketing.settings import Settings
from smarketing.sources import Source
from smarketing.store import elsewhere
from smarketing.store.confine import confine
from smarketing.store.home import disk_errors

_QUARANTINE = (
    *((name, TEXT) for name in ("source", "import_id", "file")),
    ("row", INT),
    *((name, TEXT) for name in ("table_name", "column_name", "value", "reason")),
    ("_file_id", NUMBER),
)

#: How much DuckDB lets gather before it writes down the tables of a build by itself. Every time it
#: goes over all tables there are, and one that is still to be finished gains nothing by it.
_SELDOM = "256MB"


@dataclass(frozen=True)
class Recipe:
    """Everything a build is a function of; `warehouse` is the address where marts are built.

    `beside` is the home of the builds whose marts stay there, unless they hold who was erased.
    With `only_core` there are no marts, for somebody who looks at files before they are imported.
    `importing` is the import that runs; its files may still be refused.
    """

    build_id: str
    files: tuple[RawFile, ...]
    sources: Mapping[str, Source]
    agreement: Agreement
    landing_hash: str
    carried: Carried | None = None
    warehouse: str = ""
    beside: Path | None = None
    only_core: bool = False
    importing: str | None = None

    @property
    def added(self) -> tuple[RawFile, ...]:
        """The files whose rows are not carried over from the build before."""
        return self.files[self.carried.files :] if self.carried else self.files


def assemble(path: Path, recipe: Recipe, progress: Progress) -> list[str]:
    """Write the build file at `path`; return the names of its marts.

    Raises StoreError when an invariant does not hold or the disk or memory does not suffice,
    SourceError when a source does not fit; the file is then no build.
    """
    if recipe.carried:
        with disk_errors(path.parent):
            copy_build(recipe.carried, path)
    with _disk_and_memory(path), closing(_connect(path)) as connection:
        # No log of changes: a build that is not finished is thrown away, never repaired.
        connection.execute(f"attach {literal(str(path))} as build (recovery_mode no_wal_writes)")
        connection.execute(f"attach ':memory:' as {RAW}")
        # What a source's SQL says is checked when it is loaded; this holds even if that was fooled.
        confine(connection, [file.parquet for file in recipe.added])
        earlier = _write_core(connection, recipe, progress)
        connection.execute(f"detach {RAW}")
        connection.execute("checkpoint build")
        marts: list[str] = []
        if not recipe.only_core:
            with _marts(connection, recipe, earlier, progress) as marts:
                progress("checking invariants", 0.97)
                check_invariants(connection)
                connection.execute("checkpoint build")
        connection.execute("use memory")
        connection.execute("detach build")
    return marts


@contextmanager
def _marts(
    connection: duckdb.DuckDBPyConnection,
    recipe: Recipe,
    earlier: Earlier | None,
    progress: Progress,
) -> Iterator[list[str]]:
    """Build the marts, here or in the warehouse, which publishes once the block has ended well."""
    if not recipe.warehouse:
        yield build_marts(
            connection, recipe.agreement, lambda mart: progress(f"mart {mart}", 0.8), earlier
        )
        return
    with closing(open_warehouse(recipe.warehouse)) as warehouse:
        home, place = recipe.beside, place_of(recipe.warehouse)
        if home:
            elsewhere.note_built(home, place)
        try:
            yield build_marts_in(
                warehouse, connection, recipe.agreement, recipe.build_id, lambda t: progress(t, 0.8)
            )
        except BaseException:
            with suppress(WarehouseError):
                warehouse.drop()
            raise
        if home and place not in elsewhere.hold_erased(home):
            warehouse.publish(Settings().keep_builds, places_held(home))
            return
        warehouse.publish(keep=0 if home else 1)
        if home:
            elsewhere.note_dropped(home, place)


def _write_core(
    connection: duckdb.DuckDBPyConnection, recipe: Recipe, progress: Progress
) -> Earlier | None:
    """Fill the core tables; return what they hold of the build before, if anything."""
    define_macros(connection)
    earlier = None
    if recipe.carried:
        earlier = keep_core(connection, recipe.carried.files)
    else:
        create_tables(connection)
    _write_file_key(connection, recipe.added)
    _write_lost(connection, recipe.added)
    fill_tables(
        connection,
        recipe.sources,
        recipe.added,
        recipe.agreement,
        lambda source: progress(f"typing {source}", 0.4),
    )
    write_totals(connection, recipe.sources, recipe.added)
    place_deals(connection, recipe.sources, recipe.agreement)
    cover_months(connection, recipe.sources, recipe.added)
    check_periods(connection)
    progress("keeping the newest versions", 0.6)
    timezone = recipe.agreement.timezone
    follow_merges(connection)
    let_go_of_deleted(connection)
    settle_members(connection)
    keep_primary(connection)
    added = [file.file_id for file in recipe.added] if recipe.carried else ()
    newest = newest_stamps(connection, timezone, added)
    list_future(connection, recipe.added, newest, timezone)
    as_of = file_as_of(connection, recipe.added, newest, timezone)
    as_of |= recipe.carried.as_of if recipe.carried else {}
    stamp_rows(connection, as_of)
    check_restarts(connection, recipe.files, recipe.sources, recipe.importing)
    settle_spend(connection)
    for table in filled_tables(connection):
        if not earlier or earlier.has_more(connection, table.name):
            keep_newest(connection, table)
    spread_periods(connection, recipe.carried.files if recipe.carried else 0)
    find_overlaps(connection)
    if earlier:
        earlier.find_rows(connection)
    progress("checking references", 0.7)
    find_load_stamps(connection, timezone)
    drop_superseded(connection)
    find_dangling(connection, earlier)
    counts = count_files(connection, recipe.files, recipe.sources)
    sources = source_as_of(recipe.files, as_of, timezone)
    write_balances(connection, counts, as_of, sources)
    _write_info(connection, recipe, _store_as_of(recipe, sources))
    connection.execute(f"drop table {MAIN}.file_key")
    return earlier


def _connect(path: Path) -> duckdb.DuckDBPyConnection:
    settings = Settings()
    connection = duckdb.connect(
        ":memory:",
        config={
            "memory_limit": settings.memory_limit,
            "preserve_insertion_order": False,
            "checkpoint_threshold": _SELDOM,
            "temp_directory": f"{path}.tmp",
        },
    )
    if settings.threads:
        connection.execute(f"set threads = {settings.threads}")
    return connection


def _write_file_key(connection: duckdb.DuckDBPyConnection, files: Sequence[RawFile]) -> None:
    connection.execute(
        f"create table {MAIN}.file_key (_file_id integer, import_id varchar, file varchar)"
    )
    rows = [(file.file_id, file.import_id, file.table.name) for file in files]
    connection.executemany(f"insert into {MAIN}.file_key values (?, ?, ?)", rows)


def _write_lost(connection: duckdb.DuckDBPyConnection, files: Sequence[RawFile]) -> None:
    """Put the records that could not even be read into quarantine."""
    rows = [
        (
            file.source,
            file.import_id,
            file.table.name,
            lost.row,
            None,
            lost.column,
            lost.value[:200],
            lost.reason,
            file.file_id,
        )
        for file in files
        for lost in file.table.bad_rows
    ]
    if rows:
        write_rows(connection, f"insert into {MAIN}.quarantine", _QUARANTINE, rows)


def _store_as_of(recipe: Recipe, sources: Mapping[str, AsOf]) -> AsOf:
    """Return the latest as-of of the sources; of data without any stamp, the last import's day."""
    if sources:
        return max(sources.values(), key=lambda known: known.at)
    at = max(file.imported_at for file in recipe.files)
    local = at.replace(tzinfo=UTC).astimezone(ZoneInfo(recipe.agreement.timezone))
    return AsOf(at, local.date())


def _write_info(connection: duckdb.DuckDBPyConnection, recipe: Recipe, as_of: AsOf) -> None:
    connection.execute(
        f"create table {MAIN}.build_info (build_id varchar, as_of_at timestamp, as_of_day date, "
        "agreement_hash varchar, currency varchar, minor_digits integer, timezone varchar, "
        "version varchar, built_at timestamp, code_hash varchar, landing_hash varchar)"
    )
    agreement = recipe.agreement
    connection.execute(
        f"insert into {MAIN}.build_info values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            recipe.build_id,
            as_of.at,
            as_of.day,
            agreement.hash,
            agreement.currency,
            minor_digits(agreement.currency),
            agreement.timezone,
            __version__,
            datetime.now(UTC).replace(tzinfo=None),
            code_hash(),
            recipe.landing_hash,
        ],
    )


@contextmanager
def _disk_and_memory(path: Path) -> Iterator[None]:
    """Say what DuckDB could not get from the machine in one sentence."""
    try:
        yield
    except duckdb.OutOfMemoryException as error:
        raise StoreError(
            "The build does not fit the memory it may use: nothing was changed. "
            "Raise SMARKETING_MEMORY_LIMIT (now "
            f"{Settings().memory_limit})."
        ) from error
    except (duckdb.IOException, duckdb.TransactionException, duckdb.FatalException) as error:
        raise StoreError(
            f"The build could not be written to {path.parent} ({_first_line(error)}): nothing was "
            "changed. Free some space and run the same command again."
        ) from error

    except duckdb.Error as error:
        raise StoreError(
            f"The build could not be made ({type(error).__name__}: {_first_line(error)}): nothing "
            "was changed, and the build before stays current. Is a landed file damaged? Import its "
            "file again into a new home to see."
        ) from error


def _first_line(error: Exception) -> str:
    return str(error).splitlines()[0]
