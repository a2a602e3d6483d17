"""Documents whose columns stand apart from their values, and those whose records nobody finds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from smarketing.files.json_values import Repeating, as_object

NAMES = ("columns", "headers", "header", "cols", "meta", "fields", "colnames", "rowType")
"""Under which documents name the columns of rows that are lists."""
_ABOUT = ("schema", "resultSetMetaData")
"""What may stand around those names."""
_ROWS = ("rows", "data", "values", "records", "results")
_BODIES = ("data", "result", "results", "query_result", "response", "table")
_CALLED = ("name", "label", "id")
_OWN = ("id", "_id", "uuid")
"""What only a record has: an object with one is no answer that holds others."""
_DEEP = 5


def columnar(value: Mapping[str, Any], deep: int = 0) -> Sequence[Any]:
    """Return the records of an object whose columns stand apart from its rows; else none.

    As in `{"columns": ["id", …], "rows": [["1", …]]}`, `{"meta": [{"name": "id"}, …], "data": …}`,
    with either a level deeper, and `{"id": ["1", …], "name": [ … ]}`. A row of another length than
    its columns stands as it is.
    """
    if isinstance(value, Repeating):
        return ()
    names = list(_names(value))
    rows = [value[key] for key in _ROWS if _is_table(value.get(key))]
    if len(names) == len(rows) == 1:
        return [_row(names[0], row) for row in rows[0]]
    bodies = [value[key] for key in _BODIES if isinstance(value.get(key), dict)]
    if not names and not rows and len(bodies) == 1 and deep < _DEEP:
        return columnar(bodies[0], deep + 1)
    return () if names or deep else _by_column(value)


def _names(value: Mapping[str, Any]) -> Iterator[list[str]]:
    """Iterate over the lists of names of columns in an object: texts, or objects with a name."""
    for place in (value, *(value[key] for key in _ABOUT if isinstance(value.get(key), dict))):
        for key in NAMES:
            found = place.get(key)
            named = [_called(each) for each in found] if isinstance(found, list) else []
            if named and all(named):
                yield [name for name in named if name]


def _called(column: Any) -> str | None:
    """Return the name of a column, given as a text or as an object that has one."""
    if isinstance(column, dict):
        column = next((column[key] for key in _CALLED if column.get(key)), None)
    return str(column) if type(column) is str and column else None


def names_columns(key: str, value: Mapping[str, Any], tables: Mapping[str, Iterable[str]]) -> bool:
    """Whether what stands under a key are the names of the columns of another table beside it.

    `tables` are the columns of each table in the object, by its key. A table of records may be
    called so, too ("headers" of invoices): its names are no columns.
    """
    described = [each for each in value.get(key) or () if isinstance(each, dict)]
    for called in _CALLED if key in tables else ():
        names = {each.get(called) for each in described}
        for other, columns in tables.items():
            beside_it = {column.partition(".")[0] for column in columns}
            if other != key and (names <= beside_it or beside_it <= names):
                return True
    return False


def _is_table(value: Any) -> bool:
    """Whether a value is a list of lists."""
    return isinstance(value, list) and bool(value) and all(isinstance(row, list) for row in value)


def _row(names: Sequence[str], row: list[Any]) -> Any:
    return as_object(list(zip(names, row, strict=True))) if len(row) == len(names) else row


def _by_column(value: Mapping[str, Any]) -> Sequence[Any]:
    """Return the records of an object that has a list of as many plain values for each column.

    Or an object, whose keys count from 0: `{"id": {"0": "1", "1": "2"}, "name": { … }}`.
    """
    columns = [_values(each) for each in value.values()]
    if len(columns) < 2 or not all(columns) or len({len(each) for each in columns}) != 1:
        return ()
    if any(isinstance(each, dict | list) for column in columns for each in column):
        return ()
    return [dict(zip(value, row, strict=True)) for row in zip(*columns, strict=True)]


def _values(column: Any) -> list[Any]:
    if isinstance(column, dict):
        return list(column.values()) if is_counted(column) else []
    return column if isinstance(column, list) else []


def is_counted(keys: Mapping[str, Any]) -> bool:
    """Whether keys are the places of a list, from 0 on."""
    return list(keys) == [str(place) for place in range(len(keys))]


def hidden(value: Mapping[str, Any]) -> str | None:
    """Say where records stand in an object that is no record of its own; None where it is one.

    It has no id, and lists of objects or of lists somewhere inside, or objects that are all alike.
    """
    if any(key.casefold() in _OWN for key in value):
        return None
    parts = list(value.values())
    keys = {frozenset(part) if isinstance(part, dict) else None for part in parts}
    if len(parts) > 1 and len(keys) == 1 and all(each and len(each) > 1 for each in keys):
        return next(iter(value))
    return next(_lists(value), None)


def _lists(value: Mapping[str, Any], deep: int = 1) -> Iterator[str]:
    """Iterate over the keys, from the top down, of the lists that hold objects or lists."""
    for key, part in value.items():
        if isinstance(part, list) and part and all(isinstance(p, dict | list) for p in part):
            yield key
        elif isinstance(part, dict) and deep < _DEEP:
            yield from (f"{key}.{inner}" for inner in _lists(part, deep + 1))


def beside(tables: Mapping[str, Any], value: Mapping[str, Any]) -> str | None:
    """Say where rows stand that are lists, beside lists of records of an object; None without."""
    return next((key for key in _ROWS if key not in tables and _is_table(value.get(key))), None)


def of_lists(record: Mapping[str, str | None], is_alone: bool) -> str | None:
    """Say which cell of a flat record holds lists that are records themselves; None where none is.

    So it is where a record has nothing else, or is the only one, has no id, and calls them rows.
    """
    held = [key for key, text in record.items() if text and text.startswith(("[{", "[["))]
    plain = sum(text is not None for text in record.values()) - len(held)
    if not held or not plain:
        return next(iter(held), None)
    has_own = any(key.casefold().endswith("id") for key in record)
    return next((k for k in held if k in _ROWS), None) if is_alone and not has_own else None
