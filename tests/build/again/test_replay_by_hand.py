"""What a replay makes anew, told of a build of four marts of a few rows each."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import duckdb
import pytest

from smarketing.build.again import replay as replaying
from smarketing.build.again.replay import Replay, TooManyRowsError
from smarketing.errors import QueryError

READS = {
    "plain": frozenset({"lead"}),
    "aged": frozenset({"lead"}),
    "above": frozenset({"aged"}),
    "ruled": frozenset({"agreement_rule", "dim_date"}),
}
SQL = {
    "plain": "select id from lead",
    "aged": "select id, date '{day}' >= date '2026-06-10' as is_late from lead",
    "above": "select count(*) as leads from aged where is_late",
    "ruled": "select rule, week from agreement_rule, dim_date",
}
LEADS = [(0,), (1,), (2,), (3,)]


class Toy:
    """A build of the first of June, and how a program makes its marts; `made` tells which."""

    def __init__(self, path: Path, *, says_by_what: bool = True) -> None:
        self.path, self.made = path, list[str]()
        self.rule, self.week, self.sql = "r", 1, dict(SQL)
        with duckdb.connect(str(path)) as connection:
            connection.execute("create table lead as select range as id from range(4)")
            connection.execute("create table build_info as select timestamp '2026-06-01' as "
                               "as_of_at, date '2026-06-01' as as_of_day")  # fmt: skip
            connection.execute("create table live_mart (mart text)")
            self.write_given(connection)
            for name in SQL:
                self._make(connection, name, "2026-06-01")
            if says_by_what:
                connection.execute("create table mart_made (mart text, made_by text)")
                told = [(name, self.made_by(name, {"day": "2026-06-01"})) for name in SQL]
                connection.executemany("insert into mart_made values (?, ?)", told)

    def at(self, day: int, *, is_same_program: bool = True) -> Replay:
        engine = cast("Any", SimpleNamespace(build_id="b1", path=str(self.path)))
        at = dt.datetime(2026, 6, day)
        return Replay(engine, cast("Any", self), at, at.date(), is_same_program=is_same_program)

    def made_by(self, name: str, params: dict[str, str]) -> str:
        return self.sql[name].format(**params)

    def params(self, connection: Any) -> dict[str, str]:
        [(day,)] = connection.execute("select as_of_day from build_info").fetchall()
        return {"day": str(day)}

    def make(self, connection: Any, name: str, agreement: object, params: dict[str, str]) -> None:
        assert agreement is self
        self.made.append(name)
        self._make(connection, name, params["day"])

    def _make(self, connection: Any, name: str, day: str) -> None:
        connection.execute(f"create table {name} as {self.made_by(name, {'day': day})}")

    def write_dates(self, connection: Any, _agreement: object = None) -> None:
        connection.execute(f"create or replace table dim_date as select {self.week} as week")

    def write_given(self, connection: Any, _agreement: object = None) -> None:
        self.write_dates(connection)
        connection.execute(f"create or replace table agreement_rule as select '{self.rule}' rule")


@pytest.fixture
def toy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Toy:
    return used(Toy(tmp_path / "b.duckdb"), monkeypatch)


def used(toy: Toy, monkeypatch: pytest.MonkeyPatch) -> Toy:
    """Let a replay run the toy's marts."""
    for name, value in {
        "DuckDBEngine": lambda cursor: cursor,
        "core_tables": lambda: {"lead": None},
        "given_tables": lambda _: {"lead", "build_info", "dim_date", "agreement_rule"},
        "mart_reads": lambda: READS,
        "mart_params": toy.params,
        "made_by": toy.made_by,
        "make_mart": toy.make,
        "write_given": toy.write_given,
        "write_dates": toy.write_dates,
    }.items():
        monkeypatch.setattr(replaying, name, value)
    return toy


def ask(replay: Replay, mart: str) -> list[tuple[Any, ...]]:
    cursor = cast("Any", replay.on([mart]))
    return cast("list[tuple[Any, ...]]", cursor.execute(f"from {mart} order by all").fetchall())


