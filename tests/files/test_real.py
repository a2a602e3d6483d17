"""Every file of csv-spectrum and csvkit is read right or refused with a reason."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from smarketing.errors import SourceError
from smarketing.files.read import LandedTable, read_file

pytestmark = pytest.mark.real

SPECTRUM = [
    "comma_in_quotes", "empty", "empty_crlf", "escaped_quotes", "json", "newlines",
    "newlines_crlf", "quotes_and_newlines", "simple", "simple_crlf", "utf8",
]  # fmt: skip
ABC = ("a", "b", "c")
BOOK = ("text", "date", "integer", "boolean", "float", "datetime", "empty_column", "column_8")
KIT: dict[str, list[tuple[tuple[str, ...], list[tuple[str | None, ...]], int]]] = {
    "bad.csv": [(("column_a", "column_b", "column_c"), [("0", "mixed types.... uh oh", "17")], 2)],
    "bad_skip_lines.csv": [
        (("column_a", "column_b", "column_c"), [("0", "mixed types.... uh oh", "17")], 2)
    ],
    "dummy.csv.gz": [(ABC, [("1", "2", "3")], 0)],
    "dummy.tsv": [(ABC, [("1", "2", "3")], 0)],
    "mac_newlines.csv": [(ABC, [("1", "2", "3"), ("Once upon\ra time", "5", "6")], 0)],
    "null_byte.csv": [(ABC, [(None, "2", "3")], 0)],
    "optional_quote_characters.csv": [(ABC, [("1", "2", "3")], 0)],
    "sniff_limit.csv": [(ABC, [("1", "2", "3")], 0)],
    "test_header_newline.csv": [(("start end", "b", "c"), [("d", "e", "f")], 0)],
    "test_locale.csv": [(ABC, [("1,7", "200.000.000", None)], 0)],
    "test_skip_lines.csv": [(ABC, [("1", "2", "3")], 0)],
    "test_utf16_big.csv": [(ABC, [("1", "2", "3"), ("4", "5", "ʤ")], 0)],
    "test_utf16_little.csv": [(ABC, [("1", "2", "3"), ("4", "5", "ʤ")], 0)],
    "test_utf8_bom.csv": [(("foo", "bar", "baz"), [("1", "2", "3"), ("4", "5", "ʤ")], 0)],
}


def cells(table: LandedTable) -> list[tuple[str | None, ...]]:
    found = pq.read_table(table.parquet).to_pylist()
    return [tuple(row[name] for name in table.columns) for row in found]


@pytest.mark.parametrize("name", SPECTRUM)
@pytest.mark.parametrize("kind", ["csvs/{}.csv", "json/{}.json"])
def test_csv_spectrum_equals_its_json(
    real_data: Path, tmp_path: Path, name: str, kind: str
) -> None:
    folder = real_data / "data" / "messy-csv" / "csv-spectrum"
    [table] = read_file(folder / kind.format(name), tmp_path)
    twin = json.loads((folder / "json" / f"{name}.json").read_text(encoding="utf-8"))
    # The stored copies of the csv files end lines in \n throughout, inside of quotes too.
    found = [tuple((cell or "").replace("\r\n", "\n") for cell in row) for row in cells(table)]
    assert found == [tuple(v.replace("\r\n", "\n") for v in record.values()) for record in twin]
    assert table.columns == tuple(twin[0]) and not table.bad_rows


def test_csv_spectrum_coordinates(real_data: Path, tmp_path: Path) -> None:
    # Its json twin holds another telephone number; the rest must agree.
    folder = real_data / "data" / "messy-csv" / "csv-spectrum"
    [table] = read_file(folder / "csvs" / "location_coordinates.csv", tmp_path)
    twin = json.loads((folder / "json" / "location_coordinates.json").read_text(encoding="utf-8"))
    assert cells(table)[0][1:] == tuple(twin.values())[1:]
    assert cells(table)[0][0] == "2095257564"


@pytest.mark.parametrize("name", sorted(KIT))
def test_csvkit_is_read_right(real_data: Path, tmp_path: Path, name: str) -> None:
    tables = read_file(real_data / "data" / "messy-csv" / "csvkit" / name, tmp_path)
    assert [(t.columns, cells(t), len(t.bad_rows)) for t in tables] == KIT[name]


@pytest.mark.parametrize(("name", "first"), [("sheets.xlsx", 2), ("test_skip_lines.xlsx", 5)])
def test_csvkit_workbooks(real_data: Path, tmp_path: Path, name: str, first: int) -> None:
    table, *others = read_file(real_data / "data" / "messy-csv" / "csvkit" / name, tmp_path)
    assert table.columns == BOOK
    found = pq.read_table(table.parquet).to_pylist()
    assert [row["_row"] for row in found] == [first + n for n in range(5)]
    assert cells(table)[1] == (
        "Chicago Sun-Times", "1948-01-01", "63", "true", "1.27", "1948-01-01T14:57:13", None,
        "Extra data beyond headers will be trimmed",
    )  # fmt: skip
    assert [(t.name, cells(t)) for t in others] == (
        [("sheets.xlsx[ʤ]", [("1", "2", "3")])] if name == "sheets.xlsx" else []
    )


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("empty.csv", "is empty"),
        ("no_header_row.csv", "no header row"),
        ("test_latin1.csv", "too few to tell the encoding"),
    ],
)
def test_csvkit_is_refused_with_a_reason(
    real_data: Path, tmp_path: Path, name: str, reason: str
) -> None:
    path = real_data / "data" / "messy-csv" / "csvkit" / name
    with pytest.raises(SourceError, match=reason):
        read_file(path, tmp_path)


def test_a_profile_that_names_latin1_reads_it(real_data: Path, tmp_path: Path) -> None:
    path = real_data / "data" / "messy-csv" / "csvkit" / "test_latin1.csv"
    [table] = read_file(path, tmp_path, encodings=["latin-1"])
    assert cells(table) == [("1", "2", "3"), ("4", "5", "©")]


def test_every_file_is_accounted_for(real_data: Path) -> None:
    folder = real_data / "data" / "messy-csv"
    known = {*KIT, "sheets.xlsx", "test_skip_lines.xlsx", "COPYING"}
    known |= {"empty.csv", "no_header_row.csv", "test_latin1.csv"}
    assert {path.name for path in (folder / "csvkit").iterdir()} == known
    spectrum = {path.stem for path in (folder / "csv-spectrum" / "csvs").iterdir()}
    assert spectrum == {*SPECTRUM, "location_coordinates"}
