"""Who may build in PostgreSQL, but not publish there."""

from __future__ import annotations

from contextlib import closing

import psycopg
import pytest

from smarketing.engine.postgres import PostgresWarehouse
from smarketing.engine.warehouse import WarehouseError

MAKER = "smarketing_b80040_0000000b"


def prepared(server: str) -> PostgresWarehouse:
    """Begin a build as a user who may create schemas, and nothing else."""
    warehouse = PostgresWarehouse(server.replace("postgres:@", "maker:@"))
    try:
        warehouse.prepare("b80040-0000000b")
    except WarehouseError:
        warehouse.close()
        raise
    return warehouse


def test_who_may_not_publish_is_told_before_anything_is_built(server: str) -> None:
    with psycopg.connect(server, autocommit=True) as connection:
        for sql in (
            f"drop schema if exists {MAKER} cascade",
            "drop schema if exists smarketing cascade",
            "drop role if exists maker", "create role maker login",
            "grant create on database postgres to maker",
            "create schema smarketing",
        ):  # fmt: skip
            connection.execute(sql)
        with pytest.raises(WarehouseError, match="not publish there: the schema smarketing bel"):
            prepared(server)
        connection.execute("grant all on schema smarketing to maker")
        connection.execute("create table smarketing.published (build text, at timestamptz)")
        connection.execute("create view smarketing.own as select 1 as a")
        with pytest.raises(WarehouseError, match=r"there: smarketing\.published belongs to anoth"):
            prepared(server)
        connection.execute("alter table smarketing.published owner to maker")
        connection.execute("create schema smarketing_b80039_0000000b")
        connection.execute("create table smarketing_b80039_0000000b.m as select 1 as a")
        connection.execute("create view smarketing.m as select 1 as a")
        with pytest.raises(WarehouseError, match=r"there: smarketing\.m and 1 more belongs to ano"):
            prepared(server)
        connection.execute("drop view smarketing.m")
        connection.execute("drop schema smarketing_b80039_0000000b cascade")
        left = f"select 1 from pg_namespace where nspname = '{MAKER}'"
        assert connection.execute(left).fetchall() == []
        with closing(prepared(server)) as warehouse:
            warehouse.make("m", "select 1 as a")
            # A right that goes while it is built is told when it is published.
            connection.execute("revoke all on schema smarketing from maker")
            with pytest.raises(WarehouseError, match="permission denied for schema smarketing"):
                warehouse.publish(keep=1)
        assert connection.execute(left).fetchall() == []
        connection.execute("drop schema smarketing cascade")
