"""Marts built in PostgreSQL: equal to those built here, to the bit, and nothing half published."""

from __future__ import annotations

import datetime as dt
import shutil
from contextlib import closing
from pathlib import Path
from typing import Any

import duckdb
import psycopg
import pytest
from builders import default_agreement, write_core
from hostile_company import contents, hostile

from smarketing.build import build
from smarketing.build.marts import beyond
from smarketing.build.marts.beyond import build_marts_in
from smarketing.build.marts.order import build_marts
from smarketing.engine.open_warehouse import open_warehouse
from smarketing.engine.warehouse import WarehouseError, shown
from smarketing.errors import UsageError
from smarketing.store import builds


def ask(server: str, sql: str) -> list[tuple[Any, ...]]:
    with psycopg.connect(server, autocommit=True) as connection:
        answer = connection.execute(sql)  # type: ignore[call-overload]
        return answer.fetchall() if answer.description else []


def test_every_mart_of_the_demo_company_is_equal_to_the_bit(
    server: str, demo_home: Path, tmp_path: Path
) -> None:
    home = shutil.copytree(demo_home, tmp_path / "home")
    before = builds.published(home)
    report = build(home, on=server)
    after = builds.published(home)
    assert before is not None and after is not None and after.stem == report.build_id
    assert len(report.marts) >= 51
    with closing(duckdb.connect(":memory:")) as connection:
        for name, file in (("here", before), ("there", after)):
            connection.execute(f"attach '{file}' as {name} (read_only)")
        for mart in report.marts:
            ours, theirs = f'here."{mart}"', f'there."{mart}"'
            columns = "select column_name, data_type from duckdb_columns() where table_name = ?"
            types = connection.execute(f"{columns} and database_name = 'here'", [mart]).fetchall()
            assert (
                types
                == connection.execute(f"{columns} and database_name = 'there'", [mart]).fetchall()
            )
            (differing,) = connection.execute(
                f"select (select count(*) from (from {ours} except all from {theirs})) + "
                f"(select count(*) from (from {theirs} except all from {ours}))"
            ).fetchall()[0]
            assert differing == 0, mart
    (published,) = ask(server, "select build from smarketing.published order by at desc limit 1")
    assert published[0].endswith(report.build_id.replace("-", "_"))
    (deals,) = ask(server, "select count(*) from smarketing.fct_deal")
    assert deals[0] > 300


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_every_mart_of_a_hostile_company_is_equal_to_the_bit(server: str, seed: int) -> None:
    agreement = default_agreement()
    tables = hostile(seed)
    here, there = duckdb.connect(":memory:"), duckdb.connect(":memory:")
    for connection in (here, there):
        write_core(connection, tables, agreement, dt.datetime(2026, 7, 1, 12))
    build_marts(here, agreement)
    with closing(open_warehouse(server)) as warehouse:
        marts = build_marts_in(warehouse, there, agreement, f"b9000{seed}", lambda _: None)
        warehouse.drop()
    for mart in marts:
        assert contents(here, mart) == contents(there, mart), mart
    assert any(contents(here, "fct_credit"))


def test_what_fails_is_not_published_and_leaves_nothing(
    server: str, demo_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = shutil.copytree(demo_home, tmp_path / "home")
    published = builds.published(home)
    schemas = "select schema_name from information_schema.schemata order by 1"
    before = ask(server, schemas)

    def broken(*_: Any) -> None:
        raise WarehouseError("The warehouse went away.")

    monkeypatch.setattr(beyond, "_compare", broken)
    with pytest.raises(WarehouseError, match="went away"):
        build(home, on=server)
    assert builds.published(home) == published
    assert ask(server, schemas) == before


def test_builds_of_one_name_from_two_homes_do_not_meet(server: str) -> None:
    kept = []
    for amount in (1, 2):
        with closing(open_warehouse(server)) as warehouse:
            warehouse.prepare("b80005-test")
            connection = duckdb.connect(":memory:")
            connection.execute(f"create table m as select {amount}::bigint as a")
            beyond._push(warehouse, connection, "m")
            warehouse.publish(keep=2)
        kept.append(ask(server, "select a from smarketing.m"))
    assert kept == [[(1,)], [(2,)]]
    assert ask(server, "select a from smarketing_b80005_test.m") == [(1,)]
    assert ask(server, "select a from smarketing_b80005_test_2.m") == [(2,)]


def test_a_build_killed_in_the_warehouse_leaves_the_published_one(server: str) -> None:
    def made(build_id: str, publish: bool) -> None:
        with closing(open_warehouse(server)) as warehouse:
            warehouse.prepare(build_id)
            connection = duckdb.connect(":memory:")
            connection.execute(f"create table m as select '{build_id}' as a")
            beyond._push(warehouse, connection, "m")
            if publish:
                warehouse.publish(keep=1)

    orphans = "select 1 from information_schema.schemata where schema_name = 'smarketing_b80007'"
    made("b80006", True)
    made("b80007", False)
    assert ask(server, "select a from smarketing.m") == [("b80006",)]
    assert ask(server, orphans)
    made("b80008", True)
    assert ask(server, "select a from smarketing.m") == [("b80008",)]
    assert not ask(server, orphans)


def test_a_table_that_was_changed_under_the_pull_is_told(server: str) -> None:
    with closing(open_warehouse(server)) as warehouse:
        warehouse.prepare("b80000-test")
        connection = duckdb.connect(":memory:")
        connection.execute("create table m as select 1::bigint as a, 'x' as b")
        beyond._push(warehouse, connection, "m")
        types = {"a": "BIGINT", "b": "VARCHAR"}
        beyond._compare(warehouse, connection, "m", types)
        ask(server, "update smarketing_b80000_test.m set a = 2")
        with pytest.raises(WarehouseError, match="somebody changed it"):
            beyond._compare(warehouse, connection, "m", types)
        warehouse.drop()


def test_a_second_builder_waits_and_is_told(server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SMARKETING_LOCK_WAIT_SECONDS", "0.3")
    with closing(open_warehouse(server)) as first, closing(open_warehouse(server)) as second:
        first.prepare("b80001-test")
        with pytest.raises(
            WarehouseError, match=r"Another build is being made.*; waited 0\.3 s\. "
        ):
            second.prepare("b80002-test")
        first.drop()


def test_a_user_without_rights_a_dead_server_and_a_strange_address_are_one_sentence(
    server: str,
) -> None:
    ask(server, "drop role if exists reader")
    ask(server, "create role reader login; revoke create on database postgres from public")
    with (
        closing(open_warehouse(server.replace("postgres:@", "reader:@"))) as warehouse,
        pytest.raises(WarehouseError, match="may not create schemas"),
    ):
        warehouse.prepare("b80003-test")
    with pytest.raises(WarehouseError, match="could not be reached") as away:
        open_warehouse("postgresql://me:hush@127.0.0.1:1/x")
    assert "hush" not in str(away.value)
    with pytest.raises(UsageError, match="no warehouse"):
        open_warehouse("oracle://x/y")
    assert shown("postgresql://me:hush@host:5432/db?sslmode=x") == "postgresql://host:5432/db"
