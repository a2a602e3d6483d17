"""Rules of the lead definition as one number: weights, hits and rows; by hand."""

from __future__ import annotations

from typing import Any

import pytest

from smarketing.agreement.stages import BehaviourRule, FitRule
from smarketing.build.marts.lead_rules import _behaviour, _fit, most_hits, weighted
from smarketing.errors import AgreementError


def fit(name: str, **more: Any) -> FitRule:
    return FitRule(id=name, label="L", points=5, **{"attribute": "segment", **more})


def behaviour(name: str, points: int = 5, **more: Any) -> BehaviourRule:
    return BehaviourRule(id=name, label="L", points=points, **{"kinds": ("form",), **more})


@pytest.mark.parametrize(
    ("points", "more", "most"),
    [
        (5, {}, 1), (5, {"each": True}, 10), (5, {"each": True, "most_points": 10}, 2),
        (5, {"each": True, "most_points": 11}, 3), (5, {"each": True, "most_points": 99}, 10),
        (5, {"each": True, "most_points": 0}, 1), (-5, {"each": True, "most_points": -10}, 2),
        (0, {"each": True, "most_points": 10}, 10), (5, {"most_points": 10}, 1),
    ],
)  # fmt: skip
def test_as_many_hits_count_as_give_points(points: int, more: Any, most: int) -> None:
    assert most_hits(behaviour("b", points, **more)) == most
    assert most_hits(fit("f", values=("a",))) == 1


def test_hits_of_all_rules_are_one_number() -> None:
    found = weighted([fit("a", values=("x",)), behaviour("b", each=True),
                      behaviour("c")])  # fmt: skip
    assert [(one.weight, one.most_hits) for one in found] == [(1, 1), (2, 10), (22, 1)]
    assert [one.hits(1 + 2 * 7 + 22) for one in found] == [1, 7, 1]
    assert [one.hits(2 * 10) for one in found] == [0, 10, 0]
    many = [behaviour(f"b{n}", each=True) for n in range(18)]
    assert weighted(many[:17])[-1].weight == 11**16
    with pytest.raises(AgreementError, match="has 18 rules that count each"):
        weighted(many)


def test_a_rule_has_a_row_for_each_value_and_kind() -> None:
    rules = [fit("a", values=("Small", "ÖL")), fit("e", attribute="employees", at_least=5,
                                                   at_most=9)]  # fmt: skip
    assert list(_fit(weighted(rules))) == [
        ("a", "segment", "small", None, None, 1), ("a", "segment", "öl", None, None, 1),
        ("e", "employees", None, 5, 9, 2),
    ]  # fmt: skip
    did = [behaviour("b", kinds=("form", "call"), at_least=2, within_days=30, each=True)]
    assert list(_behaviour(weighted(did))) == [
        ("b", "form", 2, 30, True, 10, 1), ("b", "call", 2, 30, True, 10, 1),
    ]  # fmt: skip
