"""The ledger: which touch of which deal earned what. Every total is a sum over it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
from sqlglot import exp

from smarketing.agreement import Agreement
from smarketing.agreement.attribution import RoleWeights
from smarketing.analysis.attribution.attribute import (
    check_dimension,
    checked_kinds,
    key_labels,
    split_filters,
)
from smarketing.analysis.attribution.fitted import Fitted, fit
from smarketing.analysis.attribution.question import Columns, Question, question
from smarketing.analysis.attribution.role_weights import Column, role_names, role_weights
from smarketing.analysis.attribution.settings import (
    BY_TOUCH,
    AttributionSettings,
    custom_weights,
    models_asked,
)
from smarketing.analysis.attribution.store_paths import UnitJourneys, unit_journeys
from smarketing.attribution_models import MODELS, UNATTRIBUTED, key_models
from smarketing.engine import NO_FILTERS, Engine, Filters
from smarketing.errors import UsageError

_CARRIED = (
    "unit_id", "name", "account", "people_rule", "day", "amount", "touch_id", "occurred_at",
    "occurred_has_time", "person_id", "person", "channel", "raw_channel", "campaign_id",
    "campaign", "kind", "side", "content", "position", "touches",
)  # fmt: skip


def ledger(
    engine: Engine,
    agreement: Agreement,
    settings: AttributionSettings,
    *,
    model: str,
    by: str = "channel",
    filters: Filters = NO_FILTERS,
    key: str | None = None,
) -> pd.DataFrame:
    """Return the rows under a total: one per deal (or lead) and touch, or key for models by key.

    Columns: `key`, `unit_id`, `name`, `account`, `people_rule`, `day`, `amount`, the touch (id,
    `occurred_at`, person, channel, campaign, kind, side, content), `position` of `touches`,
    `weight` (within the deal), `credit` (minor units; sums to the total), `roles`, `reason` (of
    what is unattributed), `model`, `lookback_days`, `agreement_hash`. `key` narrows to one row of
    the answer. UsageError as `attributions`.
    """
    if len(models_asked(agreement, model)) != 1:
        raise UsageError("The ledger is of one model; name it instead of 'all'.")
    check_dimension(engine, by)
    checked_kinds(engine, settings)
    if model in key_models():
        frame = _ledger_by_key(Question(engine, settings, by, filters), model)
    else:
        weights = custom_weights(agreement, model)
        frame = _ledger_by_touch(Question(engine, settings, by, filters), model, weights)
    if key is not None:
        frame = frame[frame["key"] == key].reset_index(drop=True)
    labels = key_labels(engine, by)
    frame.insert(1, "label", [labels.get(name, name) for name in frame["key"]])
    frame["model"] = model
    frame["lookback_days"] = settings.lookback_days
    frame["agreement_hash"] = agreement.hash
    return frame


def ledger_sql(
    engine: Engine,
    agreement: Agreement,
    settings: AttributionSettings,
    *,
    model: str,
    by: str = "channel",
    filters: Filters = NO_FILTERS,
) -> str:
    """Return the SQL behind an answer: the ledger's rows, or the paths a model by key learns from.

    UsageError as `attributions`.
    """
    if model in key_models():
        of_deals = Question(engine, settings, by, split_filters(filters, by, model)[0])
        return of_deals.sql("attribution/paths", with_lost=True)
    columns = Columns.of(model, custom_weights(agreement, model))
    return Question(engine, settings, by, filters).sql("attribution/ledger", columns)


def returned(
    engine: Engine,
    agreement: Agreement,
    settings: AttributionSettings,
    *,
    model: str,
    by: str = "channel",
    filters: Filters = NO_FILTERS,
    key: str | None = None,
) -> pd.DataFrame:
    """Return the ledger rows that stand against the cost of the window; credits sum to `returned`.

    By the day of the close they are those of the ledger that have a touch; by the day of the touch
    those of the window's touches, whenever their deals closed. Empty for a model by key asked by
    the day of the touch, since it credits no touches. UsageError as `ledger`.
    """
    by_touch = settings.returns_by == BY_TOUCH
    if by_touch:
        window = replace(settings.window, end=date.max)
        asked_for = replace(settings, window=window)
    else:
        asked_for = settings
    frame = ledger(engine, agreement, asked_for, model=model, by=by, filters=filters, key=key)
    frame = frame[frame["key"] != UNATTRIBUTED]
    if by_touch:
        if "occurred_at" not in frame:
            return frame.iloc[:0]
        start, end = settings.window.instants(engine.timezone)
        frame = frame[(frame["occurred_at"] >= start) & (frame["occurred_at"] < end)]
    return frame.reset_index(drop=True)


def unattributed(
    engine: Engine, settings: AttributionSettings, filters: Filters = NO_FILTERS
) -> pd.DataFrame:
    """Return the deals (or leads) without a touch that counts: id, name, amount, `reason`."""
    tree, values = _why(engine, settings)
    return engine.run(tree, values, filters)


def unattributed_sql(
    engine: Engine, settings: AttributionSettings, filters: Filters = NO_FILTERS
) -> str:
    """Return the SQL of `unattributed`."""
    tree, values = _why(engine, settings)
    return engine.sql(tree, values, filters)


def _why(engine: Engine, settings: AttributionSettings) -> tuple[exp.Query, dict[str, Any]]:
    tree, values = question(engine, "attribution/ledger_reasons", settings)
    return tree, values | {"people": settings.people, "side": settings.side}


def _ledger_by_touch(asked: Question, model: str, custom: RoleWeights | None) -> pd.DataFrame:
    columns = Columns.of(model, custom)
    rows = asked.run("attribution/ledger", columns)
    attributed = rows["is_attributed"].to_numpy(dtype=np.int64, na_value=0) == 1
    frame = rows[["key", *_CARRIED]].copy()
    frame["key"] = frame["key"].astype(object).where(attributed, UNATTRIBUTED)
    frame["weight"] = np.where(attributed, _weights(rows, asked.settings, model, custom), 1.0)
    frame["credit"] = rows[f"{columns.names[model]}_credit"].to_numpy(dtype=np.int64, na_value=0)
    frame["roles"] = role_names(rows, asked.settings.measure)
    frame["reason"] = _reasons(asked, rows["unit_id"], attributed)
    return frame


def _weights(
    rows: pd.DataFrame, settings: AttributionSettings, model: str, custom: RoleWeights | None
) -> Column:
    if model == "time_decay":
        return _column(rows, "decay_share", 0.0)
    place = _column(rows, "position", 1.0)
    if model == "linear":
        return 1.0 / np.maximum(_column(rows, "touches", 1.0), 1.0)
    if model == "last_non_direct":
        chosen = _column(rows, "not_direct_position", -1.0)
        return np.where(place == chosen, 1.0, 0.0)
    if custom is not None:
        given = custom.model_dump()
        roles = {role: float(given[role]) for role in given if role != "middle" and given[role]}
        return role_weights(rows, roles, float(custom.middle), settings.measure)
    rule = MODELS[model]
    if rule.roles is None:
        raise UsageError(f"The ledger has no weights of the model '{model}'; see _weights here.")
    return role_weights(rows, dict(rule.roles), rule.middle, settings.measure)


def _column(rows: pd.DataFrame, name: str, missing: float) -> Column:
    column: Column = rows[name].to_numpy(dtype=np.float64, na_value=missing)
    return column


def _reasons(
    asked: Question, units: pd.Series, attributed: np.ndarray[Any, Any]
) -> list[str | None]:
    if attributed.all():
        return [None] * len(units)
    why = unattributed(asked.engine, asked.settings, asked.filters)
    reason = dict(zip(why["unit_id"], why["reason"], strict=True))
    return [
        None if is_attributed else reason.get(unit)
        for unit, is_attributed in zip(units, attributed, strict=True)
    ]


def _ledger_by_key(asked: Question, model: str) -> pd.DataFrame:
    deal_filters, kept = split_filters(asked.filters, asked.by, model)
    units = unit_journeys(asked.narrowed(deal_filters))
    fitted = fit(units, model, asked.settings)
    frame = _of_units(units, fitted) if fitted.unit is not None else _of_keys(fitted)
    missing = units.is_shared & ~units.touched
    rest = pd.DataFrame(
        {
            "key": UNATTRIBUTED,
            "unit_id": [units.unit_ids[place] for place in np.flatnonzero(missing)],
            "amount": units.amount[missing],
            "weight": 1.0,
            "credit": units.amount[missing],
        }
    )
    if fitted.unit is None and fitted.note:
        rest = pd.DataFrame([{"key": UNATTRIBUTED, "credit": fitted.totals.unattributed}])
    if len(rest):
        frame = pd.concat([frame, rest], ignore_index=True)
    if kept is not None:
        frame = frame[frame["key"].isin(kept)].reset_index(drop=True)
    return frame


def _of_units(units: UnitJourneys, fitted: Fitted) -> pd.DataFrame:
    assert fitted.unit is not None and fitted.key is not None and fitted.credit is not None
    shared = units.is_shared[fitted.unit]
    unit, key, credit = fitted.unit[shared], fitted.key[shared], fitted.credit[shared]
    amount = units.amount[unit]
    keys = np.array(units.journeys.keys, dtype=object)
    return pd.DataFrame(
        {
            "key": keys[key] if len(key) else [],
            "unit_id": [units.unit_ids[place] for place in unit],
            "amount": amount,
            "weight": np.divide(credit, amount, out=np.zeros(len(credit)), where=amount != 0),
            "credit": credit,
        }
    )


def _of_keys(fitted: Fitted) -> pd.DataFrame:
    credit = np.array(fitted.totals.credit, dtype=np.int64)
    whole = int(credit.sum())
    weight = credit / whole if whole else np.zeros(len(credit))
    frame = pd.DataFrame({"key": list(fitted.totals.keys), "weight": weight, "credit": credit})
    if fitted.effects is not None:
        frame["removal_effect"] = fitted.effects
    return frame
