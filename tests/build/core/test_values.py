"""Raw text to values: amounts, dates, flags, ids; what cannot be read goes to quarantine."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest
import xlsxwriter
from build_kit import Shop, core_shop
from hypothesis import given, settings
from hypothesis import strategies as st

from smarketing.build.core.currencies import minor_digits
from smarketing.build.core.values import define_macros
from smarketing.errors import SourceError

__all__ = ["core_shop"]

DEAL = "deal_id,amount,currency,created_at,outcome"


@pytest.fixture(scope="module")
def sql() -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    connection.execute("set TimeZone = 'Europe/Berlin'")
    define_macros(connection)
    return connection


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
        ("€ 1 234,50", None, 123450),
        ("$1,000", 100000, 100),
        ("USD 5", 500, 500),
        ("(12.50)", -1250, None),
        ("12.50-", -1250, None),
        ("-3", -300, -300),
        ("1e3", 100000, 100000),
        ("0.005", 1, None),
        ("1.005", 101, 100500),
        ("-0.005", -1, None),
        ("10542562.98", 1054256298, None),
        ("1,23,456", None, None),
        ("ten", None, None),
        ("10%", None, None),
        ("1.2.3", None, None),
    ],
)
def test_amounts(
    sql: duckdb.DuckDBPyConnection, text: str, point: int | None, comma: int | None
) -> None:
    assert one(sql, "amount_value(number_text(x, false), 2)", text) == point
    assert one(sql, "amount_value(number_text(x, true), 2)", text) == comma


def test_amounts_follow_the_digits_of_their_currency(sql: duckdb.DuckDBPyConnection) -> None:
    assert one(sql, "amount_value(x, 0)", "1250.5") == 1251  # yen have no minor unit
    assert one(sql, "amount_value(x, 3)", "1.2345") == 1235  # dinars have thousandths
    assert [minor_digits(code) for code in ("JPY", "KWD", "EUR")] == [0, 3, 2]


@settings(max_examples=30, deadline=None)
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
        ("2024-07-22 10:00", "2024-07-22 08:00:00"),  # summer time in Berlin
        ("2024-01-22", "2024-01-21 23:00:00"),
        ("2024/1/5", "2024-01-04 23:00:00"),
        ("20240105", "2024-01-04 23:00:00"),
        ("2024-01-05 03:00:00 PM", "2024-01-05 14:00:00"),
        ("Jan 5, 2024", "2024-01-04 23:00:00"),
        ("Mon, 5 Jan 2024 10:00", "2024-01-05 09:00:00"),
        ("5. März 2024", "2024-03-04 23:00:00"),
        ("5-Jan-24", "2024-01-04 23:00:00"),
        ("1704067200", "2024-01-01 00:00:00"),
        ("1704067200000", "2024-01-01 00:00:00"),
        ("25/12/2024", None),  # no order of day and month was settled
        ("12-10-24", None),
        ("2024-02-30", None),
        ("2024-13-01", None),
        ("infinity", None),
        ("0024-01-05", None),
        ("soon", None),
    ],
)
def test_instants(sql: duckdb.DuckDBPyConnection, text: str, utc: str | None) -> None:
    zones = "'Europe/Berlin', 'Europe/Berlin'"
    value = one(sql, f"instant_value(x, fast_instant(x), '', {zones})::varchar", text)
    assert value == utc


def test_day_and_month_follow_the_settled_order(sql: duckdb.DuckDBPyConnection) -> None:
    def day(order: str, text: str) -> object:
        zone = "'Europe/Berlin'"
        return one(sql, f"day_value(x, fast_instant(x), '{order}', {zone}, {zone})::varchar", text)

    assert day("dmy", "03/04/2024") == "2024-04-03"
    assert day("mdy", "03/04/2024") == "2024-03-04"
    assert day("dmy", "31.12.24 9:05pm") == "2024-12-31"
    assert day("mdy", "31/12/2024") is None
    assert day("", "2024-06-30T23:30:00Z") == "2024-07-01"  # the local day of an instant


def test_times_without_an_offset_stand_in_the_timezone_of_the_source(
    sql: duckdb.DuckDBPyConnection,
) -> None:
    value = "instant_value(x, fast_instant(x), '', 'America/New_York', 'Europe/Berlin')::varchar"
    assert one(sql, value, "2024-01-05 10:00") == "2024-01-05 09:00:00"
    assert one(sql, value, "2024-01-05") == "2024-01-05 05:00:00"  # a day is the agreement's


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
    assert one(sql, "whole_value(number_text(x, false))", text) == value


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
        (4, "deal", "currency", "EURO-ISH", "not a currency code of 3 letters"),
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
        (3, "stage", "unknown stage. Did you mean 'mql'?"),
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


def test_one_value_settles_the_order_of_a_column_over_all_files(
    core_shop: Shop, tmp_path: Path
) -> None:
    folder = own_source(tmp_path)
    core_shop.take(
        core_shop.write("a.csv", "deal_no,value,won_on", "d1,1,03/04/2024"),
        core_shop.write("b.csv", "deal_no,value,won_on", "d2,1,25/12/2024"),
        source=folder,
    )
    assert core_shop.rows(
        "select (closed_at at time zone 'UTC' at time zone 'Europe/Berlin')::date::varchar "
        "from deal order by deal_id"
    ) == [("2024-04-03",), ("2024-12-25",)]


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


def test_the_profile_settles_the_order(core_shop: Shop, tmp_path: Path) -> None:
    folder = own_source(tmp_path, "date_order: mdy")
    core_shop.take(
        core_shop.write("a.csv", "deal_no,value,won_on", "d1,1,03/04/2024", "d2,1,25/12/2024"),
        source=folder,
    )
    assert core_shop.rows("select deal_id, closed_at::varchar from deal") == [
        ("own:d1", "2024-03-03 23:00:00")
    ]
    assert core_shop.rows("select value from quarantine") == [("25/12/2024",)]


def test_a_file_in_both_orders_is_refused(core_shop: Shop, tmp_path: Path) -> None:
    folder = own_source(tmp_path)
    path = core_shop.write(
        "a.csv", "deal_no,value,won_on", "d1,1,13/04/2024", "d2,1,12/25/2024", "d3,1,01/02/2024"
    )
    with pytest.raises(SourceError, match="days before months and months before days"):
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
