"""Why a KPI changed: every effect by hand, and effects that add up."""

from __future__ import annotations

import pytest
from builders import default_agreement, make_store
from hypothesis import given, settings
from hypothesis import strategies as st

from smarketing.agreement import parse_agreement
from smarketing.analysis.kpis.change import Change, explain_change
from smarketing.analysis.kpis.effects import Effect, Size, effects_of_ratio, effects_of_sum
from smarketing.analysis.kpis.parts import parts_of
from smarketing.engine import DuckDBEngine
from smarketing.errors import UsageError

AGREEMENT = default_agreement()
APRIL, MAY, JUNE = (AGREEMENT.parse_period(f"2026-0{month}") for month in (4, 5, 6))


def store(*groups: tuple[str, str, int, int, int]) -> DuckDBEngine:
    """Deals as (month, segment's account, won, lost, amount each in minor units)."""
    deals = []
    for month, account, won, lost, amount in groups:
        for number in range(won + lost):
            deals.append(
                {
                    "deal_id": f"{month}{account}{number}",
                    "account_id": account,
                    "outcome": "won" if number < won else "lost",
                    "amount": amount,
                    "created_at": "2026-01-01 10:00",
                    "closed_at": f"{month}-10",
                }
            )
    accounts = [{"account_id": "big", "employees": 5000}, {"account_id": "tiny", "employees": 3}]
    return make_store({"deal": deals, "account": accounts})


def change(engine: DuckDBEngine, kpi_id: str) -> Change:
    return explain_change(engine, AGREEMENT, kpi_id, JUNE, MAY, "segment")


def test_a_rate_that_fell_by_mix_alone() -> None:
    # big wins 4 of 5, tiny 1 of 5, in both months; in June tiny is 10 of 15 instead of 5 of 10.
    engine = store(
        ("2026-05", "big", 4, 1, 100),
        ("2026-05", "tiny", 1, 4, 100),
        ("2026-06", "big", 4, 1, 100),
        ("2026-06", "tiny", 2, 8, 100),
    )
    found = change(engine, "win_rate_closed")
    assert (found.before, found.after) == (0.5, pytest.approx(0.4))
    assert sum(effect.rate for effect in found.effects) == pytest.approx(0)
    assert sum(effect.mix for effect in found.effects) == pytest.approx(-0.1)
    assert sum(effect.total for effect in found.effects) == pytest.approx(found.difference)


def test_a_sum_splits_into_volume_and_rate_and_members_keep_their_own_change() -> None:
    # May: 2 deals of 10.00; June: 3 deals of 12.00. Volume 1 x 11, rate 2.5 x 2: 11 + 5 = 16.
    engine = store(("2026-05", "big", 2, 0, 1000), ("2026-06", "big", 3, 0, 1200))
    found = change(engine, "won_revenue")
    assert (found.before, found.after, found.difference) == (20.0, 36.0, 16.0)
    [effect] = found.effects
    assert (effect.key, effect.volume, effect.mix, effect.rate) == ("enterprise", 11.0, 0.0, 5.0)


def test_each_member_s_volume_mix_and_rate() -> None:
    # 4 deals each: big goes from 2 of 10.00 to 3 of 12.00, tiny from 2 of 5.00 to 1 of 5.00.
    engine = store(
        ("2026-05", "big", 2, 0, 1000), ("2026-05", "tiny", 2, 0, 500),
        ("2026-06", "big", 3, 0, 1200), ("2026-06", "tiny", 1, 0, 500),
    )  # fmt: skip
    found = change(engine, "won_revenue")
    assert found.difference == 11.0
    assert {e.key: (e.volume, e.mix, e.rate) for e in found.effects} == {
        "enterprise": (0.0, 4 * 0.25 * 11, 4 * 0.625 * 2),
        "micro": (0.0, 4 * -0.25 * 5, 0.0),
    }
    # One deal more: volume is what one deal brings at the mean of both periods.
    more = effects_of_sum({"a": Size(20, 20, 2)}, {"a": Size(36, 36, 3)})
    assert more == [Effect("a", volume=11.0, rate=5.0)]


