"""Exhibits of planning: what a target is made of, leads by stage and month, steps at their best."""

from __future__ import annotations

from datetime import date

import pandas as pd

from smarketing.analysis.availability import without_amount
from smarketing.analysis.planning.plan import Plan
from smarketing.analysis.planning.usual import usual
from smarketing.analysis.planning.whatif import Lift, WhatIf
from smarketing.charts import format as fmt
from smarketing.charts.bars import ranked_bars
from smarketing.charts.encoding import Encoding
from smarketing.periods import period_of
from smarketing.ui.asides import Aside
from smarketing.ui.exhibit import Exhibit
from smarketing.ui.explain import Definition
from smarketing.ui.labels import name_of
from smarketing.ui.records import Records
from smarketing.ui.session import ask
from smarketing.ui.view import View

NEEDED = Definition(
    "Leads needed",
    "How many new leads does the revenue target need?",
    "What the target still lacks after what is won, what the open pipeline is expected to bring "
    "and what deals without leads are expected to bring, divided by the revenue of a lead and the "
    "share of it that arrives in time. Both come from one mature cohort.",
    "(target − won − expected from pipeline − expected without leads) ÷ "
    "(revenue per lead × share in time)",
)
BEST = Definition(
    "Each step at its best",
    "Which step is worth most?",
    "A year's revenue from as many leads as the last year brought, with one step raised to its "
    "best quarter of the last six and all else as it was, within what sales can work.",
    "yearly leads × revenue per lead × (best quarter's rate ÷ present rate)",
    caveats=("A quarter counts with 30 mature leads or more.",),
)


#: Why there is nothing to show where nothing is needed.
COVERED = "what is won and expected reaches the target; ask for a higher one"


def read_target(text: str) -> float:
    """A revenue target as the address writes it; ValueError says what it is instead."""
    try:
        target = float(text)
    except ValueError as error:
        raise ValueError("it is no number") from error
    if not 1 <= target < float("inf"):
        raise ValueError("it is no amount of 1 or more")
    return target


def read_until(text: str, earliest: date) -> date:
    """A day as the address writes it; ValueError says what it is instead."""
    try:
        until = date.fromisoformat(text)
    except ValueError as error:
        raise ValueError("it is no day such as 2026-12-31") from error
    if until < earliest:
        raise ValueError(f"it is before {earliest}, the day after the data's")
    return until


def made_of(view: View, plan: Plan) -> Exhibit:
    """What the target is made of: won, expected, and what new leads must bring."""
    unit, currency = 10**plan.minor_digits, view.store.engine.currency
    frame = pd.DataFrame(
        {
            "part": [
                "Won so far",
                "Open pipeline, weighted",
                "Deals without leads",
                "New leads must bring",
            ],
            "amount": [
                plan.major(part)
                for part in (plan.won, plan.from_pipeline, plan.from_unled, plan.gap)
            ],
        }
    )
    gap = fmt.money(plan.gap / unit, currency)
    pipeline = pd.DataFrame(
        [
            {
                "stage": s.stage,
                "deals": s.deals,
                "due_amount": plan.major(s.due_amount),
                "win_rate": s.win_rate.rate,
                "expected": s.expected / unit,
            }
            for s in plan.pipeline
        ]
    )
    return Exhibit(
        key="made_of",
        title=f"New leads must bring {gap}"
        if plan.gap
        else "The target is covered as things stand",
        reading=f"Counted from {fmt.day(plan.since)}; expected amounts are weighted by history."
        + (f" {without_amount(plan.lacking, currency)}" if plan.lacking else ""),
        view=view,
        definition=NEEDED,
        data=frame,
        draw=lambda look: ranked_bars(
            frame,
            look,
            Encoding(key="part", value="amount", unit="money", currency=currency, hue=look.shared),
            in_order=True,
        ),
        records=lambda _: Records(
            pipeline,
            "stages of open deals",
            "expected",
            "money",
            plan.from_pipeline / unit,
            {"due_amount": "money", "win_rate": "rate", "expected": "money"},
        ),
        units={"amount": "money"},
        reported="plan" if _is_usual(view, plan) else "",
    )


def _is_usual(view: View, plan: Plan) -> bool:
    """Whether the plan is for the target that a report plans for."""
    wanted = ask(view.store, usual, view.store.agreement)
    return (plan.target, plan.until) == (
        round(wanted.revenue * 10**plan.minor_digits), wanted.until
    )  # fmt: skip


