"""PostgreSQL as a warehouse: a schema per build, published by one transaction."""

from __future__ import annotations

import itertools
import re
from collections.abc import Collection, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, suppress
from urllib.parse import urlsplit

import adbc_driver_postgresql.dbapi as adbc
import psycopg
import pyarrow as pa
from psycopg import sql as pg

from smarketing.engine.warehouse import (
    NOTHING,
    Reader,
    WarehouseError,
    failing,
    hidden,
    said,
    shown,
)
from smarketing.settings import Settings
from smarketing.store.builds import SIGNS

#: The schema of what is published; builds are `smarketing_<build id>`.
SCHEMA = "smarketing"
#: Names that `next_build_id` gives, and what is put behind a name that is taken.
_BUILDS = f"^{SCHEMA}_b[0-9]{{5,}}_[0-9a-f]{{{SIGNS}}}(_[0-9]+)?$"
_LOCK = 7_319_002
#: What a build may take to sort and hash with: with the server's own 4 MB, records without the key
#: of an outer join are written to disk again and again, and a mart of ten million is never done.
_WORK_KB = 128 * 1024
#: What became of a build where the server went away on the last word.
_UNSURE = "it may be published there, but not in the home: build again"
#: What a build replaces or drops when it is published, and whose role this user has not.
_OTHERS = """select format('the schema %%s', nspname) from pg_namespace
where (nspname = %(here)s and not has_schema_privilege(oid, 'usage, create'))
or (nspname ~ %(builds)s and not pg_has_role(nspowner, 'usage'))
union all select distinct format('%%s.%%s', nspname, own.relname) from pg_class own
join pg_namespace on pg_namespace.oid = own.relnamespace
where nspname = %(here)s and not pg_has_role(own.relowner, 'usage') and (own.relname = 'published'
or own.relname in (select made.relname from pg_class made join pg_namespace place
on place.oid = made.relnamespace where place.nspname ~ %(builds)s))
order by 1"""
#: By these text is compared by its bytes, and small letters are told from capital ones in every
#: script, as DuckDB does; `C` knows those of A to Z alone. The first came with PostgreSQL 17.
_COLLATIONS = ["pg_c_utf8", "C.utf8", "C.UTF-8"]
_COLLATION = """select collname from pg_collation where collname = any(%s)
and collencoding in (-1, pg_char_to_encoding('UTF8')) order by array_position(%s, collname::text)"""
#: Columns of words that a mart itself says have the order of the database.
_UNORDERED = """select attname from pg_attribute where attrelid = %s::regclass and attnum > 0
and attcollation = (select oid from pg_collation where collname = 'default')"""
#: Somebody may have chosen others for the user or the database.
_SESSION = (
    "select set_config('client_encoding', 'UTF8', false), set_config('timezone', 'UTC', false), "
    "set_config('standard_conforming_strings', 'on', false), "
    "set_config('transform_null_equals', 'off', false)"
)
_TYPES = {
    "VARCHAR": "text",
    "BIGINT": "bigint",
    "INTEGER": "integer",
    "SMALLINT": "smallint",
    "TINYINT": "smallint",
    "HUGEINT": "numeric(39, 0)",
    "UBIGINT": "numeric(20, 0)",
    "DOUBLE": "double precision",
    "FLOAT": "real",
    "BOOLEAN": "boolean",
    "DATE": "date",
    "TIMESTAMP": "timestamp",
}
_DECIMAL = re.compile(r"^DECIMAL\((\d+),(\d+)\)$")


