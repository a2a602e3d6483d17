"""Rows of a report of spend that name no day: totals of the others, or spend that would be lost."""

from __future__ import annotations

from collections.abc import Sequence

import duckdb

from smarketing.build.core.currencies import digits_sql
from smarketing.build.core.select_shape import computed, origins
from smarketing.build.core.views import MAIN, RawFile
from smarketing.files.quoting import identifier, literals
from smarketing.sources import Source

_WHOLE = (
    *("", "-", "--", "---", "–", "—", "n/a", "null", "none", "all", "total", "alle", "gesamt"),
    *("tous", "toutes", "todos", "todas", "tutti", "tutte", "totale", "(all)", "(total)"),
)
"""What stands where a row is not cut by a column: it holds the sum over all of its values."""
_NEAR = "0.02 + 0.005 * abs(s.spent)"
"""What a total may differ by from the sum of rounded amounts, in major units."""


def cut_text(column: str) -> str:
    """Return the expression of what a column cuts a row by; null where it does not."""
    value = f"trim(cast(v.{identifier(column)} as varchar))"
    return f"case when lower({value}) not in ({literals(_WHOLE)}) then {value} end"


def undated_spend(
    connection: duckdb.DuckDBPyConnection, source: Source, file: RawFile, cut: Sequence[str]
) -> str | None:
    """Return why a report cannot be used some of whose spend is in no cost; None for any other.

    A row without a day is a total: what it names was spent on days that other rows have. One that
    is no sum of them is of a day that stands further up, in the first row of its group, or of none.
    `cut` are the columns by which its rows are told apart.
    """
    amounts = _columns(source, file, "amount")
    if not amounts or not cut or not _leaves_rows_out(connection, file):
        return None
    found = connection.execute(_undated_sql(source, file, amounts, cut)).fetchone()
    return None if found is None else _sentence(file, *map(str, found))


def _undated_sql(source: Source, file: RawFile, amounts: Sequence[str], cut: Sequence[str]) -> str:
    """Return the question for the first row without a day whose spend is not that of others."""
    view = identifier(file.object or "")
    named = ", ".join(f"{cut_text(column)} as c{place}" for place, column in enumerate(cut))
    places = range(len(cut))
    # A source of one's own may leave out rows of a day on purpose.
    days = [] if source.is_builtin else _columns(source, file, "incurred_on")
    undated = [f"{cut_text(column)} is null" for column in days]
    said = " or ".join(f"c{place} is not null" for place in places)
    same = " and ".join(f"(u.c{place} is null or u.c{place} = d.c{place})" for place in places)
    shown = f"coalesce({', '.join(f'u.c{place}' for place in places)})"
    text = ", ".join(f"v.{identifier(column)}" for column in amounts)
    text = f"trimmed_text(cast(coalesce({text}) as varchar))"
    return f"""
        with undated as materialized (
            select v._row, {named}, {text} as text
            from {view} v
            anti join {MAIN}.cost c on c._file_id = v._file_id and c._row = v._row
            anti join {MAIN}.quarantine q on q._file_id = v._file_id and q.row = v._row
            where {" and ".join([f"v._file_id = {file.file_id}", *undated])}
        ),
        -- A step at a time: a macro writes its argument out wherever it needs it.
        cored as materialized (
            select *, number_core(text, decked) as core from (
                select *, decked_number(text) as decked from undated
                where ({said}) and text is not null
            )
        ),
        numbered as materialized (
            select *, read_number(core, false) as point, read_number(core, true) as comma from cored
        ),
        read as materialized (
            select *, real_value(point) as with_point, real_value(comma) as with_comma
            from numbered
        ),
        dated as (
            select {named}, c.amount / pow(10, {digits_sql("c.currency")}) as amount
            from {view} v
            join {MAIN}.cost c on c._file_id = v._file_id and c._row = v._row
            where v._file_id = {file.file_id}
        ),
        summed as (
            select u._row, any_value({shown}) as shown, any_value(u.text) as text,
                any_value(u.with_point) as with_point, any_value(u.with_comma) as with_comma,
                coalesce(sum(d.amount), 0) as spent
            from read u
            left join dated d on {same}
            where coalesce(u.with_point, u.with_comma, 0) <> 0
            group by u._row
        )
        select shown, text, _row from summed s
        where not coalesce(abs(with_point - spent) <= {_NEAR}, false)
            and not coalesce(abs(with_comma - spent) <= {_NEAR}, false)
        order by _row
        limit 1
    """


def _sentence(file: RawFile, shown: str, text: str, row: str) -> str:
    return (
        f"{file.table.name} has spend that names no day and is no total of the rows that do "
        f"({text} of '{shown}', line {row}), as where a day stands in the first row of its group "
        "only: it would be lost. Fill the day into every row, or export the report without groups, "
        "and import it again."
    )


def _columns(source: Source, file: RawFile, column: str) -> list[str]:
    """Return the columns of the file that one of its costs is taken from as it stands."""
    item = source.objects[file.object or ""]
    there = item.mapping(file.table.columns)
    names = {
        name
        for select in source.selects.get("cost", ())
        if select.object == file.object and column not in computed(select.sql)
        for name in origins(select.sql, column)
    }
    return [column for column in there if column.casefold() in names]


def _leaves_rows_out(connection: duckdb.DuckDBPyConnection, file: RawFile) -> bool:
    row = connection.execute(
        f"select count(distinct _row) from {MAIN}.cost where _file_id = {file.file_id}"
    ).fetchone()
    return row is not None and 0 < int(row[0]) < file.table.rows
