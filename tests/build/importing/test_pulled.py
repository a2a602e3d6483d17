"""Tables pulled from a database or a folder: landed as files are, and nothing half landed."""

from __future__ import annotations

import os
import sqlite3
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import duckdb
import psycopg
import pyarrow as pa
import pytest
from build_kit import Shop
from deltalake import DeltaTable, write_deltalake
from pyiceberg.catalog.sql import SqlCatalog
from sqlalchemy.dialects import mysql

from smarketing.build import ImportReport, Pull
from smarketing.engine.pulling import (
    Since,
    Wanted,
    open_origin,
    place_of,
    postgres,
    written_query,
)
from smarketing.engine.pulling.alchemy import AlchemyOrigin
from smarketing.engine.pulling.origin import got_until
from smarketing.errors import SmarketingError, SourceError, UsageError
from smarketing.store import landing

PEOPLE = [
    ("p1", "ann@ex.com", "2026-01-05 10:00:00"),
    ("p2", "bob@ex.com", "2026-02-05 10:00:00"),
    ("p3", None, None),
]
LEADS = [
    ("l1", "p1", "2026-01-05 10:00:00", "web", "2026-03-01 09:00:00"),
    ("l2", "p2", "2026-02-05 10:00:00", "web", "2026-03-02 09:00:00"),
    ("l3", "p3", "on some day", "web", "2026-03-02 09:00:00"),
]
END = (
    "select pg_terminate_backend(pid) from pg_stat_activity "
    "where pid <> pg_backend_pid() and backend_type = 'client backend'"
)
PERSON_COLUMNS = "person_id, email, created_at"
LEAD_COLUMNS = "lead_id, person_id, created_at, channel, modified_at"


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    return Shop(tmp_path)


@pytest.fixture
def crm(tmp_path: Path) -> Path:
    """A database with two tables of ours and one of nobody's."""
    file = tmp_path / "crm.db"
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute(f"create table person ({PERSON_COLUMNS})")
        connection.execute(f"create table lead ({LEAD_COLUMNS})")
        connection.execute("create table stock (sku, amount)")
        connection.executemany("insert into person values (?, ?, ?)", PEOPLE)
        connection.executemany("insert into lead values (?, ?, ?, ?, ?)", LEADS)
        connection.executemany("insert into stock values (?, ?)", [(n, n) for n in range(7)])
    return file


def write(crm: Path, sql: str) -> None:
    with closing(sqlite3.connect(crm)) as connection, connection:
        connection.execute(sql)


def pull(shop: Shop, address: str, **what: Any) -> ImportReport:
    options = {name: what.pop(name) for name in ("mode", "source", "dry_run") if name in what}
    return shop.take(pull=Pull(address, **what), **options)


def rows_of(report: ImportReport) -> dict[str, tuple[int, int, int]]:
    return {file.file: (file.rows, file.used, file.quarantined) for file in report.files}


def read(target: Path) -> list[tuple[Any, ...]]:
    with duckdb.connect() as connection:
        sql = f"select columns(*)::varchar from '{target}' order by all"
        connection.execute("set TimeZone = 'UTC'")
        return connection.execute(sql).fetchall()


def landed(shop: Shop) -> list[landing.LandedFile]:
    return [file for one in landing.read_manifests(shop.home) for file in one.files]


def is_untouched(shop: Shop) -> bool:
    folder = shop.home / "landing"
    return not folder.exists() or not list(folder.iterdir())


def test_tables_of_a_schema_are_landed_as_files_are_and_then_only_what_is_new(
    shop: Shop, crm: Path
) -> None:
    address = f"sqlite:///{crm}"
    report = pull(shop, address, schema="main", cursor="Modified_At")
    assert rows_of(report) == {
        "main/lead.parquet": (3, 2, 1),
        "main/person.parquet": (3, 3, 0),
        "main/stock.parquet": (7, 0, 0),
    }
    assert [(part.column, part.value) for part in report.unread] == [("created_at", "on some day")]
    assert shop.rows("select person_id, email from person order by 1") == [
        (f"generic:{key}", email) for key, email, _ in PEOPLE
    ]
    assert not list(shop.home.rglob("pulled"))

    write(
        crm,
        "update lead set channel = 'ads', modified_at = '2026-03-09 08:00:00' where lead_id = 'l1'",
    )
    write(crm, "insert into lead values ('l4', 'p1', '2026-03-04', 'web', null)")
    report = pull(shop, address, schema="main", cursor="modified_at")
    # Others of the instant that was reached may have come later: its rows are read again.
    assert rows_of(report)["main/lead.parquet"] == (4, 3, 1)
    assert shop.rows("select lead_id, channel from lead order by 1") == [
        ("generic:l1", "ads"),
        ("generic:l2", "web"),
        ("generic:l4", "web"),
    ]
    leads = [file.pulled for file in landed(shop) if file.file == "main/lead.parquet"]
    assert [one.reached for one in leads if one] == ["2026-03-02 09:00:00", "2026-03-09 08:00:00"]

    whole = pull(shop, address, schema="main", cursor="modified_at", dry_run=True, mode="full")
    assert rows_of(whole)["main/lead.parquet"] == (4, 3, 1)


