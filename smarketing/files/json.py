"""Reading json and json lines: records as APIs answer them, flattened, numbers untouched."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, NamedTuple

from smarketing.errors import SourceError
from smarketing.files.encoding import TextFile
from smarketing.files.headers import column_names
from smarketing.files.json_columns import NAMES, beside, columnar, hidden, names_columns, of_lists
from smarketing.files.json_pages import (
    LISTS,
    apart,
    inner_list,
    more_follow,
    page_of_line,
    unwrapped,
)
from smarketing.files.json_records import flatten
from smarketing.files.json_values import DECODER, RepeatedError, dump
from smarketing.files.landing import Landing
from smarketing.files.limits import check_columns, check_lines, text_fault
from smarketing.files.table import check_confidence
from smarketing.files.tables import BadRow, LandedTable

MAX_BYTES = 1 << 29
"""A larger document does not fit the memory; json lines of any size are read a line at a time."""
_NO_OBJECT = "is no object with named values"
_TOO_DEEP = "is nested too deeply to be a record"
_TWICE = "stands twice in the record, with two values"
_MORE = "one page of an answer, and '{}' in it says that more follow: import those behind it, too"
_HIDDEN = (
    "{name} holds its records inside an object, under '{where}', in a way that is not read: export "
    "it as csv, or as a list of objects."
)
_SPACE = re.compile(r"[ \t\n\r]*")
Found = tuple[int, Any]
"""A record and the line on which it starts."""
Kept = tuple[str | None, ...] | dict[str, str | None]
"""A record as it is kept: its cells as far as columns were known, or by their names."""


@dataclass
class _Records:
    """The records of one table, as far as they can be landed, and those that cannot.

    Where two start on one line, the place among the records stands for the line. `more` is the key
    by which the answer that holds them says that it is not the last one.
    """

    name: str
    found: list[tuple[int, Kept | BadRow]] = field(default_factory=list)
    columns: dict[str, None] = field(default_factory=dict)
    more: str | None = None

    def add(self, line: int, value: Any) -> None:
        """Take a record; what is no object, or holds what is no text, is a bad row."""
        found = _record(line, value)
        if isinstance(found, BadRow):
            self.found.append((line, found))
            return
        self.columns.update(dict.fromkeys(found))
        check_columns(len(self.columns), self.name)
        # A tuple takes less than a dictionary, unless most of it would be empty.
        is_sparse = 2 * len(found) < len(self.columns)
        self.found.append((line, found if is_sparse else tuple(map(found.get, self.columns))))

    @property
    def rows(self) -> Iterator[tuple[int, Sequence[str | None]]]:
        """The records that are objects, each with its line and a cell per column."""
        width = len(self.columns)
        for line, row in self._numbered():
            if isinstance(row, dict):
                yield line, tuple(map(row.get, self.columns))
            elif not isinstance(row, BadRow):
                yield line, (*row, *[None] * (width - len(row)))

    @property
    def bad_rows(self) -> tuple[BadRow, ...]:
        """The records that are none."""
        bad = ((line, row) for line, row in self._numbered() if isinstance(row, BadRow))
        return tuple(replace(row, row=line) for line, row in bad)

    def _numbered(self) -> Iterator[tuple[int, Kept | BadRow]]:
        is_a_line_each = len({line for line, _ in self.found}) == len(self.found)
        for place, (line, row) in enumerate(self.found, start=1):
            yield (line if is_a_line_each else place), row


def read_json(
    text: TextFile, target: Callable[[str], Path], name: str, lines: bool
) -> list[LandedTable]:
    """Land a json document, or json lines, as one table per list of records.

    A document is a list of records, one record, or an object that holds lists of records (as in
    `{"results": [...]}`). `_row` is the line on which a record starts. Raises SourceError for text
    that is no json, or holds no records.
    """
    if lines:
        return [_read_lines(text, target(name), name)]
    if text.path.stat().st_size > MAX_BYTES:
        raise SourceError(f"{name} is over 500 MB of json; export it as json lines or csv.")
    tables = _document(text.path.read_text(encoding=text.encoding), name)
    several = len(tables) > 1
    landed = []
    for key, records in tables.items():
        title = f"{name}[{key}]" if several else name
        landed.append(_land(records, target(title), title, text.encoding))
    return landed


def _record(line: int, value: Any) -> dict[str, str | None] | BadRow:
    """Flatten a record, or say why it cannot be landed."""
    if not isinstance(value, dict):
        return BadRow(line, _shown(json.dumps(value, ensure_ascii=False)), _NO_OBJECT)
    try:
        flat = flatten(value)
    except RecursionError:
        return BadRow(line, "", _TOO_DEEP)
    except RepeatedError as error:
        return BadRow(line, _shown(dump(value)), _TWICE, str(error)[:100])
    for key, text in flat.items():
        fault = text_fault(key) or (text_fault(text) if text else None)
        if fault:
            column = key if text_fault(key) is None else None
            return BadRow(line, _shown(text or key), fault, column)
    return flat


def _shown(text: str) -> str:
    return text[:500].encode("utf-8", "replace").decode("utf-8")


def _read_lines(text: TextFile, target: Path, name: str) -> LandedTable:
    """Land json lines in two passes, for columns and for rows, so that no file is too large."""
    check_lines(text.longest, name)
    bad: list[_At] = []
    keys: dict[str, None] = {}
    rows, first, by_place = 0, dict[str, str | None](), False
    for at in _json_lines(text):
        by_place |= at.is_of_page
        if isinstance(at.found, BadRow):
            bad.append(at)
        else:
            first = first or at.found
            keys.update(dict.fromkeys(at.found))
            rows += 1
            check_columns(len(keys), name)
    bad_rows = [replace(at.found, row=at.place if by_place else at.line) for at in bad]
    check_confidence(name, rows, bad_rows)
    if not rows:
        _refuse_spoilt(bad_rows, name)
        raise SourceError(f"{name} holds no records: each line should be an object.")
    if (where := of_lists(first, rows == 1)) is not None:
        raise SourceError(_HIDDEN.format(name=name, where=where))
    columns, notes = column_names(keys)
    good = (at for at in _json_lines(text) if not isinstance(at.found, BadRow))
    Landing(target, columns).write(
        (at.place if by_place else at.line, _cells(at.found, keys)) for at in good
    )
    return LandedTable(
        name,
        columns,
        target,
        rows,
        bad_rows=tuple(bad_rows),
        encoding=text.encoding,
        dialect="json lines",
        notes=notes,
    )


class _At(NamedTuple):
    """A record of json lines, or why it is none, on its line and at its place among all."""

    line: int
    place: int
    found: Any
    is_of_page: bool


def _json_lines(text: TextFile) -> Iterator[_At]:
    """Give the records of json lines; a line that is a page of an API's answer holds several."""
    place = 0
    with text.path.open(encoding=text.encoding) as file:
        for number, line in enumerate(file, start=1):
            if not line.strip("\ufeff \t\r\n"):
                continue
            page = None
            try:
                value = DECODER.decode(line.lstrip("\ufeff").strip())
                page = page_of_line(value) if "[" in line else None
                found = [_record(number, each) for each in ([value] if page is None else page)]
            except (json.JSONDecodeError, RecursionError) as error:
                reason = _TOO_DEEP if isinstance(error, RecursionError) else f"is no json: {error}"
                found = [BadRow(number, _shown(line.strip()), reason)]
            for record in found:
                place += 1
                yield _At(number, place, record, page is not None)


