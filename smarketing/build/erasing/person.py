"""Who is meant: everything a home's builds know a person by."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from smarketing.build.erasing.letters import is_wide, without_accents
from smarketing.build.erasing.packed import spellings
from smarketing.build.erasing.traces import ERASED, Traces
from smarketing.build.erasing.words import untitled
from smarketing.errors import UsageError
from smarketing.files.quoting import literal
from smarketing.in_memory import in_memory
from smarketing.store import builds
from smarketing.store.erased import mailbox

PSEUDONYM = "erased-"
#: Whom an id, or an address, means: as the person's own, as that of a lead of the person.
_MEANT = {
    "person": """
select person_id from dim_person where person_id = $given or lower(email) = lower($given)
union
select person_id from link_person where source_person_id = $given
""",
    "lead": "select person_id from dim_lead where lead_id = $given and person_id is not null",
}
#: An id that is an address is the person's, as the address is.
_BY_MAILBOX = """
with known as (
    select person_id, email from dim_person
    union all
    select l.person_id, p.email
    from link_person as l inner join person as p on p.person_id = l.source_person_id
    union all
    select person_id, person_id from dim_person where contains(person_id, '@')
    union all
    select person_id, source_person_id from link_person where contains(source_person_id, '@')
    union all
    select person_id, lead_id from dim_lead where contains(lead_id, '@')
)
select person_id from known
where person_id is not null and contains(email, '@')
    and regexp_replace(regexp_replace(lower(email), '^[^:@]*:', ''), '\\+[^@]*@', '@') = any($boxes)
"""
_KNOWN = """
select p.person_id, p.email, p.full_name from person as p
where p.person_id in (select source_person_id from link_person where person_id = any($people))
    or p.person_id = any($people)
union
select person_id, email, full_name from dim_person where person_id = any($people)
"""
_LEADS = "select lead_id from dim_lead where person_id = any($people)"
_OTHERS = r"""
with others as (
    select full_name as name from dim_person where not person_id = any($people)
    union select name from member
)
select name from others
where list_has_any(regexp_split_to_array(strip_accents(lower(name)), '[\s,]+'), $words)
    or len(list_filter($wide, lambda each: contains(replace(name, ' ', ''), each))) > 0
"""
_PARTED = re.compile(r"[\s._]+")


@dataclass
class Known:
    """What builds know a person by: addresses, names, ids, like names of others, ids of leads.

    People and leads of one source may be numbered alike, each from 1.
    """

    mailboxes: set[str] = field(default_factory=set)
    names: set[str] = field(default_factory=set)
    shared: set[str] = field(default_factory=set)
    ids: set[str] = field(default_factory=set)
    others: set[str] = field(default_factory=set)
    leads: set[str] = field(default_factory=set)


def find(home: Path, given: str) -> Known:
    """Answer what every kept build knows of a person; `given` is an address or an id.

    People and leads may be numbered alike: `person ID` and `lead ID` say which is meant. Raises
    UsageError for a text that is none of these, and for an id that means two people.
    """
    kinds, text = told_kind(given)
    if not text or len(text) < 3:
        raise UsageError("Name the person by an e-mail address or an ID, as a record shows it.")
    known = Known(spellings(mailbox(text)) if "@" in text and ":" not in text else set())
    for build in builds.list_builds(home):
        with _reading(build.path) as connection:
            _gather(connection, meant(connection, text, kinds), known)
    return known


def told_kind(given: str) -> tuple[tuple[str, ...], str]:
    """Return as what an id may be meant, and the id: `lead crm:7` is that of a lead alone."""
    kind, _, named = given.strip().partition(" ")
    return ((kind,), named.strip()) if kind in _MEANT else ((*_MEANT,), given.strip())


def meant(connection: duckdb.DuckDBPyConnection, given: str, kinds: Sequence[str]) -> set[str]:
    """Return whom an id means, in any of these ways; UsageError where these are not one."""
    found = {
        kind: {row[0] for row in connection.execute(_MEANT[kind], {"given": given}).fetchall()}
        for kind in kinds
    }
    people, leads = found.get("person", set()), found.get("lead", set())
    if "@" not in given and people and leads - people:
        raise UsageError(
            f"'{given}' is the ID of a person, and of a lead of another person "
            f"({', '.join(sorted(leads - people))}): write the e-mail address, 'person {given}' or "
            f"'lead {given}'."
        )
    return people | leads


def _reading(path: Path) -> duckdb.DuckDBPyConnection:
    connection = in_memory()
    connection.execute(f"attach {literal(str(path))} as held (read_only)")
    connection.execute("use held")
    return connection


def _gather(connection: duckdb.DuckDBPyConnection, meant: set[str], known: Known) -> None:
    people = meant | _of_mailboxes(connection, known.mailboxes)
    if not people:
        return
    _learn(connection, people, known)
    people |= _of_mailboxes(connection, known.mailboxes)
    _learn(connection, people, known)
    known.leads |= {row[0] for row in connection.execute(_LEADS, {"people": [*people]}).fetchall()}
    words = sorted({word for name in known.names for word in without_accents(name).split()})
    wide = ["".join(name.split()) for name in known.names if is_wide(name)]
    asked = {"words": words, "wide": wide, "people": [*people]}
    known.others |= {row[0] for row in connection.execute(_OTHERS, asked).fetchall()}
    known.shared |= {n.casefold() for n in known.names if _is_anybodys(n, known.others)}


def _is_anybodys(name: str, others: set[str]) -> bool:
    """Answer whether another has the name, or a longer one that holds it; or it is a single word.

    A word alone, such as "Jordan", is a country's and a colleague's as well.
    """
    if not is_wide(name) and len(_PARTED.split(name.strip())) < 2:
        return True
    traces = Traces(PSEUDONYM, names=frozenset({name}), others=frozenset(others))
    return any(traces.cleaned(other) != other for other in others)


def _of_mailboxes(connection: duckdb.DuckDBPyConnection, boxes: set[str]) -> set[str]:
    rows = connection.execute(_BY_MAILBOX, {"boxes": sorted(boxes)}).fetchall() if boxes else []
    return {row[0] for row in rows}


def _learn(connection: duckdb.DuckDBPyConnection, people: set[str], known: Known) -> None:
    for id_, email, name in connection.execute(_KNOWN, {"people": [*people]}).fetchall():
        known.ids.add(id_)
        told = (mailbox(each) for each in (email, id_.partition(":")[2]) if each and "@" in each)
        known.mailboxes |= {each for box in told for each in spellings(box)}
        known.names |= {untitled(name)} if name and name != ERASED else set()


def traces_of(known: Known, sources: Iterable[str], pseudonym: str | None = None) -> Traces:
    """Return what to look for in files and builds; the ids without their sources in front."""
    names = {name for name in known.names if name.casefold() not in known.shared}
    boxes = {box for box in known.mailboxes if not box.startswith(PSEUDONYM)}
    return Traces(
        pseudonym or PSEUDONYM + secrets.token_hex(6),
        frozenset(boxes),
        frozenset(names),
        frozenset(known.names - names),
        frozenset(_raw_ids(known.ids, list(sources))),
        others=frozenset(known.others),
        leads=frozenset(_raw_ids(known.leads, list(sources))),
    )


def _raw_ids(ids: Iterable[str], sources: list[str]) -> Iterator[tuple[str, str]]:
    for id_ in ids:
        for source in sources:
            if id_.startswith(f"{source}:"):
                yield source, id_.removeprefix(f"{source}:")
