"""Small files of every kind: all that reading each gives, cell by cell, or why it is refused.

In a line `\\t`, `\\n` and `\\r` stand for a tab and for ends of lines; `1200 times x` is so many
lines; `name@encoding` names that of a file. A cell of a workbook may name its format
(`5{0.00 "EUR"}`), a column of a parquet file its type (`id:int64`; `json` of what is nested); the
lines of an archive are its members (`name = text`). Of rows alike one below the other the first and
the last line are told.
"""

from __future__ import annotations

import csv
import gzip
import json
import re
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import groupby
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import xlsxwriter
from given import told_files

from smarketing.errors import SourceError
from smarketing.files.read import TotalRow, read_file
from smarketing.files.tables import LandedTable

FILES = Path(__file__).parents[1] / "files" / "small.txt"
NAMES = ("id", "name", "amount", "day", "clicks")
TOTALS = (TotalRow("all of.*"),)


def outcome(given: Sequence[str], folder: Path) -> list[str]:
    """Read each file by itself, by the headers that are known and without them."""
    folder.mkdir(parents=True)
    return [line for name, lines in told_files(given).items()
            for line in _told_of(name, lines, folder)]  # fmt: skip


def _told_of(name: str, lines: Sequence[str], folder: Path) -> Iterator[str]:
    called, _, encoding = name.partition("@")
    path = folder / called
    text = "\n".join(line for one in lines for line in _repeated(one)) + "\n"
    for mark, sign in (("\\t", "\t"), ("\\n", "\n"), ("\\r", "\r")):
        text = text.replace(mark, sign)
    write = _WRITTEN.get(path.suffix, _text) if len(lines) > 1 else _text
    write(path, text, encoding or "utf-8")
    told = [list(_read(path, folder / f"{called} {way}", known))
            for way, known in enumerate((NAMES, ()))]  # fmt: skip
    yield from told[0]
    if told[1] != told[0]:
        yield "  and where no header is known:"
        yield from (f"  {line}" for line in told[1])


def _repeated(line: str) -> list[str]:
    found = re.fullmatch(r"(\d+) times (.*)", line)
    return [found[2]] * int(found[1]) if found else [line]


def _text(path: Path, text: str, encoding: str) -> None:
    path.write_bytes(text.encode(encoding))


def _gzip(path: Path, text: str, encoding: str) -> None:
    path.write_bytes(gzip.compress(text.encode(encoding)))


def _zip(path: Path, text: str, encoding: str) -> None:
    with zipfile.ZipFile(path, "w") as file:
        for line in re.split(r"\n(?=\S+ = )", text.rstrip("\n")):
            name, _, content = line.partition(" = ")
            file.writestr(name, content.encode(encoding))


def _book(path: Path, text: str, _encoding: str) -> None:
    with xlsxwriter.Workbook(path) as file:
        sheet = file.add_worksheet("Deals")
        for at, row in enumerate(text.splitlines()):
            for place, cell in enumerate(re.split(r",(?![^{]*\})", row)):
                value, _, form = cell.removesuffix("}").partition("{")
                shown = file.add_format({"num_format": form}) if form else None
                if value.startswith("#"):
                    sheet.write_formula(at, place, "=1/0", shown, value)
                else:
                    sheet.write(at, place, _number(value), shown)


def _number(text: str) -> object:
    plain = text.replace(".", "", 1).removeprefix("-").isdigit() and text != "007"
    return float(text) if plain else {"true": True, "false": False}.get(text, text)


def _parquet(path: Path, text: str, _encoding: str) -> None:
    header, *rows = csv.reader(text.splitlines())
    columns = {}
    for place, name in enumerate(header):
        called, _, kind = name.partition(":")
        cells = pa.array([row[place] or None for row in rows], pa.string())
        if kind == "json":
            columns[called] = pa.array([json.loads(row[place]) for row in rows])
        else:
            columns[called] = cells.cast(_TYPES.get(kind) or kind or pa.string())
    pq.write_table(pa.table(columns), path)


_TYPES = {"decimal": pa.decimal128(12, 2), "time": pa.timestamp("us"), "day": pa.date32(),
          "zoned": pa.timestamp("us", "UTC")}  # fmt: skip
_WRITTEN: Mapping[str, Callable[[Path, str, str], None]] = {
    ".gz": _gzip, ".zip": _zip, ".xlsx": _book, ".parquet": _parquet,
}  # fmt: skip


def _read(path: Path, out: Path, known: Sequence[str]) -> Iterator[str]:
    try:
        tables = read_file(path, out, header_names=known, totals=TOTALS)
    except SourceError as error:
        yield f"refused: {error}"
        return
    for table in tables:
        yield from _told(table)


def _span(places: Sequence[str]) -> str:
    """Tell the lines of rows alike, one by one where others lie between them."""
    first, last = int(places[0]), int(places[-1])
    follow = len(places) == 1 + last - first
    return f"{first} to {last}" if follow else ", ".join(places)


def _told(table: LandedTable) -> Iterator[str]:
    exact = ", exact" if table.exact else ""
    yield f"{table.name} ({table.encoding} {table.dialect}{exact}): {' | '.join(table.columns)}"
    alike = groupby(pq.read_table(table.parquet).to_pylist(), lambda row: [*row.values()][:-1])
    for cells, rows in alike:
        places = [str([*row.values()][-1]) for row in rows]
        shown = places[0] if len(places) == 1 else _span(places)
        yield f"  {shown}: " + " | ".join(
            "~" if cell is None else repr(str(cell))[1:-1] for cell in cells
        )
    yield from (f"  bad: {row}" for row in table.bad_rows)
    yield from (f"  skipped: {part}" for part in table.skipped)
    yield from (f"  total: {total}" for total in table.totals)
    yield from (f"  above: {text}" for text in table.above)
    yield from (f"  note: {note}" for note in (*table.notes, *table.refused))
