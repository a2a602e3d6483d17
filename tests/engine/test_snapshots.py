"""The SQL that questions compile to, as text: a change of it must be seen, and meant.

To renew the files after a change that is meant, run this file with SMARKETING_RENEW=1.
"""

from __future__ import annotations

import datetime as dt
import os
from pathlib import Path

import pytest

from smarketing.engine import Filters
from smarketing.engine.compile import compile_query, parse
from smarketing.engine.per_engine import ENGINES

SNAPSHOTS = Path(__file__).parent / "snapshots"
QUESTION = """
-- question: how old are the touches of each channel, by local weekday?
-- grain: one row per member and weekday
with scope as (
    select
        '(all)' as key,
        t.weekday,
        local_day(t.occurred_at, 'Europe/Berlin') as day,
        seconds_between(t.occurred_at, $as_of_at) / 86400.0 as age_days
    from fct_touch as t
    where t.occurred_day >= $start and t.kind in ('form', 'visit')
)
select key, weekday, count(*) as touches, count(distinct day) as days, avg(age_days) as age_days
from scope
group by key, weekday
order by key, weekday
"""


@pytest.mark.parametrize("engine", ENGINES)
def test_a_filtered_and_cut_question_compiles_to_the_known_text(engine: str) -> None:
    compiled = compile_query(
        parse(QUESTION, "touch_age"),
        {"start": dt.date(2026, 1, 1), "as_of_at": dt.datetime(2026, 7, 1, 12)},
        Filters.of(campaign=["c1", "c2"], segment=["(unknown)"]),
        "channel",
        engine=engine,
    )
    path = SNAPSHOTS / f"touch_age.{engine}.sql"
    text = compiled.shown(engine) + "\n"
    if os.environ.get("SMARKETING_RENEW"):
        path.write_text(text, encoding="utf-8")
    assert text == path.read_text(encoding="utf-8")
    assert "local_day" not in text.lower()
    assert list(compiled.params) == sorted(compiled.params)
