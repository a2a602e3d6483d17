"""What is counted of the texts of a file's columns as evidence of how to read them; by hand."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import duckdb
import pytest

from smarketing.build.core import evidence
from smarketing.build.core.decimals import Seen
from smarketing.build.core.job import Fill
from smarketing.build.core.rows import _codes, _currency, _given, first_rows, kept_rows
from smarketing.build.core.values import Habits, Money, define_macros
from smarketing.store.schema import core_tables

MONEY = {"€": Money(("EUR",), "EUR"), "$": Money(("USD", "CAD"), None), "?": Money((), None)}


def work(table: str, *columns: str, thorough: bool = True, **said: Any) -> Fill:
    habits = Habits("Europe/Berlin", "UTC", money=MONEY, thorough=thorough)
    source = SimpleNamespace(name="crm", profile=SimpleNamespace(currency=None))
    select = SimpleNamespace(sql="select * from raw")
    return Fill(source, select, core_tables()[table], columns, habits,
                SimpleNamespace(currency="EUR"), **said)  # fmt: skip


@pytest.fixture(scope="module")
def macros() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        define_macros(connection)
        yield connection


@pytest.fixture
def sql(macros: duckdb.DuckDBPyConnection) -> duckdb.DuckDBPyConnection:
    macros.execute("drop table if exists kept")
    return macros


def keep_dates(sql: duckdb.DuckDBPyConnection, *texts: str, file: int = 7) -> Fill:
    sql.execute('create table if not exists kept (_file_id int, _row int, "created_at" text, '
                '"created_at text" text)')  # fmt: skip
    for row, text in enumerate(texts, start=2):
        sql.execute("insert into kept values (?, ?, ?, ?)", [file, row, text, text])
    return work("deal", "created_at", "name", kept="kept")


@pytest.mark.parametrize(
    ("texts", "dmy", "mdy", "ymd", "apart"),
    [
        (("25/12/2024",), 0, 1, 1, 0), (("12/25/2024",), 1, 0, 1, 0), (("03/04/2024",), 0, 0, 1, 1),
        (("04/04/2024",), 0, 0, 1, 0), (("26/01/05",), 0, 1, 0, 0), (("32/01/05",), 1, 1, 0, 0),
        (("13/04/2024", "04/13/2024", "05/06/2024"), 1, 1, 3, 1), (("12/11/10",), 0, 0, 1, 1),
    ],
)  # fmt: skip
def test_dates_in_figures_are_dates_in_some_orders(
    sql: duckdb.DuckDBPyConnection, texts: tuple[str, ...], dmy: int, mdy: int, ymd: int, apart: int
) -> None:
    [(file, found)] = evidence.dates(sql, keep_dates(sql, *texts))
    assert (file, found.column) == (7, "created_at")
    assert [found.against[order].count for order in ("dmy", "mdy", "ymd")] == [dmy, mdy, ymd]
    assert found.apart.count == apart and not found.dotted.count and not found.day_second.count


def test_of_what_is_against_an_order_the_first_is_shown(sql: duckdb.DuckDBPyConnection) -> None:
    [(_, found)] = evidence.dates(sql, keep_dates(sql, "1/2/2024", "2/28/2024", "3/30/2024"))
    assert found.against["dmy"] == Seen(2, "2/28/2024", 3)
    assert found.apart == Seen(1, "1/2/2024", 2)


def test_dates_with_dots_and_with_the_day_second(sql: duckdb.DuckDBPyConnection) -> None:
    found = dict(evidence.dates(sql, keep_dates(sql, "12.31.2024", "1.2.2024")))
    assert found[7].dotted == Seen(1, "12.31.2024", 2)
    assert found[7].against["dmy"].count == 0
    sql.execute("delete from kept")
    [(_, odd)] = evidence.dates(sql, keep_dates(sql, "2024-31-12", "2024-12-31"))
    assert odd.day_second == Seen(1, "2024-31-12", 2) and odd.against["dmy"] == Seen()
    sql.execute("delete from kept")
    assert list(evidence.dates(sql, keep_dates(sql, "2024-12-31", "31.12.2024"))) == []


@pytest.mark.parametrize(
    ("taken", "count"),
    [
        (("2024-04-03", "2024-05-06"), 2), (("2024-04-03",), 0),
        (("2024-04-03", "2024-05-06", "2024-05-13"), 0), (("2024-04-04", "2024-05-06"), 0),
        (("2024-04-04", "2024-05-06", "2024-01-02"), 2),
    ],
)  # fmt: skip
def test_dates_that_a_spreadsheet_may_have_exchanged(
    sql: duckdb.DuckDBPyConnection, taken: tuple[str, ...], count: int
) -> None:
    [(_, found)] = evidence.dates(sql, keep_dates(sql, "25/12/2024", *taken))
    assert found.taken.count == count
    sql.execute("delete from kept")
    found = dict(evidence.dates(sql, keep_dates(sql, "25/12/2024", "12/25/2024", *taken)))[7]
    assert found.taken.count == 0, "no side is taken"


def test_dots_are_a_spreadsheets_own_where_the_text_it_left_has_the_month_first(
    sql: duckdb.DuckDBPyConnection,
) -> None:
    dotted = ("03.04.2024", "05.06.2024")
    [(_, found)] = evidence.dates(sql, keep_dates(sql, "12/25/2024", *dotted))
    assert found.taken.count == 2
    sql.execute("delete from kept")
    [(_, found)] = evidence.dates(sql, keep_dates(sql, "25/12/2024", *dotted))
    assert found.taken.count == 0


def test_the_days_of_a_file_by_order(sql: duckdb.DuckDBPyConnection) -> None:
    one = keep_dates(sql, "03/04/2024", "1/2/24")
    day = dt.date
    assert evidence.spans(sql, [one], 7) == {
        "dmy": (day(2024, 2, 1), day(2024, 4, 3)), "mdy": (day(2024, 1, 2), day(2024, 3, 4)),
    }  # fmt: skip
    assert evidence.spans(sql, [one], 8) == {}
    keep_dates(sql, "25/12/2024")
    assert evidence.spans(sql, [one], 7) == {"dmy": (day(2024, 2, 1), day(2024, 12, 25))}
    assert evidence.spans(sql, [work("deal", "name", kept="kept")], 7) == {}


def test_files_whose_times_are_all_midnight_hold_days(sql: duckdb.DuckDBPyConnection) -> None:
    one = keep_dates(sql, "2024-01-05 00:00", "2024-01-06", file=9)
    keep_dates(sql, "2024-01-05 00:00:00", file=7)
    keep_dates(sql, "2024-01-05 00:00", "2024-01-06 10:00", file=8)
    keep_dates(sql, "2024-01-05", file=6)
    assert evidence.whole_days(sql, one) == {"created_at": (7, 9)}
    sql.execute("delete from kept where _file_id in (7, 9)")
    assert evidence.whole_days(sql, one) == {}


def test_words_in_dates_that_are_not_known(sql: duckdb.DuckDBPyConnection) -> None:
    one = keep_dates(sql, "5 foo 2024", "5 bar 2024", "6 foo 2024", "Jan 5", "x 5")
    found = evidence.date_words(sql, one)
    assert found == sorted(found) and {"foo", "bar"} <= set(found) and "x" not in found
    assert evidence.date_words(sql, work("deal", "name", kept="kept")) == []


def keep_numbers(sql: duckdb.DuckDBPyConnection, *texts: tuple[str, str]) -> Fill:
    sql.execute('create table kept (_file_id int, _row int, "amount" text, "amount core" text, '
                '"amount label" text, currency text)')  # fmt: skip
    for row, (text, label) in enumerate(texts, start=2):
        sql.execute("insert into kept values (7, ?, ?, ?, ?, 'Eur')", [row, text, text, label])
    return work("deal", "amount", "currency", kept="kept")


def test_what_stands_beside_amounts_and_names_currencies(sql: duckdb.DuckDBPyConnection) -> None:
    one = keep_numbers(sql, ("1", "€"), ("2", "$"), ("3", ""), ("4", "€"))
    assert evidence.money_texts(sql, one) == ["$", "eur", "€"]
    alone = replace(one, columns=("amount",))
    assert evidence.money_texts(sql, alone) == ["$", "€"]
    assert evidence.money_texts(sql, replace(one, columns=("name",))) == []
    assert evidence.money_texts(sql, work("campaign", "name", kept="kept")) == []


@pytest.mark.parametrize(
    ("texts", "point", "comma", "dots", "commas"),
    [
        ([("12.50", "")], 1, 0, 0, 0), ([("12,50", "")], 0, 1, 0, 0), ([("1.234", "")], 0, 0, 1, 0),
        ([("1,234", "")], 0, 0, 0, 1), ([("7", "")], 0, 0, 0, 0), ([("1,234.50", "")], 1, 0, 0, 0),
        ([("1.234,50", "€")], 0, 1, 0, 0), ([("12.50", "?")], 0, 0, 0, 0),
        ([("12.50", "$"), ("13.50", ""), ("1.234", "")], 2, 0, 1, 0),
    ],
)  # fmt: skip
def test_numbers_have_a_point_or_a_comma_or_either(
    sql: duckdb.DuckDBPyConnection, texts: list[tuple[str, str]], point: int, comma: int, dots: int,
    commas: int,
) -> None:  # fmt: skip
    [*rest] = evidence.numbers(sql, keep_numbers(sql, *texts), [])
    if texts == [("12.50", "?")]:
        assert rest == []
        return
    [(file, found)] = rest
    assert (file, found.column) == (7, "amount")
    assert [found.only[sign].count for sign in (".", ",")] == [point, comma]
    assert [found.either[sign].count for sign in (".", ",")] == [dots, commas]
    assert found.grouped == {".": 0, ",": 0} and found.thousandths == {".": 0, ",": 0}


def test_in_a_spreadsheet_a_number_with_a_point_is_one(sql: duckdb.DuckDBPyConnection) -> None:
    one = keep_numbers(sql, ("1.234", ""), ("1.200", ""))
    [(_, found)] = evidence.numbers(sql, one, [7])
    assert found.only["."] == Seen(1, "1.234", 2) and found.either["."] == Seen(1, "1.200", 3)
    [(_, found)] = evidence.numbers(sql, one, [8])
    assert (found.only["."], found.either["."]) == (Seen(), Seen(2, "1.234", 2))
    assert not list(evidence.numbers(sql, replace(one, columns=("name",)), []))
    computed = replace(one.habits, computed=frozenset({"amount"}))
    assert not list(evidence.numbers(sql, replace(one, habits=computed), []))


@pytest.mark.parametrize(
    ("texts", "uneven"),
    [
        (("12.000", "950"), {"."}), (("12.000", "9500"), set()), (("12,000", "950"), {","}),
        (("12.001", "950"), set()), (("12.000", "950", "1.5"), set()), (("12.000",), set()),
    ],
)  # fmt: skip
def test_decimals_that_come_and_go_are_none(
    sql: duckdb.DuckDBPyConnection, texts: tuple[str, ...], uneven: set[str]
) -> None:
    [(_, found)] = evidence.numbers(sql, keep_numbers(sql, *((text, "") for text in texts)), [])
    assert found.uneven == uneven


@pytest.mark.parametrize(
    ("total", "signs"),
    [("12.50", {"."}), ("12,50", {".", ","}), ("99", {".", ","}), ("words", {".", ","})],
)
def test_the_sign_with_which_a_column_adds_up_to_its_total(
    sql: duckdb.DuckDBPyConnection, total: str, signs: set[str]
) -> None:
    one = keep_numbers(sql, ("10.25", ""), ("2.25", ""))
    found = evidence.signs_adding_up(sql, one, 7, {"amount": total})
    assert found == signs
    assert evidence.signs_adding_up(sql, one, 7, {"other": "12.50"}) == {".", ","}


def test_what_is_seen_is_a_count_the_first_and_its_line() -> None:
    assert evidence._read_seen((2, "x", 7)) == Seen(2, "x", 7)
    assert evidence._read_seen((0, None, None)) == Seen()
    row = [1, "a", 2, 0, None, None, 3, "b", 4, 5, "c", 6, 7, 8, 9, 10, 1, 1, 1, 0]
    found = evidence._numbers("n", row)
    assert found.only == {".": Seen(1, "a", 2), ",": Seen()}
    assert found.either == {".": Seen(3, "b", 4), ",": Seen(5, "c", 6)}
    assert (found.grouped, found.thousandths) == ({".": 7, ",": 8}, {".": 9, ",": 10})
    assert found.uneven == {","}, "a value with a point alone says that it is a decimal one"
    assert evidence._numbers("n", [*row[:-2], 1, 1]).uneven == frozenset()
    assert evidence._numbers("n", [*row[:-2], 0, 0]).uneven == frozenset()


def test_the_currency_of_a_row_is_the_one_named_else_its_amounts_else_home() -> None:
    named = "when {0} = '€' then 'EUR' "
    assert _codes("x", work("deal").habits) == named.format("x")
    own = (
        """case when "amount label" = '€' then 'EUR' when coalesce("amount label", '') = '' """
        "then 'EUR' end"
    )
    assert _currency(work("deal", "amount")) == own
    assert _currency(work("deal", "name")) == "case when true then 'EUR' end"
    assert _currency(work("deal", "amount", "currency")) == (
        f"case when currency is null then {own} {named.format('lower(currency)')}end"
    )
    assert _currency(work("deal", "amount", thorough=False)) == "'EUR'"
    found = _currency(work("deal", "amount", "currency", thorough=False))
    assert found.startswith("case when \"currency\" is null then 'EUR' when upper")


def test_a_select_may_say_of_a_row_when_it_was_changed_and_what_is_unknown() -> None:
    found = work("campaign", "name", "_modified", "_unknown")
    assert [column.name for column in _given(found)] == ["name", "_modified", "_unknown"]
    assert [column.name for column in _given(work("campaign", "name"))] == ["name"]
    assert kept_rows(replace(found, kept="k")) == "select * from k"
    rows = first_rows(found, ["name"])
    assert kept_rows(found, ["name"]) == rows and "_modified" not in rows
    assert rows.startswith("select * from (") or "with given as materialized" in rows
    assert "materialized" not in first_rows(work("campaign", "name", thorough=False))


@pytest.mark.parametrize(
    ("table", "column", "text", "grouped", "thousandths"),
    [
        ("account", "employees", "1.234", 1, 0),
        ("account", "employees", "12.000", 0, 0),
        ("feedback", "score", "1.234", 0, 1),
        ("deal", "amount", "1.234", 0, 0),
    ],
)
def test_three_digits_behind_a_point_are_thousands_where_there_are_no_decimals(
    sql: duckdb.DuckDBPyConnection, table: str, column: str, text: str, grouped: int,
    thousandths: int,
) -> None:  # fmt: skip
    keep_numbers(sql, (text, "")) if column == "amount" else sql.execute(
        f"create table kept as select 7 as _file_id, 2 as _row, '{text}' as {column}, "
        f"'{text}' as \"{column} core\", '' as \"{column} label\""
    )
    first = {"account": "name", "feedback": "comment", "deal": "name"}[table]
    [(_, found)] = evidence.numbers(sql, work(table, first, column, kept="kept"), [])
    assert found.either["."] == Seen(1, text, 2)
    assert found.grouped == {".": grouped, ",": 0}
    assert found.thousandths == {".": thousandths, ",": 0}