def _cells(row: dict[str, str | None], keys: Iterable[str]) -> list[str | None]:
    return [row.get(key) for key in keys]


class _Cursor:
    """A place in a document that knows its line."""

    def __init__(self, text: str) -> None:
        self.text, self.at = text, 0
        self._line, self._counted = 1, 0
        self.skip()

    @property
    def line(self) -> int:
        """The line of the present place."""
        self._line += self.text.count("\n", self._counted, self.at)
        self._counted = self.at
        return self._line

    def skip(self) -> None:
        """Go to the next character that is no white space."""
        found = _SPACE.match(self.text, self.at)
        self.at = found.end() if found else self.at

    def take(self, expected: str) -> bool:
        """Go past `expected` and the white space after it, if it stands here."""
        if not self.text.startswith(expected, self.at):
            return False
        self.at += len(expected)
        self.skip()
        return True

    def value(self) -> Any:
        """Decode the value that stands here and go past it."""
        value, self.at = DECODER.raw_decode(self.text, self.at)
        self.skip()
        return value

    def fail(self, what: str) -> json.JSONDecodeError:
        """Build the error for a character that should not stand here."""
        return json.JSONDecodeError(f"{what} expected", self.text, self.at)


def _document(text: str, name: str) -> dict[str, _Records]:
    cursor = _Cursor(text.removeprefix("\ufeff"))
    try:
        tables = _top(cursor, name)
        if cursor.at != len(cursor.text):
            raise cursor.fail("end of the document")
    except json.JSONDecodeError as error:
        raise SourceError(
            f"{name} is no valid json (line {error.lineno}: {error.msg}): export it again."
        ) from error
    except RecursionError as error:
        raise SourceError(f"{name} is nested too deeply to be an export of records.") from error
    if not any(records.columns for records in tables.values()):
        _refuse_spoilt((row for found in tables.values() for row in found.bad_rows), name)
        raise SourceError(
            f"{name} holds no records: a list of objects is read, or an object that holds one, as "
            'in {"results": [...]}.'
        )
    found = {key: records for key, records in tables.items() if records.columns}
    for records in found.values():
        first = next((row for _, row in records.rows), ())
        where = of_lists(dict(zip(records.columns, first, strict=False)), len(records.found) == 1)
        if where is not None:
            raise SourceError(_HIDDEN.format(name=name, where=where))
    return found


