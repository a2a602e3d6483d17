"""`source template`: an empty CSV of each core table, saying above its header what goes in."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Sequence
from pathlib import Path

from smarketing.errors import UsageError, unknown
from smarketing.sources import builtin_sources
from smarketing.store.schema import Column, Table, core_tables

#: The moment of files in a zip, which says nothing.
_LONG_AGO = (1980, 1, 1, 0, 0, 0)
#: What a cell takes, by the type of its column.
_TAKES = {
    "id": "an id",
    "text": "text",
    "int": "a whole number",
    "real": "a number",
    "bool": "true or false",
    "instant": "a day, or a day and time: 2026-06-30, 2026-06-30T14:05+02:00",
    "date": "a day: 2026-06-30",
    "amount": "an amount in major units: 1234.50",
}


def template(table: str) -> str:
    """Return the template of a core table: a line on each column as a comment, then the header.

    It imports as it is, with no record. Raises UsageError for a table that files cannot give.
    """
    files, tables = builtin_sources()["generic"].objects, core_tables()
    if table not in files:
        raise unknown("core table", table, files)
    known = tables[table]
    columns = [name for name in files[table].columns if name != "modified_at"]
    lines = [f"# {table}: {known.means}. A column that is not needed may be left out."]
    width = max(map(len, columns))
    for name in columns:
        takes = _takes(known, name, must=name in files[table].required)
        lines.append(f"# {name:<{width}}  {takes}")
    # One cell each, so that a spreadsheet shows them so and no comma makes a record of them.
    written = io.StringIO()
    csv.writer(written, lineterminator="\n").writerows([*([line] for line in lines), columns])
    return written.getvalue()


def zipped() -> bytes:
    """Return all templates as one zip: the same bytes each time."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name in builtin_sources()["generic"].objects:
            archive.writestr(zipfile.ZipInfo(f"{name}.csv", _LONG_AGO), template(name))
    return packed.getvalue()


def write_templates(tables: Sequence[str], folder: Path) -> list[Path]:
    """Write the templates of some core tables, or of all, into a folder; return the files.

    Raises UsageError for an unknown table, and where a file of that name is there: it may be full.
    """
    texts = {name: template(name) for name in tables or builtin_sources()["generic"].objects}
    files = {folder / f"{name}.csv": text for name, text in texts.items()}
    there = next((file for file in files if file.exists()), None)
    if there is not None:
        raise UsageError(f"{there} is there already; name another folder by --out.")
    folder.mkdir(parents=True, exist_ok=True)
    for file, text in files.items():
        file.write_text(text, encoding="utf-8")
    return list(files)


def _takes(table: Table, name: str, *, must: bool) -> str:
    column = table.column(name)
    parts = [_kind(table, column)]
    if column.allowed:
        parts[0] = f"one of {', '.join(column.allowed)}"
    if column.unit:
        parts.append(f"in {column.unit}")
    default = dict(table.defaults).get(name)
    if default:
        parts.append(f"{default} where it is blank")
    if must:
        parts.append("must be there")
    return f"{column.means} ({'; '.join(parts)})"


def _kind(table: Table, column: Column) -> str:
    if column.references and column.references != table.name:
        return f"an id of {column.references}"
    return _TAKES[column.type]
