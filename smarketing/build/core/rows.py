"""The rows of a SELECT on their way: trimmed text, blanks as nulls, and what typing needs."""

from __future__ import annotations

from itertools import zip_longest

from smarketing.build.core.currencies import code_sql
from smarketing.build.core.job import Fill
from smarketing.build.core.values import Habits, filled, label, steps, trimmed
from smarketing.files.quoting import identifier, literal
from smarketing.store.schema import Column

MODIFIED = Column("_modified", "instant")


def cleaned_rows(work: Fill) -> str:
    """Return the SELECT of trimmed text, null where blank, DuckDB's reading of times, numbers.

    One step upon the other, so that each value is computed once; `_currency` is that of the row's
    money.
    """
    given = [*work.given(), *([MODIFIED] if "_modified" in work.columns else [])]
    own = "_file_id, _row, "
    trim = own + ", ".join(f"{trimmed(c.name)} as {identifier(c.name)}" for c in given)
    fill = own + ", ".join(f"{filled(c.name, c.type)} as {identifier(c.name)}" for c in given)
    rows = f"select {fill} from (select {trim} from (\n{work.select.sql}\n))"
    every = [steps(column, work.habits) for column in given]
    for step in zip_longest(*every, fillvalue=[]):
        columns = ", ".join(["*", *(extra for found in step for extra in found)])
        rows = f"select {columns} from ({rows})"
    return f"select *, {_currency(work)} as _currency from ({rows})" if work.has_amounts else rows


def _currency(work: Fill) -> str:
    """Return the expression of a row's currency: the one named, else its amounts', else home's.

    Null where something is written that names none, or one that cannot be told.
    """
    home, is_given = literal(work.home_currency), "currency" in work.columns
    if not work.habits.thorough:
        return code_sql("currency", work.home_currency) if is_given else home
    labels = [label(column.name) for column in work.given() if column.type == "amount"]
    beside = [_code(name, work.habits) for name in labels]
    plain = " and ".join(f"coalesce({name}, '') = ''" for name in labels) or "true"
    own = f"coalesce({', '.join([*beside, f'case when {plain} then {home} end'])})"
    if not is_given:
        return own
    named = _code("lower(currency)", work.habits)
    return f"case when currency is null then {own} else {named} end"


def _code(text: str, habits: Habits) -> str:
    cases = " ".join(
        f"when {literal(word)} then {literal(money.code)}"
        for word, money in habits.money.items()
        if money.code
    )
    return f"case {text} {cases} end" if cases else "cast(null as varchar)"
