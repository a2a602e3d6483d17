"""Older versions of records, which connectors keep beside the present one: they are no records."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from smarketing.files.tables import LandedTable, Skipped
from smarketing.sources.flags import NO, NO_DAY

_OLDER: Mapping[str, tuple[str, ...]] = {"_fivetran_active": NO}
"""Columns in which a connector says whether a version is the present one, and how it says no."""
_ENDED = ("dbt_valid_to", "_dlt_valid_to")
"""Columns in which others keep when a version was replaced, if it was."""
MARK = "__deleted"
"""The column that says which records have ended, as a connector would."""
_STAYING = (
    "{} of its records ended: where an earlier import holds such a record it still counts, since "
    "no column says when each version is of. Import all files of the source with --mode full"
)
_REASON = "an older version of a record, as {column} says"


def present_versions(
    table: LandedTable, key: Sequence[str] = (), stamp: str | None = None
) -> LandedTable:
    """Take the versions of records that were replaced out of a landed table, and count them.

    They are told by the columns of connectors that keep a history (`_fivetran_active`,
    `dbt_valid_to`, `_dlt_valid_to`). A record all of whose versions have ended was deleted. Where
    headers `key` identify it, and `stamp` says when each version is of, its versions stay, marked
    as deleted, so that one which an earlier import holds goes too; without a stamp that is noted.
    """
    column = next((c for c in table.columns if c.casefold() in (*_OLDER, *_ENDED)), None)
    if column is None:
        return table
    import pyarrow as pa
    import pyarrow.parquet as pq

    with pq.ParquetFile(table.parquet) as file:
        whole = file.read()
    is_older = [_is_older(column, text) for text in whole.column(column).to_pylist()]
    if not any(is_older):
        return table
    ids = list(zip(*(whole.column(name).to_pylist() for name in key), strict=True))
    present = {one for one, older in zip(ids, is_older, strict=False) if not older}
    gone = {one for one in ids if all(one) and one not in present}
    is_marked = bool(gone and stamp) and MARK not in map(str.casefold, table.columns)
    kept = [
        place
        for place, older in enumerate(is_older)
        if not older or (is_marked and ids[place] in gone)
    ]
    left = whole.take(pa.array(kept, pa.int64()))
    if is_marked:
        marks = ["true" if is_older[place] else "false" for place in kept]
        left = left.append_column(MARK, pa.array(marks, pa.string()))
        table = replace(table, columns=(*table.columns, MARK))
    pq.write_table(left, table.parquet, compression="snappy")
    skipped = Skipped(_REASON.format(column=column), len(is_older) - len(kept))
    unsaid = (_STAYING.format(len(gone)),) if gone and not is_marked else ()
    return replace(
        table,
        rows=len(kept),
        skipped=(*table.skipped, *([skipped] if skipped.rows else [])),
        notes=(*table.notes, *unsaid),
    )


def _is_older(column: str, text: str | None) -> bool:
    """Whether a version has ended; words ("infinity") and days that never come say it has not."""
    said = (text or "").strip().casefold()
    if column.casefold() in _OLDER:
        return said in _OLDER[column.casefold()]
    return any(map(str.isdecimal, said)) and not re.search(NO_DAY, said)
