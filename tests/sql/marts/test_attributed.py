"""What is credited under the agreed model is the column of that model, of won revenue."""

from __future__ import annotations

import pytest
from figures import mart_with
from small_company import small_company

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