@pytest.mark.parametrize(
    "end", ["9999-12-31", "2999-01-01 00:00:00", "294276-01-01", "-inf", "NaN", 99991231]
)
def test_a_column_that_reaches_what_is_to_come_is_not_followed(
    shop: Shop, crm: Path, end: str | int
) -> None:
    """What changes before then would be missed by every later pull."""
    target = shop.inbox / "x.parquet"
    with closing(open_origin(f"sqlite:///{crm}")) as origin:
        for wanted in (lead for lead in origin.tables("main") if lead.name == "lead"):
            assert origin.pull(wanted, target, Since("modified_at"), None).rows == 3
            with pytest.raises(SourceError, match=f"cannot be followed by modified_at: .*{end}"):
                got_until(wanted, Since("modified_at"), 3, end, target)
    assert not target.exists()
    assert got_until(wanted, Since("n", 4), 0, None, target).reached == 4
    tomorrow = (datetime.now(UTC) + timedelta(days=1)).date().isoformat()
    assert got_until(wanted, Since("n"), 1, tomorrow, target).reached == tomorrow


def test_a_name_with_a_percent_sign_is_written_once_for_each_driver() -> None:
    origin = object.__new__(AlchemyOrigin)
    for style, said in (("format", "`a%b%%``c`"), ("named", "`a%b%%``c`")):
        dialect = mysql.dialect(paramstyle=style)  # type: ignore[no-untyped-call]
        vars(origin)["_engine"] = SimpleNamespace(dialect=dialect)
        assert origin._quoted("a%b%%`c") == said


def test_a_query_is_pulled_as_it_stands(shop: Shop, crm: Path) -> None:
    sql = (
        "select lead_id, 'at 10:30 or :noon; 5 %' as channel, 1.50 as x, modified_at as day "
        "from lead -- all;\n ; -- of them;"
    )
    with closing(open_origin(f"sqlite:///{crm}")) as origin:
        target = shop.inbox / "x.parquet"
        wanted = written_query(shop.write("lead.sql", sql), f"sqlite:///{crm}")
        got = origin.pull(wanted, target, Since("day", "2026-03-02 00:00:00"), None)
    assert (got.rows, got.reached) == (2, "2026-03-02 09:00:00")
    assert read(target)[0] == ("l2", "at 10:30 or :noon; 5 %", "1.5", "2026-03-02 09:00:00")