class PostgresWarehouse:
    """A PostgreSQL database; text compares by bytes and sessions run in UTC, as DuckDB does."""

    dialect = "postgres"
    works_at_once = 1

    def __init__(self, address: str) -> None:
        """Connect; WarehouseError where the server does not answer."""
        self._address = address
        self._schema = self._collation = ""
        with self._errors("be reached"):
            self._connection = psycopg.connect(address, autocommit=True, connect_timeout=10)
            self._connection.execute(_SESSION)
            self._connection.execute("set client_min_messages = warning")
        self._reader = PostgresReader(address)

    def prepare(self, build_id: str) -> None:
        """Make a schema of a build's own, under the lock that one builder holds at a time."""
        wait = int(Settings().lock_wait_seconds * 1000)
        with self._errors("be built in"):
            self._collation = self._find_collation()
            self._demand_rights()
            self._connection.execute(pg.SQL("set lock_timeout = {}").format(pg.Literal(wait)))
            try:
                self._connection.execute("select pg_advisory_lock(%s)", (_LOCK,))
            except psycopg.errors.LockNotAvailable as error:
                raise WarehouseError(
                    f"Another build is being made in {shown(self._address)}; waited "
                    f"{wait / 1000:g} s. Try again when that is done."
                ) from error
            # Not where somebody chose another for this user, database or address.
            self._connection.execute(
                "select set_config('work_mem', %s, false) from pg_settings where name = 'work_mem' "
                "and source in ('default', 'configuration file') and setting::bigint < %s",
                (f"{_WORK_KB}kB", _WORK_KB),
            )
            self._schema = self._free_name(build_id)
            for schema in (SCHEMA, self._schema):
                self._connection.execute(
                    pg.SQL("create schema if not exists {}").format(pg.Identifier(schema))
                )
            self._connection.execute(
                pg.SQL("set search_path to {}").format(pg.Identifier(self._schema))
            )
        self._reader.enter(self._schema)

    def write(self, table: str, columns: Mapping[str, str], rows: pa.Table) -> None:
        """Put a table into the build's schema, by COPY."""
        listed = pg.SQL(", ").join(
            pg.SQL("{} " + _type(kind)).format(pg.Identifier(name))
            for name, kind in columns.items()
        )
        with self._errors("be written to"):
            self._connection.execute(
                pg.SQL("create table {} ({})").format(pg.Identifier(table), listed)
            )
            if rows.num_rows:
                self._reader.copy(self._schema, table, rows)
            self._settle(table)

    def make(self, table: str, sql: str) -> None:
        """Make a table from a SELECT."""
        with self._errors(f"make {table}"):
            self._connection.execute(
                pg.SQL("create table {} as ").format(pg.Identifier(table)) + pg.SQL(sql)
            )
            self._settle(table)

    def arrow(self, sql: str) -> pa.Table:
        """Run a SELECT over the build's tables."""
        return self._reader.arrow(sql)

    def beside(self) -> Reader:
        """Open one more connection to the build's schema."""
        reader = PostgresReader(self._address)
        reader.enter(self._schema)
        return reader

    def parts(self, table: str, count: int) -> list[str]:
        """Divide a table by where its rows lie, which the server finds without reading others."""
        asked = "select pg_relation_size(%s) / current_setting('block_size')::bigint"
        with self._errors("be read"):
            [(pages,)] = self._connection.execute(asked, (f'"{table}"',)).fetchall()
        step = max(1, -(-pages // max(1, count)))
        starts = range(step, pages, step)
        # What lies behind the last page, if somebody adds to it, is of the last part.
        return [
            f"ctid >= '({start},0)'" + (f" and ctid < '({end},0)'" if end else "")
            for start, end in itertools.zip_longest([0, *starts], starts)
        ]

    @property
    def place(self) -> str:
        """The schema of the build."""
        return self._schema

    def publish(self, keep: int, held: Collection[str] = ()) -> None:
        """Point `smarketing.published` and a view per table at this build, and drop older ones."""
        try:
            with self._errors("be published in"):
                self._list(keep, held)
        except BaseException:
            # Else each try of a user who may not publish would leave a whole build there.
            with suppress(Exception):
                self._connection.execute("rollback")
                self.drop()
            raise
        with _errors(self._address, "say that it is published", _UNSURE):
            self._connection.execute("commit")

    def _list(self, keep: int, held: Collection[str]) -> None:
        run = self._connection.execute
        run("begin")
        run(f"create table if not exists {SCHEMA}.published (build text, at timestamptz)")
        self._lead()
        run(f"delete from {SCHEMA}.published where build = %s", (self._schema,))
        run(f"insert into {SCHEMA}.published values (%s, now())", (self._schema,))
        run(
            f"delete from {SCHEMA}.published where build not in "
            f"(select build from {SCHEMA}.published order by at desc, build desc limit %s) "
            "and build <> all(%s)",
            (max(keep, 1), [*held]),
        )
        self._prune()

    def _lead(self) -> None:
        """Lead a view per table to this build, and drop those of tables that it has not.

        They are replaced where their columns allow it, since views of others may read them; what
        else stands beside them is left alone.
        """
        tables = "select table_name::text from information_schema.tables where table_schema "
        made = self._names(f"{tables} = %s", self._schema)
        earlier = self._names(f"{tables} in (select build from {SCHEMA}.published)")
        drop = pg.SQL("drop view if exists {}.{}")
        for name in {*earlier} - {*made}:
            self._connection.execute(drop.format(*map(pg.Identifier, (SCHEMA, name))))
        for name in made:
            places = [*map(pg.Identifier, (SCHEMA, name, self._schema, name))]
            view = pg.SQL("create or replace view {}.{} as select * from {}.{}").format(*places)
            try:
                with self._connection.transaction():
                    self._connection.execute(view)
            except psycopg.errors.InvalidTableDefinition:
                self._connection.execute(drop.format(*places[:2]))
                self._connection.execute(view)

    def _prune(self) -> None:
        """Drop the schemas of builds that are not published: older ones and unfinished ones.

        What somebody else calls alike, such as `smarketing_b2b`, is theirs.
        """
        kept = set(self._names(f"select build from {SCHEMA}.published"))
        found = self._names("select nspname from pg_namespace where nspname ~ %s", _BUILDS)
        for schema in found:
            if schema not in kept:
                self._connection.execute(
                    pg.SQL("drop schema {} cascade").format(pg.Identifier(schema))
                )

    def drop(self) -> None:
        """Drop the schema of this build, which was not published."""
        with self._errors("be cleared"):
            self._connection.execute(
                pg.SQL("drop schema if exists {} cascade").format(pg.Identifier(self._schema))
            )

    def close(self) -> None:
        """Let go of both connections, and so of the lock."""
        self._reader.close()
        self._connection.close()

    def _free_name(self, build_id: str) -> str:
        """Return a schema's name that is not taken: two homes can make builds of one id."""
        name = f"{SCHEMA}_{re.sub(r'[^a-z0-9_]', '_', build_id.lower())}"
        taken = set(self._names("select nspname from pg_namespace"))
        numbered = (f"{name}_{number}" for number in itertools.count(2))
        return next(one for one in itertools.chain([name], numbered) if one not in taken)

    def _names(self, query: str, *values: object) -> list[str]:
        return [str(name) for (name,) in self._connection.execute(query, values).fetchall()]

    def _find_collation(self) -> str:
        """Find how text is compared here; WarehouseError where the database has no such way."""
        encoding = self._connection.info.parameter_status("server_encoding")
        if encoding != "UTF8":
            raise WarehouseError(
                f"The database {shown(self._address)} is written in {encoding}, which cannot hold "
                f"or count every letter: build in one whose encoding is UTF8; {NOTHING}."
            )
        found = self._names(_COLLATION, _COLLATIONS, _COLLATIONS)
        if not found:
            raise WarehouseError(
                f"{shown(self._address)} does not tell small letters from capital ones beyond A to "
                "Z where text is compared by its bytes: build in PostgreSQL 17 or newer, or on a "
                f"system with the locale C.UTF-8; {NOTHING}."
            )
        return found[0]

    def _demand_rights(self) -> None:
        """Ask before a build is made whether it may be published; WarehouseError says why not."""
        others = self._connection.execute(_OTHERS, {"here": SCHEMA, "builds": _BUILDS}).fetchall()
        if others:
            more = f" and {len(others) - 1} more" if others[1:] else ""
            raise WarehouseError(
                f"The user of {shown(self._address)} may not publish there: {others[0][0]}{more} "
                "belongs to another. Name that user in the address, or have its role granted to "
                f"this one; {NOTHING}."
            )

    def _settle(self, table: str) -> None:
        """Have the words of a new table compared by their bytes, and the planner know it."""
        words = [
            pg.SQL("alter column {0} type text collate {1}").format(
                pg.Identifier(name), pg.Identifier(self._collation)
            )
            for name in self._names(_UNORDERED, f'"{table}"')
        ]
        if words:
            changed = pg.SQL("alter table {} ").format(pg.Identifier(table))
            self._connection.execute(changed + pg.SQL(", ").join(words))
        self._connection.execute(pg.SQL("analyze {}").format(pg.Identifier(table)))

    def _errors(self, what: str) -> AbstractContextManager[None]:
        return _errors(self._address, what)


class PostgresReader:
    """A connection that answers by Arrow, its session in UTC."""

    dialect = "postgres"

    def __init__(self, address: str) -> None:
        """Connect; WarehouseError where the server does not answer."""
        self._address = address
        mark = "&" if urlsplit(address).query else "?"
        wait = "" if "connect_timeout=" in address else f"{mark}connect_timeout=10"
        with _errors(address, "be reached"):
            self._arrow = adbc.connect(address + wait)
        # Of parts of a question it expects one row, and would go through others for each of many.
        self.arrow(f"{_SESSION}, set_config('enable_nestloop', 'off', false)")

    def enter(self, schema: str) -> None:
        """Read from a schema from now on."""
        self._run(f'set search_path to "{schema}"')

    def _run(self, sql: str) -> None:
        with _errors(self._address, "be read"), self._arrow.cursor() as cursor:
            cursor.execute(sql)
            self._arrow.commit()

    def copy(self, schema: str, table: str, rows: pa.Table) -> None:
        """Add rows to a table of a schema."""
        with self._arrow.cursor() as cursor:
            cursor.adbc_ingest(table, rows, mode="append", db_schema_name=schema)
        self._arrow.commit()

    def arrow(self, sql: str) -> pa.Table:
        """Run a SELECT."""
        with _errors(self._address, "be read"), self._arrow.cursor() as cursor:
            cursor.execute(sql)
            found: pa.Table = cursor.fetch_arrow_table()
            self._arrow.commit()
            return found

    def close(self) -> None:
        """Let go of the connection, also of one that broke."""
        with suppress(Exception):
            self._arrow.close()


@contextmanager
def _errors(address: str, what: str, become: str = NOTHING) -> Iterator[None]:
    with failing(address, what, become):
        try:
            yield
        except psycopg.errors.LockNotAvailable as error:
            why = (
                "another session has a transaction open on what would be replaced; waited "
                f"{Settings().lock_wait_seconds:g} s: try again when that is done, or have it ended"
            )
            raise WarehouseError.of(address, what, why, become) from error
        except psycopg.errors.InsufficientPrivilege as error:
            raise WarehouseError(
                f"The user of {shown(address)} may not create schemas or tables there "
                f"({hidden(said(error), address)}); ask for that right, or name another user."
            ) from error


def _type(kind: str) -> str:
    decimal = _DECIMAL.match(kind)
    if decimal:
        return f"numeric({decimal[1]}, {decimal[2]})"
    if kind not in _TYPES:
        raise WarehouseError(f"PostgreSQL has no column for DuckDB's type {kind}.")
    return _TYPES[kind]
