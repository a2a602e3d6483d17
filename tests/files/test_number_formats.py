"""The currency that a spreadsheet shows by the format of its cells is read with its numbers."""

from __future__ import annotations

import datetime as dt
import zipfile
from pathlib import Path

import pyarrow.parquet as pq
import pytest
import xlsxwriter

from smarketing.files.books import PADDED
from smarketing.files.formats import Formats, currency_of, is_padded, shown, zeros_of
from smarketing.files.read import read_file


@pytest.mark.parametrize(
    ("code", "currency"),
    [
        ("[$€-407] #,##0.00", "EUR"),
        ("#,##0.00\\ [$€-1]", "EUR"),
        ("[$USD] #,##0.00", "USD"),
        ('"CHF" #,##0.00', "CHF"),
        ('#,##0 "zł"', "PLN"),
        ('_-* #,##0.00\\ "€"_-;-* #,##0.00\\ "€"_-', "EUR"),
        ("[$$-409]#,##0.00", "USD"),
        ("[$$-C0C]#,##0.00", "CAD"),
        ("[$kr-41D] #,##0", "SEK"),
        ("#,##0 [$kr.-406]", "DKK"),
        ("[$¥-411]#,##0", "JPY"),
        ("[$R$-416] #,##0.00", "BRL"),
        ('"$"#,##0.00', "$"),
        ('_($* #,##0.00_);_($* (#,##0.00);_("EUR"* "-"??_)', "$"),
        ('"kr" #,##0', "kr"),
        ("£#,##0.00", "£"),
        ("[$$-1409]#,##0.00", "NZD"),
        ("&quot;€&quot; 0.00", "EUR"),
    ],
)
def test_a_format_shows_a_currency(code: str, currency: str) -> None:
    assert currency_of(code) == currency


@pytest.mark.parametrize(
    "code",
    [
        "General",
        "#,##0.00",
        '0 "days"',
        '0.0 "PCS"',
        "0%",
        "[$-407]dd.mm.yyyy",
        '"EUR"',
        "[Red]0",
        "",
    ],
)
def test_other_formats_show_none(code: str) -> None:
    assert currency_of(code) == ""


def test_numbers_are_written_with_what_their_cells_show() -> None:
    written = [
        shown(n, c) for n, c in (("1.5", "EUR"), ("-2", "$"), ("3", "kr"), ("4", ""), ("", "$"))
    ]
    assert written == ["1.5 EUR", "-$2", "3 kr", "4", ""]


def test_a_column_shows_the_currency_of_the_nearest_cell_above() -> None:
    formats = Formats()
    for row, currency in ((1, "EUR"), (2, "EUR"), (3, "USD"), (2, "EUR"), (4, "")):
        formats.take(row, 0, currency)
    assert [formats.of(row, 0) for row in range(6)] == ["", "EUR", "EUR", "USD", "", ""]
    assert formats.of(1, 1) == ""


def test_a_sheet_is_read_with_the_currencies_of_its_cells(tmp_path: Path) -> None:
    """Texts, dates and numbers of no currency stay as they are."""
    path = tmp_path / "b.xlsx"
    with xlsxwriter.Workbook(path, {"default_date_format": "yyyy-mm-dd"}) as book:
        sheet = book.add_worksheet("S")
        euros = book.add_format({"num_format": "[$€-407] #,##0.00"})
        dollars = book.add_format({"num_format": '"$"#,##0.00'})
        sheet.write_row(1, 1, ["id", "on", "amount", "clicks"])
        for row, (money, form) in enumerate(((1200.5, euros), (-80, dollars), (7, None)), start=2):
            sheet.write(row, 1, f"c{row}")
            sheet.write(row, 2, dt.datetime(2026, 1, row))
            sheet.write(row, 3, money, form)
            sheet.write(row, 4, row)
        sheet.write(5, 1, "c5", euros)
        sheet.write(5, 3, "n/a", euros)
    [table] = read_file(path, tmp_path / "out")
    assert pq.read_table(table.parquet).column("amount").to_pylist() == [
        "1200.5 EUR",
        "-$80",
        "7",
        "n/a",
    ]
    assert pq.read_table(table.parquet).column("clicks").to_pylist() == ["2", "3", "4", None]


def test_ids_are_numbers_and_the_zeros_that_their_format_shows_are_noted(tmp_path: Path) -> None:
    path = tmp_path / "deals.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet, zeros = book.add_worksheet("S"), book.add_format({"num_format": "00000"})
        for place, header in enumerate(("Deal ID", "Seats")):
            sheet.write(0, place, header)
        for row, number in enumerate((7, 123456, 42), start=1):
            sheet.write(row, 0, number, zeros)
            sheet.write(row, 1, number)
    [table] = read_file(path, tmp_path / "out")
    found = pq.read_table(table.parquet)
    assert found["Deal ID"].to_pylist() == ["7", "123456", "42"]
    assert found["Seats"].to_pylist() == ["7", "123456", "42"]
    assert table.notes == (PADDED.format("'Deal ID'"),)


def test_only_zeros_are_a_format_of_ids() -> None:
    assert [zeros_of(c) for c in ("00000", "0", "0.00", "000-000", "General")] == [
        "00000",
        "",
        "",
        "",
        "",
    ]
    assert [is_padded(n, "000") for n in ("7", "700", "-7", "1.5", "")] == [True, *[False] * 4]


_ODS = """<?xml version="1.0"?><office:document-content
 xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"
 xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet>
<table:table table:name="Deals">{}</table:table></office:spreadsheet></office:body>
</office:document-content>"""


def _ods_row(*cells: str, times: int = 1) -> str:
    return (
        f'<table:table-row table:number-rows-repeated="{times}">{"".join(cells)}</table:table-row>'
    )


def _ods_text(text: str) -> str:
    return (
        f'<table:table-cell office:value-type="string"><text:p>{text}</text:p></table:table-cell>'
    )


def _ods_number(number: str, text: str, kind: str = "float", more: str = "") -> str:
    return (
        f'<table:table-cell office:value-type="{kind}" office:value="{number}" {more}>'
        f"<text:p>{text}</text:p></table:table-cell>"
    )


def _ods_money(number: str, code: str) -> str:
    return _ods_number(number, f"{number} {code}", "currency", f'office:currency="{code}"')


def test_an_open_document_is_read_with_the_currencies_it_shows(tmp_path: Path) -> None:
    path = tmp_path / "deals.ods"
    rows = [
        _ods_row(*map(_ods_text, ("Deal ID", "Value"))),
        _ods_row(_ods_number("7", "0007"), _ods_money("1.5", "USD")),
        _ods_row(_ods_number("8", "0008"), _ods_money("2", "EUR")),
        _ods_row(_ods_number("9", "9"), _ods_number("3", "3"), times=2),
    ]  # fmt: skip
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", _ODS.format("".join(rows)))
        archive.writestr("META-INF/manifest.xml", "<manifest/>")
    [table] = read_file(path, tmp_path / "out")
    found = pq.read_table(table.parquet)
    assert found["Deal ID"].to_pylist() == ["7", "8", "9", "9"]
    assert table.notes == (PADDED.format("'Deal ID'"),)
    assert found["Value"].to_pylist() == ["1.5 USD", "2 EUR", "3", "3"]
