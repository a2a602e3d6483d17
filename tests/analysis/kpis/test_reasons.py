"""What is said beside a KPI's value, and how many records are in no period: by hand."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import pytest
from builders import default_agreement

from smarketing.analysis.availability import lacking_all
from smarketing.analysis.kpis.formulas import evaluate, why_nothing
from smarketing.analysis.kpis.measured import ALL, NOW, UNDATED, Value, Values
from smarketing.analysis.kpis.reasons import beside, undated
from smarketing.analysis.kpis.shapes import read_value

AGREED = default_agreement()
SIZE = AGREED.kpi("average_deal_size")
REVENUE, WON = (AGREED.kpi(name) for name in ("won_revenue", "won_deals"))


def values(**found: Value) -> Values:
    """Return what was measured now and, for `<kpi>__undated`, without a date; in euros."""
    split = {name: name.partition("__") for name in found}
    named = {(split[n][0], UNDATED if split[n][2] else NOW, ALL): v for n, v in found.items()}
    return Values(named, currency="EUR")


def test_a_value_that_lacks_nothing_has_nothing_beside_it() -> None:
    assert beside(AGREED, REVENUE, values(won_revenue=Value(500, 3))) is None
    assert beside(AGREED, REVENUE, Values()) is None


def test_some_amounts_that_are_not_known_are_said_and_none_or_all_are_not() -> None:
    some = beside(AGREED, REVENUE, values(won_revenue=Value(500, 3, 1)))
    assert some is not None and some.startswith("1 of ") and "Won revenue" not in some
    assert beside(AGREED, REVENUE, values(won_revenue=Value(None, 3, 3))) is None


def test_what_a_part_lacks_is_said_with_its_name_and_what_has_no_date_after_it() -> None:
    found = beside(
        AGREED, SIZE, values(won_revenue=Value(500, 3, 2), won_revenue__undated=Value(None, 4))
    )
    assert found is not None
    lacking, without = found.split("; ")
    assert lacking.startswith(f"{REVENUE.label}: 2 of ")
    assert without.startswith(f"{REVENUE.label}: ") and "4" in without


def test_records_without_a_date_are_summed_over_the_parts() -> None:
    parts = values(won_revenue__undated=Value(None, 4), won_deals__undated=Value(None, 3))
    assert undated(AGREED, REVENUE, parts) == 4
    assert undated(AGREED, WON, parts) == 3
    assert undated(AGREED, SIZE, Values()) == 0


def test_the_whole_of_counts_and_sums_is_that_of_its_members() -> None:
    found = {
        ("won", NOW, "a"): Value(500, 3, 1), ("won", NOW, "b"): Value(None, 2, 2),
        ("won", NOW, "c"): Value(0, 1), ("won", "before", "a"): Value(None, 4, 4),
        ("leads", NOW, "a"): Value(7, 7), ("leads", UNDATED, "z"): Value(1, 1),
    }  # fmt: skip
    whole = Values(found, currency="EUR").added()
    assert whole.found == {
        ("won", NOW, ALL): Value(500, 6, 3), ("won", "before", ALL): Value(None, 4, 4),
        ("leads", NOW, ALL): Value(7, 7), ("leads", UNDATED, ALL): Value(1, 1),
    }  # fmt: skip
    assert Values(found).members() == ["a", "b", "c"]
    assert whole.currency == "EUR" and whole.undated("leads") == 1 and whole.undated("won") == 0


@pytest.mark.parametrize(
    ("row", "kinds", "value"),
    [
        ({"value_2": 500, "n_2": 3, "filled_2": 2}, {"is_sum", "is_additive"}, Value(500, 3, 1)),
        ({"value_2": None, "n_2": 3, "filled_2": 0}, {"is_sum", "is_additive"}, Value(None, 3, 3)),
        ({"value_2": None, "n_2": 0, "filled_2": 0}, {"is_sum", "is_additive"}, Value(0, 0, 0)),
        ({"value_2": 4}, {"is_count", "is_additive"}, Value(4, 4, 0)),
        ({"value_2": 0.5, "n_2": 3}, set(), Value(0.5, 3, 0)),
        ({"value_2": float("nan"), "n_2": 3}, set(), Value(None, 3, 0)),
    ],
)
def test_a_value_is_read_with_its_records_and_those_that_lack_an_amount(
    row: dict[str, Any], kinds: set[str], value: Value
) -> None:
    measure = {name: name in kinds for name in ("is_sum", "is_count", "is_additive")}
    shape = SimpleNamespace(measure=SimpleNamespace(**measure))
    assert read_value(2, cast(Any, shape), row) == value


def test_why_a_value_is_missing() -> None:
    found = Values({("won", NOW, ALL): Value(None, 3, 3), ("won", "w", ALL): Value(None, 3, 2),
                    ("leads", NOW, ALL): Value(0, 0)}, currency="EUR")  # fmt: skip
    found.missing["gone"], found.nothing["won", "x"] = "no such mart", "no source gives it"
    assert found.why("gone") == "no such mart" and found.why("won", "x") == "no source gives it"
    assert found.why("leads") is None
    assert found.why("won", "y") == "it has no records in this period"
    assert found.why("won", "w") == (
        "its 3 records give no value: a division by 0, or nothing to take it from"
    )
    assert found.why("won") == lacking_all(3, "EUR")


@pytest.mark.parametrize(
    ("formula", "why"),
    [
        ("a / none", "no none"),
        ("a / (none * a)", "no none"),
        ("a / (a * (none / 4 * a))", "no none"),
        ("a / (none + none)", "no none"),
        ("a / (none - zero)", "no none and no zero"),
        ("a / max(goal - a, 0)", "all of goal is a"),
        ("a / (a - same)", "all of a is same"),
        ("a / max(none, zero / a)", "no none and no zero"),
        ("a / min(a, none)", "no none"),
        ("a + 1 / (a / none)", "no none"),
        ("a / (a - 5)", "nothing to divide by: a - 5 is 0"),
    ],
)
def test_a_formula_says_which_part_of_it_is_nothing(formula: str, why: str) -> None:
    values = {"a": 5, "same": 5, "goal": 4, "none": 0, "zero": 0}
    assert evaluate(formula, values.get) is None
    told = why_nothing(formula, values.get, "no {}".format, "all of {} is {}".format)
    assert told == why
