"""Keeping erased people out: what a new export says of them is erased before it is landed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from smarketing.build.erasing.columns import Roles, roles
from smarketing.build.erasing.tables import clean_parquet
from smarketing.build.erasing.traces import Traces, mailboxes_in
from smarketing.files.quoting import identifier, literal
from smarketing.in_memory import in_memory
from smarketing.sources.recognition import Match
from smarketing.store.erased import Erased, mark


def keep_out(
    home: Path, erased: Sequence[Erased], parquet: Path, match: Match, headers: Sequence[str]
) -> int:
    """Erase from a table that was just read whoever was erased before; returns the rows touched."""
    if not erased:
        return 0
    found = roles(match.source, match.object, match.reading, tuple(headers))
    source = match.source.name
    boxes, ids = _said(parquet, found, headers)
    rows = 0
    for person in erased:
        mine = {box for box in boxes if mark(home, box) in person.mailboxes}
        raw = {id_ for id_ in ids if mark(home, source, id_) in person.ids}
        if mine or raw:
            traces = Traces(
                person.pseudonym, frozenset(mine), ids=frozenset((source, id_) for id_ in raw)
            )
            rows += clean_parquet(parquet, source, found, traces, False)
    return rows


def _said(parquet: Path, found: Roles, headers: Iterable[str]) -> tuple[set[str], set[str]]:
    """Return the mailboxes that a table names anywhere, and the ids of people in it."""
    table = f"read_parquet({literal(str(parquet))})"
    boxes: set[str] = set()
    ids: set[str] = set()
    connection = in_memory()
    try:
        for header in headers:
            column = identifier(header)
            asked = f"select distinct {column} from {table} where "
            texts = connection.execute(
                f"{asked} contains({column}, '@') or contains({column}, '%40')"
            ).fetchall()
            boxes |= {box for (text,) in texts for box in mailboxes_in(text)}
            if header in found.ids:
                raw = connection.execute(f"{asked} {column} is not null").fetchall()
                ids |= {str(text).strip() for (text,) in raw}
    finally:
        connection.close()
    return boxes, ids
