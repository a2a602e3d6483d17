"""Who takes part in a deal: by an id, an e-mail address or a name in the deal's own file."""

from __future__ import annotations

import re

from smarketing.files.quoting import literal
from smarketing.sources.drafting.columns import Column
from smarketing.sources.drafting.select import DRIVER, filled, folded, value
from smarketing.sources.drafting.shapes import ADDRESS
from smarketing.sources.drafting.words import fold, words
from smarketing.sources.drafting.work import Work


def contacts(work: Work, key: str) -> None:
    """Say who takes part: the contacts that the deal's own file names."""
    column = work.sheet.reference("person")
    if column is None and _by_address(work, key):
        return
    if column is not None and column.shape.separator:
        work.lists[column.name] = column.shape.separator
        work.used.add(column.name)
        unnested = f"unnest({value(column)}) as taking_part(person_id)"
        work.joins["taking_part"] = f"cross join {unnested}"
        columns = {"deal_id": key, "person_id": "taking_part.person_id"}
        work.more.append(work.another("deal_contact", columns))
    elif column is None and _several_names(work):
        _named_contacts(work, key)
    elif work.refer("person_id", "person"):
        person = work.columns.pop("person_id")
        columns = {"deal_id": key, "person_id": person, "is_primary": "'true'"}
        where = f"nullif(trim({person}), '') is not null"
        if column is None and (named := work.sheet.named("person")):
            columns |= _by_name(person, value(named))
            where = f"{filled(named)} is not null"
        work.more.append(work.another("deal_contact", columns, where))


def _by_name(person: str, named: str) -> dict[str, str]:
    """Return who is found by a name; one that two people have, or nobody, is told as unknown."""
    said = f"coalesce({person}, {named})"
    return {"person_id": said, "_unknown": f"case when {person} is null then {named} end"}


def _by_address(work: Work, key: str) -> bool:
    """Let the e-mail address of a deal's contact say who takes part.

    It is looked up where another file of the source lists people; else it makes a person.
    """
    likely = _addresses(work)
    if len(likely) > 1:
        shown = ", ".join(f"'{column.name}' ({column.shape.example})" for column in likely)
        work.ask(
            f"several columns hold an e-mail address of a deal's contact: {shown}. Leave in the "
            "export the one who takes part and draft the source again; or take this line out, "
            "and nobody does"
        )
        return True
    if not likely:
        return False
    named, about = work.sheet.named("person"), {}
    if named is not None and not named.shape.between_names and "email" not in named.shape.looks:
        work.used.add(named.name)
        about["full_name"] = value(named)
    person, is_alone = _person_behind(work, likely[0], about)
    columns = {"deal_id": key, "person_id": person}
    columns |= {"is_primary": "'true'"} if is_alone else {}
    work.more.append(work.another("deal_contact", columns, f"nullif({person}, '') is not null"))
    return True


def _person_behind(work: Work, column: Column, about: dict[str, str]) -> tuple[str, bool]:
    """Return who has an address in a column, one row each, and whether each cell holds one alone.

    A cell may hold a name beside the address ("Ann <ann@a.test>"), and several of them. Whoever
    came in more than once takes part with all that led to it.
    """
    if "email" in column.shape.looks:
        return work.by_address(column, about, by="every_email"), True
    apart = f"regexp_extract_all({value(column)}, {literal(ADDRESS)})"
    work.joins["taking_part"] = f"cross join unnest({apart}) as taking_part(address)"
    is_alone = all(len(re.findall(ADDRESS, text)) == 1 for text in column.shape.values)
    about = about if is_alone else {}
    return work.by_address(column, about, "taking_part.address", "every_email"), is_alone


def _addresses(work: Work) -> list[Column]:
    """Return the columns with the e-mail address of a deal's contact, by their words and values."""
    persons = {w for word in words()["entities"]["person"] for w in fold(word).split()}
    own = persons | {w for word in words()["email_of_contact"] for w in fold(word).split()}
    sellers = {fold(w) for name in ("owners", "sellers") for w in words()[name]}
    found: dict[tuple[str, ...], Column] = {}
    for column in work.sheet.columns:
        said, shape = set(fold(column.name).split()), column.shape
        # The same few addresses again and again are those of who works on the deals.
        is_anybodys = bool(said & persons) or 2 * shape.distinct > shape.filled
        is_contact = said <= own - sellers or "taking_part" in column.header.meanings
        if shape.holds_addresses and is_contact and is_anybodys:
            found.setdefault(shape.values, column)
    return list(found.values())


def _several_names(work: Work) -> list[Column]:
    """Return the columns that name the people of a deal, where they name several of them."""
    if not work.is_found_by_name("person"):
        return []
    named = [work.sheet.named("person"), work.best("taking_part")]
    found = [column for column in named if column and not column.shape.is_blank]
    return found if len(found) > 1 or any(c.shape.between_names for c in found) else []


def _named_contacts(work: Work, key: str) -> None:
    """Take the names of a deal's people apart; a contact who stands alone is the primary one."""
    names, main = [], None
    for column in _several_names(work):
        sign = column.shape.between_names
        if sign:
            work.lists[column.name] = sign
        else:
            main = main or column
        names.append(value(column) if sign else f"[{value(column)}]")
        work.used.add(column.name)
    listed = names[0] if len(names) == 1 else f"list_concat({', '.join(names)})"
    alias = work.look_up("person", "taking_part.name")
    apart = f"cross join unnest({listed}) as taking_part(name)"
    work.joins[alias] = f"{apart}\n{work.joins[alias]}"
    person = f"{alias}.id"
    columns = {"deal_id": key, **_by_name(person, "taking_part.name")}
    if main is not None:
        primary = f"lower(trim(taking_part.name)) = {folded(main)}"
        columns["is_primary"] = f"case when {primary} then 'true' end"
    who = columns["person_id"]
    once = f"row_number() over (partition by {DRIVER}._file_id, {DRIVER}._row, {who}) = 1"
    where = "nullif(trim(taking_part.name), '') is not null"
    work.more.append(work.another("deal_contact", columns, where, once))
