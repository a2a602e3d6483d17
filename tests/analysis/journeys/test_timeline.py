"""Journeys and origins over a small store: one company's story, told in order."""

from __future__ import annotations

import datetime as dt
from functools import cache
from typing import Any, cast

import pytest
from builders import default_agreement, make_store

from smarketing.analysis.attribution import asked, origin_records, origins
from smarketing.analysis.journeys import find
from smarketing.analysis.journeys.find import Found, resolve, search
from smarketing.analysis.journeys.paths import common_paths
from smarketing.analysis.journeys.timeline import journey
from smarketing.engine import DuckDBEngine, Filters
from smarketing.errors import UsageError
from smarketing.periods import parse_window

YEAR = parse_window("2026-01-01", "2027-01-01")


def touch(name: str, person: str, channel: str, at: str, **given: Any) -> dict[str, Any]:
    plain = {"touch_id": name, "person_id": person, "channel": channel, "occurred_at": at}
    return {**plain, "kind": "form", "side": "marketing", **given}


@cache
def store() -> DuckDBEngine:
    """Acme: a webinar and a form by Ada, a sales call, a deal of 100.00 won; Beta's was lost."""
    return make_store(
        {
            "account": [
                {"account_id": "acme", "name": "Acme", "domain": "acme.com"},
                {"account_id": "beta", "name": "Beta", "domain": "beta.com"},
            ],
            "person": [
                {"person_id": "ada", "account_id": "acme", "full_name": "Ada",
                 "email": "ada@acme.com"},
                {"person_id": "bob", "account_id": "acme", "full_name": "Bob"},
                {"person_id": "eve", "account_id": "beta", "full_name": "Eve"},
            ],
            "member": [
                {"member_id": "sam", "name": "Sam", "team": "sales_development"},
                {"member_id": "kim", "name": "Kim", "team": "sales"},
            ],
            "lead": [{"lead_id": "l1", "person_id": "ada", "created_at": "2026-01-10 10:00"}],
            "lead_stage_event": [
                {"lead_id": "l1", "stage": "mql", "entered_at": "2026-01-12 10:00"},
            ],
            "deal": [
                {"deal_id": "won", "account_id": "acme", "lead_id": "l1", "name": "Acme 1",
                 "amount": 10_000, "outcome": "won", "created_at": "2026-02-01 10:00",
                 "closed_at": "2026-03-01", "lead_source": "Webinar", "owner_id": "kim"},
                {"deal_id": "lost", "account_id": "beta", "name": "Beta 1", "amount": 5_000,
                 "outcome": "lost", "created_at": "2026-02-01 10:00",
                 "closed_at": "2026-03-05", "lead_source": "Cold call"},
                {"deal_id": "dark", "name": "Dark", "amount": 700, "outcome": "won",
                 "created_at": "2026-02-01 10:00", "closed_at": "2026-03-05"},
            ],
            "deal_contact": [
                {"deal_id": "won", "person_id": "ada", "is_primary": True, "role": "champion"},
                {"deal_id": "won", "person_id": "bob", "role": "buyer"},
                {"deal_id": "lost", "person_id": "eve"},
            ],
            "touch": [
                touch("t1", "ada", "webinar", "2026-01-05 09:00"),
                touch("t2", "ada", "paid search", "2026-01-10 09:00"),
                touch("t3", "bob", "phone", "2026-01-20 09:00", kind="call", side="sales",
                      actor_id="sam"),
                touch("t4", "eve", "phone", "2026-01-06 09:00", kind="call", side="sales",
                      actor_id="sam"),
                touch("t5", "eve", "webinar", "2026-01-08 09:00"),
            ],
        }
    )  # fmt: skip


def test_the_story_of_a_deal_is_told_in_order_with_credit() -> None:
    story = journey(store(), default_agreement(), "won", model="linear")
    assert [(event.type, event.what) for event in story.events] == [
        ("touch", "form"),
        ("touch", "form"),
        ("lead", "created"),
        ("stage", "mql"),
        ("touch", "call"),
        ("deal", "created"),
        ("deal", "won"),
    ]
    assert [event.credits.get("revenue") for event in story.events if event.type == "touch"] == [
        5_000, 5_000, None,
    ]  # fmt: skip
    assert [(person.name, person.role, person.is_primary) for person in story.people] == [
        ("Ada", "champion", True),
        ("Bob", "buyer", False),
    ]
    assert (story.deals[0].people_rule, story.deals[0].amount) == ("committee", 10_000)


