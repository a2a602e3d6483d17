"""Which amount and which days of a file count, and what is asked about them, each by hand."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

import duckdb
import pytest

from smarketing.sources.drafting import money, stretches
from smarketing.sources.drafting.columns import Sheet
from smarketing.sources.drafting.gone import leave_out_deleted, marked_gone
from smarketing.sources.drafting.guess import find
from smarketing.sources.drafting.minor_units import in_units, parts_of_a_unit
from smarketing.sources.drafting.returns import ask_for_returns
from smarketing.sources.drafting.shapes import Shape, _adds_up, days_of
from smarketing.sources.drafting.spend_days import fill_days
from smarketing.sources.drafting.work import Work

Values = Mapping[str, Sequence[str]]


def work(table: str, values: Values) -> Work:
    """A file of two rows or more, whose columns hold these values in any order."""
    rows = max(map(len, values.values()))
    shapes = {
        header: Shape(header, tuple(dict.fromkeys(filter(None, told))), len([*filter(None, told)]),
                      len({*filter(None, told)}), rows)
        for header, told in values.items()
    }  # fmt: skip
    return Work(find(Sheet.of(table, shapes)), "file", "ours")


def answer(expression: str, cells: Mapping[str, Sequence[str | None]]) -> list[str | None]:
    """Say what an expression makes of the rows of a file."""
    names = ", ".join(f'"{name}"' for name in cells)
    rows = ", ".join(
        "(" + ", ".join("null" if c is None else f"'{c}'" for c in row) + ")"
        for row in zip(*cells.values(), strict=True)
    )
    with duckdb.connect() as con:
        told = con.execute(f"select {expression} from (values {rows}) r({names})").fetchall()
    return [None if each is None else str(each) for (each,) in told]


MONTHS = {
    "2026-01": ("2026-02", "2026-02-01", "2026-02-28"),
    "01/2026": ("12/2025", "2025-12-01", "2025-12-31"),
    "2026年1月": ("2026年2月", "2026-02-01", "2026-02-28"),
    "Januar 2026": ("Mai 2026", "2026-05-01", "2026-05-31"),
    "Jan-26": ("Feb-26", "2026-02-01", "2026-02-28"),
    "2026-01-01": ("2026-03-01", "2026-03-01", "2026-03-31"),
    "01.01.2026": ("01.04.2026", "2026-04-01", "2026-04-30"),
    "1/1/2026": ("6/1/2026", "2026-06-01", "2026-06-30"),
    "01-01-2026": ("01-07-2026", "2026-07-01", "2026-07-31"),
}


@pytest.mark.parametrize(("first", "told"), MONTHS.items())
def test_a_month_is_the_days_from_its_first_to_its_last(
    first: str, told: tuple[str, str, str]
) -> None:
    other, begins, ends = told
    file = work("cost", {"Month": [first, other], "Spend": ["1.50", "2.50"]})
    days = stretches.days_of_month(file.sheet, file.sheet.columns[0])
    assert days is not None
    cells = {"Month": [other, "no month", None]}
    said = other if other[:4].isdigit() and other.endswith("-01") and len(other) > 7 else begins
    assert answer(days[0], cells)[:2] == [said, "no month"]
    assert answer(days[1], cells) == [ends, None, None]


@pytest.mark.parametrize(
    "values",
    [["2026-01", "x"], ["1/1/2026"], ["02.01.2026", "03.01.2026"], ["5/1/2026", "1/6/2026"],
     ["Januar", "Mai"], ["2026-01-02"], ["Foo 2026", "Bar 2026"], []],
)  # fmt: skip
def test_what_is_no_month_or_may_be_two_is_none(values: list[str]) -> None:
    file = work("cost", {"Month": [*values, ""], "Spend": ["1.50", "2.50"]})
    days = stretches.days_of_month(file.sheet, file.sheet.columns[0])
    assert days is None, "of one row January is the first either way, and of the next file no more"


def test_a_month_alone_is_that_of_the_year_beside_it() -> None:
    for months, number in ((["3", "12"], "3"), (["März", "Dezember"], "März")):
        file = work("cost", {"Month": months, "Year": ["2026", "2026"], "Spend": ["1.5", "2.5"]})
        days = stretches.days_of_month(file.sheet, file.sheet.columns[0])
        assert days is not None
        cells = {"Month": [number, "99"], "Year": ["2026", "2026"]}
        assert answer(days[0], cells) == ["2026-03-01", "99 2026"]
        assert answer(days[1], cells) == ["2026-03-31", None]


@pytest.mark.parametrize(
    ("values", "is_start", "cells", "firsts", "lasts"),
    [
        (["2026-W07", "2026-W08"], False, ["2026-W07", "2026-W54"], ["2026-02-09", "2026-W54"],
         ["2026-02-15", None]),
        (["KW 7/2026"], False, ["KW 7/2026", "KW 53 2026"], ["2026-02-09", "2026-12-28"],
         ["2026-02-15", "2027-01-03"]),
        (["W07-2026"], False, ["W07-2026"], ["2026-02-09"], ["2026-02-15"]),
        (["2026-02-09", "2026-02-16"], False, ["2026-02-09"], ["2026-02-09"], ["2026-02-15"]),
        (["09.02.2026", "16.02.2026"], False, ["09.02.2026"], ["09.02.2026"], ["2026-02-15"]),
        (["2026-02-08", "2026-02-15"], True, ["2026-02-08"], ["2026-02-08"], ["2026-02-14"]),
        (["2026-02-08", "2026-02-15"], False, [], None, None),  # Sundays, of which nothing says so
        (["2026-02-08", "2026-02-16"], True, [], None, None),
        (["Week 7"], True, [], None, None),
    ],
)  # fmt: skip
def test_a_week_is_the_days_from_its_first_to_its_seventh(
    values: list[str], is_start: bool, cells: list[str], firsts: object, lasts: object
) -> None:
    [column] = work("cost", {"Week": values}).sheet.columns
    days = stretches.days_of_week(column, is_start)
    assert (days is None) == (firsts is None)
    if days is not None:
        assert answer(days[0], {"Week": cells}) == firsts
        assert [text and text[:10] for text in answer(days[1], {"Week": cells})] == lasts


SPEND = {"Spend": ["1.50", "2.50", "3.50"]}


@pytest.mark.parametrize(
    ("columns", "filled", "asked"),
    [
        ({"Day": ["2026-01-05", "2026-01-06", "2026-01-09"]}, ["incurred_on"], ""),
        ({"Month": ["2026-01", "2026-02", "2026-03"]}, ["incurred_on", "covers_until"], ""),
        ({"Week": ["2026-W01", "2026-W02", "2026-W03"]}, ["incurred_on", "covers_until"], ""),
        ({"Start date": ["2026-01-05", "2026-01-12", "2026-01-14"],
          "End date": ["2026-01-07", "2026-01-13", "2026-01-20"]},
         ["incurred_on", "covers_until"], ""),
        ({"Start date": ["2026-01-05", "2026-01-12", "2026-01-14"],
          "End date": ["2026-01-07", "", "2026-01-20"]},
         ["incurred_on", "covers_until"], "'End date' is blank in some rows, which would fall"),
        ({"Start date": ["2026-01-05", "2026-01-06", "2026-01-07"],
          "End date": ["2026-01-06", "2026-01-07", "2026-01-08"]},
         ["incurred_on", "covers_until"], "each row ends in 'End date' a day after it starts in"),
        ({"Start date": ["2026-01-05", "2026-01-12", "2026-01-19"],
          "End date": ["2026-01-12", "2026-01-19", "2026-01-26"]},
         ["incurred_on", "covers_until"], "rows end in 'End date' on the day on which the next"),
        ({"Day": ["2026-01-01", "2026-02-01", "2026-03-01"]}, ["incurred_on"],
         "the days in 'Day' are a month apart (2026-01-01), as where each row covers a month"),
        ({"Day": ["2026-01-05", "2026-01-12", "2026-01-19"], "Clicks": ["1", "2", "3"]},
         ["incurred_on"], "the days in 'Day' are a week apart (2026-01-05)"),
        ({"Day": ["2026-01-05", "2026-01-12", "2026-01-19"]}, ["incurred_on"], ""),
        ({"Day": ["2026-01-01", "2026-02-01"]}, ["incurred_on"], ""),
        ({"Foo": ["a", "b", "c"]}, [], "no column says on which day the money was spent"),
        ({"Day": ["soon", "later", "2026-01-05"]}, [], "column 'Day' is called like a day, and"),
        ({"Foo": ["2026-01-05", "2026-01-06", "2026-01-09"]}, ["incurred_on"], ""),
        ({"Foo": ["2026-01-05", "2026-01-06"], "Bar": ["2026-02-05", "2026-01-09"]}, [],
         "nothing says which column holds the day a cost was incurred: 'Foo' (2026-01-05), 'Bar'"),
    ],
)  # fmt: skip
def test_on_which_days_costs_fell(columns: Values, filled: list[str], asked: str) -> None:
    file = work("cost", {**columns, **SPEND})
    fill_days(file)
    assert [name for name in file.columns if name in ("incurred_on", "covers_until")] == filled
    assert len(file.questions) == bool(asked)
    assert not asked or file.questions[0].startswith(asked)


@pytest.mark.parametrize(
    ("columns", "sql", "asked"),
    [
        ({"Cost": ["1.50"], "Currency": ["EUR"]}, 'r."Currency"', ""),
        ({"Cost (SEK)": ["1.50"]}, "'SEK'", ""),
        ({"Cost": ["€1.50", "€ 2"]}, "'EUR'", ""),
        ({"Cost": ["1.50 USD", "-2 USD"]}, "'USD'", ""),
        ({"Cost": ["$1.50", "$2"]}, None, "column 'Cost' holds amounts like '$1.50', and nothing"),
        ({"Cost": ["€1.50", "£2"]}, None, ""),
        ({"Cost": ["1.50"]}, None, ""),
        ({"Cost": ["1.50"], "Foo": ["USD"]}, 'r."Foo"', ""),
        ({"Cost": ["1.50"], "Foo": ["ALL"]}, None, ""),
        ({"Cost": ["1.50"], "Currency": ["12"]}, None,
         "column 'Currency' is called like a currency, and holds '12'"),
        ({"Cost (kr)": ["1.50"]}, None, "column 'Cost (kr)' is in 'kr', which several currencies"),
    ],
)  # fmt: skip
def test_the_currency_of_costs(columns: Values, sql: str | None, asked: str) -> None:
    file = work("cost", columns)
    money.currency(file, file.sheet.columns[0])
    assert file.columns.get("currency") == sql
    assert [question[: len(asked)] for question in file.questions] == [asked] * bool(asked)


def test_beside_a_header_s_currency_rows_of_another_one_are_bad() -> None:
    file = work("cost", {"Cost (EUR)": ["1.50", "2.50"], "Currency": ["EUR", "USD"]})
    file.take("amount", file.sheet.columns[0])
    money.currency(file, file.sheet.columns[0])
    cells = {"Cost (EUR)": ["1.50", "2.50", "3.50"], "Currency": ["EUR", "USD", None]}
    assert answer(file.columns["amount"], cells) == ["1.50", "2.50 EUR", "3.50"]


@pytest.mark.parametrize(
    ("columns", "parts"),
    [
        ({"Cost micros": ["1500000"]}, 1_000_000), ({"Cost in cents": ["150"]}, 100),
        ({"Cost micros": ["1.50"]}, 1), ({"Cost": ["150"]}, 1), ({"Census": ["150"]}, 1),
        ({"Cost": ["150", "0"], "Price": ["1.50 €", "0.00"]}, 100),
        ({"Cost": ["150", "200"], "Price": ["1.50", "2.5"]}, 1),
        ({"Cost": ["150", "300"], "Price": ["1.50", "3 USD"]}, 100),
        ({"Cost": ["150"], "Price": ["2.50"]}, 1), ({"Cost": ["0"], "Price": ["0.00"]}, 1),
    ],
)  # fmt: skip
def test_parts_of_a_unit_are_told_by_a_word_or_by_the_same_amounts(
    columns: Values, parts: int
) -> None:
    file = work("cost", columns)
    assert parts_of_a_unit(file.sheet.columns[0], file.sheet) == parts


def test_parts_of_a_unit_become_units_and_what_is_no_number_stays() -> None:
    [column] = work("cost", {"Cost micros": ["1500000"]}).sheet.columns
    cells = {"Cost micros": ["1500000", "x", None, "-5"]}
    assert answer(in_units(column, 1_000_000), cells) == ["1.5000000000", "x", None,
                                                          "-0.0000050000"]  # fmt: skip
    assert answer(in_units(column, 100), cells)[0] == "15000.000000"


@pytest.mark.parametrize(
    ("columns", "asked"),
    [
        ({"Amount": ["5.50", "7.50"], "Type": ["Invoice", "Credit note"]},
         "column 'Type' holds 'Credit note', as of a row that gives money back"),
        ({"Amount": ["5.50", "-7.50"], "Type": ["Invoice", "Credit note"]}, ""),
        ({"Amount": ["5.50", "(7.50)"], "Type": ["Invoice", "Credit note"]}, ""),
        ({"Amount": ["5.50", "7.50-"], "Type": ["Invoice", "Credit note"]}, ""),
        ({"Amount": ["5.50", "7.50"], "Type": ["Invoice", "Order"]}, ""),
        ({"Amount": ["5.50", "7.50"], "Amount refunded": ["0.00", "1.50"]},
         "column 'Amount refunded' (0.00) tells of money that was given back"),
        ({"Amount": ["5.50", "7.50"], "Amount refunded": ["0.00", "0"]}, ""),
        ({"Amount": ["5.50", "7.50"], "Refunded": ["no", "yes"]},
         "column 'Refunded' (no) tells of money that was given back"),
        ({"Amount": ["5.50", "7.50"], "Refunded": ["no", "false"]}, ""),
    ],
)  # fmt: skip
def test_money_that_went_back_is_asked_about(columns: Values, asked: str) -> None:
    file = work("deal", columns)
    ask_for_returns(file, file.sheet.columns[0])
    assert [question[: len(asked)] for question in file.questions] == [asked] * bool(asked)
    nothing = work("deal", columns)
    ask_for_returns(nothing, None)
    assert nothing.questions == []


@pytest.mark.parametrize(
    ("table", "columns", "left_out", "asked"),
    [
        ("deal", {"Is Deleted": ["no", "yes"]}, "Is Deleted", ""),
        ("deal", {"Deleted at": ["", "2026-01-05"]}, "Deleted at", ""),
        ("deal", {"Deleted at": ["2026-01-07", "2026-01-05"]}, None,
         "column 'Deleted at' has a day in every row"),
        ("deal", {"Deleted at": ["9999-12-31", "2026-01-05"]}, "Deleted at", ""),
        ("cost", {"Deleted at": ["", "2026-01-05"]}, None, ""),
        ("cost", {"Deleted": ["no", "yes"]}, "Deleted", ""),
        ("deal", {"Name": ["a", "b"]}, None, ""),
    ],
)  # fmt: skip
def test_what_was_deleted_is_left_out(
    table: str, columns: Values, left_out: str | None, asked: str
) -> None:
    file = work(table, {"ID": ["1", "2"], **columns})
    assert leave_out_deleted(file) == left_out
    assert [question[: len(asked)] for question in file.questions] == [asked] * bool(asked)


def test_what_is_archived_is_asked_about_but_not_of_what_was_spent() -> None:
    columns = {"ID": ["1", "2"], "Archived": ["no", "yes"]}
    said = marked_gone(work("deal", columns))
    assert said is not None and said.startswith("column 'Archived' says 'yes' of some rows")
    assert "were archived or removed, and each would count" in said
    assert marked_gone(work("cost", columns)) is None
    assert marked_gone(work("deal", {"ID": ["1", "2"], "Archived": ["no", "no"]})) is None
    current = marked_gone(work("deal", {"ID": ["1", "2"], "Is current": ["yes", "no"]}))
    assert current is not None and "'Is current' says 'no' of some rows, as of" in current
    assert "replaced" in current


def test_days_are_read_year_first_and_with_dots_alone() -> None:
    told = ("2026-01-05", "06.02.2026", "2026-02-30", "3/4/2026", "7.8.2026 10:00", "x")
    assert days_of(Shape("d", told, 6, 6, 6)) == {
        dt.date(2026, 1, 5), dt.date(2026, 2, 6), dt.date(2026, 8, 7)
    }  # fmt: skip


@pytest.mark.parametrize(
    ("rows", "adds"),
    [
        ([("", "5", "d"), ("a", "2", "d"), ("b", "3", "d")], True),
        ([("", "5.02", "d"), ("a", "2", "d"), ("b", "3", "d")], True),
        ([("", "5.03", "d"), ("a", "2", "d"), ("b", "3", "d")], False),
        ([("", "5", "d"), ("", "5", "d"), ("a", "2", "d"), ("b", "3", "d")], False),
        ([("", "2", "d"), ("a", "2", "d")], False),  # a copy of one row
        ([("a", "2", "d"), ("b", "3", "d")], False),
        ([("", "5", "d"), ("a", "2", "d"), ("b", "3", "d"), ("", "9", "e"), ("a", "9", "e")], True),
        ([("", "5", "d"), ("a", "2", "d"), ("b", "3", "d"), ("", "8", "e"), ("a", "9", "e")],
         False),
        ([(None, "5", "d"), ("a", "x", "d"), ("b", "3", "d"), ("c", "2", "d")], True),
    ],
)  # fmt: skip
def test_rows_without_a_label_may_add_up_the_others_of_their_group(
    rows: Sequence[Sequence[str | None]], adds: bool
) -> None:
    assert _adds_up(rows, "", ".") is adds


@pytest.mark.parametrize(
    ("values", "between", "ids"),
    [
        (("a;b", "c"), ";", None), (("a1;b2", "c3"), ";", ";"), (("Berg, Ana",), None, None),
        (("Ana Berg, Bo Ek",), ",", None), (("a|b",), "|", None), (("1,2", "3"), None, ","),
        (("ab",), None, None), ((), None, None),
    ],
)  # fmt: skip
def test_a_cell_may_hold_several_names_or_ids(
    values: tuple[str, ...], between: str | None, ids: str | None
) -> None:
    shape = Shape("Contacts", values, len(values), len(values), 2)
    assert (shape.between_names, shape.separator) == (between, ids)


def test_what_a_column_says_of_itself() -> None:
    shape = Shape("x", ("a", "b"), 4, 2, 4)
    assert shape.is_category and not shape.is_unique and not shape.is_blank
    assert not Shape("x", ("a", "b", "c"), 4, 3, 4).is_category
    assert Shape("x", ("a",), 1, 1, 1).is_category and not Shape("x", (), 0, 0, 0).is_unique
    assert Shape("x", ("a", "b"), 2, 2, 2).is_unique and not Shape("x", ("a",), 1, 1, 2).is_unique
    assert Shape("x", (), 0, 0, 3).is_blank
    mails = ("Ana <a@b.se>", "c@d.se, e@f.se")
    assert Shape("x", mails, 2, 2, 2).holds_addresses and not shape.holds_addresses
    assert Shape("Stage", ("won", "2026-01-05"), 2, 2, 2).misfit("day") == "won"
    assert Shape("Stage", ("ann@b.se",), 1, 1, 1).misfit("day") == "xxx@x.xx"
    assert shape.example == "a"
