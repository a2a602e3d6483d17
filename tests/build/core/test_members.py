"""Members that a source gives by name."""

from __future__ import annotations

from collections.abc import Iterator

import duckdb
import pytest

from smarketing.build.core.members import settle_members
from smarketing.build.core.tables import create_tables

MEMBERS = [
    ("crm:1", "Ann Berg"),
    ("crm:2", "Bo Lund"),
    ("crm:3", "bo  lund"),
    ("crm:4", "Cy Dahl"),
    ("crm:4", "Cyra Dahl"),
    ("other:1", "Ann Berg"),
    ("other:5", "Di  Ek"),
    ("third:5", "Flo"),
    ("fourth:5", "Flo"),
]


@pytest.fixture(scope="module")
def store() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        connection.execute("attach ':memory:' as build")
        create_tables(connection)
        connection.execute("use build.main")
        connection.executemany("insert into member (member_id, name) values (?, ?)", MEMBERS)
        yield connection


@pytest.mark.parametrize(
    ("given", "settled"),
    [
        ("crm:Ann Berg", "crm:1"),
        ("other:ANN  berg ", "other:1"),
        ("crm:1", "crm:1"),
        ("crm:Ann Berg (ann@x.de)", "crm:1"),
        ("crm:Ann Berg <ann@x.de>", "crm:1"),
        ("crm:Ann Berg (Berlin)", "crm:Ann Berg (Berlin)"),
        ("crm:Bo Lund", "crm:Bo Lund"),
        ("crm:Cy Dahl", "crm:4"),
        ("crm:Cyra Dahl", "crm:4"),
        ("crm:Di Ek", "other:5"),
        ("crm:Flo", "crm:Flo"),
        ("crm:Nobody", "crm:Nobody"),
        (None, None),
    ],
    ids=str,
)
def test_a_name_is_whoever_alone_is_called_so(
    store: duckdb.DuckDBPyConnection, given: str | None, settled: str | None
) -> None:
    """In the source of the reference first; one person of two versions is one."""
    store.execute("delete from deal")
    store.execute("delete from lead_assignment")
    store.execute("insert into deal (deal_id, owner_id) values ('crm:d', ?)", [given])
    store.execute("insert into lead_assignment (lead_id, member_id) values ('crm:l', ?)", [given])
    settle_members(store)
    assert store.execute("select owner_id from deal").fetchall() == [(settled,)]
    assert store.execute("select member_id from lead_assignment").fetchall() == [(settled,)]


def test_without_members_a_name_stays_a_name() -> None:
    with duckdb.connect() as connection:
        connection.execute("attach ':memory:' as build")
        create_tables(connection)
        connection.execute("insert into build.main.deal (owner_id) values ('crm:Ann')")
        settle_members(connection)
        assert connection.execute("select owner_id from build.main.deal").fetchall() == [
            ("crm:Ann",)
        ]
