"""What was loaded at one second has no known beginning: in no KPI, funnel, attribution or trend.

22 leads share one creation second; their history says they entered `lead` and `mql` at it. Five
others began when they say. One of the loaded had won a deal long before.
"""

from __future__ import annotations

import datetime as dt
from functools import cache
from typing import Any

import pytest
from builders import default_agreement, make_store

from smarketing.analysis.attribution import asked, attributions
from smarketing.analysis.funnel.periods import cohort_heat, step_trend
from smarketing.analysis.funnel.settings import FunnelSettings
from smarketing.analysis.funnel.stages import funnel
from smarketing.analysis.kpis.scoreboard import KpiResult, kpis
from smarketing.engine import DuckDBEngine
from smarketing.periods import parse_period, parse_window

LOADED = "2026-03-02 09:00:00"
YEAR = parse_period("2026")


def _stamp(table: str) -> dict[str, Any]:
    at = dt.datetime.fromisoformat(LOADED)
    row = {"table_name": table, "source": "test", "stamp": at, "records": 22, "share": 0.8}
    return row | {"rule": "shared"}


@cache
def store() -> DuckDBEngine:
    loaded = [f"l{n:02d}" for n in range(22)]
    real = [f"r{n}" for n in range(5)]
    events = [
        {"lead_id": lead, "stage": stage, "entered_at": LOADED}
        for lead in loaded
        for stage in ("lead", "mql")
    ]
    events += [
        {"lead_id": lead, "stage": "lead", "entered_at": f"2026-04-0{n + 1} 10:00"}
        for n, lead in enumerate(real)
    ]
    # r0 qualified in April; l00 was confirmed a month before it was loaded.
    events.append({"lead_id": "r0", "stage": "mql", "entered_at": "2026-04-11 10:00"})
    events.append({"lead_id": "l00", "stage": "sql", "entered_at": "2026-02-02 10:00"})
    return make_store(
        {
            "load_stamp": [_stamp("lead"), _stamp("deal")],
            "lead": [
                *({"lead_id": lead, "created_at": LOADED} for lead in loaded),
                *(
                    {"lead_id": lead, "created_at": f"2026-04-0{n + 1} 10:00"}
                    for n, lead in enumerate(real)
                ),
            ],
            "lead_stage_event": events,
            "deal": [
                {"deal_id": "d1", "lead_id": "r1", "amount": 100_00, "outcome": "won",
                 "created_at": "2026-04-12 10:00", "closed_at": "2026-04-22 22:00"},
                {"deal_id": "d2", "lead_id": "r2", "amount": 700_00, "outcome": "won",
                 "created_at": LOADED, "closed_at": "2026-05-01 10:00"},
            ],
        }
    )  # fmt: skip


def ask(kpi_id: str, period: str = "2026") -> KpiResult:
    [found] = kpis(store(), default_agreement(), [kpi_id], parse_period(period))
    return found


def test_new_leads_are_those_that_attribution_and_funnel_count() -> None:
    leads = ask("new_leads")
    assert (leads.value, leads.undated) == (5, 22)
    plain = asked(default_agreement(), parse_window("2026-01-01", "2027-01-01"), measure="leads")
    answer = attributions(store(), default_agreement(), plain, model="linear", intervals=False)[0]
    assert answer.deals == 5
    found = funnel(store(), FunnelSettings("cohort", "observed", window=YEAR))
    assert (found.stages[0].count, found.start_unknown) == (5, 22)
    entered = funnel(store(), FunnelSettings("entered", "observed", window=YEAR))
    # r0 is the one MQL of known date; the SQL of l00 keeps its own.
    assert [stage.count for stage in entered.stages] == [5, 1, 0, 1, 1, 2]


def test_the_trend_and_the_cohorts_know_no_loaded_lead() -> None:
    heat = cohort_heat(store(), FunnelSettings(window=YEAR), "month")
    assert {(cell.period_start.month, cell.reached) for cell in heat if cell.stage == "lead"} == {
        (4, 5)
    }
    trend = step_trend(store(), YEAR, "month")
    assert [(p.stage, p.period_start.month, p.reached) for p in trend if p.stage == "lead"] == [
        ("lead", 4, 5)
    ]
    # r0 became MQL, and l00, r1 and r2 went further on a known day; the rest came loaded.
    mqls = ask("new_mqls")
    assert (mqls.value, mqls.undated) == (4, 21)
    entered = funnel(store(), FunnelSettings("entered", "imputed", window=YEAR))
    assert entered.stages[1].count == 4


def test_who_was_loaded_had_not_begun_after_going_further() -> None:
    cursor = store()._connection.cursor()
    found = cursor.execute(
        "select stage, entered_day, date_known from fct_stage_entry where lead_id = 'l00'"
        " order by event_number"
    ).fetchall()
    day = dt.date(2026, 2, 2)
    assert found == [("lead", day, False), ("mql", day, False), ("sql", day, True)]


def test_a_deal_created_at_a_load_stamp_has_no_age_and_opens_in_no_period() -> None:
    # d1 took 10.5 days; d2 counts for revenue, at its close, and for nothing that needs its start.
    opened = ask("new_opportunities")
    assert (opened.value, opened.undated) == (1, 1)
    pipeline = ask("pipeline_created")
    assert (pipeline.value, pipeline.undated) == (100.0, 1)
    assert ask("sales_cycle_days").value == pytest.approx(10.5)
    assert ask("won_revenue").value == 800.0
    assert ask("mature_deals").value == 1
    settings = asked(default_agreement(), parse_window("2026-01-01", "2027-01-01"))
    revenue = attributions(store(), default_agreement(), settings, intervals=False)[0]
    assert (revenue.total, revenue.deals) == (800_00, 2)
    by_creation = asked(
        default_agreement(), parse_window("2026-01-01", "2027-01-01"), measure="pipeline"
    )
    created = attributions(store(), default_agreement(), by_creation, intervals=False)[0]
    assert (created.total, created.deals) == (100_00, 1)
    # The lead of d2 stands at opportunity from an unknown day on, at customer from its close.
    cursor = store()._connection.cursor()
    found = cursor.execute(
        "select stage, known_day from fct_stage_entry where lead_id = 'r2' and stage_number > 1"
        " order by event_number"
    ).fetchall()
    assert found == [("opportunity", None), ("customer", dt.date(2026, 5, 1))]
