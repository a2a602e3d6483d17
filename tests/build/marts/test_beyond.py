"""Marts built in PostgreSQL: equal to those built here, to the bit, and nothing half published."""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Callable, Collection, Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import duckdb
import psycopg
import pytest
from builders import default_agreement, write_core
from duckdb import DuckDBPyConnection as Connection
from hostile_company import contents, hostile
from small_agreements import agreement, other_agreement
from small_stores import salesforce_home

from smarketing.agreement import Agreement, load_home_agreement
from smarketing.analysis.health.report import checks
from smarketing.build import build
from smarketing.build.again.replay import Replay
from smarketing.build.erasing.forget import forget
from smarketing.build.marts import beyond, pulls
from smarketing.build.marts.beyond import build_marts_in
from smarketing.build.marts.order import build_marts
from smarketing.build.marts.pulls import Pulls
from smarketing.build.marts.staying import places_held
from smarketing.engine import open_engine
from smarketing.engine.compile import parse
from smarketing.engine.open_warehouse import open_warehouse
from smarketing.engine.postgres import PostgresWarehouse
from smarketing.engine.pulling import place_of
from smarketing.engine.warehouse import Warehouse, WarehouseError, shown
from smarketing.errors import UsageError
from smarketing.store import builds, elsewhere


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


@pytest.mark.parametrize(
    ("seed", "agreed"), [(1, default_agreement), (2, agreement), (3, other_agreement)]
)
def test_every_mart_of_a_hostile_company_is_equal_to_the_bit(
    server: str, seed: int, agreed: Callable[[], Agreement]
) -> None:
    chosen = agreed()
    tables = hostile(seed)
    here, there = duckdb.connect(":memory:"), duckdb.connect(":memory:")
    for connection in (here, there):
        write_core(connection, tables, chosen, dt.datetime(2026, 7, 1, 12))
    build_marts(here, chosen)
    with closing(open_warehouse(server)) as warehouse:
        marts = build_marts_in(warehouse, there, chosen, f"b9000{seed}", lambda _: None)
        warehouse.drop()
    for mart in marts:
        assert contents(here, mart) == contents(there, mart), mart
        assert any(contents(here, mart)), mart


