"""Attribution over a store: hand-computed windows, roles, filters, spend, intervals, errors."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from functools import cache
from typing import Any

import pytest
from attribution_store import AttributionStore

from smarketing.agreement import Agreement, load_agreement
from smarketing.agreement.attribution import CustomModel, GrossMargin, RoleWeights
from smarketing.analysis.attribution import (
    Attribution,
    asked,
    attribution,
    attributions,
    ledger,
    unattributed,
)
from smarketing.analysis.attribution.question import _plain
from smarketing.analysis.attribution.settings import checked_lookback
from smarketing.engine import Filters
from smarketing.errors import QueryError, UsageError
from smarketing.periods import parse_period, parse_window

YEAR = parse_window("2026-01-01", "2027-01-01")


@cache
def agreement() -> Agreement:
    return load_agreement()


def changed(**attribution_: Any) -> Agreement:
    rules = agreement().attribution.model_copy(update=attribution_)
    return agreement().model_copy(update={"attribution": rules})


def at(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text)


def one_deal(touches: Mapping[str, str], **deal: Any) -> AttributionStore:
    """One won deal over 100.00 with one contact, created 1 June, closed 1 July at noon."""
    plain = {
        "deal_id": "d1",
        "amount": 10_000,
        "created_at": at("2026-06-01 12:00"),
        "closed_at": at("2026-07-01 12:00"),
    }
    return AttributionStore(
        deals=[plain | deal],
        people=[{"person_id": "p1", "account_id": "a1"}],
        contacts=[{"deal_id": "d1", "person_id": "p1", "is_primary": True}],
        touches=[
            {"touch_id": name, "person_id": "p1", "channel": name, "occurred_at": at(when)}
            for name, when in touches.items()
        ],
    )


def credits(store: AttributionStore, model: str, **with_: Any) -> dict[str, int]:
    answer = attribution(
        store.engine(agreement()), agreement(), window=YEAR, model=model, intervals=False, **with_
    )
    assert isinstance(answer, Attribution)
    return {row.key: row.credit for row in answer.rows if row.credit}


def test_the_window_is_exact_and_closed_at_both_ends() -> None:
    store = one_deal(
        {
            "too early": "2025-12-03 11:59:59",
            "at the start": "2025-12-03 12:00",
            "at the close": "2026-07-01 12:00",
            "too late": "2026-07-01 12:00:01",
        }
    )
    assert credits(store, "linear") == {"at the start": 5_000, "at the close": 5_000}
    assert credits(store, "linear", lookback_days=179) == {"at the close": 10_000}


def test_a_deal_closed_on_a_day_counts_the_touches_of_that_day() -> None:
    store = one_deal(
        {"that morning": "2026-07-01 10:00", "the day after": "2026-07-02 00:00"},
        closed_at=at("2026-07-01"),
        closed_has_time=False,
    )
    assert credits(store, "last") == {"that morning": 10_000}


def test_without_a_known_creation_the_window_runs_back_from_the_close() -> None:
    store = one_deal({"outside": "2026-01-02 11:00", "inside": "2026-01-02 12:00"}, created_at=None)
    assert credits(store, "first") == {"inside": 10_000}


def test_a_renewal_starts_after_the_previous_win() -> None:
    store = one_deal(
        {"for the first": "2026-03-01 10:00", "for the renewal": "2026-06-05 10:00"},
        kind="renewal",
        account_id="a1",
    )
    store.deals.append(
        {
            "deal_id": "d0",
            "account_id": "a1",
            "amount": 0,
            "created_at": at("2026-02-01 12:00"),
            "closed_at": at("2026-03-01 00:00"),
            "closed_has_time": False,
        }
    )
    assert credits(store, "linear") == {"for the renewal": 10_000}


def test_pipeline_and_revenue_each_start_after_the_win_before_their_own_anchor() -> None:
    """A renewal opened on 1 June and won on 1 July; the account's other deal was won on 15 June."""
    store = one_deal(
        {"in may": "2026-05-20 10:00", "after": "2026-06-20 10:00"},
        kind="renewal", account_id="a1",
    )  # fmt: skip
    store.deals.append(
        {"deal_id": "d0", "account_id": "a1", "amount": 0, "created_at": at("2026-01-01 12:00"),
         "closed_at": at("2026-06-15 12:00")}
    )  # fmt: skip
    assert credits(store, "linear", measure="pipeline") == {"in may": 10_000}
    assert credits(store, "linear", measure="revenue") == {"after": 10_000}


