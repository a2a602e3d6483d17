"""SELECTs of a source over rows typed in by hand, in the views that an import gives them."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from smarketing.build.core.values import define_macros
from smarketing.build.core.views import RAW, RawFile, make_views
from smarketing.files.tables import LandedTable
from smarketing.sources.profile import Source

Rows = Sequence[Mapping[str, Any]]


@contextmanager
def views(source: Source, files: Mapping[str, Rows]) -> Iterator[duckdb.DuckDBPyConnection]:
    """Give a connection with the source's views over these rows; rows may name their `_file_id`."""
    unknown = set(files) - set(source.objects)
    assert not unknown, f"no such object: {unknown}"
    with tempfile.TemporaryDirectory() as folder, duckdb.connect() as connection:
        define_macros(connection)
        connection.execute(f"attach ':memory:' as {RAW}")
        make_views(connection, source, landed(Path(folder), source, files))
        yield connection


def landed(folder: Path, source: Source, files: Mapping[str, Rows]) -> list[RawFile]:
    found: list[RawFile] = []
    for name, rows in files.items():
        numbered = list(enumerate(rows, start=2))
        for file in dict.fromkeys(row.get("_file_id", "f1") for row in rows):
            mine = [(n, row) for n, row in numbered if row.get("_file_id", "f1") == file]
            columns = tuple(dict.fromkeys(c for _, row in mine for c in row if c != "_file_id"))
            path = folder / f"{len(found)}.parquet"
            arrays = [pa.array([row.get(c) for _, row in mine], pa.string()) for c in columns]
            numbers = pa.array([number for number, _ in mine], pa.int64())
            pq.write_table(pa.table([*arrays, numbers], names=[*columns, "_row"]), path)
            table = LandedTable(name, columns, Path(path.name), len(mine), source=source.name)
            found.append(
                RawFile(
                    len(found) + 1,
                    "i1",
                    datetime(2026, 1, 1),
                    "add",
                    str(file),
                    str(len(found)),
                    source.name,
                    name,
                    table,
                    path,
                    None,
                )
            )
    return found


def produce(source: Source, table: str, files: Mapping[str, Rows]) -> list[dict[str, Any]]:
    """Give the rows of a core table that the source's SELECTs make of the files, in their order."""
    with views(source, files) as con:
        made: list[dict[str, Any]] = []
        for select in source.selects[table]:
            cursor = con.execute(f"select * from ({select.sql}\n) order by _file_id, _row")
            names = [column[0] for column in cursor.description]
            made += [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    return made


def write_source_by_date_added(folder: Path) -> Path:
    """Write the user's own source that docs/sources.md shows: memberships by the date added."""
    text = (Path(__file__).parents[2] / "docs" / "sources.md").read_text(encoding="utf-8")
    shown = text.split("### Change one thing of a source that exists")[1]
    folder.mkdir(parents=True, exist_ok=True)
    for name, language in (("profile.yaml", "yaml"), ("touch.campaign_member.sql", "sql")):
        block = shown.split(f"`{name}`")[1].split(f"```{language}\n")[1].split("```")[0]
        (folder / name).write_text(block, encoding="utf-8")
    return folder
