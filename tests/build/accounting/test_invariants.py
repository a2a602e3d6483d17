"""What does not add up in a build is named, and what does is let through; by hand."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import duckdb
import pytest

from smarketing.build.accounting.balances import _alone, _by_tables
from smarketing.build.accounting.invariants import check_invariants, check_rows
from smarketing.build.core.versions import _survivors
from smarketing.errors import StoreError

FILE = "select 'a.csv' as file, {} as rows, {} as used, {} as unused, {} as quarantined"
SOUND = {
    "file_info": FILE.format(5, 2, 2, 1),
    "touch": "select unnest([1, 2]) as id", "fct_touch": "select unnest([3, 4]) as id",
    "deal": "select unnest([5, null]) as amount", "fct_deal": "select unnest([2, 3]) as amount",
    "cost": "select null::int as amount", "fct_cost": "select 0 as amount",
    "fct_credit": "select 'won' as measure, 2 as first_credit, 1 as last_credit, "
                  "null as own_credit union all select 'won', 1, 2, 7 "
                  "union all select 'sql', 1, 1, 1",
}  # fmt: skip


def check(**odd: str | None) -> str | None:
    """What is said of a build with these tables in place of sound ones; without one for None."""
    with duckdb.connect() as connection:
        for name, sql in {**SOUND, **odd}.items():
            if sql is not None:
                connection.execute(f"create table {name} as {sql}")
        try:
            check_invariants(connection)
        except StoreError as error:
            return str(error)
    return None


@pytest.mark.parametrize(
    "odd",
    [
        {}, {"fct_touch": None}, {"fct_deal": None, "fct_cost": None}, {"fct_credit": None},
        {"fct_credit": "select 'won' as measure, 1 as first_credit, null::int as own_credit"},
        {"fct_credit": "select 'won' as measure, 1 as first_credit, 5 as other"},
        {"file_info": FILE.format(0, 0, 0, 0)},
    ],
)  # fmt: skip
def test_what_adds_up_is_let_through(odd: dict[str, str | None]) -> None:
    assert check(**odd) is None


@pytest.mark.parametrize(
    ("odd", "said"),
    [
        ({"file_info": FILE.format(6, 2, 2, 1)},
         "a.csv has 6 rows, but 2 used, 2 unused, 1 bad"),
        ({"file_info": FILE.format(1, 2, -1, 0)},
         "a.csv has 1 rows, but 2 used, -1 unused, 0 bad"),
        ({"fct_touch": "select unnest([1, 2, 3]) as id"}, "fct_touch has 3 rows, touch has 2"),
        ({"fct_deal": "select 5 as amount"}, "fct_deal has 1 rows, deal has 2"),
        ({"fct_cost": "select unnest([0, 0]) as amount"}, "fct_cost has 2 rows, cost has 1"),
        ({"fct_deal": "select unnest([2, 2]) as amount"}, "fct_deal has 4 minor units, deal has 5"),
        ({"fct_cost": "select 1 as amount"}, "fct_cost has 1 minor units, cost has 0"),
        ({"fct_credit": "select 'won' as measure, 2 as first_credit, 1 as last_credit"},
         "last_credit of won adds up to 1, first_credit to 2"),
    ],
)  # fmt: skip
def test_what_does_not_add_up_is_named(odd: dict[str, str | None], said: str) -> None:
    found = check(**odd)
    assert found is not None and said in found


def test_a_mart_that_is_elsewhere_has_a_row_per_record() -> None:
    with duckdb.connect() as connection:
        connection.execute(f"create table touch as {SOUND['touch']}")
        check_rows(connection, "fct_touch", 2)
        check_rows(connection, "fct_unit", 9)
        with pytest.raises(StoreError, match="fct_touch has 3 rows, touch has 2"):
            check_rows(connection, "fct_touch", 3)


@pytest.mark.parametrize(
    ("direct", "found"),
    [
        ({}, []),
        ({("deal", "a"): "b"}, [("deal", "a", "b")]),
        ({("deal", "a"): "b", ("deal", "b"): "c"}, [("deal", "a", "c"), ("deal", "b", "c")]),
        ({("deal", "a"): "b", ("deal", "b"): "a"}, []),
        ({("deal", "a"): "b", ("deal", "b"): "c", ("deal", "c"): "b"}, []),
        ({("deal", "a"): "b", ("lead", "b"): "c"}, [("deal", "a", "b"), ("lead", "b", "c")]),
    ],
)
def test_chains_of_merges_are_followed_to_their_end(
    direct: dict[tuple[str, str], str], found: list[tuple[str, str, str]]
) -> None:
    assert _survivors(direct) == found


def source(**selects: Any) -> Any:
    made = {
        table: [SimpleNamespace(object=name, core_table=table, sql=sql) for name, sql in group]
        for table, group in selects.items()
    }
    spend = SimpleNamespace(spend=object())
    plain = SimpleNamespace(spend=None)
    return SimpleNamespace(selects=made, objects={"ads": spend, "acts": plain, "deals": plain})


PLAIN, JOINED = "select a from t", "select a from t join u on true"


def test_selects_that_take_rows_one_by_one_and_are_alone() -> None:
    crm = source(
        deal=[("deals", PLAIN), ("acts", JOINED)], cost=[("bills", PLAIN)],
        lead=[("people", PLAIN)], person=[("people", PLAIN)],
    )  # fmt: skip
    assert [(one.core_table, one.object) for one in _alone(crm)] == [("deal", "deals")]


def test_files_are_grouped_by_the_tables_that_they_fill() -> None:
    crm = source(
        cost=[("ads", "")], campaign=[("ads", "")], touch=[("acts", ""), ("deals", "")],
        person=[("acts", "")], deal=[("deals", "")],
    )  # fmt: skip
    named = [("crm", "ads"), ("crm", "acts"), ("crm", "deals"), ("crm", None), ("no", "ads"),
             ("crm", "ads")]  # fmt: skip
    files = [
        SimpleNamespace(file_id=number, source=of, object=name)
        for number, (of, name) in enumerate(named)
    ]
    assert _by_tables(files, {"crm": crm}) == {
        ("cost",): [0, 5], ("touch",): [1], ("touch", "deal"): [2],
    }  # fmt: skip