@pytest.mark.parametrize(
    ("address", "what", "sentence"),
    [
        ("sqlite:///{crm}", {"schema": "mian"}, "Unknown schema 'mian'.*Did you mean 'main'"),
        ("sqlite:///{crm}", {}, "add --tables SCHEMA or --query"),
        ("sqlite:///{crm}.gone", {"schema": "main"}, "There is no database"),
        ("sqlite:///{crm}", {"query": "select * from leads"}, "query q.sql.*no such table: leads"),
        ("sqlite:///{crm}", {"query": "delete from lead"}, "begins with delete: write one SELECT"),
        ("sqlite:///{crm}", {"query": "select 1; drop table lead"}, "more than one statement"),
        ("sqlite:///{crm}", {"query": "-- nothing\n;"}, "is empty: write one SELECT"),
        ("sqlite:///{crm}", {"query": "select sku from stock where"}, "query q.sql.*not be pulled"),
        (
            "sqlite:///{crm}",
            {"query": "select lead_id from lead", "cursor": "lead_id"},
            r"cannot be followed by lead_id: it is text \('l3'\)",
        ),
        (
            "sqlite:///{crm}",
            {"query": "select lead_id from lead", "cursor": "modified"},
            "Unknown column 'modified' in the query q.sql",
        ),
        ("sqlite:///{crm}", {"query": "select sku from stock"}, "q.parquet is of no known source"),
        ("crm5://me:hush@host/db", {"schema": "x"}, "'crm5' is no database"),
        ("postgresql://me:hu/sh@host/db", {"schema": "x"}, "not written as one"),
        ("postgresql://me:hu@sh@host/db", {"schema": "x"}, "not written as one"),
        ("postgresql://me:hush@[::1/db", {"schema": "x"}, "not written as one"),
        ("postgresql://me:hush@127.0.0.1:1/x", {"schema": "x"}, "could not be reached"),
        ("{crm}-folder", {}, "There is no folder"),
    ],
)
def test_what_cannot_be_pulled_is_one_sentence_and_lands_nothing(
    shop: Shop, crm: Path, address: str, what: dict[str, Any], sentence: str
) -> None:
    if "query" in what:
        what = {**what, "queries": (shop.write("q.sql", what["query"]),)}
        del what["query"]
    with pytest.raises(SmarketingError, match=sentence) as error:
        pull(shop, address.format(crm=crm), **what)
    assert "hush" not in str(error.value) and "\n" not in str(error.value)
    assert is_untouched(shop)


def test_an_address_is_kept_without_who_may_enter() -> None:
    address = "postgresql://me:hush@host:5432/db?host=/run&password=hush&sslmode=x"
    assert place_of(address) == "postgresql://host:5432/db?host=/run"


@pytest.fixture
def lake(tmp_path: Path) -> Path:
    """A folder of tables: one of a single file, one in parts, of which some count no more."""
    folder = tmp_path / "lake"
    for part in ("lead/channel=web", "lead/channel=ads", "lead/_temporary"):
        (folder / part).mkdir(parents=True)
    with duckdb.connect() as connection:
        for target, sql in (
            ("person", "select 'p' || i as person_id, timestamptz '2026-01-05 10:00:00Z' as "
                       "created_at from range(3) t(i)"),
            ("lead/channel=web/a", "select 'l1' as lead_id, 'p1' as person_id, 7 as modified_at"),
            ("lead/channel=ads/b", "select 'l2' as lead_id, 'p2' as person_id, 9 as modified_at"),
            ("lead/_temporary/c", "select 'l3' as lead_id, 'p2' as person_id, 9 as modified_at"),
        ):  # fmt: skip
            connection.execute(f"copy ({sql}) to '{folder / target}.parquet'")
    return folder


def test_a_folder_of_parquet_tables_is_pulled_by_table_and_by_query(shop: Shop, lake: Path) -> None:
    query = shop.write("lead.sql", "select lead_id, person_id, channel from lead -- all")
    report = pull(shop, str(lake), queries=(query,))
    assert rows_of(report) == {"lead.parquet": (2, 2, 0)}
    assert shop.rows("select lead_id, channel from lead order by 1") == [
        ("generic:l1", "web"),
        ("generic:l2", "ads"),
    ]
    with closing(open_origin(f"file://{lake}")) as origin:
        found = origin.tables(".")
        assert [(one.folder, one.name) for one in found] == [("lake", "lead"), ("lake", "person")]
        got = origin.pull(found[0], shop.inbox / "x.parquet", Since("modified_at", "8"), None)
        assert (got.rows, got.reached) == (1, "9")
        with pytest.raises(SourceError, match="cannot be followed by lead_id"):
            origin.pull(found[0], shop.inbox / "x.parquet", Since("lead_id"), None)
    with closing(open_origin(str(lake.parent))) as origin:
        with pytest.raises(UsageError, match="Did you mean 'lake'"):
            origin.tables("lakes")
        assert [one.name for one in origin.tables("lake")] == ["lead", "person"]


def test_a_folder_that_changed_under_the_pull_is_told(shop: Shop, lake: Path) -> None:
    with closing(open_origin(str(lake))) as origin:
        (lead, _) = origin.tables(".")
        (lake / "lead/channel=web/a.parquet").unlink()
        target = shop.inbox / "x.parquet"
        with pytest.raises(SourceError, match="lake/lead"):
            origin.pull(lead, target, None, None)
        (lake / "new.parquet").touch()
    assert not target.exists()