def test_a_member_with_cost_and_no_lead_has_a_term_of_its_own() -> None:
    # Cost per lead 160 / 10 = 16, then 150 / 10 = 15; the event cost 60 without a lead in May.
    old = {"paid": Size(100, 100, 10), "event": Size(60, 60, 0)}
    new = {"paid": Size(120, 120, 8), "event": Size(30, 30, 2)}
    event, paid = effects_of_ratio(old, new)
    assert event.undivided == pytest.approx(30 / 10 - 60 / 10)
    assert event.mix == pytest.approx(-0.2 * 15.5)  # its share, against the mean of 16 and 15
    assert (event.rate, event.volume, event.exchange) == (0, 0, 0)
    assert paid.mix == pytest.approx(-0.2 * (12.5 - 15.5))
    assert paid.rate == pytest.approx(0.9 * 5)
    assert event.total + paid.total == pytest.approx(-1)


def test_exchange_rates_are_an_effect_of_their_own() -> None:
    # 100 francs at 1.00, then 150 at 1.20: of the 80, 25 came by the rate of the franc.
    deals = [
        {"deal_id": month, "outcome": "won", "currency": "CHF", "amount": amount,
         "created_at": "2026-01-01 10:00", "closed_at": f"2026-{month}-10"}
        for month, amount in (("05", 100_00), ("06", 150_00))
    ]  # fmt: skip
    deals.append({**deals[0], "deal_id": "own", "currency": "EUR", "amount": 7_00})
    rates = [
        {"currency": "CHF", "rate_on": f"2026-{month}-10", "rate": rate}
        for month, rate in (("05", 1.0), ("06", 1.2))
    ]
    engine = make_store({"deal": deals, "fx_rate": rates})
    found = change(engine, "won_revenue")
    assert (found.before, found.after) == (107.0, 180.0)
    [effect] = found.effects
    assert effect.exchange == pytest.approx(125 * 0.2)
    assert effect.volume + effect.mix + effect.rate == pytest.approx(73 - 25)
    # Per deal: 107 over two, 180 over one; the rates' part is each period's own over its deals.
    size = change(engine, "average_deal_size")
    [effect] = size.effects
    assert effect.exchange == pytest.approx((180 - 165) / 1 - (100 - 110) / 2)
    assert effect.total == pytest.approx(size.difference)


@pytest.mark.parametrize("kpi", ["won_revenue", "average_deal_size"])
def test_what_exchange_rates_did_is_the_same_by_whatever_it_is_cut(kpi: str) -> None:
    """Francs of each owner in one month alone: cut by owner there is no pair of any one's rates."""
    deals = [
        {"deal_id": f"{month}{owner}{kind}", "outcome": "won", "currency": "CHF", "amount": amount,
         "owner_id": owner, "kind": kind, "created_at": "2026-01-01 10:00",
         "closed_at": f"2026-{month}-10"}
        for month, owner, kind, amount in (
            ("05", "m1", "new", 100_00), ("05", "m1", "renewal", 40_00),
            ("06", "m2", "new", 150_00), ("06", "m3", "renewal", 30_00),
        )
    ]  # fmt: skip
    rates = [
        {"currency": "CHF", "rate_on": f"2026-{month}-10", "rate": rate}
        for month, rate in (("05", 1.0), ("06", 1.2))
    ]
    members = [{"member_id": name, "name": name} for name in ("m1", "m2", "m3")]
    engine = make_store({"deal": deals, "fx_rate": rates, "member": members})
    found = {
        by: explain_change(engine, AGREEMENT, kpi, JUNE, MAY, by)
        for by in ("segment", "owner", "kind")
    }
    exchange = {by: sum(e.exchange for e in one.effects) for by, one in found.items()}
    # 140 francs at 1.00, then 180 at 1.20, both at the mean of 1.10.
    of_each = 1 if kpi == "won_revenue" else 2
    assert exchange["segment"] == pytest.approx((140 * 0.1 + 180 * 0.1) / of_each)
    assert [exchange["owner"], exchange["kind"]] == pytest.approx([exchange["segment"]] * 2)
    for one in found.values():
        assert sum(e.total for e in one.effects) == pytest.approx(one.difference)


def test_by_what_costs_do_not_have_there_is_no_change_to_explain() -> None:
    engine = make_store(
        {
            "cost": [
                {"cost_id": month, "incurred_on": f"2026-{month}-03", "amount": 50_00,
                 "team": "marketing", "category": "media"}
                for month in ("05", "06")
            ],
            "lead": [
                {"lead_id": month, "created_at": f"2026-{month}-04 10:00"} for month in ("05", "06")
            ],
        }
    )  # fmt: skip
    found = change(engine, "cost_per_lead")
    assert found.effects == ()
    assert found.reason == "Marketing cost cannot be cut by segment: fct_cost does not have it"
    before = explain_change(engine, AGREEMENT, "marketing_cost", MAY, APRIL, "channel")
    assert before.reason == "its records begin on 3 May 2026, after 2026-04"
    assert (before.before, before.effects, before.difference) == (None, (), None)


