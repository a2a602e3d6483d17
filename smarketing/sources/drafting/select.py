"""One SELECT of a draft: its columns as expressions, and its text."""

from __future__ import annotations

import re
import textwrap
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from smarketing.files.quoting import identifier, literal
from smarketing.sources.drafting.columns import Column
from smarketing.store.schema import core_tables

DRIVER = "r"
"""What the rows of the driving file are called."""
_WIDTH = 96
_APART = re.compile(r"[-_./\s]+")
_CONTENT = re.compile(r"md5\(concat_ws\('\|',\n.*?\n  \)\)", re.DOTALL)
_RESERVED = {"table": '"table"'}


@dataclass(frozen=True)
class Draft:
    """A SELECT on its way: the core table, the object that drives it, its columns in order.

    `before` holds CTEs by name; `joins`, `where` and `qualify` what stands behind the driving view.
    `used` are the headers that it reads, `undecided` what must be said before it fills anything,
    `doubt` why it is commented out.
    """

    table: str
    object: str
    columns: Mapping[str, str]
    used: frozenset[str] = frozenset()
    before: Mapping[str, str] = field(default_factory=dict)
    joins: tuple[str, ...] = ()
    where: str | None = None
    qualify: str | None = None
    undecided: str | None = None
    doubt: str | None = None

    def text(self, headers: Iterable[str], doubt: str | None = None) -> str:
        """Write the SELECT with what it leaves out; commented out where there is a doubt."""
        known = [column.name for column in core_tables()[self.table].columns]
        absent = [name for name in known if name not in self.columns]
        spare = [" ".join(header.split()) for header in headers if header not in self.used]
        note = ""
        body = self._body(known)
        doubt = doubt or self.doubt
        if doubt:
            note = _note(f"Not active yet, since {doubt}: complete it and take the dashes away.")
            body = "".join(f"-- {line}\n" for line in body.splitlines())
        return (
            f"-- from: {self.object}\n"
            + (f"-- undecided: {self.undecided}\n" if self.undecided else "")
            + f"-- A first draft of what fills {self.table}: one record per row of the file.\n"
            + _note(f"Columns of {self.table} without a header: {', '.join(absent) or 'none'}.")
            + _note(f"Headers not used: {', '.join(spare) or 'none'}.")
            + note
            + body
        )

    def _body(self, known: Sequence[str]) -> str:
        order = ["_modified", "_unknown", *known]
        lines = [f"  {DRIVER}._row", f"  {DRIVER}._file_id"]
        given = [name for name in order if name in self.columns]
        lines += [f"  {self.columns[name]} as {_RESERVED.get(name, name)}" for name in given]
        before = ",\n".join(f"{name} as (\n{sql}\n)" for name, sql in self.before.items())
        parts = [f"with {before}" if before else "", "select", ",\n".join(lines)]
        parts.append(f"from {identifier(self.object)} {DRIVER}")
        parts += [*self.joins, f"where {self.where}" if self.where else ""]
        parts.append(f"qualify {self.qualify}" if self.qualify else "")
        return "\n".join(part for part in parts if part) + "\n"


def _note(text: str) -> str:
    return "".join(f"-- {line}\n" for line in textwrap.wrap(text, _WIDTH))


def value(column: Column | str) -> str:
    """Return the expression of a column of the driving file."""
    return f"{DRIVER}.{identifier(column if isinstance(column, str) else column.name)}"


def filled(column: Column | str) -> str:
    """Return the expression of a column that is null where its cell is blank."""
    return f"nullif(trim({value(column)}), '')"


def folded(column: Column | str) -> str:
    """Return the expression of a column as words are compared: trimmed, in lower case."""
    return f"lower(trim({value(column)}))"


def worded(column: Column | str) -> str:
    """Return the expression of a column as known words are: without accents and signs, too."""
    bare = f"strip_accents(lower({value(column)}))"
    return f"trim(regexp_replace({bare}, '[-_./\\s]+', ' ', 'g'))"


def as_worded(text: str) -> str:
    """Write a value as the expression of `worded` has it."""
    letters = unicodedata.normalize("NFKD", text.lower())
    plain = "".join(c for c in letters if not unicodedata.combining(c))
    return _APART.sub(" ", plain).strip()


def first_of(columns: Sequence[Column]) -> str:
    """Return the expression of the first of several columns that is filled."""
    if len(columns) == 1:
        return value(columns[0])
    return f"coalesce({', '.join(filled(column) for column in columns)})"


def mapped(column: Column, meanings: Mapping[str, str], rest: str | None = None) -> str:
    """Return the expression that says what each value means; what is new is `rest`, else itself."""
    cases = "\n".join(
        f"    when {literal(said.strip().lower())} then {literal(meant)}"
        for said, meant in meanings.items()
    )
    return f"case {folded(column)}\n{cases}\n    else {rest or value(column)}\n  end"


def without_content_ids(sql: str) -> str:
    """Return a SELECT without what its ids are made of: a cell read only there is not kept."""
    return _CONTENT.sub("", sql)


def content_id(columns: Iterable[str]) -> str:
    """Return the expression of an id made of a row's cells, numbered where rows are alike.

    The same row imported again is then the same record.
    """
    cells = ",\n".join(f"    coalesce({value(column)}, '')" for column in columns)
    grain = f"md5(concat_ws('|',\n{cells}\n  ))"
    place = f"row_number() over (partition by {DRIVER}._file_id, {grain} order by {DRIVER}._row)"
    return f"{grain} || '-' || {place}"
