"""Reports of two sources, or of one, that agree in all they count may be the same money."""

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


SHOWN: list[Cost] = [("ads", 1, day, day * 100, day * 7) for day in (1, 2, 3)]
"""What is left of a campaign in an earlier file, where the later one calls it otherwise."""
AGAIN: list[Cost] = [("ads", 2, *cost[2:]) for cost in SHOWN]


@pytest.mark.parametrize("order", [1, -1])
def test_what_a_later_file_of_the_same_source_counts_alike_is_named(order: int) -> None:
    more: list[Cost] = [("ads", 2, 1, 555, 9), ("ads", 2, 4, 400, 9)]
    found = overlaps([*SHOWN, *AGAIN, *more][::order])
    assert found == [("ads", "ads", day, day * 100) for day in (1, 2, 3)]
    assert overlaps([*SHOWN[:1], *AGAIN]) == [("ads", "ads", 1, 100)]


def test_a_day_that_was_corrected_since_hides_none_of_the_others() -> None:
    found = overlaps([*SHOWN, *AGAIN[:2], ("ads", 2, 3, 301, 21)])
    assert found == [("ads", "ads", 1, 100), ("ads", "ads", 2, 200)]


@pytest.mark.parametrize(
    "others",
    [
        [(*cost[:4], 1) for cost in AGAIN],  # as much money for other clicks
        [(*cost[:3], cost[3] + 1, cost[4]) for cost in AGAIN],  # other money
        [AGAIN[0], *((*cost[:4], 1) for cost in AGAIN[1:])],  # the lesser part by chance
        [("ads", 1, *cost[2:]) for cost in AGAIN],  # rows of one file are told apart by it
    ],
)
def test_files_of_a_source_that_count_otherwise_are_not_named(others: list[Cost]) -> None:
    assert overlaps([*SHOWN, *others]) == []


def test_costs_that_nobody_clicked_agree_by_chance() -> None:
    unseen: list[Cost] = [(*cost[:4], 0) for cost in (*SHOWN, *AGAIN)]
    assert overlaps(unseen) == []
