"""Keeping erased people out: what a new export says of them is erased before it is landed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from smarketing.build.erasing.columns import Roles, roles
from smarketing.build.erasing.letters import AT, is_wide
from smarketing.build.erasing.packed import LOOKS_PACKED
from smarketing.build.erasing.tables import (
    clean_parquet,
    owned_rows,
    phones_of,
    rename_columns,
)
from smarketing.build.erasing.traces import Traces, mailboxes_in, renamed, words_of
from smarketing.files.quoting import identifier, literal
from smarketing.files.tables import BadRow, LandedTable, Total
from smarketing.in_memory import in_memory
from smarketing.sources.recognition import Match
from smarketing.store.erased import Erased, marker, record_id

_APART = re.compile(r"[;,|\s]+")
_MAY_NAME = f"[@＠%&]|=40|(?i:{AT}|\\s(?:at|ät)\\s)|{LOOKS_PACKED}"
"""What stands in every text that names a mailbox, in whatever writing."""
_LONGEST_NAME = 5
_LONGEST_WIDE = 6
_MOST_TEXTS = 20_000


def keep_out(home: Path, erased: Sequence[Erased], table: LandedTable, match: Match) -> LandedTable:
    """Erase from a table that was just read, and from what is told of it, who was erased before."""
    parquet, headers = table.parquet, table.columns
    found = roles(match.source, match.object, match.reading, tuple(headers))
    source = match.source.name
    boxes, ids, cells = _said(parquet, found, headers)
    texts = set(_texts(table))
    boxes |= {box for text in texts for box in mailboxes_in(text)}
    # Where people have rows of their own a name may be another's; elsewhere it tells of the person.
    is_people = bool(found.names or found.addresses)
    made = marker(home)
    runs = {} if is_people else _runs(made, parquet, headers)
    for run in {run for text in texts for run in _runs_of(text)} if not is_people else ():
        runs.setdefault(made("name", run), set()).add(run)
    box_of = {made(box): box for box in boxes}
    ids_of: dict[str, set[str]] = {}
    for id_ in ids:
        for written in (id_, record_id(id_)):
            ids_of.setdefault(made(source, written), set()).add(id_)
    told: Callable[[str], str] = str
    for person in erased:
        mine = {box_of[known] for known in person.mailboxes if known in box_of}
        raw = {id_ for known in person.ids for id_ in ids_of.get(known, ())}
        named = {run for name in person.names for run in runs.get(name, ())}
        if mine or raw or named:
            traces = Traces(
                person.pseudonym,
                frozenset(mine),
                ids=frozenset((source, id_) for id_ in raw),
                cells=frozenset(cell for cell, named in cells.items() if named & mine),
            )
            names = _names(made, person, parquet, owned_rows(source, found, traces), headers)
            odd = frozenset(cell for cell in traces.cells if traces.cleaned(cell) == cell)
            traces = replace(traces, cells=odd)
            traces = replace(traces, phones=phones_of([(parquet, source, found)], traces))
            # The names of people stand in columns of their own, and may be others' as well.
            names = set() if found.names else names | named
            traces = replace(traces, names=frozenset(names))
            clean_parquet(parquet, source, found, traces, False)
            told = _both(told, traces.cleaned)
    return _told(table, told)


def _both(first: Callable[[str], str], second: Callable[[str], str]) -> Callable[[str], str]:
    return lambda text: second(first(text))


def _texts(value: object) -> Iterator[str]:
    """Give what is told of a table in words: its headers, rows that are not landed, totals."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple):
        for each in value:
            yield from _texts(each)
    elif isinstance(value, LandedTable | BadRow | Total):
        yield from _texts(tuple(vars(value).values()))


def _told(table: LandedTable, cleaned: Callable[[str], str]) -> LandedTable:
    """Return what is told of a table without who was erased, its headers renamed in the file."""
    headers = renamed(table.columns, cleaned)
    if headers:
        rename_columns(table.parquet, headers)

    def within(value: Any) -> Any:
        if isinstance(value, str):
            return headers.get(value) or cleaned(value)
        if isinstance(value, tuple):
            return tuple(map(within, value))
        if isinstance(value, BadRow | Total):
            return replace(value, **{name: within(each) for name, each in vars(value).items()})
        return value

    said = {name: within(each) for name, each in vars(table).items()}
    return replace(table, **said)


