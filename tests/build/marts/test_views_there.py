"""The views of what is published in PostgreSQL, and what others have beside them."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from typing import Any

import psycopg
import pytest

from smarketing.engine.postgres import PostgresWarehouse
from smarketing.engine.warehouse import WarehouseError


def publish(server: str, build_id: str, tables: Sequence[str]) -> None:
    with closing(PostgresWarehouse(server)) as warehouse:
        warehouse.prepare(build_id)
        for number, columns in enumerate(tables):
            warehouse.make(f"m{number}", f"select {columns}")
        warehouse.publish(keep=1)


def ask(server: str, sql: str) -> list[tuple[Any, ...]]:
    with psycopg.connect(server, autocommit=True) as connection:
        answer = connection.execute(sql)  # type: ignore[call-overload]
        return answer.fetchall() if answer.description else []


def test_views_that_others_made_of_what_is_published_read_the_next_build(server: str) -> None:
    publish(server, "b80040", ["1 as a", "1 as a"])
    ask(server, "drop schema if exists analysts cascade; create schema analysts")
    ask(server, "create view analysts.doubled as select 2 * a as a from smarketing.m0")
    ask(server, "create or replace view smarketing.beside as select 7 as a")
    publish(server, "b80041", ["5 as a, 6 as b"])
    assert ask(server, "select a from analysts.doubled") == [(10,)]
    assert ask(server, "select a, b from smarketing.m0") == [(5, 6)]
    assert ask(server, "select a from smarketing.beside") == [(7,)]
    views = "select table_name from information_schema.views where table_schema = 'smarketing'"
    assert sorted(ask(server, views)) == [("beside",), ("m0",)]
    # Of a column that is gone nothing can be read: the one who reads it is named.
    with pytest.raises(
        WarehouseError, match=r"cannot drop view smarketing\.m0 .* nothing was publ"
    ):
        publish(server, "b80042", ["'x' as c"])
    ask(server, "drop schema analysts cascade; drop view smarketing.beside")
    publish(server, "b80043", ["'x' as c"])
    assert ask(server, "select * from smarketing.m0") == [("x",)]
