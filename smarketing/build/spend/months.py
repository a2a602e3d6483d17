"""Reports whose rows cover a month each, and say so by their days alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import duckdb

from smarketing.build.core.given_rows import DAY, NUMBER, write_rows
from smarketing.build.core.views import RawFile
from smarketing.build.spend.said_periods import last_day_said
from smarketing.sources import Source

_OF_ONE_DAY = """
select c._file_id, min(c.incurred_on)
from cost as c
inner join temp.month_file as f on f.file_id = c._file_id
group by c._file_id
having bool_and(c.covers_until is null) and count(distinct c.incurred_on) = 1
order by all
"""


def cover_months(
    connection: duckdb.DuckDBPyConnection, sources: Mapping[str, Source], files: Sequence[RawFile]
) -> None:
    """Give costs of months their last day, in files whose reports may be by month (`Spend.months`).

    A file is by month where all its days are firsts, of two months at least. Where all its rows are
    of one day, they cover what the file says above its header that it is of, from that day on. What
    is yet to come at the import is not covered.
    """
    mine = [
        (file.file_id, file.imported_at.date()) for file in files if _may_be_by_month(sources, file)
    ]
    if not mine:
        return
    columns = [("file_id", NUMBER), ("imported_on", DAY)]
    write_rows(connection, "create or replace temp table month_file as", columns, mine)
    connection.execute(Path(__file__).with_name("months.sql").read_text(encoding="utf-8"))
    for number, first in connection.execute(_OF_ONE_DAY).fetchall():
        file = next(file for file in files if file.file_id == number)
        last = last_day_said(file.table.above, first)
        if last is not None and last > first:
            until = max(first, min(last, file.imported_at.date()))
            connection.execute(
                "update cost set covers_until = ? where _file_id = ?", [until, number]
            )


def _may_be_by_month(sources: Mapping[str, Source], file: RawFile) -> bool:
    source = sources.get(file.source)
    item = source.objects.get(file.object or "") if source else None
    return item is not None and item.spend is not None and item.spend.months