def test_what_fails_is_not_published_and_leaves_nothing(
    server: str, demo_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = shutil.copytree(demo_home, tmp_path / "home")
    published = builds.published(home)
    schemas = "select schema_name from information_schema.schemata where schema_name like '%\\_b%'"
    before = ask(server, schemas)

    def broken(*_: Any) -> None:
        raise WarehouseError("The warehouse went away.")

    monkeypatch.setattr(pulls, "compare", broken)
    with pytest.raises(WarehouseError, match="went away"):
        build(home, on=server)
    assert builds.published(home) == published
    assert ask(server, schemas) == before


def test_marts_that_stay_there_are_asked_there_for_as_long_as_their_build_is_kept(
    server: str, demo_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = shutil.copytree(demo_home, tmp_path / "home")
    monkeypatch.setenv("SMARKETING_WAREHOUSE", server)
    monkeypatch.setenv("SMARKETING_LIVE_MARTS", "fct_touch,fct_journey")
    first = build(home).build_id
    agreement = load_home_agreement(home)
    with open_engine(home) as there, open_engine(demo_home) as here:
        assert [there._connection.execute(
            "select count(*) from duckdb_tables() where database_name = current_database() and "
            "table_name in ('fct_touch', 'fct_journey')"
        ).fetchall()] == [[(0,)]]  # fmt: skip
        touches = parse("select kind, side, count(*) as n from fct_touch group by 1, 2 "
                        "order by 3, 1, 2", "q")  # fmt: skip
        assert there.rows(touches) == here.rows(touches)
        assert checks(there, agreement) == checks(here, agreement)
        again = Replay(there, agreement, there.as_of_at, there.as_of_day, is_same_program=True)
        anew = again.on(["fct_touch", "fct_credit"])
        assert anew._live is None
        assert anew.rows(touches) == here.rows(touches)
    (place,) = places_held(home)
    assert place.startswith(f"smarketing_{first.replace('-', '_')}")
    schemas = "select schema_name from information_schema.schemata"
    publish_another(server, "b80011", places_held(home))
    assert (place,) in ask(server, schemas)
    with open_engine(home) as there:
        assert there.rows(touches)
        publish_another(server, "b80012", ())
        assert (place,) not in ask(server, schemas)
        with pytest.raises(WarehouseError, match="does not exist"):
            there.rows(touches)


def publish_another(server: str, build_id: str, held: Collection[str]) -> None:
    with closing(open_warehouse(server)) as warehouse:
        warehouse.prepare(build_id)
        connection = duckdb.connect(":memory:")
        connection.execute("create table m as select 1::bigint as a")
        beyond._push(warehouse, connection, "m")
        warehouse.publish(1, held)


def test_after_somebody_was_erased_no_earlier_build_stays_in_the_warehouse(
    server: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = salesforce_home(tmp_path)
    place = place_of(server)
    kept: list[tuple[int, int]] = []

    def seen(_self: Any, keep: int, held: Collection[str] = ()) -> None:
        kept.append((keep, len(held)))

    monkeypatch.setattr(PostgresWarehouse, "publish", seen)
    monkeypatch.setenv("SMARKETING_LIVE_MARTS", "fct_touch")
    build(home, on=server)
    with open_engine(home) as here:
        people = here.rows(parse("select email from dim_person where email like '%@%' "
                                 "order by 1 limit 2", "q"))  # fmt: skip
    erased = [str(one["email"]) for one in people]
    # Neither a home whose settings name no warehouse nor one that is away lets go of it silently.
    assert forget(home, erased[0]).elsewhere == (place,)
    with pytest.raises(UsageError, match=r"Builds in .* still hold people who were erased"):
        forget(home, erased[0])
    build(home, on=server)
    assert elsewhere.hold_erased(home) == ()

    def away(_address: str) -> Warehouse:
        raise WarehouseError("It is away.")

    monkeypatch.setenv("SMARKETING_WAREHOUSE", server)
    with monkeypatch.context() as patched:
        patched.setattr("smarketing.build.assemble.open_warehouse", away)
        assert forget(home, erased[1]).elsewhere == (place,)
    build(home)
    assert elsewhere.hold_erased(home) == ()
    assert kept == [(8, 0), (0, 0), (0, 0)]


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


def test_a_build_killed_there_leaves_the_published_one_and_goes_alone(server: str) -> None:
    def made(build_id: str, publish: bool) -> set[str]:
        with closing(open_warehouse(server)) as warehouse:
            warehouse.prepare(build_id)
            connection = duckdb.connect(":memory:")
            connection.execute(f"create table m as select '{build_id}' as a")
            beyond._push(warehouse, connection, "m")
            if publish:
                warehouse.publish(keep=1)
        return {name for (name,) in ask(server, "select nspname::text from pg_namespace")}

    theirs = {"smarketing_b2b", "smarketing_b20260701"}
    for schema in theirs:
        ask(server, f"create schema {schema}")
    made("b80006-0000000b", True)
    assert "smarketing_b80007_0000000b" in made("b80007-0000000b", False)
    assert ask(server, "select a from smarketing.m") == [("b80006-0000000b",)]
    left = made("b80008-0000000b", True)
    assert ask(server, "select a from smarketing.m") == [("b80008-0000000b",)]
    assert "smarketing_b80007_0000000b" not in left and theirs < left


@pytest.fixture
def many(server: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Warehouse, Connection]]:
    """A warehouse that holds 5,000 rows of the mart `fct_touch`, to be pulled in parts of 900."""
    monkeypatch.setattr(pulls, "ROWS", 900)
    monkeypatch.setattr(pulls, "mart_sql", lambda *_: "select * from given")
    connection = duckdb.connect(":memory:")
    connection.execute("attach ':memory:' as build")
    connection.execute("use build")
    connection.execute(
        "create table fct_touch as select i as a, case when i % 3 > 0 then 'é' || i end as b, "
        "i / 7 as c, date '2026-01-01' + i::int as d from range(5000) t(i)"
    )
    connection.execute("create view given as from fct_touch")
    with closing(open_warehouse(server)) as warehouse:
        warehouse.prepare("b80000-test")
        beyond._push(warehouse, connection, "fct_touch")
        connection.execute("create or replace view given as select 0::bigint as a, "
                           "'' as b, 0.0::double as c, date '2026-01-01' as d")  # fmt: skip
        yield warehouse, connection
        with suppress(WarehouseError):
            warehouse.drop()


def test_a_large_mart_comes_in_parts_that_make_it_up(many: tuple[Warehouse, Connection]) -> None:
    warehouse, connection = many
    whole = contents(connection, "fct_touch")
    assert len(warehouse.parts("fct_touch", 6)) > 3
    with Pulls(warehouse, connection) as pulled:
        pulled.begin(connection, "fct_touch", {})
        pulled.wait(["fct_touch", "another"])
    assert contents(connection, "fct_touch") == whole
    assert len(whole) == 5000


@pytest.mark.parametrize(
    "change",
    ["update {} set b = null where a = 4999", "delete from {} where a = 1",
     "insert into {} values (5000, 'x', 0, null)"],
)  # fmt: skip
def test_a_table_that_was_changed_under_the_pull_is_told(
    server: str, many: tuple[Warehouse, Connection], monkeypatch: pytest.MonkeyPatch, change: str
) -> None:
    warehouse, connection = many
    part = Pulls._part

    def slow(*given: Any) -> None:
        if "ctid >= '(0,0)'" in given[-1]:
            ask(server, change.format("smarketing_b80000_test.fct_touch"))
        part(*given)

    monkeypatch.setattr(pulls, "LINES", 1)
    monkeypatch.setattr(Pulls, "_part", slow)
    with (
        Pulls(warehouse, connection) as pulled,
        pytest.raises(WarehouseError, match=r"fct_touch is not what .* somebody changed it"),
    ):
        pulled.begin(connection, "fct_touch", {})
        pulled.wait()


def test_a_warehouse_that_goes_away_in_the_middle_of_a_pull_is_one_sentence(
    server: str, many: tuple[Warehouse, Connection], monkeypatch: pytest.MonkeyPatch
) -> None:
    warehouse, connection = many
    mine = vars(warehouse)["_connection"].info.backend_pid
    ended = (
        "select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid() "
        f"and backend_start >= (select backend_start from pg_stat_activity where pid = {mine})"
    )
    part = Pulls._part

    def cut(*given: Any) -> None:
        if "ctid <" not in given[-1]:
            ask(server, ended)
        part(*given)

    monkeypatch.setattr(Pulls, "_part", cut)
    with Pulls(warehouse, connection) as pulled:
        pulled.begin(connection, "fct_touch", {})
        with pytest.raises(
            WarehouseError, match=r"could not be read .*nothing was publish"
        ) as told:
            pulled.wait()
        with pytest.raises(WarehouseError, match="could not be read"):
            pulled.begin(connection, "fct_touch", {})
    assert "\n" not in str(told.value)


@pytest.mark.parametrize(
    ("word", "become"),
    [("insert", "nothing was published"), ("commit", "it may be published there, but not in")],
)
def test_a_server_that_goes_away_while_it_publishes_is_told_as_far_as_it_is_known(
    server: str, monkeypatch: pytest.MonkeyPatch, word: str, become: str
) -> None:
    publish_another(server, "b80020-0000000c", ())
    execute = psycopg.Connection.execute

    def cut(self: Any, query: Any, *given: Any) -> Any:
        if isinstance(query, str) and query.startswith(word):
            ask(server, f"select pg_terminate_backend({self.info.backend_pid})")
        return execute(self, query, *given)

    with monkeypatch.context() as patched:
        patched.setattr(psycopg.Connection, "execute", cut)
        with pytest.raises(WarehouseError, match=become):
            publish_another(server, "b80021-0000000c", ())
    published = "select build from smarketing.published order by at desc limit 1"
    assert ask(server, published) == [("smarketing_b80020_0000000c",)]
    publish_another(server, "b80022-0000000c", ())
    assert ask(server, published) == [("smarketing_b80022_0000000c",)]


def test_who_holds_what_is_published_open_ends_a_build_and_the_next_is_whole(
    server: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish_another(server, "b80030-0000000c", ())
    monkeypatch.setenv("SMARKETING_LOCK_WAIT_SECONDS", "0.1")
    published = "select build from smarketing.published order by at desc limit 1"
    with psycopg.connect(server) as reading:
        reading.execute("select * from smarketing.m")
        with pytest.raises(
            WarehouseError, match=r"another session has .* waited 0\.1 s: .*nothing was published"
        ):
            publish_another(server, "b80031-0000000c", ())
        assert ask(server, published) == [("smarketing_b80030_0000000c",)]
    assert ask(server, "select from pg_namespace where nspname ~ 'b80031'") == []
    publish_another(server, "b80032-0000000c", ())
    assert ask(server, published) == [("smarketing_b80032_0000000c",)]


def test_fewer_lines_do_where_the_server_gives_no_more(
    server: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pulls, "LINES", 9)
    for sql in (
        "drop schema if exists smarketing_b80009_test cascade",
        "drop role if exists narrow", "create role narrow login connection limit 6",
        "grant create on database postgres to narrow",
        "grant postgres to narrow",  # what other tests published there is then its own as well
    ):  # fmt: skip
        ask(server, sql)
    with closing(open_warehouse(server.replace("postgres:@", "narrow:@"))) as warehouse:
        ask(server, "create schema if not exists smarketing")
        warehouse.prepare("b80009-test")
        with Pulls(warehouse, duckdb.connect(":memory:")) as pulled:
            assert 1 <= len(pulled._readers) < 5
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


@pytest.mark.parametrize(
    ("said", "given"),
    [("", "128MB"), ("&options=-c%20work_mem%3D6MB", "6MB")],
    ids=["default", "own"],
)
def test_a_build_has_room_to_sort_in_unless_somebody_chose_another(
    server: str, said: str, given: str
) -> None:
    with closing(PostgresWarehouse(f"{server}{said}")) as warehouse:
        warehouse.prepare("roomy")
        warehouse.make("room", "select current_setting('work_mem') as given")
        assert warehouse.arrow("select given from room").to_pylist() == [{"given": given}]
        warehouse.drop()


def test_a_user_without_rights_a_dead_server_and_a_strange_address_are_one_sentence(
    server: str,
) -> None:
    ask(server, "drop role if exists reader")
    ask(server, "create role reader login; revoke create on database postgres from public")
    with (
        closing(open_warehouse(server.replace("postgres:@", "reader:@"))) as warehouse,
        pytest.raises(WarehouseError, match=r"may not (create schemas|publish there)"),
    ):
        warehouse.prepare("b80003-test")
    with pytest.raises(WarehouseError, match="could not be reached") as away:
        open_warehouse("postgresql://me:hush@127.0.0.1:1/x")
    assert "hush" not in str(away.value)
    with pytest.raises(UsageError, match="no warehouse"):
        open_warehouse("oracle://x/y")
    assert shown("postgresql://me:hush@host:5432/db?sslmode=x") == "postgresql://host:5432/db"
