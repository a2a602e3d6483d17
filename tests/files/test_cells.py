"""Cells of workbooks, what their formats show, and records within records, each by hand."""

from __future__ import annotations

import io
import zipfile
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from smarketing.files import sheets
from smarketing.files.books import _letters, _nothing, _Sheet, cell_text
from smarketing.files.formats import (
    Formats,
    _open_formats,
    hides_formats,
    is_padded,
    read_formats,
    shown,
)
from smarketing.files.json_columns import hidden
from smarketing.files.limits import MAX_CELLS
from smarketing.files.tables import Skipped
from smarketing.files.turned import TURN


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (None, ""), ("", ""), ("x", "x"), (True, "true"), (False, "false"), (3, "3"), (3.0, "3"),
        (2.5, "2.5"), (0.1 + 0.2, "0.3"), (2.0**53 - 1, "9007199254740991"),
        (2.0**53, "9.0071992547409920e+15"), (-(2.0**53), "-9.0071992547409920e+15"),
        (date(2026, 1, 2), "2026-01-02"), (time(3, 4, 5), "03:04:05"),
        (datetime(2026, 1, 2, 3, tzinfo=UTC), "2026-01-02T03:00:00+00:00"),
        (timedelta(hours=30, minutes=5, seconds=7), "30:05:07"), (timedelta(minutes=9), "0:09:00"),
    ],
)  # fmt: skip
def test_a_cell_is_written_as_a_careful_export_would(cell: Any, text: str) -> None:
    assert cell_text(cell) == text


def test_columns_have_letters_and_a_book_without_a_table_says_why() -> None:
    assert [_letters(n) for n in (0, 25, 26, 51, 52, 701, 702)] == [
        "A", "Z", "AA", "AZ", "BA", "ZZ", "AAA"
    ]  # fmt: skip
    hidden, turned = Skipped("sheet 'x' is hidden", 2), Skipped(f"sheet 'y' {TURN}", 3)
    other = Skipped("sheet 'z' has no header row", 1)
    assert _nothing("b.xlsx", ()).startswith("b.xlsx is empty: none of its sheets holds anything")
    assert "hidden sheets are not read" in _nothing("b.xlsx", (other, hidden, turned))
    told = f"b.xlsx holds no table that can be read: {turned.reason}."
    assert _nothing("b.xlsx", (other, turned)) == told
    assert "has no header row that can be told" in _nothing("b.xlsx", (other,))


def test_errors_and_currencies_are_written_where_they_stand_on_the_sheet() -> None:
    """The reader leaves out what is empty above and left of the first cell."""
    rows = [["id", "", "cost"], ["7", "", 5.0], ["", True, -2.0]]
    sheet = SimpleNamespace(start=(2, 1), merged_cell_ranges=[], iter_rows=lambda: iter(rows))
    formats = Formats()
    formats.take(3, 3, "EUR")
    formats.take(4, 3, "000")
    formats.take(4, 2, "EUR")
    read = _Sheet(cast("Any", sheet), (), {(3, 2): "#N/A", (3, 1): "#REF!"}, formats)
    numbered = list(read._numbered())
    assert [number for number, _, _ in numbered] == [0, 1, 2, 3, 4]
    assert [cells for _, _, cells in numbered] == [
        [], [], ["id", "", "cost"], ["7", "#N/A", "5 EUR"], ["", "true", "-2"]
    ]  # fmt: skip
    assert read.padded == set(), "less than nothing has no zeros before it"
    assert [cells for _, cells in enumerate(read.rows(slice(0, 1)))][-2:] == [["7"], [""]]
    rows[2][2] = 2.0
    assert list(read._numbered())[-1][2] == ["", "true", "2"] and read.padded == {2}
    blank: list[list[Any]] = [["", ""], ["x", "y"]]
    sheet = SimpleNamespace(start=(2, 0), merged_cell_ranges=[], iter_rows=lambda: iter(blank))
    read = _Sheet(cast("Any", sheet), (), {}, None)
    assert [number for number, _, _ in read._numbered()] == [0, 1], "the rows above are there"


def test_what_cells_show_is_kept_by_where_it_changes() -> None:
    formats = Formats()
    for row, currency in ((1, "EUR"), (2, "EUR"), (4, "USD"), (4, "SEK"), (3, "SEK"), (6, "")):
        formats.take(row, 0, currency)
    assert formats.changes == {0: ([1, 4, 6], ["EUR", "USD", ""])}
    assert [formats.of(row, 0) for row in range(8)] == ["", "EUR", "EUR", "EUR", "USD", "USD", "",
                                                         ""]  # fmt: skip
    assert formats.of(1, 1) == ""
    formats.take(0, 1, "")
    assert formats.changes[1] == ([], []), "from nothing to nothing nothing changes"


