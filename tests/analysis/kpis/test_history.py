"""Where the history of a KPI begins: with its first value, or with the asked period alone."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace
from typing import Any, cast

import pytest

from smarketing.agreement import load_agreement
from smarketing.analysis.kpis.history import _history
from smarketing.periods import parse_period


@pytest.mark.parametrize(
    ("values", "kept"),
    [
        ([None, 0, 3, None, 0, 5], (3.0, None, 0.0, 5.0)),
        ([2, None, 4], (2.0, None, 4.0)),
        ([None, 0, None], (None,)),
        ([None, None, 0], (0.0,)),
        ([None, None, 7], (7.0,)),
    ],
)
def test_a_history_begins_with_its_first_value(
    values: list[float | None], kept: tuple[float | None, ...]
) -> None:
    agreement, asked = load_agreement(), parse_period("2026-06")
    periods = [*asked.earlier(len(values) - 1), asked]
    series = {f"p{place}": period for place, period in enumerate(periods)}
    reader = SimpleNamespace(
        shown=lambda _, value: value,
        value=lambda _, found, name, key: found[name],
        agreement=agreement,
        window=asked,
        engine=SimpleNamespace(as_of_day=dt.date(2026, 6, 30)),
    )
    measured = dict(zip(series, values, strict=True))
    kpi = agreement.kpi("new_leads")
    found = _history(cast(Any, reader), kpi, cast(Any, measured), series)
    assert (found.id, found.values) == ("new_leads", kept)
    assert found.periods == tuple(periods[-len(kept) :])
    assert not found.is_partial and found.limits is None and found.has_changed is None
    reader.engine.as_of_day = dt.date(2026, 6, 29)
    assert _history(cast(Any, reader), kpi, cast(Any, measured), series).is_partial
