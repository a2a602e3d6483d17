"""Reports of two sources that agree on every day may be the same money, and are said."""

from __future__ import annotations

import duckdb
import pytest

from smarketing.build.core.views import MAIN
from smarketing.build.spend.settle import find_overlaps

Cost = tuple[str, int, int, int, int | None]
"""A cost: source, file, day of January, amount, clicks."""


def overlaps(costs: list[Cost], currencies: tuple[str, ...] = ("USD",)) -> list[tuple[object, ...]]:
    """Find what may count twice among costs: source, other source, day, amount."""
    with duckdb.connect() as connection:
        connection.execute("attach ':memory:' as build; use build")
        connection.execute(
            f"create table {MAIN}.campaign (campaign_id varchar, name varchar); "
            f"create table {MAIN}.cost (cost_id varchar, source varchar, _file varchar, "
            "_file_id integer, incurred_on date, currency varchar, amount bigint, team varchar, "
            "category varchar, campaign_id varchar, impressions bigint, clicks bigint)"
        )
        connection.executemany(
            f"insert into {MAIN}.cost values (?, ?, ?, ?, ?, ?, ?, null, null, null, null, ?)",
            [
                (f"{source}:{n}", source, f"{file}.csv", file, f"2026-01-{day:02d}",
                 currencies[file % len(currencies)], amount, clicks)
                for n, (source, file, day, amount, clicks) in enumerate(costs)
            ],
        )  # fmt: skip
        find_overlaps(connection)
        return connection.execute(
            "select source, other_source, day(day), amount from cost_overlap order by all"
        ).fetchall()


BY_DAY: list[Cost] = [("ads", 1, day, day * 100, 5) for day in (1, 2, 3, 4)]
BY_DEVICE: list[Cost] = [("ads_b", 2, day, day * 50, 2) for day in (1, 2, 3, 5) for _ in "ab"]


@pytest.mark.parametrize("order", [1, -1])
def test_a_later_source_that_agrees_on_all_days_of_both_is_named(order: int) -> None:
    found = overlaps([*BY_DAY, *BY_DEVICE][::order])
    assert found == [("ads_b", "ads", day, day * 50) for day in (1, 2, 3) for _ in "ab"]


@pytest.mark.parametrize(
    "others",
    [
        [],
        [*BY_DEVICE, ("ads_b", 2, 4, 401, 1)],  # one day of both differs
        [cost for cost in BY_DEVICE if cost[2] != 3],  # two days are too few
        [(*cost[:4], None) for cost in BY_DEVICE],  # no platform's report: a ledger
        [("ads", 2, *cost[2:]) for cost in BY_DEVICE],  # the same source settles its own
    ],
)
def test_sources_that_do_not_agree_are_not_named(others: list[Cost]) -> None:
    assert overlaps([*BY_DAY, *others]) == []


def test_fewer_days_must_agree_in_what_is_counted_too() -> None:
    few: list[Cost] = [("ads_b", 2, day, day * 100, 5) for day in (1, 2, 9)]
    assert overlaps([*BY_DAY, *few]) == [("ads_b", "ads", 1, 100), ("ads_b", "ads", 2, 200)]
    unseen: list[Cost] = [(*cost[:4], 0) for cost in BY_DAY]
    assert overlaps([*unseen, *((*cost[:4], 0) for cost in few)]) == []


def test_amounts_of_two_currencies_agree_by_chance() -> None:
    assert overlaps([*BY_DAY, *BY_DEVICE], ("USD", "EUR")) == []