@pytest.mark.parametrize("is_same_program", [True, False])
def test_on_its_own_day_all_of_a_build_is_as_it_was(toy: Toy, is_same_program: bool) -> None:
    replay = toy.at(1, is_same_program=is_same_program)
    assert (ask(replay, "plain"), ask(replay, "above"), ask(replay, "ruled")) == (
        LEADS, [(0,)], [("r", 1)]
    )  # fmt: skip
    assert toy.made == [] and replay._changed == set()


@pytest.mark.parametrize(("day", "made", "late"), [(9, ["aged"], 0), (10, ["aged", "above"], 4)])
def test_of_another_day_what_asks_for_it_is_made_and_what_is_made_of_what_changed(
    toy: Toy, day: int, made: list[str], late: int
) -> None:
    """A mart that comes out as it was reaches nothing; none is made that nobody asks for."""
    replay = toy.at(day)
    assert ask(replay, "plain") == LEADS and toy.made == []
    assert ask(replay, "above") == [(late,)] and ask(replay, "above") == [(late,)]
    assert toy.made == made and replay._changed == (set(made) if late else set())
    assert ask(replay, "dim_date") == [(1,)], "what is no mart is there as well"


def test_dates_that_differ_reach_what_reads_them(toy: Toy) -> None:
    toy.week, toy.rule = 2, "other"
    replay = toy.at(1)
    assert replay._changed == {"dim_date"}, "its own program has the rules it had"
    assert ask(replay, "ruled") == [("r", 2)] and toy.made == ["ruled"]


def test_another_program_writes_its_rules_anew(toy: Toy) -> None:
    toy.rule = "other"
    replay = toy.at(1, is_same_program=False)
    assert replay._changed == {"agreement_rule"}
    assert ask(replay, "ruled") == [("other", 1)] and toy.made == ["ruled"]
    assert ask(replay, "above") == [(0,)] and toy.made == ["ruled"]


def test_another_statement_is_run_on_what_is_there(toy: Toy) -> None:
    toy.sql["plain"] = "select id + 1 as id from lead"
    replay = toy.at(1, is_same_program=False)
    assert ask(replay, "plain") == [(1,), (2,), (3,), (4,)] and toy.made == ["plain"]


def test_a_build_that_does_not_say_by_what_it_was_made_is_made_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    toy = used(Toy(tmp_path / "b.duckdb", says_by_what=False), monkeypatch)
    replay = toy.at(1)
    assert ask(replay, "above") == [(0,)] and toy.made == ["aged", "above"]
    assert replay._changed == set()


def test_what_stayed_in_a_warehouse_is_made_here(toy: Toy) -> None:
    with duckdb.connect(str(toy.path)) as connection:
        connection.execute("drop table plain")
    replay = toy.at(1)
    assert ask(replay, "plain") == LEADS and toy.made == ["plain"]
    assert replay._changed == {"plain"}
    with pytest.raises(duckdb.CatalogException):
        replay._connection.execute("from live_mart")


def test_so_many_rows_are_read_and_no_more(toy: Toy, monkeypatch: pytest.MonkeyPatch) -> None:
    """`aged` reads the four leads, and `above` the four rows of `aged`: eight."""
    monkeypatch.setattr(replaying, "MOST_ROWS", 8)
    assert ask(toy.at(10), "above") == [(4,)]
    monkeypatch.setattr(replaying, "MOST_ROWS", 7)
    replay = toy.at(10)
    assert ask(replay, "plain") == LEADS, "what is not made reads nothing"
    with pytest.raises(TooManyRowsError, match=r"^Build b1 has too many rows to be made again\.$"):
        replay.on(["above"])


def test_what_this_program_cannot_read_is_said_with_the_build(toy: Toy) -> None:
    toy.sql["plain"] = "select nothing from lead"
    with pytest.raises(QueryError, match=r"^Build b1 cannot be made again: Binder Error"):
        toy.at(1).on(["plain"])
    with duckdb.connect(str(toy.path)) as connection:
        connection.execute("drop table build_info")
    with pytest.raises(QueryError, match=r"^Build b1 cannot be made again: Catalog Error"):
        toy.at(1)
