"""A report that says above its header which days it is of, and has one row for all of them."""

from __future__ import annotations

from datetime import date

import pytest
from build_kit import Shop, core_shop

from smarketing.build.spend.said_periods import last_day_said

__all__ = ["core_shop"]

LINKEDIN = (
    "Campaign Performance Report (in UTC)",
    "Report Start: January 1, 2026, 12:00 AM",
    "Report End: {}, 11:59 PM",
    "Date Generated: February 3, 2026, 9:00 AM",
    "",
    "Start Date (in UTC)\tAccount Name\tCurrency\tCampaign Group Name\tCampaign ID\tCampaign Name"
    "\tTotal Spent\tImpressions",
)
SPENT = "select incurred_on::varchar, covers_until::varchar, amount from cost order by amount"


def report(shop: Shop, end: str, *rows: str) -> list[tuple[object, ...]]:
    lines = [line.format(end) for line in LINKEDIN]
    path = shop.write("Campaign Performance Report.csv", *lines, *rows, encoding="utf-16")
    shop.take(path)
    return shop.rows(SPENT)


def row(day: str, amount: str) -> str:
    return f"{day}\tAcme\tEUR\tQ1\t501\tLeaders\t{amount}\t900"


@pytest.mark.parametrize(
    ("end", "until"),
    [
        ("January 31, 2026", "2026-01-31"),
        ("January 1, 2026", None),
        ("January 7, 2026", "2026-01-07"),
    ],
)
def test_rows_of_one_day_cover_what_the_report_is_of(
    core_shop: Shop, end: str, until: str | None
) -> None:
    found = report(core_shop, end, row("1/1/2026", "310.00"), row("1/1/2026", "31.00"))
    days = 1 if until is None else int(until[-2:])
    assert sum(amount for *_, amount in found if isinstance(amount, int)) == 34_100
    assert len(found) == 2 * days
    assert {covered for _, covered, _ in found} == {until}


def test_rows_of_several_days_are_of_their_days(core_shop: Shop) -> None:
    found = report(core_shop, "January 31, 2026", row("1/1/2026", "3.00"), row("1/2/2026", "4.00"))
    assert found == [("2026-01-01", None, 300), ("2026-01-02", None, 400)]


@pytest.mark.parametrize(
    ("texts", "last"),
    [
        (["2026-01-01 - 2026-01-31"], date(2026, 1, 31)),
        (["Report Time: 1/1/2026,1/31/2026"], date(2026, 1, 31)),
        (["Zeitraum: 01.01.2026 - 07.01.2026"], date(2026, 1, 7)),
        (["Beginn: 1. Januar 2026", "Ende: 31. Januar 2026"], date(2026, 1, 31)),
        (["1 de enero de 2026 - 31 de enero de 2026"], date(2026, 1, 31)),
        (["Report Start: January 1, 2026, 12:00 AM", "End: January 1, 2026"], date(2026, 1, 1)),
        (["Generated: February 3, 2026", "Start: January 1, 2026", "January 31, 2026"], None),
        (["January 1, 2026"], None),
        (["2026-01-01 - 2025-12-31", "Smarch 13, 2026"], None),
        ([], None),
    ],
)
def test_the_last_day_is_told_behind_the_first(texts: list[str], last: date | None) -> None:
    assert last_day_said(texts, date(2026, 1, 1)) == last
