"""What an import has to say of files none of whose records has the day that periods count by."""

from __future__ import annotations

from collections.abc import Sequence

import duckdb

from smarketing.store.schema import core_tables

_DAYS = {
    "lead": ("created_at",),
    "deal": ("created_at", "closed_at"),
    "feedback": ("asked_at",),
    "contract": ("starts_on",),
}
"""By table the columns without any of which no period holds a record."""
_ENTERED = (
    "not exists (select 1 from now.main.lead_stage_event e where e.lead_id = t.lead_id "
    "and e.entered_at is not null) "
    "and not exists (select 1 from now.main.deal d where d.lead_id = t.lead_id "
    "and coalesce(d.created_at, d.closed_at) is not null) "
    "and not exists (select 1 from now.main.deal d where d.deal_id = t.converted_deal_id "
    "and coalesce(d.created_at, d.closed_at) is not null)"
)
"""A lead also has the days of its stages and of the deal that came of it."""


def undated_notes(
    connection: duckdb.DuckDBPyConnection, ids: Sequence[int]
) -> dict[str, list[str]]:
    """Note the files of which no record has a day, so that each figure of them would be nothing."""
    said: dict[str, list[str]] = {}
    for name, days in _DAYS.items():
        lacks = " and ".join(f"t.{day} is null" for day in days)
        lacks += f" and {_ENTERED}" if name == "lead" else ""
        found = connection.execute(
            f"select i.sha256, count(*) from now.main.{name} t "
            "join now.main.file_info i on i._file_id = t._file_id "
            f"where list_contains($ids, t._file_id) group by 1 having bool_and({lacks}) order by 1",
            {"ids": list(ids)},
        ).fetchall()
        means = {column.name: column.means for column in core_tables()[name].columns}
        told = ", nor ".join(f"{means[day]} ({day})" for day in days)
        for sha, count in found:
            counted, them = f"any of its {count:,} records of {name}", "them"
            if count == 1:
                counted, them = f"its one {name}", "it"
            said.setdefault(str(sha), []).append(
                f"nothing says of {counted} {told}: no period holds {them}"
            )
    return said