@pytest.mark.parametrize(
    ("number", "currency", "text"),
    [
        ("5", "", "5"), ("", "EUR", ""), ("5", "EUR", "5 EUR"), ("-5", "EUR", "-5 EUR"),
        ("5", "$", "$5"), ("-5", "£", "-£5"), ("7", "000", "7"), ("5", "kr", "5 kr"),
    ],
)  # fmt: skip
def test_a_number_is_written_with_the_currency_of_its_cell(
    number: str, currency: str, text: str
) -> None:
    assert shown(number, currency) == text


def test_zeros_are_hidden_where_a_number_is_shorter_than_its_format() -> None:
    assert [is_padded(n, "000") for n in ("7", "77", "777", "7.5", "-7", "")] == [
        True, True, False, False, False, False
    ]  # fmt: skip
    assert not is_padded("7", "EUR") and not is_padded("7", "0")


OPEN = """<d xmlns:t="t" xmlns:o="o"><t:table t:name="One">
<t:table-row><t:table-cell/><t:table-cell o:value-type="currency" o:currency="EUR"/></t:table-row>
<t:table-row t:number-rows-repeated="3"><t:table-cell t:number-columns-repeated="2"
 o:value-type="currency" o:currency="SEK"/><t:table-cell o:value-type="float"><p>007</p>
 </t:table-cell></t:table-row>
<t:table-row><t:table-cell t:number-columns-repeated="2"/><t:table-cell o:value-type="string">
 <p>007</p></t:table-cell></t:table-row></t:table><t:table t:name="Two"><t:table-row>
<t:table-cell o:value-type="float"><p>0</p></t:table-cell></t:table-row></t:table></d>"""


def test_the_cells_of_an_open_document_say_their_currency_and_zeros(tmp_path: Path) -> None:
    found = _open_formats(io.BytesIO(OPEN.encode()))
    assert list(found) == ["One", "Two"] and found["Two"].changes == {}
    one = found["One"]
    assert [[one.of(row, column) for column in range(4)] for row in range(5)] == [
        ["", "EUR", "", ""], *[["SEK", "SEK", "000", ""]] * 3, ["", "", "", ""]
    ]  # fmt: skip
    with zipfile.ZipFile(tmp_path / "x.ods", "w") as archive:
        archive.writestr("content.xml", OPEN)
    assert read_formats(tmp_path / "x.ods") == found
    assert hides_formats(tmp_path / "x.ods") is False
    with zipfile.ZipFile(tmp_path / "x.xlsb", "w") as archive:
        archive.writestr("xl/styles.bin", "")
    (tmp_path / "x.xls").write_bytes(b"\xd0\xcf\x11\xe0")
    assert hides_formats(tmp_path / "x.xlsb") and hides_formats(tmp_path / "x.xls")
    assert read_formats(tmp_path / "x.xls") == {} == read_formats(tmp_path / "x.xlsb")


@pytest.mark.parametrize(
    ("value", "where"),
    [
        ({"a": [{"x": 1}]}, "a"), ({"a": [[1]]}, "a"), ({"a": 1, "b": {"c": [{"x": 1}]}}, "b.c"),
        ({"a": {"b": {"c": [{}]}}}, "a.b.c"),
        ({"a": {"b": {"c": {"d": {"e": [{}]}}}}}, "a.b.c.d.e"),
        ({"a": {"b": {"c": {"d": {"e": {"f": [{}]}}}}}}, None),
        ({"a": [1]}, None), ({"a": []}, None), ({"a": [{"x": 1}, 2]}, None), ({"a": "x"}, None),
        ({"id": 1, "a": [{"x": 1}]}, None), ({"x": {"p": 1, "q": 2}, "y": {"p": 3, "q": 4}}, "x"),
        ({"x": {"p": 1}, "y": {"p": 3}}, None), ({"x": {"p": 1, "q": 2}}, None),
        ({"x": {"p": 1, "q": 2}, "y": {"p": 3, "r": 4}}, None), ({}, None),
    ],
)  # fmt: skip
def test_records_may_stand_hidden_in_an_object(value: dict[str, Any], where: str | None) -> None:
    assert hidden(value) == where


def test_the_width_of_a_sheet_is_read_where_it_could_be_too_much() -> None:
    """Up to ZZ a sheet of few rows is never too large: its width is not read."""
    few, many = 9, MAX_CELLS // 702 + 1
    for last, width in ((few, 26), (many, 702)):
        text = f'<row r="{last}"><c r="ZZ{last}"><v>1</v></c></row>'
        found = sheets._extent(io.BytesIO(text.encode()))
        assert (found.last, found.width) == (last, width)
    assert sheets._extent(io.BytesIO(b'<row r="9"><c r="AAA9"/></row>')).width == 703
