"""Who may build in PostgreSQL, but not publish there."""

from __future__ import annotations

from contextlib import closing

import psycopg
import pytest

from smarketing.engine.postgres import PostgresWarehouse
from smarketing.engine.warehouse import WarehouseError


def test_a_build_that_may_not_be_published_does_not_stay_there(server: str) -> None:
    with psycopg.connect(server, autocommit=True) as connection:
        for sql in (
            "drop schema if exists smarketing_b80040_0000000b cascade",
            "drop role if exists maker", "create role maker login",
            "grant create on database postgres to maker",
            "create schema if not exists smarketing",
        ):  # fmt: skip
            connection.execute(sql)
        with closing(PostgresWarehouse(server.replace("postgres:@", "maker:@"))) as warehouse:
            warehouse.prepare("b80040-0000000b")
            warehouse.make("m", "select 1 as a")
            with pytest.raises(WarehouseError, match="permission denied for schema smarketing"):
                warehouse.publish(keep=1)
        left = "select 1 from pg_namespace where nspname = 'smarketing_b80040_0000000b'"
        assert connection.execute(left).fetchall() == []
