"""SELECTs of a source over rows typed in by hand, in the views that an import gives them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import duckdb

from smarketing.build.core.values import define_macros
from smarketing.sources.profile import Source

Rows = Sequence[Mapping[str, Any]]


def views(source: Source, files: Mapping[str, Rows]) -> duckdb.DuckDBPyConnection:
    """Give a connection with every object of the source as text; rows may name `_file_id`."""
    unknown = set(files) - set(source.objects)
    assert not unknown, f"no such object: {unknown}"
    con = duckdb.connect()
    define_macros(con)
    for name, item in source.objects.items():
        rows = files.get(name, ())
        columns = list(dict.fromkeys([*item.columns, *(c for row in rows for c in row)]))
        columns = [c for c in columns if c != "_file_id"]
        typed = ", ".join(f'"{c}" varchar' for c in columns)
        con.execute(f'create table "{name}" ({typed}, _row bigint, _file_id varchar)')
        for number, row in enumerate(rows, start=2):
            values = [row.get(c) for c in columns]
            marks = ", ".join("?" for _ in range(len(values) + 2))
            con.execute(
                f'insert into "{name}" values ({marks})',
                [*values, number, row.get("_file_id", "f1")],
            )
        con.execute(_current(name, item.key, item.modified))
    return con


def _current(name: str, key: Sequence[str], modified: str | None) -> str:
    newest = ""
    if key:
        by = ", ".join(f'"{column}"' for column in key)
        order = f'"{modified}" desc nulls last, ' if modified else ""
        newest = f" qualify row_number() over (partition by {by} order by {order}_file_id desc) = 1"
    return f'create view "{name}_current" as select * from "{name}"{newest}'


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
