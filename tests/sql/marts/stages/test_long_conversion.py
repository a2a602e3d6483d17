"""Conversion over several stages: mature leads within W, as for the step to the next stage.

The worked example of seven leads, from MQL to SQL, seen on 31 March 2026: L1 and L2 take 5 days,
L3 takes 40, L5 and L7 never arrive, L6 skips all and takes 0, L4 never reaches MQL.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from builders import default_agreement, make_store
from funnel_store import FunnelStore, build_mart, seven_leads

from smarketing.agreement import Agreement
from smarketing.analysis.kpis.scoreboard import kpis


def long_steps(store: FunnelStore) -> dict[str, tuple[Any, ...]]:
    engine = store.build()
    connection = engine._connection
    params = {"timezone": "UTC", "as_of_at": store.as_of, "as_of_day": store.as_of.date()}
    for mart in ("step_age", "fct_long_conversion"):
        build_mart(connection, mart, params)
    rows = connection.execute(
        "select lead_id, days_to_convert, is_mature, is_converted, is_converted_within, "
        "window_days from fct_long_conversion where stage = 'mql' order by lead_id"
    ).fetchall()
    return {row[0]: row[1:] for row in rows}


def test_with_an_agreed_window_of_ten_days_three_of_six_convert():
    steps = long_steps(seven_leads(windows=[("mql", "sql", 10), ("lead", "mql", 30)]))
    assert steps == {
        "L1": (5, True, True, True, 10),
        "L2": (5, True, True, True, 10),
        "L3": (40, True, True, False, 10),
        "L5": (None, True, False, False, 10),
        "L6": (0, True, True, True, 10),
        "L7": (None, True, False, False, 10),
    }


def test_the_window_is_learned_as_for_any_step():
    # Nine in ten conversions had happened at 40 days: only L1 and L2 were followed for 80 days.
    steps = long_steps(seven_leads(windows=[("mql", "sql", None)]))
    assert {window for *_, window in steps.values()} == {40}
    assert sum(within for _, _, _, within, _ in steps.values()) == 4


def test_a_lead_too_young_is_not_mature():
    store = seven_leads(windows=[("mql", "sql", 60)], as_of=dt.datetime(2026, 3, 31))
    mature = {lead for lead, row in long_steps(store).items() if row[1]}
    assert mature == {"L1", "L2", "L3", "L7"}


def test_without_a_named_step_there_is_nothing() -> None:
    assert long_steps(seven_leads()) == {}


@pytest.mark.parametrize("days", [10, None])
def test_a_named_step_to_the_next_stage_is_that_of_the_funnel(days: int | None) -> None:
    store = seven_leads(windows=[("mql", "sal", days)])
    steps = long_steps(store)
    rows = (
        store.build()
        ._connection.execute(
            "select lead_id, days_to_convert, is_mature, is_converted, is_converted_within,"
            " window_days from fct_conversion where stage = 'mql' and entered_day is not null"
        )
        .fetchall()
    )
    assert len(rows) == 6
    assert steps == {row[0]: row[1:] for row in rows}


def test_a_kpi_keeps_its_step_where_the_stage_between_is_gone() -> None:
    """Lead, MQL, SQL: of two MQLs of May one became SQL after nine days."""
    content = default_agreement().model_dump(mode="json", exclude_none=True)
    content["stages"] = [stage for stage in content["stages"] if stage["id"] != "sal"]
    content["classification"]["lead_statuses"] = []
    content["service_levels"]["accepted_stage"] = "sql"
    content["step_windows"] = [{"stage": "mql", "next_stage": "sql", "window_days": 20}]
    events = [("a", "mql", "2026-05-01"), ("b", "mql", "2026-05-01"), ("a", "sql", "2026-05-10")]
    rows = [
        {"lead_id": lead, "stage": stage, "kind": "entry", "entered_at": at}
        for lead, stage, at in events
    ]
    none: list[object] = []
    for windows in (content["step_windows"], none):  # without one it is learned: nine days
        agreed = Agreement.model_validate(content | {"step_windows": windows})
        engine = make_store({"lead_stage_event": rows}, agreed)
        [rate] = kpis(engine, agreed, ["mql_to_sql_rate"], agreed.parse_period("2026-05"))
        assert (rate.numerator, rate.denominator) == (1, 2)
