"""Money whose currency a spreadsheet shows, or whose side a ledger writes, is never home's."""

from __future__ import annotations

from pathlib import Path

import pytest
import xlsxwriter
from build_kit import Shop, core_shop

from smarketing.sources.currencies import said_above

__all__ = ["core_shop"]

QUARANTINE = "select value, reason from quarantine order by row"


def sheet(path: Path, form: str, currency: str | None = None) -> Path:
    with xlsxwriter.Workbook(path) as book:
        page = book.add_worksheet("S")
        money = book.add_format({"num_format": form})
        page.write_row(0, 0, ["cost_id", "incurred_on", "amount"] + ["currency"] * bool(currency))
        page.write_row(1, 0, ["1", "2026-01-05"])
        page.write(1, 2, 1200.5, money)
        if currency:
            page.write(1, 3, currency)
    return path


@pytest.mark.parametrize(
    ("form", "named", "currency"),
    [
        ("[$USD] #,##0.00", None, "USD"),
        ('"$"#,##0.00', "USD", "USD"),
        ("[$kr-41D] #,##0.00", None, "SEK"),
        ("#,##0.00", None, "EUR"),
    ],
)
def test_the_format_of_a_cell_is_a_witness(
    core_shop: Shop, form: str, named: str | None, currency: str
) -> None:
    core_shop.take(sheet(core_shop.inbox / "cost.xlsx", form, named))
    assert core_shop.rows("select amount, currency from cost") == [(120_050, currency)]


@pytest.mark.parametrize(
    ("form", "named", "reason"),
    [
        ("[$USD] #,##0.00", "EUR", "in another currency than its row"),
        ('"$"#,##0.00', None, "of a currency that cannot be told"),
    ],
)
def test_what_contradicts_it_is_lost_with_the_reason(
    core_shop: Shop, form: str, named: str | None, reason: str
) -> None:
    core_shop.take(sheet(core_shop.inbox / "cost.xlsx", form, named))
    [(_, said)] = core_shop.rows(QUARANTINE)
    assert said.startswith(reason)


@pytest.mark.parametrize("amount", ["1200.50 CR", "1200.50 Dr.", "Haben 1200.50", "1.2 Cr"])
def test_a_side_of_a_ledger_is_no_sign(core_shop: Shop, amount: str) -> None:
    path = core_shop.write(
        "cost.csv", "cost_id,incurred_on,amount", f"1,2026-01-05,{amount}", "2,2026-01-06,(80.00)"
    )
    core_shop.take(path)
    assert core_shop.rows("select amount from cost") == [(-8_000,)]
    [(value, reason)] = core_shop.rows(QUARANTINE)
    assert value == amount
    assert reason.startswith("a credit or a debit, or crores, by letters")


@pytest.mark.parametrize(
    ("above", "currency"),
    [
        ("Currency: USD", "USD"),
        ("Kontowährung: Schweizer Franken", "CHF"),
        ("All amounts in GBP.", "GBP"),
        ("Currency: $", "EUR"),
        ("Values in USD and GBP", "EUR"),
        ("Costs of all campaigns", "EUR"),
    ],
)
def test_a_currency_above_the_header_is_that_of_rows_without_one(
    core_shop: Shop, above: str, currency: str
) -> None:
    header = "cost_id,incurred_on,amount,currency"
    path = core_shop.write(
        "cost.csv", f"Costs 2026\n{above}\n", header, "1,2026-01-05,80.00,", "2,2026-01-06,5.00,JPY"
    )
    core_shop.take(path)
    found = core_shop.rows("select amount, currency from cost order by cost_id")
    assert found == [(8_000, currency), (5, "JPY")]
    assumed = core_shop.rows("select currency, records from currency_assumed")
    assert assumed == ([("EUR", 1)] if currency == "EUR" else [])


def test_two_currencies_above_a_header_say_none() -> None:
    assert said_above(["Currency: USD", "Report currency: EUR"]) is None
    assert said_above(["Currency: USD", "Amounts in USD"]) == "USD"
    assert said_above([]) is None


WRITTEN = ("EUR", "USD", "€")
"""The currencies of three rows, as their column has them."""
SPENT = {
    "Amount spent ({})": "Campaign name,Day,Currency,Amount spent ({}),Impressions,Link clicks,"
    "Reporting starts,Reporting ends",
    "Cost ({})": "Campaign,Day,Currency code,Cost ({}),Impr.,Clicks",
}


@pytest.mark.parametrize("header", SPENT.values(), ids=SPENT)
@pytest.mark.parametrize(
    ("above", "taken"),
    [("USD", [("USD",)]), ("$", [("USD",)]), ("US$", [("USD",)]), ("EUR", [("EUR",), ("EUR",)])],
)
def test_a_header_that_names_another_currency_than_the_row_s_is_the_reason_given(
    core_shop: Shop, header: str, above: str, taken: list[tuple[str]]
) -> None:
    """The row's own column does not win over the header in silence, nor the other way round."""
    rows = [
        f"Spring,2026-03-0{day},{currency},10.00,100,1" for day, currency in enumerate(WRITTEN, 1)
    ]
    if "Reporting" in header:
        rows = [f"{row},2026-03-01,2026-03-05" for row in rows]
    report = core_shop.take(core_shop.write("spend.csv", header.format(above), *rows))
    assert core_shop.rows("select currency from cost order by _row") == taken
    quarantined = core_shop.rows(
        "select distinct reason from quarantine where column_name = 'amount'"
    )
    assert quarantined == [("in another currency than its row",)]
    assert report.files[0].used == len(taken)
