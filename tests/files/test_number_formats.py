"""The currency that a spreadsheet shows by the format of its cells is read with its numbers."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pyarrow.parquet as pq
import pytest
import xlsxwriter

from smarketing.files.formats import Formats, currency_of, shown
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