def test_a_touch_without_a_person_counts_once_for_its_lead_and_its_account() -> None:
    """Of the carrier lead and the account, on the lead alone, of the account alone, of neither."""
    store = one_deal({}, account_id="a1", carrier_lead_id="l1")
    store.contacts = []
    store.leads = [{"lead_id": "l1", "person_id": None, "created_at": at("2026-05-01 10:00")}]
    places = {
        "both": ("l1", "a1"), "lead alone": ("l1", None), "account alone": (None, "a1"),
        "other lead": ("l9", "a1"), "neither": (None, None),
    }  # fmt: skip
    store.touches = [
        {"touch_id": name, "person_id": None, "lead_id": lead, "account_id": account,
         "channel": name, "occurred_at": at(f"2026-05-{day} 10:00")}
        for day, (name, (lead, account)) in enumerate(places.items(), start=10)
    ]  # fmt: skip
    by_lead = {"both": 5_000, "lead alone": 5_000}
    by_account = {"both": 3_333, "account alone": 3_334, "other lead": 3_333}
    assert credits(store, "linear", people="lead") == by_lead
    assert credits(store, "linear", people="account") == by_account
    # Nobody is named on the deal or its lead: the account is all there is.
    assert credits(store, "linear") == by_account


def test_roles_are_held_and_summed() -> None:
    store = one_deal(
        {"ad": "2026-05-01 10:00", "form": "2026-05-10 10:00", "event": "2026-06-10 10:00",
         "demo": "2026-06-20 10:00"},
        carrier_lead_id="l1",
    )  # fmt: skip
    store.leads = [{"lead_id": "l1", "person_id": "p1", "created_at": at("2026-05-10 09:00")}]
    # form came within 24 h of the lead and is the last before the deal: 30 + 30; others share 10.
    assert credits(store, "w_shaped") == {"ad": 3_000, "form": 6_000, "event": 500, "demo": 500}
    assert credits(store, "full_path") == {
        "ad": 2_250, "form": 4_500, "event": 1_000, "demo": 2_250,
    }  # fmt: skip
    store.leads[0] = {**store.leads[0], "created_by_touch_id": "ad"}
    assert credits(store, "w_shaped") == {"ad": 6_000, "form": 3_000, "event": 500, "demo": 500}


def test_a_role_that_no_touch_holds_is_split_over_those_held() -> None:
    store = one_deal({"ad": "2026-06-10 10:00", "demo": "2026-06-20 10:00"}, carrier_lead_id=None)
    # No lead, nothing before the deal: first touch holds 30 and gets the 60 of the empty roles.
    assert credits(store, "w_shaped") == {"ad": 9_000, "demo": 1_000}
    # Full path: first and close hold 22.5 each and share the 45 of lead and deal and the middle 10.
    assert credits(store, "full_path") == {"ad": 5_000, "demo": 5_000}


def test_one_touch_takes_all_and_three_share_to_the_cent() -> None:
    one = one_deal({"ad": "2026-06-10 10:00"})
    for answer in attributions(one.engine(agreement()), agreement(), asked(agreement(), YEAR)):
        assert {row.key: row.credit for row in answer.rows if row.credit} == {"ad": 10_000}
    three = one_deal({"a": "2026-06-10 10:00", "b": "2026-06-11 10:00", "c": "2026-06-12 10:00"})
    # 3333.33, 6666.67, 10000 run up to 3333, 6667, 10000.
    assert credits(three, "linear") == {"a": 3_333, "b": 3_334, "c": 3_333}


@pytest.mark.parametrize("model", ["shapley_set", "markov_deal"])
def test_the_name_of_a_key_moves_no_cent(model: str) -> None:
    # Thirds of 100.00 in touch order: 33.33, 33.34, 33.33, whatever the keys are called.
    for names in ("abc", "cab", "bca"):
        days = {name: f"2026-06-1{day} 10:00" for day, name in enumerate(names)}
        assert list(credits(one_deal(days), model).items()) == [
            (name, 3_334 if name == names[1] else 3_333) for name in (names[1], *sorted(names[::2]))
        ]


