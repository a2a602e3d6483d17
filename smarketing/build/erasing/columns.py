"""Which columns of a source's file say who somebody is, and which the figures need."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from typing import Final

import sqlglot
from sqlglot import exp

from smarketing.sources import Source
from smarketing.sources.objects import Reading
from smarketing.sources.selects import own_views

#: Core tables whose records are people, by their own row.
_OF_PEOPLE = ("person", "lead")
_NAMES, _PERSON, _LEAD = ("full_name",), "person_id", "lead_id"
_ADDRESS = "email"
#: What a contact was about, and its page: figures count those of marketing alone.
_CONTENT, _PAGE, _SIDE = "content", "url", "side"
#: What somebody wrote into an answer: figures count that it was, not what.
COMMENT: Final = "comment"
_UNCOUNTED = (*_NAMES, _ADDRESS, _CONTENT, _PAGE, COMMENT)


@dataclass(frozen=True)
class Roles:
    """Headers of one table by what they are to a person.

    `names` hold the name alone, `ids` and `leads` tell whose row it is, by the person or by one of
    the person's leads, `needless` feed no figure. All are empty but these two where the rows are no
    people. `answers` is what was written of one's own; that
    something was, counts. Of contacts with people, `contents` and `pages`
    tell what they were about, which figures count unless the side is sales: that stands in one
    of `sides`; None where it stands nowhere. Without any all are of sales.
    """

    names: frozenset[str]
    addresses: frozenset[str]
    ids: frozenset[str]
    needless: frozenset[str]
    contents: frozenset[str] = frozenset()
    pages: frozenset[str] = frozenset()
    sides: frozenset[str] | None = frozenset()
    answers: frozenset[str] = frozenset()
    leads: frozenset[str] = frozenset()


NOBODY = Roles(frozenset(), frozenset(), frozenset(), frozenset())


def roles(source: Source, object_: str | None, reading: Reading, headers: tuple[str, ...]) -> Roles:
    """Answer what the headers of a table of this object are."""
    if object_ is None:
        return NOBODY
    selects = tuple(s.sql for group in source.selects.values() for s in group)
    inside, needed = _references(object_.casefold(), selects)
    item = source.objects[object_]
    needed |= {c.casefold() for c in (*item.key, item.modified, item.deleted) if c}
    needed |= {c.casefold() for c in (item.merged_into, *item.merged_from) if c}
    canonical = {header: column.casefold() for column, header in reading.mapping.items()}
    in_families = {header for group in reading.families.values() for header, _ in group}

    def of(*outputs: str) -> frozenset[str]:
        names = set().union(*(inside.get(output, set()) for output in outputs))
        return frozenset(h for h in headers if canonical.get(h, h.casefold()) in names)

    def is_of(table: str) -> bool:
        return any(s.object == object_ for s in source.selects.get(table, ()))

    people, leads = of(_PERSON), of(_LEAD)
    ids = people | leads
    if not any(map(is_of, _OF_PEOPLE)):
        nobody = replace(NOBODY, ids=people, leads=leads)
        if not ids or not (is_of("touch") or is_of("feedback")):
            return nobody
        used = {h for h in headers if canonical.get(h, h.casefold()) in needed or h in in_families}
        if not is_of("touch"):
            return replace(nobody, answers=of(COMMENT) - used - ids)
        contents, pages = of(_CONTENT) - used - ids, of(_PAGE) - used - ids
        needless = frozenset(headers) - used - contents - pages - ids
        touches = tuple(s.sql for s in source.selects["touch"] if s.object == object_)
        kinds = {_side(text) for text in touches}
        sides = frozenset[str]() if kinds == {"sales"} else None
        sides = of(_SIDE) or None if kinds == {"column"} else sides
        return replace(nobody, needless=needless, contents=contents, pages=pages, sides=sides)
    used = {h for h in headers if canonical.get(h, h.casefold()) in needed or h in in_families}
    names, addresses = of(*_NAMES) - used, of(_ADDRESS)
    needless = frozenset(headers) - used - names - addresses - ids
    return Roles(names, addresses, people, needless, leads=leads)


@cache
def _references(object_: str, texts: tuple[str, ...]) -> tuple[dict[str, set[str]], frozenset[str]]:
    """Return the columns of an object read for each output that names a person, and for any other.

    Every SELECT that reads the object counts, also where another drives it.
    """
    inside: dict[str, set[str]] = {}
    needed: set[str] = set()
    for text in texts:
        tree = sqlglot.parse_one(text, read="duckdb")
        others = _not_of(object_, tree)
        if others is None:
            continue
        lists = {
            each.alias.casefold(): {column.name.casefold() for column in each.find_all(exp.Column)}
            for each in tree.find_all(exp.Unnest)
            if each.alias
        }
        for column in tree.find_all(exp.Column):
            if column.table.casefold() in others:
                continue
            output = _output(column)
            names = lists.get(column.table.casefold(), {column.name.casefold()})
            if output in (*_UNCOUNTED, _PERSON, _LEAD, _SIDE):
                inside.setdefault(output, set()).update(names)
            if output not in _UNCOUNTED:
                needed |= names
    return inside, frozenset(needed)


@cache
def _side(text: str) -> str:
    """Answer whether the contacts of a SELECT are all of a side, a column says it, or neither."""
    tree = sqlglot.parse_one(text, read="duckdb")
    assert isinstance(tree, exp.Query)
    found = [one.unalias() for one in tree.selects if one.alias_or_name.casefold() == _SIDE]
    if len(found) == 1 and isinstance(found[0], exp.Literal):
        return str(found[0].this)
    return "column" if len(found) == 1 and isinstance(found[0], exp.Column) else ""


def _not_of(object_: str, tree: exp.Expr) -> frozenset[str] | None:
    """Return the names by which a SELECT calls other tables; None where it reads not the object.

    A part of the SELECT itself (`with`) may hold the object's columns, and so is none of them.
    """
    parts = {part.alias.casefold() for part in tree.find_all(exp.CTE)}
    mine, others = set[str](), set[str]()
    for table in tree.find_all(exp.Table):
        name = table.name.casefold()
        is_mine = name in parts or name in _views(object_)
        (mine if is_mine else others).add(table.alias_or_name.casefold())
    read = {table.name.casefold() for table in tree.find_all(exp.Table)}
    return frozenset(others - mine) if read & _views(object_) else None


def _views(object_: str) -> set[str]:
    return {view.casefold() for view in own_views([object_])}


def _output(column: exp.Column) -> str:
    """Return the name of the output column that a reference is for; blank for none."""
    for node in _upwards(column):
        if isinstance(node.parent, exp.Select) and node.arg_key == "expressions":
            return str(node.alias_or_name).casefold()
    return ""


def _upwards(node: exp.Expr) -> Iterator[exp.Expr]:
    current: exp.Expr | None = node
    while current is not None and not isinstance(current, exp.Select):
        yield current
        current = current.parent
