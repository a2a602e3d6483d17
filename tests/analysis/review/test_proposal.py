"""What a proposal changes: a figure is another one where value, target, status or unit are."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import pytest
from builders import make_store

from smarketing.agreement import load_agreement
from smarketing.agreement.entries import with_kpi
from smarketing.agreement.loading import parse_agreement
from smarketing.analysis.review.proposal import Effect, _said, demand_countable
from smarketing.errors import QueryError


def result(value: float | None = 1.0, **more: Any) -> Any:
    return SimpleNamespace(**{"value": value, "target": 2.0, "status": "on track", "unit": "rate"}
                           | more)  # fmt: skip


@pytest.mark.parametrize(
    ("before", "after", "other"),
    [
        (result(), result(), False),
        (result(1.0), result(1.0 + 1e-12), False),
        (result(1.0), result(1.0 + 1e-8), True),
        (result(None), result(None), False),
        (result(None), result(0.0), True),
        (result(), result(target=3.0), True),
        (result(), result(status="behind"), True),
        (result(), result(unit="count"), True),
        (None, result(), True),
        (result(), None, True),
        (None, None, False),
    ],
)
def test_a_figure_is_another_one(before: Any, after: Any, other: bool) -> None:
    effect = Effect("k", "K", "rate", cast(Any, before), cast(Any, after))
    assert effect.is_other is other
    assert (_said(before) is None) is (before is None)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"expression": "sum(won_amont)"}, r"unknown column 'won_amont'.*won_amount"),
        ({"expression": "count(read_text('/etc/passwd'))"}, "unknown function 'read_text'"),
        ({"filter": "exists (select 1 from dim_person)"}, "may not use"),
        (
            {"expression": "sum(fct_deal.won_amount)"},
            "names fct_deal.won_amount; it reads",
        ),
        ({"date_column": "outcome"}, "The KPI 'won_revenue' cannot be asked for"),
    ],
)
def test_a_kpi_that_the_marts_cannot_answer_is_no_proposal(
    change: dict[str, str], said: str
) -> None:
    before, engine = load_agreement(), make_store({})
    after = parse_agreement(with_kpi(before, {"id": "won_revenue", **change}))
    with pytest.raises(QueryError, match=said):
        demand_countable(engine, before, after)
    # What is agreed already and was wrong before keeps nobody from changing something else.
    demand_countable(engine, after, after)
    demand_countable(engine, before, before)
