"""The SQL agrees with the slow count on random stores, and the invariants hold on them."""

from __future__ import annotations

import datetime as dt
import random
from collections import Counter
from dataclasses import replace
from itertools import pairwise
from typing import Any

import funnel_slow as slow
from funnel_slow import Deal, Event, Lead
from funnel_store import EXITS, STAGES, FunnelStore
from hypothesis import given, settings
from hypothesis import strategies as st

from smarketing.analysis.funnel.result import FunnelResult
from smarketing.analysis.funnel.settings import REENTRY, SKIPS, FunnelSettings
from smarketing.analysis.funnel.stages import funnel
from smarketing.engine import DuckDBEngine
from smarketing.periods import Period

DAY = dt.datetime(2026, 1, 1)
AS_OF = dt.datetime(2026, 1, 17, 12)
LOADED = dt.datetime(2026, 1, 9, 9)
REASONS = (None, "price", "timing")
WINDOW = Period("January", dt.date(2026, 1, 1), dt.date(2026, 1, 10))


def random_leads(seed: int, count: int = 60) -> dict[str, Lead]:
    """Histories on few days and hours: ties, returns, bare days, load stamps and deals."""
    rng = random.Random(seed)
    return {f"L{number}": _random_lead(rng, number) for number in range(count)}


def _moment(rng: random.Random) -> tuple[dt.datetime, bool]:
    """An instant, or a bare day: a day without a time stands at its start."""
    day, hour = DAY + dt.timedelta(days=rng.randrange(14)), rng.choice((0, 9, 15, None))
    return (day, False) if hour is None else (day + dt.timedelta(hours=hour), True)


def _random_lead(rng: random.Random, number: int) -> Lead:
    has_record, is_loaded = rng.random() < 0.6, rng.random() < 0.4
    created, timed = _moment(rng)
    if has_record and is_loaded:
        created, timed = LOADED, True
    history = {}
    for _ in range(rng.randint(0 if has_record else 1, 8)):
        at, has_time = _moment(rng)
        if has_record and is_loaded and rng.random() < 0.4:
            at, has_time = LOADED, True
        event = Event(at, rng.choice(STAGES + EXITS), rng.choice(REASONS), has_time)
        history[at, event.stage] = event  # a source gives a stage and instant once
    return Lead(
        tuple(history.values()),
        tuple(_random_deal(rng, f"D{number}-{n}") for n in range(rng.choice((0, 0, 0, 1, 1, 2)))),
        has_record,
        created if has_record and rng.random() < 0.8 else None,
        timed,
        is_loaded,
    )


def _random_deal(rng: random.Random, name: str) -> Deal:
    created, timed = _moment(rng)
    closed = created + dt.timedelta(days=rng.randrange(-3, 6))
    outcome = rng.choice(("open", "won", "won", "lost"))
    return Deal(
        name,
        created if rng.random() < 0.8 else None,
        None if outcome == "open" or rng.random() < 0.2 else closed,
        outcome,
        timed,
        rng.random() < 0.7,
    )


stores = st.integers(0, 2**32).map(random_leads)


def build(leads: dict[str, Lead]) -> DuckDBEngine:
    store = FunnelStore(as_of=AS_OF)
    for name, lead in leads.items():
        if lead.has_record:
            known = {} if lead.created is None else {"created_has_time": lead.created_timed}
            store.lead(name, lead.created, created_known=lead.created_known, **known)
        for event in lead.events:
            store.event(name, event.stage, event.at, event.reason)
            store.events[-1] = {**store.events[-1], "entered_at_has_time": event.timed}
        for deal in lead.deals:
            timed = {} if deal.created is None else {"created_has_time": deal.timed}
            timed |= {} if deal.closed is None else {"closed_has_time": deal.timed}
            known = deal.created_known and deal.created is not None
            store.deal(deal.deal_id, name, deal.created, deal.closed, deal.outcome,
                       created_known=known, **timed)  # fmt: skip
    return store.build()


def courses(leads: dict[str, Lead]) -> dict[str, list[Event]]:
    found = {name: slow.course(lead, AS_OF) for name, lead in leads.items()}
    return {name: events for name, events in found.items() if events}


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


def never_rises_and_who_advanced_is_converted(
    result: FunnelResult, skips: str, reentry: str
) -> None:
    """What holds of any cohort, whatever the slow count says."""
    counts = [stage.count for stage in result.stages]
    if skips != "observed" and reentry != "every":
        assert counts == sorted(counts, reverse=True), (skips, reentry)
    for before, stage in pairwise(result.stages):
        assert stage.step is not None
        assert before.leak is not None
        if skips == "imputed":
            assert stage.step.to_date.successes == before.leak.advanced, reentry
        elif skips == "strict" and reentry != "every":
            assert stage.step.to_date.successes == stage.count, reentry
        for rate in (stage.step.to_date, stage.step.mature):
            assert rate.rate is None or 0 <= rate.low <= rate.rate <= rate.high <= 1  # type: ignore[operator]
        assert 0 <= stage.step.mature.n <= stage.step.to_date.n


@settings(max_examples=20)
@given(stores)
def test_every_mode_agrees_with_the_slow_count(leads: dict[str, Lead]) -> None:
    engine, known = build(leads), courses(leads)
    start, end = WINDOW.start, WINDOW.end
    for skips in SKIPS:
        for reentry in REENTRY:
            result = funnel(engine, FunnelSettings("cohort", skips, reentry, WINDOW))
            expected = slow.cohort(known, start, end, skips, reentry)
            assert stages(result) == +expected.reached, (skips, reentry)
            assert outcomes(result) == expected.outcomes, (skips, reentry)
            for number, stage in enumerate(result.stages[1:], 1):
                assert stage.step is not None
                assert stage.step.to_date.successes == expected.stepped[number], (skips, reentry)
            never_rises_and_who_advanced_is_converted(result, skips, reentry)
            counted = funnel(engine, FunnelSettings("entered", skips, reentry, WINDOW))
            assert stages(counted) == +slow.entered(known, start, end, skips, reentry)
        for at in (DAY, DAY + dt.timedelta(days=5, hours=9), DAY + dt.timedelta(days=16)):
            standing = funnel(engine, FunnelSettings("snapshot", skips, at=at))
            there = slow.snapshot(known, at, skips)
            assert standing.exited == there.pop(None, 0)
            assert stages(standing) == there


@settings(max_examples=5)
@given(stores, st.randoms())
def test_row_order_and_names_of_leads_change_nothing(leads: dict[str, Lead], rng: Any) -> None:
    names = [f"X{number}" for number in range(len(leads))]
    rng.shuffle(names)
    renamed = {
        name: replace(lead, events=tuple(rng.sample(lead.events, len(lead.events))))
        for name, lead in zip(names, leads.values(), strict=True)
    }
    choice = FunnelSettings(window=WINDOW)
    assert funnel(build(leads), choice).as_dict() == funnel(build(renamed), choice).as_dict()
