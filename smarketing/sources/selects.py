"""The SELECTs of a source: those written in its folder, and those that follow from its merges."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from smarketing.errors import SourceError, did_you_mean
from smarketing.files.quoting import identifier, literal
from smarketing.sources.objects import ObjectProfile
from smarketing.sources.one_select import check_select
from smarketing.store.schema import core_tables

_FROM = re.compile(r"^--\s*from:\s*(.+?)\s*$", re.IGNORECASE | re.MULTILINE)
_UNDECIDED = re.compile(r"^--\s*undecided:\s*(.+?)\s*$", re.IGNORECASE | re.MULTILINE)
_COMMENT = re.compile(r"--[^\n]*|/\*.*?\*/", re.DOTALL)
_PACKAGE = Path(__file__).parent
ALIASES = "record_alias"


@dataclass(frozen=True)
class TableSelect:
    """One SELECT of a source: the core table it fills, the object that drives it, its text.

    `undecided` is what must still be said before it fills anything.
    """

    core_table: str
    object: str
    sql: str
    path: Path
    undecided: str | None = None

    @property
    def is_packaged(self) -> bool:
        """Return whether it comes with the program, and is nobody's own."""
        return self.path.is_relative_to(_PACKAGE)


def read_select(
    path: Path, source: str, objects: Mapping[str, ObjectProfile]
) -> TableSelect | None:
    """Read a SELECT file of a source; None if it holds nothing but comments and asks nothing.

    Raises SourceError when it does not say which of the source's objects drives it.
    """
    text = path.read_text(encoding="utf-8-sig")
    question = _UNDECIDED.search(text)
    if question is None and not _COMMENT.sub("", text).strip():
        return None
    found = _FROM.search(text)
    if found is None:
        raise SourceError(
            f"{path} does not say which object drives it; begin it with `-- from: ObjectName`."
        )
    name = found.group(1)
    if name not in objects:
        raise SourceError(
            f"{path} is driven by '{name}', which is no object of the source '{source}'."
            + did_you_mean(name, objects)
        )
    is_empty = not _COMMENT.sub("", text).strip()
    if not is_empty and not path.is_relative_to(_PACKAGE):
        check_select(text, own_views(objects), path)
    sql, asked = text.strip().rstrip(";").strip(), question.group(1) if question else None
    return TableSelect(path.name.split(".")[0], name, sql, path, asked)


def own_views(objects: Iterable[str]) -> list[str]:
    """Return the views that the SELECTs of a source with these objects may read."""
    named = ((name, f"{name}_current", every_view(name)) for name in objects)
    return [view for views in named for view in views]


def every_view(name: str) -> str:
    """Return what the view is called that has the deleted records of an object, too."""
    return f"{name}_every"


def merge_selects(
    objects: Mapping[str, ObjectProfile], selects: Sequence[TableSelect], path: Path
) -> Iterator[TableSelect]:
    """Make the SELECTs of aliases that follow from `merged_into` and `merged_from` of each object.

    They hold for every core table whose records the object's are, by the same id.
    """
    for name, item in objects.items():
        tables = [table for table in core_tables() if _is_record_of(table, name, selects)]
        for table in tables if item.key else ():
            for sql in _alias_sql(name, item, table):
                yield TableSelect(ALIASES, name, sql, path)


def _is_record_of(table: str, name: str, selects: Sequence[TableSelect]) -> bool:
    is_filled = any((s.core_table, s.object) == (table, name) for s in selects)
    return is_filled and core_tables()[table].key == (f"{table}_id",)


def _alias_sql(name: str, item: ObjectProfile, table: str) -> Iterator[str]:
    key = f"m.{identifier(item.key[0])}"
    stamp = f"m.{identifier(item.modified)}" if item.modified else "null"
    start = (
        f"-- from: {name}\nselect m._row, m._file_id, {stamp} as _modified, "
        f'{literal(table)} as "table", '
    )
    if item.merged_into:
        into = f"m.{identifier(item.merged_into)}"
        yield (
            f"{start}{key} as alias_id, {into} as id from {identifier(every_view(name))} m "
            f"where {into} is not null"
        )
    if item.merged_from:
        lists = ", ".join(f"m.{identifier(column)}" for column in item.merged_from)
        yield (
            f"{start}a.merged as alias_id, {key} as id from {identifier(every_view(name))} m "
            f"cross join unnest(list_distinct(list_concat({lists}))) a(merged)"
        )
