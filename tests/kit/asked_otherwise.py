"""What analyses say at their edges: by touch, at an instant, of targets, of few or none."""

# Each question is asked at once, with the values of its turn.
# ruff: noqa: B023

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from itertools import product
from typing import Any

from reckoned_by_hand import tried
from small_agreements import agreement, other_agreement
from small_company import empty_company, other_company

from smarketing.agreement import Agreement, Target
from smarketing.analysis import availability, dimensions
from smarketing.analysis.attribution import asked, attribution, attributions
from smarketing.analysis.attribution.ledger_lines import ledger, returned, unattributed
from smarketing.analysis.funnel.reconcile import reconcile
from smarketing.analysis.funnel.records import funnel_records
from smarketing.analysis.funnel.settings import FunnelSettings
from smarketing.analysis.funnel.stages import funnel
from smarketing.analysis.handoff.obligations import handoff
from smarketing.analysis.health.report import checks, data_health
from smarketing.analysis.kpis.scoreboard import kpis
from smarketing.analysis.kpis.targets import share_due, standing, target_of
from smarketing.analysis.lead_quality.market import who_buys
from smarketing.analysis.planning.quotas import quotas
from smarketing.analysis.planning.usual import usual
from smarketing.analysis.review import agenda
from smarketing.analysis.review.state import state
from smarketing.engine import DuckDBEngine, Filters
from smarketing.periods import parse_period, parse_window

ALL = parse_window("2025-07-01", "2026-07-02")
BEFORE, AHEAD = parse_window("2019-01-01", "2020-01-01"), parse_window("2027-01-01", "2027-04-01")
Answer = Callable[[DuckDBEngine], Any]


def _targets(engine: DuckDBEngine) -> Iterator[str]:
    agreed = _aiming()
    month, quarter = parse_period("2026-06"), parse_period("2026-Q2")
    cuts: tuple[dict[str, Any], ...] = (
        {},
        {"segment": "smb"},
        {"segment": ("smb", "enterprise")},
        {"channel": "webinar"},
        {"segment": "smb", "channel": "webinar"},
    )
    for window, cut, by in product((month, quarter), cuts, (None, "segment", "channel")):
        found = target_of(agreed, "new_leads", window, Filters.of(**cut), by, "smb")
        yield f"{window.label} {cut} {by}: {found and (found.value, found.segment)}"
    for pace, day, seasonal in product(
        ("even", "working_days", "seasonal"),
        ("2026-05-30", "2026-05-31", "2026-06-01", "2026-06-07", "2026-06-29", "2026-06-30"),
        (None, 0.3),
    ):
        target = Target.model_validate(
            {"kpi": "new_leads", "period": "2026-06", "value": 9, "pace": pace}
        )
        share = share_due(agreed, target, month, dt.date.fromisoformat(day), seasonal)
        yield f"{pace} {day} {seasonal}: {share:.6f}"
        holidays = share_due(
            agreed, target, parse_period("2026-05-01"), dt.date(2026, 5, 1), seasonal
        )
        yield f"  of a holiday: {holidays}"
    for value, aim, share, direction, is_flow in product(
        (None, 0, 79.9, 80, 90, 100, 110.0, 110.1, -110),
        (100, 0),
        (0.0, 0.5, 1.0),
        ("up", "down", "none"),
        (True, False),
    ):
        target = Target.model_validate(
            {"kpi": "x", "period": "2026", "value": aim, "tolerance": 0.1}
        )
        found_ = standing(value, target, share=share, is_flow=is_flow, direction=direction)
        yield f"{value} of {aim} {share} {direction} {is_flow}: {found_.status} {found_.expected}"
    for window in ("2026-06", "2026-Q2", "2026-Q3", "2026"):
        for one in kpis(engine, agreed, None, parse_period(window)):
            if one.target is not None:
                yield f"{one.id} {window}: {one.as_dict()}"


def _aiming() -> Agreement:
    """Return the agreement with targets of every pace, of periods that run and are over."""
    content = agreement().model_dump(mode="python")
    content["targets"] = [
        {"kpi": kpi, "period": period, "value": value, "pace": pace} | more
        for kpi, value, pace in (
            ("new_leads", 60, "seasonal"),
            ("won_revenue", 2_000.0, "working_days"),
            ("win_rate_closed", 0.9, "even"),
            ("cost_per_lead", 30.0, "even"),
            ("new_mqls", 50, "even"),
        )
        for period, more in (
            ("2026-06", {}),
            ("2026-Q3", {}),
            ("2026", {}),
            ("2026-06", {"segment": "smb"}),
        )
    ]
    return Agreement.model_validate(content)


