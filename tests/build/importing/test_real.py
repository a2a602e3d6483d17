"""Real exports through the whole import: what lands, what stays out and why, what again changes."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from build_kit import Shop

pytestmark = pytest.mark.real


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    return Shop(tmp_path)


def balanced(report: object) -> bool:
    files, tables = report.files, report.tables  # type: ignore[attr-defined]
    return all(f.rows == f.used + f.unused + f.quarantined for f in files) and all(
        t.produced == t.new + t.changed + t.unchanged + t.quarantined for t in tables
    )


def test_salesforce(shop: Shop, real_data: Path) -> None:
    report = shop.take(real_data / "data" / "salesforce")
    assert report.refused == ()
    assert balanced(report)
    new = {row.table: row.new for row in report.tables}
    assert new == {
        "account": 22, "person": 162, "lead": 60, "campaign": 8, "touch": 68, "deal": 50
    }  # fmt: skip
    assert shop.rows("select outcome, count(*), sum(amount) from deal group by 1 order by 1") == [
        ("lost", 3, 305891250),
        ("open", 35, 3000207050),
        ("won", 12, 1054256298),
    ]
    assert shop.rows("select count(distinct name), count(*) from campaign") == [(7, 8)]
    loads = shop.rows("select table_name, records from load_stamp where share = 1 order by 1")
    assert loads == [("deal", 50), ("lead", 60), ("touch", 68)]
    assert report.as_of is not None
    assert report.as_of.isoformat() < "2024-11-01"
    again = shop.take(real_data / "data" / "salesforce")
    assert again.build_id == report.build_id
    assert balanced(again)
    assert {row.table: row.unchanged for row in again.tables} == new


def test_leadforge(shop: Shop, real_data: Path) -> None:
    report = shop.take(real_data / "data" / "leadforge")
    assert report.refused == ()
    assert balanced(report)
    assert sum(f.quarantined for f in report.files) == 0
    assert shop.rows("select count(*), count(distinct person_id) from lead") == [(5000, 2889)]
    won = shop.rows("select count(*), sum(amount) from deal where outcome = 'won'")
    assert won == [(1049, 6421471100)]
    nowhere = {column for (column,) in shop.rows("select column_name from dangling")}
    assert nowhere <= {"owner_id", "actor_id"}  # sales people are no file of this export


def test_ads_cost_every_cent_once_also_when_a_file_is_split(
    shop: Shop, real_data: Path, tmp_path: Path
) -> None:
    folder = real_data / "data" / "ads"
    cost = "select source, sum(amount) from cost group by 1 order by 1"
    answer = [
        ("facebook_ads", 64363),
        ("google_ads", 23133),
        ("linkedin_ads", 53062),
        ("microsoft_ads", 94634),
    ]
    report = shop.take(folder)
    assert report.refused == ()
    assert balanced(report)
    assert shop.rows(cost) == answer
    # Of Google 16 rows by campaign, and 10 by ad on other days, which cost nothing.
    assert shop.rows("select * from currency_assumed order by 1, 2") == [
        ("cost", "facebook_ads", "EUR", 10),
        ("cost", "google_ads", "EUR", 26),
    ]
    halves = Shop(tmp_path / "halves")
    name = "microsoft_ads_campaign_performance_daily_report_data.csv"
    for path in sorted(folder.glob("*.csv")):
        text = path.read_text(encoding="utf-8")
        parts = _halves(text) if path.name == name else [text]
        for number, part in enumerate(parts):
            (halves.inbox / f"{path.stem}_{number}.csv").write_text(part, encoding="utf-8")
    report = halves.take(halves.inbox)
    assert balanced(report)
    assert halves.rows(cost) == answer


def _halves(text: str) -> list[str]:
    lines = text.splitlines()
    assert len(lines) == len(list(csv.reader(lines)))  # no record spans lines
    middle = len(lines) // 2
    return ["\n".join([lines[0], *part]) + "\n" for part in (lines[1:middle], lines[middle:])]


def test_messy_files_are_counted_or_refused_with_a_reason(shop: Shop, real_data: Path) -> None:
    shop.take(shop.write("account.csv", "account_id,name,tier", "a1,One,"))
    report = shop.take(real_data / "data" / "messy-csv")
    assert balanced(report)
    assert shop.rows("select count(*) from account") == [(1,)]
    told = {file.file for file in report.files}
    for path in sorted((real_data / "data" / "messy-csv").rglob("*.csv")):
        name = path.relative_to(real_data / "data" / "messy-csv").as_posix()
        assert name in told or any(path.name in reason for reason in report.refused), name
