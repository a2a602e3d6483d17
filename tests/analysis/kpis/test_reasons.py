"""What is said beside a KPI's value, and how many records are in no period: by hand."""

from __future__ import annotations

from builders import default_agreement

from smarketing.analysis.kpis.measured import ALL, NOW, UNDATED, Value, Values
from smarketing.analysis.kpis.reasons import beside, undated

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
