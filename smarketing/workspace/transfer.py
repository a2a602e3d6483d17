"""The workspace as one readable file, to back it up or to move it to another database."""

from __future__ import annotations

from dataclasses import asdict, fields
from datetime import date, datetime
from pathlib import Path
from typing import Any, get_type_hints

import yaml
from sqlalchemy import Connection, func, select, text

from smarketing.errors import UsageError
from smarketing.plain_yaml import parse_yaml
from smarketing.workspace.database import HEAD
from smarketing.workspace.records import KINDS, Record
from smarketing.workspace.store import Workspace
from smarketing.workspace.tables import TABLES, table_name

_FORM = "smarketing workspace"


def dump(workspace: Workspace) -> str:
    """Return all records as YAML: a list per kind, oldest first."""
    with workspace.database.reading() as connection:
        records = {
            table_name(kind): []
            if connection is None
            else [asdict(record) for record in workspace.of(kind).within(connection)]
            for kind in KINDS
        }
    document = {"form": _FORM, "shape": HEAD, **{k: v for k, v in records.items() if v}}
    return yaml.dump(document, sort_keys=False, allow_unicode=True, width=100, Dumper=_Dumper)


def load(workspace: Workspace, content: str, name: str) -> int:
    """Put the records of a dump into an empty workspace; returns how many they were.

    All or none is put down. UsageError when the file is no dump, or the workspace is not empty.
    """
    records = _parsed(content, name)
    with workspace.database.writing() as connection:
        for kind, table in TABLES.items():
            if connection.execute(select(func.count()).select_from(table)).scalar():
                raise UsageError(
                    f"The workspace already holds records ({table_name(kind)}), which an import "
                    "would mix with others. Import into an empty one."
                )
        for record in records:
            workspace.of(type(record)).put(connection, record)
        _count_on(connection)
    return len(records)


def _parsed(content: str, name: str) -> list[Record]:
    try:
        document = parse_yaml(content)
    except yaml.YAMLError as error:
        raise UsageError(f"{name} is no export of a workspace: {_first_line(error)}.") from error
    if not isinstance(document, dict) or document.get("form") != _FORM:
        raise UsageError(
            f"{name} is no export of a workspace; write one by: smarketing workspace export."
        )
    if str(document.get("shape", "")) > HEAD:
        raise UsageError(f"{name} was written by a newer Smarketing; install that version first.")
    by_name = {table_name(kind): kind for kind in KINDS}
    found: list[Record] = []
    for key, rows in document.items():
        if key in ("form", "shape"):
            continue
        if key not in by_name or not isinstance(rows, list):
            raise UsageError(f"{name} holds '{key}', which is no kind of record of a workspace.")
        found += [_record(by_name[key], row, f"{name}, {key} {n}") for n, row in enumerate(rows, 1)]
    return found


def _record(kind: type[Record], row: object, where: str) -> Record:
    hints = get_type_hints(kind)
    known = {field.name for field in fields(kind)}
    if not isinstance(row, dict) or not set(row) <= known:
        raise UsageError(f"{where}: not the columns of this kind of record.")
    for key, value in row.items():
        if not isinstance(value, hints[key]) or (
            isinstance(value, datetime) and hints[key] is date
        ):
            raise UsageError(f"{where}: {key} is {value!r}, which is not what belongs there.")
    try:
        return kind(**row)
    except TypeError as error:
        raise UsageError(f"{where}: {_first_line(error)}.") from error


def _count_on(connection: Connection) -> None:
    """Let a database that counts apart go on after the numbers that were put in."""
    if connection.dialect.name != "postgresql":
        return
    for table in TABLES.values():
        connection.execute(
            text(
                f"select setval(pg_get_serial_sequence('{table.name}', 'id'), "
                f"coalesce((select max(id) from {table.name}), 0) + 1, false)"
            )
        )


def read(path: Path) -> str:
    """Return the text of a dump; UsageError when it cannot be read."""
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{path} cannot be read ({_first_line(error)}).") from error


def _first_line(error: BaseException) -> str:
    return (str(error) or type(error).__name__).splitlines()[0]


class _Dumper(yaml.SafeDumper):
    """Long texts as blocks, so that a person can read them."""


def _text(dumper: yaml.SafeDumper, value: str) -> Any:
    style = "|" if "\n" in value else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", value, style=style)


_Dumper.add_representer(str, _text)
