"""The lead definition judged by outcomes, by hand.

Rules: a company from 200 employees +20, a demo request +30, a download +10 each up to 20.
Threshold 30. Leads that began on 5 January and were judged on the 10th (as-of June).
"""

from __future__ import annotations

import math
from typing import Any

import pandas as pd
import pytest
from builders import default_agreement, make_store
from hypothesis import given
from hypothesis import strategies as st

from smarketing.agreement import Agreement, load_agreement
from smarketing.agreement.stages import BehaviourRule, FitRule
from smarketing.analysis.lead_quality.market import (
    Market,
    buyer_deals,
    propose_definition,
    save_proposal,
    who_buys,
)
from smarketing.analysis.lead_quality.scores import (
    RuleValue,
    calibration,
    lead_patterns,
    recorded_scores,
    rule_values,
    scored,
    threshold_table,
)
from smarketing.analysis.rates import rate_of
from smarketing.build.marts.lead_rules import weighted
from smarketing.engine import DuckDBEngine
from smarketing.errors import AgreementError, StoreError, UsageError
from smarketing.periods import parse_period

JANUARY = parse_period("2026-01")


def agreed() -> Agreement:
    definition = default_agreement().lead_definition.model_copy(
        update={
            "threshold": 30,
            "fit": (
                FitRule(id="big", label="Big", points=20, attribute="employees", at_least=200),
            ),
            "behaviour": (
                BehaviourRule(id="demo", label="Demo", points=30, kinds=("demo_request",)),
                BehaviourRule(id="content", label="Content", points=10, kinds=("download",),
                              each=True, most_points=20),
            ),
        }
    )  # fmt: skip
    return default_agreement().model_copy(update={"lead_definition": definition})


def touch(number: int, lead: str, kind: str, at: str) -> dict[str, Any]:
    return {"touch_id": f"t{number}", "lead_id": lead, "kind": kind, "occurred_at": at}


# lead  score  what became of it
# A      50    worked, opportunity, won 900.00          big, demo
# B      40    worked, accepted only                    big, two of three downloads count
# C      30    worked, rejected                         demo (its second download came too late)
# D      10    worked, opportunity                      one download; sales worked it all the same
# E      20    never handed over, so never worked       big
NAMES = ("A", "B", "C", "D", "E")
STORE: dict[str, list[dict[str, Any]]] = {
    "account": [
        {"account_id": "large", "name": "Large", "employees": 500},
        {"account_id": "tiny", "name": "Tiny", "employees": 5},
    ],
    "lead": [
        {"lead_id": lead, "created_at": "2026-01-05 08:00",
         "account_id": "large" if lead in "ABE" else "tiny"}
        for lead in NAMES
    ],
    "lead_stage_event": [
        {"lead_id": lead, "stage": stage, "entered_at": at, "kind": kind, "reason": reason}
        for lead, stage, at, kind, reason in (
            ("A", "mql", "2026-01-10 08:00", "entry", None),
            ("A", "sal", "2026-01-11 08:00", "entry", None),
            ("B", "mql", "2026-01-10 08:00", "entry", None),
            ("B", "sal", "2026-01-11 08:00", "entry", None),
            ("C", "mql", "2026-01-10 08:00", "entry", None),
            ("C", "rejected", "2026-01-12 08:00", "exit", "no budget"),
            ("D", "mql", "2026-01-10 08:00", "entry", None),
        )
    ],
    "touch": [
        touch(1, "A", "demo_request", "2026-01-06 08:00"),
        touch(2, "B", "download", "2026-01-06 08:00"),
        touch(3, "B", "download", "2026-01-07 08:00"),
        touch(4, "B", "download", "2026-01-08 08:00"),
        touch(5, "C", "demo_request", "2026-01-09 08:00"),
        touch(6, "C", "download", "2026-01-10 08:00"),
        touch(7, "D", "download", "2026-01-09 08:00"),
    ],
    "deal": [
        {"deal_id": "a", "lead_id": "A", "created_at": "2026-01-20", "closed_at": "2026-02-20",
         "outcome": "won", "amount": 90_000, "currency": "EUR", "kind": "new",
         "account_id": "large"},
        {"deal_id": "d", "lead_id": "D", "created_at": "2026-01-20", "outcome": "open",
         "account_id": "tiny"},
    ],
    "score_event": [
        {"lead_id": "A", "scored_at": "2026-01-09 08:00", "score": 77.4},
        {"lead_id": "A", "scored_at": "2026-01-11 08:00", "score": 99.0},
    ],
}  # fmt: skip


@pytest.fixture(scope="module")
def engine() -> DuckDBEngine:
    return make_store(STORE, agreed(), as_of="2026-06-30 12:00")


def test_scores_stand_as_they_were_just_before_qualification(engine: DuckDBEngine) -> None:
    patterns = lead_patterns(engine, agreed(), JANUARY)
    scores = scored(patterns)
    assert dict(zip(scores["score"], scores["leads"], strict=True)) == {
        50: 1, 40: 1, 30: 1, 20: 1, 10: 1,
    }  # fmt: skip


