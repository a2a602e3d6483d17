"""Retention: people of whom nothing was heard for so many days are erased by themselves."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from smarketing.build.erasing.forget import forget
from smarketing.build.erasing.person import PSEUDONYM
from smarketing.build.erasing.traces import ERASED
from smarketing.build.importing.run import build
from smarketing.engine.live import live_in
from smarketing.errors import StoreError
from smarketing.settings import Settings
from smarketing.store.builds import published
from smarketing.store.opening import open_build

MOST = 50
"""People erased in one run; each costs a pass over the home, and the next run goes on."""
_SILENT = """
with heard as (
    select person_id, created_at::date as day from dim_person
    union all select person_id, occurred_day from fct_touch
    union all select person_id, created_day from dim_lead
    union all select l.person_id, e.entered_day
    from fct_stage_entry as e inner join dim_lead as l on l.lead_id = e.lead_id
    union all select person_id, asked_day from fct_feedback
    union all select p.person_id, coalesce(u.closed_day, u.created_day)
    from fct_unit_person as p inner join fct_unit as u on u.unit_number = p.unit_number
    where p.in_committee = 1 or p.in_primary = 1 or p.is_lead_person = 1
),
kept as (
    select p.person_id
    from fct_unit_person as p inner join fct_unit as u on u.unit_number = p.unit_number
    where u.outcome = 'open' and (p.in_committee = 1 or p.in_primary = 1)
    union
    select p.person_id
    from dim_person as p inner join fct_contract as c on c.account_id = p.account_id
    where c.churned_on is null and coalesce(c.ends_on, $today::date) >= $today::date
)
select h.person_id from heard as h
where not h.person_id in (select person_id from kept)
    and h.person_id in (
        select person_id from dim_person
        where full_name not in ($erased, person_id) or not starts_with(email, $pseudonym)
    )
group by h.person_id
having max(h.day) < $limit::date
order by max(h.day), h.person_id
"""


@dataclass(frozen=True)
class Expired:
    """Who was, or would be, erased for silence: how many now, and how many at the next run."""

    erased: int
    waiting: int
    dry_run: bool = False

    @property
    def line(self) -> str:
        """What was done, in a sentence; empty where there was nothing to do."""
        if not self.erased:
            return ""
        many, verb = (
            ("1 person", "was") if self.erased == 1 else (f"{self.erased:,} people", "were")
        )
        verb = "would be" if self.dry_run else verb
        more = f" {self.waiting:,} more at the next run." if self.waiting else ""
        return f"{many} {verb} erased, of whom nothing was heard for long enough.{more}"


def silent_people(home: Path, days: int, today: date) -> list[str]:
    """Return the people of the published build of whom nothing was heard for so many days.

    Who is on an open deal, or at a company whose contract runs, is kept; of whom no day is known,
    as well. The longest silent come first.
    """
    path = published(home)
    if path is None:
        return []
    cursor = open_build(path).cursor()
    try:
        live = live_in(cursor)
        if live and "fct_touch" in live.columns:
            raise StoreError(
                "Silent people are found by their touches, which stay in the warehouse: take "
                "fct_touch out of SMARKETING_LIVE_MARTS and run: smarketing build."
            )
        limit = (today - timedelta(days=days)).isoformat()
        asked = {"limit": limit, "today": today.isoformat()}
        asked |= {"erased": ERASED, "pseudonym": PSEUDONYM}
        return [str(row[0]) for row in cursor.execute(_SILENT, asked).fetchall()]
    finally:
        cursor.close()


def forget_silent(home: Path, today: date, *, by: str, dry_run: bool = False) -> Expired:
    """Erase whom the setting `keep_personal_days` no longer keeps, as `forget` does.

    Without the setting nobody is erased. Raises what `forget` raises.
    """
    days = Settings().keep_personal_days
    if days is None:
        return Expired(0, 0, dry_run)
    found = silent_people(home, days, today)
    now = found[:MOST]
    if now and not dry_run:
        for person in now:
            forget(home, f"person {person}", by=by, rebuild=False)
        build(home)
    return Expired(len(now), len(found) - len(now), dry_run)
