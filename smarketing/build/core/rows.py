"""The rows of a SELECT on their way: trimmed text, blanks as nulls, and what typing needs."""

from __future__ import annotations

from collections.abc import Collection
from itertools import zip_longest

from smarketing.build.core.currencies import code_sql, digits_sql
from smarketing.build.core.job import Fill
from smarketing.build.core.values import Habits, filled, first_steps, label, last_step, trimmed
from smarketing.files.quoting import identifier, literal
from smarketing.store.schema import Column

MODIFIED = Column("_modified", "instant")
UNKNOWN = Column("_unknown", "text")
MONTHS = Column("_months", "text")
"""What a SELECT may say of a row beside its core columns: when it was changed, a word in it of
which the source does not know what it means, and of how many months its `recurring_amount` is."""


def first_rows(work: Fill, only: Collection[str] | None = None) -> str:
    """Return the SELECT of trimmed text, null where blank, and of what is told before settling.

    One step upon the other, so that each value is computed once. With `only` it has these columns:
    planning the others takes longer than reading a small file.
    """
    given = [column for column in _given(work) if only is None or column.name in only]
    own = "_file_id, _row, "
    trim = own + ", ".join(f"{trimmed(c.name)} as {identifier(c.name)}" for c in given)
    fill = own + ", ".join(f"{filled(c.name, c.type)} as {identifier(c.name)}" for c in given)
    rows = f"select {fill} from (select {trim} from (\n{work.select.sql}\n))"
    if work.habits.thorough:
        # Else the planner writes each value out wherever a step needs it: seconds for a wide table.
        rows = f"with given as materialized ({rows}) select * from given"
    every = [first_steps(column, work.habits) for column in given]
    for step in zip_longest(*every, fillvalue=[]):
        columns = ", ".join(["*", *(extra for found in step for extra in found)])
        rows = f"select {columns} from ({rows})"
    return rows


def kept_rows(work: Fill, only: Collection[str] | None = None) -> str:
    """Return the SELECT of `first_rows`, out of the table that keeps them where there is one."""
    return f"select * from {work.kept}" if work.kept else first_rows(work, only)


def cleaned_rows(work: Fill, read: Collection[str] | None = None) -> str:
    """Return the SELECT of rows ready to be typed.

    `_currency` is that of the row's money, `_digits` how many decimals it has. With `read` only
    these columns are: planning the others takes longer than reading a small file.
    """
    rows = kept_rows(work)
    wanted = [column for column in _given(work) if read is None or column.name in read]
    columns = [extra for column in wanted for extra in last_step(column, work.habits)]
    if not work.has_amounts:
        return f"select {', '.join(['*', *columns])} from ({rows})"
    columns.append(f"{_currency(work)} as _currency")
    rows = f"select {', '.join(['*', *columns])} from ({rows})"
    return f"select *, {digits_sql('_currency')} as _digits from ({rows})"


def _given(work: Fill) -> list[Column]:
    return [*work.given(), *(c for c in (MODIFIED, UNKNOWN, MONTHS) if c.name in work.columns)]


def _currency(work: Fill) -> str:
    """Return the expression of a row's currency: the one named, else its amounts', else home's.

    Null where something is written that names none, or one that cannot be told.
    """
    home, is_given = work.unsaid_currency, "currency" in work.columns
    if not work.habits.thorough:
        return code_sql("currency", home) if is_given else home
    labels = [label(column.name) for column in work.given() if column.type == "amount"]
    plain = " and ".join(f"coalesce({name}, '') = ''" for name in labels) or "true"
    cases = "".join(_codes(name, work.habits) for name in labels)
    own = f"case {cases}when {plain} then {home} end"
    if not is_given:
        return own
    named = _codes("lower(currency)", work.habits)
    return f"case when currency is null then {own} {named}end"


def _codes(text: str, habits: Habits) -> str:
    """Return the cases of what a text means."""
    return "".join(
        f"when {text} = {literal(word)} then {literal(money.code)} "
        for word, money in habits.money.items()
        if money.code
    )
