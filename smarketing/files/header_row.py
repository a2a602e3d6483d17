"""Which record of a file is its header, and what above and below it is no record either."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import takewhile

from smarketing.errors import SourceError
from smarketing.files.headers import blank, clean, looks_like_value, recognised
from smarketing.files.sections import is_of_attendees, is_of_hosts, names_an_event
from smarketing.files.shape import ADDRESS, NO_VALUE, Shape, filled, shape_of
from smarketing.files.totals import names_a_total

LOOK_AT = 200
"""Records among which the header is sought: no export has a longer preamble."""
_COMMENT = re.compile(r"#($|[\s#=-])")
_NAMES = 3
"""Known names that make a header of a row although another row has more of them."""
_SECONDS = 2
"""Rows directly below a header that may be a second and third line of it."""

Row = Sequence[str | None]

_TEXTS_ABOVE, _LONGEST_TEXT = 20, 200


@dataclass(frozen=True)
class HeaderRow:
    """Where the header stands among the records looked at.

    `index` is its place and `last` that of the last row that belongs to it; `above` counts the
    rows above it that hold something, `texts` what stands in them; `shape` says what the records
    below look like; `title` is that of the first of several sections.
    """

    index: int
    last: int
    above: int
    shape: Shape
    texts: tuple[str, ...] = ()
    title: str = ""


def locate(records: Sequence[Row], names: Collection[str], name: str) -> HeaderRow | None:
    """Find the header of a table called `name`; None if none can be told with confidence.

    Raises SourceError when rows above it are as those below it: records would be passed over as a
    preamble.
    """
    head = records[:LOOK_AT]
    index = find_header(head, names)
    if index is None:
        return None
    if index == _first_section(head):
        shape = records_shape(up_to_title(head[index + 1 :]), names)
        return replace(_place(head, index, names), title=_title(head, index), shape=shape)
    place = _place(head, _above(head, index, names), names)
    swallowed = _like_records(head, place)
    if swallowed:
        first = find_header(head[: swallowed[0]], ()) if swallowed[0] else None
        if first is None or _like_records(head, _place(head, first, names)):
            raise SourceError(_question(head, swallowed, name))
        place = _place(head, first, names)
    return place


def beside_header(records: Sequence[Row], place: HeaderRow) -> list[Row]:
    """Give what stands above a header and in the further lines of it."""
    return [*records[: place.index], *records[place.index + 1 : place.last + 1]]


def side_by_side(records: Sequence[Row], index: int) -> list[tuple[int, int]]:
    """Give the columns of each table of a sheet, from and up to, where several stand side by side.

    An empty column parts them, each has names of its own, and either a name comes twice or they do
    not end in the same row: one table with an empty column in it is one table.
    """
    header, body = records[index], records[index + 1 : LOOK_AT]
    there = [place for row in records[index:LOOK_AT] for place in filled(row)]
    used = sorted(set(there))
    starts = [place for place in used if place - 1 not in used]
    stops = [place + 1 for place in used if place + 1 not in used]
    parts = list(zip(starts, stops, strict=True))
    names = [[clean(cell or "").casefold() for cell in header[a:b]] for a, b in parts]
    if len(parts) < 2 or any(sum(map(bool, cells)) < 2 for cells in names):
        return [(0, len(header))]
    repeated = len({n for part in names for n in part}) < sum(map(len, names))
    ends = {sum(1 for row in body if not blank(row[a:b])) for a, b in parts}
    return parts if repeated or len(ends) > 1 else [(0, len(header))]


def _first_section(head: Sequence[Row]) -> int | None:
    """Return the header of the first section of a report on an event; None in any other file.

    Below titles of their own stand those that held it and those that attended, in tables alike:
    "Host details", "Attendee details". What stands above the first are facts on the event.
    """
    titles = {n: _title(head, n) for n in range(1, len(head) - 1) if _is_titled(head, n)}
    guests = [n for n, title in titles.items() if is_of_attendees(title) and _has_guests(head, n)]
    if not guests or not any(map(is_of_hosts, titles.values())):
        return None
    known = {*_names(head[guests[0]])} - {""}
    alike = [n for n in titles if len(known & {*_names(head[n])}) >= _NAMES - 1]
    hosts = [n for n in alike if is_of_hosts(titles[n])]
    others = [n for n in hosts if _names(head[n]) != _names(head[guests[0]])]
    is_lost = others and _like_records(head, _place(head, alike[0], ()))
    return alike[0] if others and not is_lost else None


def _has_guests(head: Sequence[Row], header: int) -> bool:
    """Whether the records below a header have addresses, and a column speaks of an event."""
    kinds = records_shape(up_to_title(head[header + 1 :]), ()).kinds
    return ADDRESS in kinds and any(map(names_an_event, _names(head[header])))


def _title(head: Sequence[Row], header: int) -> str:
    above = head[header - 1]
    return clean(above[filled(above)[0]] or "")


def _names(row: Row) -> list[str]:
    return [clean(cell or "") for cell in row]


def _is_titled(head: Sequence[Row], number: int) -> bool:
    """Whether a row of names stands below a title and above a record."""
    row, below = head[number], head[number + 1 :]
    is_title = len(filled(head[number - 1])) == 1 and not is_remark(head[number - 1])
    if not is_title or len(filled(row)) < _NAMES or not below or not _looks_like_names(row):
        return False
    shape = records_shape(up_to_title(below), ())
    return len(filled(below[0])) >= _NAMES - 1 and bool(shape.records) and shape.is_unlike(row)


def up_to_title(rows: Iterable[Row]) -> list[Row]:
    """Give the rows of a section, up to the title of the next or a blank row."""
    return list(takewhile(lambda row: len(filled(row)) > 1, rows))


def _above(head: Sequence[Row], index: int, names: Collection[str]) -> int:
    """Give the header of a table that stands above the one whose names are known best.

    It has known names only, and records between them: those would be lost as a preamble.
    """
    for place, row in enumerate(head[:index]):
        there = len(filled(row))
        if there >= _NAMES and recognised(row, names) == there:
            between = head[place + 1 : index]
            return place if any(len(filled(other)) > 1 for other in between) else index
    return index


def _place(head: Sequence[Row], index: int, names: Collection[str]) -> HeaderRow:
    last = index
    while last - index < _SECONDS and _is_second(head, last + 1, head[index], names):
        last += 1
    above = [row for row in head[:index] if not blank(row)]
    texts = tuple(
        clean(" ".join(filter(None, row)))[:_LONGEST_TEXT] for row in above[:_TEXTS_ABOVE]
    )
    return HeaderRow(index, last, len(above), records_shape(head[last + 1 :], names), texts)


def records_shape(rows: Sequence[Row], names: Collection[str]) -> Shape:
    """Look at the records below a header, as far as they surely are of its table."""
    block: list[Row] = []
    for row in rows:
        known = recognised(row, names)
        if block and (blank(row) or (known > 1 and 2 * known >= len(filled(row)))):
            break
        if not blank(row) and not names_a_total(row):
            block.append(row)
    return shape_of(block)


def _like_records(head: Sequence[Row], place: HeaderRow) -> list[int]:
    """Give the rows above a header that look like the records below it.

    Where these are words throughout, those that have as many.
    """
    named = len(filled(head[place.index]))
    enough = max(2, min(3, named))
    words_only = not any(place.shape.kinds)
    return [
        number
        for number, row in enumerate(head[: place.index])
        if enough <= len(filled(row)) <= named
        and (place.shape.is_like(row) or (words_only and len(filled(row)) == named > 2))
    ]


def _question(head: Sequence[Row], rows: Sequence[int], name: str) -> str:
    shown = ", ".join(clean(head[rows[0]][p] or "") for p in filled(head[rows[0]]))[:80]
    those = (
        f"{len(rows)} rows that look like records" if rows[1:] else "1 row that looks like a record"
    )
    return (
        f"{name} has its header below {those} (the first: "
        f"{shown}), which would be lost: put the column names above all records, or remove what "
        "does not belong, and import it again."
    )


def find_header(records: Sequence[Row], names: Collection[str]) -> int | None:
    """Find which record is the header: its index, or None if none can be told with confidence.

    `names` are the headers known from profiles, normalised. The record with most of them wins when
    they are at least two and a third of its cells, or all of them. Without known names the header
    is the first record as wide as most, if it looks like names: no numbers, dates, repeats. Lines
    that begin with `#` are remarks, unless there is no other header.
    """
    head = records[:LOOK_AT]
    section = _first_section(head)
    if section is not None:
        return section
    scores = [0 if is_remark(row) else recognised(row, names) for row in head] if names else []
    best = max(scores, default=0)
    if best:
        index = scores.index(best)
        there = len(filled(head[index]))
        if best == there or (best >= 2 and best * 3 >= there):
            return index
    remarks = [row for row in head if is_remark(row)]
    if not remarks or (len(remarks) == 1 and len(filled(remarks[0])) == _common_width(head)):
        return _by_shape(head)
    found = _by_shape([() if is_remark(row) else row for row in head])
    return _by_shape(head) if found is None else found


def is_remark(row: Row) -> bool:
    """Whether a row is a remark on the file: its first cell begins with `#` and no name."""
    first = clean(row[0] or "") if row else ""
    return bool(_COMMENT.match(first)) and (first != "#" or len(filled(row)) == 1)


def _by_shape(records: Sequence[Row]) -> int | None:
    common = _common_width(records)
    if common < 2:
        return None
    wide = [
        index
        for index, record in enumerate(records)
        if len(record) >= common and len(filled(record)) > 1 and 2 * len(filled(record)) >= common
    ]
    if not wide:
        return None
    first = wide[0]
    below = first + 1
    if below < len(records) and _is_heading_of(records[first], records[below:]):
        return below
    if _looks_like_names(records[first]):
        return first
    return next((index for index in wide[1:] if _is_below_facts(records, index)), None)


def _is_below_facts(records: Sequence[Row], index: int) -> bool:
    """Whether a row is the header although values stand above it: facts on the report, perhaps."""
    row = records[index]
    return _looks_like_names(row) and records_shape(records[index + 1 :], ()).is_unlike(row)


def _is_heading_of(above: Row, rows: Sequence[Row]) -> bool:
    """Whether a row groups the columns that the first row below it names: it leaves gaps."""
    there = filled(above)
    gaps = set(range(there[0], there[-1])) - set(there)
    named = bool(gaps) and gaps <= set(filled(rows[0])) and _looks_like_names(rows[0])
    return named and records_shape(rows[1:], ()).is_unlike(rows[0])


def inner_rows(records: Sequence[Row]) -> Sequence[Row]:
    """Give the rows without the lone cells at the beginning and the end: titles and footers."""
    whole = [index for index, record in enumerate(records) if len(filled(record)) > 1]
    return records[whole[0] : whole[-1] + 1] if len(whole) > 1 else records


def _common_width(records: Sequence[Row]) -> int:
    """Give the width most records have; if none, the one most have up to their last cell.

    A separator at the end of every record makes no column.
    """
    there = [record for record in inner_rows(records) if not blank(record)]
    widths = Counter(len(record) for record in there)
    if not widths:
        return 0
    width, count = max(widths.items(), key=lambda item: (item[1], item[0]))
    ends = Counter(filled(record)[-1] + 1 for record in there)
    if 2 * count > widths.total():
        alike = [record for record in there if len(record) == width]
        return min(width, max(filled(record)[-1] + 1 for record in alike))
    return max(ends, key=lambda width: (ends[width], width))


def _looks_like_names(record: Row) -> bool:
    cells = [clean(record[place] or "") for place in filled(record)]
    folded = {cell.casefold() for cell in cells}
    return len(folded) * 2 > len(cells) and not any(map(looks_like_value, cells))


def _is_second(head: Sequence[Row], index: int, header: Row, names: Collection[str]) -> bool:
    """Whether a row below a header is another line of it: names again, or units and types."""
    if index >= len(head):
        return False
    row = head[index]
    there = filled(row)
    cells = [text for place in there if (text := clean(row[place] or ""))]
    if not cells or len(there) > len(filled(header)) or any(map(looks_like_value, cells)):
        return False
    shape = records_shape(head[index + 1 :], ())
    if shape.is_like(row):
        return False
    known = recognised(row, names)
    if known >= 2 and 2 * known >= len(there):
        return True
    values = [place for place in there if place < len(shape.kinds) and shape.kinds[place]]
    in_brackets = all(cell[0] in "([" and cell[-1] in ")]" for cell in cells)
    is_row_of_words = len(values) > 1 and not any(any(map(str.isdigit, cell)) for cell in cells)
    return shape.records > 1 and shape.is_unlike(row) and (is_row_of_words or in_brackets)


def is_other_header(
    row: Row, header: Row, shape: Shape, names: Collection[str], apart: bool
) -> bool:
    """Whether a row among the records of a table is the header of another one.

    `apart` says that it stands below a blank row or a title. It holds names only, and known ones,
    or it stands apart and cannot be a record.
    """
    there = filled(row)
    cells = [clean(row[place] or "") for place in there]
    if len(there) < 2 or not _looks_like_names(row) or shape.is_like(row):
        return False
    if any(cell in NO_VALUE for cell in cells):
        return False
    known = recognised(row, names)
    if known >= 2 and 2 * known >= len(there) and (apart or shape.is_unlike(row)):
        return True
    if known == len(there) and there[-1] != filled(header)[-1]:
        return True
    return apart and shape.is_unlike(row)
