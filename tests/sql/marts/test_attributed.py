"""What is credited under the agreed model is the column of that model, of won revenue."""

from __future__ import annotations

import datetime as dt

import pytest
from bare_sql import mart_of
from figures import mart_with
from small_company import other_company, small_company

from smarketing.attribution_models import rule_models
from smarketing.engine.compile import parse


@pytest.mark.parametrize("model", (*rule_models(), "own"))
def test_what_is_agreed_is_credited_by_the_column_of_its_own_model(model: str) -> None:
    store = small_company()
    found = mart_with(store, "fct_attributed", default_model=model)
    column = f"{'custom' if model == 'own' else model}_credit"
    credit = store.rows(parse("select * from fct_credit", "credit"))
    wanted = {
        (one["unit_id"], one["touch_id"]): one[column] for one in credit
        if one["measure"] == "revenue" and one["is_attributed"] == 1 and one["outcome"] == "won"
    }  # fmt: skip
    keys = zip(found["deal_id"], found["touch_id"], strict=True)
    assert wanted
    assert dict(zip(keys, found["credit_amount"], strict=True)) == wanted


def test_a_model_by_key_credits_no_touch() -> None:
    assert mart_with(small_company(), "fct_attributed", default_model="markov").empty


def test_of_several_models_of_one_s_own_the_default_is_credited() -> None:
    """`own` gives the first touch 0.3 of its deal, `another` nothing: it is the first by name."""
    of_model = {
        model: mart_with(other_company(), "fct_credit", default_model=model)
        for model in ("own", "another", "linear")
    }
    firsts = {
        model: frame[(frame["measure"] == "pipeline") & (frame["first_credit"] > 0)]
        for model, frame in of_model.items()
    }
    touches = other_company().rows(
        parse(
            "select unit_id, count(*) as n from fct_credit where measure = 'pipeline' group by 1",
            "n",
        )
    )
    many = {one["unit_id"] for one in touches if one["n"] > 3}
    ends = {m: f[f["unit_id"].isin(many)]["custom_credit"].sum() for m, f in firsts.items()}
    assert ends["own"] > ends["another"] == ends["linear"]


@pytest.mark.parametrize(
    ("default", "credit"), [("linear", 7), ("first", 3), ("a", 5), ("b", 5), ("markov", None)]
)
def test_credit_is_that_of_the_default_model_and_of_one_s_own_whichever_it_is(
    default: str, credit: int | None
) -> None:
    plain = dict.fromkeys(("channel", "raw_channel", "campaign_id", "source"), "x")
    given = {f"{model}_credit": 1 for model in rule_models()} | {
        "first_credit": 3, "linear_credit": 7, "custom_credit": 5,
    }  # fmt: skip
    row = plain | given | {"deal_id": "d", "touch_id": "t", "day": dt.date(2026, 6, 1),
                           "measure": "revenue", "is_attributed": 1}  # fmt: skip
    others = [row | {"measure": "leads"}, row | {"is_attributed": 0}]
    spans = [
        {"starts_on": dt.date(2026, month, 1), "ends_on": dt.date(2026, month + 1, 1), "margin": m}
        for month, m in ((5, 0.3), (6, 0.5), (7, 0.9))
    ]
    found = mart_of(
        "fct_attributed",
        {
            "fct_credit": [row, *others],
            "fct_deal": [{"deal_id": "d", "currency": "EUR", "rate_factor": 1.0}],
            "agreement_gross_margin": spans,
            "agreement_custom_model": [{"model": name} for name in ("b", "a")],
        },
        default_model=default,
    )
    told = [(one["credit_amount"], one["margin_amount"]) for one in found]
    assert told == ([] if credit is None else [(credit, credit * 0.5)])