def as_delta(folder: Path, rows: pa.Table) -> None:
    """Write the rows as a table of Delta, then one more, and delete the second."""
    place = folder / "lead"
    write_deltalake(place, rows.slice(0, 2))
    write_deltalake(place, rows.slice(2), mode="append")
    DeltaTable(place).delete("lead_id = 'l2'")


def as_iceberg(folder: Path, rows: pa.Table) -> None:
    """Write the same as a table of Iceberg, a column of which was called otherwise at first."""
    catalog = SqlCatalog("one", uri="sqlite://", warehouse=folder.as_uri())
    catalog.create_namespace("crm")
    place = (folder / "lead").as_uri()
    first = rows.rename_columns(["lead_id", "person_id", "created_at", "medium", "modified_at"])
    table = catalog.create_table("crm.lead", schema=first.schema, location=place)
    table.append(first)
    table.delete("lead_id = 'l2'")
    with table.update_schema() as change:
        change.rename_column("medium", "channel")
    # As where the folder was copied: what came later is not what is newer.
    for n, described in enumerate(sorted((folder / "lead/metadata").glob("*.metadata.json"))):
        os.utime(described, (9_000 - n, 9_000 - n))


@pytest.mark.parametrize("write", [as_delta, as_iceberg])
def test_a_table_of_delta_or_iceberg_is_its_rows_that_count(
    shop: Shop, tmp_path: Path, write: Callable[[Path, pa.Table], None]
) -> None:
    lake = tmp_path / "lake"
    lake.mkdir()
    columns = LEAD_COLUMNS.split(", ")
    write(lake, pa.table({name: [row[n] for row in LEADS] for n, name in enumerate(columns)}))
    query = shop.write("some.sql", "select lead_id, channel from lead where lead_id > 'l1'")
    with closing(open_origin(str(lake))) as origin:
        [lead] = origin.tables(".")
        assert (origin.columns(lead), origin.count(lead)) == (columns, 2)
        since = Since("modified_at", "2026-03-02 00:00:00")
        got = origin.pull(lead, tmp_path / "x.parquet", since, None)
        assert (got.rows, got.reached) == (1, LEADS[2][4])
        some = Wanted("some", "", query.read_text(), False)
        assert origin.count(some) == 1
    assert rows_of(pull(shop, str(lake))) == {"lake/lead.parquet": (2, 1, 1)}
    assert shop.rows("select lead_id, channel from lead") == [("generic:l1", "web")]


