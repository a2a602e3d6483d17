"""The records under the figures of the handoff, cut exactly as the figures are."""

from __future__ import annotations

import pandas as pd

from smarketing.agreement import Agreement
from smarketing.analysis.handoff.speed import band_label, response_params
from smarketing.analysis.handoff.value import lead_values
from smarketing.engine import NO_FILTERS, Engine, Filters
from smarketing.periods import Window


def commitment_records(
    engine: Engine, agreement: Agreement, window: Window, filters: Filters = NO_FILTERS
) -> pd.DataFrame:
    """Answer which leads count towards marketing's commitment, each with its lead value.

    A row per lead entering the committed stage by the data's as-of; `value_amount` is in minor
    units, not rounded, so that it adds up to the pace.
    """
    stage = agreement.service_levels.committed_stage
    params = {"stage": stage, "from": window.start, "to": window.end}
    rows = engine.run("handoff/commitment_records", params, filters)
    rows = rows[rows["entered_day"] <= engine.as_of_day].drop(columns=["key", "entered_day"])
    values = lead_values(engine)
    worth = [
        values.of(str(kind), str(segment))
        for kind, segment in zip(rows["lead_type"], rows["segment"], strict=True)
    ]
    return rows.assign(value_amount=worth).reset_index(drop=True)


def obligation_records(
    engine: Engine, window: Window, filters: Filters = NO_FILTERS
) -> pd.DataFrame:
    """Answer which obligations fell due in the window: a row each, with its owner and status.

    Counting them by obligation and status gives `obligations` of the same window and filters.
    """
    params = {"from": window.start, "to": window.end}
    return engine.run("handoff/obligation_records", params, filters).drop(columns="key")


def response_records(
    engine: Engine, agreement: Agreement, window: Window, filters: Filters = NO_FILTERS
) -> pd.DataFrame:
    """Answer which handovers stand behind each band of response time; `answered` names the band."""
    params = response_params(engine, agreement, window)
    rows = engine.run("handoff/response_records", params, filters)
    names = [band_label(None if pd.isna(m) else int(m)) for m in rows["band_minutes"]]
    return rows.drop(columns=["key", "band_minutes"]).assign(answered=names)


def recycled_records(engine: Engine, window: Window, filters: Filters = NO_FILTERS) -> pd.DataFrame:
    """Answer which leads were recycled in the window and how far each has come since."""
    params = {"from": window.start, "to": window.end}
    return engine.run("handoff/recycled_records", params, filters).drop(columns="key")
