"""What a build is asked once for all statements: addresses among ids, rows in scope, names."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Mapping, Sequence
from threading import Lock
from typing import Any

import duckdb
from sqlglot import exp

from smarketing import access
from smarketing.engine import masks
from smarketing.engine.naming import named_in, named_texts
from smarketing.engine.sight import Sight, condition, goes_by, goes_by_several

#: The database in memory, of the process and the build, for what is worked out of it once.
_KEPT = "kept"
#: What people wrote, and how it is shown.
_WRITTEN = f"{_KEPT}.naming.written"
#: What tells of a build who its people are, and of what records.
_PEOPLE = frozenset({
    "dim_person", "person", "link_person", "dim_lead", "lead_key", "fct_unit", "fct_unit_person",
    "member",
})  # fmt: skip
#: Types of columns that hold no text.
_NO_TEXT = frozenset({
    "BOOLEAN", "TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "UTINYINT", "USMALLINT",
    "UINTEGER", "UBIGINT", "UHUGEINT", "FLOAT", "DOUBLE", "DECIMAL", "DATE", "TIME", "TIMESTAMP",
    "TIMESTAMP WITH TIME ZONE", "INTERVAL",
})  # fmt: skip
_LOCK = Lock()


class KnownBuild:
    """A build that is open, as statements for one sight ask it."""

    def __init__(
        self,
        connection: duckdb.DuckDBPyConnection,
        sight: Sight,
        columns: Mapping[str, Mapping[str, str]],
        addressed: dict[tuple[str, ...], bool],
        live: Collection[str] = (),
    ) -> None:
        """Ask through a connection; `addressed` is shared by all who ask the same build.

        `columns` are those of every table, each with its type. Of the tables that are `live` in a
        warehouse nothing is worked out here.
        """
        self._live = live
        self._connection = connection
        self._sight = sight
        self._columns = columns
        self._addressed = addressed
        self._made: dict[str, str] = {}

    def is_text(self, table: str, column: str) -> bool:
        """Answer whether a column holds texts: whether its type is none that holds none."""
        return self._columns[table][column].partition("(")[0] not in _NO_TEXT

    def is_address(self, table: str, column: str) -> bool:
        """Answer whether an id of a column may be an address: whether any is."""
        text = exp.column(column, quoted=True)

        def asked() -> exp.Select:
            held = exp.func("contains", text, exp.Literal.string("@"))
            return exp.select("1").from_(exp.to_identifier(table, quoted=True)).where(held)

        return self._any("address", table, column, asked)

    def has_contacts(self, table: str, column: str) -> bool:
        """Answer whether addresses or telephone numbers may stand in a column: whether any does."""
        text = exp.column(column, quoted=True)

        def asked() -> exp.Select:
            held = exp.NullSafeNEQ(this=masks.without_contacts(text), expression=text.copy())
            # Each text is worth asking once: a pattern takes far longer than to find them.
            source = exp.to_identifier(table, quoted=True)
            texts = exp.select(text.copy()).distinct().from_(source).subquery("texts")
            return exp.select("1").from_(texts).where(held)

        return self._any("contact", table, column, asked)

    def _any(self, question: str, table: str, column: str, asked: Callable[[], exp.Select]) -> bool:
        """Answer, once for a build, whether what is asked of a column's values has any answer."""
        if table in self._live:
            return True
        key = (question, table, column)
        if key not in self._addressed:
            try:
                self._addressed[key] = bool(self._run(asked().limit(1).sql("duckdb")))
            except duckdb.Error:
                self._addressed[key] = True
        return self._addressed[key]

    def rows_in_scope(self, table: str) -> str:
        """Return the table that holds the numbers of a table's rows in scope; '' for none.

        It is made for a table that goes by several others, once for a build, a process and a scope:
        to look for each row in each of them takes longer than most questions.
        """
        if not goes_by_several(table) or {table, *goes_by(table)} & {*self._live}:
            return ""
        if table not in self._made:
            known = hashlib.sha256(repr(self._sight.scope).encode()).hexdigest()[:16]
            name = f"{_KEPT}.in_scope.{table}_{known}"
            with _LOCK:
                self._make(name, table)
            self._made[table] = name
        return self._made[table]

    def texts_of_people(self, table: str, column: str) -> str:
        """Return the table of a column's texts that name people and what is shown, '' for none.

        It is made once for a build and a process.
        """
        if table in self._live:
            return ""
        name = f"{_KEPT}.naming.{table}_{column}"
        if name not in self._made:
            with _LOCK:
                self._make_naming(name, table, column)
            is_empty = not self._run(f"select 1 from {name} limit 1")
            self._made[name] = "" if is_empty else name
        return self._made[name]

    def _make_naming(self, name: str, table: str, column: str) -> None:
        if self._is_made(name):
            return
        held = self._columns.get(table, {})
        found = (
            named_texts(self._run, table, column, held) if self._columns.keys() >= _PEOPLE else {}
        )
        cleaned = masks.without_contacts(exp.column("shown")).sql("duckdb")
        texts = {"texts": list(found), "shown": list(found.values())}
        rows = "select unnest($texts::varchar[]) as text, unnest($shown::varchar[]) as shown"
        self._run(f"create table {name} as select text, {cleaned} as shown from ({rows})", texts)

    def hidden(self, written: Sequence[tuple[str, str, str]]) -> list[str]:
        """Return texts without whom the build knows; kind and id of what each is about beside it.

        Each is looked at once for a build and a process.
        """
        with _LOCK:
            if not self._is_made(_WRITTEN):
                self._run(f"create table {_WRITTEN} (written varchar[], shown varchar)")
            asked = f"select written, shown from {_WRITTEN} where written in (select unnest($it))"
            found = self._run(asked, {"it": [list(one) for one in written]})
            known = {tuple(one): str(shown) for one, shown in found}
            fresh = [one for one in dict.fromkeys(written) if one not in known]
            if fresh:
                can_know = self._columns.keys() >= _PEOPLE
                named = named_in(self._run, fresh) if can_know else {}
                shown = [access.without_contacts(named.get(one[0], one[0])) for one in fresh]
                rows = {"it": [list(one) for one in fresh], "shown": shown}
                self._run(f"insert into {_WRITTEN} select unnest($it), unnest($shown)", rows)
                known |= dict(zip(fresh, shown, strict=True))
        return [known[one] for one in written]

    def _make(self, name: str, table: str) -> None:
        if not self._is_made(name):
            columns = {name: frozenset(held) for name, held in self._columns.items()}
            visible = condition(table, self._sight, columns)
            rows = exp.select("rowid as number").from_(exp.to_table(table)).where(visible)
            self._run(f"create table {name} as {rows.sql('duckdb')}", self._sight.scope_params)

    def _is_made(self, name: str) -> bool:
        """Answer whether a table is kept, and make the place for it."""
        try:
            self._run(f"select 1 from {name} limit 0")
        except duckdb.CatalogException:
            database, schema, _ = name.split(".")
            self._run(f"attach if not exists ':memory:' as {database} (read_write)")
            self._run(f"create schema if not exists {database}.{schema}")
            return False
        return True

    def _run(self, sql: str, params: Mapping[str, object] | None = None) -> list[tuple[Any, ...]]:
        cursor = self._connection.cursor()
        try:
            return cursor.execute(sql, None if params is None else dict(params)).fetchall()
        finally:
            cursor.close()


class Written:
    """What is known of a build, for a statement that a reader can run: no rows are numbered."""

    def __init__(self, build: KnownBuild) -> None:
        """Know of the addresses and contacts of a build."""
        self.is_text = build.is_text
        self.is_address = build.is_address
        self.has_contacts = build.has_contacts

    def rows_in_scope(self, _table: str) -> str:
        """Have no rows numbered."""
        return ""

    def texts_of_people(self, _table: str, _column: str) -> str:
        """Have no texts kept: what is written is no answer."""
        return ""
