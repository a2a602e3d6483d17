"""Zero or not available: what the sources never gave, no date, no rate, no data in the period."""

from __future__ import annotations

import datetime as dt
from functools import cache
from typing import Any

import pytest
from builders import default_agreement, make_store

from smarketing.analysis.availability import (
    NOTHING_GIVEN,
    Recorded,
    lacking_all,
    lacking_some,
    not_given,
    recorded,
    without_date,
)
from smarketing.analysis.funnel.settings import FunnelSettings
from smarketing.analysis.funnel.stages import funnel
from smarketing.analysis.handoff.pace import pace
from smarketing.analysis.kpis.scoreboard import KpiResult, kpis
from smarketing.analysis.lead_quality.market import who_buys
from smarketing.engine import DuckDBEngine, Filters
from smarketing.engine.sight import Sight
from smarketing.periods import parse_period

MAY, JUNE = parse_period("2026-05"), parse_period("2026-06")


@cache
def store() -> DuckDBEngine:
    """Leads without any MQL; five deals, one of no date, one in a currency without a rate."""
    return make_store(
        {
            "lead": [
                {"lead_id": "l1", "created_at": "2026-05-04 10:00"},
                {"lead_id": "l2"},
            ],
            "lead_stage_event": [
                {"lead_id": "l1", "stage": "sql", "entered_at": "2026-05-20 10:00"},
            ],
            "deal": [
                _deal("d1", "2026-06-10", 100_00),
                _deal("d2", "2026-06-11", 300_00),
                _deal("d3", "2026-06-12", 900_00, currency="XTS"),
                _deal("d4", None, 40_00),
                _deal("d5", "2026-04-30", 50_00, currency="XTS"),
            ],
            "cost": [
                {"cost_id": "c1", "incurred_on": "2026-06-01", "amount": 5_00, "currency": "XTS",
                 "team": "marketing", "category": "media"},
            ],
            "touch": [
                {"touch_id": "t1", "lead_id": "l1", "kind": "email_sent", "side": "marketing",
                 "occurred_at": "2026-05-04 11:00"},
            ],
            "source_info": [
                {"source": "test", "as_of_at": dt.datetime(2026, 7, 1, 12),
                 "as_of_day": dt.date(2026, 7, 1), "files": 1, "rows": 9},
            ],
        }
    )  # fmt: skip


def _deal(name: str, closed: str | None, amount: int, **more: Any) -> dict[str, Any]:
    row = {"deal_id": name, "account_id": name, "outcome": "won", "amount": amount}
    return row | {"created_at": "2026-04-01 10:00", "closed_at": closed} | more


def ask(kpi_id: str, period: str = "2026-06", **more: Any) -> KpiResult:
    [found] = kpis(store(), default_agreement(), [kpi_id], parse_period(period), **more)
    return found


def test_a_sum_says_what_it_lacks_and_a_mean_leaves_it_out_of_both_parts() -> None:
    revenue = ask("won_revenue")
    assert (revenue.value, revenue.n, revenue.undated) == (400.0, 3, 1)
    assert revenue.reason is None
    assert revenue.note == f"{lacking_some(1, 3, 'EUR')}; {without_date(1)}"
    # 400 over the two deals whose amount is known, not over three.
    assert (ask("average_deal_size").value, ask("average_deal_size").denominator) == (200.0, 2)


def test_a_sum_that_lacks_all_is_not_available() -> None:
    april = ask("won_revenue", "2026-04")
    assert (april.value, april.reason) == (None, lacking_all(1, "EUR"))
    cost = ask("marketing_cost")
    assert (cost.value, cost.reason) == (None, lacking_all(1, "EUR"))
    per_lead = ask("cost_per_lead")
    assert (per_lead.value, per_lead.reason) == (None, lacking_all(1, "EUR"))
    members = ask("won_revenue", "2026-04", by="segment").by or ()
    assert [(m.value, m.reason) for m in members] == [(None, lacking_all(1, "EUR"))]


