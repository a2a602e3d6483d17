"""What every member is called: by a file of members, by a source beside the id, or by the id."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping

import duckdb

from smarketing.build.core.members import MEMBER, references
from smarketing.files.quoting import identifier

#: Tables that say beside the id of an owner what the source calls them.
NAMED_BESIDE = ("deal", "lead")


def read_for_names() -> frozenset[str]:
    """Return the core tables that names of members are read from."""
    return frozenset({MEMBER, *NAMED_BESIDE, *(table for table, _ in references())})


def member_names(connection: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """Return what to call each member that any record refers to, by id.

    A reference that is itself a name is that name without the prefix of its source; of whom only
    an id is known is called by it, said as an id (`id 77`). Two of one name in one source are two
    people: their ids stand behind the name.
    """
    given = dict(connection.execute(f"select member_id, name from {MEMBER}").fetchall())
    beside = _beside(connection)
    names = {
        member: given.get(member) or beside.get(member) or _own(member)
        for member in sorted({*given, *_referred(connection)})
    }
    return _apart(names, {member for member in names if member not in given})


def _referred(connection: duckdb.DuckDBPyConnection) -> Collection[str]:
    asked = " union ".join(
        f"select {identifier(column)} from {identifier(table)} "
        f"where {identifier(column)} is not null"
        for table, column in references()
    )
    return {member for (member,) in connection.execute(asked).fetchall()}


def _beside(connection: duckdb.DuckDBPyConnection) -> Mapping[str, str]:
    """Return the name that stands most often beside each id."""
    said: Counter[tuple[str, str]] = Counter()
    for table in NAMED_BESIDE:
        rows = connection.execute(
            f"select owner_id, trim(owner_name), count(*) from {table} "
            "where owner_id is not null and trim(owner_name) <> '' group by all"
        ).fetchall()
        for member, name, records in rows:
            said[member, name] += records
    seldom_first = sorted(said, key=lambda one: (said[one], one))
    return dict(seldom_first)


def _own(member: str) -> str:
    """Return what to call somebody whose reference alone is known."""
    text = _bare(member)
    is_name = " " in text or "@" in text or not any(sign.isdigit() for sign in text)
    return text if is_name else f"id {text}"


def _source(member: str) -> str:
    return member.partition(":")[0]


def _bare(member: str) -> str:
    return member.partition(":")[2] or member


def _apart(names: Mapping[str, str], untold: Collection[str]) -> dict[str, str]:
    """Tell two people apart: of one id in two systems, or of one name in one."""
    by_id = {member for member in untold if names[member] == f"id {_bare(member)}"}
    same_id = Counter(names[member] for member in by_id)
    same_name = Counter(
        (_source(member), name) for member, name in names.items() if name != _bare(member)
    )

    def apart(member: str, name: str) -> str:
        if member in by_id:
            return f"{name} ({_source(member)})" if same_id[name] > 1 else name
        is_shared = name != _bare(member) and same_name[_source(member), name] > 1
        return f"{name} ({_bare(member)})" if is_shared else name

    return {member: apart(member, name) for member, name in names.items()}