def test_ties_go_by_the_agreed_kinds_then_by_id() -> None:
    touches = [
        {"touch_id": name, "person_id": "p1", "channel": name, "kind": kind,
         "occurred_at": at("2026-06-10 10:00")}
        for name, kind in (("t1", "visit"), ("t2", "form"))
    ]  # fmt: skip
    store = one_deal({})
    store.touches = touches
    assert credits(store, "first") == {"t1": 10_000}
    agreed = load_agreement()
    from smarketing.agreement.attribution import KindPriority

    rules = agreed.attribution.model_copy(
        update={"kind_priority": (KindPriority(kind="form", priority=1),)}
    )
    agreed = agreed.model_copy(update={"attribution": rules})
    answer = attribution(store.engine(agreed), agreed, window=YEAR, model="first")
    assert isinstance(answer, Attribution)
    assert answer.rows[0].key == "t2"


def test_excluded_kinds_and_sales_touches_wait_until_asked_for() -> None:
    store = one_deal({"ad": "2026-06-10 10:00"})
    store.touches += [
        {"touch_id": "o", "person_id": "p1", "kind": "email_open", "channel": "email",
         "occurred_at": at("2026-06-09 10:00")},
        {"touch_id": "c", "person_id": "p1", "kind": "call", "side": "sales", "channel": "phone",
         "occurred_at": at("2026-06-08 10:00")},
    ]  # fmt: skip
    assert credits(store, "first") == {"ad": 10_000}
    assert credits(store, "first", side="both") == {"phone": 10_000}
    assert credits(store, "first", kinds=("email_open", "form")) == {"email": 10_000}


def test_why_a_deal_is_unattributed() -> None:
    def deal(name: str, **given: Any) -> dict[str, Any]:
        base = {"created_at": at("2026-06-01 12:00"), "closed_at": at("2026-07-01 12:00")}
        return {"deal_id": name, "amount": 100, **base, **given}

    names = ("nobody", "silent", "sales", "opened", "undated", "long ago")
    store = AttributionStore(
        deals=[deal(name) for name in names],
        contacts=[
            {"deal_id": name, "person_id": name, "is_primary": False} for name in names[1:]
        ],
        touches=[
            {"touch_id": "1", "person_id": "sales", "side": "sales",
             "occurred_at": at("2026-06-10 10:00")},
            {"touch_id": "2", "person_id": "opened", "kind": "email_open",
             "occurred_at": at("2026-06-10 10:00")},
            {"touch_id": "3", "person_id": "undated", "occurred_at": None, "is_usable": False},
            {"touch_id": "4", "person_id": "long ago", "occurred_at": at("2020-06-10 10:00")},
        ],
    )  # fmt: skip
    engine = store.engine(agreement())
    why = unattributed(engine, asked(agreement(), YEAR))
    assert dict(zip(why["unit_id"], why["reason"], strict=True)) == {
        "nobody": "no people",
        "silent": "no touch",
        "sales": "only touches of the other side",
        "opened": "only kinds that do not count",
        "undated": "only touches without a usable time",
        "long ago": "only touches outside the window",
    }
    rows = ledger(engine, agreement(), asked(agreement(), YEAR), model="linear")
    assert rows["credit"].sum() == 600
    assert set(rows["reason"]) == set(why["reason"])
    assert set(rows["key"]) == {"(unattributed)"}


def test_deals_without_close_date_or_rate_make_no_wrong_sum() -> None:
    store = one_deal({"ad": "2026-06-10 10:00"})
    store.deals += [
        {"deal_id": "d2", "amount": 500, "created_at": at("2026-06-01 12:00"), "closed_at": None},
        {"deal_id": "d3", "amount": None, "created_at": at("2026-06-01 12:00"),
         "closed_at": at("2026-07-01 12:00")},
    ]  # fmt: skip
    assert credits(store, "linear") == {"ad": 10_000}
    pipeline = credits(store, "linear", measure="pipeline")
    assert pipeline == {"(unattributed)": 10_500}


def test_two_primaries_on_one_deal_count_both_once() -> None:
    store = one_deal({"ad": "2026-06-10 10:00"})
    store.contacts.append({"deal_id": "d1", "person_id": "p2", "is_primary": True})
    store.touches.append(
        {"touch_id": "t2", "person_id": "p2", "channel": "event",
         "occurred_at": at("2026-06-11 10:00")}
    )  # fmt: skip
    assert credits(store, "linear", people="primary") == {"ad": 5_000, "event": 5_000}


