"""Base marts, by hand: identity, money at dated rates, load stamps, touches and their fallbacks."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from builders import default_agreement, make_store, rows

from smarketing.build.marts.domains import company_domain
from smarketing.build.marts.order import mart_order
from smarketing.build.marts.statements import tables_read
from smarketing.engine.compile import parse
from smarketing.errors import QueryError

# ------------------------------------------------------------------------------ identity


def test_people_are_one_by_email_across_sources_and_never_within_one() -> None:
    engine = make_store(
        {
            "person": [
                {"person_id": "crm:1", "email": " Ann@Acme.com", "source": "crm"},
                {"person_id": "crm:2", "email": "ann@acme.com", "source": "crm"},
                {"person_id": "web:9", "email": "ANN@ACME.COM", "source": "web"},
                {"person_id": "web:8", "email": "bob@acme.com", "source": "web"},
                {"person_id": "web:7", "source": "web"},
            ]
        }
    )
    links = rows(engine, "select source_person_id, person_id, why from link_person order by 1")
    assert links == [
        ("crm:1", "crm:1", "own id"),
        ("crm:2", "crm:2", "own id"),
        ("web:7", "web:7", "own id"),
        ("web:8", "web:8", "own id"),
        ("web:9", "crm:1", "same e-mail"),
    ]
    assert rows(engine, "select count(*) as n from dim_person") == [(4,)]


def test_what_stands_for_no_email_makes_nobody_one() -> None:
    """ "n/a", a blank and a name are no addresses, however often they are written."""
    words = ("n/a", "", "none", "@", "unknown")
    people = [
        {"person_id": f"{source}:{number}", "email": word, "source": source}
        for source in ("crm", "shop")
        for number, word in enumerate(words)
    ]
    people += [
        {"person_id": f"{source}:9", "email": " Ann@Acme.test ", "source": source}
        for source in ("crm", "shop")
    ]
    cursor = make_store({"person": people})._connection.cursor()
    found = dict(cursor.execute("select source_person_id, person_id from link_person").fetchall())
    assert found.pop("shop:9") == "crm:9"
    assert all(person == own for own, person in found.items())
    assert cursor.execute("select count(*) from dim_person").fetchall() == [(11,)]


def test_merges_of_a_source_rule_also_in_chains_and_for_ids_that_are_gone() -> None:
    alias = {"table": "person", "source": "crm"}
    engine = make_store(
        {
            "person": [
                {"person_id": "crm:1", "source": "crm", "full_name": "Ann"},
                {"person_id": "crm:2", "source": "crm", "full_name": "Ann old"},
            ],
            "record_alias": [
                alias | {"alias_id": "2", "id": "1"},
                alias | {"alias_id": "crm:3", "id": "crm:2"},
            ],
            "touch": [{"touch_id": "t1", "person_id": "crm:3", "occurred_at": "2026-01-01 10:00"}],
        }
    )
    links = rows(engine, "select source_person_id, person_id from link_person order by 1")
    assert links == [("crm:1", "crm:1"), ("crm:2", "crm:1"), ("crm:3", "crm:1")]
    assert rows(engine, "select person_id from fct_touch") == [("crm:1",)]


def test_a_person_made_one_keeps_what_any_source_knows() -> None:
    engine = make_store(
        {
            "person": [
                {"person_id": "a:1", "email": "x@acme.com", "source": "a", "title": "CFO"},
                {
                    "person_id": "b:1",
                    "email": "x@acme.com",
                    "source": "b",
                    "title": "Clerk",
                    "full_name": "Xenia",
                    "do_not_contact": True,
                },
            ]
        }
    )
    assert rows(engine, "select full_name, title, do_not_contact from dim_person") == [
        ("Xenia", "CFO", True)
    ]


def test_accounts_are_one_by_domain_across_sources_only() -> None:
    engine = make_store(
        {
            "account": [
                {"account_id": "crm:1", "domain": "https://www.Acme.com/en", "source": "crm"},
                {"account_id": "crm:2", "domain": "acme.com", "source": "crm"},
                {"account_id": "erp:1", "domain": "acme.com", "source": "erp", "employees": 5000},
                {"account_id": "erp:2", "domain": "gmail.com", "source": "erp"},
                {"account_id": "crm:3", "domain": "gmail.com", "source": "crm"},
                {"account_id": "crm:4", "domain": "example.com", "source": "crm"},
                {"account_id": "erp:4", "domain": "example.com", "source": "erp"},
            ]
        }
    )
    links = dict(rows(engine, "select source_account_id, account_id from link_account"))
    assert links["erp:1"] == "crm:1"
    assert {key: value for key, value in links.items() if key != value} == {"erp:1": "crm:1"}
    own = rows(engine, "select employees, domain from dim_account where account_id = 'crm:1'")
    assert own == [(5000, "acme.com")]


def test_a_corporate_domain_makes_an_account_and_free_mail_never_does() -> None:
    mails = ["a@newco.io", "b@newco.io", "c@gmail.com", "d@x.test", "e@sub.example.com", "f@local"]
    people = [{"person_id": f"p{number}", "email": mail} for number, mail in enumerate(mails)]
    people += [
        {"person_id": "q1", "email": "z@acme.com"},
        {"person_id": "q2", "email": "z@two.com"},
        {"person_id": "q3", "email": "y@newco.io", "account_id": "k1"},
    ]
    engine = make_store(
        {
            "person": people,
            "account": [
                {"account_id": "k1", "domain": "acme.com"},
                {"account_id": "k2", "domain": "two.com"},
                {"account_id": "k3", "domain": "www.two.com"},
            ],
        }
    )
    found = dict(rows(engine, "select person_id, account_id from dim_person"))
    assert found["p0"] == found["p1"] == "domain:newco.io"
    assert found["p2"] is found["p3"] is found["p4"] is found["p5"] is None
    assert found["q1"] == "k1"
    assert found["q2"] is None  # two accounts have the domain: neither is guessed
    assert found["q3"] == "k1"
    derived = rows(engine, "select account_id, name, segment from dim_account where is_derived")
    assert derived == [("domain:newco.io", "newco.io", "(unknown)")]


@pytest.mark.parametrize(
    ("raw", "domain"),
    [
        ("Acme.COM", "acme.com"),
        ("http://www.acme.co.uk:8080/a?b#c", "acme.co.uk"),
        ("  acme.com. ", "acme.com"),
        ("https://user@shop.acme.com", "shop.acme.com"),
        ("münchen.de", "münchen.de"),
        ("xn--mnchen-3ya.de", "xn--mnchen-3ya.de"),
        ("gmail.com", None),
        ("localhost", None),
        ("foo.localhost", None),
        ("example.org", None),
        ("a.invalid", None),
        ("10.0.0.1", None),
        ("acme", None),
        ("not a domain", None),
        ("-", None),
        ("", None),
        (None, None),
    ],
)
def test_which_domains_stand_for_a_company(raw: str | None, domain: str | None) -> None:
    assert company_domain(raw) == domain


def test_campaign_aliases_lead_spend_and_touches_to_one_campaign() -> None:
    engine = make_store(
        {
            "campaign": [
                {"campaign_id": "crm:c1", "name": "Spring", "source": "crm", "channel": "Webinar"},
                {"campaign_id": "ads:77", "name": "spring_ads", "source": "ads"},
                {"campaign_id": "crm:c2", "name": "Spring", "source": "crm"},
            ],
            "campaign_alias": [
                {"alias": "77", "campaign_id": "crm:c1", "source": "crm"},
                {"alias": "Spring-UTM", "campaign_id": "crm:c1", "source": "crm"},
                {"alias": "gone", "campaign_id": "crm:nowhere", "source": "crm"},
            ],
            "cost": [
                {
                    "cost_id": "k1",
                    "incurred_on": "2026-01-01",
                    "amount": 500,
                    "campaign_id": "ads:77",
                    "source": "ads",
                }
            ],
            "touch": [
                {
                    "touch_id": "t1",
                    "person_id": "p",
                    "utm_campaign": " SPRING-utm",
                    "occurred_at": "2026-01-01 10:00",
                }
            ],
        }
    )
    assert rows(engine, "select campaign_id from dim_campaign order by 1") == [
        ("crm:c1",),
        ("crm:c2",),
    ]
    assert rows(engine, "select campaign_id, campaign from fct_cost") == [("crm:c1", "Spring")]
    assert rows(engine, "select campaign_id, channel from fct_touch") == [("crm:c1", "webinar")]


# --------------------------------------------------------------------------------- money


def test_amounts_are_converted_at_the_rate_of_their_day_or_of_the_seven_before() -> None:
    def cost(cost_id: str, day: str, currency: str | None) -> dict[str, Any]:
        return {"cost_id": cost_id, "incurred_on": day, "amount": 1001, "currency": currency}

    engine = make_store(
        {
            "fx_rate": [
                {"currency": "USD", "rate_on": "2026-01-01", "rate": 0.5},
                {"currency": "USD", "rate_on": "2026-01-05", "rate": 0.9},
                {"currency": "JPY", "rate_on": "2026-01-01", "rate": 0.006},
            ],
            "cost": [
                cost("before", "2025-12-31", "USD"),
                cost("same day", "2026-01-01", "usd"),
                cost("carried", "2026-01-04", "USD"),
                cost("newer", "2026-01-05", "USD"),
                cost("seventh", "2026-01-12", "USD"),
                cost("eighth", "2026-01-13", "USD"),
                cost("own", "2026-01-13", "EUR"),
                cost("blank", "2026-01-13", None),
                cost("yen", "2026-01-02", "JPY"),
            ],
        }
    )
    found = {
        key: rest
        for key, *rest in rows(engine, "select cost_id, cost_amount, rate_known from fct_cost")
    }
    assert found == {
        "before": [None, False],
        "same day": [501, True],  # 500.5 rounded up
        "carried": [501, True],
        "newer": [901, True],  # 900.9
        "seventh": [901, True],
        "eighth": [None, False],
        "own": [1001, True],
        "blank": [1001, True],
        "yen": [601, True],  # 1001 yen x 0.006 = 6.006 euros
    }


def test_a_deal_takes_the_rate_of_its_close_and_an_open_one_that_of_as_of() -> None:
    def deal(deal_id: str, outcome: str, closed: str | None) -> dict[str, Any]:
        return {
            "deal_id": deal_id,
            "amount": 100,
            "currency": "USD",
            "outcome": outcome,
            "created_at": "2026-01-01 10:00",
            "closed_at": closed,
        }

    engine = make_store(
        {
            "fx_rate": [
                {"currency": "USD", "rate_on": "2026-02-01", "rate": 0.5},
                {"currency": "USD", "rate_on": "2026-07-01", "rate": 0.75},
            ],
            "deal": [
                deal("won", "won", "2026-02-03"),
                deal("lost", "lost", "2026-03-03"),
                deal("open", "open", None),
            ],
        },
        as_of="2026-07-01 12:00",
    )
    found = rows(
        engine,
        "select deal_id, deal_amount, won_amount, open_amount, rate_known from fct_deal order by 1",
    )
    assert found == [
        ("lost", None, None, None, False),
        ("open", 75, None, 75, True),
        ("won", 50, 50, None, True),
    ]


# --------------------------------------------------------------------- touches and days


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


# ---------------------------------------------------------------------------- the order


def test_marts_come_after_what_they_read() -> None:
    own = tables_read(parse("with c as (select x from core) select x from c", "b"))
    assert own == {"core"}
    assert mart_order({"a": {"b", "c"}, "b": own, "c": {"b"}}, {"core"}) == ["b", "c", "a"]


def test_an_unknown_table_and_a_circle_are_named() -> None:
    with pytest.raises(QueryError, match=r"'a' reads the unknown table 'tuch'.*'touch'"):
        mart_order({"a": {"tuch"}}, {"touch"})
    with pytest.raises(QueryError, match=r"in a circle: [ab] → [ab] → [ab]"):
        mart_order({"a": {"b"}, "b": {"a"}}, set())
