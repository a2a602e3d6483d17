"""The choices of the funnel by hand: who advanced is converted, strict by the entries that count,
bare days and unknown dates."""

from __future__ import annotations

import datetime as dt

import pytest
from funnel_store import FunnelStore

from smarketing.analysis.funnel.result import FunnelResult
from smarketing.analysis.funnel.settings import FunnelSettings
from smarketing.analysis.funnel.stages import funnel
from smarketing.engine import DuckDBEngine
from smarketing.periods import Period

JANUARY = Period("January", dt.date(2026, 1, 1), dt.date(2026, 2, 1))


def store(*histories: str) -> DuckDBEngine:
    """Build leads L0, L1 … from histories such as `lead 2026-01-01T09:00, mql 2026-01-02`."""
    built = FunnelStore()
    for number, history in enumerate(histories):
        for part in history.split(", "):
            stage, at = part.split()
            built.event(f"L{number}", stage, at)
    return built.build()


def cohort(engine: DuckDBEngine, skips: str, reentry: str) -> FunnelResult:
    return funnel(engine, FunnelSettings("cohort", skips, reentry, JANUARY))  # type: ignore[arg-type]


def counts(result: FunnelResult) -> list[int]:
    return [stage.count for stage in result.stages]


def steps(result: FunnelResult) -> list[tuple[int, int]]:
    return [
        (stage.step.to_date.successes, stage.step.to_date.n)
        for stage in result.stages
        if stage.step
    ]


# It came back to MQL on the 5th and went straight on to SQL: that is past SAL, too.
RETURNED = "lead 2026-01-01, mql 2026-01-02, sal 2026-01-03, mql 2026-01-05, sql 2026-01-09"


@pytest.mark.parametrize(
    ("reentry", "reached", "converted"),
    [
        ("first", [1, 1, 1, 1, 0, 0], [(1, 1), (1, 1), (1, 1), (0, 1), (0, 0)]),
        ("last", [1, 1, 1, 1, 0, 0], [(1, 1), (1, 1), (1, 1), (0, 1), (0, 0)]),
        ("every", [1, 2, 1, 1, 0, 0], [(1, 1), (2, 2), (1, 1), (0, 1), (0, 0)]),
    ],
)
def test_imputed_who_advanced_is_converted(
    reentry: str, reached: list[int], converted: list[tuple[int, int]]
) -> None:
    result = cohort(store(RETURNED), "imputed", reentry)
    assert counts(result) == reached
    assert steps(result) == converted
    for before, step in zip(result.stages, converted, strict=False):
        assert before.leak is not None
        assert before.leak.advanced == step[0]


def test_the_imputed_step_is_dated_by_the_next_stage_entered_after_it() -> None:
    engine = store(RETURNED)
    cursor = engine._connection.cursor()
    found = cursor.execute(
        "select event_number, imputed_days, observed_days from fct_stage_count"
        " where stage = 'mql' order by event_number"
    ).fetchall()
    # From the 2nd to SAL on the 3rd; from the 5th to SQL on the 9th, which no SAL followed.
    assert found == [(2, 1.0, 1.0), (4, 4.0, None)]


@pytest.mark.parametrize(
    ("history", "first", "last", "every"),
    [
        # In order both ways.
        ("lead 2026-01-01, mql 2026-01-02, sal 2026-01-03", 3, 3, 3),
        # The latest MQL came after the latest SAL: a step back.
        ("lead 2026-01-01, mql 2026-01-02, sal 2026-01-03, mql 2026-01-04", 3, 2, 3),
        # The first MQL came before the first Lead, the latest after it.
        ("mql 2026-01-01, lead 2026-01-02, mql 2026-01-03, sal 2026-01-04", 1, 3, 3),
        # A gap at SAL.
        ("lead 2026-01-01, mql 2026-01-02, sql 2026-01-03", 2, 2, 2),
    ],
)
def test_strict_keeps_the_order_of_the_entries_that_count(
    history: str, first: int, last: int, every: int
) -> None:
    engine = store(history)
    for reentry, depth in (("first", first), ("last", last), ("every", every)):
        result = cohort(engine, "strict", reentry)
        reached = [min(count, 1) for count in counts(result)]
        assert reached == [1] * depth + [0] * (6 - depth), reentry
        for stage in result.stages[1:]:
            assert stage.step is not None
            if reentry != "every":
                assert stage.step.to_date.successes == stage.count, reentry


def test_bare_days_stand_at_their_start_and_measure_whole_days() -> None:
    # The call at 15:00 made the MQL of that day: the bare day does not stand before it.
    engine = store(
        "lead 2026-01-02T15:00, mql 2026-01-02, sal 2026-01-04T09:00",
        "lead 2026-01-03, mql 2026-01-05T12:00, sal 2026-01-06T18:00",
    )
    cursor = engine._connection.cursor()
    found = cursor.execute(
        "select lead_id, stage, placed_at, imputed_days from fct_stage_count"
        " where stage in ('lead', 'mql') order by lead_id, event_number"
    ).fetchall()
    assert found == [
        ("L0", "lead", dt.datetime(2026, 1, 2, 15), 0.0),
        ("L0", "mql", dt.datetime(2026, 1, 2, 15), 2.0),
        ("L1", "lead", dt.datetime(2026, 1, 3), 2.0),
        ("L1", "mql", dt.datetime(2026, 1, 5, 12), 1.25),
    ]
    entered = funnel(engine, FunnelSettings("entered", "observed", "first", JANUARY))
    assert counts(entered) == [2, 2, 2, 0, 0, 0]


def test_a_step_of_unknown_date_is_converted_and_never_mature() -> None:
    built = FunnelStore()
    for number in range(4):
        built.lead(f"L{number}", "2026-01-01 09:00")
        built.event(f"L{number}", "sql", "2026-01-11 09:00")
    # Two deals: one created 10 days after SQL, one nobody knows when.
    built.deal("D0", "L0", "2026-01-21 09:00")
    built.deal("D1", "L1", None)
    built.windows = (("sql", "opportunity", 30),)
    engine = built.build()
    step = cohort(engine, "imputed", "first").stages[4].step
    assert step is not None
    assert (step.to_date.successes, step.to_date.n) == (2, 4)
    assert (step.mature.successes, step.mature.n) == (1, 3)
    entered = funnel(engine, FunnelSettings("entered", "observed", "first", JANUARY))
    assert counts(entered)[4] == 1
