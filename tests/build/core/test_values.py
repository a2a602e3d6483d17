"""Raw text to values: amounts, dates, flags, ids; what cannot be read goes to quarantine."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb
import pytest
import xlsxwriter
from build_kit import Shop, core_shop
from hypothesis import given, settings
from hypothesis import strategies as st

from smarketing.build.core.stages import NO_STAGE
from smarketing.build.core.values import (
    Habits,
    Money,
    define_macros,
    define_reasons,
    first_steps,
    last_step,
    typed,
)
from smarketing.build.core.versions import SAME
from smarketing.currencies import minor_digits
from smarketing.errors import SourceError
from smarketing.month_words import month_words
from smarketing.sources.currencies import may_mean, meant
from smarketing.store.schema import Column, core_tables

__all__ = ["core_shop"]

DEAL = "deal_id,amount,currency,created_at,outcome"
MERGED = "merged into another record"
BERLIN = "Europe/Berlin"


@pytest.fixture(scope="module")
def sql() -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    connection.execute(f"set TimeZone = '{BERLIN}'")
    define_macros(connection)
    define_reasons(connection)
    return connection


def read(
    sql: duckdb.DuckDBPyConnection, kind: str, text: str | None, currency: str = "EUR", **said: Any
) -> Any:
    """Read a text of file 1 as a column of a type would."""
    habits = Habits(**{"timezone": BERLIN, "source_timezone": BERLIN, "thorough": True, **said})
    column = Column("x", kind)
    rows = f"select 1 as _file_id, cast(? as varchar) as x, '{currency}' as _currency"
    rows += f", {minor_digits(currency)} as _digits"
    for step in (*first_steps(column, habits), last_step(column, habits)):
        rows = f"select {', '.join(['*', *step])} from ({rows})"
    value = typed(column, habits, "")
    text_of = "varchar" if kind in ("instant", "date") else "bigint" if kind == "amount" else None
    cast = f"cast({value} as {text_of})" if text_of else value
    row = sql.execute(f"select {cast} from ({rows})", [text]).fetchone()
    assert row is not None
    return row[0]


def one(sql: duckdb.DuckDBPyConnection, expression: str, text: str | None) -> object:
    row = sql.execute(
        f"select {expression} from (select cast(? as varchar) as x) v", [text]
    ).fetchone()
    assert row is not None
    return row[0]


@pytest.mark.parametrize(
    ("text", "point", "comma"),
    [
        ("1234.56", 123456, None),
        ("1,234.56", 123456, None),
        ("1.234,56", None, 123456),
        ("1,5", None, 150),
        ("1.5", 150, None),
        ("12.345", 1235, 1234500),
        ("1'234.50", 123450, None),
        ("1’234.50", 123450, None),
        ("€ 1 234,50", None, 123450),
        ("1\u202f234,50 €", None, 123450),
        ("EUR 5", 500, 500),
        ("EUR-5", -500, -500),
        ("(12.50)", -1250, None),
        ("(€12.50)", -1250, None),
        ("-€12.50", -1250, None),
        ("€-12.50", -1250, None),
        ("12.50-", -1250, None),
        ("−12.50", -1250, None),
        ("-3", -300, -300),
        ("1e3", 100000, 100000),
        ("1.23457E+11", None, None),  # a spreadsheet rounded it
        ("0.005", 1, None),
        ("1.005", 101, 100500),
        ("-0.005", -1, None),
        ("-.5", -50, None),
        ("10542562.98", 1054256298, None),
        ("1,23,456", 12345600, None),  # India's thousands
        ("12,34,567.50", 123456750, None),
        ("١٬٠٠٠٫٥٠", 100050, None),
        ("１２．５", 1250, None),
        ("$1,000", None, None),  # not in euros
        ("5 USD", None, None),
        ("12 50", None, None),
        ("1 23 456", None, None),
        ("5-10", None, None),
        ("ten", None, None),
        ("10%", None, None),
        ("1,5 Mio. €", None, None),
        ("1.2.3", None, None),
        ("2026-01-05", None, None),
        ('="12.50"', 1250, None),
        ("'12.50", 1250, None),  # a spreadsheet's sign for text
        ("\ufeff12.50", 1250, None),
        ("1'234.–", 123400, None),  # no cents, not less than nothing
        ("1.234,-", None, 123400),
        ("500/-", 50000, 50000),
        ("250.00-", -25000, None),
    ],
)
def test_amounts(
    sql: duckdb.DuckDBPyConnection, text: str, point: int | None, comma: int | None
) -> None:
    euro = {word: Money(("EUR",), "EUR") for word in ("€", "eur")}
    assert read(sql, "amount", text, money=euro) == point
    assert read(sql, "amount", text, money=euro, comma_files=(1,)) == comma


def test_amounts_follow_the_digits_of_their_currency(sql: duckdb.DuckDBPyConnection) -> None:
    assert one(sql, "amount_value(x, 0)", "1250.5") == 1251  # yen have no minor unit
    assert one(sql, "amount_value(x, 3)", "1.2345") == 1235  # dinars have thousandths
    assert one(sql, "amount_value(x, 4)", "1.23456") == 12346
    assert [minor_digits(code) for code in ("JPY", "KWD", "EUR", "CLF")] == [0, 3, 2, 4]
    # ISO 4217 has a minor unit where Unicode says that nobody writes it.
    assert [minor_digits(code) for code in ("HUF", "IDR", "COP", "IQD")] == [2, 2, 2, 3]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("EUR", "EUR"), ("eur", "EUR"), ("US Dollar", "USD"), ("U.S. Dollar", "USD"),
        ("USD - US Dollar", "USD"), ("Euro (EUR)", "EUR"), ("USD ($)", "USD"), ("CA$ CAD", "CAD"),
        ("Schweizer Franken", "CHF"), ("dólar estadounidense", "USD"), ("R$", "BRL"), ("zł", "PLN"),
        ("£", "GBP"), ("kr.", None), ("$", None), ("¥", None), ("EUR/USD", None), ("Mio. €", None),
        ("%", None), ("peso", None),
    ],
)  # fmt: skip
def test_what_people_write_for_a_currency(text: str, code: str | None) -> None:
    assert meant(text, "EUR") == code


def test_a_shared_symbol_is_the_home_currency_if_that_has_it() -> None:
    assert meant("$", "CAD") == "CAD"
    assert meant("kr", "SEK") == "SEK"
    assert meant("£", "EGP") == "EGP"
    assert {"USD", "CAD", "MXN"} < may_mean("$")
    assert may_mean("banana") == frozenset()


@settings(max_examples=30)
@given(cents=st.integers(-(10**17), 10**17))
def test_amounts_are_exact_to_the_cent(sql: duckdb.DuckDBPyConnection, cents: int) -> None:
    text = f"{'-' if cents < 0 else ''}{abs(cents) // 100}.{abs(cents) % 100:02d}"
    assert one(sql, "amount_value(x, 2)", text) == cents


@pytest.mark.parametrize(
    ("text", "utc"),
    [
        ("2024-01-22T16:14:25.000+0000", "2024-01-22 16:14:25"),
        ("2024-01-22T16:14:25Z", "2024-01-22 16:14:25"),
        ("2024-01-22T16:14:25+05:30", "2024-01-22 10:44:25"),
        ("2024-01-22 16:14:25 UTC", "2024-01-22 16:14:25"),
        ("2024-01-22 16:14:25,250", "2024-01-22 15:14:25.25"),
        ("2024-07-22 10:00", "2024-07-22 08:00:00"),  # summer time in Berlin
        ("2024-01-22", "2024-01-21 23:00:00"),
        ("2024/1/5", "2024-01-04 23:00:00"),
        ("20240105", "2024-01-04 23:00:00"),
        ("2024-01-05 03:00:00 PM", "2024-01-05 14:00:00"),
        ("2024-01-05 3:00\u202fp.\u00a0m.", "2024-01-05 14:00:00"),
        ("2024-01-05 12:30 AM", "2024-01-04 23:30:00"),
        ("2024-01-05 21:00 PM", None),
        ("Jan 5, 2024", "2024-01-04 23:00:00"),
        ("January 5th, 2024 at 3:05 pm", "2024-01-05 14:05:00"),
        ("Mon, 5 Jan 2024 10:00", "2024-01-05 09:00:00"),
        ("Fri, 05 Jan 2024 10:00:00 +0100", "2024-01-05 09:00:00"),
        ("Fri, 05 Jan 2024 10:00:00 GMT", "2024-01-05 10:00:00"),
        ("Fri Jan 05 2024 10:00:00 GMT+0100 (CET)", "2024-01-05 09:00:00"),
        ("5-Jan-24", "2024-01-04 23:00:00"),
        ("05.01.2024", "2024-01-04 23:00:00"),  # dates with dots are day first
        ("5. 1. 2024 10:00", "2024-01-05 09:00:00"),
        ("05.01.24", "2024-01-04 23:00:00"),
        ("2024年1月5日", "2024-01-04 23:00:00"),
        ("٢٠٢٤-٠١-٠٥", "2024-01-04 23:00:00"),
        ("1704067200", "2024-01-01 00:00:00"),
        ("1704067200.25", "2024-01-01 00:00:00.25"),
        ("1704067200000", "2024-01-01 00:00:00"),
        ("1704067200000000", "2024-01-01 00:00:00"),
        ("1704067200000000000", "2024-01-01 00:00:00"),
        ("2026010510", None),  # 5 January 2026, ten o'clock, or a second in 2034
        ("2024-01-22 16:14 AST", None),  # Alaska's, the Atlantic's or Arabia's time
        ("2024-01-22 16:14 BST", None),
        ("25/12/2024", None),  # no order of day and month was settled
        ("12-10-24", None),
        ("26. 1. 5.", None),
        ("12.25.2024", None),
        ("2024-02-30", None),
        ("2024-13-01", None),
        ("05/01/2567", None),  # the Buddhist year
        ("infinity", None),
        ("0024-01-05", None),
        ("45296", None),
        ("soon", None),
    ],
)
def test_instants(sql: duckdb.DuckDBPyConnection, text: str, utc: str | None) -> None:
    assert read(sql, "instant", text) == utc


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("5. März 2024", "2024-03-05"), ("5 janv. 2024", "2024-01-05"),
        ("5 août 2024", "2024-08-05"),
        ("5 de enero de 2024", "2024-01-05"), ("5 maggio 2024", "2024-05-05"),
        ("5 мая 2024 г.", "2024-05-05"), ("5 stycznia 2024", "2024-01-05"),
        ("5. marraskuuta 2024", "2024-11-05"), ("5 Ocak 2024", "2024-01-05"),
        ("5 marzo 2024", "2024-03-05"), ("05-ene-24", "2024-01-05"), ("5. mrz. 2024", "2024-03-05"),
        ("5. Jänner 2024", "2024-01-05"),
        ("mar. 5 mai 2024", None),  # a French Tuesday, or two months
        ("5 lip 2024", None),  # July in Polish, June in Croatian
        ("5 foo 2024", None),
    ],
)  # fmt: skip
def test_months_by_name(sql: duckdb.DuckDBPyConnection, text: str, day: str | None) -> None:
    words = [word for (word,) in sql.execute(
        r"select unnest(regexp_extract_all(date_text(?), '\p{L}{2,}'))", [text]
    ).fetchall()]  # fmt: skip
    assert read(sql, "date", text, words=month_words(words)) == day


UNUSUAL = {
    "2026-01-05 09:30:00": (
        "20260105T103000", "20260105103000", "2026-01-05_10:30", "2026/01/05 10h30",
        "05.01.2026 10.30", "5.1.2026 klo 10.30", "05.01.2026, 10:30 Uhr", "5.1.2026 г., 10:30 ч.",
        "10:30 05.01.2026", "2026年1月5日10時30分", "2026. 1. 5. 오전 10:30", "05JAN2026:10:30:00",
        "Mon Jan 05 10:30:00 2026", "2026-01-05 (Mon) 10:30", "Mon 05.01.2026 10:30",
        "05-JAN-26 10.30.00.000000 AM", "5 janvier 2026 à 10 h 30", "5.1.2026 10:30 π.μ.",
        "Mon Jan 05 04:30:00 -0500 2026", "2026-01-05 10:30:00.0000000 +01:00",
        "2026-01-05 01:30:00 (UTC-08:00)", "1/5/2026, 9:30:00 AM UTC", "1/5/2026 2:30 PM GMT+5",
        "2026-01-05T10:30:00+01:00[Europe/Berlin]", "/Date(1767605400000)/", '="2026-01-05 10:30"',
    ),
    "2026-01-04 23:05:00": (
        "1/5/2026 12:05:00 AM", "January 5, 2026 at 12:05:00 AM", "2026-01-05 上午12:05",
        "2026年1月5日 午前0:05", "12:05 AM 2026-01-05", "5.1.2026 12:05 SA",
    ),
    "2026-01-05 14:00:00": (
        "1/5/2026 3 PM", "Jan 5, 2026 3pm", "5.1.2026 3:00 CH", "05.01.2026 ÖS 3:00",
    ),
    "2026-01-04 23:00:00": (
        "2026-W02-1", "2026-005", "'2026-01-05", "２０２６／０１／０５", "ngày 5 tháng 1 năm 2026",
        "2026. gada 5. janvāris", "2026 m. sausio 5 d.", "5 Jan '26", "05JAN26", "5. sij 2026.",
        "5 जनवरी 2026", "5 בינואר 2026",
    ),
    None: (
        "2026-01-05 10:30 (CET)", "2026-01-05 10:30 EST", "Mon Jan 05 10:30:00 CET 2026",
        "2026-01-05 10:30 - 11:30", "5 - 11.1.2026", "to 05.01.2026", "2026-01", "Q1 2026",
        "13:05 PM 2026-01-05", "2026-366", "2025-W53-1", "05/01/2569", "R8.1.5",
    ),
}  # fmt: skip
"""Ways to write one instant, in Berlin, by what it is in UTC; none may be read as another."""


@pytest.mark.parametrize("utc", UNUSUAL)
def test_dates_and_times_as_programs_and_people_write_them(
    sql: duckdb.DuckDBPyConnection, utc: str | None
) -> None:
    texts = UNUSUAL[utc]
    words = sql.execute(
        r"select distinct unnest(regexp_extract_all(date_text(x), '\p{L}[\p{L}\p{M}]+')) "
        "from unnest(?) as t(x)", [list(texts)]
    ).fetchall()  # fmt: skip
    said = {"words": month_words(w for (w,) in words), "orders": {1: "mdy"}}
    column = Column("x", "instant")
    habits = Habits(timezone=BERLIN, source_timezone=BERLIN, thorough=True, **said)
    rows = "select 1 as _file_id, unnest(?::varchar[]) as x"
    for step in (*first_steps(column, habits), last_step(column, habits)):
        rows = f"select {', '.join(['*', *step])} from ({rows})"
    found = sql.execute(
        f"select x, cast({typed(column, habits, '')} as varchar) from ({rows})", [list(texts)]
    ).fetchall()
    assert dict(found) == dict.fromkeys(texts, utc)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("Q1 2026", "several months"), ("2026 Q1", "several months"), ("T1 2026", "several months"),
        ("S02 2026", "a week"), ("2026 KW 2", "a week"), ("Week 2, 2026", "a week"),
        ("01/2026", "no day with a year"),
        ("January 2026", "no day with a year"), ("5 Jan", "no day with a year"),
        ("KW 5/2026", "a week"), ("2026-01-05 10:30 (CET)", "a zone by its name"),
        ("01/25/2026 10:00 AM EST", "a zone by its name"), ("1.76761E+12", "rounded"),
        ("46027,4375", "number of days"), ("05.01.2026 - 11.01.2026", "several days"),
        ("3 days ago", "the day of the export"), ("令和8年1月5日", "another calendar"),
        ("5/1/2569", "another calendar"), ("soon", "plain"), ("0024-01-05", "far"),
    ],
)  # fmt: skip
def test_why_a_text_is_no_date(sql: duckdb.DuckDBPyConnection, text: str, reason: str) -> None:
    assert reason in str(one(sql, "unread_time(x, 'plain', 'far')", text))


def test_words_that_name_two_months_are_settled_by_the_others_of_the_file() -> None:
    assert "lip" not in month_words(["lip"])
    assert month_words(["lip", "sty"])["lip"] == "jul"
    assert month_words(["lip", "sij"])["lip"] == "jun"


def test_day_and_month_follow_the_settled_order(sql: duckdb.DuckDBPyConnection) -> None:
    assert read(sql, "date", "03/04/2024", orders={1: "dmy"}) == "2024-04-03"
    assert read(sql, "date", "03/04/2024", orders={1: "mdy"}) == "2024-03-04"
    assert read(sql, "date", "03/04/2024", orders={2: "mdy"}) is None
    assert read(sql, "date", "03.04.2024", orders={1: "mdy"}) == "2024-04-03"
    assert read(sql, "date", "31.12.24 9:05pm", orders={1: "dmy"}) == "2024-12-31"
    assert read(sql, "date", "31/12/2024", orders={1: "mdy"}) is None
    assert read(sql, "date", "24/12/31", orders={1: "ymd"}) == "2024-12-31"
    assert read(sql, "date", "2024-06-30T23:30:00Z") == "2024-07-01"  # the local day of an instant


def test_times_without_an_offset_stand_in_the_timezone_of_the_source(
    sql: duckdb.DuckDBPyConnection,
) -> None:
    new_york = "America/New_York"
    assert read(sql, "instant", "2024-01-05 10:00", timezone=new_york) == "2024-01-05 09:00:00"
    # A day is the agreement's.
    assert read(sql, "instant", "2024-01-05", timezone=new_york) == "2024-01-05 05:00:00"


def test_where_every_time_is_midnight_the_day_stays_as_it_is_written(
    sql: duckdb.DuckDBPyConnection,
) -> None:
    said = {"timezone": "America/New_York", "days": {"x": (1,)}}
    for text in ("2024-03-31T00:00:00.000Z", "2024-03-31 00:00", "1711843200000", "2024-03-31"):
        assert read(sql, "date", text, **said) == "2024-03-31"
        assert read(sql, "instant", text, **said) == "2024-03-31 04:00:00"


def test_local_times_keep_day_and_order_where_the_clocks_change(
    sql: duckdb.DuckDBPyConnection,
) -> None:
    for day in ("2026-03-29", "2026-10-25"):
        minutes = [f"{day} {hour:02}:{minute:02}" for hour in range(5) for minute in (0, 20, 40)]
        for thorough in (True, False):
            found = [read(sql, "instant", text, thorough=thorough) for text in minutes]
            assert found == sorted(found)
            local = [
                one(
                    sql,
                    f"cast(timezone('{BERLIN}', timezone('UTC', x::timestamp)) as date)::text",
                    u,
                )
                for u in found
            ]
            assert set(local) == {day}


@pytest.mark.parametrize(
    ("text", "value"),
    [("1", True), ("TRUE", True), ("ja", True), ("x", True), ("0", False), ("No", False),
     ("nein", False), ("maybe", None), ("2", None)],
)  # fmt: skip
def test_flags(sql: duckdb.DuckDBPyConnection, text: str, value: bool | None) -> None:
    assert one(sql, "flag_value(x)", text) is value


@pytest.mark.parametrize(
    ("text", "value"), [("12", 12), ("1,200", 1200), ("12.0", 12), ("12.5", None), ("51-200", None)]
)
def test_whole_numbers(sql: duckdb.DuckDBPyConnection, text: str, value: int | None) -> None:
    assert read(sql, "int", text) == value


@pytest.mark.parametrize(
    ("text", "value"),
    [("'00123", "00123"), ("'q'", "'q'"), ("7.0", "7"), ("n/a", None), ("", None)],
)
def test_ids(sql: duckdb.DuckDBPyConnection, text: str, value: str | None) -> None:
    assert one(sql, "id_text(nullif(x, ''))", text) == value


def test_bad_rows_go_to_quarantine_and_good_ones_go_on(core_shop: Shop) -> None:
    path = core_shop.write(
        "deals.csv",
        DEAL,
        "d1,100,EUR,2026-01-05,won",
        "d2,a lot,EUR,2026-01-05,open",
        "d3,5,EURO-ISH,2026-02-30,open",
        ",7,EUR,2026-01-05,open",
        "d5,8,EUR,2026-01-05,perhaps",
        "d6,NULL,,,",
    )
    report = core_shop.take(path)
    assert core_shop.rows("select deal_id, amount, currency from deal order by 1") == [
        ("generic:d1", 10000, "EUR"),
        ("generic:d6", None, "EUR"),
    ]
    assert core_shop.rows(
        "select row, table_name, column_name, value, reason from quarantine order by row, 3"
    ) == [
        (3, "deal", "amount", "a lot", "not an amount"),
        (4, "deal", "created_at", "2026-02-30", "not a date or time"),
        (
            4,
            "deal",
            "currency",
            "EURO-ISH",
            "not a currency code of 3 letters, nor the name of one currency",
        ),
        (5, "deal", "deal_id", None, "missing"),
        (6, "deal", "outcome", "perhaps", "not one of open, won, lost, closed"),
    ]
    (file,) = report.files
    assert (file.rows, file.used, file.unused, file.quarantined) == (6, 2, 0, 4)
    assert core_shop.table(report, "deal") == (6, 2, 0, 0, 4)


def test_an_unknown_stage_names_the_nearest_and_known_ones_are_found_by_label(
    core_shop: Shop,
) -> None:
    core_shop.take(
        core_shop.write(
            "lead_stage_event.csv",
            "lead_id,stage,entered_at,kind",
            "l1,MQL,2026-01-05,",
            "l1,mqll,2026-01-06,entry",
            "l1,recycled,2026-01-07,",
            "l1,sql,2026-01-08,exit",
        )
    )
    assert core_shop.rows("select stage, kind from lead_stage_event order by entered_at") == [
        ("mql", "entry"),
        ("recycled", "exit"),
    ]
    reasons = core_shop.rows("select row, column_name, reason from quarantine order by row")
    assert reasons == [
        (3, "stage", NO_STAGE),
        (5, "kind", "the agreement has this as an entry"),
    ]


def test_a_blank_currency_takes_the_agreements_and_is_flagged(core_shop: Shop) -> None:
    core_shop.take(
        core_shop.write("deals.csv", DEAL, "d1,100,,2026-01-05,won", "d2,,,2026-01-05,open")
    )
    assert core_shop.rows("select distinct currency from deal") == [("EUR",)]
    assert core_shop.rows("select * from currency_assumed") == [("deal", "generic", "EUR", 1)]


def test_ragged_lines_are_quarantined_with_their_line(core_shop: Shop) -> None:
    lines = [
        DEAL,
        *(f"d{n},1,EUR,2026-01-05,open" for n in range(30)),
        "d99,1,EUR,2026-01-05,open,x,y",
    ]
    report = core_shop.take(core_shop.write("deals.csv", *lines))
    (file,) = report.files
    assert (file.rows, file.used, file.quarantined) == (31, 30, 1)
    assert core_shop.rows("select row, table_name from quarantine") == [(32, None)]


def test_a_spreadsheet_keeps_its_points_in_a_source_with_commas(
    core_shop: Shop, tmp_path: Path
) -> None:
    folder = own_source(tmp_path, "decimal: ','")
    with xlsxwriter.Workbook(str(core_shop.inbox / "deals.xlsx")) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate((["deal_no", "value"], ["d2", 1234.5], ["d3", 2.125])):
            sheet.write_row(number, 0, row)
    csv = core_shop.write("deals.csv", "deal_no;value", "d1;1.234,50", "d4;7")
    core_shop.take(csv, core_shop.inbox / "deals.xlsx", source=folder)
    assert core_shop.rows("select deal_id, amount from deal order by 1") == [
        ("own:d1", 123450),
        ("own:d2", 123450),
        ("own:d3", 213),
        ("own:d4", 700),
    ]


def test_a_decimal_comma_is_found_where_the_profile_says_nothing(
    core_shop: Shop, tmp_path: Path
) -> None:
    folder = own_source(tmp_path, "label: Own")
    core_shop.take(
        core_shop.write("deals.csv", "deal_no;value", "d1;1.234,50", "d2;1.000"), source=folder
    )
    assert core_shop.rows("select deal_id, amount from deal order by 1") == [
        ("own:d1", 123450),
        ("own:d2", 100000),
    ]


def own_source(tmp_path: Path, *settings: str) -> Path:
    folder = tmp_path / "own"
    folder.mkdir()
    profile = ["name: own", *settings, "objects:", "  Deal:", "    key: [deal_no]"]
    profile += ["    required: [deal_no]", "    columns: [deal_no, value, won_on]"]
    (folder / "profile.yaml").write_text("\n".join(profile) + "\n")
    (folder / "deal.sql").write_text(
        "-- from: Deal\nselect d._row, d._file_id, d.deal_no as deal_id, d.value as amount, "
        "d.won_on as closed_at from Deal d\n"
    )
    return folder


def test_one_value_settles_the_dates_of_its_file_and_of_no_other(
    core_shop: Shop, tmp_path: Path
) -> None:
    folder = own_source(tmp_path)
    report = core_shop.take(
        core_shop.write("a.csv", "deal_no,value,won_on", "d1,1,03/04/2024"),
        core_shop.write("b.csv", "deal_no,value,won_on", "d2,1,25/12/2024", "d3,1,03/04/2024"),
        source=folder,
    )
    assert [sentence[:5] for sentence in report.refused] == ["a.csv"]
    assert core_shop.rows(
        "select (closed_at at time zone 'UTC' at time zone 'Europe/Berlin')::date::varchar "
        "from deal order by deal_id"
    ) == [("2024-12-25",), ("2024-04-03",)]


def test_dates_that_nothing_settles_are_refused_and_the_other_files_land(
    core_shop: Shop, tmp_path: Path
) -> None:
    folder = own_source(tmp_path)
    unclear = core_shop.write("unclear.csv", "deal_no,value,won_on", "d1,1,03/04/2024")
    with pytest.raises(SourceError, match=r"unclear\.csv.*won_on.*date_order") as refused:
        core_shop.take(unclear, source=folder)
    assert "03/04/2024" in str(refused.value)
    assert not list((core_shop.home / "landing").iterdir())
    clear = core_shop.write("clear.csv", "deal_no,value,won_on", "d2,1,2024-05-06")
    report = core_shop.take(unclear, clear, source=folder)
    assert len(report.refused) == 1
    assert core_shop.rows("select deal_id from deal") == [("own:d2",)]


def test_the_profile_decides_only_where_no_value_contradicts_it(
    core_shop: Shop, tmp_path: Path
) -> None:
    folder = own_source(tmp_path, "date_order: mdy")
    core_shop.take(
        core_shop.write("a.csv", "deal_no,value,won_on", "d1,1,03/04/2024"),
        core_shop.write("b.csv", "deal_no,value,won_on", "d2,1,03/04/2024", "d3,1,25/12/2024"),
        source=folder,
    )
    assert core_shop.rows("select deal_id, closed_at::varchar from deal order by 1") == [
        ("own:d1", "2024-03-03 23:00:00"),
        ("own:d2", "2024-04-02 22:00:00"),
        ("own:d3", "2024-12-24 23:00:00"),
    ]


def test_a_file_in_both_orders_is_refused(core_shop: Shop, tmp_path: Path) -> None:
    folder = own_source(tmp_path)
    path = core_shop.write(
        "a.csv", "deal_no,value,won_on", "d1,1,13/04/2024", "d2,1,12/25/2024", "d3,1,01/02/2024"
    )
    with pytest.raises(
        SourceError, match=r"month first \(12/25/2024 in 'won_on', line 3\) and with the day first"
    ):
        core_shop.take(path, source=folder)


def test_a_select_that_gives_an_unknown_column_names_the_nearest(
    core_shop: Shop, tmp_path: Path
) -> None:
    folder = own_source(tmp_path)
    text = (folder / "deal.sql").read_text()
    (folder / "deal.sql").write_text(text.replace("as amount", "as ammount"))
    path = core_shop.write("a.csv", "deal_no,value,won_on", "d1,1,2024-05-06")
    with pytest.raises(SourceError, match="Did you mean 'amount'"):
        core_shop.take(path, source=folder)
    (folder / "deal.sql").write_text(text.replace("d.value", "d.valu"))
    with pytest.raises(SourceError, match=r"deal\.sql cannot be run"):
        core_shop.take(path, source=folder)


@pytest.mark.parametrize(
    ("given_id", "held"),
    [
        ("7", "7"), ("7.0", "7"), ("0070.0", "0070"), ("7.00", "7.00"), ("v7.0", "v7.0"),
        ("1.2.0", "1.2.0"), ("7.1", "7.1"), ("A-1", "A-1"), ("n/a", None), ("-", None),
        ("NaN", None), ("None", None), ("", None), (None, None),
        ("{3FA85F64-5717-4562-B3FC-2C963F66AFA6}", "3fa85f64-5717-4562-b3fc-2c963f66afa6"),
        ("3FA85F64-5717-4562-B3FC-2C963F66AFA6", "3fa85f64-5717-4562-b3fc-2c963f66afa6"),
        ("3FA85F64-5717-4562-B3FC-2C963F66AFAX", "3FA85F64-5717-4562-B3FC-2C963F66AFAX"),
    ],
)  # fmt: skip
def test_an_id_is_what_its_source_wrote_however_a_program_saved_it(
    sql: duckdb.DuckDBPyConnection, given_id: str | None, held: str | None
) -> None:
    assert one(sql, "id_text(nullif(x, ''))", given_id) == held


def test_a_deal_finds_the_lead_whose_number_a_program_saved_with_a_point(core_shop: Shop) -> None:
    core_shop.take(
        core_shop.write("lead.csv", "lead_id,created_at", "7,2026-01-05", "8,2026-01-05"),
        core_shop.write("deal.csv", "deal_id,lead_id", "1.0,7.0", "2,", "3,n/a"),
    )
    found = core_shop.rows("select deal_id, lead_id from deal order by deal_id")
    assert found == [("generic:1", "generic:7"), ("generic:2", None), ("generic:3", None)]
    assert core_shop.rows("select count(*) from lead") == [(2,)]


def test_what_an_import_leaves_is_the_schema_and_an_account_of_every_row(core_shop: Shop) -> None:
    core_shop.take(
        core_shop.write("person.csv", "person_id,full_name", "p1,Ann", "p2,Ann"),
        core_shop.write("record_alias.csv", "table,alias_id,id", "person,p2,p1"),
        core_shop.write(
            "touch.csv", "touch_id,person_id,kind,occurred_at",
            "t1,p2,call,2026-01-05 10:00", "t1,p2,call,2026-01-05 10:00", "t2,p1,call,never",
        ),
        core_shop.write(
            "deal.csv", "deal_id,amount,currency,created_at",
            "d1,5,$,2026-01-05", "d2,5,thalers,2026-01-05", "d3,5,EUR,2026-01-05",
        ),
    )  # fmt: skip
    for table in core_tables().values():
        times = [f"{column.name}_has_time" for column in table.columns if column.type == "instant"]
        kept = {
            name for (name,) in core_shop.rows(f"select column_name from (describe {table.name})")
        }
        own = {"source", "import_id", "recorded_at", "_file", "_file_id", "_row"}
        assert kept == {column.name for column in table.columns} | {*times} | own
    asked = (
        "select touch_id, person_id from touch",
        "select file, rows, used, unused, quarantined from file_info order by 1",
        "select file, reason, rows from file_unused order by 1",
        "select column_name, value, reason from quarantine order by all",
    )
    assert [core_shop.rows(sql) for sql in asked] == [
        [("generic:t1", "generic:p1")],
        [
            ("deal.csv", 3, 1, 0, 2), ("person.csv", 2, 1, 1, 0),
            ("record_alias.csv", 1, 1, 0, 0), ("touch.csv", 3, 1, 1, 1),
        ],
        [("person.csv", MERGED, 1), ("touch.csv", SAME, 1)],
        [
            ("currency", "$", "of a currency that cannot be told (AUD, CAD, USD …): name it in a "
                              "column of currencies"),
            ("currency", "thalers", "not a currency code of 3 letters, nor the name of one "
                                    "currency"),
            ("occurred_at", "never", "not a date or time"),
        ],
    ]  # fmt: skip