@pytest.mark.parametrize(
    ("mark", "kind"), [("_delta_log/0.json", "Delta"), ("metadata/v1.metadata.json", "Iceberg")]
)
def test_a_table_of_another_kind_is_never_read_as_mere_parquet(
    shop: Shop, lake: Path, mark: str, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = lake / "lead" / mark
    file.parent.mkdir()
    file.write_text("{}")
    with pytest.raises(SourceError, match=f"lead is a table of {kind} that cannot be read"):
        pull(shop, str(lake))
    assert is_untouched(shop)
    for library in ("deltalake", "pyiceberg.table"):
        monkeypatch.setitem(sys.modules, library, None)
    with pytest.raises(SourceError, match=r"pip install 'smarketing\[lake\]'"):
        pull(shop, str(lake))


def ask(server: str, sql: str) -> None:
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(sql)  # type: ignore[call-overload]


@pytest.fixture
def sales(server: str) -> Iterator[str]:
    """A schema of PostgreSQL's own types, and a view."""
    ask(
        server,
        """
        drop schema if exists sales cascade; create schema sales;
        create type sales.kind as enum ('new', 'renewal');
        create table sales.opportunity as select 'd' || n as deal_id, 'd' as name,
            (n * 12.5)::numeric(12, 3) as amount, 'EUR'::char(3) as currency,
            'new'::sales.kind as kind, true as flag, now() as secret, 'won' as outcome,
            timestamptz '2026-01-01 10:00+02' + n * interval '1 hour' as created_at,
            timestamp '2026-02-01' as closed_at, n as version
            from generate_series(1, 20) n;
        create table sales.contract as select v as n, case v when 2 then 'infinity'
            when 3 then '-infinity' when 4 then '0044-03-15 BC' else '2026-01-31' end::date as d,
            case v when 2 then 'infinity' when 3 then '294276-12-31' else '2026-01-31' end
            ::timestamptz as at, v::text as name from generate_series(1, 4) v;
        create table sales.blank ();
        create view sales.deal as select deal_id, name, amount, currency, kind, outcome,
            created_at, closed_at from sales.opportunity
        """,
    )
    yield server
    ask(server, "drop schema sales cascade")


def test_postgresql_types_come_as_they_are_meant(shop: Shop, sales: str) -> None:
    target = shop.inbox / "x.parquet"
    with closing(open_origin(sales)) as origin:
        contract, deal, opportunity = origin.tables("sales")
        origin.pull(contract, target, None, None)
        # What has no end, and what is of no year that a day is written with.
        assert [row[1:3] for row in read(target)] == [
            ("2026-01-31", "2026-01-31 00:00:00+00"),
            ("9999-12-31", "9999-12-31 00:00:00+00"),
            ("0001-01-01", "9999-12-31 00:00:00+00"),
            ("0001-01-01", "2026-01-31 00:00:00+00"),
        ]
        for column, why in (("name", r"it is text \('4'\)"), ("at", "infinity"), ("d", "infinity")):
            with pytest.raises(SourceError, match=f"cannot be followed by {column}: .*{why}"):
                origin.pull(contract, target, Since(column), None)
        assert not target.exists()
        assert (deal.name, origin.count(deal)) == ("deal", 20)
        assert origin.columns(deal)[:3] == ["deal_id", "name", "amount"]
        assert origin.pull(opportunity, target, None, 1).rows == 1
        assert origin.pull(deal, target, None, None).rows == 20
    assert read(target)[0] == (
        *("d1", "d", "12.5", "EUR", "new", "won", "2026-01-01 09:00:00+00", "2026-02-01 00:00:00"),
    )


def test_postgresql_is_read_by_a_cursor_and_written_to_by_nobody(shop: Shop, sales: str) -> None:
    target = shop.inbox / "x.parquet"
    wanted = Wanted("deal", "", "select version, created_at from sales.opportunity", False)
    with closing(open_origin(sales)) as origin:
        got = origin.pull(wanted, target, Since("created_at"), None)
        assert (got.rows, got.reached) == (20, "2026-01-02 04:00:00+00")
        ask(sales, "update sales.opportunity set created_at = '2026-03-01' where version = 3")
        # What is read is of one moment.
        assert origin.pull(wanted, target, Since("created_at", got.reached), None).rows == 1
        lo = Wanted("q", "", "select lo_create(0)", False)
        with pytest.raises(SourceError, match="read-only"):
            origin.pull(lo, target, None, None)
    # Whichever driver its address names, it is read in one way.
    with closing(open_origin(sales.replace("postgresql:", "postgresql+psycopg:"))) as origin:
        got = origin.pull(wanted, target, Since("created_at", got.reached), None)
    assert [version for version, _ in read(target)] == ["20", "3"]
    assert got.reached == "2026-03-01 00:00:00+00"


def test_a_postgresql_that_refuses_or_goes_away_is_one_sentence(
    shop: Shop, sales: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(UsageError, match=r"Unknown schema 'sale'.*'sales'"):
        pull(shop, sales, schema="sale")
    with pytest.raises(SourceError, match=r'could not be reached .*"nobody"'):
        pull(shop, sales.replace("postgres:@", "nobody:hush@"), schema="sales")
    query = shop.write("deal.sql", "select * from sales.deals")
    with pytest.raises(SourceError, match=r'deal\.sql .*relation "sales.deals" does not exist'):
        pull(shop, sales, queries=(query,))
    write_batches = postgres.write_batches

    def cut(target: Path, schema: pa.Schema, batches: Iterator[pa.RecordBatch]) -> int:
        if target.name == "touch.parquet":
            ask(sales, END)
        return write_batches(target, schema, batches)

    monkeypatch.setattr(postgres, "write_batches", cut)
    wide = "select 't' || n as touch_id, repeat('x', 300) as kind from generate_series(1, 200000) n"
    query = shop.write("touch.sql", wide)
    with pytest.raises(SourceError, match=r"touch\.sql .*nothing was changed") as away:
        pull(shop, sales, queries=(query,))
    assert "\n" not in str(away.value)
    assert is_untouched(shop)
