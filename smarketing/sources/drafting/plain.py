"""Tables of which nothing is known but their columns, and what any table cannot be without."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from smarketing.sources.drafting.money import says_period
from smarketing.sources.drafting.select import value
from smarketing.sources.drafting.words import fold, folded_words
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
    _ask_for_period(work)
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
            f"that is. Write it into {work.file}{_a_month(work, unsaid)}, or pass over the file "
            "with `ignored: why`"
        )


def _ask_for_period(work: Work) -> None:
    """Ask for how long a recurring amount is, where its header leaves to another column to say."""
    amount = work.guess.found.get("recurring_amount")
    period = work.best("amount_period") or says_period(work)
    if amount is None or period is None or period.shape.is_blank:
        return
    if amount.header.phrase in folded_words("any_time"):
        monthly = [v for v in period.shape.values if fold(v) in folded_words("a_month")]
        example = (monthly or ["…"])[0]
        work.ask(
            f"column '{period.name}' ({period.shape.values[0]}) says for how long "
            f"'{amount.name}' is, and a year's counts. Unless all are, say in {work.file} of how "
            f"many months each is, as in `case {value(period)} when '{example}' then 1 else 12 "
            "end as _months`"
        )


def _a_month(work: Work, unsaid: Sequence[str]) -> str:
    """Say how an amount of a month is given where one of a year is asked for; else nothing."""
    if "recurring_amount" not in unsaid:
        return ""
    monthly = [c for c in work.sheet.columns if c.header.phrase in folded_words("monthly")]
    shown = value(monthly[0]) if len(monthly) == 1 else "…"
    return f" (an amount of a month as `{shown} as recurring_amount, 1 as _months`)"
