"""The worked example: seven leads whose counts were made by hand, in every mode.

L1 walks straight to customer; L2 skips sal and is lost; L3 is recycled and returns; L4 is
disqualified at once; L5 is rejected; L6 jumps from lead to customer; L7 began before the window.
"""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest
from funnel_store import FunnelStore, seven_leads

from smarketing.analysis.funnel.result import FunnelResult
from smarketing.analysis.funnel.settings import FunnelSettings, parse_at
from smarketing.analysis.funnel.stages import funnel
from smarketing.engine import DuckDBEngine, Filters
from smarketing.errors import UsageError
from smarketing.periods import parse_period

COHORT = {
    ("2026-01", "observed"): [4, 3, 2, 3, 2, 1],
    ("2026-01", "imputed"): [4, 3, 3, 3, 2, 1],
    ("2026-01", "strict"): [4, 3, 2, 2, 1, 1],
    ("2026-02", "observed"): [2, 1, 0, 0, 0, 1],
    ("2026-02", "imputed"): [2, 2, 1, 1, 1, 1],
    ("2026-02", "strict"): [2, 1, 0, 0, 0, 0],
}
ENTERED = {
    ("2026-01", "first"): [4, 4, 3, 2, 1, 0],
    ("2026-01", "every"): [4, 4, 3, 2, 1, 0],
    ("2026-02", "first"): [2, 1, 0, 1, 1, 2],
    ("2026-02", "every"): [2, 2, 1, 1, 1, 2],
}
SNAPSHOT = {
    "2026-02-01T12:00": ([0, 0, 1, 0, 2, 0], 2),
    "2026-03-31T00:00": ([0, 0, 1, 1, 0, 2], 3),
}
CONVERSION = {
    ("2026-01", "observed"): [(3, 4), (2, 3), (2, 2), (2, 3), (1, 2)],
    ("2026-01", "imputed"): [(3, 4), (3, 3), (3, 3), (2, 3), (1, 2)],
    ("2026-02", "observed"): [(1, 2), (0, 1), (0, 0), (0, 0), (0, 0)],
    ("2026-02", "imputed"): [(2, 2), (1, 2), (1, 1), (1, 1), (1, 1)],
}
LEAK = {
    "2026-01": [(3, 0, 0, 1), (3, 0, 0, 0), (2, 0, 0, 0), (2, 1, 0, 0), (1, 0, 0, 1), (0, 1, 0, 0)],
    "2026-02": [(2, 0, 0, 0), (0, 0, 0, 1), (0, 0, 0, 0), (0, 0, 0, 0), (0, 0, 0, 0), (0, 1, 0, 0)],
}


@pytest.fixture(scope="module")
def engine() -> DuckDBEngine:
    return seven_leads().build()


def run(engine: DuckDBEngine, period: str, **choices: Any) -> FunnelResult:
    return funnel(engine, FunnelSettings(window=parse_period(period), **choices))


def counts(result: FunnelResult) -> list[int]:
    return [stage.count for stage in result.stages]


@pytest.mark.parametrize(("period", "skips"), COHORT)
def test_cohort(engine: DuckDBEngine, period: str, skips: str) -> None:
    assert counts(run(engine, period, skips=skips)) == COHORT[period, skips]


@pytest.mark.parametrize(("period", "reentry"), ENTERED)
def test_entered(engine: DuckDBEngine, period: str, reentry: str) -> None:
    result = run(engine, period, mode="entered", skips="observed", reentry=reentry)
    assert counts(result) == ENTERED[period, reentry]
    assert all(stage.step is None for stage in result.stages)


@pytest.mark.parametrize("at", SNAPSHOT)
def test_snapshot(engine: DuckDBEngine, at: str) -> None:
    result = funnel(engine, FunnelSettings("snapshot", "observed", at=parse_at(at)))
    assert (counts(result), result.exited) == SNAPSHOT[at]


@pytest.mark.parametrize(("period", "skips"), CONVERSION)
def test_conversion(engine: DuckDBEngine, period: str, skips: str) -> None:
    steps = [stage.step for stage in run(engine, period, skips=skips).stages[1:]]
    found = [(step.to_date.successes, step.to_date.n) for step in steps if step]
    assert found == CONVERSION[period, skips]


