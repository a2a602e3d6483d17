"""Cells and workbooks in detail: what each kind of value becomes, widths, formats, filters."""

from __future__ import annotations

import datetime as dt
import io
from typing import Any

import numpy as np
import pandas as pd
import pytest
from openpyxl import load_workbook

from smarketing.export.stamp import Stamp
from smarketing.export.tables import LONGEST, parted, plain, to_csv, to_xlsx

STAMP = Stamp("Won", "Read me", {"Segment": "small", "Owner": ""}, {"Model": "first"}, "1.0")


AT = dt.datetime(2026, 6, 1, 10, tzinfo=dt.UTC)


def workbook(frame: pd.DataFrame, stamp: Stamp = STAMP, *said: Any) -> Any:
    return load_workbook(io.BytesIO(to_xlsx(frame, stamp, *said)))


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        (None, None), (float("nan"), None), (pd.NaT, None), (True, True), (False, False),
        (np.int64(5), 5), (np.bool_(True), True), (float("inf"), "inf"), (-1.5, -1.5),
        ({"a": 1, "=b": 2}, "a: 1; =b: 2"), ({"=a": 1}, "'=a: 1"), (["=a", "b"], "'=a; b"),
        (("a", 1), "a; 1"), ([], ""), ("a", "a"), (dt.date(2026, 6, 1), dt.date(2026, 6, 1)),
        (pd.Timestamp("2026-06-01 10:00"), dt.datetime(2026, 6, 1, 10)),
        (AT, AT),
    ],
)  # fmt: skip
def test_what_a_value_becomes_in_a_cell(value: Any, cell: Any) -> None:
    found = plain(value)
    assert found == cell and type(found) is type(cell)


def test_a_cell_that_begins_with_a_formula_behind_blanks_is_not_defused_twice() -> None:
    assert parted("'\u200b =x; =y;=z") == "'\u200b =x;' =y;'=z"
    assert parted(5) == 5 and parted("a;b") == "a;b"


def test_csv_writes_instants_to_the_second_and_nothing_for_nothing() -> None:
    frame = pd.DataFrame({"at": [pd.Timestamp("2026-06-01 10:00:00.5"), pd.NaT], "n": [0, 1]})
    assert to_csv(frame).decode("utf-8-sig").split() == ["at,n", "2026-06-01", "10:00:00,0", ",1"]


def test_a_workbook_can_be_read_without_arranging_it_first() -> None:
    frame = pd.DataFrame({"name": ["n" * 60, "b"], "day": [dt.date(2026, 6, 1)] * 2, "n": [1, 2]})
    sheet = workbook(frame)["Table"]
    assert sheet.freeze_panes == "A2" and sheet.auto_filter.ref == "A1:C3"
    assert sheet["A1"].font.b and sheet["A1"].border.bottom.style == "thin"
    assert not sheet["A2"].font.b
    widths = [round(sheet.column_dimensions[c].width) for c in "ABC"]
    assert widths == [49, 13, 4], "the longest of 48, 10 and 1 characters, and two"
    assert sheet["B2"].number_format == "yyyy-mm-dd" and sheet["C2"].number_format == "#,##0"


def test_an_empty_table_keeps_its_header_and_one_line_to_filter() -> None:
    book = workbook(pd.DataFrame({"a": [], "b": []}))
    assert [cell.value for cell in book["Table"][1]] == ["A", "B"]
    assert book["Table"].auto_filter.ref == "A1:B2"


def test_cells_are_written_by_their_kind() -> None:
    frame = pd.DataFrame(
        {
            "v": [
                None,
                True,
                2,
                2.5,
                dt.datetime(2026, 6, 1, 10, 30),
                "http://a.example",
                "x http://a",
            ]
        },
        dtype=object,
    )
    cells = [row[0] for row in workbook(frame)["Table"].iter_rows(min_row=2)]
    assert [cell.value for cell in cells] == [
        None, True, 2, 2.5, dt.datetime(2026, 6, 1, 10, 30), "http://a.example", "x http://a",
    ]  # fmt: skip
    assert cells[3].number_format == "#,##0.00####"
    assert cells[4].number_format == "yyyy-mm-dd hh:mm"
    assert [bool(cell.hyperlink) for cell in cells] == [False] * 5 + [True, False]


