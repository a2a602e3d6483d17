"""Older versions of records, which connectors keep beside the present one: they are no records."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from smarketing.files.tables import LandedTable, Skipped
from smarketing.sources.flags import NO, NO_DAY

_OLDER: Mapping[str, tuple[str, ...]] = {"_fivetran_active": NO}
"""Columns in which a connector says whether a version is the present one, and how it says no."""
_ENDED = ("dbt_valid_to", "_dlt_valid_to")
"""Columns in which others keep when a version was replaced, if it was."""
_REASON = "an older version of a record, as {column} says"


def present_versions(table: LandedTable) -> LandedTable:
    """Take the versions of records that were replaced out of a landed table, and count them.

    They are told by the columns of connectors that keep a history (`_fivetran_active`,
    `dbt_valid_to`, `_dlt_valid_to`). A record all of whose versions have ended was deleted.
    """
    column = next((c for c in table.columns if c.casefold() in (*_OLDER, *_ENDED)), None)
    if column is None:
        return table
    import pyarrow as pa
    import pyarrow.parquet as pq

    with pq.ParquetFile(table.parquet) as file:
        whole = file.read()
    values = whole.column(column).to_pylist()
    kept = [place for place, text in enumerate(values) if not _is_older(column, text)]
    older = len(values) - len(kept)
    if not older:
        return table
    pq.write_table(whole.take(pa.array(kept, pa.int64())), table.parquet, compression="snappy")
    skipped = Skipped(_REASON.format(column=column), older)
    return replace(table, rows=len(kept), skipped=(*table.skipped, skipped))


def _is_older(column: str, text: str | None) -> bool:
    """Whether a version has ended; words ("infinity") and days that never come say it has not."""
    said = (text or "").strip().casefold()
    if column.casefold() in _OLDER:
        return said in _OLDER[column.casefold()]
    return any(map(str.isdecimal, said)) and not re.search(NO_DAY, said)
