"""What an import says of reports whose days may be stretches, and of costs given twice."""

from __future__ import annotations

import duckdb
import pytest

from smarketing.build.core.versions import SUPERSEDED, key_hash
from smarketing.build.importing.spend_notes import Notes, spend_notes
from smarketing.store.schema import core_tables

COST = core_tables()["cost"]
_TABLES = """
attach ':memory:' as now;
create table now.main.file_info as select n as _file_id, 'sha' || n as sha256, n || '.csv' as file,
timestamp '2026-02-01 08:00' as imported_at from range(1, 4) r(n);
create table now.main.cost (
    cost_id varchar, _file_id integer, incurred_on date, covers_until date, clicks integer,
    impressions integer
);
create table now.main.superseded (
    table_name varchar, key_hash ubigint, _file_id integer, _row bigint, reason varchar
);
"""


def noted(costs: list[tuple[str, str | None, int | None]], replaced: int = 0) -> Notes:
    """Note costs of the first file: the first day, the last one, clicks; of the second, others."""
    with duckdb.connect() as connection:
        connection.execute(_TABLES)
        for number, (day, until, clicks) in enumerate(costs):
            connection.execute(
                "insert into now.main.cost values (?, 1, ?, ?, ?, null)",
                [f"ads:{number}", day, until, clicks],
            )
        for number in range(replaced):
            connection.execute(
                f"insert into now.main.superseded select 'cost', {key_hash(COST)}, 2, ?, ? "
                "from (select ? as cost_id)",
                [number, SUPERSEDED, f"ads:{number}"],
            )
        return spend_notes(connection, [1, 2])


@pytest.mark.parametrize(
    ("days", "step"),
    [
        (["2026-01-01", "2026-02-01"], "month"),
        (["2026-01-01", "2026-04-01", "2026-07-01"], "month"),
        (["2026-01-05", "2026-01-12", "2026-01-19"], "week"),
        (["2026-01-05", "2026-01-12"], None),
        (["2026-01-05", "2026-01-12", "2026-01-20"], None),
        (["2026-01-02"], None),
        (["2026-01-01", "2026-02-01", "2026-02-02"], None),
    ],
)
def test_days_in_steps_may_be_stretches(days: list[str], step: str | None) -> None:
    notes = noted([(day, None, 1) for day in days]).get("sha1", ())
    assert [f"its days are a {step} apart" in note for note in notes] == [True] * bool(step)


@pytest.mark.parametrize(
    ("day", "is_noted"), [("2026-01-01", True), ("2026-01-02", False), ("2026-02-01", False)]
)
def test_the_first_of_a_month_alone_may_be_the_month_where_it_came_later(
    day: str, is_noted: bool
) -> None:
    notes = noted([(day, None, 1), (day, None, 2)]).get("sha1", ())
    assert [f"all its days are {day}" in note for note in notes] == [True] * is_noted


def test_what_is_spread_or_no_report_is_not_noted() -> None:
    first, second = "2026-01-01", "2026-02-01"
    assert noted([]) == {}
    assert noted([(first, "2026-01-31", 1), ("2026-01-02", "2026-01-31", 1)]) == {}
    assert noted([(first, None, None), (second, None, None)], replaced=2) == {}


def test_costs_that_two_files_of_an_import_give_name_the_one_that_counts() -> None:
    [note] = noted([("2026-01-05", None, 1), ("2026-01-06", None, 1)], replaced=2)["sha2"]
    assert note.startswith("2 costs count from 1.csv instead, which gives the same days and")
    [note] = noted([("2026-01-05", None, 1)], replaced=1)["sha2"]
    assert note.startswith("1 cost counts from 1.csv")


def test_rows_that_were_spread_over_months_are_noted() -> None:
    months = [(f"2026-01-0{day}", "2026-01-31", 1) for day in (1, 2)]
    months += [(f"2026-02-0{day}", "2026-02-14", 1) for day in (1, 2)]
    [note] = noted(months)["sha1"]
    assert note.startswith("each of its rows covers a month, and is spread")
    weeks = [(f"2026-01-{day:02}", f"2026-01-{day + 6:02}", 1) for day in (5, 12)]
    assert noted(weeks)["sha1"][0].startswith("each of its rows covers a week, and is spread")
    quarters = [("2026-01-01", "2026-03-31", 1), ("2026-04-01", "2026-06-30", 1)]
    assert noted(quarters)["sha1"][0].startswith("each of its rows covers several days")
    more = noted([*months, ("2026-03-02", "2026-03-31", 1)])
    assert more["sha1"][0].startswith("each of its rows covers several days")
    assert noted([*months, ("2026-03-02", None, 1)]) == {}
