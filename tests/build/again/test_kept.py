"""What of a build before is kept: told by hand, table by table."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import duckdb
import pytest

from smarketing.build.again import carry
from smarketing.build.again.renew import PARTS, Earlier, Mart, Part, fingerprint
from smarketing.engine.compile import sql_files
from smarketing.sources import builtin_sources
from smarketing.store.schema import core_tables


@pytest.fixture
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as found:
        found.execute("attach ':memory:' as build; use build")
        yield found


def earlier(**said: Any) -> Earlier:
    given = {"files": 2, "rows": {}, "params": {}, "prints": {}, "maps": (), "dangling": ()}
    return Earlier(**(given | said))


def test_a_table_is_told_by_its_rows_whatever_their_order(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    def told(rows: str) -> object:
        connection.execute(f"create or replace table t as from (values {rows}) t(a, b)")
        return fingerprint(connection, "t")

    whole = told("(1, 'x'), (2, 'y')")
    assert told("(2, 'y'), (1, 'x')") == whole
    others = [
        told("(1, 'x'), (2, 'z')"), told("(1, 'x')"), told("(1, 'x'), (2, 'y'), (2, 'y')"),
        told("(1, 'x'), (1, 'x')"), told("(2, 'y'), (2, 'y')"), told("(1, 'y'), (2, 'x')"),
    ]  # fmt: skip
    assert whole not in others and len({str(each) for each in others}) == len(others)


def test_a_core_table_changed_or_has_more_beside_all_that_it_had(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    rows = {"same": 2, "more": 2, "less": 2, "other": 2}
    files = {"same": (1, 2), "more": (1, 2, 3), "less": (1,), "other": (1, 3)}
    for name, numbers in files.items():
        values = ", ".join(f"({number})" for number in numbers)
        connection.execute(f"create table {name} as from (values {values}) t(_file_id)")
    found = earlier(rows=rows)
    has_more = {name for name in rows if found.has_more(connection, name)}
    assert has_more == {"more", "less"}
    found.find_rows(connection)
    assert found.changed == {"more", "less", "other"} and found.grown == {"more"}


def test_a_map_that_has_more_values_is_as_it_was(connection: duckdb.DuckDBPyConnection) -> None:
    for name, was, now in (("map_a", "(1), (2)", "(1), (2), (3)"), ("map_b", "(1)", "(2), (3)")):
        connection.execute(f"create temp table was_{name} as from (values {was}) t(a)")
        connection.execute(f"create table {name} as from (values {now}) t(a)")
    for name in ("p", "q"):
        connection.execute(f"create table {name} as select 1 as a")
    prints = {name: fingerprint(connection, name) for name in ("p", "q")}
    connection.execute("insert into q values (2)")
    found = earlier(prints=prints, maps=("map_a", "map_b"), changed={"x"})
    found.find_changes(connection)
    assert found.changed == {"x", "q", "map_b"}


def mart(connection: duckdb.DuckDBPyConnection, made: list[str], sql: str, **said: Any) -> Mart:
    """Return the mart `m` of the table `core`; whenever it is made as a whole that is noted."""

    def make() -> None:
        made.append("m")
        connection.execute(f"create or replace table m as {sql.format(**said)}")

    def sql_of(name: str, params: Mapping[str, Any]) -> str:
        assert name == "m"
        return sql.format(**params)

    return Mart("m", frozenset({"core", "side"}), said, make, sql_of)


def test_a_mart_is_made_again_where_what_it_reads_or_says_changed(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    connection.execute("create table core as from (values (1), (2)) t(a)")
    sql = "select a from core where a < {most}"
    connection.execute(f"create table m as {sql.format(most=9)}")
    for params, changed, is_made, differs in (
        ({"most": 9}, {"elsewhere"}, False, False),
        ({"most": 9}, {"core"}, True, False),
        ({"most": 9, "unused": 1}, set(), False, False),
        ({"most": 2}, set(), True, True),
    ):
        made: list[str] = []
        found = earlier(params={"most": 9}, changed=set(changed))
        found.renew(connection, mart(connection, made, sql, **params))
        assert (made == ["m"], "m" in found.changed) == (is_made, differs)
    no_select = Mart("m", frozenset({"core"}), {"most": 1}, lambda: made.append("x"), None)
    found = earlier(params={"most": 9})
    found.renew(connection, no_select)
    assert made == ["m"], "what is no SELECT is made with no values"


@pytest.mark.parametrize(
    ("said", "is_part"),
    [
        ({}, True),
        ({"changed": {"touch", "side"}}, False),
        ({"follows": "core", "changed": {"core"}}, False),
        ({"follows": "core", "changed": {"core"}, "followed": {"core"}}, True),
        ({"many": 2}, False),
        ({"most": 50}, False),
        ({"as_of": 7}, True),
        ({"as_of": 7, "past_as_of": False}, False),
    ],
)
def test_of_a_mart_that_follows_a_table_only_the_keys_that_came_are_made_again(
    connection: duckdb.DuckDBPyConnection,
    monkeypatch: pytest.MonkeyPatch,
    said: dict[str, Any],
    is_part: bool,
) -> None:
    name = said.get("follows", "touch")
    for table in dict.fromkeys(("touch", name)):
        connection.execute(f"create table {table} as select range as k, 0 as v from range(10)")
    connection.execute("create table m as select k, 5 as v from touch")
    connection.execute(f"create table again as select range as k from range({said.get('many', 1)})")
    finds: list[object] = []
    part = Part(name, "touch", "k", "again", lambda *given: finds.append(given[2]),
                said.get("past_as_of", True))  # fmt: skip
    monkeypatch.setitem(PARTS, "m", part)
    made: list[str] = []
    sql = "select k, v from touch where k < {most} and {as_of_at} > 0"
    params = {"most": said.get("most", 99), "as_of_at": said.get("as_of", 3)}
    one = mart(connection, made, sql, **params)
    one = Mart("m", frozenset({"touch", "core", "side"}), params, one.make, one.sql_of)
    found = earlier(params={"most": 99, "as_of_at": 3}, changed=set(said.get("changed", {"touch"})),
                    followed=set(said.get("followed", ())))  # fmt: skip
    found.renew(connection, one)
    assert (made == []) == is_part and ("m" in found.followed) == is_part
    assert "m" in found.changed
    values = connection.execute("select v, count(*) from m group by v order by v").fetchall()
    assert values == ([(0, 1), (5, 9)] if is_part else [(0, 10)])
    assert finds == ([params] if is_part or "many" in said else [])


def test_the_files_of_a_build_are_the_first_of_those_to_build(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(carry, "landing_hash", lambda files, _: "".join(f.file for f in files))
    files = cast("Any", [SimpleNamespace(file=name, tables=range(count))
                         for name, count in (("a", 1), ("b", 2), ("c", 0), ("d", 1))])  # fmt: skip
    for tables, landed, begins in (
        (1, "a", True), (3, "ab", True), (3, "abc", False), (2, "ab", False), (4, "abcd", True),
        (3, "ax", False), (5, "abcd", False), (0, "", False),
    ):  # fmt: skip
        assert carry._begins(files, tables, landed, {}) == begins


def test_a_file_adds_rows_where_its_select_takes_them_one_by_one() -> None:
    sources = builtin_sources()

    def adds(object_: str | None, *closed: str, source: str = "generic", column: str = "x") -> bool:
        table = SimpleNamespace(columns=(column,))
        file = SimpleNamespace(source=source, object=object_, table=table)
        return carry._adds_rows(cast("Any", file), sources, set(closed))

    assert adds("touch") and not adds("touch", "touch") and adds("touch", "lead")
    assert not adds(None) and not adds("touch", source="gone")
    assert not adds("touch", column="_fivetran_deleted")
    deleting = [(name, kind) for name, source in sources.items() if not source.names_spend
                for kind, item in source.objects.items() if item.deleted]  # fmt: skip
    assert deleting and not any(adds(kind, source=name) for name, kind in deleting)
    spending = [(name, kind) for name, source in sources.items() if source.names_spend
                for kind in source.objects]  # fmt: skip
    assert spending and not any(adds(kind, source=name) for name, kind in spending)


def files_of(objects: Sequence[str]) -> list[Any]:
    table = SimpleNamespace(columns=("x",))
    return [SimpleNamespace(source="generic", object=name, table=table) for name in objects]


def test_a_build_is_carried_where_nothing_but_files_came(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two files are in the build: one of an export of the second of May, one without its day."""
    at = dt.datetime(2026, 5, 2)
    held, sources = duckdb.connect(), builtin_sources()

    def carried(
        *objects: str, agreement: str = "a", code: str = "c", live: object = None, **ended: str
    ) -> carry.Carried | None:
        info = SimpleNamespace(agreement_hash=agreement, code_hash=code, landing_hash="f1 f2")
        held.execute("create or replace table file_info (_file_id int, as_of_at timestamp)")
        held.execute("insert into file_info values (1, ?), (2, null)", [at])
        held.execute('create or replace table record_alias ("table" text)')
        held.execute("create or replace table gone_record (table_name text)")
        for name, how in (("record_alias", "merged"), ("gone_record", "gone")):
            held.execute(
                f"insert into {name} select unnest(?)", [[ended[how]] if how in ended else []]
            )
        for name, value in (
            ("open_build", lambda _: held),
            ("build_info", lambda _: info),
            ("live_in", lambda _: live),
            ("code_hash", lambda: "c"),
            ("landing_hash", lambda files, _: " ".join(file.name for file in files)),
        ):
            monkeypatch.setattr(carry, name, value)
        landed = [SimpleNamespace(name=f"f{n + 1}", tables="t") for n in range(len(objects))]
        files = files_of(objects)
        return carry.find_carried(Path("b"), "a", cast("Any", landed), {}, files, sources)

    assert carried("lead", "lead", "touch") == carry.Carried(Path("b"), 2, {1: at})
    assert carried("lead", "lead") == carry.Carried(Path("b"), 2, {1: at}), "nothing came"
    assert carried("member", "record_alias", "touch"), "what was there before is not looked at"
    assert carry.find_carried(None, "a", [], {}, [], sources) is None
    assert carried("lead", "lead", "touch", agreement="b") is None
    assert carried("lead", "lead", "touch", code="d") is None
    assert carried("lead", "lead", "touch", live="a warehouse") is None
    assert carried("lead") is None, "a file of the build is gone"
    assert carried("lead", "lead", "touch", merged="touch") is None
    assert carried("lead", "lead", "touch", gone="touch") is None
    assert carried("lead", "lead", "touch", merged="lead", gone="lead")
    assert carried("lead", "lead", "lead", "record_alias") is None
    assert carried("lead", "lead", "lead", "member") is None


