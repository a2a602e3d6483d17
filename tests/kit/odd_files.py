"""Files as people export them, drawn by a seed: of each, all that reading it gives is kept.

What one file is odd in is drawn from `_ODDITIES`, several at a time. Right and refused alike are
kept: the cases by hand say which of them is right.
"""

from __future__ import annotations

import io
import json
import random
import tempfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import xlsxwriter

from smarketing.errors import SourceError
from smarketing.files.read import LandedTable, TotalRow, read_file

READ = Path(__file__).parents[1] / "files" / "read.txt"
NAMES = ("Deal ID", "Deal name", "Amount", "Stage", "Close date", "Owner")
TOTALS = (TotalRow("sum of.*"), TotalRow("all deals", frozenset({"deal name"})))
_STAGES = ("Open", "Closed won", "Closed lost")
_OWNERS = ("Ann Berg", "Bo, jr.", 'Cy "C" Li', "Dé Ö", "")
TEXTS, BOOKS, JSONS = 240, 50, 40


@dataclass
class Written:
    """How a text is written, and what it holds, line by line."""

    rng: random.Random
    rows: list[list[str]]
    delimiter: str = ","
    quote: str = '"'
    quotes: str = "needed"
    end: str = "\n"
    ended: bool = True
    encoding: str = "utf-8"
    above: list[str] = field(default_factory=list)
    below: list[str] = field(default_factory=list)
    changes: list[Callable[[list[str]], None]] = field(default_factory=list)

    def place(self) -> int:
        """A place among the lines of the records."""
        return self.rng.randrange(1, len(self.rows))

    def text(self) -> str:
        """The lines as one text."""
        lines = [self.delimiter.join(map(self._cell, row)) for row in self.rows]
        for change in self.changes:
            change(lines)
        found = self.end.join([*self.above, *lines, *self.below])
        return found + self.end if self.ended else found

    def _cell(self, text: str) -> str:
        special = any(mark in text for mark in (self.delimiter, self.quote, "\n", "\r"))
        if self.quotes == "all" or (special and self.quotes == "needed"):
            return self.quote + text.replace(self.quote, self.quote * 2) + self.quote
        return text


def _records(rng: random.Random, count: int) -> list[list[str]]:
    point = rng.choice((".", ","))
    return [list(NAMES)] + [
        [
            f"D-{1000 + number}", f"{rng.choice(('Big', 'Small', '3 seats'))} {number}",
            f"{rng.randrange(1, 90_000)}{point}{rng.randrange(100):02}",
            rng.choice(_STAGES), f"2026-{rng.randrange(1, 13):02}-{rng.randrange(1, 29):02}",
            rng.choice(_OWNERS),
        ]
        for number in range(count)
    ]  # fmt: skip


def _total(label: str) -> Callable[[Written], None]:
    def put(file: Written) -> None:
        file.rows.append([label, "", str(len(file.rows) - 1), "", "", ""])

    return put


def _insert(line: Callable[[Written], str]) -> Callable[[Written], None]:
    def put(file: Written) -> None:
        place = file.place()
        file.changes.append(lambda lines: lines.insert(place, line(file)))

    return put


def _line(change: Callable[[Written, str], str]) -> Callable[[Written], None]:
    def put(file: Written) -> None:
        place = file.place()

        def changed(lines: list[str]) -> None:
            lines[place] = change(file, lines[place])

        file.changes.append(changed)

    return put


def _every(change: Callable[[Written, str], str]) -> Callable[[Written], None]:
    def put(file: Written) -> None:
        def changed(lines: list[str]) -> None:
            lines[:] = [change(file, line) for line in lines]

        file.changes.append(changed)

    return put


def _set(**how: object) -> Callable[[Written], None]:
    def put(file: Written) -> None:
        for name, value in how.items():
            setattr(file, name, value)

    return put


def _header(change: Callable[[list[str]], list[str]]) -> Callable[[Written], None]:
    def put(file: Written) -> None:
        file.rows[0] = change(file.rows[0])

    return put


def _above(*lines: str) -> Callable[[Written], None]:
    return lambda file: file.above.extend(lines)


def _below(*lines: str) -> Callable[[Written], None]:
    return lambda file: file.below.extend(lines)


def _cell(column: int, value: str) -> Callable[[Written], None]:
    def put(file: Written) -> None:
        file.rows[file.place()][column] = value

    return put


def _subtotals(file: Written) -> None:
    middle = len(file.rows) // 2
    file.rows.insert(middle, ["Subtotal", "", "12", "", "", ""])
    file.rows.append(["Subtotal", "", "13", "", "", ""])
    file.rows.append(["Grand total", "", "25", "", "", ""])


def _second_table(file: Written) -> None:
    file.below += [
        "",
        file.delimiter.join(("Channel", "Spend")),
        file.delimiter.join(("Paid", "5")),
    ]


