"""What another engine would read otherwise than DuckDB is written for it, and nothing else."""

from __future__ import annotations

import duckdb
import pytest
import sqlglot

from smarketing.engine.dialects import BLANKS, settled


@pytest.mark.parametrize(
    ("sql", "written"),
    [
        ("select 0.5", "SELECT CAST(0.5 AS DOUBLE)"),
        ("select a * 1.5 + 2", "SELECT a * CAST(1.5 AS DOUBLE) + 2"),
        ("select cast(0.5 as double)", "SELECT CAST(0.5 AS DOUBLE)"),
        ("select cast(0.5 as int)", "SELECT CAST(CAST(0.5 AS DOUBLE) AS INT)"),
        ("select 1, '0.5', 'a'", "SELECT 1, '0.5', 'a'"),
    ],
)
def test_a_fraction_is_a_double_elsewhere(sql: str, written: str) -> None:
    assert settled(sqlglot.parse_one(sql, read="duckdb"), "postgres").sql("duckdb") == written
    here = sqlglot.parse_one(sql, read="duckdb")
    assert settled(here.copy(), "duckdb") == here


def test_blanks_of_every_kind_are_trimmed_elsewhere_as_here() -> None:
    every = [chr(number) for number in range(1, 0x3100)]
    with duckdb.connect() as connection:
        found = [
            sign
            for sign in every
            if connection.execute("select trim(?)", [sign]).fetchall() == [("",)]
        ]
    assert found == [*BLANKS]
    sql = "select trim(a) as a, trim(a, 'x') as b"
    there = settled(sqlglot.parse_one(sql, read="duckdb"), "spark").sql("spark")
    assert there == f"SELECT TRIM('{BLANKS}' FROM a) AS a, TRIM('x' FROM a) AS b"


def test_what_helpers_are_made_of_is_settled_too() -> None:
    tree = sqlglot.parse_one(
        "select campaign_key(a) as a, seconds_between(b, c) as d", read="duckdb"
    )
    there = settled(tree, "spark").sql("spark")
    assert there.startswith("SELECT LOWER(TRANSLATE(REPLACE(")
    assert "/ CAST(1000000.0 AS DOUBLE)" in there


def test_capitals_are_written_small_by_one_sign_each_in_spark() -> None:
    tree = sqlglot.parse_one("select lower(a) as a", read="duckdb")
    assert settled(tree.copy(), "postgres") == tree
    there = settled(tree, "spark").sql("spark")
    assert there == "SELECT LOWER(TRANSLATE(a, 'İΣ', 'iσ')) AS a"
    with duckdb.connect() as connection:
        assert connection.execute("select lower('İΣ Σ')").fetchall() == [("iσ σ",)]


def test_what_has_no_value_is_neither_first_nor_last_in_spark() -> None:
    tree = sqlglot.parse_one("select first_by(a, b) as a, last_by(a, b) as b", read="duckdb")
    there = settled(tree, "spark").sql("spark")
    assert there.count("FILTER(WHERE NOT a IS NULL)") == 2
    with duckdb.connect() as connection:
        rows = "from (values (null, 1), (2, 2), (3, 3), (null, 4)) t(a, b)"
        found = connection.execute(f"select arg_min(a, b), arg_max(a, b) {rows}").fetchall()
    assert found == [(2, 3)]