def _refuse_spoilt(bad: Iterable[BadRow], name: str) -> None:
    """Refuse a file all of whose objects are bad records, by what is wrong with the first."""
    spoilt = next(filter(_is_spoilt, bad), None)
    if spoilt is not None:
        where = f" ('{spoilt.column}')" if spoilt.column else ""
        raise SourceError(
            f"{name} has no record that can be read: the first one {spoilt.reason}{where}. Export "
            "it again."
        )


def _is_spoilt(row: BadRow) -> bool:
    """Whether a bad record is an object all the same."""
    return row.reason != _NO_OBJECT


def _top(cursor: _Cursor, name: str) -> dict[str, _Records]:
    if cursor.text.startswith("[", cursor.at):
        records, is_page = _Records(name), False
        for line, value in _elements(cursor):
            found = unwrapped(value, is_page)
            is_page = isinstance(value, dict) and not (len(found) == 1 and found[0] is value)
            records.more = more_follow(value) if is_page else None
            for record in found:
                records.add(line, record)
        return {"": records}
    line = cursor.line
    if not cursor.take("{"):
        raise cursor.fail("a list or an object")
    tables: dict[str, _Records] = {}
    single: dict[str, Any] = {}
    while not cursor.take("}"):
        key = cursor.value()
        if not isinstance(key, str) or not cursor.take(":"):
            raise cursor.fail("a key and a colon")
        is_again, held = key in single, (tables.get(key), single.get(key))
        single[key] = _value(cursor, key, tables, name)
        if is_again and held != (None, single[key]):
            raise SourceError(f"{name} has '{key}' twice, with two values: export it again.")
        if not cursor.take(",") and not cursor.text.startswith("}", cursor.at):
            raise cursor.fail("a comma")
    return _placed(single, tables, line, name)


def _placed(
    single: dict[str, Any], tables: dict[str, _Records], line: int, name: str
) -> dict[str, _Records]:
    """Return the tables of a document that is one object, wherever its records stand in it."""
    apart_from = columnar(single) if tables else apart(single)
    inner = inner_list(single) or apart_from
    heads = {key: found.columns for key, found in tables.items()}
    naming = NAMES if apart_from else [key for key in NAMES if names_columns(key, single, heads)]
    # What names the columns of the rows is no table of records.
    tables = {key: found for key, found in tables.items() if key not in naming}
    if not tables and not any(single.get(key) == [] for key in LISTS):
        where = None if inner else hidden(single)
        if where is not None:
            raise SourceError(_HIDDEN.format(name=name, where=where))
        records = _Records(name)
        for record in inner or (single,):
            records.add(line, record)
        tables[""] = records
    elif (where := beside(tables, single)) is not None:
        raise SourceError(_HIDDEN.format(name=name, where=where))
    if inner or "" not in tables:
        for records in tables.values():
            records.more = more_follow(single)
    return tables


def _value(cursor: _Cursor, key: str, tables: dict[str, _Records], name: str) -> Any:
    """Decode a value of the top object; a list of objects becomes a table."""
    if not cursor.text.startswith("[", cursor.at):
        return cursor.value()
    records = _Records(name)
    values: list[Any] = []
    for line, value in _elements(cursor):
        records.add(line, value)
        if not records.columns or key in NAMES:
            values.append(value)
    if records.columns or any(map(_is_spoilt, records.bad_rows)):
        tables[key] = records
    return values


def _elements(cursor: _Cursor) -> Iterator[Found]:
    cursor.take("[")
    while not cursor.take("]"):
        line = cursor.line
        yield line, cursor.value()
        if not cursor.take(",") and not cursor.text.startswith("]", cursor.at):
            raise cursor.fail("a comma")


def _land(records: _Records, target: Path, name: str, encoding: str) -> LandedTable:
    columns, notes = column_names(records.columns)
    bad_rows = records.bad_rows
    Landing(target, columns).write(records.rows)
    return LandedTable(
        name=name,
        columns=columns,
        parquet=target,
        rows=len(records.found) - len(bad_rows),
        bad_rows=bad_rows,
        encoding=encoding,
        dialect="json",
        notes=(*notes, *([_MORE.format(records.more)] if records.more else [])),
    )