def test_touch_filters_choose_rows_and_deal_filters_choose_deals() -> None:
    store = one_deal({"ad": "2026-06-10 10:00", "event": "2026-06-11 10:00"}, segment="large")
    only_ad = Filters.of(channel="ad")
    assert credits(store, "linear", filters=only_ad) == {"ad": 5_000}
    assert credits(store, "shapley_set", filters=only_ad) == {"ad": 5_000}
    assert credits(store, "linear", filters=Filters.of(segment="small")) == {}
    with pytest.raises(UsageError, match="cannot be narrowed by kind"):
        credits(store, "markov", filters=Filters.of(kind="form"))


def test_a_share_is_of_the_whole_whatever_touches_are_chosen() -> None:
    store = one_deal({"ad": "2026-06-10 10:00", "event": "2026-06-11 10:00"})

    def answer(**with_: Any) -> Attribution:
        found = attribution(
            store.engine(agreement()),
            agreement(),
            window=YEAR,
            model="linear",
            by="channel",
            **with_,
        )
        assert isinstance(found, Attribution)
        return found

    whole, only_ad = answer(), answer(filters=Filters.of(channel="ad"))
    (row,) = only_ad.rows
    assert row == next(r for r in whole.rows if r.key == "ad")
    assert (row.share, only_ad.total, only_ad.whole) == (0.5, 5_000, 10_000)
    other = answer(filters=Filters.of(kind="page_view"))
    assert (other.total, other.whole) == (0, 10_000)


def test_nothing_won_where_nothing_is_recorded_is_not_zero() -> None:
    engine, before = one_deal({}).engine(agreement()), parse_window("2020-01-01", "2021-01-01")
    found = attribution(engine, agreement(), window=before, model="linear", by="channel")
    assert isinstance(found, Attribution)
    assert found.reason and "begin" in found.reason
    assert found.as_dict()["total"] is None


def test_custom_models_come_from_the_agreement() -> None:
    weights = RoleWeights(first=0.5, deal_creation=0.3, middle=0.2)
    agreed = changed(custom_models=(CustomModel(id="ours", label="Ours", weights=weights),))
    store = one_deal({"a": "2026-05-10 10:00", "b": "2026-05-20 10:00", "c": "2026-06-12 10:00"})
    engine = store.engine(agreed)
    answer = attribution(engine, agreed, window=YEAR, model="ours")
    assert isinstance(answer, Attribution)
    assert {row.key: row.credit for row in answer.rows if row.credit} == {
        "a": 5_000, "b": 3_000, "c": 2_000,
    }  # fmt: skip
    rows = ledger(engine, agreed, asked(agreed, YEAR), model="ours")
    assert rows["weight"].tolist() == pytest.approx([0.5, 0.3, 0.2])
    assert rows["roles"].tolist() == ["first touch", "deal creation", "close"]
    names = [part.model for part in attributions(engine, agreed, asked(agreed, YEAR))]
    assert "ours" in names


def spent(**cost: Any) -> AttributionStore:
    store = one_deal({"ad": "2026-06-10 10:00", "event": "2026-06-11 10:00"})
    store.costs = [
        {"cost_id": "c1", "incurred_on": dt.date(2026, 5, 1), "category": "media",
         "cost_amount": 1_000, "channel": "ad"},
        {"cost_id": "c2", "incurred_on": dt.date(2026, 5, 2), "category": "media",
         "cost_amount": 1_500, "channel": "ad"},
        {"cost_id": "c3", "incurred_on": dt.date(2026, 5, 2), "category": "event",
         "cost_amount": 4_000, "channel": "event"},
        {"cost_id": "c4", "incurred_on": dt.date(2026, 5, 2), "category": "media",
         "cost_amount": 700, "channel": "print"},
        # Of what names no campaign only marketing's stands beside credit; a campaign's all does.
        {"cost_id": "c5", "incurred_on": dt.date(2026, 5, 2), "category": "salary",
         "team": "sales", "cost_amount": 90_000, "channel": "print"},
        {"cost_id": "c6", "incurred_on": dt.date(2026, 5, 2), "category": "tool",
         "team": "sales", "campaign_id": "cold", "cost_amount": 300, "channel": "print"},
    ]  # fmt: skip
    return store


