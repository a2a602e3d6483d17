"""The sentences that open the pages, on results small enough to check by hand."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace as Of
from typing import Any

import pandas as pd
import pytest

from smarketing.analysis.handoff.pace import Pace, PacePoint
from smarketing.analysis.handoff.worklist import Worklist
from smarketing.analysis.journeys.paths import CommonPath, CommonPaths
from smarketing.analysis.lead_quality.market import Market
from smarketing.analysis.rates import rate_of
from smarketing.charts import findings
from smarketing.periods import Period

JUNE = Period("2026-06", dt.date(2026, 6, 1), dt.date(2026, 7, 1))


def stage(label: str, count: int, left: int) -> Any:
    return Of(stage=label, label=label, count=count, leak=Of(left_count=left))


@pytest.mark.parametrize(
    ("mode", "said"),
    [
        (
            "cohort",
            "Of 100 leads that started in the period, 4 reached Customer so far. "
            "Most are lost at MQL: 25 left there.",
        ),
        (
            "entered",
            "In the period 100 entries into Lead and 4 into Customer were counted.",
        ),
        ("snapshot", "144 leads stand in the funnel on 30 Jun 2026, 100 of them at Lead."),
    ],
)
def test_the_funnel_says_how_far_leads_came_and_where_they_are_lost(mode: str, said: str) -> None:
    stages = [stage("Lead", 100, 20), stage("MQL", 40, 25), stage("Customer", 4, 30)]
    told = {"last_told": stages[-1], "exits_reason": None, "untold": {}}
    result: Any = Of(settings=Of(mode=mode), stages=stages, **told)
    result.standing_day = dt.date(2026, 6, 30)
    assert findings.of_funnel(result) == said


@pytest.mark.parametrize(
    ("mode", "said"),
    [
        ("cohort", "Joined at opportunity, without a lead: 6 deals, 2 won."),
        ("snapshot", "Joined at opportunity, without a lead: 6 open deals and 2 won."),
    ],
)
def test_of_deals_without_a_lead_those_won_are_among_them_but_for_a_day(
    mode: str, said: str
) -> None:
    result: Any = Of(settings=Of(mode=mode), joined=Of(created=6, won=2))
    assert findings.of_joined(result) == said


def test_the_funnel_says_what_no_source_tells() -> None:
    stages = [stage("Lead", 100, 0), stage("MQL", 40, 0), stage("Customer", 0, 0)]
    result: Any = Of(
        settings=Of(mode="cohort"),
        stages=stages,
        last_told=stages[1],
        untold={"Customer": "no source has given a lead that reached Customer"},
        exits_reason="no source says which leads left",
    )
    assert findings.of_funnel(result) == (
        "Of 100 leads that started in the period, 40 reached MQL so far. Of later stages nothing "
        "is known: no source has given a lead that reached Customer. Who left is not known: no "
        "source says which leads left."
    )


def test_a_funnel_nobody_left_says_so() -> None:
    stages = [stage("Lead", 2, 0), stage("Won", 0, 0)]
    told = {"last_told": stages[-1], "exits_reason": None, "untold": {}}
    result: Any = Of(settings=Of(mode="cohort"), stages=stages, **told)
    assert findings.of_funnel(result).endswith("0 reached Won so far. Nobody has left.")


@pytest.mark.parametrize(
    ("steps", "said"),
    [
        ([(60, 100), (30, 60)], "The narrowest step is B to C: 50\u202f% go on"),
        ([(60, 100), (0, 0)], "The narrowest step of those old enough to judge is A to B: 60"),
        ([(60, 100), (1, 29)], "The narrowest step of those with 30 leads or more is A to B: 60"),
        ([(60, 100), (3, 40)], "The narrowest step is B to C: 3 of 40 go on"),
        ([(1, 29), (0, 0)], "None"),
    ],
)
def test_the_narrowest_step_is_of_those_that_can_be_judged(
    steps: list[tuple[int, int]], said: str
) -> None:
    rates = [None, *(Of(mature=rate_of(*step)) for step in steps)]
    stages = [
        Of(stage=name, label=name, step=rate) for name, rate in zip("ABC", rates, strict=True)
    ]
    told: Any = Of(stages=stages, untold={})
    assert str(findings.narrowest_step(told)).startswith(said)
    untold: Any = Of(stages=stages, untold={"C": "no source tells"})
    assert "C" not in str(findings.narrowest_step(untold))


def waiting(*owners: str | None, soon: int = 0) -> Worklist:
    items: list[Any] = [Of(status="overdue", owner=owner) for owner in owners]
    items += [Of(status="soon due", owner="A")] * soon
    return Worklist(dt.datetime(2026, 7, 1), dt.datetime(2026, 7, 2), tuple(items), "UTC")


def test_the_worklist_says_with_whom_most_waits() -> None:
    said = findings.of_worklist(waiting("A", "B", "B", soon=4))
    assert said == "3 leads are overdue, 2 with B; 4 more fall due soon."
    assert findings.of_worklist(waiting(None)).startswith("1 lead is overdue, all with (nobody)")
    assert findings.of_worklist(waiting()) == "No lead is overdue; no leads fall due soon."


def pace(count: int | None, line: float, *, verdict: Any = None, reason: str | None = None) -> Pace:
    point = PacePoint(dt.date(2026, 6, 15), 30, None, line, None)
    return Pace(JUNE, "mql", 0.1, count, None, (point,), verdict, None, reason)


def test_a_promise_that_runs_is_held_against_what_is_due_by_now() -> None:
    said = findings.of_marketing_promise(pace(65, 32.0, verdict="within"), filtered=False)
    assert said == (
        "Marketing promised to hand over 65 leads, 32 by now, in 2026-06 and handed over 30, "
        "within what was promised."
    )
    assert ", 65 by now" not in findings.of_marketing_promise(pace(65, 65.0), filtered=False)
    unknown = findings.of_marketing_promise(pace(65, 65.0, reason="no stage"), filtered=False)
    assert unknown == "What marketing delivered in 2026-06 is not known: no stage."
    assert "a part of the leads" in findings.of_marketing_promise(pace(None, 0.0), filtered=True)


def test_promises_of_follow_up_are_kept_of_owed() -> None:
    parts: list[Any] = [
        Of(met=5, missed=1, unknown=None),
        Of(met=3, missed=0, unknown=None),
        Of(met=0, missed=0, unknown="nobody wrote it down"),
    ]
    assert findings.of_sales_promises(parts[:2]) == "Sales kept 8 of 9 promises of follow-up."
    assert findings.of_sales_promises(parts) == (
        "Sales kept 8 of 9 promises of follow-up. Of the others nothing is known: nobody wrote it "
        "down."
    )
    assert findings.of_sales_promises([]) == "No follow-up fell due in this period."


def credit(key: str, amount: int, share: float | None = None) -> Any:
    return Of(key=key, label=key, credit=amount, share=share)


def test_attribution_says_what_earned_most_and_what_nothing_earned() -> None:
    answer: Any = Of(
        settings=Of(measure="revenue"), divisor=100, currency="EUR", whole=100_000,
        unattributed=40_000,
        rows=[credit("(unattributed)", 40_000), credit("web", 35_000, 0.35), credit("ad", 25_000)],
    )  # fmt: skip
    assert findings.of_attribution(answer, "won revenue", {"web": "Webinar"}) == (
        "Webinar earned most: €350 of €1.00\u202fk won revenue (35\u202f%). "
        "€400 came without any recorded touch that counts."
    )
    answer.rows = answer.rows[:1]
    assert findings.of_attribution(answer, "won revenue", {}) == (
        "Nothing recorded can be credited with the won revenue of €1.00\u202fk."
    )


def test_campaigns_say_which_earned_most_and_which_cost_and_earned_nothing() -> None:
    frame = pd.DataFrame(
        {
            "campaign_id": ["a", "b", "(none)"],
            "campaign": ["Ads", "Fair", "(none)"],
            "cost": [100.0, 50.0, None],
            "credit": [300.0, 0.0, 900.0],
        }
    )
    assert findings.of_campaigns(frame, "money", "EUR") == (
        "2 campaigns cost, brought or earned something. Ads earned most: €300 for €100. "
        "1 cost €50 and earned nothing so far."
    )
    assert findings.of_campaigns(frame[:0], "money", "EUR").startswith("No campaign cost")


def ways(*found: tuple[tuple[str, ...], int]) -> CommonPaths:
    paths = tuple(
        CommonPath(path, "ends", (), units, units, 0, 0, 4.0 * units) for path, units in found
    )
    return CommonPaths(paths, 0, sum(units for _, units in found), 2)


def test_journeys_say_how_deals_begin_and_end() -> None:
    found = ways((("ad", "call"), 3), (("ad", "ad"), 1))
    # (12 touches x 3 deals + 4 touches x 1 deal) / 4 deals = 10
    assert findings.of_journeys(found, {"ad": "Paid search"}) == (
        "Of 4 deals, 3 began with Paid search and ended with call. "
        "A deal took 10.0 touches on average."
    )
    assert "began and ended with ad" in findings.of_journeys(ways((("ad",), 2)), {})
    assert findings.of_journeys(ways((("ad",), 1)), {}).startswith("The one deal began with ad")
    two = ways((("ad",), 1), (("web",), 1))
    assert findings.of_journeys(two, {}).startswith("Each of 2 deals began")
    assert findings.of_journeys(ways(((), 2)), {}).startswith("No deal of this period")


def test_lead_quality_says_who_buys_and_how_good_the_good_are() -> None:
    market = Market((), 1, 700, 2, 1000, ())
    at: Any = Of(threshold=50, precision=rate_of(20, 40))
    assert findings.of_lead_quality(market, at, "reach Won") == (
        "30\u202f% of what was won came from outside the agreed target. "
        "From the agreed 50 points on, 50\u202f% of worked leads reach Won."
    )
    worth = findings.of_lead_quality(Market((), 1, 0, 2, 0, ()), at, "reach Won")
    assert worth.startswith("What those who bought are worth is not known.")
    nothing = Market((), 0, 0, 0, 0, ())
    none_yet: Any = Of(threshold=50, precision=rate_of(0, 0))
    assert findings.of_lead_quality(nothing, none_yet, "") == (
        "Nothing was won in this period. "
        "No lead of the period was worked and is old enough to judge."
    )


def test_what_a_record_won_is_no_zero_where_an_amount_is_not_known() -> None:
    found: Any = Of(minor_digits=2, currency="EUR")

    def won(*amounts: int | None) -> str:
        deals: Any = [Of(amount=amount) for amount in amounts]
        return findings.won_for(deals, found)

    assert won(100_000, 50_000) == " for €1.50\u202fk"
    assert won(100_000, None) == " for €1.00\u202fk, without 1 of unknown amount"
    assert won(None) == ", for an amount that is not known in EUR"
