"""Text in PostgreSQL: compared by its bytes, its letters told apart as DuckDB does."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

import psycopg
import pytest

from smarketing.engine import postgres
from smarketing.engine.postgres import PostgresWarehouse
from smarketing.engine.warehouse import WarehouseError


@pytest.fixture
def warehouse(server: str) -> Iterator[PostgresWarehouse]:
    with closing(PostgresWarehouse(server)) as warehouse:
        yield warehouse


def test_words_of_a_mart_itself_are_ordered_and_written_small_as_its_columns_are(
    warehouse: PostgresWarehouse,
) -> None:
    warehouse.prepare("b80030-text")
    warehouse.make("m", "select 'ÄPFEL' as a, 'b' as \"the B\", 1 as n")
    warehouse.make("small", 'select lower(a) as a, "the B" || a as b from m')
    assert warehouse.arrow("select a, b from small").to_pylist() == [{"a": "äpfel", "b": "bÄPFEL"}]
    collations = (
        "select distinct collation_name from information_schema.columns "
        f"where table_schema = '{warehouse.place}' and data_type = 'text'"
    )
    assert warehouse._names(collations) == ["pg_c_utf8"]
    warehouse.drop()


def test_a_server_that_knows_no_letters_beyond_z_is_refused(
    warehouse: PostgresWarehouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgres, "_COLLATIONS", ["pg_nothing"])
    with pytest.raises(WarehouseError, match=r"small letters .* PostgreSQL 17 .* nothing was pub"):
        warehouse.prepare("b80031-text")
    assert warehouse.place == ""


def test_a_database_that_cannot_hold_every_letter_is_refused(server: str) -> None:
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute("drop database if exists western")
        connection.execute(
            "create database western template template0 encoding 'LATIN1' locale 'C'"
        )
    there = server.replace("/postgres?", "/western?")
    with (
        closing(PostgresWarehouse(there)) as western,
        pytest.raises(WarehouseError, match=r"written in LATIN1, .* nothing was published"),
    ):
        western.prepare("b80032-text")


def test_a_backslash_is_one_whatever_was_chosen_for_the_database(server: str) -> None:
    with closing(PostgresWarehouse(f"{server}&options=-c%20standard_conforming_strings%3Doff")) as (
        warehouse
    ):
        warehouse.prepare("b80033-text")
        warehouse.make("m", r"select 'back\nslash' as a")
        read = r"select a, 'x\y' as b from m"
        assert warehouse.arrow(read).to_pylist() == [{"a": r"back\nslash", "b": r"x\y"}]
        warehouse.drop()


def test_letters_are_those_of_the_build_whatever_was_chosen_for_the_session(server: str) -> None:
    with closing(PostgresWarehouse(f"{server}&client_encoding=latin1")) as warehouse:
        warehouse.prepare("b80034-text")
        warehouse.make("m", "select 'Ωmega €' as a")
        assert warehouse.arrow("select a from m where a = 'Ωmega €'").num_rows == 1
        warehouse.drop()
