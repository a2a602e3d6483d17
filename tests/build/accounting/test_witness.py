"""A file's own totals: read with the rows' own decimal sign, equal to what was landed, or said."""

from __future__ import annotations

from decimal import Decimal

import pytest
from build_kit import Shop, core_shop

from smarketing.build.accounting.witness import figures

__all__ = ["core_shop"]
TOTALS = "select column_name, currency, said_amount, read_amount, agrees from file_total"


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("150.00", ["150.00"]),
        ("1,234.56", ["1234.56"]),
        ("1.234,56 €", ["1234.56"]),
        ("5.484", ["5.484", "5484"]),
        ("USD 7,000.00", ["7000.00"]),
        ("(12.50)", ["-12.50"]),
        ("−3", ["-3"]),
        ("3 records", ["3"]),
        ("--", []),
        ("1.2.3", []),
    ],
)
def test_what_a_total_may_mean(text: str, meant: list[str]) -> None:
    assert figures(text) == [Decimal(value) for value in meant]


def report(*rows: str) -> tuple[str, ...]:
    return ("Day,Campaign,Currency code,Cost,Impr.,Clicks", *rows)


def test_a_total_is_what_was_read_but_for_the_rounding_of_each_row(core_shop: Shop) -> None:
    rows = ("2026-01-01,A,EUR,100.00,1,1", "2026-01-02,A,EUR,50.00,1,1")
    total = "Total: Account,,EUR,150.01,2,2"
    core_shop.take(core_shop.write("Campaign report.csv", *report(*rows, total)))
    assert core_shop.rows(TOTALS) == [("Cost", "EUR", 150_01, 150_00, True)]


def test_of_several_totals_one_must_agree(core_shop: Shop) -> None:
    row = "2026-01-01,A,EUR,100.00,1,1"
    totals = ("Total: Campaigns,,EUR,100.00,1,1", "Total: Account,,EUR,900.00,9,9")
    core_shop.take(core_shop.write("Campaign report.csv", *report(row, *totals)))
    assert core_shop.rows(TOTALS) == [("Cost", "EUR", 100_00, 100_00, True)]


def test_a_total_tells_of_rows_that_could_not_be_read(core_shop: Shop) -> None:
    rows = ("2026-01-01,A,EUR,100.00,1,1", "2026-01-02,A,EUR,fifty,1,1")
    total = "Total: Account,,EUR,150.00,2,2"
    core_shop.take(core_shop.write("Campaign report.csv", *report(*rows, total)))
    assert core_shop.rows(TOTALS) == [("Cost", "EUR", 150_00, 100_00, False)]


def test_a_total_of_several_currencies_is_no_witness(core_shop: Shop) -> None:
    rows = ("2026-01-01,A,EUR,100.00,1,1", "2026-01-02,A,USD,50.00,1,1")
    total = "Total: Account,,,150.00,2,2"
    core_shop.take(core_shop.write("Campaign report.csv", *report(*rows, total)))
    assert core_shop.rows(TOTALS) == []


def test_a_total_that_comes_as_a_row_is_a_witness_as_well(core_shop: Shop) -> None:
    header = "Campaign name,Amount spent (EUR),Impressions,Reporting starts,Reporting ends"
    days = "2026-01-01,2026-01-01"
    rows = (f"Winter,60.00,6,{days}", f"Summer,40.00,4,{days}", f",120.00,12,{days}")
    core_shop.take(core_shop.write("Acme-Campaigns.csv", header, *rows))
    assert [row[2:] for row in core_shop.rows(TOTALS)] == [(120_00, 100_00, False)]


@pytest.mark.parametrize("amount", ["Amount", "Amount (converted)"])
def test_a_report_of_deals_is_compared_too(core_shop: Shop, amount: str) -> None:
    header = f"Opportunity ID,Opportunity Name,Stage,Close Date,{amount}"
    rows = [f"0068d00000A1b2{n}AAA,D{n},Closed Won,2026-01-0{n},1000.00" for n in (1, 2)]
    core_shop.take(core_shop.write("report.csv", header, *rows, "Total,,,,2000.00"))
    assert core_shop.rows(TOTALS) == [(amount, "EUR", 2000_00, 2000_00, True)]