def by_stage(view: View, plan: Plan) -> Exhibit:
    """How many leads are needed at each stage, with intervals."""
    agreement = view.store.agreement
    frame = pd.DataFrame(
        [
            {
                "stage": name_of(agreement, "stage", s.stage),
                "needed": s.need.needed,
                "low": s.need.low,
                "high": s.need.high,
                "share_of_leads": s.share_of_leads,
            }
            for s in plan.stages
        ]
    )
    over = plan.over_capacity
    title = "How many leads are needed is not available: no mature lead has won anything in time"
    if plan.leads.needed is not None:
        title = f"{fmt.number(round(plan.leads.needed))} leads, stage by stage"
    if not plan.gap:
        title = "No new lead is needed for the target"
    if over:
        title = f"The plan hands over {fmt.number(round(over))} leads more than sales can work"
    can = plan.capacity_leads
    reading = (
        f"{fmt.number(round(can))} leads would keep sales at capacity until then."
        if can is not None
        else "What sales can work is not known for a part of the leads."
        if view.filters or view.store.engine.limited_by
        else "No member has a capacity, so that what sales can work is not known."
    )
    return Exhibit(
        key="by_stage",
        title=title,
        reading=reading,
        view=view,
        definition=NEEDED,
        data=frame if plan.gap else frame.head(0),
        reason=COVERED,
        draw=lambda look: ranked_bars(
            frame, look, Encoding(key="stage", value="needed", hue=look.marketing), in_order=True
        ),
        units={"share_of_leads": "rate"},
    )


def by_month(view: View, plan: Plan) -> Exhibit:
    """The same needs spread over the working days of each month."""
    agreement = view.store.agreement
    frame = pd.DataFrame(
        [
            {
                "month": month.month,
                "working_days": month.working_days,
                **{
                    name_of(agreement, "stage", s.stage): None
                    if s.need.needed is None
                    else round(s.need.needed)
                    for s in month.stages
                },
            }
            for month in plan.months
        ]
    )
    return Exhibit(
        key="by_month",
        title="What each month must bring",
        reading="Spread over working days; part of a month counts in part.",
        view=view,
        definition=NEEDED,
        data=frame,
    )


def capacity(view: View, plan: Plan) -> Exhibit:
    """What each member of the sales team can work, and what was handed to them lately."""
    frame = pd.DataFrame(
        [
            {
                "member": m.member,
                "team": m.team,
                "capacity": m.capacity,
                "handed_over": round(m.handed, 1),
                "load": m.handed / m.capacity if m.capacity else None,
            }
            for m in plan.members
        ]
    )
    busy = sum(1 for m in plan.members if m.handed > m.capacity)
    return Exhibit(
        key="capacity",
        title=f"{busy} of {len(plan.members)} got more lately than they can work"
        if busy
        else "Lately nobody got more leads than they can work",
        reading="Leads a month: handed over in the last three, against the agreed capacity.",
        view=view.unfiltered(),
        definition=Definition(
            "Capacity", "What can the sales team work?", "Handed-over leads a month per member."
        ),
        data=frame,
        units={"load": "bar"},
    )


def best(view: View, what: WhatIf) -> Exhibit:
    """What each step is worth, raised to its best recent quarter."""
    engine, agreement = view.store.engine, view.store.agreement
    unit = 10**engine.minor_digits
    frame = pd.DataFrame(
        [
            {
                "step": f"{name_of(agreement, 'stage', lift.stage)} to "
                f"{name_of(agreement, 'stage', lift.next_stage)}",
                "now": lift.now,
                "best": lift.best.rate if lift.best else None,
                "best_quarter": lift.best_quarter,
                "gain": lift.gain / unit,
                "note": _raised(lift),
            }
            for lift in what.lifts
        ]
    )
    top = frame.sort_values("gain", ascending=False).iloc[0] if len(frame) else None
    worth = top is not None and float(top["gain"]) > 0
    gaining = frame[frame["gain"] > 0] if len(frame) else frame
    first = max(what.lifts, key=lambda lift: lift.gain, default=None)
    return Exhibit(
        key="best_quarter",
        title=f"{top['step']} raised from {top['note']}, is worth most: "
        f"{fmt.money(top['gain'], engine.currency)} a year"
        if worth and top is not None
        else "No step has a better recent quarter to return to",
        reading="Each step raised to its best quarter of the last six, all else as it was: from "
        f"{fmt.number(what.leads_per_year)} leads a year, which now bring "
        f"{fmt.money(what.revenue / unit, engine.currency)}.",
        view=view,
        definition=BEST,
        data=gaining,
        reason="every step stands at its best quarter of the last six, or too few leads are old "
        "enough to tell",
        draw=lambda look: ranked_bars(
            gaining,
            look,
            Encoding(
                key="step",
                value="gain",
                unit="money",
                currency=engine.currency,
                note="note",
                hue=look.shared,
            ),
        ),
        units={"now": "rate", "best": "rate", "gain": "money"},
        aside=Aside(
            "What the leads that take this step have in common",
            "funnel",
            {"show": "separates", "separates": first.stage},
        )
        if worth and first is not None
        else None,
    )


def _raised(lift: Lift) -> str:
    """From which rate to which a step is raised, and when it had that rate."""
    if lift.best is None or lift.now is None:
        return ""
    said = f"{fmt.percent(lift.now, 0)} to {fmt.percent(lift.best.rate, 0)}"
    if lift.best_quarter is not None:
        said += f", as in {period_of(lift.best_quarter, 'quarter').label}"
    return f"{said}, limited by capacity" if lift.is_capped else said
