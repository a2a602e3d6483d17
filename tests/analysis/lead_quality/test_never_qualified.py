"""A lead that never qualified counts with the best score it held in time: by hand, and slowly.

Rules: a demo request +30 for 30 days, a download +10 each up to 20 for 90 days, an unsubscription
-20 for 10 days, three visits within 5 days +5. A lead may qualify within 30 days of its beginning.
"""

from __future__ import annotations

import datetime as dt
import random
from typing import Any

import pytest
from builders import default_agreement, make_store

from smarketing.agreement import Agreement
from smarketing.agreement.stages import BehaviourRule, StepWindow
from smarketing.analysis.lead_quality.records import scored_leads
from smarketing.analysis.lead_quality.scores import lead_patterns, recorded_scores, scored
from smarketing.periods import local_day, local_midnight, parse_period

JANUARY = parse_period("2026-01")
STEP_DAYS = 30
ZONE = "Europe/Berlin"
RULES = (
    BehaviourRule(id="demo", label="Demo", points=30, kinds=("demo",), within_days=30),
    BehaviourRule(id="content", label="Content", points=10, kinds=("download",), each=True,
                  most_points=20, within_days=90),
    BehaviourRule(id="left", label="Left", points=-20, kinds=("unsubscribe",), within_days=10),
    BehaviourRule(id="visits", label="Visits", points=5, kinds=("visit",), at_least=3,
                  within_days=5),
)  # fmt: skip


def agreed() -> Agreement:
    plain = default_agreement()
    definition = plain.lead_definition.model_copy(update={"fit": (), "behaviour": RULES})
    window = StepWindow(stage="lead", next_stage="mql", window_days=STEP_DAYS)
    update = {"lead_definition": definition, "step_windows": (window, *plain.step_windows)}
    return plain.model_copy(update=update)


def touch(name: str, kind: str, at: Any) -> dict[str, Any]:
    return {"touch_id": name, "lead_id": "n", "kind": kind, "occurred_at": at}


def lead(name: str = "n", began: str = "2026-01-05 08:00") -> dict[str, Any]:
    return {"lead_id": name, "created_at": began}


def test_the_best_score_it_held_in_time_counts_not_that_of_the_latest_data() -> None:
    touches = [
        touch("t1", "demo", "2026-01-03 10:00"),  # before it began; counts until 2 February
        touch("t2", "unsubscribe", "2026-01-05 09:00"),  # takes 20 until 15 January
        touch("t3", "download", "2026-02-04 10:00"),  # the 30th day
        touch("t4", "download", "2026-02-05 10:00"),  # a day too late
    ]
    events = [
        {"lead_id": "n", "scored_at": at, "score": score}
        for at, score in (("2025-12-31 10:00", 80), ("2026-01-01 10:00", 60),
                          ("2026-01-10 10:00", 40), ("2026-02-05 10:00", 90))
    ]  # fmt: skip
    tables = {"lead": [lead()], "touch": touches, "score_event": events}
    for as_of in ("2026-06-30 12:00", "2026-12-31 12:00"):
        engine = make_store(tables, agreed(), as_of=as_of)
        patterns = lead_patterns(engine, agreed(), JANUARY, outcome="accepted")
        # 30 from 16 January, when the unsubscription no longer counts, to 2 February.
        assert scored(patterns)["score"].tolist() == [30]
        # Which moment was the best depends on the points.
        assert scored(patterns, {"left": 5})["score"].tolist() == [35]
        assert scored(patterns, {"demo": 0})["score"].tolist() == [10]
        assert patterns.note == (
            "Leads that never qualified count with the best score they held within 30 days after "
            "they began."
        )
        # The 80 was over when it began, the 90 came too late.
        assert recorded_scores(engine, agreed(), JANUARY, outcome="accepted")["score"].tolist() == [
            60
        ]
        assert scored_leads(engine, agreed(), JANUARY, outcome="accepted")["score"].tolist() == [30]


def test_a_lead_too_young_to_have_qualified_is_not_judged_yet() -> None:
    young = make_store({"lead": [lead()]}, agreed(), as_of="2026-02-03 12:00")  # its 29th day
    assert scored(lead_patterns(young, agreed(), JANUARY, outcome="accepted")).empty
    qualified = {"lead_id": "n", "stage": "mql", "entered_at": "2026-01-06 10:00"}
    past = make_store(
        {"lead": [lead()], "lead_stage_event": [qualified],
         "touch": [touch("t1", "demo", "2026-01-06 09:00"),
                   touch("t2", "download", "2026-01-06 11:00")]},
        agreed(),
    )  # fmt: skip
    # Who qualified counts as it stood just before, whatever came after.
    assert scored(lead_patterns(past, agreed(), JANUARY, outcome="accepted"))["score"].tolist() == [
        30
    ]


# ---- the slow count


def points_at(touches: list[tuple[str, dt.datetime]], at: dt.datetime) -> int:
    """The score at one instant: a touch counts from its instant to the end of its rule's days."""
    total, day = 0, local_day(at, ZONE)
    for rule in RULES:
        assert rule.within_days is not None
        hits = sum(
            kind in rule.kinds
            and when <= at
            and (day - local_day(when, ZONE)).days <= rule.within_days
            for kind, when in touches
        )
        if hits >= (rule.at_least or 1):
            earned = rule.points * (hits if rule.each else 1)
            most = rule.most_points
            total += min(earned, most) if most is not None else earned
    return total


def best(touches: list[tuple[str, dt.datetime]], began: dt.date) -> int:
    """The most points at any instant of the days in which the lead might have qualified."""
    start = local_midnight(began, ZONE)
    end = local_midnight(began + dt.timedelta(days=STEP_DAYS + 1), ZONE)
    midnights = [
        local_midnight(began + dt.timedelta(days=days), ZONE) for days in range(STEP_DAYS + 1)
    ]
    moments = [*midnights, *(at for _, at in touches if start <= at < end)]
    return max(points_at(touches, at) for at in moments)


@pytest.mark.parametrize("seed", range(3))
def test_the_query_finds_what_the_slow_count_finds(seed: int) -> None:
    rng = random.Random(seed)
    kinds = [kind for rule in RULES for kind in rule.kinds] + ["visit", "visit"]
    leads, touches, expected = [], [], {}
    for number in range(40):
        name, began = f"l{number:02d}", dt.date(2026, 1, 1 + rng.randrange(20))
        own = [
            (rng.choice(kinds), dt.datetime(2025, 12, 10) + dt.timedelta(hours=rng.randrange(2000)))
            for _ in range(rng.randrange(12))
        ]
        leads.append({"lead_id": name, "created_at": f"{began} 08:00"})
        touches += [
            {"touch_id": f"{name}-{n}", "lead_id": name, "kind": kind, "occurred_at": at}
            for n, (kind, at) in enumerate(own)
        ]
        expected[name] = best(own, began)
    engine = make_store({"lead": leads, "touch": touches}, agreed(), as_of="2026-12-31 12:00")
    found = scored_leads(engine, agreed(), JANUARY, outcome="accepted")
    assert dict(zip(found["lead_id"], found["score"], strict=True)) == expected
