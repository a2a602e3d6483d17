"""Tables of which nothing is known but their columns, and what any table cannot be without."""

from __future__ import annotations

from collections.abc import Mapping

from smarketing.sources.drafting.work import Work
from smarketing.store.schema import core_tables

_SAYS: Mapping[str, tuple[str, ...]] = {
    "contract": ("account_id", "starts_on", "recurring_amount"),
    "quota": ("amount",),
    "feedback": ("asked_at", "score"),
}
"""What a record must say to count in any figure, beside what its table cannot be without."""


def lacking(work: Work) -> str | None:
    """Say what a SELECT lacks to be run at all: what its core table must have."""
    table = core_tables()[work.table]
    needed = dict.fromkeys((*table.key, *table.required))
    missing = [n for n in needed if n not in work.columns and n not in dict(table.defaults)]
    return f"{work.table} needs {', '.join(missing)}" if missing else None


def plain(work: Work) -> None:
    """Fill a table of which nothing more is known than its columns."""
    table = core_tables()[work.table]
    for column in table.columns:
        if not work.take(column.name) and column.references:
            work.refer(column.name, column.name.removesuffix("_id"))
    absent = lacking(work)
    if absent:
        work.ask(f"{absent}, and nothing says which columns that is. Write it into {work.file}")
    _ask_unsaid(work)
    if "rate" in work.columns:
        work.ask(
            "nothing says whether a rate is what one unit of a currency is worth in the "
            "agreement's (0.92 EUR for 1 USD), which counts, or the other way round. Then write "
            "`1 / cast("
            f"replace({work.columns['rate']}, ',', '.') as double) as rate` into {work.file}; else "
            "take this line out"
        )


def _ask_unsaid(work: Work) -> None:
    """Ask for what a record must say to count, where no column is known to say it."""
    means = {column.name: column.means for column in core_tables()[work.table].columns}
    unsaid = [n for n in _SAYS.get(work.table, ()) if n not in work.columns]
    if unsaid:
        shown = ", ".join(f"{name} ({means[name]})" for name in unsaid)
        work.ask(
            f"a {work.table} counts in no figure without {shown}, and nothing says which columns "
            f"that is. Write it into {work.file}, or pass over the file with `ignored: why`"
        )
