"""How rows of spend are taken down: which of their columns name account and campaign."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any, cast

import duckdb
import pytest

from smarketing.build.core.spend_rows import SPEND_ROWS, _Cut, _insert, _names, note_spend
from smarketing.build.core.views import MAIN, _cells
from smarketing.sources.spend import Spend

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


def cut(campaign: str, columns: str, by: str = "", hidden: tuple[str, ...] = ()) -> _Cut:
    spend = Spend(campaign=campaign.split(), by=[part.split("/") for part in by.split()])
    file = SimpleNamespace(file_id=7, object="costs")
    return _Cut(cast(Any, file), spend, tuple(columns.split()), ("B", "a b"), ("C_c",), hidden)


@pytest.mark.parametrize(
    ("found", "breakdowns"),
    [
        (cut("id name", "id name"), 2),
        (cut("id name", "id"), 2),
        (cut("id name", "name"), 1),
        (cut("name", "name"), 2),
        (cut("name", ""), 0),
        (cut("", ""), 0),
        (cut("name", "name device", "device set_id/set"), 3),
        (cut("name", "name set", "device set_id/set"), 3),
        (cut("name", "name", "device", ("x", "y")), 4),
    ],
)
def test_a_cut_is_finer_the_more_it_is_broken_down(found: _Cut, breakdowns: int) -> None:
    assert found.breakdowns == breakdowns


def test_a_cut_is_told_by_its_headers_in_any_order_and_its_rows_by_its_parts() -> None:
    found = cut("name", "name set", "device set_id/set", ("x",))
    assert found.shape == "costs|ab|b|cc"
    assert found.parts == [("set_id", "set"), ("x",)] and found.rows.startswith('"costs" v join')
    unnamed = replace(found, file=cast(Any, SimpleNamespace(file_id=7, object=None)))
    assert unnamed.shape == "|ab|b|cc" and unnamed.rows.endswith("v._file_id = 7")


@pytest.mark.parametrize(
    ("header", "value", "named"),
    [
        ("Set ID", "1", True), ("adsetId", "1", True), ("Ids", "1", True), 
        ("Hour of day", "1", True),
        ("Hour", "1", True), ("Stunde", "1", True), ("Hours", "1", False), ("Idea", "1", False),
        ("Paid", "1", False), ("x", "1.5", False), ("x", "- € 1,234.50", False), 
        ("x", "12%", False),
        ("x", "(1)", False), ("x", "EUR 5", False), ("x", "2026-01-05 10:00", False),
        ("x", "2026-01-05", True), ("x", "mobile", True), ("x", "total", False), ("x", None, False),
    ],
)  # fmt: skip
def test_a_strange_column_names_something_or_counts(
    header: str, value: str | None, named: bool
) -> None:
    with duckdb.connect() as connection:
        connection.execute("attach ':memory:' as build")
        connection.execute(
            f'create table costs as select 7 as _file_id, 1 as _row, 1 as "{header}"'
        )
        connection.execute(f'alter table costs alter "{header}" type text')
        connection.execute(f'update costs set "{header}" = ?', [value])
        connection.execute(f"create table {MAIN}.cost as select _file_id, _row from costs")
        assert _names(connection, cut("name", "name"), header) is named
