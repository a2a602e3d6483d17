"""How a file's numbers and dates are settled: by its own values, never by a guess."""

from __future__ import annotations

from pathlib import Path

import pytest
import xlsxwriter
from build_kit import Shop, core_shop
from typing_kit import Reader, RefusedError

from smarketing.build import build
from smarketing.errors import SourceError, UsageError
from smarketing.sources import builtin_sources

__all__ = ["core_shop"]


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader()


def amounts(reader: Reader, *texts: str, currency: str = "EUR") -> list[int | None]:
    columns = {"amount": texts, "currency": [currency] * len(texts)}
    return [value and int(value) for value, _ in reader.read("cost", columns)]


@pytest.mark.parametrize(
    ("texts", "cents"),
    [
        (["12.000", "1.500", "950"], [1200000, 150000, 95000]),  # decimals do not come and go
        (["12,000", "1,500", "950"], [1200000, 150000, 95000]),
        (["1.234,50", "12.000"], [123450, 1200000]),
        (["1,234.50", "12,000"], [123450, 1200000]),
        (["12.000", "1.250.000"], [1200000, 125000000]),
        (["12.000", "7,5"], [1200000, 750]),
        (["12.50", "1.005"], [1250, 101]),
        (["1,00,000", "12,000"], [10000000, 1200000]),  # India's thousands
        (["1 234,50", "12.000"], [123450, 1200000]),
        (["1'234.50", "12,000"], [123450, 1200000]),
        (["950", "1200"], [95000, 120000]),
    ],
)
def test_the_amounts_of_a_file_settle_each_other(
    reader: Reader, texts: list[str], cents: list[int]
) -> None:
    assert amounts(reader, *texts) == cents


@pytest.mark.parametrize(
    "texts",
    [
        ["12.000"],
        ["12.000", "1.500"],
        ["1,500", "2,250"],
        ["12.000", "1500"],  # whole thousands with a point and without one
        ["1.575", "950"],  # 1575, or a price of three decimals
        ["12.000", "0"],
        ["12.000", "1,500"],
    ],
)
def test_thousands_that_may_be_thousandths_refuse_the_file(
    reader: Reader, texts: list[str]
) -> None:
    with pytest.raises(RefusedError, match=r"^file\.csv has numbers in 'amount' that may be") as no:
        amounts(reader, *texts)
    assert "line 2" in str(no.value) and "--decimal ," in str(no.value)


def test_one_contradicting_value_refuses_the_file(reader: Reader) -> None:
    with pytest.raises(RefusedError) as no:
        amounts(reader, "1.234,50", "12.50", "7,25")
    assert str(no.value) == (
        "file.csv has numbers with a decimal point (12.50 in 'amount', line 3) and with a decimal "
        "comma (1.234,50 in 'amount', line 2). Correct the one or the other, and import it again."
    )


@pytest.mark.parametrize(
    ("currency", "texts", "minor"),
    [
        ("JPY", ["1.500", "12.000"], [1500, 12000]),  # yen have no decimals
        ("JPY", ["1,500"], [1500]),
        ("JPY", ["1500", "1,500,000"], [1500, 1500000]),
        ("KWD", ["1.500", "12.2"], [1500, 12200]),  # dinars have three
    ],
)
def test_the_currency_says_how_many_decimals_there_may_be(
    reader: Reader, currency: str, texts: list[str], minor: list[int]
) -> None:
    assert amounts(reader, *texts, currency=currency) == minor


def test_thousandths_of_a_dinar_are_as_likely_as_thousands(reader: Reader) -> None:
    with pytest.raises(RefusedError, match="thousands or thousandths"):
        amounts(reader, "1.500", currency="KWD")


def test_counts_settle_the_amounts_beside_them(reader: Reader) -> None:
    columns = {"amount": ["12.000", "1.500"], "impressions": ["1.234", "900"]}
    assert reader.read("cost", columns) == [("1200000", "1234"), ("150000", "900")]
    columns["impressions"] = ["9.000", "12.000"]  # round as well: nothing is settled
    with pytest.raises(RefusedError, match="thousands or thousandths"):
        reader.read("cost", columns)


