"""A confined connection reaches what it was opened for and nothing else, whatever runs on it."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from smarketing.store.confine import confine

ATTACKS = [
    "select * from read_parquet('{there}/secret.parquet')",
    "select * from '{there}/secret.parquet'",
    "select * from read_csv('/etc/passwd')",
    "select content from read_text('/etc/passwd')",
    "select * from glob('{there}/*')",
    "select * from read_text('https://example.com/')",
    "copy (select 1) to '{there}/out.csv'",
    "copy (select 1) to '{there}/mine.parquet'",
    "attach '{there}/other.duckdb' as other",
    "export database '{there}/all'",
    "install httpfs",
    "load httpfs",
    "set enable_external_access = true",
    "reset enable_external_access",
    "set allowed_paths = ['/etc/passwd']",
    "set allowed_directories = ['/']",
    "set lock_configuration = false",
    "set temp_directory = '{there}/elsewhere'",
    "set home_directory = '{there}'",
    "pragma enable_profiling = 'json'",
    "set python_enable_replacements = true",
    "select * from secret_frame",
]


@pytest.fixture
def connection(tmp_path: Path) -> duckdb.DuckDBPyConnection:
    for name in ("mine", "secret"):
        duckdb.sql("select 7 as x").write_parquet(str(tmp_path / f"{name}.parquet"))
    connection = duckdb.connect(":memory:", config={"temp_directory": str(tmp_path / "tmp")})
    connection.execute(f"attach '{tmp_path}/build.duckdb' as build")
    confine(connection, [tmp_path / "mine.parquet"])
    return connection


@pytest.mark.parametrize("attack", ATTACKS)
def test_nothing_else_is_read_written_or_set(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path, attack: str
) -> None:
    secret_frame = duckdb.sql("select 1 as x").to_arrow_table()
    assert secret_frame.num_rows == 1
    before = {path: path.read_bytes() for path in tmp_path.rglob("*.parquet")}
    with pytest.raises(duckdb.Error):
        connection.cursor().execute(attack.format(there=tmp_path)).fetchall()
    assert {path: path.read_bytes() for path in tmp_path.rglob("*.parquet")} == before
    assert not list(tmp_path.rglob("out.csv")) and not (tmp_path / "other.duckdb").exists()


def test_its_own_files_databases_and_timezone_stay(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    connection.execute(f"create view v as select * from read_parquet('{tmp_path}/mine.parquet')")
    connection.execute("create table build.t as select x from v")
    connection.execute("set TimeZone = 'Asia/Tokyo'")
    connection.execute("checkpoint build")
    confine(connection)
    assert connection.execute("select x from build.t").fetchall() == [(7,)]
