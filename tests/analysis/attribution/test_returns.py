"""Returns by the day of the close and by that of the touch, at the margin of the revenue's day."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from attribution_store import AttributionStore

from smarketing.agreement import Agreement, load_agreement
from smarketing.agreement.attribution import GrossMargin
from smarketing.analysis.attribution import (
    Attribution,
    CreditRow,
    asked,
    attribution,
    attributions,
    ledger,
    returned,
)
from smarketing.analysis.attribution.returns import NO_TOUCH_DATES
from smarketing.engine import DuckDBEngine, Filters
from smarketing.errors import UsageError
from smarketing.periods import parse_window

MAY = parse_window("2026-05-01", "2026-06-01")
JULY = parse_window("2026-07-01", "2026-08-01")
BOTH = parse_window("2026-05-01", "2026-08-01")


def agreement(*margins: tuple[str, float]) -> Agreement:
    agreed = load_agreement()
    changes = tuple(GrossMargin(starts_on=dt.date.fromisoformat(d), margin=m) for d, m in margins)
    rules = agreed.attribution.model_copy(update={"gross_margin": changes})
    return agreed.model_copy(update={"attribution": rules})


#: Half of June's revenue is margin, nine tenths of July's.
AGREED = agreement(("2020-01-01", 0.5), ("2026-07-01", 0.9))


def store() -> AttributionStore:
    """Two deals: 100.00 closed in June, 200.00 in July; touches and spend of May, June, July."""

    def deal(name: str, amount: int, closed: str) -> dict[str, Any]:
        moment = dt.datetime.fromisoformat(closed)
        created = dt.datetime(2026, 5, 20, 12)
        return {
            "deal_id": name, "amount": amount, "closed_at": moment, "created_at": created,
            "account_id": name,
        }  # fmt: skip

    touches = [("d1", "ad", "2026-05-10"), ("d1", "event", "2026-06-10"),
               ("d2", "ad", "2026-05-31"), ("d2", "mail", "2026-07-01")]  # fmt: skip
    spent = [("ad", "2026-05-02", 2_500), ("event", "2026-06-02", 1_000), ("ad", "2026-07-02", 500),
             ("print", "2026-05-03", 700)]  # fmt: skip
    return AttributionStore(
        deals=[deal("d1", 10_000, "2026-06-20 12:00"), deal("d2", 20_000, "2026-07-20 12:00")],
        people=[{"person_id": f"p{name}"} for name in ("d1", "d2")],
        contacts=[
            {"deal_id": d, "person_id": f"p{d}", "is_primary": True} for d in ("d1", "d2")
        ],
        touches=[
            {"touch_id": f"t{n}", "person_id": f"p{d}", "channel": channel,
             "occurred_at": dt.datetime.fromisoformat(f"{day} 23:30")}
            for n, (d, channel, day) in enumerate(touches)
        ],
        costs=[
            {"cost_id": f"c{n}", "incurred_on": dt.date.fromisoformat(day), "category": "media",
             "cost_amount": amount, "channel": channel}
            for n, (channel, day, amount) in enumerate(spent)
        ],
    )  # fmt: skip


@pytest.fixture(scope="module")
def engine() -> DuckDBEngine:
    return store().engine(AGREED)


def row(engine: DuckDBEngine, key: str, agreed: Agreement = AGREED, **with_: Any) -> CreditRow:
    answer = attribution(engine, agreed, **{"model": "linear", "intervals": False} | with_)
    assert isinstance(answer, Attribution)
    found = answer.row(key)
    assert found is not None
    return found


def test_the_spend_of_may_comes_back_with_the_deals_of_june_and_july(engine: DuckDBEngine) -> None:
    # By the close nothing of May's: no deal closed in it.
    by_close = row(engine, "ad", window=MAY)
    assert (by_close.credit, by_close.returned, by_close.cost) == (0, 0, 2_500)
    assert (by_close.roas, by_close.romi) == (0.0, -1.0)
    # By the touch half of both deals, at the margin of the day on which each was won.
    by_touch = row(engine, "ad", window=MAY, returns_by="touch")
    assert (by_touch.credit, by_touch.returned) == (0, 15_000)
    assert by_touch.roas == 15_000 / 2_500
    assert by_touch.romi == pytest.approx((5_000 * 0.5 + 10_000 * 0.9 - 2_500) / 2_500)
    # A touch at 23:30 of 31 May is May's; what brought nothing back has lost its cost.
    paper = row(engine, "print", window=MAY, returns_by="touch")
    assert (paper.returned, paper.roas, paper.romi) == (0, 0.0, -1.0)


def test_credit_stays_that_of_the_close_and_adds_up(engine: DuckDBEngine) -> None:
    for returns_by in ("close", "touch"):
        settings = asked(AGREED, JULY, returns_by=returns_by)
        for answer in attributions(engine, AGREED, settings, intervals=False):
            assert (answer.total, answer.deals) == (20_000, 1)
            assert sum(r.credit for r in answer.rows) == 20_000


@pytest.mark.parametrize(
    ("window", "returns_by"), [(MAY, "touch"), (JULY, "touch"), (JULY, "close")]
)
def test_what_came_back_is_the_sum_of_its_ledger_rows(
    engine: DuckDBEngine, window: Any, returns_by: str
) -> None:
    settings = asked(AGREED, window, returns_by=returns_by, lookback_days=90)
    for answer in attributions(engine, AGREED, settings, intervals=False):
        rows = returned(engine, AGREED, settings, model=answer.model)
        sums = rows.groupby("key")["credit"].sum()
        given = {r.key: r.returned for r in answer.rows if r.returned}
        assert sums[sums != 0].to_dict() == given, answer.model
    parts = returned(engine, AGREED, settings, model="linear", key="ad")
    assert parts["credit"].sum() == sums_of(engine, settings)


def sums_of(engine: DuckDBEngine, settings: Any) -> int:
    [answer] = attributions(engine, AGREED, settings, model="linear", intervals=False)
    found = answer.row("ad")
    return (found.returned or 0) if found else 0


def test_models_by_key_take_the_margin_of_each_deals_day(engine: DuckDBEngine) -> None:
    # shapley_set: half of each deal to ad; 5,000 at 0.5 and 10,000 at 0.9.
    ad = row(engine, "ad", window=BOTH, model="shapley_set")
    assert ad.romi == pytest.approx((5_000 * 0.5 + 10_000 * 0.9 - 3_000) / 3_000)
    # markov shares out the whole of 30,000, whose margin is 10,000 x 0.5 + 20,000 x 0.9.
    ad = row(engine, "ad", window=BOTH, model="markov")
    share = ad.credit / 30_000
    assert ad.romi == pytest.approx((share * 23_000 - 3_000) / 3_000, abs=1e-3)
    # In one margin's window it is the credit times that margin.
    july = row(engine, "ad", window=JULY, model="markov_deal")
    assert july.romi == pytest.approx((july.credit * 0.9 - 500) / 500)


def test_models_by_key_cannot_tell_returns_by_touch_and_say_so(engine: DuckDBEngine) -> None:
    settings = asked(AGREED, MAY, returns_by="touch")
    [answer] = attributions(engine, AGREED, settings, model="markov", intervals=False)
    assert NO_TOUCH_DATES in answer.notes
    assert all(r.roas is None and r.romi is None and r.returned is None for r in answer.rows)
    assert next(r.cost for r in answer.rows if r.key == "ad") == 2_500
    assert returned(engine, AGREED, settings, model="markov_deal").empty


def test_before_the_first_margin_agreed_there_is_no_romi(engine: DuckDBEngine) -> None:
    late = agreement(("2026-07-01", 0.9))
    half_known = store().engine(late)
    by_touch = row(half_known, "ad", late, window=MAY, returns_by="touch")
    assert (by_touch.roas, by_touch.romi) == (6.0, None)
    assert row(half_known, "ad", late, window=BOTH).romi is None
    assert row(half_known, "ad", late, window=BOTH, model="shapley_set").romi is None
    assert row(half_known, "ad", late, window=JULY).romi == pytest.approx(
        (10_000 * 0.9 - 500) / 500
    )


def test_a_lead_has_a_cost_by_either_day() -> None:
    leads = store()
    leads.leads = [
        {"lead_id": f"l{n}", "person_id": f"pd{n}", "created_at": dt.datetime(2026, 7, 1, 23, 45)}
        for n in (1, 2)
    ]
    engine = leads.engine(AGREED)
    # d1's person: ad and event; d2's: ad and mail. So ad has half of each of two leads of July.
    july = row(engine, "ad", window=JULY, measure="leads")
    assert (july.returned, july.cost, july.cost_per_lead, july.roas) == (
        1_000_000,
        500,
        500.0,
        None,
    )
    may = row(engine, "ad", window=MAY, measure="leads", returns_by="touch")
    assert (may.credit, may.cost_per_lead) == (0, 2_500.0)
    document = attribution(engine, AGREED, window=JULY, model="linear", measure="leads")
    assert isinstance(document, Attribution)
    shown = {r["key"]: r for r in document.as_dict()["rows"]}
    assert (shown["ad"]["cost_per_lead"], shown["ad"]["returned"]) == (5.0, 1.0)
    assert document.as_dict()["returns_by"] == "close"


def test_filters_and_wrong_words(engine: DuckDBEngine) -> None:
    found = row(engine, "ad", window=JULY, filters=Filters.of(segment="mid"), returns_by="touch")
    assert (found.cost, found.returned, found.roas) == (None, None, None)
    one = Filters.of(channel="ad")
    assert row(engine, "ad", window=MAY, filters=one, returns_by="touch").returned == 15_000
    with pytest.raises(UsageError, match=r"Unknown date of returns 'tuch'\. Did you mean 'touch'"):
        row(engine, "ad", window=MAY, returns_by="tuch")


def test_an_empty_store_returns_nothing() -> None:
    engine = AttributionStore().engine(AGREED)
    settings = asked(AGREED, MAY, returns_by="touch")
    for answer in attributions(engine, AGREED, settings):
        assert [(r.credit, r.returned) for r in answer.rows] == [(0, None)]
        assert returned(engine, AGREED, settings, model=answer.model).empty
    assert ledger(engine, AGREED, settings, model="linear").empty
