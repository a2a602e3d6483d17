"""The tables of the workspace, made from the classes of its records."""

from __future__ import annotations

import re
import types
from collections.abc import Iterator, Mapping
from dataclasses import fields
from datetime import date, datetime
from typing import Any, get_args, get_type_hints

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    Float,
    Integer,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
)
from sqlalchemy.types import TypeEngine

from smarketing.workspace.records import KINDS, Attendance, Meeting, Record, Reported

_TYPES: Mapping[type, type[TypeEngine[Any]]] = {
    str: Text,
    int: BigInteger,
    float: Float,
    bool: Boolean,
    date: Date,
    datetime: DateTime,
}
_UNIQUE: Mapping[type[Record], tuple[str, ...]] = {
    Meeting: ("week",),
    Reported: ("meeting_id", "kpi", "period"),
    Attendance: ("meeting_id", "name"),
}

metadata = MetaData()


def table_name(kind: type[Record]) -> str:
    """Return the table's name of a kind of record: SavedView is kept in saved_view."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", kind.__name__).lower()


def _columns(kind: type[Record]) -> Iterator[Column[Any]]:
    hints = get_type_hints(kind)
    yield Column("id", Integer, primary_key=True, autoincrement=True)
    yield Column("version", Integer, nullable=False, server_default="1")
    for field in fields(kind):
        if field.name in ("id", "version"):
            continue
        hint = hints[field.name]
        options = get_args(hint) if isinstance(hint, types.UnionType) else (hint,)
        (plain,) = [option for option in options if option is not type(None)]
        yield Column(field.name, _TYPES[plain], nullable=type(None) in options)


def _table(kind: type[Record]) -> Table:
    unique = _UNIQUE.get(kind)
    name = table_name(kind)
    rules = [UniqueConstraint(*unique, name=f"one_{name}")] if unique else []
    return Table(name, metadata, *_columns(kind), *rules)


#: The table of each kind of record.
TABLES: Mapping[type[Record], Table] = {kind: _table(kind) for kind in KINDS}