@pytest.mark.parametrize("period", LEAK)
def test_leak(engine: DuckDBEngine, period: str) -> None:
    leaks = [stage.leak for stage in run(engine, period, skips="observed").stages]
    found = [(k.advanced, k.here, k.moved_back, k.left_count) for k in leaks if k]
    assert found == LEAK[period]


def test_json_keys_are_the_contract(engine: DuckDBEngine) -> None:
    document = run(engine, "2026-01").as_dict()
    assert isinstance(document, dict)
    assert list(document) == [
        "mode", "skips", "reentry", "from", "to", "at", "as_of", "joined_at_opportunity",
        "exited", "stages",
    ]  # fmt: skip
    assert list(document["stages"][1]) == [
        "stage", "count", "converted", "rate", "low", "high", "window_days", "mature",
        "mature_rate", "advanced", "here", "moved_back", "left",
    ]  # fmt: skip
    assert document["stages"][0]["left"] == [
        {"exit": "disqualified", "reason": "competitor", "count": 1}
    ]
    # 3 of 4, Wilson 95 %: centre (0.75 + 0.4802) / 1.9604 = 0.6275, half-width 0.3268
    assert document["stages"][1]["rate"] == 0.75
    assert document["stages"][1]["low"] == pytest.approx(0.30064, abs=1e-4)
    assert document["stages"][1]["high"] == pytest.approx(0.95441, abs=1e-4)
    json.dumps(document)


def test_cut_by_a_dimension_is_a_list_of_groups() -> None:
    store = FunnelStore()
    store.lead("A", "2026-01-02", segment="smb")
    store.lead("B", "2026-01-03", segment="enterprise")
    store.lead("C", "2026-01-04", segment="smb")
    store.event("B", "mql", "2026-01-05")
    engine = store.build()
    settings = FunnelSettings(window=parse_period("2026-01"))
    groups = funnel(engine, settings, by="segment").as_dict()
    assert isinstance(groups, list)
    assert [(group["key"], group["stages"][0]["count"]) for group in groups] == [
        ("smb", 2), ("enterprise", 1),
    ]  # fmt: skip
    assert set(groups[0]) == {"key", "stages"}
    kept = funnel(engine, settings, Filters.of(segment="enterprise"))
    assert counts(kept) == [1, 1, 0, 0, 0, 0]


def test_an_empty_store_has_zeros_and_no_rates() -> None:
    result = funnel(FunnelStore().build(), FunnelSettings(window=parse_period("2026-01")))
    assert counts(result) == [0] * 6
    step = result.stages[1].step
    assert step is not None and step.to_date.rate is None
    at = funnel(FunnelStore().build(), FunnelSettings("snapshot", at=dt.date(2026, 1, 1)))
    assert (counts(at), at.exited) == ([0] * 6, 0)


def test_settings_that_do_not_fit_are_refused() -> None:
    with pytest.raises(UsageError, match="Did you mean 'cohort'"):
        FunnelSettings(mode="cohorts")  # type: ignore[arg-type]
    with pytest.raises(UsageError, match="needs a window"):
        FunnelSettings()
    with pytest.raises(UsageError, match="belongs to a snapshot"):
        FunnelSettings(window=parse_period("2026-01"), at=dt.date(2026, 1, 1))
    with pytest.raises(UsageError, match="--at is no instant"):
        parse_at("yesterday")


@pytest.mark.real
def test_the_expected_counts_are_those_of_the_reference(real_data: Path) -> None:
    known = json.loads((real_data / "oracles" / "funnel" / "expected.json").read_text())
    for (period, skips), expected in COHORT.items():
        assert known["cohort"][period][skips] == expected
    for (period, reentry), expected in ENTERED.items():
        assert known["entered"][period][reentry] == expected
    for at, (stages, exited) in SNAPSHOT.items():
        assert known["snapshot"][at] == {"stages": stages, "exited": exited}
    for (period, skips), pairs in CONVERSION.items():
        assert known["conversion"][period][skips] == [list(pair) for pair in pairs]
    for period, leaks in LEAK.items():
        assert [tuple(leak.values()) for leak in known["leak"][period].values()] == leaks
