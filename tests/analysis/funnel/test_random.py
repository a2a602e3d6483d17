"""The SQL agrees with the slow count on random stores, and the invariants hold on them."""

from __future__ import annotations

import datetime as dt
import random
from collections import Counter
from typing import Any

import funnel_slow as slow
from funnel_slow import Event
from funnel_store import EXITS, STAGES, FunnelStore
from hypothesis import given, settings
from hypothesis import strategies as st

from smarketing.analysis.funnel.settings import REENTRY, SKIPS, FunnelSettings
from smarketing.analysis.funnel.stages import FunnelResult, funnel
from smarketing.engine import DuckDBEngine
from smarketing.periods import Period

DAY = dt.datetime(2026, 1, 1)
REASONS = (None, "price", "timing")
WINDOW = Period("January", dt.date(2026, 1, 1), dt.date(2026, 1, 10))


def random_leads(seed: int, count: int = 60) -> dict[str, list[Event]]:
    """Histories on few days and hours: ties, returns and events out of order are common."""
    rng = random.Random(seed)
    found = {}
    for number in range(count):
        history = {
            (day, hour, stage): Event(
                DAY + dt.timedelta(days=day, hours=hour), stage, rng.choice(REASONS)
            )
            for day, hour, stage in (
                (rng.randrange(14), rng.choice((0, 9, 15)), rng.choice(STAGES + EXITS))
                for _ in range(rng.randint(1, 9))
            )
        }
        found[f"L{number}"] = list(history.values())
    return found


stores = st.integers(0, 2**32).map(random_leads)


def build(leads: dict[str, list[Event]]) -> DuckDBEngine:
    store = FunnelStore()
    for lead, history in leads.items():
        for event in history:
            store.event(lead, event.stage, event.at, event.reason)
    return store.build()


def stages(result: FunnelResult) -> Counter[int]:
    return Counter({n: stage.count for n, stage in enumerate(result.stages, 1) if stage.count})


def outcomes(result: FunnelResult) -> Counter[Any]:
    found: Counter[Any] = Counter()
    for number, stage in enumerate(result.stages, 1):
        assert stage.leak is not None
        assert stage.leak.total == stage.count
        for name in ("advanced", "here", "moved_back"):
            found[number, name, None, None] += getattr(stage.leak, name)
        for part in stage.leak.left:
            found[number, "left", part.exit, part.reason] += part.count
    return Counter({key: count for key, count in found.items() if count})


@settings(max_examples=4, deadline=None)
@given(stores)
def test_every_mode_agrees_with_the_slow_count(leads: dict[str, list[Event]]) -> None:
    engine = build(leads)
    start, end = WINDOW.start, WINDOW.end
    for skips in SKIPS:
        for reentry in REENTRY:
            result = funnel(engine, FunnelSettings("cohort", skips, reentry, WINDOW))
            expected = slow.cohort(leads, start, end, skips, reentry)
            assert stages(result) == +expected.reached, (skips, reentry)
            assert outcomes(result) == expected.outcomes, (skips, reentry)
            for number, stage in enumerate(result.stages[1:], 1):
                assert stage.step is not None
                assert stage.step.to_date.successes == expected.stepped[number], (skips, reentry)
            counted = funnel(engine, FunnelSettings("entered", skips, reentry, WINDOW))
            assert stages(counted) == +slow.entered(leads, start, end, skips, reentry)
        for at in (DAY, DAY + dt.timedelta(days=5, hours=9), DAY + dt.timedelta(days=40)):
            standing = funnel(engine, FunnelSettings("snapshot", skips, at=at))
            known = slow.snapshot(leads, at, skips)
            assert standing.exited == known.pop(None, 0)
            assert stages(standing) == known


@settings(max_examples=3, deadline=None)
@given(stores)
def test_cohort_counts_never_rise_and_rates_stay_within_bounds(
    leads: dict[str, list[Event]],
) -> None:
    engine = build(leads)
    for skips in ("imputed", "strict"):
        for reentry in ("first", "last"):
            result = funnel(engine, FunnelSettings("cohort", skips, reentry, WINDOW))
            counts = [stage.count for stage in result.stages]
            assert counts == sorted(counts, reverse=True)
            for stage in result.stages[1:]:
                assert stage.step is not None
                for rate in (stage.step.to_date, stage.step.mature):
                    assert rate.rate is None or 0 <= rate.low <= rate.rate <= rate.high <= 1  # type: ignore[operator]
                assert 0 <= stage.step.mature.n <= stage.step.to_date.n


@settings(max_examples=3, deadline=None)
@given(stores, st.randoms())
def test_row_order_and_names_of_leads_change_nothing(
    leads: dict[str, list[Event]], rng: Any
) -> None:
    names = [f"X{number}" for number in range(len(leads))]
    rng.shuffle(names)
    renamed = {
        name: rng.sample(history, len(history))
        for name, history in zip(names, leads.values(), strict=True)
    }
    choice = FunnelSettings(window=WINDOW)
    assert funnel(build(leads), choice).as_dict() == funnel(build(renamed), choice).as_dict()
