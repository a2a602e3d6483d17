"""Money that went back: credit notes among invoices, refunds beside what was paid."""

from __future__ import annotations

from smarketing.sources.drafting.columns import Column
from smarketing.sources.drafting.words import is_credit, is_refund
from smarketing.sources.drafting.work import Work
from smarketing.sources.flags import YES

_BELOW_ZERO = ("-", "\u2212", "(")


def ask_for_returns(work: Work, money: Column | None) -> None:
    """Ask about rows that give money back, and about refunds that the amount may still hold.

    Where amounts below zero are written, the file subtracts by itself.
    """
    if money is None or any(_is_below_zero(text) for text in money.shape.values):
        return
    for column in work.sheet.columns:
        credit = column.saying(is_credit)
        if credit is not None:
            work.ask(
                f"column '{column.name}' holds '{credit}', as of a row that gives money back, and "
                f"no amount in '{money.name}' is below zero. Subtract such rows in {work.file}, or "
                "leave them out by a `where`; if they are no such rows, take this line out"
            )
        elif column.name != money.name and _holds_refunds(column):
            work.ask(
                f"column '{column.name}' ({column.shape.example}) tells of money that was given "
                f"back, and nothing says whether '{money.name}' still holds it. Say in "
                f"{work.file} what is left as amount, or take this line out"
            )


def _holds_refunds(column: Column) -> bool:
    """Whether a column counts money given back, or says of some rows that it was."""
    if not is_refund(column.header.phrase):
        return False
    values, looks = column.shape.values, column.shape.looks
    if "number" in looks:
        return any(digit in text for text in values for digit in "123456789")
    return "flag" in looks and any(text.strip().casefold() in YES for text in values)


def _is_below_zero(text: str) -> bool:
    return text.strip().startswith(_BELOW_ZERO) or text.strip().endswith("-")
