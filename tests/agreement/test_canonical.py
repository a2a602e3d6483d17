"""One meaning, one hash: numbers, text and keys in whatever way they are written."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smarketing.agreement import parse_agreement
from smarketing.agreement.canonical import Change, content_hash, diff_content

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-1000, 1000) | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3)
    ),
    max_leaves=8,
)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (30, 30.0),
        (0, -0.0),
        (-7, -7.0),
        ([1, 2.0], [1.0, 2]),
        ({"a": {"b": 3.0}}, {"a": {"b": 3}}),
        ((1, 2), [1, 2]),
        ({"a": 1, "b": 2}, {"b": 2, "a": 1}),
        ("M\u00fcller", "Mu\u0308ller"),
    ],
)
def test_what_means_the_same_has_one_hash_and_no_difference(one: object, other: object):
    assert content_hash({"value": one}) == content_hash({"value": other})
    assert diff_content({"value": one}, {"value": other}) == []


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (30, 30.5),
        (30, "30"),
        (1, True),
        (0, None),
        (0, False),
        ([1, 2], [2, 1]),
        ("a", "A"),
        ("", None),
    ],
)
def test_what_means_something_else_has_another_hash(one: object, other: object):
    assert content_hash({"value": one}) != content_hash({"value": other})
    assert diff_content({"value": one}, {"value": other})


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_a_number_that_is_none_has_no_hash(value: float):
    with pytest.raises(ValueError, match="Out of range"):
        content_hash({"value": value})


@given(st.dictionaries(st.text(max_size=3), VALUES, max_size=4))
def test_the_hash_is_the_contents_alone(content: dict[str, object]):
    turned = dict(reversed(list(content.items())))
    assert content_hash(turned) == content_hash(content)
    assert diff_content(content, turned) == []


def test_whole_numbers_written_either_way_are_one_agreement():
    def own(days: str, value: str) -> str:
        return parse_agreement(
            f"extends: default\nattribution: {{half_life_days: {days}}}\n"
            f"targets: [{{kpi: new_leads, every: month, value: {value}}}]\n"
        ).hash

    assert own("30", "30") == own("30.0", "30.0") == own("30.00", "3.0e+1")
    assert own("30", "30") != own("30.5", "30")
    assert own("30", "30") != own("30", "31")


def test_an_entry_that_is_replaced_changes_no_other_though_it_stands_last_now() -> None:
    before = {
        "targets": [{"kpi": kpi, "value": value} for kpi, value in (("a", 1), ("b", 2), ("c", 3))]
    }
    after = {"targets": [*before["targets"][1:], {"kpi": "a", "value": 9}]}
    assert diff_content(before, after) == [Change("targets[2].value", 1, 9)]
    swapped = {"targets": before["targets"][::-1]}
    assert [c.path for c in diff_content(before, swapped)] == [
        "targets[0].kpi", "targets[0].value", "targets[2].kpi", "targets[2].value"
    ]  # fmt: skip
