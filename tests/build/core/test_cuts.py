"""How rows of spend are taken down: which of their columns name account and campaign."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import duckdb
import pytest

from smarketing.build.core.spend_rows import SPEND_ROWS, _Cut, _insert, note_spend
from smarketing.build.core.views import MAIN, _cells

ROWS = [(1, "c1", "Fair", "a1", "Acme"), (2, " ", "Mail", "Total", " n/a ")]


def taken_down(campaign: tuple[str, ...], account: tuple[str, ...]) -> list[tuple[Any, ...]]:
    """Account, its name, campaign's name, whether named alone, and parts, of both rows."""
    spend = SimpleNamespace(
        campaign=campaign, account=account, platform=None, by=(), cut_by=lambda: ()
    )
    table = SimpleNamespace(columns=())
    file = SimpleNamespace(file_id=7, object="costs", source="ads", table=table)
    cut = _Cut(cast(Any, file), cast(Any, spend), campaign, campaign, ())
    with duckdb.connect() as connection:
        connection.execute("attach ':memory:' as build")
        connection.execute(
            "create table costs (_file_id int, _row int, campaign_id text, campaign text, "
            "account_id text, account text)"
        )
        connection.executemany("insert into costs values (7, ?, ?, ?, ?, ?)", ROWS)
        connection.execute("insert into costs values (8, 1, 'other', 'file', null, null)")
        connection.execute(
            f"create table {MAIN}.cost as select _file_id, _row, date '2026-01-01' as incurred_on, "
            "null::date as covers_until, null::text as campaign_id from costs"
        )
        connection.execute(SPEND_ROWS)
        _insert(connection, cut)
        return connection.execute(
            "select account_id, account_name, campaign_name, is_named from spend_row order by _row"
        ).fetchall()


@pytest.mark.parametrize(
    ("campaign", "named"),
    [
        (("campaign_id", "campaign"), [("Fair", False), ("Mail", True)]),
        (("campaign_id",), [(None, False), (None, False)]),
        (("campaign",), [(None, False), (None, False)]),
        ((), [(None, False), (None, False)]),
    ],
)
def test_of_two_columns_the_last_names_the_campaign_where_the_id_is_missing(
    campaign: tuple[str, ...], named: list[tuple[str | None, bool]]
) -> None:
    found = taken_down(campaign, ("account_id", "account"))
    assert [row[2:] for row in found] == named


def test_an_account_is_its_id_and_then_its_name_and_a_total_is_none() -> None:
    both = taken_down(("campaign_id",), ("account_id", "account"))
    assert [row[:2] for row in both] == [("a1", "Acme"), (None, None)]
    assert [row[:2] for row in taken_down((), ("account",))] == [("Acme", None), (None, None)]
    assert [row[:2] for row in taken_down((), ())] == [(None, None), (None, None)]


def test_cells_are_rows_by_columns_of_every_file() -> None:
    files = [
        SimpleNamespace(table=SimpleNamespace(rows=n, columns=["c"] * m))
        for n, m in ((2, 3), (5, 1))
    ]
    assert _cells(cast(Any, files)) == 11


def test_a_file_of_no_object_or_without_spend_is_not_taken_down() -> None:
    source = SimpleNamespace(objects={"deals": SimpleNamespace(spend=None)})
    files = [SimpleNamespace(object=name) for name in (None, "deals")]
    with duckdb.connect() as connection:
        note_spend(connection, cast(Any, source), cast(Any, files), {})
        assert connection.execute("select count(*) from spend_row").fetchall() == [(0,)]
