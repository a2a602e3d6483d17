"""Marts built in Spark: equal to those built here, and published by one row."""

from __future__ import annotations

import datetime as dt
import re
import subprocess
import sys
from contextlib import closing, nullcontext, suppress
from copy import copy
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import quote

import duckdb
import pyarrow as pa
import pytest
from builders import default_agreement, write_core
from hostile_company import contents, hostile

from smarketing.build.marts import beyond, pulls
from smarketing.build.marts.beyond import build_marts_in
from smarketing.build.marts.order import build_marts
from smarketing.engine.open_warehouse import open_warehouse
from smarketing.engine.pulling import Got, Since, Wanted, open_origin
from smarketing.engine.warehouse import Warehouse, WarehouseError, shown, spoken
from smarketing.errors import SourceError, UsageError


@pytest.mark.spark
@pytest.mark.slow
def test_every_mart_of_a_hostile_company_is_equal_to_the_bit(spark: Warehouse) -> None:
    agreement = default_agreement()
    here, there = duckdb.connect(":memory:"), duckdb.connect(":memory:")
    for connection in (here, there):
        write_core(connection, hostile(4), agreement, dt.datetime(2026, 7, 1, 12))
    build_marts(here, agreement)
    marts = build_marts_in(spark, there, agreement, "b90004", lambda _: None)
    spark.drop()
    fading = "select * replace (round(decay_share, 12) as decay_share) from fct_credit"
    for connection in (here, there):
        connection.execute(f"create or replace table fct_credit as {fading}")
    for mart in marts:
        assert contents(here, mart) == contents(there, mart), mart
        assert any(contents(here, mart)), mart


def made(spark: Warehouse, build_id: str) -> None:
    connection = duckdb.connect(":memory:")
    connection.execute(f"create table m as select 'it''s \\ {build_id}' as \"a b\", 1::bigint as n")
    connection.execute("create table empty as from m limit 0")
    spark.prepare(build_id)
    beyond._push(spark, connection, "m")
    beyond._push(spark, connection, "empty")


PUBLISHED = "select build from smarketing.published order by at desc, build desc"


def read(spark: Warehouse, sql: str) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = spark.arrow(sql).to_pylist()
    return rows


