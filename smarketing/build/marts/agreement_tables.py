"""The agreement as tables, so that marts can join it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import duckdb

from smarketing.agreement import Agreement
from smarketing.agreement.attribution import COST_CATEGORIES
from smarketing.agreement.checks import NAMED_STEPS
from smarketing.agreement.classification import UNKNOWN
from smarketing.build.core.given_rows import DAY, FLAG, INT, REAL, TEXT
from smarketing.build.marts.maps import save
from smarketing.currencies import minor_digits
from smarketing.small_letters import lowered

_CURRENCIES = """
select currency from deal union select currency from cost union select currency from campaign
union select currency from contract union select currency from quota
union select currency from fx_rate union select currency from deal_stage_event
"""


def write_agreement(connection: duckdb.DuckDBPyConnection, agreement: Agreement) -> None:
    """Write the agreement_… tables: teams, stages, exits, windows, currencies, kinds, settings."""
    _write_teams(connection, agreement)
    _write_stages(connection, agreement)
    _write_windows(connection, agreement)
    _write_attribution(connection, agreement)
    found = connection.execute(_CURRENCIES).fetchall()
    names = sorted({str(name).strip().upper() for (name,) in found if name} | {agreement.currency})
    digits = [(name, minor_digits(name)) for name in names]
    save(connection, "agreement_currency", [("currency", TEXT), ("digits", INT)], digits)
    settings = list(_settings(agreement))
    kinds = [("name", TEXT), ("value", TEXT), ("number", REAL)]
    save(connection, "agreement_setting", kinds, settings)


def _write_teams(connection: duckdb.DuckDBPyConnection, agreement: Agreement) -> None:
    columns = [("team", TEXT), ("team_number", INT), ("label", TEXT), ("side", TEXT)]
    teams = [
        (team.id, number, team.label, team.side)
        for number, team in enumerate(agreement.teams, start=1)
    ]
    save(connection, "agreement_team", columns, teams)
    rule = agreement.attribution.originator
    by_team = {entry.team: entry.originator for entry in reversed(rule.teams)}
    columns = [("team", TEXT), ("originator", TEXT)]
    save(connection, "agreement_team_originator", columns, by_team.items())
    by_channel = {entry.channel: entry.originator for entry in reversed(rule.channels)}
    columns = [("channel", TEXT), ("originator", TEXT)]
    save(connection, "agreement_channel_originator", columns, by_channel.items())


def _write_stages(connection: duckdb.DuckDBPyConnection, agreement: Agreement) -> None:
    """Write stages and exits in their order, with the parts they play."""
    levels = agreement.service_levels
    parts = (levels.accepted_stage, agreement.deal_opened, agreement.deal_won)
    stages = [
        (stage.id, number, stage.label, stage.owner, *(stage.id == part for part in parts))
        for number, stage in enumerate(agreement.stages, start=1)
    ]
    flags = [(name, FLAG) for name in ("is_accepted", "is_deal_opened", "is_deal_won")]
    columns = [("stage", TEXT), ("stage_number", INT), ("label", TEXT), ("owner_team", TEXT)]
    save(connection, "agreement_stage", columns + flags, stages)
    exits = [
        (way.id, number, way.label, way.id in levels.rejected_exits,
         way.id in levels.recycled_exits)
        for number, way in enumerate(agreement.exits, start=1)
    ]  # fmt: skip
    columns = [("stage", TEXT), ("exit_number", INT), ("label", TEXT), ("is_rejected", FLAG),
               ("is_recycled", FLAG)]  # fmt: skip
    save(connection, "agreement_exit", columns, exits)


def _write_windows(connection: duckdb.DuckDBPyConnection, agreement: Agreement) -> None:
    """Write every step: each stage to the next, and those the agreement or a KPI of it names."""
    agreed = {
        (window.stage, window.next_stage): window.window_days for window in agreement.step_windows
    }
    named = agreed.keys() | _steps_of_kpis(agreement)
    ids = [stage.id for stage in agreement.stages]
    rows = [
        (a, b, agreed.get((a, b)), (a, b) in named)
        for place, a in enumerate(ids)
        for b in ids[place + 1 :]
        if (a, b) in named or b == ids[place + 1]
    ]
    columns = [("stage", TEXT), ("next_stage", TEXT), ("window_days", INT), ("is_named", FLAG)]
    save(connection, "agreement_step_window", columns, rows)


def _steps_of_kpis(agreement: Agreement) -> set[tuple[str, str]]:
    """Return the named steps that KPIs are about.

    Without them a list of windows that leaves a step out would take the KPI with it.
    """
    return {
        (kpi.step.stage, kpi.step.next_stage)
        for kpi in agreement.kpis
        if kpi.step is not None and kpi.mart == NAMED_STEPS
    }


def _write_attribution(connection: duckdb.DuckDBPyConnection, agreement: Agreement) -> None:
    rules = agreement.attribution
    excluded = [(kind,) for kind in rules.excluded_kinds]
    save(connection, "agreement_excluded_kind", [("kind", TEXT)], excluded)
    priorities = [(entry.kind, entry.priority) for entry in rules.kind_priority]
    columns = [("kind", TEXT), ("priority", INT)]
    save(connection, "agreement_kind_priority", columns, priorities)
    stages = [(lowered(stage.strip()),) for stage in rules.qualifying_stages]
    save(connection, "agreement_qualifying_stage", [("stage", TEXT)], stages)
    models = [
        (model.id, role, weight)
        for model in rules.custom_models
        for role, weight in model.weights.model_dump().items()
    ]
    columns = [("model", TEXT), ("role", TEXT), ("weight", REAL)]
    save(connection, "agreement_custom_model", columns, models)
    _write_money(connection, agreement)


def _write_money(connection: duckdb.DuckDBPyConnection, agreement: Agreement) -> None:
    rules = agreement.attribution
    margins = sorted(rules.gross_margin, key=lambda entry: entry.starts_on)
    ends = [*(entry.starts_on for entry in margins[1:]), date.max]
    spans = [(m.starts_on, end, m.margin) for m, end in zip(margins, ends, strict=bool(margins))]
    columns = [("starts_on", DAY), ("ends_on", DAY), ("margin", REAL)]
    save(connection, "agreement_gross_margin", columns, spans)
    teams = [(team.id,) for team in agreement.cac_teams]
    save(connection, "agreement_cac_team", [("team", TEXT)], teams)
    counted = [(name, name in rules.cac.categories) for name in COST_CATEGORIES]
    columns = [("category", TEXT), ("is_counted", FLAG)]
    save(connection, "agreement_cac_category", columns, counted)


def _settings(agreement: Agreement) -> Iterator[tuple[str, str, float | None]]:
    rules, levels = agreement.attribution, agreement.service_levels
    given: dict[str, str | int | float] = {
        "agreement_hash": agreement.hash,
        "people": rules.people,
        "side": rules.side,
        "lookback_days": rules.lookback_days,
        "max_lookback_days": rules.max_lookback_days,
        "half_life_days": rules.half_life_days,
        "default_model": rules.default_model,
        "originator_test": rules.originator.test,
        "win_rate": rules.win_rate,
        "lag_by_cycle": int(rules.cac.lag_by_cycle),
        "cost_without_team": agreement.cost_without_team or UNKNOWN,
        "first_stage": agreement.stages[0].id,
        "deal_opened": agreement.deal_opened,
        "deal_won": agreement.deal_won,
        "deal_lost": agreement.deal_lost,
        "direct_channel": rules.direct_channel or "",
        "from_stage": levels.from_stage,
        "accepted_stage": levels.accepted_stage,
        "response_business_hours": levels.response.within_business_hours,
        "attempts_at_least": levels.attempts.at_least,
        "attempts_business_days": levels.attempts.within_business_days,
        "decision_business_days": levels.decision.within_business_days,
        "freshness_limit_days": agreement.freshness_limit_days,
    }
    for name, value in given.items():
        yield name, str(value), None if isinstance(value, str) else float(value)