@pytest.mark.parametrize(
    ("unit", "currency", "written"),
    [
        ("money", "EUR", "[$€] #,##0.00;-[$€] #,##0.00"),
        ("currency", "JPY", "[$¥] #,##0;-[$¥] #,##0"),
        ("money", "KWD", "[$KWD] #,##0.000;-[$KWD] #,##0.000"),
        *((unit, "EUR", "0.0%") for unit in ("rate", "share", "percent", "difference", "bar")),
        ("ratio", "EUR", '0.00" ×"'), ("count", "EUR", "#,##0"),
    ],
)  # fmt: skip
def test_numbers_are_written_by_their_unit(unit: str, currency: str, written: str) -> None:
    sheet = workbook(pd.DataFrame({"n": [3]}), STAMP, {"n": unit}, currency)["Table"]
    assert sheet["A2"].number_format == written


def test_a_row_says_what_its_numbers_are_in() -> None:
    frame = pd.DataFrame(
        {
            "kpi": ["won", "rate", "leads"],
            "value": [5.5, 0.25, 3],
            "unit": ["EUR", "rate", "count"],
        },
        dtype=object,
    )
    sheet = workbook(frame, STAMP, {}, "EUR")["Table"]
    formats = [sheet[f"B{row}"].number_format for row in (2, 3, 4)]
    assert formats == ["[$€] #,##0.00;-[$€] #,##0.00", "0.0%", "#,##0"]
    assert [cell.value for cell in sheet[1]] == ["KPI", "Value", "Unit"]


def test_about_says_where_the_table_is_from() -> None:
    about = workbook(pd.DataFrame({"n": [1]}), Stamp("=1", "r" * (LONGEST + 1)))["About"]
    assert [(row[0].value, row[1].value[:9]) for row in about.iter_rows()] == [
        ("Title", "'=1"), ("Reading", "r" * 9), ("Filters", "none"),
    ]  # fmt: skip
    assert len(about["B2"].value) == LONGEST
    assert about["A1"].font.b and about["B1"].alignment.wrap_text
    widths = [round(about.column_dimensions[c].width) for c in "AB"]
    assert widths == [15, 101]


def test_a_text_that_just_fits_is_whole() -> None:
    sheet = workbook(pd.DataFrame({"n": ["x" * LONGEST]}))["Table"]
    assert sheet["A2"].value == "x" * LONGEST


def test_a_workbook_says_nothing_of_when_it_was_written() -> None:
    frame = pd.DataFrame({"n": [1], "at": [dt.date(2026, 6, 1)]})
    made = [load_workbook(io.BytesIO(to_xlsx(frame, STAMP))).properties for _ in range(2)]
    assert {one.created for one in made} == {one.modified for one in made}
    assert made[0].created == dt.datetime(2000, 1, 1) and to_xlsx(frame, STAMP) == to_xlsx(
        frame, STAMP
    )


def test_a_whole_number_is_written_as_one_unless_others_of_its_column_have_a_fraction() -> None:
    """Targets are numbers with a point in the agreement, and counts on the sheet."""
    kpis = pd.DataFrame({"value": [120.0, 2.5, 0.25], "unit": ["count", "score", "rate"]})
    mixed = pd.DataFrame({"days": [3.0, 2.5], "leads": [4.0, None]})
    found = {}
    for name, frame in (("kpis", kpis), ("mixed", mixed)):
        sheet = workbook(frame)["Table"]
        found[name] = [[cell.number_format for cell in row] for row in sheet.iter_rows(min_row=2)]
    assert [row[0] for row in found["kpis"]] == ["#,##0", "#,##0.00####", "0.0%"]
    assert [row[0] for row in found["mixed"]] == ["#,##0.00####"] * 2
    assert found["mixed"][0][1] == "#,##0"
