"""What a page opens with: its finding in one or two sentences, made from the figures below it.

Rates and shares keep the rules of small numbers; a sentence about nothing says that there is
nothing. The words are plain ones: the trade's own stand behind the ⓘ of the figures.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise

import pandas as pd

from smarketing.analysis.attribution import Attribution, CreditRow
from smarketing.analysis.funnel.result import FunnelResult, FunnelStage
from smarketing.analysis.handoff.obligations import HandoffResult, Obligation
from smarketing.analysis.handoff.pace import Pace
from smarketing.analysis.handoff.untold import OBLIGATIONS
from smarketing.analysis.handoff.worklist import Worklist
from smarketing.analysis.journeys.paths import CommonPaths
from smarketing.analysis.journeys.timeline import Deal, Journey, Lead
from smarketing.analysis.lead_quality.market import Market
from smarketing.analysis.lead_quality.scores import Threshold
from smarketing.analysis.planning.plan import Plan
from smarketing.analysis.rates import SMALL_N
from smarketing.charts import format as fmt
from smarketing.charts import words

__all__ = [
    "named_campaigns", "narrowest_step", "of_attribution", "of_campaign", "of_campaigns",
    "of_funnel", "of_gap", "of_handoff", "of_joined", "of_journey", "of_journeys",
    "of_lead_quality", "of_marketing_promise", "of_plan", "of_sales_promises", "of_standing",
    "of_worklist", "won_for",
]  # fmt: skip
SIDES = ("marketing", "sales")


def of_funnel(result: FunnelResult) -> str:
    """How many leads came how far, and where most of them are lost."""
    first, last = result.stages[0], result.stages[-1]
    if result.settings.mode == "snapshot":
        standing = sum(stage.count for stage in result.stages)
        fullest = max(result.stages, key=lambda stage: stage.count)
        stand = fmt.many(standing, "lead stands", "leads stand")
        return (
            f"{stand} in the funnel on {fmt.day(result.standing_day)}, "
            f"{fmt.number(fullest.count)} of them at {fullest.label}."
        )
    if result.settings.mode == "entered":
        return (
            f"In the period {fmt.number(first.count)} entries into {first.label} and "
            f"{fmt.number(last.count)} into {last.label} were counted."
        )
    if not first.count:
        return "No lead started in the period."
    last = result.last_told
    said = (
        f"Of {fmt.many(first.count, 'lead')} that started in the period, "
        f"{fmt.number(last.count)} reached {last.label} so far."
    )
    if last is not result.stages[-1]:
        said += f" Of later stages nothing is known: {result.untold[result.stages[-1].stage]}."
    lost = max(result.stages[:-1], key=_left, default=None)
    if result.exits_reason:
        return f"{said} Who left is not known: {result.exits_reason}."
    if lost is None or not _left(lost):
        return f"{said} Nobody has left."
    return f"{said} Most are lost at {lost.label}: {fmt.number(_left(lost))} left there."


def of_joined(result: FunnelResult) -> str:
    """How many deals stand beside the leads, since no lead carries them."""
    joined = result.joined
    if result.settings.mode == "snapshot":
        opened = f"{fmt.many(joined.created, 'open deal')} and {fmt.number(joined.won)} won"
        return f"Joined at opportunity, without a lead: {opened}."
    deals = fmt.many(joined.created, "deal")
    return f"Joined at opportunity, without a lead: {deals}, {fmt.number(joined.won)} won."


def _left(stage: FunnelStage) -> int:
    return stage.leak.left_count if stage.leak is not None else 0


def of_worklist(waiting: Worklist) -> str:
    """Who is overdue now, and with whom most of it waits."""
    if waiting.reason:
        return f"Whether a lead is overdue is not known: {waiting.reason}."
    late = [item for item in waiting.items if item.status == "overdue"]
    soon = len(waiting.items) - len(late)
    beside = f" Beyond that, {waiting.note}." if waiting.note else ""
    if not late:
        return f"No lead is overdue; {_due_soon(soon, 'lead')}.{beside}"
    owners = pd.Series([item.owner or "(nobody)" for item in late]).value_counts()
    held = "all" if len(owners) == 1 else fmt.number(int(owners.iloc[0]))
    return (
        f"{fmt.many(len(late), 'lead is', 'leads are')} overdue, {held} with {owners.index[0]}; "
        f"{_due_soon(soon, 'more')}.{beside}"
    )


def _due_soon(count: int, what: str) -> str:
    """How many are next: "no more fall due soon", "1 lead falls due soon"."""
    number = fmt.number(count) if count else "no"
    noun = f"{what}s" if what == "lead" and count != 1 else what
    return f"{number} {noun} {'falls' if count == 1 else 'fall'} due soon"


def of_marketing_promise(pace: Pace, *, filtered: bool) -> str:
    """What marketing promised, what of it is due by now, and what it delivered."""
    period = pace.period.label.replace("..", " to ")
    if pace.count_commitment is None:
        whom = "for a part of the leads" if filtered else "for this period"
        return f"Marketing has promised no number of leads {whom}."
    if pace.reason:
        return f"What marketing delivered in {period} is not known: {pace.reason}."
    line = next((p.count_line for p in reversed(pace.points) if p.count is not None), None)
    running = line is not None and line < pace.count_commitment
    due = f", {fmt.number(line)} by now," if running else ""
    leads = f"{fmt.number(pace.count_commitment)} leads"
    verdict = f", {pace.count_verdict} what was promised" if pace.count_verdict else ""
    return (
        f"Marketing promised to hand over {leads}{due} in {period} and handed over "
        f"{fmt.number(pace.count)}{verdict}."
    )


def of_sales_promises(obligations: Sequence[Obligation], reason: str | None = None) -> str:
    """How many promises of follow-up that fell due sales kept; or why that is not known."""
    if reason:
        return f"Whether sales kept its promises of follow-up is not known: {reason}."
    kept = sum(part.met for part in obligations)
    owed = kept + sum(part.missed for part in obligations)
    untold = dict.fromkeys(part.unknown for part in obligations if part.unknown)
    beside = "".join(f" Of the others nothing is known: {why}." for why in untold)
    if not owed:
        return f"No {'decision' if beside else 'follow-up'} fell due in this period.{beside}"
    return f"Sales kept {fmt.number(kept)} of {fmt.number(owed)} promises of follow-up.{beside}"


def narrowest_step(result: FunnelResult) -> str | None:
    """The step that the fewest take, of those that can be judged; None where none can be."""
    told = [stage for stage in result.stages if stage.stage not in result.untold]
    steps = [(a, b, b.step.mature) for a, b in pairwise(told) if b.step is not None]
    judged = [step for step in steps if step[2].rate is not None and not step[2].is_small]
    if not judged:
        return None
    before, after, rate = min(judged, key=lambda step: step[2].rate or 0.0)
    kept = ["old enough to judge"] if any(not found.n for *_, found in steps) else []
    if any(found.n and found.is_small for *_, found in steps):
        kept.append(f"with {SMALL_N} leads or more")
    among = f" of those {', '.join(kept)}" if kept else ""
    return f"The narrowest step{among} is {before.label} to {after.label}: {words.rate(rate)} go on"


def of_handoff(result: HandoffResult, waiting: Worklist, *, filtered: bool) -> str:
    """Who has to act today, and whether both teams kept what they promised."""
    said = [of_worklist(waiting), of_marketing_promise(result.pace, filtered=filtered)]
    if not waiting.reason:
        said.append(of_sales_promises(result.obligations, result.reason))
    return " ".join(said)


def of_attribution(answer: Attribution, noun: str, names: Mapping[str, str]) -> str:
    """What earned the most, and how much no recorded touch can be credited for."""
    unit = "number" if answer.settings.measure == "leads" else "money"
    named = [row for row in answer.rows if not row.key.startswith("(") and row.credit > 0]
    whole = fmt.by_unit(answer.whole / answer.divisor, unit, answer.currency)
    if not named:
        return f"Nothing recorded can be credited with the {noun} of {whole}."
    best = max(named, key=lambda row: row.credit)
    earned = fmt.by_unit(best.credit / answer.divisor, unit, answer.currency)
    share = "" if best.share is None else f" ({fmt.percent(best.share, 0)})"
    said = f"{names.get(best.key, best.label)} earned most: {earned} of {whole} {noun}{share}."
    if answer.unattributed <= 0:
        return said
    left = fmt.by_unit(answer.unattributed / answer.divisor, unit, answer.currency)
    return f"{said} {left} came without any recorded touch that counts."


def named_campaigns(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of a campaign table that are campaigns, without what names none."""
    return frame[~frame["campaign_id"].astype(str).str.startswith("(")] if len(frame) else frame


