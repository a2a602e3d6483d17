"""Asks every analysis about the small company, and says the answers in lines that can be kept."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
import zlib
from collections.abc import Callable, Iterator, Mapping
from inspect import signature
from pathlib import Path
from typing import Any

import pandas as pd
from asked_otherwise import OTHERWISE
from figures import answer_lines, said
from more_answers import MORE
from reckoned_by_hand import BY_HAND
from reviewed import REVIEWED
from small_agreements import agreement
from small_company import small_company

from smarketing.analysis.attribution import asked, attributions
from smarketing.analysis.attribution.ledger_lines import unattributed
from smarketing.analysis.attribution.origin import origins
from smarketing.analysis.campaigns.returns import campaigns
from smarketing.analysis.funnel.paths import transitions
from smarketing.analysis.funnel.periods import cohort_heat, step_trend
from smarketing.analysis.funnel.records import funnel_records
from smarketing.analysis.funnel.settings import FunnelSettings
from smarketing.analysis.funnel.stages import funnel
from smarketing.analysis.funnel.time import deal_cycle, time_in_stage, time_to_convert
from smarketing.analysis.handoff.obligations import handoff, obligations
from smarketing.analysis.handoff.pace import pace
from smarketing.analysis.handoff.speed import conversion_by_response, speed_to_lead
from smarketing.analysis.handoff.value import lead_values
from smarketing.analysis.handoff.worklist import worklist
from smarketing.analysis.health.report import checks, data_health, joined, reached
from smarketing.analysis.journeys.find import search
from smarketing.analysis.journeys.paths import common_paths
from smarketing.analysis.journeys.timeline import journey
from smarketing.analysis.kpis.change import explain_change
from smarketing.analysis.kpis.history import history
from smarketing.analysis.kpis.scoreboard import kpis
from smarketing.analysis.lead_quality.association import associations
from smarketing.analysis.lead_quality.market import who_buys
from smarketing.analysis.lead_quality.scores import (
    calibration,
    lead_patterns,
    rule_values,
    scored,
    threshold_table,
)
from smarketing.analysis.planning.plan import plan
from smarketing.analysis.planning.whatif import best_quarters
from smarketing.engine import DuckDBEngine, Filters
from smarketing.periods import Period, parse_period, parse_window

ALL = parse_window("2025-07-01", "2026-07-02")
MODES = (
    ("cohort", "imputed", "first"), ("cohort", "observed", "last"), ("cohort", "strict", "first"),
    ("cohort", "imputed", "every"), ("entered", "imputed", "first"),
    ("entered", "observed", "every"),
)  # fmt: skip
KEPT = Path(__file__).parents[1] / "analysis" / "answers.txt"
LONGEST_NAME = 24
#: What some results must be told to be had as JSON.
_TOLD = {"minor_digits": 2, "timezone": "Europe/Berlin"}
WORDS = ("id", "label", "unit")
Answer = Callable[[DuckDBEngine], Any]


def _period() -> Period:
    return parse_period("2026-Q2")


def _settings(mode: str = "cohort", skips: str = "imputed", reentry: str = "first") -> Any:
    return FunnelSettings(mode, skips, reentry, window=ALL)  # type: ignore[arg-type]


def _kpis(window: str, by: str | None = None, **filters: Any) -> Answer:
    def answer(engine: DuckDBEngine) -> Any:
        chosen = Filters.of(**filters)
        found = kpis(engine, agreement(), None, parse_period(window), chosen, by)
        return {f"{r.id} {r.key}" if by else r.id: r.as_dict() for r in found}

    return answer


def _credit(by: str = "channel", **settings: Any) -> Answer:
    def answer(engine: DuckDBEngine) -> Any:
        question = asked(agreement(), ALL, **settings)
        return {a.model: a.as_dict() for a in attributions(engine, agreement(), question, by=by)}

    return answer


def _change(kpi: str, by: str) -> Answer:
    return lambda e: explain_change(e, agreement(), kpi, _period(), _period().previous(), by)


ANSWERS: dict[str, Answer] = {
    "kpis": _kpis("2026-Q2"),
    "kpis of the year before": _kpis("2025"),
    "kpis by segment": _kpis("2026-Q2", "segment"),
    "kpis of a channel": _kpis("2026-Q1", channel="webinar"),
    **{
        f"funnel {' '.join(mode)}": lambda e, mode=mode: funnel(e, _settings(*mode)).as_dict()  # type: ignore[misc]
        for mode in MODES
    },
    "funnel by segment": lambda e: funnel(e, _settings(), by="segment").as_dict(),
    "funnel at": lambda e: funnel(e, FunnelSettings("snapshot", at=dt.date(2026, 6, 8))).as_dict(),
    "funnel records": lambda e: funnel_records(e, _settings(), "mql"),
    "funnel left": lambda e: funnel_records(e, _settings(), "mql", "left"),
    "time in stage": lambda e: time_in_stage(e, _settings()),
    "latest time in stage": lambda e: time_in_stage(e, _settings(), basis="latest"),
    "time to convert": lambda e: time_to_convert(e, _settings(), "mql"),
    "cycle": lambda e: deal_cycle(e, _settings()),
    "transitions": lambda e: transitions(e, _settings()),
    "cohorts": lambda e: cohort_heat(e, _settings()),
    "trend": lambda e: step_trend(e, ALL),
    "revenue by channel": _credit(),
    "pipeline by campaign": _credit("campaign", measure="pipeline"),
    "leads by channel": _credit(measure="leads"),
    "revenue by account's people": _credit(people="account", side="both", lookback_days=400),
    "unattributed": lambda e: unattributed(e, asked(agreement(), ALL)),
    "origins": lambda e: origins(e, agreement(), ALL),
    "origins of pipeline": lambda e: origins(e, agreement(), ALL, measure="pipeline"),
    "campaigns": lambda e: campaigns(e, parse_period("2026-Q1")),
    "paths": lambda e: common_paths(e, asked(agreement(), ALL)),
    "journey of a deal": lambda e: journey(e, agreement(), "d12"),
    "journey of a lead": lambda e: journey(e, agreement(), "l8"),
    "search": lambda e: search(e, "company"),
    "handoff": lambda e: handoff(e, agreement(), ALL).as_dict(),
    "obligations by owner": lambda e: obligations(e, ALL, by="owner"),
    "pace": lambda e: pace(e, agreement(), dt.date(2026, 6, 30)),
    "speed by weekday": lambda e: speed_to_lead(e, ALL, by="weekday"),
    "response": lambda e: conversion_by_response(e, agreement(), ALL),
    "lead values": lead_values,
    "worklist": lambda e: worklist(e, agreement()),
    "plan": lambda e: plan(e, agreement(), 50_000.0, dt.date(2026, 12, 15)),
    "best quarters": lambda e: best_quarters(e, agreement()),
    "patterns": lambda e: _quality(e, lambda p: scored(p)),
    "thresholds": lambda e: _quality(e, lambda p: threshold_table(scored(p), (20, 50), p.months)),
    "calibration": lambda e: _quality(e, lambda p: calibration(scored(p))),
    "rules": lambda e: _quality(e, rule_values),
    "associations": lambda e: associations(e, ALL, "lead", min_leads=2),
    "who buys": lambda e: who_buys(e, agreement(), ALL),
    "history": lambda e: history(e, agreement(), ("won_revenue", "new_leads", "win_rate_closed"),
                                 _period()),
    "why revenue changed": _change("won_revenue", "segment"),
    "why a rate changed": _change("win_rate_closed", "channel"),
    "why cost per lead changed": _change("cost_per_lead", "channel"),
    "data health": lambda e: data_health(e, agreement()),
    "joins": lambda e: {"joins": [vars(join) for join in joined(e)]},
    "reach": lambda e: {"reach": [vars(way) for way in reached(e)]},
    "checks": lambda e: checks(e, agreement()),
    **MORE,
    **REVIEWED,
    **OTHERWISE,
    **BY_HAND,
}  # fmt: skip


def _quality(engine: DuckDBEngine, ask: Callable[[Any], Any]) -> Any:
    return ask(lead_patterns(engine, agreement(), ALL))


def lines_of(name: str) -> list[str]:
    """Return the lines of an analysis' answer about the small company."""
    found = ANSWERS[name](small_company())
    if isinstance(found, Iterator):
        return list(found)
    documents = json.dumps(list(_documents(found)), default=str)
    more = [] if documents == "[]" else [f"as JSON: {zlib.crc32(documents.encode()):08x}"]
    return [*_lines(found, ""), *more]