def _once_more(file: Written) -> None:
    file.rows.insert(file.place(), list(file.rows[0]))


_ODDITIES: tuple[Callable[[Written], None], ...] = (
    _set(delimiter=";"), _set(delimiter="\t"), _set(delimiter="|"), _set(delimiter=";"),
    _set(quotes="all"), _set(quotes="none"), _set(quote="'"), _set(end="\r\n"), _set(end="\r"),
    _set(ended=False), _set(encoding="utf-8-sig"), _set(encoding="cp1252"),
    _set(encoding="utf-16"), _set(encoding="utf-16-le"),
    _above("Report of deals"), _above("Report of deals", "", "As of 2026-06-30"), _above("# deals"),
    _above("# deals", "# all of them"), _above("", ""), _above("sep=;"), _above(*["note"] * 12),
    _below("", "Confidential"), _below("", "", ""), _below("Copyright (c) us, all rights reserved"),
    _below("# end"), _second_table, _once_more, _subtotals,
    _total("Total"), _total("Grand Totals (12 records)"), _total("Sum of it"), _total("Count"),
    _total("Gesamtsumme"), _total(""), _total("Total Wine GmbH"),
    lambda file: file.rows.append(["", "All deals", "99", "", "", ""]),
    _insert(lambda file: ""), _insert(lambda file: file.delimiter * 5),
    _insert(lambda file: "Owner: Ann Berg"), _insert(lambda file: "# a remark"),
    _line(lambda file, line: line + file.delimiter),
    _line(lambda file, line: line + file.delimiter + "x"),
    _line(lambda file, line: line.rpartition(file.delimiter)[0]),
    _line(lambda file, line: line.replace("D-", 'D"-', 1)),
    _line(lambda file, line: '"' + line), _line(lambda file, line: line + "\0"),
    _line(lambda file, line: line[:3] + "\0" + line[3:]),
    _line(lambda file, line: line.partition(file.delimiter)[0]),
    _every(lambda file, line: line + file.delimiter), _every(lambda file, line: " " + line),
    _every(lambda file, line: line.replace(file.delimiter, file.delimiter + " ")),
    _header(lambda row: [*row[:5], row[0]]), _header(lambda row: [*row[:5], ""]),
    _header(lambda row: [name.upper() for name in row]), _header(lambda row: ["Row", *row[1:]]),
    _header(lambda row: [f" {name} " for name in row]), _header(lambda row: [*row, "More"]),
    _header(lambda row: row[:5]), _header(lambda row: [*row[:2], "x" * 600, *row[3:]]),
    _header(lambda row: ["A", "B", "C", "D", "E", "F"]),
    _cell(1, "two\nlines"), _cell(1, "two\r\nlines"), _cell(5, 'said "so"'),
    _cell(1, " x "), _cell(2, ""), _cell(0, ""), _cell(1, "a;b"), _cell(1, "a,b"),
    _cell(1, "a\\\"b"), _cell(0, "Total"), _cell(1, "-"),
)  # fmt: skip


def text_file(number: int) -> bytes:
    """The bytes of a delimited file."""
    rng = random.Random(f"text {number}")
    file = Written(rng, _records(rng, rng.choice((1, 2, 4, 9, 12, 25))))
    # The first so many show each oddity alone.
    alone = number < len(_ODDITIES)
    for put in [_ODDITIES[number]] if alone else rng.sample(_ODDITIES, rng.randrange(2, 5)):
        put(file)
    return file.text().encode(file.encoding, errors="replace")


def book_file(number: int) -> bytes:
    """The bytes of a workbook."""
    rng = random.Random(f"book {number}")
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as file:
        day = file.add_format({"num_format": "yyyy-mm-dd"})
        for number_of in range(rng.choice((1, 1, 2))):
            sheet = file.add_worksheet()
            if number_of and rng.random() < 0.5:
                sheet.hide()
            _fill_sheet(sheet, rng, day)
    return content.getvalue()


def _fill_sheet(sheet: Any, rng: random.Random, day: object) -> None:
    top, left = rng.choice((0, 0, 0, 1, 3)), rng.choice((0, 0, 0, 1))
    if top:
        sheet.write(0, left, "Deals of the year")
    rows = _records(rng, rng.choice((1, 3, 8)))
    for at, row in enumerate(rows):
        for place, text in enumerate(row):
            kind = _NUMBER if at and place == 2 else _DAY if at and place == 4 else ""
            _write(sheet, (top + at, left + place), (kind, text, day), rng)
    rng.choice(_BELOW)(sheet, top, top + len(rows), left)


_NUMBER, _DAY = "number", "day"