def test_a_threshold_has_precision_among_the_worked_and_bounds_of_recall(
    engine: DuckDBEngine,
) -> None:
    patterns = lead_patterns(engine, agreed(), JANUARY)
    at30, at60 = threshold_table(scored(patterns), [30, 60], patterns.months, 2)
    # A, B, C at 30 or above: one of three worked converted. D converted below; E was not worked.
    assert (at30.leads, at30.precision.successes, at30.precision.n) == (3, 1, 3)
    assert (at30.recall_low, at30.recall_high) == (pytest.approx(1 / 3), 0.5)
    assert at30.lift == pytest.approx((1 / 3) / (2 / 4))
    assert (at30.acceptance.successes, at30.acceptance.n) == (2, 3)
    assert at30.revenue_share == 1
    assert at30.within_capacity is False  # three leads a month, capacity two
    assert (at60.leads, at60.precision.rate, at60.lift) == (0, None, None)


def test_other_points_are_tried_on_history(engine: DuckDBEngine) -> None:
    patterns = lead_patterns(engine, agreed(), JANUARY)
    scores = scored(patterns, {"content": 25, "demo": 0})
    # Points of a rule never exceed its most points: B's two downloads stay at 20, D's one too.
    assert dict(zip(scores["score"], scores["leads"], strict=True)) == {40: 1, 20: 3, 0: 1}
    with pytest.raises(UsageError, match="Did you mean 'demo'"):
        scored(patterns, {"demos": 1})


def test_recorded_scores_are_those_before_qualification(engine: DuckDBEngine) -> None:
    rows = recorded_scores(engine, agreed(), JANUARY).set_index("score")
    assert rows.loc[77, "leads"] == 1
    assert 99 not in rows.index
    bands = calibration(rows.reset_index())
    assert [(band.low, band.leads, band.rate.rate) for band in bands] == [(77, 1, 1.0)]


def test_calibration_holds_every_scored_lead_once(engine: DuckDBEngine) -> None:
    scores = scored(lead_patterns(engine, agreed(), JANUARY))
    assert sum(band.leads for band in calibration(scores, 3)) == 5
    assert calibration(scores.iloc[:0]) == []


def test_a_rule_is_judged_by_those_that_fulfil_it(engine: DuckDBEngine) -> None:
    values = {value.rule: value for value in rule_values(lead_patterns(engine, agreed(), JANUARY))}
    assert (values["demo"].fulfilled.successes, values["demo"].fulfilled.n) == (1, 2)
    assert (values["demo"].others.successes, values["demo"].others.n) == (1, 2)
    assert values["demo"].difference == 0
    assert values["demo"].earned is None  # far too few to say
    assert values["content"].fulfilled.n == 2


def test_who_buys_against_the_target(engine: DuckDBEngine) -> None:
    market = who_buys(engine, agreed(), parse_period("2026"))
    assert (market.customers, market.won_amount) == (1, 90_000)
    assert market.buyers[0].segment == default_agreement().classification.segment_of(500)
    # A buyer of unknown persona is neither of the target nor outside of it.
    assert (market.unknown_amount, market.target_amount, market.gap) == (90_000, 0, None)
    empty = who_buys(engine, agreed(), parse_period("2020"))
    assert (empty.target_share, empty.buyers) == (None, ())


def test_a_credit_note_lowers_what_was_won() -> None:
    deals = [
        {"deal_id": "d1", "account_id": "a1", "outcome": "won", "kind": "new_business",
         "closed_at": "2026-01-10", "currency": "EUR", "amount": 1_000},
        {"deal_id": "d2", "account_id": "a2", "outcome": "won", "kind": "new_business",
         "closed_at": "2026-01-11", "currency": "EUR", "amount": -300},
    ]  # fmt: skip
    accounts = [{"account_id": "a1", "employees": 500}, {"account_id": "a2", "employees": 3}]
    engine = make_store({"deal": deals, "account": accounts}, agreed())
    assert engine.currency == "EUR"
    market = who_buys(engine, agreed(), JANUARY)
    assert (market.won_amount, buyer_deals(engine, JANUARY)["won_amount"].sum()) == (700, 700)


def test_the_gap_is_what_is_known_to_come_from_outside_the_target() -> None:
    # Won 100: 50 of the target, 20 of nobody knows whom; 30 came from outside.
    market = Market((), 1, 50, 3, 100, (), unknown_amount=20)
    assert (market.target_share, market.gap) == (0.5, 0.3)
    assert Market((), 0, 0, 1, 100, (), unknown_amount=100).gap is None
    assert Market((), 0, 0, 0, 0, ()).gap is None