def test_the_files_own_total_is_a_witness(reader: Reader) -> None:
    columns = {"amount": ["1.575", "950"]}
    assert reader.read("cost", columns, totals={"amount": "2.525"}) == [("157500",), ("95000",)]
    assert reader.read("cost", columns, totals={"amount": "951.575"}) == [("158",), ("95000",)]
    for said in ("2.526", "EUR 3", "many"):  # of other records, or no total
        with pytest.raises(RefusedError, match="thousands or thousandths"):
            reader.read("cost", columns, totals={"amount": said})
    # Both ways it adds up, since nothing but thousands is in it.
    with pytest.raises(RefusedError, match="thousands or thousandths"):
        reader.read("cost", {"amount": ["12.000", "1.500"]}, totals={"amount": "13.500"})


def test_a_default_decides_where_it_makes_sense_of_every_value(reader: Reader) -> None:
    crm = builtin_sources()["hubspot"]  # whose profile says: a decimal point
    deals = builtin_sources()["hubspot"].objects["deals"]
    assert crm.profile.decimal == "." and deals.date_order is None

    def read(*texts: str, currency: str = "EUR") -> list[int]:
        columns = {"amount": texts, "currency": [currency] * len(texts)}
        source = Reader.named(crm, "deal")
        return [int(value) for value, _ in reader.read("deal", columns, source=source)]

    assert read("1,500") == [150000]
    assert read("1.500", currency="KWD") == [1500]
    assert read("1.500,50") == [150050]  # contradicted
    for text, currency in (("12.000", "EUR"), ("1,500", "KWD")):
        with pytest.raises(RefusedError, match="thousands or thousandths"):
            read(text, currency=currency)


def test_what_the_import_says_decides_and_must_fit_the_values(reader: Reader) -> None:
    assert reader.read("cost", {"amount": ["12.000"]}, decimal=",") == [("1200000",)]
    assert reader.read("cost", {"amount": ["12.000"]}, decimal=".") == [("1200",)]
    with pytest.raises(RefusedError, match=r"was to be read with a decimal point.*--decimal ,"):
        reader.read("cost", {"amount": ["1.234,50"]}, decimal=".")
    dates = {"incurred_on": ["25/12/2025", "03/04/2026"]}
    assert reader.read("cost", dates, date_order="dmy")[1] == ("2026-04-03",)
    with pytest.raises(RefusedError, match=r"month first, and has 25/12/2025 .*--date-order dmy"):
        reader.read("cost", dates, date_order="mdy")


@pytest.mark.parametrize(
    ("first", "second", "days"),
    [
        ("03/04/2026", "25/12/2026", ["2026-04-03", "2026-12-25"]),
        ("03/04/2026", "12/25/2026", ["2026-03-04", "2026-12-25"]),
        ("03.04.2026", "12/25/2026", ["2026-04-03", "2026-12-25"]),  # with dots: day first
        ("03-04-26", "25-12-26", ["2026-04-03", "2026-12-25"]),
        ("05/05/2026", "06/06/2026", ["2026-05-05", "2026-06-06"]),  # the same either way
        ("12-10-24", "12-25-24", ["2024-12-10", "2024-12-25"]),
    ],
)
def test_the_dates_of_a_file_settle_each_other(
    reader: Reader, first: str, second: str, days: list[str]
) -> None:
    columns = {"starts_on": [first], "ends_on": [second]}
    assert reader.read("campaign", columns) == [tuple(days)]


@pytest.mark.parametrize(
    ("texts", "why"),
    [
        (["03/04/2026"], r"day or the month first \(03/04/2026, line 2\).*--date-order mdy"),
        (["13/04/2026", "12/25/2026"], "with the month first .* and with the day first"),
        (["26/01/05"], "day or the year first"),  # 2026, or the 26th
        (["26. 10. 15."], "day or the year first"),
        (["10.02.2026", "02.25.2026"], "dates with dots .* begin with the month"),
        (
            ["2026-05-01", "2026-25-03"],
            r"the day between the year and the month \(2026-25-03, line 3\).*as 2024-12-31",
        ),
        (["2026/05/01 08:00", "2026/25/3 09:00"], "the day between the year and the month"),
    ],
)
def test_dates_that_nothing_settles_refuse_the_file(
    reader: Reader, texts: list[str], why: str
) -> None:
    with pytest.raises(RefusedError, match=rf"^file\.csv .*{why}"):
        reader.read("cost", {"incurred_on": texts})


