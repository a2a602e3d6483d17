"""Touches, leads, their groups and days in the base marts: load stamps, fallbacks, blanks."""

from __future__ import annotations

import datetime as dt

from builders import default_agreement, make_store, rows


def test_a_touch_falls_back_to_its_leads_person_and_account_and_says_why_it_is_unusable() -> None:
    engine = make_store(
        {
            "person": [{"person_id": "p1", "account_id": "a1"}],
            "account": [{"account_id": "a1"}],
            "lead": [{"lead_id": "l1", "person_id": "p1"}],
            "touch": [
                {"touch_id": "t1", "lead_id": "l1", "occurred_at": "2026-06-07 22:30"},
                {"touch_id": "t2", "person_id": "p1", "occurred_at": "2026-06-08"},
                {"touch_id": "t3", "occurred_at": "2026-06-08 10:00"},
                {"touch_id": "t4", "person_id": "p1"},
                {"touch_id": "t5", "person_id": "p1", "occurred_at": "2026-07-02 10:00"},
                {"touch_id": "t6", "account_id": "a1", "occurred_at": "2026-06-08 10:00"},
            ],
        }
    )
    found = rows(
        engine,
        "select touch_id, person_id, account_id, occurred_day, weekday, hour, unusable_reason"
        " from fct_touch order by 1",
    )
    monday = dt.date(2026, 6, 8)
    assert found == [
        ("t1", "p1", "a1", monday, 1, 0, None),  # 22:30 UTC is 00:30 in Berlin
        ("t2", "p1", "a1", monday, 1, None, None),
        ("t3", None, None, monday, 1, 12, "no person, lead, deal or account"),
        ("t4", "p1", "a1", None, None, None, "no time"),
        ("t5", "p1", "a1", dt.date(2026, 7, 2), 4, 12, "after the as-of date"),
        ("t6", None, "a1", monday, 1, 12, None),
    ]


def test_a_lead_known_by_its_events_only_is_a_stub_and_a_load_stamp_is_no_creation() -> None:
    engine = make_store(
        {
            "lead": [
                {"lead_id": "l1", "created_at": "2026-06-01 10:00:00.7"},
                {"lead_id": "l2", "created_at": "2026-06-01 10:00:01"},
                {"lead_id": "l3", "created_at": "2026-06-01 10:00:00", "source": "other"},
                {"lead_id": "l4"},
            ],
            "lead_stage_event": [
                {"lead_id": "l9", "stage": "mql", "entered_at": "2026-06-01 10:00"}
            ],
            "load_stamp": [
                {
                    "table_name": "lead",
                    "source": "test",
                    "stamp": dt.datetime(2026, 6, 1, 10),
                    "records": 20,
                    "share": 0.5,
                    "rule": "shared",
                }
            ],
        }
    )
    found = rows(engine, "select lead_id, created_known, is_stub from dim_lead order by 1")
    assert found == [
        ("l1", False, False),
        ("l2", True, False),
        ("l3", True, False),
        ("l4", False, False),
        ("l9", False, True),
    ]


def test_raw_values_are_classified_and_blanks_are_unknown_not_guessed() -> None:
    engine = make_store(
        {
            "account": [
                {"account_id": "a1", "employees": 5000, "country": "Germany"},
                {"account_id": "a2", "country": "Atlantis"},
            ],
            "lead": [
                {"lead_id": "l1", "account_id": "a1", "channel": "Webinar"},
                {"lead_id": "l2", "account_id": "a2", "channel": "Carrier pigeon"},
                {"lead_id": "l3"},
                {"lead_id": "l4", "person_id": "p4"},
            ],
            # No title, but a seniority: that is something, and stands for no persona.
            "person": [{"person_id": "p4", "seniority": "vp"}],
        }
    )
    found = rows(
        engine, "select lead_id, channel, segment, region, persona from dim_lead order by 1"
    )
    assert found == [
        ("l1", "webinar", "enterprise", "dach", "(unknown)"),
        ("l2", "(unmapped)", "(unknown)", "(unmapped)", "(unknown)"),
        ("l3", "(unknown)", "(unknown)", "(unknown)", "(unknown)"),
        ("l4", "(unknown)", "(unknown)", "(unknown)", "(unmapped)"),
    ]


