"""What the agreement's rules map nothing of, in the words of the sources."""

from __future__ import annotations

from pathlib import Path

from smarketing.agreement.classification import UNMAPPED
from smarketing.store.builds import published
from smarketing.store.opening import open_build

_CHANNELS = """
select distinct raw_channel from map_channel
where channel = ? and raw_channel <> '' order by raw_channel
"""


_STATUSES = """
select distinct status from map_lead_status where stage is null
union
select distinct value from quarantine
where table_name = 'lead_stage_event' and column_name = 'stage' and value is not null
order by 1
"""


def unmapped_channels(home: Path) -> list[str]:
    """Return the raw channels of the published build that are no channel of the agreement."""
    return _raw(home, _CHANNELS, UNMAPPED)


def unmapped_statuses(home: Path) -> list[str]:
    """Return the statuses of leads that are no stage and no exit of the agreement."""
    return _raw(home, _STATUSES)


def _raw(home: Path, query: str, *params: str) -> list[str]:
    path = published(home)
    if path is None:
        return []
    cursor = open_build(path).cursor()
    try:
        return [str(raw) for (raw,) in cursor.execute(query, list(params)).fetchall()]
    finally:
        cursor.close()
