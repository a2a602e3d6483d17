"""Erasing a person from what people wrote."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, replace
from typing import Any

from sqlalchemy import update

from smarketing.workspace.records import KINDS, Proposal, Record
from smarketing.workspace.store import Workspace
from smarketing.workspace.tables import TABLES


def erase(workspace: Workspace, cleaned: Callable[[str], str], *, dry_run: bool = False) -> int:
    """Put `cleaned` in the place of every text; returns how many records change.

    What an agreement says is left as both teams signed it, what was noted of it is not. A file
    of SQLite is written anew, since it would still hold what it held before; also where no record
    changes, since one may have been killed before it was. StoreError where that cannot be.
    """
    count = 0
    for kind in KINDS:
        count += _erase(workspace, kind, cleaned, dry_run)
    if not dry_run:
        workspace.database.write_anew()
    return count


def _erase(
    workspace: Workspace, kind: type[Record], cleaned: Callable[[str], str], dry_run: bool
) -> int:
    count = 0
    for record in workspace.of(kind).all():
        names = {f.name for f in fields(record)} - ({"content"} if kind is Proposal else set())
        texts = {name: getattr(record, name) for name in names}
        changed: dict[str, Any] = {
            name: cleaned(text)
            for name, text in texts.items()
            if isinstance(text, str) and cleaned(text) != text
        }
        count += bool(changed)
        if changed and not dry_run:
            table = TABLES[kind]
            with workspace.database.writing() as connection:
                # Not by its version: the log, which nobody else may change, is erased as well.
                rows = update(table).where(table.c.id == replace(record, **changed).id)
                connection.execute(rows.values(**changed))
    return count