def test_members_that_overlap_are_no_parts() -> None:
    touches = [
        {"touch_id": f"{month}{channel}", "person_id": "p1", "kind": "webinar", "channel": channel,
         "side": "marketing", "occurred_at": f"2026-{month}-03 10:00"}
        for month, channels in (("05", ("webinar",)), ("06", ("webinar", "paid search")))
        for channel in channels
    ]  # fmt: skip
    touches.append({**touches[0], "touch_id": "x", "person_id": "p2"})
    agreement = parse_agreement(
        "extends: default\nkpis:\n"
        "  - {id: people, label: People met, question: q, definition: d, mart: fct_touch,"
        " date_column: occurred_day, expression: count(distinct person_id), unit: count,"
        " owners: {marketing: head_of_marketing, sales: head_of_sales}}\n"
    )
    engine = make_store({"touch": touches}, agreement)
    found = explain_change(engine, agreement, "people", JUNE, MAY, "channel")
    assert (found.before, found.after, found.effects) == (2, 1, ())
    assert found.reason == (
        "a record can be of several members of channel, so their parts do not add up"
    )


def test_nothing_before_is_not_available_and_neither_is_a_rate_of_nothing() -> None:
    # Open since January, so that May could have had some: none won is a zero, all of it volume.
    engine = store(("2026-06", "tiny", 3, 1, 1000))
    revenue = change(engine, "won_revenue")
    assert (revenue.before, revenue.after) == (0.0, 30.0)
    assert [(effect.volume, effect.mix, effect.rate) for effect in revenue.effects] == [(30, 0, 0)]
    rate = change(engine, "win_rate_closed")
    assert (rate.before, rate.after, rate.difference, rate.effects) == (None, 0.75, None, ())
    assert rate.reason == "no closed deals in 2026-05"


@pytest.mark.parametrize(
    "kpi_id", ["sales_cycle_days", "open_pipeline", "pipeline_velocity", "ltv_to_cac"]
)
def test_a_median_a_stock_and_a_product_cannot_be_split(kpi_id: str) -> None:
    with pytest.raises(UsageError, match=f"'{kpi_id}' cannot be split"):
        change(store(), kpi_id)


def test_a_formula_of_sums_is_split_as_the_ratio_it_is() -> None:
    assert parts_of(AGREEMENT, AGREEMENT.kpi("nps")).top == {
        "nps_promoters": 100.0, "nps_detractors": -100.0,
    }  # fmt: skip
    romi = parts_of(AGREEMENT, AGREEMENT.kpi("romi"))
    assert romi.top == {"attributed_margin": 1.0, "marketing_cost": -1.0}
    assert romi.bottom == {"marketing_cost": 1.0}


sizes = st.dictionaries(
    st.sampled_from("abcd"),
    st.tuples(st.integers(-50, 1000), st.integers(-50, 1000), st.integers(0, 50)).map(
        lambda p: Size(float(p[0]), float(p[1]), float(p[2]))
    ),
)


@settings(max_examples=100)
@given(sizes, sizes)
def test_the_effects_of_a_ratio_add_up_to_the_change(
    old: dict[str, Size], new: dict[str, Size]
) -> None:
    weights = [sum(size.weight for size in part.values()) for part in (old, new)]
    if not all(weights):
        return
    whole = [
        sum(size.amount for size in part.values()) / weight
        for part, weight in zip((old, new), weights, strict=True)
    ]
    effects = effects_of_ratio(old, new)
    assert sum(effect.total for effect in effects) == pytest.approx(whole[1] - whole[0], abs=1e-9)


@settings(max_examples=100)
@given(sizes, sizes)
def test_the_effects_of_a_sum_add_up_per_member(old: dict[str, Size], new: dict[str, Size]) -> None:
    # A sum has no amount without a record.
    before, after = ({k: s for k, s in part.items() if s.weight} for part in (old, new))
    for effect in effects_of_sum(before, after):
        own = after.get(effect.key, Size()).amount - before.get(effect.key, Size()).amount
        assert effect.total == pytest.approx(own, abs=1e-9)
