"""The touch by which a lead may have come in: of the campaign, or the link, that its row names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from smarketing.files.quoting import identifier, literal, literals
from smarketing.sources.drafting.columns import Column
from smarketing.sources.drafting.select import DRIVER, as_worded, filled, value, worded
from smarketing.sources.drafting.words import fold, folded_words, words
from smarketing.sources.drafting.work import Work

_LINK = ("utm_source", "utm_medium", "utm_campaign")
_KIND = "inquiry"


def origin(work: Work, key: str) -> None:
    """Draft the touch of what a lead names as it came in, and ask whether it is one.

    Not where another file of the source lists touches: the same one would count twice.
    """
    named, tags = _campaign(work), _tags(work)
    said = [*([named] if named else []), *tags.values()]
    created = work.guess.found.get("created_at")
    if not said or "created_at" not in work.columns or "touch" in work.tables:
        return
    columns = {
        "touch_id": f"'lead ' || {key}",
        "lead_id": key,
        **{n: work.columns[n] for n in ("person_id", "account_id") if n in work.columns},
        **({"campaign_id": found} if named and (found := _found(work, named)) else {}),
        **({"channel": work.columns["channel"]} if "channel" in work.columns else {}),
        "kind": literal(_KIND),
        "side": literal("marketing"),
        "direction": literal("inbound"),
        "occurred_at": work.columns["created_at"],
        **{tag: value(column) for tag, column in tags.items()},
    }
    campaigns = [column for column in (tags.get("utm_campaign"), named) if column]
    if campaigns:
        columns["utm_campaign"] = _first_said(campaigns)
    work.used |= {column.name for column in said}
    is_told = " or ".join(f"coalesce({_says(column)}, false)" for column in said)
    newest = (
        f"exists (select 1 from {identifier(work.object + '_current')} k "
        f"where k._file_id = {DRIVER}._file_id and k._row = {DRIVER}._row)"
    )
    draft = work.another("touch", columns, f"({is_told}) and {newest}")
    members = _of_members(work)
    if members is not None:
        draft = replace(draft, doubt="its rows may be of the members of campaigns")
    alone = _one_each(work, key)
    work.more.append(replace(draft, undecided=members or alone + _question(said, created)))


def _one_each(work: Work, key: str) -> str:
    """Say that of a person's inquiries the last counts, where leads are known by their e-mail."""
    by = next((c for c in work.sheet.columns if value(c) == key and "email" in c.shape.looks), None)
    return (
        f"Of several inquiries by one '{by.name}' only the last counts, unless each has an id of "
        "its own in a column 'Lead ID'. "
        if by
        else ""
    )


def _question(said: list[Column], created: Column | None) -> str:
    shown = " and ".join(f"'{column.name}'" for column in said)
    day = f"'{created.name}'" if created else "its date"
    return (
        f"A lead's {shown} may be what it came in by, and {day} the day of that. If so, and if no "
        "other export lists what these people did (they would count twice), take this line out of "
        "the file; else delete the file"
    )


def _of_members(work: Work) -> str | None:
    """Ask where the rows may be of leads and campaigns, several of a lead; None if nothing says so.

    Rows with the record's own time of change are versions of it.
    """
    signs = folded_words("member_signs")
    told = next((c for c in work.sheet.columns if fold(c.name) in signs), None)
    key = work.guess.found.get("lead_id")
    if told is not None:
        sign = f"The column '{told.name}' is one of a list of campaigns' members"
    elif key is not None and key.shape.distinct < key.shape.filled and not work.modified():
        sign = f"Several rows have one '{key.name}'"
    else:
        return None
    return (
        f"{sign}, so that a row may say of which campaign a person is a member, and not what a "
        "lead came in by. If so, call the file 'campaign members' and the day of each 'First "
        "Responded Date', and draft it again into another folder by --out; either way delete this "
        "file"
    )


def _found(work: Work, named: Column) -> str | None:
    """Return the lead's own campaign, where it is found by the column that names it."""
    referred = work.sheet.reference("campaign") or work.sheet.named("campaign")
    return work.columns.get("campaign_id") if referred is named else None


def _campaign(work: Work) -> Column | None:
    """Return the one column that names a lead's campaign: several in a cell have no order."""
    found = _first_campaigns(work) or work.sheet.references("campaign")
    named = [c for c in found if not (c.shape.is_blank or _is_later(c))][:1]
    several = [c for c in named if c.shape.separator or c.shape.between_names]
    return named[0] if named and not several else None


def _first_campaigns(work: Work) -> list[Column]:
    """Return the columns headed as the first campaign of a lead: "First campaign"."""
    beside = folded_words("first_ones")
    plain = {fold(word) for word in words()["entities"]["campaign"]}
    return [c for c in work.sheet.columns if _without(c, beside) in plain]


def _tags(work: Work) -> Mapping[str, Column]:
    """Return the tags of the link by which a lead came in: of several links those of the first."""
    beside = folded_words("first_ones")
    first = {
        tag: column
        for tag in _LINK
        for column in work.sheet.columns
        if not column.shape.is_blank and _without(column, beside) == fold(tag)
    }
    plain = {
        tag: column
        for tag in _LINK
        for column in reversed(work.sheet.ranked(tag))
        if not (column.shape.is_blank or _is_later(column))
    }
    return first or plain


def _without(column: Column, beside: frozenset[str]) -> str | None:
    """Return a header without the words that stand beside it; None where none does."""
    told = fold(column.name).split()
    left = [word for word in told if word not in beside]
    return " ".join(left) if left != told else None


def _is_later(column: Column) -> bool:
    """Whether a header speaks of what a lead has met last: no campaign of the day it came in."""
    return bool(set(fold(column.name).split()) & folded_words("last_ones"))


def _first_said(columns: list[Column]) -> str:
    """Return the expression of the first of several columns that names something."""
    cases = " ".join(f"when {_says(column)} then {value(column)}" for column in columns)
    return f"case {cases} end"


def _says(column: Column) -> str:
    """Return the condition that a cell names something, and not that there is nothing."""
    nothing = dict.fromkeys(map(as_worded, words()["no_campaign"]))
    return f"{filled(column)} is not null and {worded(column)} not in ({literals(nothing)})"