def of_campaigns(frame: pd.DataFrame, unit: str, currency: str, *, untold: bool = False) -> str:
    """Which campaign earned most, and how many cost money and earned nothing so far.

    `frame` is a campaign table: cost and credit in major units. `untold`: what they did is
    not known.
    """
    named = named_campaigns(frame)
    if named.empty and untold:
        return "What campaigns did in this period is not known."
    if named.empty:
        return "No campaign cost, brought or earned anything in this period."
    cost, credit = pd.to_numeric(named["cost"]), pd.to_numeric(named["credit"])
    said = f"{fmt.many(len(named), 'campaign')} cost, brought or earned something."
    if credit.isna().all():
        return f"{said} What they earned is not known."
    best = named.loc[credit == credit.max()].iloc[0]
    if credit.max() > 0:
        spent = "" if fmt.is_missing(best["cost"]) else f" for {fmt.money(best['cost'], currency)}"
        earned = fmt.by_unit(float(best["credit"]), unit, currency)
        said += f" {best['campaign']} earned most: {earned}{spent}."
    idle = (cost > 0) & (credit <= 0)
    if idle.any():
        amount = fmt.money(float(cost[idle].sum()), currency)
        said += f" {fmt.number(int(idle.sum()))} cost {amount} and earned nothing so far."
    return said


