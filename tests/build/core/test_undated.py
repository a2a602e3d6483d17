"""Rows of a report of spend without a day: totals are left out, spend is never lost in silence."""

from __future__ import annotations

from pathlib import Path

import pytest
from build_kit import Shop, core_shop

from smarketing.errors import SourceError
from smarketing.sources import scaffold

__all__ = ["core_shop"]

META = (
    "Campaign name,Ad set name,Day,Reporting starts,Reporting ends,Impressions,Amount spent (EUR)"
)
BY_DAY = (
    "Spring,A,2026-01-01,2026-01-01,2026-01-01,1000,20.25",
    "Spring,B,2026-01-02,2026-01-02,2026-01-02,500,1210.25",
)
GROUPED = "Date,Region,Campaign,Spend,Impressions"
SPENT = "select sum(amount) from cost"


def meta(shop: Shop, *rows: str) -> Path:
    return shop.write("Campaigns.csv", META, *BY_DAY, *rows)


@pytest.mark.parametrize(
    "total",
    [
        'Spring,,,2026-01-01,2026-01-02,1500,"1,230.50"',
        "Spring,A,,2026-01-01,2026-01-02,1500,20.25",
        "Spring,,,2026-01-01,2026-01-02,1500,1230.51",
        "Spring,,,2026-01-01,2026-01-02,0,",
        "Autumn,,,2026-01-01,2026-01-02,0,0.00",
    ],
)
def test_totals_of_what_the_rows_with_days_name_are_left_out(core_shop: Shop, total: str) -> None:
    core_shop.take(meta(core_shop, total))
    assert core_shop.rows(SPENT) == [(123_050,)]


@pytest.mark.parametrize(
    ("row", "shown"),
    [
        ("Autumn,,,2026-01-01,2026-01-02,1500,30.50", "30.50 of 'Autumn', line 4"),
        ("Spring,,,2026-01-01,2026-01-02,1500,99.00", "99.00 of 'Spring', line 4"),
        ("Spring,C,,2026-01-01,2026-01-02,1500,20.25", "20.25 of 'Spring', line 4"),
    ],
)
def test_spend_that_is_no_total_is_refused(core_shop: Shop, row: str, shown: str) -> None:
    with pytest.raises(SourceError) as caught:
        core_shop.take(meta(core_shop, row))
    assert f"names no day and is no total of the rows that do ({shown})" in str(caught.value)


def drafted(shop: Shop, *rows: str) -> tuple[Path, Path]:
    path = shop.write("ads by region.csv", GROUPED, *rows)
    return path, scaffold([path], "crm", shop.inbox / "crm")


def test_groups_whose_day_stands_in_their_first_row_are_refused(core_shop: Shop) -> None:
    path, source = drafted(
        core_shop, "2026-01-01,North,Brand,20.25,1000", ",,Gen,5.25,100", "2026-01-02,South,Gen,3,9"
    )
    with pytest.raises(SourceError, match=r"\(5\.25 of 'Gen', line 3\), as where a day stands"):
        core_shop.take(path, source=source)


def test_what_a_source_of_ones_own_leaves_out_on_purpose_is_not_asked_about(
    core_shop: Shop,
) -> None:
    path, source = drafted(
        core_shop, "2026-01-01,North,Brand,20.25,1000", "2026-01-02,North,Test,7.00,1000"
    )
    sql = source / "cost.ads_by_region.sql"
    sql.write_text(sql.read_text().rstrip() + """ and r."Campaign" <> 'Test'\n""")
    core_shop.take(path, source=source)
    assert core_shop.rows(SPENT) == [(2_025,)]