@pytest.mark.spark
def test_what_is_published_is_one_row_and_what_was_killed_goes_after_a_day(
    spark: Warehouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    made(spark, "b1-killed")
    made(spark, "b2-x")
    read(spark, f"create table {spark.place}.gone as select 1 as a")
    spark.publish(keep=1)
    assert read(spark, "select a from smarketing.gone") == [{"a": 1}]
    made(spark, "b2-x")
    spark.publish(keep=1)
    assert read(spark, "select build from smarketing.published") == [{"build": "smarketing_b2_x_2"}]
    assert read(spark, "show views in smarketing like 'gone'") == []
    read(spark, "create view smarketing.own as select n from smarketing.m")
    assert read(spark, "select * from smarketing.m") == [{"a b": "it's \\ b2-x", "n": 1}]
    assert read(spark, "select count(*) as n from smarketing.empty") == [{"n": 0}]
    schemas = "show schemas like 'smarketing_b*'"
    kept = [{"namespace": "smarketing_b1_killed"}, {"namespace": "smarketing_b2_x_2"}]
    assert read(spark, schemas) == kept
    monkeypatch.setattr("smarketing.engine.spark._UNFINISHED_SECONDS", -1)
    made(spark, "b3")
    spark.drop()
    made(spark, "b4")
    spark.publish(keep=2)
    kept = [{"namespace": "smarketing_b2_x_2"}, {"namespace": "smarketing_b4"}]
    assert read(spark, schemas) == kept
    monkeypatch.undo()
    made(spark, "b5-killed")
    made(spark, "b6")
    read(spark, "create schema smarketing_b2b")
    spark.publish(keep=0)
    kept = [{"namespace": "smarketing_b2b"}, {"namespace": "smarketing_b6"}]
    assert read(spark, schemas) == kept
    read(spark, "drop schema smarketing_b2b")
    assert read(spark, "select n from smarketing.own") == [{"n": 1}]
    read(spark, "drop view smarketing.own")


@pytest.mark.spark
@pytest.mark.parametrize("is_killed", [False, True])
def test_builds_that_an_earlier_version_listed_stay_published(
    spark: Warehouse, monkeypatch: pytest.MonkeyPatch, is_killed: bool
) -> None:
    made(spark, "b80-gone")
    spark.publish(keep=0)
    spark.drop()
    for build_id in ("b81", "b82", "b83"):
        made(spark, build_id)
    rows = ", ".join(f"('smarketing_b8{n}', timestamp '2026-03-0{n} 10:00:00')" for n in (2, 3, 1))
    listing = "create or replace view smarketing.published as select build, at from values "
    read(
        spark, f"{listing} {rows}, ('smarketing_b80_gone', timestamp '2026-03-01') as t (build, at)"
    )
    read(spark, "create or replace view smarketing.m as select * from smarketing_b83.`m`")
    monkeypatch.setattr("smarketing.engine.spark._UNFINISHED_SECONDS", -1)
    made(spark, "b84")
    lead = vars(type(spark))["_lead"]

    def killed(self: Warehouse, schema: str) -> None:
        if schema == "smarketing_b84":
            raise KeyboardInterrupt
        lead(self, schema)

    if is_killed:
        monkeypatch.setattr(type(spark), "_lead", killed)
    with pytest.raises(KeyboardInterrupt) if is_killed else nullcontext():
        spark.publish(keep=2, held={"smarketing_b81"})
    left = ["b83", "b82", "b81"] if is_killed else ["b84", "b83", "b81"]
    assert [row["build"] for row in read(spark, PUBLISHED)] == [f"smarketing_{n}" for n in left]
    assert {row["namespace"] for row in read(spark, "show schemas like 'smarketing_b8*'")} == {
        f"smarketing_{n}" for n in left
    }
    assert read(spark, "select `a b` from smarketing.m") == [{"a b": f"it's \\ {left[0]}"}]
    monkeypatch.undo()
    made(spark, "b85")
    spark.publish(keep=0)


@pytest.mark.spark
@pytest.mark.parametrize(
    ("is_away", "become"),
    [(False, "^$"), (True, r"be published in \(.*gone\); .* others the one before")],
)
def test_a_publication_that_fails_midway_is_taken_back_or_told(
    spark: Warehouse, monkeypatch: pytest.MonkeyPatch, is_away: bool, become: str
) -> None:
    made(spark, "b11")
    spark.publish(keep=1)
    before = read(spark, "select build, at from smarketing.published")
    made(spark, "b12")
    run = vars(type(spark))["_run"]

    def failing(self: Warehouse, sql: str) -> None:
        if "view smarketing.`m`" in sql and (is_away or "_b12.`m`" in sql):
            raise (OSError("gone") if is_away else KeyboardInterrupt)
        run(self, sql)

    with monkeypatch.context() as patched:
        patched.setattr(type(spark), "_run", failing)
        with pytest.raises((WarehouseError, KeyboardInterrupt), match=become):
            spark.publish(keep=1)
    assert read(spark, "select build, at from smarketing.published") == before
    if not is_away:
        assert read(spark, "select * from smarketing.m") == [{"a b": "it's \\ b11", "n": 1}]
        assert read(spark, "show schemas like 'smarketing_b12'") == []
    spark.drop()


@pytest.mark.spark
def test_a_publication_killed_at_any_statement_shows_one_build_whole(
    spark: Warehouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    def build(build_id: str) -> None:
        connection = duckdb.connect(":memory:")
        spark.prepare(build_id)
        for name in ("k", "m"):
            connection.execute(f"create or replace table {name} as select '{build_id}' as a")
            beyond._push(spark, connection, name)

    run = vars(type(spark))["_run"]
    left = 99

    def killed(self: Warehouse, sql: str) -> None:
        nonlocal left
        left -= 1
        if left < 0:
            raise KeyboardInterrupt
        run(self, sql)

    build("b40")
    spark.publish(keep=1)
    shown = []
    # The third is marked as published, but listed by nobody: what is shown stays what it was.
    for number, lived in enumerate((0, 1, 3, 1, 2, 4, 5), 1):
        build(f"b4{number}")
        left = lived
        with monkeypatch.context() as patched, suppress(KeyboardInterrupt):
            patched.setattr(type(spark), "_run", killed)
            spark.publish(keep=9)
        [[newest], *_] = [[*row.values()] for row in read(spark, PUBLISHED)]
        rows = "select a from smarketing.k union all select a from smarketing.m"
        assert read(spark, rows) == [{"a": str(newest).removeprefix("smarketing_")}] * 2
        shown.append(str(newest)[-1])
    assert shown == ["0", "0", "0", "0", "0", "6", "7"]


@pytest.mark.spark
@pytest.mark.parametrize("is_stopped", [False, True])
def test_who_publishes_while_another_does_leaves_the_views_to_the_later(
    spark: Warehouse, monkeypatch: pytest.MonkeyPatch, is_stopped: bool
) -> None:
    made(spark, "b13")
    spark.publish(keep=1)
    another = copy(spark)
    made(another, "b15")
    made(spark, "b14")
    run = vars(type(spark))["_run"]
    waiting = [another]

    def slow(self: Warehouse, sql: str) -> None:
        if self is spark and sql.endswith("smarketing_b14.`m`") and waiting:
            waiting.pop().publish(keep=3)
            if is_stopped:
                raise KeyboardInterrupt
        run(self, sql)

    with monkeypatch.context() as patched:
        patched.setattr(type(spark), "_run", slow)
        with pytest.raises(KeyboardInterrupt) if is_stopped else nullcontext():
            spark.publish(keep=3)
    [newest, *_] = read(spark, "select build from smarketing.published")
    assert newest == {"build": "smarketing_b15"}
    assert read(spark, "select * from smarketing.m") == [{"a b": "it's \\ b15", "n": 1}]
    another.drop()
    spark.drop()
    made(spark, "b16")
    spark.publish(keep=9)
    listed = [str(row["build"])[-3:] for row in read(spark, PUBLISHED)]
    assert listed[0] == "b16" and not {"b14", "b15"} & {*listed}


@pytest.mark.spark
def test_of_two_that_publish_at_the_same_moment_both_are_listed(
    spark: Warehouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    run, places = (vars(type(spark))[name] for name in ("_run", "_places"))
    step = 0

    def between(self: Warehouse) -> None:
        nonlocal step
        if self is spark:
            step -= 1
            if step == 0:
                another.publish(keep=9)

    def running(self: Warehouse, sql: str) -> None:
        between(self)
        run(self, sql)

    def looking(self: Warehouse) -> list[str]:
        found: list[str] = places(self)
        between(self)  # what it saw is old by now
        return found

    monkeypatch.setattr(type(spark), "_run", running)
    monkeypatch.setattr(type(spark), "_places", looking)
    # Before it says that it is published, before it lists what it saw then, and before it leads.
    for first in (4, 6, 7):
        another = copy(spark)
        made(another, f"b5{first}-another")
        made(spark, f"b5{first}")
        step = first
        spark.publish(keep=9)
        assert step < 0
        listed = [row["build"] for row in read(spark, PUBLISHED)]
        assert {*listed[:2]} == {f"smarketing_b5{first}{end}" for end in ("", "_another")}
        [shown] = read(spark, "select `a b` from smarketing.m")
        assert re.sub(r"\W", "_", str(shown["a b"])).endswith(str(listed[0])[len("smarketing") :])


@pytest.mark.spark
def test_a_place_that_another_builder_took_meanwhile_is_left_to_it(
    spark: Warehouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    made(spark, "b7")
    another = copy(spark)
    vars(another)["_schema"] = ""
    with monkeypatch.context() as patched:
        patched.setattr(type(spark), "_names", lambda *_: [])
        with pytest.raises(WarehouseError, match="could not be built in"):
            another.prepare("b7")
    another.drop()
    assert read(spark, "select n from smarketing_b7.m") == [{"n": 1}]
    spark.drop()


@pytest.mark.spark
def test_a_table_that_was_changed_under_the_pull_is_told(spark: Warehouse) -> None:
    made(spark, "b5")
    connection = duckdb.connect(":memory:")
    connection.execute("create table m as select 'it''s \\ b5' as \"a b\", 2::bigint as n")
    types = {"a b": "VARCHAR", "n": "BIGINT"}
    with pytest.raises(WarehouseError, match="somebody changed it"):
        pulls.compare(connection, "m", types, pulls.checks_of(spark, "m", types))
    with pytest.raises(WarehouseError, match=r"could not make x \(\[TABLE_OR_VIEW_NOT_FOU"):
        spark.make("x", "select 1 as a from nowhere")
    spark.drop()


KINDS = """
    select i as a, case when i % 3 > 0 then 'é' || i end as "b c", i::integer as small,
        (i * 10::hugeint ** 20)::hugeint as huge, i / 3 as part, i % 2 = 0 as flag,
        date '2026-01-31' + i::integer as day, (i + 0.25)::decimal(9, 2) as money,
        timestamp '2026-03-29 02:30:00.000001' + to_days(i::integer) as at
    from range({rows}) t(i)
"""


@pytest.mark.spark
@pytest.mark.parametrize("is_asked", [False, True])
@pytest.mark.parametrize("rows", [0, 50])
def test_a_mart_comes_as_it_is_by_its_files_and_where_it_is_asked(
    spark: Warehouse, monkeypatch: pytest.MonkeyPatch, is_asked: bool, rows: int
) -> None:
    if is_asked:
        monkeypatch.setattr(type(spark), "_folder_here", lambda _: None)
    monkeypatch.setattr(pulls, "ROWS", 20)
    kinds = KINDS.format(rows=rows)
    monkeypatch.setattr(pulls, "mart_sql", lambda *_: kinds)
    connection = duckdb.connect(":memory:")
    connection.execute(f"create table k as {kinds}")
    whole = contents(connection, "k")
    spark.prepare("b8")
    spark.arrow("set spark.sql.files.maxRecordsPerFile = 20")
    beyond._push(spark, connection, "k")
    spark.make("m", "select * from k")
    spark.arrow("reset spark.sql.files.maxRecordsPerFile")
    parts = [len(spark.parts("m", count)) for count in (2, 3, 9)]
    if rows:
        assert parts == ([2, 3, 3] if is_asked else [3, 3, 3])
    with pulls.Pulls(spark, connection) as pulled:
        pulled.begin(connection, "m", {})
        pulled.wait()
    assert (contents(connection, "m"), len(whole)) == (whole, rows)
    spark.drop()


@pytest.mark.spark
def test_a_table_of_many_numbers_is_not_held_in_memory_whole_to_be_joined(
    spark: Warehouse,
) -> None:
    """Its files are small, and its rows are not: ten million touches did not fit."""
    spark.prepare("b00071_5")
    few = pa.table({"n": pa.array(range(9), pa.int64())})
    many = pa.table({"n": pa.array(range(300_000), pa.int64())})
    for name, rows in {"few": few, "many": many}.items():
        spark.write(name, {"n": "BIGINT"}, rows)
    joins = "explain select * from many a join {} b on a.n = b.n"
    plans = [str(spark.arrow(joins.format(name)).to_pylist()) for name in ("few", "many")]
    assert ["Broadcast" in plan for plan in plans] == [True, False]
    spark.drop()


@pytest.mark.spark
def test_a_file_of_a_mart_that_is_broken_is_told(spark: Warehouse) -> None:
    made(spark, "b8")
    for file in spark.parts("m", 1):
        assert isinstance(file, Path)
        file.write_bytes(b"PAR1")
    connection = duckdb.connect(":memory:")
    connection.execute("create table m as select '' as \"a b\", 0::bigint as n limit 0")
    types = {"a b": "VARCHAR", "n": "BIGINT"}
    with pulls.Pulls(spark, connection) as pulled:
        [file] = spark.parts("m", 1)
        with pytest.raises(WarehouseError, match=r"part-0.parquet, of the warehouse, cannot be r"):
            pulled._part("m", types, file)
    spark.drop()


TYPES = """
    create table kinds as select 1.50 as n, cast(0 as decimal(38, 18)) as zero, 7 as big,
        array(1, null) as list, named_struct('a', 'x') as record, X'DEAD' as bytes,
        timestamp_ltz'2026-03-29 02:30:00 Europe/Paris' as at,
        timestamp_ntz'2026-03-29 02:30:00' as bare, date'2026-01-31' as day, true as flag,
        interval 3 days as span, 'it''s' as `a b`
"""


@pytest.mark.spark
def test_tables_and_queries_are_pulled_with_their_types(
    spark: Warehouse, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    module = pytest.importorskip("smarketing.engine.pulling.spark")
    monkeypatch.setattr(module, "begun", lambda _address: vars(spark)["_session"])
    monkeypatch.setattr(module, "ended", lambda _session: None)
    spark.prepare("b6_types")
    read(spark, TYPES)
    target = tmp_path / "x.parquet"
    with closing(open_origin("sc://host:443/;token=hush")) as origin:
        with pytest.raises(UsageError, match="Did you mean 'smarketing_b6_types'"):
            origin.tables("smarketing_b6_typos")
        (kinds,) = origin.tables("smarketing_b6_types")
        assert (origin.count(kinds), origin.columns(kinds)[-1]) == (1, "a b")
        assert origin.pull(kinds, target, None, None).rows == 1
        with duckdb.connect() as connection:
            connection.execute("set TimeZone = 'UTC'")
            sql = f"select columns(*)::varchar from '{target}'"
            (found,) = connection.execute(sql).fetchall()
        assert found == (
            *("1.5", "0", "7", "[1,null]", '{"a":"x"}', "dead", "2026-03-29 01:30:00+00"),
            *("2026-03-29 02:30:00", "2026-01-31", "true", "INTERVAL '3' DAY", "it's"),
        )
        assert origin.pull(kinds, target, Since("at"), None).reached == "2026-03-29 01:30:00"
        later = Since("at", "2026-03-29 01:30:01")
        assert origin.pull(kinds, target, later, None) == Got(0, later.after)
        with pytest.raises(SourceError, match="cannot be followed by a b: it is text"):
            origin.pull(kinds, target, Since("a b"), None)
        wrong = Wanted("q", "", "drop table kinds", False)
        with pytest.raises(SourceError, match=r"query q\.sql of sc://host:443/ could not") as error:
            origin.pull(wrong, target, None, None)
        assert "hush" not in str(error.value) and "\n" not in str(error.value)
    spark.drop()


@pytest.mark.spark
def test_a_cluster_is_reached_by_a_session_of_ones_own_and_told_soon_where_it_is_away(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    module = pytest.importorskip("smarketing.engine.spark_session")
    monkeypatch.setattr(module, "_TRIED_AGAIN", 1)
    closed = []
    with monkeypatch.context() as patched:
        patched.setattr(module.weakref, "finalize", lambda *given: closed.append(given))
        one, another = (module._remote(f"sc://127.0.0.1:{port}") for port in (1, 2))
    assert one.session_id != another.session_id
    # Before a program ends, not as its last: there a channel is waited for without end.
    assert closed == [(each, each.client.close) for each in (one, another)]
    with pytest.raises(WarehouseError, match=r"127\.0\.0\.1:1/ could not be reached \(.*refused"):
        open_warehouse("sc://127.0.0.1:1/;token=hush")
    assert capfd.readouterr().err == ""


@pytest.mark.parametrize("sign", ["\\", "?", "*", "[", "{", ";"])
def test_a_folder_that_spark_would_take_for_a_pattern_is_refused(sign: str) -> None:
    module = pytest.importorskip("smarketing.engine.spark_session")
    with pytest.raises(UsageError, match=re.escape(f"it takes {sign} for something else")):
        module.begun(f"spark:///srv/a{quote(sign)}b/tables")


def test_a_folder_that_cannot_be_made_or_written_to_is_told_before_spark_starts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("pyspark")
    (tmp_path / "file").touch()
    with pytest.raises(WarehouseError, match=r"could not be reached \(.*file"):
        open_warehouse(f"spark://{tmp_path}/file/tables")
    monkeypatch.setattr("os.access", lambda *_: False)
    with pytest.raises(WarehouseError, match="tables cannot be written to"):
        open_warehouse(f"spark://{tmp_path}/tables")


def test_a_spark_that_broke_is_let_go_and_the_next_is_started_anew(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    module = pytest.importorskip("smarketing.engine.spark_session")
    context = pytest.importorskip("pyspark").SparkContext
    gone = subprocess.Popen(["true"], stdin=subprocess.PIPE)

    def refused() -> None:
        raise ConnectionRefusedError

    broken = SimpleNamespace(stop=refused, shutdown=refused, proc=gone)
    for name in ("_gateway", "_jvm", "_active_spark_context"):
        monkeypatch.setattr(context, name, broken)
    module.ended(broken)
    assert (context._gateway, context._jvm, context._active_spark_context) == (None, None, None)
    assert gone.returncode == 0


def test_what_a_server_said_is_taken_out_of_the_drivers_words() -> None:
    lines = '<_InactiveRpcError of RPC that:\n status = StatusCode.{}\n details = "{}"\n>'
    refused, silent = lines.format("UNAVAILABLE", 'no "x"'), lines.format("CANCELLED", "")
    java = "An error occurred while calling o32.sql.\n: java.lang.OutOfMemoryError: heap\n\tat x"
    assert [spoken(text) for text in (refused, silent, java, "one\ntwo", "")] == [
        *('no "x"', "CANCELLED", "java.lang.OutOfMemoryError: heap", "one", ""),
    ]


def test_an_address_of_spark_is_told_without_its_token(monkeypatch: pytest.MonkeyPatch) -> None:
    assert shown("sc://host:443/;token=hush;x-databricks-cluster-id=1") == "sc://host:443/"
    monkeypatch.setitem(sys.modules, "smarketing.engine.spark", None)
    monkeypatch.setitem(sys.modules, "smarketing.engine.pulling.spark", None)
    for opening in (open_warehouse, open_origin):
        with pytest.raises(UsageError, match=r"pip install 'smarketing\[spark\]'"):
            opening("sc://host:443/;token=hush;x-databricks-cluster-id=1")