def _credited(engine: DuckDBEngine, window: Any, question: Any) -> Any:
    found = attribution(engine, agreement(), window=window, **question)
    return found if isinstance(found, list) else found.as_dict()


def _by_touch(engine: DuckDBEngine) -> Any:
    found: dict[str, Any] = {}
    for name, window, settings, more in (
        ("touch", ALL, {"returns_by": "touch"}, {}),
        ("touch campaign", ALL, {"returns_by": "touch"}, {"by": "campaign"}),
        ("null leads", ALL, {"null_leads": True}, {"model": "markov"}),
        ("kinds", ALL, {"kinds": ("webinar_attended", "form_submission")}, {}),
        ("second order", ALL, {"order": 2}, {"model": "markov"}),
        ("third order", ALL, {"order": 3}, {"model": "markov"}),
        ("direct", ALL, {}, {"model": "last_non_direct"}),
        ("decay", ALL, {}, {"model": "time_decay"}),
        ("narrowed", ALL, {}, {"filters": Filters.of(channel=("webinar", "email"))}),
        ("of a segment", ALL, {}, {"filters": Filters.of(segment="smb"), "model": "own"}),
        ("before", BEFORE, {}, {}),
        ("ahead", AHEAD, {"measure": "pipeline"}, {}),
        ("leads before", BEFORE, {"measure": "leads"}, {}),
        ("margins", parse_period("2026-Q2"), {}, {"model": "linear"}),
    ):
        question: Any = {"model": "linear", **settings, **more}
        found[name] = tried(lambda: _credited(engine, window, question))
    other = attributions(
        other_company(), other_agreement(), asked(other_agreement(), ALL), by="channel"
    )
    return found | {f"other {one.model}": one.as_dict() for one in other}


def _ledgers(engine: DuckDBEngine) -> Any:
    found: dict[str, Any] = {}
    by_touch = asked(agreement(), ALL, returns_by="touch")
    for model in (
        "first",
        "last",
        "time_decay",
        "last_non_direct",
        "own",
        "shapley",
        "markov",
        "all",
    ):
        kept = tried(lambda: ledger(engine, agreement(), asked(agreement(), ALL), model=model))
        found[model] = kept if isinstance(kept, str) else kept.drop(columns="agreement_hash")
    for model in ("linear", "markov"):
        kept = tried(lambda: ledger(engine, agreement(), by_touch, model=model, key="webinar"))
        found[f"{model} by touch"] = (
            kept if isinstance(kept, str) else kept.drop(columns="agreement_hash")
        )
        found[f"{model} back"] = tried(lambda: returned(engine, agreement(), by_touch, model=model))
    nobody = tried(lambda: ledger(engine, agreement(), asked(agreement(), BEFORE), model="linear"))
    found["nobody's"] = nobody if isinstance(nobody, str) else len(nobody)
    found["kinds"] = unattributed(engine, asked(agreement(), ALL, kinds=("webinar_attended",)))
    return found


def _in_part(engine: DuckDBEngine, settings: FunnelSettings, part: Any) -> Any:
    return funnel_records(engine, settings, "mql", part)


def _funnels(engine: DuckDBEngine) -> Any:
    found: dict[str, Any] = {}
    snapshots = [
        FunnelSettings("snapshot", at=at)
        for at in (
            dt.date(2026, 3, 10),
            dt.datetime(2026, 3, 10, 9),
            dt.datetime(2026, 3, 10, 9, tzinfo=dt.UTC),
            dt.date(2024, 1, 1),
        )
    ] + [FunnelSettings("snapshot", skips="strict"), FunnelSettings("snapshot", window=ALL)]
    for number, settings in enumerate(snapshots):
        found[f"snapshot {number}"] = tried(lambda: funnel(engine, settings).as_dict())
        found[f"words {number}"] = [settings.label, f"{settings.asked_about(engine)}"]
        for stage in ("sql", "(exited)", "gone"):
            rows = tried(lambda: funnel_records(engine, settings, stage))
            found[f"standing {number} {stage}"] = rows
    chosen = [
        FunnelSettings(*one, window=ALL)
        for one in (
            ("cohort", "strict", "first"),
            ("cohort", "observed", "last"),
            ("cohort", "imputed", "every"),
            ("entered", "strict", "every"),
        )
    ]
    for settings, part in product(chosen, ("converted", "mature", "mature_converted", "here", "x")):
        rows = tried(lambda: _in_part(engine, settings, part))
        found[f"{settings.label} {part}"] = (
            rows if isinstance(rows, str) else sorted(rows["lead_id"])
        )
    for settings, other in product((*chosen, snapshots[0]), (*chosen[:2], snapshots[1])):
        found[f"{settings.label} and {other.label}"] = tried(
            lambda: reconcile(engine, settings, other, "sql")
        )
    for name, settings in (
        ("before", FunnelSettings(window=BEFORE)),
        ("ahead", FunnelSettings(window=AHEAD)),
    ):
        found[name] = funnel(engine, settings).as_dict()
    found["nobody"] = funnel(empty_company(), FunnelSettings(window=ALL)).as_dict()
    return found


