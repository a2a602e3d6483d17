"""What of a build before is kept: told by hand, table by table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import SimpleNamespace
from typing import Any, cast

import duckdb
import pytest

from smarketing.build.again import carry
from smarketing.build.again.renew import PARTS, Earlier, Mart, Part, fingerprint
from smarketing.sources import builtin_sources


@pytest.fixture
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as found:
        found.execute("attach ':memory:' as build; use build")
        yield found


def earlier(**said: Any) -> Earlier:
    given = {"files": 2, "rows": {}, "params": {}, "prints": {}, "maps": (), "dangling": ()}
    return Earlier(**(given | said))


def test_a_table_is_told_by_its_rows_and_columns_whatever_their_order(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    def told(rows: str, names: str = "a, b") -> object:
        connection.execute(f"create or replace table t as from (values {rows}) t({names})")
        return fingerprint(connection, "t")

    whole = told("(1, 'x'), (2, 'y')")
    assert told("(2, 'y'), (1, 'x')") == whole
    others = [
        told("(1, 'x'), (2, 'z')"), told("(1, 'x')"), told("(1, 'x'), (2, 'y'), (2, 'y')"),
        told("(1, 'x'), (1, 'x')"), told("(2, 'y'), (2, 'y')"), told("(1, 'x'), (2, 'y')", "a, c"),
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