def test_what_no_source_ever_gave_is_no_zero() -> None:
    # Nobody was ever recorded as an MQL; a later stage counts as one, here as in the funnel.
    assert ask("new_mqls", "2026-05").value == 1
    assert ask("lead_to_mql_rate", "2026-05").value == 1.0
    assert ask("email_open_rate", "2026-05").reason == NOTHING_GIVEN
    assert ask("emails_sent", "2026-05").value == 1
    assert ask("emails_sent").value == 0
    assert ask("nps").reason == "no source gives feedback; import the answers to surveys"


def test_records_without_a_day_are_not_said_to_be_missing() -> None:
    """Lead and deal were given, but not when they began: none is old enough, none was imported."""
    undated = make_store(
        {
            "lead": [{"lead_id": "l1", "status": "customer"}],
            "deal": [_deal("d1", "2026-06-10", 100_00) | {"created_at": None}],
        }
    )
    reasons = {
        found.id: found.reason
        for found in kpis(
            undated,
            default_agreement(),
            ["mql_to_sql_rate", "lead_to_mql_rate", "win_rate_created"],
            parse_period("2026-06"),
        )
    }
    assert reasons == {
        "mql_to_sql_rate": "no source says when leads reached a stage",
        "lead_to_mql_rate": "no lead is known to have taken this step in time",
        "win_rate_created": "no source says when deals were created",
    }


def test_funnel_delivery_and_buyers_follow_the_same_rule() -> None:
    march = FunnelSettings(window=parse_period("2026-03"))
    before = "its records begin on 4 May 2026, after 2026-03"
    assert funnel(store(), march).as_dict()["reason"] == before
    may = funnel(store(), FunnelSettings(window=MAY))
    assert "reason" not in may.as_dict()
    delivered = pace(store(), default_agreement(), dt.date(2026, 3, 10)).as_dict(2)
    assert (delivered["count"], delivered["value"]) == (None, None)
    assert delivered["reason"] == "its records begin on 4 May 2026, after 2026-03"
    # Of nobody who bought in June is the segment known: neither in the target nor outside.
    bought = who_buys(store(), default_agreement(), JUNE)
    assert (bought.won_amount, bought.unknown_amount, bought.gap) == (400_00, 400_00, None)


def test_a_period_outside_the_data_has_no_value_and_no_comparison() -> None:
    march = ask("won_revenue", "2026-03")
    assert march.value is None
    assert march.reason == "its records begin on 1 Apr 2026, after 2026-03"
    # The deals were open by then and could have been won.
    may = ask("won_revenue", "2026-05")
    assert (may.value, may.previous, may.previous_reason) == (0, None, lacking_all(1, "EUR"))
    april = ask("won_deals", "2026-04")
    assert (april.value, april.previous) == (1, None)
    assert april.previous_reason == "its records begin on 1 Apr 2026, after 2026-03"
    august = ask("won_deals", "2026-08")
    assert august.reason == "its data ends on 1 Jul 2026, before 2026-08"
    rate = ask("win_rate_closed", "2026-05")
    assert rate.reason == "no closed deals in 2026-05"


def test_leads_without_a_date_are_counted_beside_the_figure() -> None:
    leads = ask("new_leads", "2026-05")
    assert (leads.value, leads.undated) == (1, 1)
    assert leads.note == without_date(1)
    document = leads.as_dict()
    assert (document["undated"], document["reason"]) == (1, None)


@pytest.mark.parametrize(
    ("found", "reason"),
    [
        (Recorded(0, 0, 0, None, None), NOTHING_GIVEN),
        (Recorded(7, 0, 0, None, None), "none of its 7 records has a known date"),
        (Recorded(7, 2, 0, MAY.start, None), "none of its 2 records has a known date"),
        (Recorded(7, 0, 0, MAY.start, None), None),
        (Recorded(7, 7, 7, JUNE.end, None), "its records begin on 1 Jul 2026, after 2026-06"),
        (Recorded(7, 7, 7, JUNE.last_day, None), None),
        (
            Recorded(7, 7, 7, MAY.start, MAY.last_day),
            "its data ends on 31 May 2026, before 2026-06",
        ),
        (Recorded(7, 7, 7, MAY.start, JUNE.start), None),
    ],
)
def test_why_nothing_is_no_zero(found: Recorded, reason: str | None) -> None:
    assert found.why_nothing(JUNE) == reason
    # A stock is of today: it needs records, not days.
    assert (found.why_nothing() is None) == (found.records > 0)