def _known(engine: DuckDBEngine) -> Iterator[str]:
    for of, store in (("ours", engine), ("nobody", empty_company())):
        for name in ("channel", "segment", "persona", "region", "owner", "campaign"):
            yield f"{of} {name}: {dimensions.dimension_values(store, name)[:40]}"
            yield f"  agreed {dimensions.agreed_values(agreement(), name)}"
        yield f"{of} owners: {sorted(dimensions.owners(store))}"
        yield f"{of} members: {agenda.members(store, agreement())}"
        yield f"{of} quotas: {quotas(store)}"
        yield f"{of} usual: {tried(lambda: usual(store, agreement()))}"
        for marts in (
            ("fct_cost",),
            ("fct_deal", "fct_journey"),
            ("fct_handoff",),
            ("fct_retention",),
            ("fct_feedback",),
            ("fct_quota",),
            ("dim_campaign",),
        ):
            given = availability.not_given(store, marts)
            yield f"{of} {marts}: {given} {dimensions.subjects(marts)}"
            day = {"fct_cost": "incurred_on", "fct_deal": "closed_day"}.get(marts[0])
            known = availability.recorded(store, marts[0], day)
            for window in (BEFORE, ALL, AHEAD):
                yield f"  {known.why_nothing(window)}"
            yield f"  {known}"
    for number in (0, 1, 2, 1234):
        yield f"{availability.all_untold(number)} | {availability.some_untold(number)}"
        yield f"{availability.lacking_all(number, 'EUR')} | {availability.without_date(number)}"
        yield f"{availability.lacking_some(number, 5, 'EUR')}"
        yield f"{availability.without_amount(number, 'X')}"
    people = [
        ("Ann", "marketing"),
        ("Bob", "sales"),
        ("Cid", "sales"),
        ("Dora", "marketing"),
        ("Eve", "sales"),
    ]
    for week, some in product(
        ("2026-06-22", "2026-06-28", "2026-12-28", "2027-01-04"), (people, people[1:3])
    ):
        yield f"{week}: {agenda.guests(some, dt.date.fromisoformat(week))}"
    for part in ("put_in", "came_out", "customers", "campaigns", "gone"):
        yield f"{part}: {agenda.kpis_of(agreement(), part)} {agenda.minutes_of(agreement(), part)}"


def _states(engine: DuckDBEngine) -> Any:
    found: dict[str, Any] = {}
    for name, store, agreed, window in (
        ("aiming", engine, _aiming(), parse_period("2026-Q2")),
        ("month", engine, _aiming(), parse_period("2026-06")),
        ("year", engine, _aiming(), parse_period("2026")),
        ("last month", engine, _aiming(), parse_period("2026-05")),
        ("before", engine, agreement(), BEFORE),
        ("nobody", empty_company(), agreement(), parse_period("2026-Q2")),
        ("other", other_company(), other_agreement(), parse_period("2026-Q1")),
    ):
        one = state(store, agreed, window)
        of = one.month
        found[name] = {
            "results": {
                r.id: f"{r.value} {r.status} {r.reason}" for r in (*one.results, *one.others)
            },
            "late": [r.id for r in one.late],
            "judged": [r.id for r in one.judged],
            "moved": f"{one.moved and (one.moved.result.id, one.moved.is_beyond)}",
            "overdue": f"{one.overdue}",
            "month": f"{of and (of.period.label, of.is_after, len(of.late))}",
            "running": one.is_running,
            "withheld": one.withheld,
        }
    return found


def _of_nobody(_: DuckDBEngine) -> Any:
    store, quarter = empty_company(), parse_period("2026-Q2")
    return {
        "kpis": {r.id: f"{r.value} {r.reason}" for r in kpis(store, agreement(), None, quarter)},
        "handoff": handoff(store, agreement(), ALL).as_dict(),
        "health": data_health(store, agreement()),
        "checks": checks(store, agreement()),
        "other checks": checks(other_company(), agreement()),
        "who buys": tried(lambda: who_buys(store, agreement(), ALL)),
        "credit": _credited(store, ALL, {"model": "linear"}),
    }


OTHERWISE: dict[str, Answer] = {
    "targets": _targets,
    "credit otherwise": _by_touch,
    "ledgers of models": _ledgers,
    "funnels otherwise": _funnels,
    "what is known": _known,
    "states": _states,
    "of nobody": _of_nobody,
}
