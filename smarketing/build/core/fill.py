"""One SELECT into its core table: typed by the contract, bad rows to quarantine with a reason."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import duckdb

from smarketing.build.core.job import Fill
from smarketing.build.core.outcomes import outcome_map
from smarketing.build.core.rows import MODIFIED, MONTHS, UNKNOWN, cleaned_rows, kept_rows
from smarketing.build.core.stages import NO_STAGE, stage_map
from smarketing.build.core.values import (
    REASONS,
    beside,
    currency_reason,
    define_reasons,
    has_time,
    label,
    own_id,
    points_to_completed,
    reason_sql,
    typed,
)
from smarketing.build.core.views import MAIN
from smarketing.errors import SourceError
from smarketing.files.quoting import identifier, literal, literals, numbers
from smarketing.store.schema import Column

OWN = ("_row", "_file_id", "_modified", "_unknown", "_months")
RECURRING = "recurring_amount"
_NO_CURRENCY = "not a currency code of 3 letters, nor the name of one currency"
_NO_ZONE = "no time zone that is known, such as Europe/Berlin"
_QUARTER = 15 * 60 * 1_000_000
_ROUNDED_SHAPE = r"\d([.,]\d+)?[eE]\+\d+"
_ROUNDED = (
    "an id that a spreadsheet rounded: format the column as text before the file is opened and "
    "saved, or import it as it was downloaded"
)
_COUNTED_MONTHS = "nullif(greatest(try_cast(_months as double), 0), 0)"
_NO_MONTHS = "not how many months a recurring amount is of: 1 of a monthly one, 12 of a year's"
_UNKNOWN = "means nothing to its source: say what it is in the source's SELECT"
_NOBODYS_NAME = (
    "is the name of no person of its source, or of two: the deal is read without that contact; "
    "export the contact's id or e-mail address"
)
_IN_JSON = (
    "a record of its own in one cell, written as JSON: export its id as a column, or the whole as "
    "JSON"
)
_VALUE_LENGTH = 200
MACHINE = (
    duckdb.OutOfMemoryException,
    duckdb.IOException,
    duckdb.TransactionException,
    duckdb.FatalException,
)
"""What is the machine's fault rather than a SELECT's."""


@dataclass(frozen=True)
class _Check:
    """What makes a row bad: the condition over the typed row, the column and the reason (SQL)."""

    condition: str
    column: str
    reason: str


def fill(
    connection: duckdb.DuckDBPyConnection,
    work: Fill,
    settled: Callable[[Fill], Fill],
    is_asked: bool,
) -> None:
    """Insert what the SELECT gives into its core table.

    Most exports are clean, so that the rows are inserted at once and counted. Only where some are
    missing, or may be read otherwise, is it asked how (`settled`); rows that stay bad go to
    quarantine. With `is_asked` someone said how a file is to be read: then it is asked at once.
    """
    if work.table.name == "lead_stage_event":
        stage_map(connection, work.select.sql, work.agreement, work.source.name)
    if work.table.name == "deal" and "outcome" in work.columns:
        outcome_map(connection, work.select.sql)
    try:
        _fill(connection, work, settled, is_asked)
    except MACHINE:
        raise
    except duckdb.Error as error:
        raise SourceError(f"{work.select.path} cannot be run: {error}") from error


def _fill(
    connection: duckdb.DuckDBPyConnection,
    work: Fill,
    settled: Callable[[Fill], Fill],
    is_asked: bool,
) -> None:
    table = f"{MAIN}.{identifier(work.table.name)}"
    if not is_asked:
        connection.execute("begin")
        _insert(connection, work)
        if _is_clean(connection, work):
            connection.execute("commit")
            _note_currency(connection, work)
            return
        connection.execute("rollback")
    work = settled(work)
    connection.execute("begin")
    _insert(connection, work)
    if connection.execute(f"select 1 from {table} where _bad limit 1").fetchone():
        _quarantine(connection, work)
        connection.execute(f"delete from {table} where _bad")
    connection.execute("commit")
    _note_currency(connection, work)
    _note_rounded(connection, work)


def _is_clean(connection: duckdb.DuckDBPyConnection, work: Fill) -> bool:
    """Whether every row was read, and no column of times may hold days.

    Days come with the time of midnight, somewhere: on a quarter of an hour in UTC.
    """
    table = f"{MAIN}.{identifier(work.table.name)}"
    times = [column.name for column in work.given() if column.type == "instant"]
    is_day = [
        f"bool_and(epoch_us({name}) % {_QUARTER} = 0) filter ({name}_has_time)" for name in times
    ]
    rows = connection.execute(
        f"select {', '.join(['bool_or(_bad)', *is_day])} from {table} "
        f"where source = {literal(work.source.name)} group by _file_id"
    ).fetchall()
    return not any(found for row in rows for found in row)


def _insert(connection: duckdb.DuckDBPyConnection, work: Fill) -> None:
    targets, values = [], []
    for column in work.table.columns:
        if column.name in work.columns or column.name in dict(work.table.defaults):
            targets.append(identifier(column.name))
            values.append(f"t.{_typed(column.name)}")
        elif column.name == "currency":  # of rates it is a part of their key, which is given
            targets.append("currency")
            values.append("t._currency")
        if column.type == "instant" and column.name in work.columns:
            targets.append(identifier(f"{column.name}_has_time"))
            values.append(f"t.{identifier(column.name + ' has time')}")
    targets += ["source", "import_id", "recorded_at", "_file", "_row", "_file_id", "_bad"]
    values += [literal(work.source.name), "f.import_id", "t._recorded", "f.file", "t._row"]
    # Not a filter: pushed down to the scan it would compute every value twice.
    bad = " or ".join(f"({check.condition})" for check in _checks(work)) or "false"
    values += ["t._file_id", bad]
    connection.execute(
        f"insert into {MAIN}.{identifier(work.table.name)} ({', '.join(targets)}) "
        f"select {', '.join(values)} from ({typed_rows(work)}) t "
        f"join {MAIN}.file_key f on f._file_id = t._file_id"
    )


def _typed(column: str) -> str:
    return identifier(f"{column} typed")


def typed_rows(work: Fill) -> str:
    """Return the SELECT of cleaned and typed columns side by side, a row per row of the source."""
    values = ["c.*"]
    stamp = "cast(null as timestamp)"
    if "_modified" in work.columns:
        stamp = typed(MODIFIED, work.habits, "")
    values.append(f"{stamp} as _recorded")
    defaults = dict(work.table.defaults)
    for column in work.table.columns:
        if column.name in work.columns or column.name in defaults:
            values.append(f"{_value(work, column)} as {_typed(column.name)}")
        if column.type == "instant" and column.name in work.columns:
            timed = has_time(column.name, work.habits)
            values.append(f"{timed} as {identifier(column.name + ' has time')}")
    rows = cleaned_rows(work)
    if work.table.name == "lead_stage_event":
        values.append("m.known_kind as _stage_kind")
        known = "select raw, stage as known_stage, kind as known_kind"
        rows = f"{rows}) c left join ({known} from temp.stage_map"
        return f"select {', '.join(values)} from ({rows}) m on m.raw = c.stage"
    return f"select {', '.join(values)} from ({rows}) c"


def _value(work: Fill, column: Column) -> str:
    """Return the expression of a typed value, enumerations included.

    The one default of the contract, an entry into a stage, is what the agreement has the stage as.
    """
    name = identifier(column.name)
    table = work.table.name
    if table == "lead_stage_event" and column.name == "stage":
        return "m.known_stage"
    if table == "lead_stage_event" and column.name == "kind":
        return "m.known_kind"
    if table == "record_alias" and column.name in ("alias_id", "id"):
        return own_id(name, work.prefix, work.habits)
    if column.name == "currency" and work.has_amounts:
        return "_currency"
    if (table, column.name) == ("deal", "outcome"):
        return f"(select m.outcome from temp.outcome_map m where m.raw = c.{name})"
    if column.name == RECURRING and MONTHS.name in work.columns:
        amount = typed(column, work.habits, work.prefix)
        return f"try_cast(round(cast({amount} as double) * 12 / {_COUNTED_MONTHS}) as bigint)"
    if column.allowed:
        allowed = literals(column.allowed)
        return f"case when lower({name}) in ({allowed}) then lower({name}) end"
    return typed(column, work.habits, work.prefix)


def _checks(work: Fill) -> list[_Check]:
    """Return what makes a row bad, over the rows of `_typed_rows` called t."""
    found = []
    for column in work.given():
        name = f"t.{identifier(column.name)}"
        unread = _unread(work, column)
        if column.allowed:
            words = ", ".join(column.allowed)
            found.append(_Check(unread, column.name, literal(f"not one of {words}")))
        elif column.type in REASONS:
            found.append(_Check(unread, column.name, reason_sql(column, "t", work.habits)))
            found += _doubts(work, column)
        elif column.form == "timezone":
            found.append(_Check(unread, column.name, literal(_NO_ZONE)))
        elif column.name == "currency" and work.has_amounts:
            reason = currency_reason("t", work.habits, _NO_CURRENCY)
            found.append(_Check(unread, column.name, reason))
        if column.type == "id":
            # How it begins rules out almost all ids, quickly; without `case` all is asked of each.
            rounded = (
                f"case when {name} between '0' and ':' and contains({name}, '+') "
                f"then regexp_full_match({name}, {literal(_ROUNDED_SHAPE)}) else false end"
            )
            found.append(_Check(rounded, column.name, literal(_ROUNDED)))
            brackets = (
                f"case when {name} between '{{' and '|' then ends_with({name}, '}}') "
                f"when {name} between '[' and '\\' then ends_with({name}, ']') else false end"
            )
            found.append(_Check(brackets, column.name, literal(_IN_JSON)))
            found += _doubts(work, column)
        if column.name in work.table.required:
            found.append(_Check(f"{name} is null", column.name, literal("missing")))
    if work.table.name == "lead_stage_event":
        found += _stage_checks(work)
    if work.table.name == "fx_rate":
        found.append(_Check(f"t.{_typed('rate')} <= 0", "rate", literal("not a rate above 0")))
    if "_modified" in work.columns:
        unread = "t._recorded is null and t._modified is not null"
        found.append(_Check(unread, "_modified", literal(REASONS["instant"])))
    return found + _said_beside(work)


def _unread(work: Fill, column: Column) -> str:
    """Return the condition that a value was not read; for want of its months it is told by them."""
    name = identifier(column.name)
    unread = f"t.{_typed(column.name)} is null and t.{name} is not null"
    is_of_months = column.name == RECURRING and MONTHS.name in work.columns
    return f"{unread} and {_COUNTED_MONTHS} is not null" if is_of_months else unread


def _said_beside(work: Fill) -> list[_Check]:
    """Return what makes a row bad of that which a SELECT says beside its core columns."""
    found = []
    if MONTHS.name in work.columns and RECURRING in work.columns:
        unread = f"t.{RECURRING} is not null and {_COUNTED_MONTHS} is null"
        found.append(_Check(unread, MONTHS.name, literal(_NO_MONTHS)))
    if UNKNOWN.name in work.columns:
        reason = _NOBODYS_NAME if work.table.name == "deal_contact" else _UNKNOWN
        found.append(_Check("t._unknown is not null", UNKNOWN.name, literal(reason)))
    return found


def _doubts(work: Fill, column: Column) -> list[_Check]:
    """Return what a quick reading must leave to a thorough one, since it may be read otherwise.

    Three digits behind a point may be thousands, decimals beyond those of the currency are rounded,
    a day with a time is another one elsewhere, and ids of another source may have to be completed.
    """
    if work.habits.thorough:
        return []
    name = f"t.{identifier(column.name)}"
    doubt = {
        "amount": f"{name} like '%.___%' or contains({name}, '.') and t._digits = 0",
        "real": f"{name} like '%.___'",
        "int": f"{name} like '%.___'",
        "date": f"contains({name}, ':')",
        "id": points_to_completed(name, work.habits),
    }.get(column.type)
    return [_Check(doubt, column.name, "''")] if doubt else []


def _stage_checks(work: Fill) -> list[_Check]:
    unknown = f"t.stage is not null and t.{_typed('stage')} is null"
    found = [_Check(unknown, "stage", literal(NO_STAGE))]
    if "kind" in work.columns:
        contrary = "t.kind is not null and lower(t.kind) <> t._stage_kind"
        reason = "'the agreement has this as an ' || t._stage_kind"
        found.append(_Check(contrary, "kind", reason))
    return found


def _quarantine(connection: duckdb.DuckDBPyConnection, work: Fill) -> None:
    checks = _checks(work)
    if not checks:
        return
    define_reasons(connection)
    pieces = ", ".join(
        f"case when {check.condition} then {{'c': {literal(check.column)}, "
        f"'v': t.{identifier(check.column)}, 'r': {check.reason}}} end"
        for check in checks
    )
    bad = " or ".join(f"({check.condition})" for check in checks)
    connection.execute(
        f"insert into {MAIN}.quarantine "
        f"select {literal(work.source.name)}, f.import_id, f.file, b._row, "
        f"{literal(work.table.name)}, b.piece.c, left(b.piece.v, {_VALUE_LENGTH}), b.piece.r, "
        "b._file_id from ("
        "select t._file_id, t._row, "
        f"unnest(list_filter([{pieces}], lambda x: x is not null)) as piece "
        f"from ({typed_rows(work)}) t where {bad}) b "
        f"join {MAIN}.file_key f on f._file_id = b._file_id"
    )


def _note_currency(connection: duckdb.DuckDBPyConnection, work: Fill) -> None:
    """Count the rows with money and without a currency, so that data health can name them."""
    amounts = [c for c in work.given() if c.type == "amount"]
    if not amounts:
        return
    money = " or ".join(f"{identifier(c.name)} is not null" for c in amounts)
    blank = "currency is null" if "currency" in work.columns else "true"
    said = [f"_file_id not in ({numbers(sorted(work.currencies))})"] if work.currencies else []
    unnamed = [f"coalesce({label(c.name)}, '') = ''" for c in amounts if work.habits.thorough]
    rows = kept_rows(work, ["currency", *(c.name for c in amounts)])
    # Not a filter of the rows: DuckDB cannot fold one over a currency of which nothing is known.
    connection.execute(
        f"insert into {MAIN}.currency_assumed select {literal(work.table.name)}, "
        f"{literal(work.source.name)}, {literal(work.home_currency)}, count "
        f"from (select count(*) filter ({' and '.join([blank, *said, *unnamed])} and ({money})) "
        f"as count from ({rows})) where count > 0"
    )


def _note_rounded(connection: duckdb.DuckDBPyConnection, work: Fill) -> None:
    """Count the amounts with more decimals than their currency has, which were rounded."""
    for column in work.given():
        if column.type == "amount":
            read = beside(column.name)
            connection.execute(
                f"insert into {MAIN}.amount_rounded select {literal(work.table.name)}, "
                f"{literal(column.name)}, _file_id, _currency, count(*), "
                f"arg_min({identifier(column.name)}, _row), min(_row) "
                f"from ({cleaned_rows(work, [column.name])}) where _currency is not null "
                f"and is_rounded({read}, _digits) group by _file_id, _currency"
            )