def test_what_is_known_of_the_build_before_is_noted_before_its_tables_are_filled(
    connection: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in ("carry", "renew"):
        monkeypatch.setattr(f"smarketing.build.again.{module}.core_tables",
                            lambda: {"lead": None, "touch": None})  # fmt: skip
    monkeypatch.setattr(carry, "_KEPT", {"lead", "touch", "quarantine"})
    monkeypatch.setattr(carry, "mart_params", lambda _: {"currency": "EUR"})
    for name in ("lead", "quarantine", "map_a", "agreement_stage", *carry._WRITTEN_NEW):
        connection.execute(f"create table {name} as from (values (1), (2)) t(a)")
    connection.execute("create table touch (a int)")
    agreed = fingerprint(connection, "agreement_stage")
    connection.execute("create schema elsewhere; use elsewhere")
    found = carry.keep_core(connection, 7)
    assert (found.files, found.rows, found.params) == (
        7, {"lead": 2, "touch": 0}, {"currency": "EUR"}
    )  # fmt: skip
    assert (set(found.maps), found.dangling) == ({"map_a"}, [(1,), (2,)])
    assert set(found.prints) == {"agreement_stage", *carry._WRITTEN_NEW}
    assert found.prints["agreement_stage"] == agreed
    left = connection.execute("select table_name from duckdb_tables() where not temporary")
    kept = {"lead", "touch", "quarantine", "map_a", "agreement_stage"}
    assert {name for (name,) in left.fetchall()} == kept
    for name in ("lead", "touch"):
        assert [each[0] for each in connection.execute(f"from {name}").description or ()] == [
            "a", "_bad"
        ]  # fmt: skip
    for name in carry._WRITTEN_NEW:
        connection.execute(f"create table build.main.{name} as from (values (2), (1)) t(a)")
    connection.execute("insert into map_a values (3); delete from map_a where a = 1")
    found.find_changes(connection)
    assert found.changed == {"map_a"}, "its copy holds what it was"


def test_touches_are_made_again_that_came_or_lie_past_either_date_and_units_with_them(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    """Files 1 and 2 were there; t3 came. t4 lies past the earlier date, t5 past the present one."""
    connection.execute("create schema if not exists main; use build.main")
    connection.execute("create table touch as from (values ('t1', 1), ('t2', 2), ('t3', 3), "
                       "('t4', 1), ('t5', 1)) t(touch_id, _file_id)")  # fmt: skip
    connection.execute(
        "create table fct_touch as from (values ('t1', 'p1', 'l1', 'a1', 1), "
        "('t2', 'p2', null, 'a2', 5), ('t4', null, 'l4', 'a4', 6), ('t5', 'p5', null, 'a5', 9))"
        " t(touch_id, person_id, lead_id, account_id, occurred_at)"
    )

    def again(was: int, now: int) -> set[str]:
        PARTS["fct_touch"].finds(earlier(params={"as_of_at": was}), connection, {"as_of_at": now})  # type: ignore[misc]
        return {name for (name,) in connection.execute("from touch_again").fetchall()}

    assert again(8, 9) == {"t3", "t5"}
    assert again(9, 8) == {"t3", "t5"}
    assert again(9, 9) == {"t3"}
    assert again(5, 9) == {"t3", "t4", "t5"}
    touched = connection.execute("select account_id from touched order by 1").fetchall()
    assert touched == [("a4",), ("a5",)], "t3 is not in the mart yet"
    connection.execute("insert into fct_touch values ('t3', null, null, 'a3', 2)")
    connection.execute("create table fct_unit_person as from (values (1, 'p5'), (2, 'p1')) "
                       "t(unit_number, person_id)")  # fmt: skip
    connection.execute(
        "create table fct_unit as from (values (1, null, 'x'), (2, 'l1', 'x'), (3, 'l4', 'a9'), "
        "(4, null, 'a3'), (5, null, 'a5'), (6, null, 'a4')) t(unit_number, lead_id, account_id)"
    )
    PARTS["fct_journey"].finds(earlier(), connection, {})  # type: ignore[misc]
    units = connection.execute("from unit_again order by 1").fetchall()
    assert units == [(1,), (3,), (4,), (6,)], "by person, by lead, by an account without a person"


def test_each_mart_in_part_follows_a_core_table_or_another_and_reads_its_driver_once() -> None:
    files = sql_files("marts")
    earlier_parts: set[str] = set()
    for name, part in PARTS.items():
        sql = files[name][""].read_text(encoding="utf-8")
        assert part.follows in (core_tables().keys() | earlier_parts)
        assert all(re.search(rf"\b{table}\b", sql) for table in (part.follows, part.driver))
        assert part.key in sql and len(re.findall(rf"\b(?:from|join) {part.driver} as\b", sql)) == 1
        assert part.finds is not None or part.keys in {PARTS[n].keys for n in earlier_parts}
        earlier_parts.add(name)
