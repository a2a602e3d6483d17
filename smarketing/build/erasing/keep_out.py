"""Keeping erased people out: what a new export says of them is erased before it is landed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from smarketing.build.erasing.columns import Roles, roles
from smarketing.build.erasing.letters import AT, is_wide
from smarketing.build.erasing.owned import apart, names_beside, owned_rows
from smarketing.build.erasing.packed import LOOKS_PACKED
from smarketing.build.erasing.tables import clean_parquet, phones_of, rename_columns
from smarketing.build.erasing.traces import Traces, mailboxes_in, renamed, words_of
from smarketing.files.quoting import identifier, literal, literals
from smarketing.files.tables import BadRow, LandedTable, Total
from smarketing.in_memory import in_memory
from smarketing.sources.recognition import Match
from smarketing.store.erased import Erased, marker, record_id

_APART = re.compile(r"[;,|\s]+")
_MAY_NAME = f"[@＠%&]|=40|u0040|(?i:{AT}|\\s(?:at|ät)\\s)|{LOOKS_PACKED}"
"""What stands in every text that names a mailbox, in whatever writing."""
_LONGEST_NAME = 5
_LONGEST_WIDE = 6
_MOST_TEXTS = 20_000


@dataclass(frozen=True)
class _Asked:
    """A table that was just read, and what it says of people who were erased.

    By their marks: the mailboxes it names anywhere, the ids of people and of leads as they are
    written. `cells` are the mailboxes that each cell of an address names where one is among these.
    """

    table: LandedTable
    match: Match
    roles: Roles
    boxes: Mapping[str, str]
    ids: Mapping[str, set[str]]
    leads: Mapping[str, set[str]]
    cells: Mapping[str, set[str]]

    @property
    def source(self) -> str:
        """The name of the source."""
        return self.match.source.name

    def traces(self, person: Erased) -> Traces:
        """Return what the table says of an erased person, but for names."""
        mine = {self.boxes[known] for known in person.mailboxes if known in self.boxes}
        ids, leads = (
            frozenset((self.source, raw) for known in marks for raw in held.get(known, ()))
            for marks, held in ((person.ids, self.ids), (person.leads, self.leads))
        )
        cells = frozenset(cell for cell, named in self.cells.items() if named & mine)
        return Traces(person.pseudonym, frozenset(mine), ids=ids, cells=cells, leads=leads)


def keep_out(
    home: Path, erased: Sequence[Erased], tables: Sequence[tuple[LandedTable, Match]]
) -> tuple[list[LandedTable], tuple[Erased, ...]]:
    """Erase from tables that were just read, and from what is told of them, who was erased before.

    Returns the tables, and who was erased with the ids that these tables give them: whoever comes
    back under another id is known by it in what else names that id alone, now and later.
    """
    made, known = marker(home), tuple(erased)
    while True:
        wanted = {one for p in known for one in (*p.mailboxes, *p.ids, *p.leads)}
        asked = [_asked(made, wanted, table, match) for table, match in tables]
        more = tuple(_by_new_ids(made, person, asked) for person in known)
        if more == known:
            return [_without(made, known, one) for one in asked], known
        known = more


def _asked(made: Callable[..., str], wanted: Set[str], table: LandedTable, match: Match) -> _Asked:
    """Return what a table says of those whose marks are wanted: of all it would fill the memory."""
    found = roles(match.source, match.object, match.reading, tuple(table.columns))
    boxes, ids, leads, cells = _said(table.parquet, found, table.columns)
    boxes |= {box for text in set(_texts(table)) for box in mailboxes_in(text)}
    name = match.source.name
    people, of_leads = (_by_mark(made, wanted, name, each) for each in (ids, leads))
    marked = {mark: box for box in boxes if (mark := made(box)) in wanted}
    theirs = set(marked.values())
    cells = {cell: named for cell, named in cells.items() if named & theirs}
    return _Asked(table, match, found, marked, people, of_leads, cells)


def _by_mark(
    made: Callable[..., str], wanted: Set[str], source: str, ids: Iterable[str]
) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for id_ in ids:
        for written in {id_, record_id(id_)}:
            mark = made(source, written)
            if mark in wanted:
                found.setdefault(mark, set()).add(id_)
    return found


def _by_new_ids(made: Callable[..., str], person: Erased, asked: Sequence[_Asked]) -> Erased:
    """Return a person with the ids of the own rows in these tables."""
    ids, leads = {*person.ids}, {*person.leads}
    for one in asked:
        key = _key(one)
        raw = _keys_of(one, key, one.traces(person)) if key else ()
        marks = {made(one.source, record_id(each)) for each in raw}
        ids |= marks if key in one.roles.ids else set()
        leads |= marks if key in one.roles.leads else set()
    return replace(person, ids=tuple(sorted(ids)), leads=tuple(sorted(leads)))


def _key(one: _Asked) -> str:
    """Return the header that tells the rows of people or leads apart; blank where others stand."""
    key = one.match.profile.key
    header = one.match.mapping.get(key[0], key[0]) if len(key) == 1 else ""
    return header if header in one.roles.ids | one.roles.leads else ""


def _keys_of(one: _Asked, key: str, traces: Traces) -> list[str]:
    # A cell that names somebody else as well may be of that one's row, as of an assistant's.
    cells = {cell for cell in traces.cells if one.cells[cell] <= traces.mailboxes}
    told = (
        (one.roles.addresses, cells),
        (one.roles.ids - {key}, {raw for _, raw in traces.ids}),
    )
    tests = [
        f"trim({identifier(header)}) in ({literals(sorted(cell.strip() for cell in cells))})"
        for headers, cells in told
        for header in sorted(headers)
        if cells
    ]
    if not tests:
        return []
    column, table = identifier(key), f"read_parquet({literal(str(one.table.parquet))})"
    connection = in_memory()
    try:
        rows = connection.execute(
            f"select distinct trim({column}) from {table} "
            f"where ({' or '.join(tests)}) and trim({column}) <> ''"
        ).fetchall()
    finally:
        connection.close()
    return [str(raw) for (raw,) in rows]


def _without(made: Callable[..., str], erased: Sequence[Erased], one: _Asked) -> LandedTable:
    """Erase from one table."""
    parquet, headers, found = one.table.parquet, one.table.columns, one.roles
    # Where people have rows of their own a name may be another's; elsewhere it tells of the person.
    runs: dict[str, set[str]] = {}
    if not (found.names or found.addresses):
        runs = _runs(made, parquet, headers)
        for run in {run for text in set(_texts(one.table)) for run in _runs_of(text)}:
            runs.setdefault(made("name", run), set()).add(run)
    told: Callable[[str], str] = str
    for person in erased:
        traces = one.traces(person)
        named = {run for name in person.names for run in runs.get(name, ())}
        if traces.mailboxes or traces.ids or traces.leads or named:
            beside = _told_beside(made, person, names_beside(parquet, found, traces))
            traces = apart(parquet, found, replace(traces, shared=beside))
            names = _names(made, person, parquet, owned_rows(one.source, found, traces), headers)
            odd = frozenset(cell for cell in traces.cells if traces.cleaned(cell) == cell)
            traces = replace(traces, cells=odd)
            traces = replace(traces, phones=phones_of([(parquet, one.source, found)], traces))
            # The names of people stand in columns of their own, and may be others' as well.
            names = set() if found.names else names | named
            traces = replace(traces, names=frozenset(names))
            clean_parquet(parquet, one.source, found, traces, False)
            told = _both(told, traces.cleaned)
    return _told(one.table, told)


def _told_beside(made: Callable[..., str], person: Erased, names: Iterable[str]) -> frozenset[str]:
    """Return the person's names among those of records, whose words may stand in either order."""
    told = (order for name in names for order in (name, " ".join(reversed(words_of(name)))))
    runs = {run for text in told for run in (*_runs_of(text), " ".join(words_of(text)))}
    return frozenset(run for run in runs if made("name", run) in person.names)


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
    """Return what a file is called, or is said of it, without people who were erased."""
    boxes, told = mailboxes_in(label), set(_runs_of(label))
    if not boxes and not told:
        return label
    made = marker(home)
    box_of = {made(box): box for box in boxes}
    runs = {made("name", run): run for run in told}
    for person in erased:
        mine = frozenset(box_of[known] for known in person.mailboxes if known in box_of)
        named = frozenset(runs[known] for known in person.names if known in runs)
        if mine or named:
            label = Traces(person.pseudonym, mine, named).cleaned(label)
    return label


def _said(
    parquet: Path, found: Roles, headers: Iterable[str]
) -> tuple[set[str], set[str], set[str], dict[str, set[str]]]:
    """Return the mailboxes that a table names anywhere, the ids of people and of leads in it.

    Last the mailboxes that each cell of an address names.
    """
    table = f"read_parquet({literal(str(parquet))})"
    boxes: set[str] = set()
    ids: set[str] = set()
    leads: set[str] = set()
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
            if header in found.ids | found.leads:
                raw = connection.execute(f"{asked} {column} is not null").fetchall()
                told = {str(text).strip() for (text,) in raw}
                told |= {id_ for (text,) in raw for id_ in _APART.split(str(text)) if id_}
                ids |= told if header in found.ids else set()
                leads |= told if header in found.leads else set()
    finally:
        connection.close()
    return boxes, ids, leads, cells