@pytest.mark.parametrize("typo", ["2026-13-45", "2026-31-02", "2026-00-05", "2026-02-30"])
def test_a_date_that_no_order_reads_is_its_own_row_s_fault(reader: Reader, typo: str) -> None:
    assert reader.read("cost", {"incurred_on": ["2026-05-01", typo]}) == [("2026-05-01",), (None,)]


def test_a_column_of_midnights_holds_days_in_any_timezone(reader: Reader) -> None:
    found = reader.read(
        "deal",
        {
            "created_at": ["2026-01-05T08:00:00Z", "2026-01-05T08:10:00Z", "2026-01-05T00:00:00Z"],
            "closed_at": ["2026-03-31", "2026-03-31T00:00:00.000Z", "2026-04-01T00:00:00.000Z"],
            "expected_close_on": ["2026-03-31T00:00:00Z", "2026-03-31T02:00:00+02:00", None],
        },
        zone="America/New_York",
    )
    # The day begins at 04:00 UTC in New York. Times beside it make a midnight a time.
    assert found == [
        ("2026-01-05 08:00:00", "2026-03-31 04:00:00", "2026-03-30"),
        ("2026-01-05 08:10:00", "2026-03-31 04:00:00", "2026-03-30"),
        ("2026-01-05 00:00:00", "2026-04-01 04:00:00", None),
    ]


def test_a_spreadsheets_numbers_are_held_against_its_texts(reader: Reader) -> None:
    def read(*texts: str) -> list[int]:
        return [int(value) for (value,) in reader.read("cost", {"amount": texts}, exact=True)]

    assert read("1234.5", "1.234", "12000") == [123450, 123, 1200000]  # as numbers are written
    assert read("1.234,50", "12.000") == [123450, 1200000]
    with pytest.raises(RefusedError, match=r"with a decimal point .* and with a decimal comma"):
        read("1234.5", "1.234,50")
    with pytest.raises(RefusedError, match="thousands or thousandths"):
        read("1200", "12.000")
    with pytest.raises(RefusedError, match=r"texts among the numbers .* \(1\.200, line"):
        read("1234.5", "1.200")
    assert read("1234.5", "1,200") == [123450, 120000]


def test_a_spreadsheet_that_exchanged_day_and_month_is_refused(reader: Reader) -> None:
    def read(*texts: str) -> list[str]:
        return [str(day) for (day,) in reader.read("cost", {"incurred_on": texts})]

    taken = "2026-04-03T00:00:00", "2026-06-05T00:00:00"
    with pytest.raises(RefusedError, match=r"took \(2026-04-03, line 2\) .* \(25/04/2026, line 4"):
        read(*taken, "25/04/2026")
    with pytest.raises(RefusedError, match=r"as text \(04/25/2026, line 4\)"):
        read(*taken, "04/25/2026")
    assert read(*taken, "25/04/2026", "03/04/2026")[3] == "2026-04-03"  # left, and not taken
    assert read(*taken, "2026-04-13", "25/04/2026")[2] == "2026-04-13"
    assert read(taken[0], "2026-05-05", "25/04/2026")[0] == "2026-04-03", "one may be an accident"
    with pytest.raises(
        RefusedError, match=r"took \(03\.04\.2026, line 2\) .* \(04/25/2026, line 4"
    ):
        read("03.04.2026", "05.06.2026", "04/25/2026")  # saved again by a German program
    assert read("03.04.2026", "13.04.2026", "04/25/2026")[0] == "2026-04-03"
    assert read("03.04.2026", "05.06.2026", "25/04/2026")[0] == "2026-04-03", "day first, all"


def test_a_contradictory_file_is_refused_and_the_others_land(
    core_shop: Shop, tmp_path: Path
) -> None:
    good = core_shop.write("good.csv", "deal_id,amount,closed_at", "d1,10.50,2026-03-31T00:00:00Z")
    bad = core_shop.write("bad.csv", "deal_id;amount", 'd2;"1.234,50"', "d3;12.50")
    unclear = core_shop.write("costs.csv", "incurred_on,amount", "03/04/2026,12.000")
    report = core_shop.take(good, bad, unclear)
    assert [sentence.split(" has ")[0] for sentence in report.refused] == ["bad.csv", "costs.csv"]
    assert "costs.csv has dates in 'incurred_on'" in report.refused[1]
    assert core_shop.rows("select amount, closed_at::varchar, closed_at_has_time from deal") == [
        (1050, "2026-03-30 22:00:00", False)
    ]


