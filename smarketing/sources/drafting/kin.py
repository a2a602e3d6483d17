"""Files of one kind whose columns changed from one export to the next."""

from __future__ import annotations

from dataclasses import replace

from smarketing.sources.drafting.columns import Sheet
from smarketing.sources.drafting.drafted import File
from smarketing.sources.drafting.guess import Guess, find
from smarketing.sources.drafting.repeats import MANY_FILES
from smarketing.sources.drafting.select import value
from smarketing.sources.drafting.work import Work
from smarketing.store.schema import core_tables

_SHARED = 0.75
"""So great a part of their headers have two files of one kind in common."""
_DAYS_AND_MONEY = ("amount", "date", "instant")
_STATES = ("currency", "outcome", "stage", "status")
_WHOSE = (
    *(
        "owner_id",
        "owner_name",
        "channel",
        "source",
        "lead_source",
        "kind",
        "utm_source",
        "utm_medium",
        "utm_campaign",
    ),
    *("campaign_id", "account_id", "person_id", "lead_id", "email"),
)
"""What figures are cut by, and by which records meet."""


def continues(file: File, earlier: File) -> bool:
    """Whether a file tells of the same records as an earlier one, with some columns more or less.

    They fill one table, under the same identifiers, and have most of their headers in common.
    """
    one, other = file.guess, earlier.guess
    if one is None or other is None or one.table != other.table or one.table in MANY_FILES:
        return False
    shared = len({*file.shapes} & {*earlier.shapes})
    return (
        _key(one) is not None
        and _key(one) == _key(other)
        and shared >= _SHARED * max(len(file.shapes), len(earlier.shapes))
    )


def together(file: File, earlier: File) -> File:
    """Return the kind that both files are of: all their columns, each as the file with most says.

    Its name is that of the earlier one.
    """
    if {*file.shapes} == {*earlier.shapes} and not earlier.gone:
        return earlier
    shapes = dict(file.shapes)
    for header, shape in earlier.shapes.items():
        if header not in shapes or shapes[header].is_blank:
            shapes[header] = shape
    gone = (earlier.gone | {*earlier.shapes}) - {*file.shapes}
    come = (earlier.come | earlier.gone | {*file.shapes} - {*earlier.shapes}) - gone
    sheet = earlier.guess.sheet if earlier.guess else None
    return replace(
        earlier,
        shapes=shapes,
        guess=find(Sheet.of(sheet.table, shapes, sheet.record)) if sheet else None,
        repeated=earlier.repeated or file.repeated,
        totals=tuple(dict.fromkeys((*earlier.totals, *file.totals))),
        gone=gone,
        come=come,
    )


def asked_of_kin(file: File, work: Work) -> str | None:
    """Ask about columns of money, days, states, owners and the like that the last file lacks.

    A record takes all that it says from its newest version, and would have none of it any more.
    """
    table = core_tables()[work.table]
    weighty = {
        column.name
        for column in table.columns
        if column.type in _DAYS_AND_MONEY or column.name in (*_STATES, *_WHOSE)
    }
    drafts = (work.draft(), *work.more)
    read = " ".join(sql for d in drafts for name, sql in d.columns.items() if name in weighty)
    lost = [header for header in file.shapes if header in file.gone and value(header) in read]
    if not lost:
        return None
    shown = ", ".join(f"'{header}'" for header in lost)
    return (
        f"the last of its files has no {shown}, which others have: a record that stands in it "
        "again would lose what these say of it. Export all files with the same columns and draft "
        "the source again, or take this line out"
    )


def _key(found: Guess) -> str | None:
    """Return the header that identifies records: leads and people may have their address alone."""
    key = found.sheet.key()
    if key is None and found.table in ("lead", "person"):
        key = found.sheet.best("email", "email")
    return key.name if key and key.shape.is_unique else None