def test_a_touch_takes_the_campaigns_channel_else_what_its_kind_says() -> None:
    campaigns = [{"campaign_id": "c1", "channel": "Trade Show"}, {"campaign_id": "c2"}]
    engine = make_store(
        {
            "campaign": campaigns,
            "touch": [
                {"touch_id": "t1", "campaign_id": "c1", "kind": "email_click"},
                {"touch_id": "t2", "campaign_id": "c2", "kind": "email_click"},
                {"touch_id": "t3", "campaign_id": "c2", "kind": "content_download"},
                {"touch_id": "t4", "campaign_id": "c2", "kind": "email_click", "channel": "odd"},
            ],
        }
    )
    assert rows(engine, "select channel from fct_touch order by touch_id") == [
        ("event",),
        ("email",),
        ("(unknown)",),
        ("(unmapped)",),
    ]


def test_dates_carry_weeks_quarters_fiscal_years_and_working_days() -> None:
    engine = make_store()
    found = rows(
        engine,
        "select iso_week, week_start, month, quarter, fiscal_year, weekday, is_working_day"
        " from dim_date where day = date '2026-01-01'",
    )
    assert found[0][:6] == ("2026-W01", dt.date(2025, 12, 29), "2026-01", "2026-Q1", "FY2026", 4)
    week = rows(
        engine,
        "select day, is_working_day, working_day_number from dim_date"
        " where day between date '2026-06-05' and date '2026-06-08' order by day",
    )
    friday = week[0][2]
    assert [(works, number - friday) for _, works, number in week] == [
        (True, 0), (False, 0), (False, 0), (True, 1)
    ]  # fmt: skip


def test_an_empty_store_builds_every_mart_empty() -> None:
    engine = make_store()
    for mart in ("dim_lead", "dim_person", "dim_account", "fct_deal", "fct_touch", "fct_cost"):
        assert rows(engine, f"select count(*) as n from {mart}") == [(0,)]
    assert engine.currency == default_agreement().currency


def test_a_deal_s_own_win_is_no_floor_of_its_touches() -> None:
    # Created on a day without a time, which counts until its end, and won on that day at ten.
    own = {"deal_id": "d", "account_id": "a", "kind": "renewal", "outcome": "won",
           "created_at": "2026-03-01", "closed_at": "2026-03-01 10:00"}  # fmt: skip
    earlier = {"deal_id": "e", "closed_at": "2026-02-01 10:00", "created_at": "2026-01-01"}
    engine = make_store({"account": [{"account_id": "a"}], "deal": [own, own | earlier]})
    found = rows(engine, "select deal_id, pipeline_floor_us, revenue_floor_us from fct_unit"
                         " where deal_id is not null order by 1")  # fmt: skip
    february = int(dt.datetime(2026, 2, 1, 10, tzinfo=dt.UTC).timestamp()) * 1_000_000
    assert found == [("d", february, february), ("e", None, None)]


def test_a_touch_of_the_lead_counts_under_the_rule_of_the_account_where_it_is_of_that_account() -> (
    None
):
    # Nobody is known of the deal, so that its account decides whose touches count.
    touch = {"lead_id": "l", "occurred_at": "2026-02-01 10:00", "side": "marketing"}
    engine = make_store(
        {
            "account": [{"account_id": "a"}, {"account_id": "b"}],
            "lead": [{"lead_id": "l", "account_id": "a", "created_at": "2026-01-05 10:00"}],
            "deal": [{"deal_id": "d", "account_id": "a", "lead_id": "l", "outcome": "won",
                      "created_at": "2026-03-01 10:00", "closed_at": "2026-04-01 10:00"}],
            "touch": [touch | {"touch_id": "own"}, touch | {"touch_id": "other", "account_id": "b"},
                      touch | {"touch_id": "bare", "lead_id": None, "account_id": "a"}],
        }
    )  # fmt: skip
    found = rows(
        engine,
        "select j.touch_id, j.in_account, j.in_default, j.on_lead, u.default_rule"
        " from fct_journey as j inner join fct_unit as u"
        " on u.unit_number = j.unit_number where u.deal_id = 'd' order by 1",
    )
    assert found == [
        ("bare", 1, 1, 0, "account"), ("other", 0, 0, 1, "account"), ("own", 1, 1, 1, "account"),
    ]  # fmt: skip