def test_cost_meets_credit_after_both_are_summed() -> None:
    agreed = changed(gross_margin=(GrossMargin(starts_on=dt.date(2020, 1, 1), margin=0.8),))
    answer = attribution(spent().engine(agreed), agreed, window=YEAR, model="linear")
    assert isinstance(answer, Attribution)
    ad, event, paper = (answer.row(key) for key in ("ad", "event", "print"))
    assert ad and event and paper
    assert (ad.cost, ad.roas) == (2_500, 2.0)
    assert ad.romi == pytest.approx((5_000 * 0.8 - 2_500) / 2_500)
    assert (event.cost, event.roas, event.romi) == (4_000, None, 0.0)
    assert (paper.credit, paper.cost, paper.roas, paper.romi) == (0, 1_000, 0.0, -1.0)
    assert answer.as_dict()["rows"][0]["cost"] in (25.0, 40.0)


def test_the_margin_is_that_of_the_revenues_date() -> None:
    margins = (
        GrossMargin(starts_on=dt.date(2020, 1, 1), margin=0.5),
        GrossMargin(starts_on=dt.date(2026, 6, 15), margin=0.9),
    )
    agreed = changed(gross_margin=margins)
    answer = attribution(spent().engine(agreed), agreed, window=YEAR, model="linear")
    assert isinstance(answer, Attribution)
    ad = answer.row("ad")
    assert ad and ad.romi == pytest.approx((5_000 * 0.9 - 2_500) / 2_500)


def test_costs_are_not_compared_under_filters_they_do_not_know() -> None:
    answer = attribution(
        spent().engine(agreement()),
        agreement(),
        window=YEAR,
        model="linear",
        filters=Filters.of(segment="mid"),
    )
    assert isinstance(answer, Attribution)
    assert all(row.cost is None and row.roas is None for row in answer.rows)