def of_campaign(row: CreditRow | None, reached: FunnelResult, answer: Attribution) -> str:
    """What one campaign cost, whom it brought in the period, and what it earned."""
    first, last = reached.stages[0], reached.stages[-1]
    said = "It brought no lead in the period."
    if first.count:
        came = f"{fmt.number(last.count)} of them" if last.count else "none of them"
        said = f"It brought {fmt.many(first.count, 'lead')} in the period; {came} reached "
        said += f"{last.label} so far."
    if row is None or not (row.credit or row.cost):
        return f"{said} It has no part in what was won."
    earned = fmt.money(row.credit / answer.divisor, answer.currency)
    cost = ""
    if row.cost is not None:
        cost = f", and cost {fmt.money(row.cost / answer.money_divisor, answer.currency)}"
    return f"It earned {earned} of {fmt.many(row.deals, 'deal')}{cost}. {said}"


def of_journeys(paths: CommonPaths, names: Mapping[str, str]) -> str:
    """How deals begin and end most often; `paths` of the shape `ends`."""
    known = [path for path in paths.paths if path.path]
    if not known:
        return "No deal of this period has a recorded touch that counts."
    most, deals = known[0], fmt.number(paths.units)
    first, last = (names.get(key, key) for key in (most.path[0], most.path[-1]))
    count = fmt.number(most.units)
    if first == last:
        said = f"Of {deals} deals, {count} began and ended with {first}"
    else:
        said = f"Of {deals} deals, {count} began with {first} and ended with {last}"
    if paths.units == 1:
        said = f"The one deal began with {first} and ended with {last}"
    elif most.units == 1:
        said = f"Each of {deals} deals began and ended in a way of its own"
    average = sum(p.touches * p.units for p in known) / sum(p.units for p in known)
    return f"{said}. A deal took {fmt.number(average, 1)} touches on average."


