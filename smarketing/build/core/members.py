"""Members that a source gives by name: owners of deals and leads, who did what, whose quota."""

from __future__ import annotations

from collections.abc import Iterator

import duckdb

from smarketing.build.core.views import MAIN
from smarketing.files.quoting import identifier, literal
from smarketing.store.schema import core_tables

MEMBER = "member"
_ADDRESS = r"\s*[(<\[]\s*[^\s()<>]+@[^\s()<>]+\s*[)>\]]\s*$"
_BLANKS = r"\s+"


def settle_members(connection: duckdb.DuckDBPyConnection) -> None:
    """Let a reference to a member that is a name be the id of the one who alone is called so.

    Among the members whose ids the reference's source gave, else, where it knows nobody of that
    name, among all. Case and blanks tell no two names apart. What is an id stays one, and a name
    that two members have, or nobody, stays a name.
    """
    found = connection.execute(f"select count(*) from {MAIN}.{MEMBER}").fetchone()
    if not found or not found[0]:
        return
    connection.execute(_named(" union ".join(_said(*place) for place in references())))
    for table, column in references():
        connection.execute(
            f"update {MAIN}.{identifier(table)} set {identifier(column)} = n.id "
            f"from temp.member_named n where {identifier(column)} = n.said"
        )


def references() -> Iterator[tuple[str, str]]:
    """Give the table and the name of every column of a core table that refers to a member."""
    for table in core_tables().values():
        for column in table.columns:
            if column.references == MEMBER and (table.name, column.name) != (MEMBER, table.key[0]):
                yield table.name, column.name


def _said(table: str, column: str) -> str:
    name = identifier(column)
    return f"select {name} as said from {MAIN}.{identifier(table)} where {name} is not null"


def _named(references: str) -> str:
    """Return the statement of the references that are names, with the id that each stands for."""
    return f"""
        create or replace temp table member_named as
        with said as ({references}),
        name as (
            select said, split_part(said, ':', 1) as source,
                {_folded("substr(said, strpos(said, ':') + 1)")} as name
            from said anti join {MAIN}.{MEMBER} on member_id = said
        ),
        called as (
            select distinct member_id, split_part(member_id, ':', 1) as source,
                {_folded("name")} as name
            from {MAIN}.{MEMBER} where name is not null
        ),
        of_source as (
            select source, name, min(member_id) as id, count(*) as members
            from called group by source, name
        ),
        of_all as (
            select name, min(member_id) as id, count(*) as members from called group by name
        )
        select n.said, coalesce(s.id, a.id) as id
        from name n
        left join of_source s on s.source = n.source and s.name = n.name
        left join of_all a on a.name = n.name and s.name is null
        where coalesce(s.members, a.members) = 1
    """


def _folded(text: str) -> str:
    """Return a name as it is compared: an address behind it and its case and blanks aside."""
    bare = f"regexp_replace({text}, {literal(_ADDRESS)}, '')"
    return f"lower(trim(regexp_replace({bare}, {literal(_BLANKS)}, ' ', 'g')))"