def many_deals(count: int) -> AttributionStore:
    """Deals of one account each, every third lost, over three channels."""
    store = AttributionStore()
    for number in range(count):
        name = f"{number:03}"
        store.deals.append({
            "deal_id": name, "account_id": name, "amount": 1_000 + number,
            "outcome": "lost" if number % 3 == 2 else "won",
            "created_at": at("2026-06-01 12:00"), "closed_at": at("2026-07-01 12:00"),
        })  # fmt: skip
        store.contacts.append({"deal_id": name, "person_id": name, "is_primary": True})
        for place in range(1 + number % 4):
            store.touches.append({
                "touch_id": f"{name}-{place}", "person_id": name,
                "channel": ("ads", "email", "events")[(number // 3 + place) % 3],
                "occurred_at": at("2026-06-02 12:00") + dt.timedelta(days=place),
            })  # fmt: skip
    return store


def test_intervals_hold_the_share_and_are_the_same_every_time() -> None:
    engine = many_deals(120).engine(agreement())
    once, again = (attributions(engine, agreement(), asked(agreement(), YEAR)) for _ in range(2))
    assert once == again
    for answer in once:
        for row in answer.rows[:-1]:
            assert row.low is not None and row.high is not None and row.share is not None
            assert row.low < row.share < row.high, answer.model
            assert row.high - row.low < 0.5
            assert row.rank_held is not None and 0 < row.rank_held <= 1
            assert row.greyed is None
    ended = {answer.model: answer.total for answer in once}
    assert len(set(ended.values())) == 1


def test_higher_orders_have_intervals_too() -> None:
    engine = many_deals(90).engine(agreement())
    for order in (2, 3):
        answer = attribution(engine, agreement(), window=YEAR, model="markov", order=order)
        assert isinstance(answer, Attribution)
        for row in answer.rows[:-1]:
            assert row.low is not None and row.share is not None and row.high is not None
            assert row.low <= row.share <= row.high
            assert row.removal_effect is not None and 0 <= row.removal_effect <= 1


def test_few_journeys_grey_the_models_that_learn() -> None:
    engine = many_deals(30).engine(agreement())
    learnt = attribution(engine, agreement(), window=YEAR, model="markov")
    plain = attribution(engine, agreement(), window=YEAR, model="linear")
    assert isinstance(learnt, Attribution) and isinstance(plain, Attribution)
    assert learnt.rows[0].greyed == "only 20 converting journeys, at least 50 are needed"
    assert plain.rows[0].greyed is None


def test_nothing_won_leaves_pipeline_unattributed_with_a_note() -> None:
    store = one_deal({"ad": "2026-05-10 10:00"}, outcome="open", closed_at=None)
    answer = attribution(
        store.engine(agreement()), agreement(), window=YEAR, model="markov", measure="pipeline"
    )
    assert isinstance(answer, Attribution)
    assert answer.unattributed == answer.total == 10_000
    assert any("nothing to learn" in note for note in answer.notes)


def test_the_json_has_the_agreed_keys_and_major_units() -> None:
    store = one_deal({"ad": "2026-06-10 10:00"})
    answer = attribution(store.engine(agreement()), agreement(), window=YEAR, model="first")
    assert isinstance(answer, Attribution)
    document = answer.as_dict()
    assert list(document) == [
        "model", "measure", "from", "to", "lookback_days", "side", "people", "deals", "total",
        "whole", "reason", "unattributed", "returns_by", "cost_reason", "rows",
    ]  # fmt: skip
    assert list(document["rows"][0]) == [
        "key", "credit", "share", "deals", "cost", "roas", "low", "high", "returned", "romi",
        "cost_per_lead",
    ]  # fmt: skip
    assert (document["total"], document["from"], document["to"]) == (
        100.0, "2026-01-01", "2027-01-01",
    )  # fmt: skip
    assert [row["key"] for row in document["rows"]] == ["ad", "(unattributed)"]


def test_an_empty_store_answers_with_nothing() -> None:
    engine = AttributionStore().engine(agreement())
    for measure in ("revenue", "pipeline", "leads"):
        question = asked(agreement(), YEAR, measure=measure)
        for answer in attributions(engine, agreement(), question):
            assert (answer.total, answer.deals, answer.unattributed) == (0, 0, 0)
            assert ledger(engine, agreement(), question, model=answer.model).empty


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"model": "postion"}, "Did you mean 'position'"),
        ({"measure": "revenues"}, "Did you mean 'revenue'"),
        ({"side": "marketting"}, "Did you mean 'marketing'"),
        ({"people": "comittee"}, "Did you mean 'committee'"),
        ({"by": "chanel"}, "Did you mean 'channel'"),
        ({"kinds": ("from",)}, "Did you mean 'form'"),
        ({"kinds": ()}, "kinds is empty"),
        ({"lookback_days": 0}, "from 1 to 730"),
        ({"lookback_days": -5}, "from 1 to 730"),
        ({"lookback_days": True}, "whole number of days from 1 to 730, not True"),
        ({"lookback_days": 731}, "longer than the agreement's max_lookback_days"),
        ({"half_life_days": -1.0}, "above 0"),
        ({"order": 5}, "1, 2 or 3"),
    ],
)
def test_wrong_questions_are_told(wrong: dict[str, Any], said: str) -> None:
    with pytest.raises(UsageError, match=said):
        credits(one_deal({"ad": "2026-06-10 10:00"}), wrong.pop("model", "linear"), **wrong)


def test_the_agreed_lookback_is_the_default_and_the_longest_is_allowed() -> None:
    agreement = load_agreement()
    assert [checked_lookback(agreement, days) for days in (None, 1, 730)] == [180, 1, 730]


def test_a_question_has_credit_of_the_models_asked_for_alone() -> None:
    asked_for = _plain("attribution/ledger", ("linear",)).named_selects
    assert "linear_credit" in asked_for
    assert not [name for name in asked_for if name.startswith(("first_", "custom_"))]
    every = _plain("attribution/ledger", None).named_selects
    assert {"first_credit", "linear_credit"} <= set(every)
    with pytest.raises(QueryError, match=r"attribution/ledger' has no credit of the model 'lin'\."):
        _plain("attribution/ledger", ("linear", "lin"))


@pytest.mark.parametrize("more", [{}, {"lookback_days": 90}, {"model": "markov"}])
def test_only_what_closed_in_the_window_is_credited(more: dict[str, Any]) -> None:
    # Closed on 1 July.
    store = one_deal({"ad": "2026-06-10 10:00"})
    engine = store.engine(agreement())
    for window, total in (("2026-06", 0), ("2026-07", 10_000), ("2026-08", 0)):
        answer = attribution(
            engine, agreement(), window=parse_period(window), intervals=False,
            **({"model": "linear"} | more),
        )  # fmt: skip
        assert isinstance(answer, Attribution) and answer.total == total
        assert sum(row.credit for row in answer.rows) == total