def test_a_proposal_reads_back_and_has_another_hash(tmp_path: Any) -> None:
    proposal = propose_definition(default_agreement(), {"attended": 3}, threshold=60)
    assert proposal.hash != default_agreement().hash
    again = load_agreement(save_proposal(proposal, tmp_path / "proposed.yaml"))
    assert again.hash == proposal.hash
    assert again.lead_definition.threshold == 60
    with pytest.raises(UsageError, match="Did you mean 'attended'"):
        propose_definition(default_agreement(), {"attend": 1})
    with pytest.raises(StoreError, match="cannot be written"):
        save_proposal(proposal, tmp_path / "no" / "such" / "folder.yaml")


def test_an_empty_store_has_nothing_to_judge() -> None:
    empty = make_store({})
    patterns = lead_patterns(empty, default_agreement(), JANUARY)
    row = threshold_table(scored(patterns), [50], patterns.months)[0]
    assert (row.leads, row.precision.rate, row.recall_high) == (0, None, None)
    with pytest.raises(UsageError, match="Did you mean 'customer'"):
        lead_patterns(empty, default_agreement(), JANUARY, outcome="customers")  # type: ignore[arg-type]


rules = st.lists(
    st.tuples(st.booleans(), st.integers(1, 30), st.integers(1, 60)), min_size=1, max_size=8
)


@given(rules, st.data())
def test_a_pattern_holds_the_hits_of_every_rule(made: Any, data: Any) -> None:
    parts = weighted(
        [
            BehaviourRule(id=f"r{n}", label="r", points=points, kinds=("x",), each=each,
                          most_points=most)
            for n, (each, points, most) in enumerate(made)
        ]
    )  # fmt: skip
    hits = [data.draw(st.integers(0, part.most_hits)) for part in parts]
    pattern = sum(part.weight * hit for part, hit in zip(parts, hits, strict=True))
    assert [part.hits(pattern) for part in parts] == hits


def test_too_many_counting_rules_are_refused() -> None:
    rule = BehaviourRule(id="r", label="r", points=1, kinds=("x",), each=True)
    with pytest.raises(AgreementError, match="join some of them"):
        weighted([rule.model_copy(update={"id": f"r{n}"}) for n in range(20)])


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5), st.integers(0, 5)), max_size=8))
def test_bounds_of_recall_are_in_order(rows: list[tuple[int, int, int]]) -> None:
    frame = pd.DataFrame(
        [
            {"score": score * 10, "leads": a + b + c, "qualified": 0, "worked": a + b,
             "converted": a, "accepted": a, "decided": a + b, "won_amount": a}
            for score, (a, b, c) in enumerate(rows)
        ],
        columns=["score", "leads", "qualified", "worked", "converted", "accepted", "decided",
                 "won_amount"],
    )  # fmt: skip
    before = math.inf
    for row in threshold_table(frame, range(0, 90, 10), 1.0):
        if row.recall_low is not None and row.recall_high is not None:
            assert 0 <= row.recall_low <= row.recall_high <= 1
            assert row.recall_high <= before
            before = row.recall_high


@pytest.mark.parametrize(
    ("points", "fulfilled", "others", "earned"),
    [
        (10, (60, 100), (20, 100), True), (10, (20, 100), (60, 100), False),
        (10, (50, 100), (45, 100), False), (-10, (20, 100), (60, 100), True),
        (-10, (60, 100), (20, 100), False), (10, (29, 29), (0, 100), None),
        (10, (90, 100), (0, 29), None), (10, (30, 30), (0, 30), True), (10, (0, 0), (0, 30), None),
    ],
)  # fmt: skip
def test_points_are_earned_where_the_intervals_lie_apart_on_their_side(
    points: int, fulfilled: tuple[int, int], others: tuple[int, int], earned: bool | None
) -> None:
    value = RuleValue("r", "R", points, rate_of(*fulfilled), rate_of(*others))
    assert value.earned is earned


@pytest.mark.parametrize(
    ("fulfilled", "others", "points", "earned"),
    [
        ((30, 40), (5, 40), 10, True),
        ((30, 40), (5, 40), -10, False),
        ((5, 40), (30, 40), 10, False),
        ((5, 40), (30, 40), -10, True),
        ((20, 40), (18, 40), 10, False),
        ((20, 40), (18, 40), -10, False),
        ((30, 40), (5, 40), 0, False),
        ((25, 30), (2, 30), 10, True),
        ((25, 29), (2, 30), 10, None),
        ((25, 30), (2, 29), 10, None),
        ((0, 0), (2, 30), 10, None),
    ],
)
def test_a_rule_earns_its_points_where_the_intervals_do_not_meet(
    fulfilled: tuple[int, int], others: tuple[int, int], points: int, earned: bool | None
) -> None:
    value = RuleValue("r", "R", points, rate_of(*fulfilled), rate_of(*others))
    assert value.earned is earned
    shares = [n and won / n for won, n in (fulfilled, others)]
    assert value.difference == (shares[0] - shares[1] if fulfilled[1] else None)