def of_journey(found: Journey) -> str:
    """How long a record's story is, who met its people how often, and what came of it."""
    if not found.events:
        return "Nothing is recorded about it."
    first, last = found.events[0].day, found.events[-1].day
    met = {side: sum(e.type == "touch" and e.side == side for e in found.events) for side in SIDES}
    people = fmt.many(len(found.people), "person", "people") if found.people else "nobody by name"
    said = (
        f"{fmt.days_between(first, last)}: {people}, {fmt.number(met['marketing'])} marketing "
        f"and {fmt.many(met['sales'], 'sales touch', 'sales touches')}."
    )
    won = [deal for deal in found.deals if deal.outcome == "won"]
    if won:
        what = "Won" if found.unit_kind == "deal" else f"{fmt.number(len(won))} won"
        return f"{said} {what}{won_for(won, found)}."
    if any(deal.outcome == "open" for deal in found.deals):
        return f"{said} Still open."
    return f"{said} {'Lost' if found.deals else 'No deal came of it yet'}."


def won_for(won: Sequence[Deal], found: Journey) -> str:
    """What the won deals of a record are worth, as the rest of a sentence, and what is not known.

    A deal without an amount in our currency, for want of a rate say, is worth no 0.
    """
    known = [deal.amount for deal in won if deal.amount is not None]
    if not known:
        return f", for an amount that is not known in {found.currency}"
    amount = fmt.money(sum(known) / 10**found.minor_digits, found.currency)
    lacking = len(won) - len(known)
    untold = f", without {fmt.number(lacking)} of unknown amount" if lacking else ""
    return f" for {amount}{untold}"


def of_standing(stage: str | None, lead: Lead, owed: Worklist) -> str:
    """Where a lead stands and with whom, and what is owed to it now; `stage` by its label.

    Nothing is said of what is owed where nobody knows.
    """
    whose = f"with {lead.owner}" if lead.owner else "with nobody"
    since = f" since {fmt.day(lead.since_day)}" if lead.since_day else ""
    said = f"{stage}{since}, {whose}." if stage else f"At no stage yet, {whose}."
    for item in owed.items:
        due = fmt.moment(item.due_at, owed.timezone)
        verb = "was due" if item.status == "overdue" else "is due"
        who = "" if item.owner == lead.owner or not item.owner else f" by {item.owner}"
        state = "Overdue" if item.status == "overdue" else "Due soon"
        said += f" {state}: {OBLIGATIONS[item.obligation].lower()}{who} {verb} {due}."
    if not owed.items and not owed.reason:
        said += " Nothing is overdue or due soon."
    return said


def of_lead_quality(market: Market, found: Threshold | None, goal: str) -> str:
    """Who buys against who was agreed, and whether leads called good turn out well.

    `goal` says what a good lead does: "reach Opportunity".
    """
    said = "Nothing was won in this period."
    if market.gap is not None:
        said = f"{of_gap(market.gap)}."
    elif market.won_amount:
        said = "Whether those who bought were of the agreed target is not known."
    elif market.customers:
        said = "What those who bought are worth is not known."
    if found is None or not found.precision.n:
        return f"{said} No lead of the period was worked and is old enough to judge."
    share = words.rate_of_noun(found.precision, "worked leads")
    return f"{said} From the agreed {found.threshold} points on, {share} {goal}."


def of_gap(gap: float) -> str:
    """Which share of what was won came from outside the agreed target; `gap` from 0 to 1."""
    if not gap:
        return "All that was won came from the agreed target"
    return f"{fmt.percent(gap, 0)} of what was won came from outside the agreed target"


def of_plan(plan: Plan, currency: str, whose: str = "") -> str:
    """How many new leads a revenue target needs, or why that is not so or not known.

    `whose` says where the target comes from.
    """
    leads = plan.leads
    target = fmt.money(plan.target / 10**plan.minor_digits, currency)
    if not plan.cohort.leads:
        return "No plan yet: no lead is old enough to learn from."
    if plan.gap == 0:
        return f"{target} before {fmt.day(plan.until)} is covered by what is won and expected."
    if leads.needed is None:
        return "History cannot say: no mature lead has won anything that would arrive in time."
    low = fmt.number(round(leads.low)) if leads.low is not None else "?"
    high = fmt.number(round(leads.high)) if leads.high is not None else "more than can be said"
    needed = f"{fmt.number(round(leads.needed))} new leads ({low} to {high}) are needed"
    return f"{needed} for {target} before {fmt.day(plan.until)}{whose}."
