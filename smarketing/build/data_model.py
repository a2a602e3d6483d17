"""The data model as a document: core tables from their contract, marts from their own SQL.

`docs/data-model.md` and `smarketing model` are made here, so that neither can differ from the code.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from smarketing.build.marts.handoff_clock import CLOCK, CLOCK_READS
from smarketing.build.marts.order import mart_order, mart_reads
from smarketing.build.marts.statements import ENGINE, tables_read
from smarketing.engine.compile import shared_tree, sql_files
from smarketing.store.schema import Column, Table, core_tables

_HEADER = re.compile(r"^--\s?(.*)$")
_FIELD = re.compile(r"^(question|grain|parameters):\s*(.*)$")
_TYPES = {
    "id": "id",
    "text": "text",
    "int": "whole number",
    "real": "number",
    "bool": "true or false",
    "date": "day",
    "instant": "instant",
    "amount": "amount",
}
_CLOCK_QUESTION = "how many open minutes lie between the instants of each handover?"
_CLOCK_GRAIN = "one row per pass, written by Python from calendars and holidays"


@dataclass(frozen=True)
class Statement:
    """One mart or query: its question, its grain, the columns it gives, the tables it reads."""

    name: str
    question: str
    grain: str
    columns: tuple[str, ...]
    reads: tuple[str, ...]


@cache
def marts() -> tuple[Statement, ...]:
    """Return every mart in the order in which a build makes them."""
    names = list(sql_files("marts"))
    reads = mart_reads()
    order = mart_order(reads, set().union(*reads.values()) - {*names, CLOCK})
    return tuple(_clock() if name == CLOCK else _statement("marts", name) for name in order)


@cache
def queries() -> tuple[Statement, ...]:
    """Return every query by subject and name."""
    return tuple(_statement("queries", name) for name in sorted(sql_files("queries")))


def _statement(folder: str, name: str) -> Statement:
    tree = shared_tree(folder, name, ENGINE)
    versions = sql_files(folder)[name]
    text = versions.get("", versions.get(ENGINE, next(iter(versions.values())))).read_text("utf-8")
    fields = _header(text)
    return Statement(
        name,
        fields.get("question", ""),
        fields.get("grain", ""),
        tuple(tree.named_selects),
        tuple(sorted(tables_read(tree))),
    )


def _clock() -> Statement:
    return Statement(CLOCK, _CLOCK_QUESTION, _CLOCK_GRAIN, (), tuple(sorted(CLOCK_READS)))


def _header(text: str) -> Mapping[str, str]:
    """Return question, grain and parameters of a file's leading comment, lines run together."""
    found: dict[str, str] = {}
    field = ""
    for line in text.splitlines():
        comment = _HEADER.match(line)
        if not comment:
            break
        named = _FIELD.match(comment[1])
        if named:
            field = named[1]
            found[field] = named[2].strip()
        elif field and comment[1].startswith("  "):
            found[field] += f" {comment[1].strip()}"
        else:
            field = ""
    return found


def mermaid() -> str:
    """Return the entity diagram of the core tables: what points to what, with keys and types."""
    lines = ["erDiagram"]
    for table in core_tables().values():
        lines += [f"  {table.name} {{", *map(_attribute, _keyed(table)), "  }"]
    for table in core_tables().values():
        for column in table.columns:
            is_own_id = column.references == table.name and column.name in table.key
            if column.references and not is_own_id:
                lines.append(f"  {column.references} ||--o{{ {table.name} : {column.name}")
    return "\n".join(lines)


def _keyed(table: Table) -> Iterator[tuple[Column, str]]:
    for column in table.columns:
        marks = ["PK"] if column.name in table.key else []
        if column.references and column.references != table.name:
            marks.append("FK")
        yield column, ", ".join(marks)


def _attribute(keyed: tuple[Column, str]) -> str:
    column, marks = keyed
    return f"    {column.type} {column.name} {marks}".rstrip()


def document() -> str:
    """Return the data model as Markdown."""
    parts = [_INTRODUCTION, "```mermaid", mermaid(), "```", "", _CORE]
    for table in core_tables().values():
        parts += _core_table(table)
    parts.append(_MARTS)
    for statement in marts():
        parts += _mart(statement)
    parts.append(_QUERIES)
    parts += _query_table()
    return "\n".join(parts) + "\n"


def _core_table(table: Table) -> list[str]:
    lines = [f"### {table.name}", "", f"{_sentence(table.means)} Key: {_codes(table.key)}.", ""]
    lines += ["| column | type | meaning |", "|---|---|---|"]
    return [*lines, *(_core_column(column, table) for column in table.columns), ""]


def _core_column(column: Column, table: Table) -> str:
    kind = _TYPES[column.type]
    if column.references and column.references != table.name:
        kind += f" of {column.references}"
    means = column.means
    if column.unit:
        means += f" ({column.unit})"
    if column.allowed and column.allowed != tuple(core_tables()):
        means += f"; one of {_codes(column.allowed)}"
    if column.allowed == tuple(core_tables()):
        means += "; one of these tables"
    if column.name in table.required:
        means += "; must be there"
    return f"| `{column.name}` | {kind} | {means} |"


def _mart(statement: Statement) -> list[str]:
    lines = [f"### {statement.name}", "", f"{_sentence(statement.question)} "]
    lines[-1] += f"**Grain:** {statement.grain}."
    lines += ["", f"- reads {_codes(statement.reads)}"]
    readers = [m.name for m in marts() if statement.name in m.reads]
    readers += [q.name for q in queries() if statement.name in q.reads]
    lines.append(f"- read by {_codes(readers)}" if readers else "- read by KPIs and pages alone")
    if statement.columns:
        lines.append(f"- columns {_codes(statement.columns)}")
    return [*lines, ""]


def _query_table() -> list[str]:
    rows = ["| query | question | reads |", "|---|---|---|"]
    return rows + [
        f"| `{q.name}` | {_sentence(q.question)} | {_codes(q.reads)} |" for q in queries()
    ]


def _codes(names: Sequence[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _sentence(text: str) -> str:
    told = text[:1].upper() + text[1:]
    return told if not told or told[-1] in ".?!" else f"{told}."


_INTRODUCTION = """# Data model

Made by `smarketing model`; a test compares it with the code. Files are landed as raw text, sources
map them to the **core tables**, marts are derived from those and from the agreement, and queries
ask the marts. What the numbers mean stands in [definitions.md](definitions.md).

## What points to what
"""
_CORE = """## Core tables

Ids are text, prefixed with their source at import (`salesforce:0015…`). Every row also carries
`source`, `import_id` and `recorded_at`. An amount is in whole minor units of the row's currency
(files carry major units). An instant is stored in UTC beside a column `…_has_time`, which is false
where the file gave a day alone.
"""
_MARTS = """## Marts

In the order in which a build makes them. The files are `smarketing/sql/marts/<subject>/<mart>.sql`.
Tables named `agreement_…`, `map_…` and `dim_date` are written from the agreement before them.
"""
_QUERIES = """## Queries

What pages, command line and exports ask; the files are `smarketing/sql/queries/<query>.sql`.
"""
