"""Campaigns of both teams: planned, running, ended; what was promised, what came of it."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

from sqlglot import exp

from smarketing.agreement import Agreement
from smarketing.agreement.matching import normalise
from smarketing.analysis.attribution import asked, attributions
from smarketing.analysis.funnel.result import FunnelStage
from smarketing.analysis.funnel.settings import FunnelSettings
from smarketing.analysis.funnel.stages import funnel
from smarketing.analysis.journeys.timeline import credit_model
from smarketing.analysis.rates import SMALL_N, wilson
from smarketing.engine import Engine
from smarketing.errors import UsageError
from smarketing.periods import Period, day_words, parse_window
from smarketing.workspace.records import Plan

PLANNED, RUNNING, ENDED, UNDATED = "planned", "running", "ended", "no dates"
_DAY = dt.timedelta(days=1)
#: Accents of Latin letters, and the letters that are no plain one with an accent.
_ACCENTS = re.compile("(?<=[a-z])[\u0300-\u036f]+")
_LATIN = str.maketrans(
    {"æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ħ": "h", "ı": "i"}
)


@dataclass(frozen=True)
class Entry:
    """One campaign of the calendar: planned together, known to a source, or both (then matched).

    `budget_amount` is in minor units of the store's currency where the source gives it, of the
    plan's own where only the plan does; `spent_amount` is all that it has cost so far. Of plans
    that one campaign is matched by, each is an entry.
    """

    key: str
    name: str
    channel: str
    persona: str
    starts_on: dt.date | None
    ends_on: dt.date | None
    state: str
    campaign_id: str | None
    budget_amount: int | None
    owner: str
    plan: Plan | None = None
    spent_amount: int | None = None


@dataclass(frozen=True)
class Broke:
    """The step at which a campaign fell furthest behind what all leads of the time did."""

    step: str
    reached: int
    went_on: int
    expected: float


@dataclass(frozen=True)
class Outcome:
    """What came of a campaign in its time; money in minor units, None: not available.

    The pipeline is what the agreed `model` credits it with; `reason` says why its leads are not
    known.
    """

    window: Period
    leads: int | None
    qualified: int | None
    pipeline_amount: int | None
    cost_amount: int | None
    broke: Broke | None
    model: str
    reason: str | None = None


def calendar(engine: Engine, plans: Sequence[Plan]) -> list[Entry]:
    """Answer which campaigns are planned, running and over, the earliest first, undated ones last.

    A plan is the campaign whose id it names, or whose name or alias is one of its own.
    """
    aliases = _aliases(engine)
    facts = engine.rows("attribution/campaign_facts")
    spent = _spent(engine)
    matched: dict[str | None, list[Plan]] = {}
    for plan in plans:
        matched.setdefault(_matched(plan, facts, aliases), []).append(plan)
    entries = [_of_plan(plan, engine.as_of_day) for plan in matched.pop(None, [])]
    for row in facts:
        name = str(row["campaign_id"])
        own = matched.get(name, [])
        source = _of_source(row, own[0] if own else None, engine.as_of_day, spent.get(name))
        # A second plan of the campaign needs a key of its own.
        again = (_of_source(row, plan, engine.as_of_day, spent.get(name)) for plan in own[1:])
        entries += [source, *(replace(e, key=f"plan:{e.plan.id}") for e in again if e.plan)]
    last = dt.date.max
    return sorted(entries, key=lambda e: (e.starts_on or last, e.ends_on or last, e.name))


def state_of(starts_on: dt.date | None, ends_on: dt.date | None, as_of: dt.date) -> str:
    """Return whether a campaign is planned, running or ended on a day; its last day is included."""
    if starts_on is None:
        return UNDATED
    if starts_on > as_of:
        return PLANNED
    return RUNNING if ends_on is None or ends_on >= as_of else ENDED


def outcome(engine: Engine, agreement: Agreement, entry: Entry) -> Outcome | None:
    """Answer what a campaign brought from its first day to the promised one, or up to now.

    Who signed up for an event before its first day is a lead of it: time begins with the first of
    them. None where it has not begun, or no source knows it yet.
    """
    if entry.campaign_id is None or entry.starts_on is None:
        return None
    promised = entry.plan.promised_by if entry.plan else None
    last = min(promised or engine.as_of_day, engine.as_of_day)
    if last < entry.starts_on:
        return None
    window = parse_window(_first_day(engine, entry), last + _DAY)
    whole = funnel(engine, FunnelSettings(window=window))
    cut = funnel(engine, FunnelSettings(window=window), by="campaign").groups
    own = next((group.stages for group in cut if group.key == entry.campaign_id), ())
    counts, committed = {s.stage: s.count for s in own}, agreement.service_levels.committed_stage
    settings, model = asked(agreement, window, measure="pipeline"), credit_model(agreement)
    (answer,) = attributions(
        engine, agreement, settings, model=model, by="campaign", intervals=False
    )
    row = next((r for r in answer.rows if r.key == entry.campaign_id), None)
    return Outcome(
        window,
        None if whole.reason else own[0].count if own else 0,
        None if whole.reason or committed in whole.untold else counts.get(committed, 0),
        None if answer.reason else round(row.credit) if row else 0,
        None if row is None else row.cost,
        broke_down(own, whole.stages),
        model,
        whole.reason or whole.untold.get(committed),
    )


def _first_day(engine: Engine, entry: Entry) -> dt.date:
    """Return the first day of a campaign that has begun, or that of its first lead."""
    assert entry.starts_on is not None
    first = exp.select(exp.alias_(exp.Min(this=exp.column("created_day")), "day"))
    own = exp.column("campaign_id").eq(exp.Literal.string(entry.campaign_id))
    day = engine.rows(first.from_("dim_lead").where(own))[0]["day"]
    return entry.starts_on if day is None else min(entry.starts_on, day)


def broke_down(own: Sequence[FunnelStage], whole: Sequence[FunnelStage]) -> Broke | None:
    """Return the step where most were lost against what leads of the same time did on the whole.

    By mature leads, at equal age; None where too few came that far, or where chance alone would
    lose as many: the rate of all leads lies within the interval of the campaign's own.
    """
    usual = {stage.stage: stage.step for stage in whole}
    found: list[tuple[float, Broke]] = []
    for before, stage in pairwise(own):
        expected_step = usual.get(stage.stage)
        if stage.step is None or expected_step is None or expected_step.mature.rate is None:
            continue
        mature = stage.step.mature
        if mature.n < SMALL_N:
            continue
        interval = wilson(mature.successes, mature.n)
        if interval is None or expected_step.mature.rate <= interval[1]:
            continue
        expected = mature.n * expected_step.mature.rate
        broke = Broke(f"{before.label} to {stage.label}", mature.n, mature.successes, expected)
        found.append((expected - mature.successes, broke))
    lost, worst = max(found, key=lambda pair: pair[0], default=(0.0, None))
    return worst if lost >= 1 else None


def utm_names(name: str, starts_on: dt.date) -> str:
    """Return the names a planned campaign is matched by: its name, and it as a UTM campaign."""
    apart = unicodedata.normalize("NFKD", name.casefold()).translate(_LATIN)
    letters = unicodedata.normalize("NFC", _ACCENTS.sub("", apart))
    # Letters, their marks and digits of any script: a link may carry them all.
    kept = "".join(c if unicodedata.category(c)[0] in "LMN" else " " for c in letters)
    plain = "-".join(kept.split())
    return f"{name}\n{plain}-{starts_on:%Y-%m}" if plain else name


def checked(plan: Plan, agreement: Agreement, others: Sequence[Plan] = ()) -> Plan:
    """Return a plan that holds beside the others there are; UsageError says what does not."""
    if not plan.name.strip():
        raise UsageError("A planned campaign needs a name.")
    if plan.ends_on < plan.starts_on:
        raise UsageError(
            f"'{plan.name}' ends on {day_words(plan.ends_on)}, before it begins; correct a day."
        )
    if not plan.marketing_owner.strip() or not plan.sales_owner.strip():
        raise UsageError(f"'{plan.name}' needs an owner of each team: marketing's and sales'.")
    if plan.promised_by is not None and plan.promised_by < plan.starts_on:
        raise UsageError(
            f"'{plan.name}' promises its results by {day_words(plan.promised_by)}, before it "
            f"begins on {day_words(plan.starts_on)}; correct a day."
        )
    for other in others:
        shared = _words(plan) & _words(other) if other.id != plan.id else set()
        if shared:
            raise UsageError(
                f"'{other.name}' is planned already and matched by '{min(shared)}'; change that "
                "plan, or give this one names of its own."
            )
    channels = [channel.id for channel in agreement.classification.channels]
    if plan.channel and plan.channel not in channels:
        raise UsageError(f"'{plan.channel}' is no channel of the agreement.")
    return plan


def promises(plan: Plan) -> bool:
    """Return whether a plan promises anything."""
    return any((plan.promised_leads, plan.promised_mqls, plan.promised_pipeline))


def _matched(
    plan: Plan, facts: Sequence[Mapping[str, Any]], aliases: Mapping[str, str]
) -> str | None:
    ids = {str(row["campaign_id"]) for row in facts}
    if plan.campaign_id in ids:
        return plan.campaign_id
    names = {normalise(row["name"]): str(row["campaign_id"]) for row in facts}
    # A platform writes its id without the source before it.
    own_ids = {normalise(name.partition(":")[2]): name for name in sorted(ids)}
    for word in sorted(_words(plan)):
        found = names.get(word) or aliases.get(word) or own_ids.get(word)
        if found in ids:
            return found
    return None


def _words(plan: Plan) -> set[str]:
    """Return the names and platform ids that a plan is matched by, as rules see them."""
    return {word for own in (plan.name, *plan.aliases.splitlines()) if (word := normalise(own))}


def _spent(engine: Engine) -> dict[str, int]:
    """Return what each campaign has cost so far; nothing within a scope, by which no cost goes."""
    if engine.limited_by or not engine.has("fct_cost"):
        return {}
    total = exp.alias_(exp.Sum(this=exp.column("cost_amount")), "spent")
    asked = exp.select("campaign_id", total).from_("fct_cost").group_by("campaign_id")
    rows = engine.rows(asked)
    return {str(r["campaign_id"]): int(r["spent"]) for r in rows if r["spent"] is not None}


def _aliases(engine: Engine) -> dict[str, str]:
    if not engine.has("campaign_alias"):
        return {}
    rows = engine.rows(exp.select("alias", "campaign_id").from_("campaign_alias"), {})
    return {normalise(row["alias"]): str(row["campaign_id"]) for row in rows}


def _of_source(
    row: Mapping[str, Any], plan: Plan | None, as_of: dt.date, spent: int | None
) -> Entry:
    starts, ends = row["starts_on"], row["ends_on"]
    if plan is not None:
        starts, ends = starts or plan.starts_on, ends or plan.ends_on
    budget = row["budget_amount"]
    if budget is None and plan is not None:
        budget = plan.budget
    return Entry(
        key=str(row["campaign_id"]),
        name=str(row["name"]),
        channel=str(row["channel"]),
        persona=(plan.persona if plan else "") or row["persona"] or "",
        starts_on=starts,
        ends_on=ends,
        state=state_of(starts, ends, as_of),
        campaign_id=str(row["campaign_id"]),
        budget_amount=None if budget is None else int(budget),
        owner=row["owner"] or "",
        plan=plan,
        spent_amount=spent,
    )


def _of_plan(plan: Plan, as_of: dt.date) -> Entry:
    return Entry(
        key=f"plan:{plan.id}",
        name=plan.name,
        channel=plan.channel,
        persona=plan.persona,
        starts_on=plan.starts_on,
        ends_on=plan.ends_on,
        state=state_of(plan.starts_on, plan.ends_on, as_of),
        campaign_id=None,
        budget_amount=plan.budget,
        owner=plan.marketing_owner,
        plan=plan,
    )
