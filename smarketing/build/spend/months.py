"""Reports whose rows cover a month each, and say so by their days alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import duckdb

from smarketing.build.core.given_rows import DAY, NUMBER, write_rows
from smarketing.build.core.views import RawFile
from smarketing.sources import Source


def cover_months(
    connection: duckdb.DuckDBPyConnection, sources: Mapping[str, Source], files: Sequence[RawFile]
) -> None:
    """Give costs of months their last day, in files whose reports may be by month (`Spend.months`).

    A file is by month where all its days are firsts, of two months at least. The month of the
    import runs until that day.
    """
    mine = [
        (file.file_id, file.imported_at.date()) for file in files if _may_be_by_month(sources, file)
    ]
    if not mine:
        return
    columns = [("file_id", NUMBER), ("imported_on", DAY)]
    write_rows(connection, "create or replace temp table month_file as", columns, mine)
    connection.execute(Path(__file__).with_name("months.sql").read_text(encoding="utf-8"))


def _may_be_by_month(sources: Mapping[str, Source], file: RawFile) -> bool:
    source = sources.get(file.source)
    item = source.objects.get(file.object or "") if source else None
    return item is not None and item.spend is not None and item.spend.months