def _documents(value: Any) -> Iterator[Any]:
    """Each result that can be had as JSON, also within others, as that."""
    if hasattr(value, "as_dict"):
        told = {name: _TOLD[name] for name in signature(value.as_dict).parameters}
        yield value.as_dict(**told)
    elif isinstance(value, Mapping | list | tuple):
        for part in value.values() if isinstance(value, Mapping) else value:
            yield from _documents(part)


def _lines(value: Any, path: str) -> Iterator[str]:
    plain = _plain(value)
    if isinstance(plain, pd.DataFrame):
        yield path or "rows"
        yield from answer_lines(plain)
    elif isinstance(plain, Mapping):
        facts = {key: part for key, part in plain.items() if not _has_parts(part)}
        if facts:
            yield f"{path}: {', '.join(_facts(facts))}"
        for key in [key for key in plain if key not in facts]:
            yield from _lines(plain[key], f"{path} {key}".strip())
    elif isinstance(plain, list) and plain and all(isinstance(_plain(p), Mapping) for p in plain):
        yield f"{path}: {len(plain)}"
        yield from answer_lines(pd.DataFrame([_row(_plain(part)) for part in plain]))
    elif isinstance(plain, list):
        yield f"{path}: {[said(part) for part in plain]}"
    else:
        yield f"{path}: {said(plain)}"


def _plain(value: Any) -> Any:
    """A record as a mapping of its fields and what follows from them, a sequence as a list."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        names = [field.name for field in dataclasses.fields(value)]
        names += [name for name, part in vars(type(value)).items() if isinstance(part, property)]
        return {name: getattr(value, name) for name in names if not name.startswith("_")}
    return list(value) if isinstance(value, tuple) else value


def _has_parts(value: Any) -> bool:
    return isinstance(_plain(value), Mapping | list | pd.DataFrame)


def _row(record: Mapping[str, Any]) -> dict[str, str]:
    return {key: said(_plain(part)) if _has_parts(part) else _said(part)
            for key, part in record.items() if not callable(part)}  # fmt: skip


def _facts(facts: Mapping[str, Any]) -> Iterator[str]:
    given = {key: _said(part) for key, part in facts.items() if not callable(part)}
    yield from (f"{key} {text}" for key, text in given.items() if text and key not in WORDS)


def _said(value: Any) -> str:
    """A figure or a name as it is; of a sentence its beginning, and a checksum of all of it."""
    text = said(value)
    if not isinstance(value, str) or len(text) <= LONGEST_NAME:
        return text
    return f"{text[:LONGEST_NAME].strip()}… {zlib.crc32(text.encode()):08x}"