def test_an_open_pipeline_is_not_zero_while_stages_are_unplaced() -> None:
    won = {"deal_id": "D1", "created_at": "2026-05-01", "closed_at": "2026-05-02",
           "outcome": "won", "amount": 100, "currency": "EUR"}  # fmt: skip
    unplaced = {**won, "deal_id": "D2", "closed_at": None, "outcome": "(unknown)"}
    for deals, value in (([won], 0), ([won, unplaced], None)):
        store = make_store({"deal": deals}, as_of="2026-06-30 12:00")
        for way in (["open_deals"], ["open_deals", "open_pipeline"]):
            [found, *_] = kpis(store, default_agreement(), way, parse_period("2026-06"))
            assert found.value == value
            assert (found.note is None) == (value == 0)


def test_a_stock_says_of_how_many_records_nobody_can_say() -> None:
    """In the north one deal is open (1.00), of one nobody can say; in the south of both."""
    deals = [
        {"deal_id": f"D{number}", "account_id": where, "outcome": outcome, "amount": 100,
         "stage": "Demo", "pipeline": where}
        for number, (where, outcome) in enumerate(
            [("north", "open"), ("north", None), ("south", None), ("south", None), ("east", "won")]
        )
    ]  # fmt: skip
    accounts = [{"account_id": where, "country": where} for where in ("north", "south", "east")]
    store = make_store({"deal": deals, "account": accounts}, as_of="2026-06-30 12:00")
    month = parse_period("2026-06")

    def said(ids: list[str], **asked: Any) -> list[tuple[Any, Any, Any]]:
        found = kpis(store, default_agreement(), ids, month, **asked)
        return [(kpi.value, kpi.reason, kpi.note) for kpi in found]

    of = "of {} more records nobody can say whether to count them (Data health names them)"
    none = "nothing is known to be in it, and of 2 records nobody can say (Data health names them)"
    for ids in (["open_deals"], ["open_pipeline"], ["open_deals", "open_pipeline"]):
        assert said(ids) == [(1.0, None, of.format(3))] * len(ids)
        some = said(ids, filters=Filters.of(pipeline="north"))
        assert some == [(1.0, None, of.format(1).replace("records", "record"))] * len(ids)
        assert said(ids, filters=Filters.of(pipeline="south")) == [(None, none, none)] * len(ids)
        assert said(ids, filters=Filters.of(pipeline="east")) == [(0, None, None)] * len(ids)
    [cut] = kpis(store, default_agreement(), ["open_deals"], month, by="pipeline")
    assert [(part.key, part.value, part.reason) for part in cut.by or ()] == [
        ("north", 1, None), ("south", None, none),
    ]  # fmt: skip


def test_the_words_count() -> None:
    assert lacking_all(3, "CHF").startswith("none of its 3 records has an amount in CHF")
    assert lacking_some(2, 1_000, "EUR") == (
        "2 of 1,000 records have no amount in EUR and are not in it"
    )
    assert without_date(1_200) == "1,200 more have no known date and are in no period"


def test_what_a_scope_keeps_back_is_not_said_to_be_given_by_no_source() -> None:
    connection = store()._connection.cursor()
    scoped = DuckDBEngine(connection, Sight((("owner", ("Nobody",)),)))
    assert recorded(store(), "dim_lead").records == 2
    assert recorded(scoped, "dim_lead").why_nothing() == (
        "none of its records is in your view, which is limited by owner"
    )
    assert not_given(scoped, ["dim_lead"]) == recorded(scoped, "dim_lead").if_empty