def test_json_is_in_major_units_and_keeps_bare_days() -> None:
    document = journey(store(), default_agreement(), "won", model="linear").as_dict()
    first, last = document["events"][0], document["events"][-1]
    assert (first["at"], first["credit"], first["who"]) == (
        "2026-01-05T10:00:00+01:00",
        50.0,
        "Ada",
    )
    assert (last["at"], last["amount"], last["title"]) == ("2026-03-01", 100.0, "deal won: Acme 1")
    assert document["title"] == "deal Acme 1"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("acme", "acme"),
        ("Acme", "acme"),
        ("acme.com", "acme"),
        ("l1", "l1"),
        ("ada@acme.com", "ada"),
    ],
)
def test_anything_that_names_one_thing_finds_it(text: str, found: str) -> None:
    assert journey(store(), default_agreement(), text).unit_id == found


def test_an_account_shows_everyone_and_every_deal() -> None:
    story = journey(store(), default_agreement(), "acme")
    assert {person.person_id for person in story.people} == {"ada", "bob"}
    assert [deal.deal_id for deal in story.deals] == ["won"]
    assert {event.event_id for event in story.events if event.type == "touch"} == {"t1", "t2", "t3"}


def test_an_account_shows_the_deals_of_others_in_which_it_takes_part() -> None:
    engine = make_store(
        {
            "account": [{"account_id": i, "name": i.title()} for i in ("acme", "holding")],
            "deal": [{"deal_id": "d1", "account_id": "acme", "name": "Acme 1"}],
            "deal_account": [
                {"deal_id": "d1", "account_id": "acme", "is_primary": True},
                {"deal_id": "d1", "account_id": "holding", "is_primary": False},
            ],
        }
    )
    for account in ("acme", "holding"):
        assert [d.deal_id for d in journey(engine, default_agreement(), account).deals] == ["d1"]


def test_a_text_that_names_nothing_or_too_much_is_told() -> None:
    with pytest.raises(UsageError, match="No account, deal, lead or person matches 'zzz'"):
        journey(store(), default_agreement(), "zzz")
    with pytest.raises(UsageError, match="Give one of the ids"):
        journey(store(), default_agreement(), "a")
    with pytest.raises(UsageError, match="no credit to single touches"):
        journey(store(), default_agreement(), "won", model="markov")


def test_search_ranks_the_nearest_first_and_nothing_for_nothing() -> None:
    assert search(store(), "  ") == ()
    kinds = [(match.unit_kind, match.unit_id) for match in search(store(), "acme")]
    assert kinds[0] == ("account", "acme")
    assert ("deal", "won") in kinds and ("person", "ada") in kinds


def test_the_commonest_paths_count_won_and_lost() -> None:
    paths = common_paths(store(), asked(default_agreement(), YEAR, side="both"), by="side")
    told = {path.title: (path.units, path.won, path.lost, path.amount) for path in paths.paths}
    assert told == {
        "marketing → sales": (1, 1, 0, 10_000),
        "sales → marketing": (1, 0, 1, 0),
        "(no touch)": (1, 1, 0, 700),
    }
    won = common_paths(store(), asked(default_agreement(), YEAR), outcome="won", limit=1)
    assert (won.units, won.others) == (2, 1)
    assert paths.as_dict()["units"] == 3
    assert {path.title: path.unit_ids for path in paths.paths}["sales → marketing"] == ("lost",)


def test_paths_of_one_beginning_and_end_or_of_the_same_keys_are_one() -> None:
    def told(shape: str) -> dict[str, int]:
        settings = asked(default_agreement(), YEAR, side="both")
        found = common_paths(store(), settings, by="side", shape=shape)
        return {path.title: path.units for path in found.paths}

    assert told("ends") == {"marketing … sales": 1, "sales … marketing": 1, "(no touch)": 1}
    assert told("set") == {"marketing + sales": 2, "(no touch)": 1}
    with pytest.raises(UsageError, match=r"Unknown path shape 'end'.*ends"):
        told("end")