def _runs(made: Callable[..., str], parquet: Path, headers: Iterable[str]) -> dict[str, set[str]]:
    """Return the runs of words that a table says, by their marks as names.

    What has more different texts than names and labels have is left out: it would take too long.
    """
    table = f"read_parquet({literal(str(parquet))})"
    found: dict[str, set[str]] = {}
    left = _MOST_TEXTS
    connection = in_memory()
    try:
        for header in headers:
            column = f"cast({identifier(header)} as varchar)"
            asked = f"select distinct {column} from {table} where {column} similar to '.*\\pL.*'"
            texts = connection.execute(f"{asked} limit {left + 1}").fetchall()
            if len(texts) > left:
                continue
            left -= len(texts)
            for (text,) in texts:
                for run in _runs_of(text):
                    found.setdefault(made("name", run), set()).add(run)
    finally:
        connection.close()
    return found


def _runs_of(text: str) -> Iterator[str]:
    """Give every run of a text's words that may be a name, also with its last word in front."""
    words = words_of(text)
    for word in filter(is_wide, words):
        for many in range(2, _LONGEST_WIDE + 1):
            yield from (word[at : at + many] for at in range(len(word) - many + 1))
    for many in range(2, _LONGEST_NAME + 1):
        for at in range(len(words) - many + 1):
            first, *others = words[at : at + many]
            yield " ".join((first, *others))
            if "," in text:
                yield " ".join((*others, first))


def _names(
    made: Callable[..., str], person: Erased, parquet: Path, owned: str, headers: Iterable[str]
) -> set[str]:
    """Return the names of the person that the person's own rows tell."""
    if not person.names:
        return set()
    columns = ", ".join(f"cast({identifier(header)} as varchar)" for header in headers)
    table = f"read_parquet({literal(str(parquet))})"
    connection = in_memory()
    try:
        rows = connection.execute(
            f"select distinct unnest([{columns}]) from {table} where {owned}"
        ).fetchall()
    finally:
        connection.close()
    told = [words_of(text) for (text,) in rows if text]
    runs = {
        " ".join(words[at : at + many])
        for words in told
        for at in range(len(words))
        for many in range(1, _LONGEST_NAME + 1)
    }
    return {run for run in runs if made("name", run) in person.names}


def cleaned_label(home: Path, erased: Sequence[Erased], label: str) -> str:
    """Return what a file is called without the addresses of people who were erased."""
    boxes = mailboxes_in(label)
    if not boxes:
        return label
    made = marker(home)
    box_of = {made(box): box for box in boxes}
    for person in erased:
        mine = {box_of[known] for known in person.mailboxes if known in box_of}
        label = Traces(person.pseudonym, frozenset(mine)).cleaned(label) if mine else label
    return label


def _said(
    parquet: Path, found: Roles, headers: Iterable[str]
) -> tuple[set[str], set[str], dict[str, set[str]]]:
    """Return the mailboxes that a table names anywhere, and the ids of people in it."""
    table = f"read_parquet({literal(str(parquet))})"
    boxes: set[str] = set()
    ids: set[str] = set()
    cells: dict[str, set[str]] = {}
    connection = in_memory()
    try:
        for header in headers:
            column = identifier(header)
            asked = f"select distinct {column} from {table} where "
            near = literal(_MAY_NAME)
            texts = connection.execute(f"{asked} regexp_matches({column}, {near})").fetchall()
            boxes |= {box for (text,) in texts for box in mailboxes_in(text)}
            if header in found.addresses:
                cells |= {text: mailboxes_in(text) for (text,) in texts}
            if header in found.ids:
                raw = connection.execute(f"{asked} {column} is not null").fetchall()
                ids |= {str(text).strip() for (text,) in raw}
                ids |= {id_ for (text,) in raw for id_ in _APART.split(str(text)) if id_}
    finally:
        connection.close()
    return boxes, ids, cells
