"""The marts' statements: prepared once, kept by the code, the values of a build put in."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlglot

from smarketing.build.marts import statements as module
from smarketing.build.marts.statements import MartSql, mart_sql, prepared, statements
from smarketing.engine.compile import bind_literals, read_sql, sql_files
from smarketing.engine.per_engine import expand_helpers
from smarketing.errors import QueryError, UsageError

VALUES = {"zone": "it's", "day": dt.date(2026, 1, 2), "share": 0.5, "days": -3, "none": None}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Let statements be kept in a folder of the test's own, and none be known yet."""
    monkeypatch.setattr("smarketing.kept.user_cache_path", lambda _name: tmp_path / "caches")
    module._statements.cache_clear()
    yield tmp_path / "caches"
    module._statements.cache_clear()


def one_mart(monkeypatch: pytest.MonkeyPatch, sql: str, values: tuple[str, ...]) -> None:
    made = {"fct_one": MartSql(sql, values, ("touch",))}
    monkeypatch.setattr(module, "statements", lambda _engine="duckdb": made)


def same(sql: str) -> str:
    return sqlglot.parse_one(sql, read="duckdb").sql(dialect="duckdb")


def test_values_become_literals(monkeypatch: pytest.MonkeyPatch) -> None:
    marks = ", ".join(f"_value_of_{name}_here" for name in VALUES)
    one_mart(monkeypatch, f"select {marks}", tuple(VALUES))
    literals = "'it''s', CAST('2026-01-02' AS DATE), 0.5, -3, NULL"
    assert mart_sql("fct_one", VALUES) == f"select {literals}"
    elsewhere = mart_sql("fct_one", VALUES, "postgres")
    assert "CAST(0.5 AS DOUBLE PRECISION)" in elsewhere


def test_a_value_or_a_mart_that_is_not_known_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    one_mart(monkeypatch, "select _value_of_timezone_here", ("timezone",))
    with pytest.raises(QueryError, match=r"unknown value \$timezone.*'timezones'"):
        mart_sql("fct_one", {"timezones": "UTC"})
    with pytest.raises(UsageError, match=r"fct_two.*fct_one"):
        mart_sql("fct_two", {})


def test_every_mart_is_what_its_file_says_with_the_values_bound() -> None:
    for name in sql_files("marts"):
        made = prepared(name, "duckdb")
        tree = read_sql("marts", name, "duckdb")
        bind_literals(tree, {value: f"any {value}" for value in made.values})
        expected = expand_helpers(tree, "duckdb").sql(dialect="duckdb")
        filled = module._MARK.sub(lambda mark: f"'any {mark[1]}'", made.sql)
        assert same(filled) == same(expected), name


def test_what_was_prepared_is_kept_and_read_again(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = statements()
    [kept] = folder.iterdir()
    module._statements.cache_clear()
    monkeypatch.setattr(module, "prepared", lambda *_: pytest.fail("prepared a second time"))
    assert statements() == made
    assert kept.name.startswith("marts-duckdb-")


def test_what_cannot_be_read_is_prepared_anew(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = statements()
    monkeypatch.setattr(module, "prepared", lambda name, _engine: made[name])
    [kept] = folder.iterdir()
    for broken in ("", '{"fct_touch":'):
        kept.write_text(broken, encoding="utf-8")
        module._statements.cache_clear()
        assert statements() == made