def test_what_the_import_says_is_kept_for_every_later_build(core_shop: Shop) -> None:
    path = core_shop.write("costs.csv", "cost_id,incurred_on,amount", "k,03/04/2026,12.000")
    asked = "select amount, incurred_on::varchar from cost"
    with pytest.raises(UsageError, match=r"decimal sign 'x'"):
        core_shop.take(path, decimal="x")
    with pytest.raises(UsageError, match=r"date order 'iso'"):
        core_shop.take(path, date_order="iso")
    with pytest.raises(SourceError, match=r"^costs\.csv has numbers in 'amount'"):
        core_shop.take(path)
    assert not list((core_shop.home / "landing").iterdir())
    core_shop.take(path, decimal=",", date_order="mdy")
    assert core_shop.rows(asked) == [(1200000, "2026-03-04")]
    build(core_shop.home)
    assert core_shop.rows(asked) == [(1200000, "2026-03-04")]
    core_shop.take(path, decimal=".")  # said otherwise
    assert core_shop.rows(asked) == [(1200, "2026-03-04")]
    core_shop.take(path, mode="full")  # named again, without a word
    assert core_shop.rows(asked) == [(1200, "2026-03-04")]


def test_amounts_name_their_own_currency(core_shop: Shop) -> None:
    core_shop.take(
        core_shop.write(
            "deals.csv",
            "deal_id;amount;currency",
            "d1;1.000,00 €;",
            "d2;JPY 1.500.000;",
            "d3;US$ 4.000,00;",
            "d4;1.000,50 zł;PLN",
            "d5;(250,00);Euro",
            "d6;$ 10,00;US Dollar",
            "d7;$ 10,00;",
            "d8;10,00 USD;EUR",
            "d9;10,00;ducats",
        )
    )
    assert core_shop.rows("select deal_id[9:], amount, currency from deal order by 1") == [
        ("d1", 100000, "EUR"),
        ("d2", 1500000, "JPY"),
        ("d3", 400000, "USD"),
        ("d4", 100050, "PLN"),
        ("d5", -25000, "EUR"),
        ("d6", 1000, "USD"),
    ]
    reasons = core_shop.rows("select column_name, left(reason, 35) from quarantine order by row")
    assert reasons == [
        ("amount", "of a currency that cannot be told ("),
        ("amount", "in another currency than its row"),
        ("currency", "not a currency code of 3 letters, n"),
    ]
    # A row whose cell names the currency assumes none.
    assert core_shop.rows("select * from currency_assumed") == []


def test_more_decimals_than_the_currency_has_are_rounded_and_said(core_shop: Shop) -> None:
    path = core_shop.inbox / "costs.xlsx"
    with xlsxwriter.Workbook(str(path)) as workbook:
        sheet = workbook.add_worksheet()
        sheet.write_row(0, 0, ["cost_id", "incurred_on", "amount", "currency"])
        for row, (amount, currency) in enumerate(
            [(10.5, "EUR"), (0.125, "EUR"), (2.3333, "EUR"), (10.5, "JPY")], start=1
        ):
            sheet.write_row(row, 0, [f"k{row}", "2026-01-05", amount, currency])
    report = core_shop.take(path)
    found = core_shop.rows("select amount from cost order by cost_id")
    assert found == [(1050,), (13,), (233,), (11,)]
    assert core_shop.rows(
        "select column_name, currency, amounts, example, row from amount_rounded order by row"
    ) == [("amount", "EUR", 2, "0.125", 3), ("amount", "JPY", 1, "10.5", 5)]
    (file,) = report.files
    assert file.notes == (
        "2 values of amount have more decimals than EUR (0.125, line 3): each was rounded",
        "1 value of amount has more decimals than JPY (10.5, line 5): it was rounded",
    )


def test_a_record_in_a_cell_is_nobodys_id(core_shop: Shop) -> None:
    core_shop.take(
        core_shop.write(
            "deal.csv",
            "deal_id,name,account_id",
            'd1,One,"{""id"": 7, ""name"": ""Acme""}"',
            "d2,[Two],a7",
        )
    )
    assert core_shop.rows("select deal_id, name from deal") == [("generic:d2", "[Two]")]
    [(column, reason)] = core_shop.rows("select column_name, reason from quarantine")
    assert column == "account_id"
    assert reason.startswith("a record of its own in one cell, written as JSON: export its id")
