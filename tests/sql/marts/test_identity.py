"""Who is who in the base marts: people, accounts and campaigns of several sources made one."""

from __future__ import annotations

import pytest
from builders import make_store, rows

from smarketing.build.marts.domains import company_domain


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
