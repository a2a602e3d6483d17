"""The time zones that the headers of files name, for the columns that a SELECT gives."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from smarketing.build.core.job import Fill
from smarketing.build.core.rows import MODIFIED
from smarketing.build.core.select_shape import origins
from smarketing.build.core.values import TIMES
from smarketing.build.core.views import RawFile
from smarketing.sources.zones import header_zone, zone_above


def with_zones(work: Fill, files: Sequence[RawFile], refusals: dict[int, str]) -> Fill:
    """Return a SELECT that knows in which zone the headers of its times say that these stand.

    Where they say nothing, it is the zone that a file names above them. A column that is made of
    headers of which each says something else is added to `refusals`.
    """
    item = work.source.objects[work.select.object]
    zones: dict[str, dict[int, str]] = {}
    for file in files:
        above = zone_above(file.table.above)
        says = above or any(map(header_zone, file.table.columns))
        if file.object != work.select.object or not says:
            continue
        reading = item.read(file.table.columns)
        members = [header for group in reading.families.values() for header, _ in group]
        for column in (*work.given(), MODIFIED):
            if column.type not in TIMES:
                continue
            names = origins(work.select.sql, column.name)
            mapped = reading.mapping.items()
            # What comes from none of the columns comes from those of which there are many.
            headers = [own for name, own in mapped if name.casefold() in names] or members
            told = {(found.zone if (found := header_zone(own)) else None) for own in headers}
            if len(told) > 1:
                refusals.setdefault(file.file_id, _contradiction(file, headers))
            elif zone := next(iter(told), None) or (above and above.zone):
                zones.setdefault(column.name, {})[file.file_id] = zone
    return replace(work, habits=replace(work.habits, zones=zones)) if zones else work


def _contradiction(file: RawFile, headers: Sequence[str]) -> str:
    shown = " and ".join(f"'{header}'" for header in headers)
    return (
        f"{file.table.name} has one time in {shown}, whose headers do not name the same time zone. "
        "Name the zone in each of these headers, as in 'Created (UTC+01:00)', and import it again."
    )