def _write(
    sheet: Any, place: tuple[int, int], what: tuple[str, str, object], rng: random.Random
) -> None:
    kind, text, day = what
    if kind == _NUMBER and rng.random() < 0.9:
        sheet.write_number(*place, float(text.replace(",", ".")))
    elif kind == _DAY and rng.random() < 0.7:
        sheet.write_number(*place, 46_000 + place[0] + rng.choice((0, 0, 0.5)), day)
    elif text == "Open" and rng.random() < 0.2:
        sheet.write_boolean(*place, True)
    elif text:
        sheet.write_string(*place, text)


def _groups(sheet: Any, _top: int, last: int, left: int) -> None:
    sheet.write_row(last, left, ["Subtotal", "", 9])
    sheet.write_row(last + 1, left, ["Grand Totals (3 records)", "", 9])


#: What stands below the records of a sheet, or beside them: (sheet, top, first row below, left).
_BELOW: tuple[Callable[[Any, int, int, int], object], ...] = (
    lambda sheet, top, last, left: sheet.write_row(last, left, ["Total", "", 99.5]),
    lambda sheet, top, last, left: sheet.write_row(last + 1, left, ["Confidential"]),
    _groups,
    lambda sheet, top, last, left: sheet.merge_range(
        top + 1, left + 3, max(top + 2, last - 1), left + 3, "Open"
    ),
    lambda sheet, top, last, left: sheet.merge_range(last, left, last, left + 4, "Owner: Ann"),
    lambda sheet, top, last, left: sheet.write_row(
        last, left, ["D-1", "x", 1, "Open", "2026-01-01", "Ann", "beside"]
    ),
    lambda sheet, top, last, left: sheet.set_row(top + 1, None, None, {"hidden": True}),
    lambda sheet, top, last, left: None,
)


def json_file(number: int) -> bytes:
    """The bytes of a document of records, or of records line by line."""
    rng = random.Random(f"json {number}")
    records: list[object] = [
        _object(rng, place) for place in range(rng.choice((1, 2, 5)))
    ]  # fmt: skip
    if rng.random() < 0.2:
        records.append(rng.choice((None, 7, "x", [1], {})))
    if number % 2:
        return "\n".join(json.dumps(record) for record in records).encode()
    around = rng.choice(("", "", "results", "data", "deep"))
    whole: object = records
    if around == "deep":
        whole = {"answer": {"total": len(records), "items": records}}
    elif around:
        whole = {around: records, "paging": {"next": "x"}, "total": len(records)}
    return json.dumps(whole).encode()


def _object(rng: random.Random, place: int) -> dict[str, object]:
    values: dict[str, object] = {
        "id": rng.choice((place, str(place))), "name": rng.choice(("A", "", None, "B,c")),
        "amount": rng.choice((1, 1.5, "2,5", 1e20, 12345678901234567890, None, 0.1)),
        "won": rng.choice((True, False, None)),
        "owner": rng.choice(({"id": 7, "name": "Ann"}, None, "Ann", {})),
        "tags": rng.choice(([], ["a", "b"], ["a"], [{"id": 1}, {"id": 2}], None)),
        "properties": {"stage": "open", "deep": {"er": place}},
        "associations": {"contacts": {"results": [{"id": "1", "type": "t"}, {"id": "2"}]}},
    }  # fmt: skip
    return {name: value for name, value in values.items() if rng.random() < 0.8}


KINDS: dict[str, tuple[Callable[[int], bytes], int]] = {
    "csv": (text_file, TEXTS), "xlsx": (book_file, BOOKS), "json": (json_file, JSONS),
}  # fmt: skip


def read_again(kind: str) -> Iterator[str]:
    """Yield of each file of a kind all that reading it gives."""
    make, count = KINDS[kind]
    with tempfile.TemporaryDirectory() as folder:
        for number in range(count):
            yield _read(Path(folder), f"{number}.{kind}", make(number), number % 3)


def _read(folder: Path, name: str, content: bytes, known: int) -> str:
    path = folder / name
    path.write_bytes(content)
    try:
        # A third is read without known names, a third without known totals.
        tables = read_file(
            path, folder / "out", header_names=NAMES if known else (),
            totals=TOTALS if known == 1 else (),
        )  # fmt: skip
    except SourceError as error:
        return f"{name} refused: {error}"
    return f"{name} " + "; ".join(map(_told, tables))


def _told(table: LandedTable) -> str:
    rows = pq.read_table(table.parquet).to_pylist()
    told = [table.columns, rows, table.skipped, table.bad_rows, table.notes, table.totals]
    said = zlib.crc32(repr([*told, table.name, table.refused, table.exact]).encode())
    return (
        f"{table.encoding} {table.dialect}: {table.rows} rows, {len(table.bad_rows)} bad, "
        f"{sum(part.rows for part in table.skipped)} skipped, {len(table.totals)} totals, "
        f"{len(table.notes)} notes {said:08x}"
    )