def test_every_deal_has_one_originator_under_each_test() -> None:
    answer = origins(store(), default_agreement(), YEAR, measure="pipeline")
    told = {
        test: {name: part.deals for name, part in parts.items() if part.deals}
        for test, parts in answer.tests.items()
    }
    assert told == {
        "lead_source": {"marketing": 1, "sales_development": 1, "unknown": 1},
        "first_touch": {"marketing": 1, "sales_development": 1, "unknown": 1},
        "before_sales": {"marketing": 1, "sales_development": 1, "unknown": 1},
    }
    assert (answer.influenced.deals, answer.influenced.amount) == (2, 15_000)
    assert (answer.sourced.deals, answer.sourced.amount) == (1, 10_000)
    assert answer.all_deals.deals == 3
    records = origin_records(store(), YEAR, measure="pipeline")
    assert int(records["amount"].sum()) == answer.all_deals.amount


def test_revenue_is_of_won_deals_only_and_filters_choose_deals() -> None:
    answer = origins(store(), default_agreement(), YEAR)
    assert (answer.all_deals.deals, answer.all_deals.amount) == (2, 10_700)
    assert answer.influenced.share == pytest.approx(10_000 / 10_700)
    none = origins(store(), default_agreement(), YEAR, filters=Filters.of(segment="nowhere"))
    assert (none.all_deals.deals, none.sourced.share) == (0, None)
    with pytest.raises(UsageError, match="measure 'leads'"):
        origins(store(), default_agreement(), YEAR, measure="leads")


@pytest.mark.parametrize(("known", "amount", "share"), [(9_000, 90.0, 1.0), (None, None, None)])
def test_a_deal_without_an_amount_is_in_no_share_and_counted(
    known: int | None, amount: float | None, share: float | None
) -> None:
    deals = [
        {"deal_id": one, "amount": worth, "outcome": "won", "lead_source": "Webinar",
         "created_at": "2026-02-01", "closed_at": "2026-03-01"}
        for one, worth in (("told", known), ("untold", None))
    ]  # fmt: skip
    found = origins(make_store({"deal": deals}), default_agreement(), YEAR)
    lacking = 1 if known else 2
    assert (found.all_deals.lacking, found.all_deals.is_untold) == (lacking, known is None)
    assert found.as_dict()["all"] == {
        "deals": 2, "amount": amount, "share": share, "lacking": lacking,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("matches", "meant"),
    [
        ([("lead", "l", 3), ("person", "p", 3), ("account", "a", 4)], "p"),
        ([("lead", "l", 3), ("account", "a", 3), ("deal", "d", 3)], "a"),
        ([("deal", "d", 2), ("deal", "e", 2), ("person", "p", 2)], "p"),
        ([("lead", "l", 1), ("person", "p", 2)], "l"),
        ([("lead", "l", 1), ("person", "p", 1)], None),
        ([("lead", "l", 4), ("person", "p", 4)], None),
        ([("lead", "l", 3), ("lead", "m", 3)], None),
        ([("lead", "l", 4)], "l"),
    ],
)
def test_of_what_a_text_may_name_the_widest_is_meant_but_of_two_ids_none(
    matches: list[tuple[str, str, int]], meant: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = [Found(kind, unit, unit.upper(), None, near) for kind, unit, near in matches]
    monkeypatch.setattr(find, "search", lambda *_, **__: found)
    if meant is None:
        with pytest.raises(UsageError, match=r"'x' matches 2 things: lead l \(L\), "):
            resolve(cast(Any, None), "x")
    else:
        assert resolve(cast(Any, None), "x").unit_id == meant


def test_a_lead_stands_where_its_latest_entry_or_its_source_says() -> None:
    lead = journey(store(), default_agreement(), "l1").leads[0]
    assert (lead.stage, lead.since_day, lead.owner, lead.account) == (
        "customer",
        dt.date(2026, 3, 1),
        None,
        "Acme",
    )
