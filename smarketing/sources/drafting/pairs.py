"""Files whose rows only say what belongs together: which company a deal is with."""

from __future__ import annotations

from smarketing.sources.drafting.work import Work

_RECORDS = ("account", "person", "lead", "deal", "campaign")


def asked_of_pairs(work: Work) -> str | None:
    """Ask about a file of nothing but identifiers, of which the records it makes lack one.

    Its rows are no companies, although each names one.
    """
    columns = work.sheet.columns
    others = [column for column in columns if column.name not in work.used]
    are_ids = all(column.header.is_key and column.header.entity for column in columns)
    if len(others) != 1 or len(columns) < 2 or not are_ids:
        return None
    whose, made = str(others[0].header.entity), work.table
    if whose == made or not {whose, made} <= {*_RECORDS}:
        return None
    return (
        f"each row says which {made} belongs to which {whose} ('{others[0].name}'), which is not "
        f"read: its rows would be {made}s of which nothing is known. Export the {made}'s id in the "
        f"file of the {whose}s, write a SELECT for it, or pass over it with `ignored: why`; or "
        "take this line out if that is what they are"
    )
