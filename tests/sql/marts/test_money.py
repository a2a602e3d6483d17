"""Money in the base marts: amounts at dated rates."""

from __future__ import annotations

from typing import Any

from builders import make_store, rows


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
