"""Association: published formulas on tables worked by hand, and the touches before a stage."""

from __future__ import annotations

import math
from typing import Any

import pytest
from builders import make_store
from hypothesis import given
from hypothesis import strategies as st

from smarketing.analysis.lead_quality.association import associations
from smarketing.analysis.lead_quality.strata import (
    Table,
    benjamini_hochberg,
    mantel_haenszel,
)
from smarketing.errors import UsageError
from smarketing.periods import parse_period

JANUARY = parse_period("2026-01")


def test_one_stratum_is_the_plain_table() -> None:
    # 30 of 50 with it, 10 of 50 without: odds 1.5 against 0.25, risks 0.6 against 0.2.
    found = mantel_haenszel([Table(30, 50, 10, 50)])
    assert found.odds_ratio == pytest.approx(6)
    assert found.difference == pytest.approx(0.4)
    # Woolf's interval is that of Robins, Breslow and Greenland for one table.
    spread = 1.959964 * math.sqrt(1 / 30 + 1 / 20 + 1 / 10 + 1 / 40)
    assert found.odds_low == pytest.approx(6 * math.exp(-spread), rel=1e-6)
    # Chi-square by hand: (30 - 20)² ÷ (50·50·40·60 ÷ (100²·99)) = 16.5
    assert found.p == pytest.approx(math.erfc(math.sqrt(16.5 / 2)))


def test_strata_undo_a_paradox() -> None:
    # Within both strata the risks are the same; together the attribute looks bad.
    tables = [Table(9, 10, 81, 90), Table(18, 90, 2, 10)]
    crude = (9 + 18) / 100 - (81 + 2) / 100
    found = mantel_haenszel(tables)
    assert crude == pytest.approx(-0.56)
    assert found.difference == pytest.approx(0)
    assert found.odds_ratio == pytest.approx(1)
    assert found.p == pytest.approx(1)


def test_two_strata_with_every_end_of_every_interval() -> None:
    # In exact fractions: R = 10*20/45 + 12*14/50, S = 10*5/45 + 18*6/50, odds ratio R / S;
    # risk difference (10*25 - 5*20)/45 + (12*20 - 6*30)/50 over 20*25/45 + 30*20/50.
    found = mantel_haenszel([Table(10, 20, 5, 25), Table(12, 30, 6, 20)])
    assert found.strata == 2
    assert found.odds_ratio == pytest.approx(2.385869565217391, rel=1e-12)
    assert found.odds_low == pytest.approx(0.9897503799887576, rel=1e-9)
    assert found.odds_high == pytest.approx(5.751322451924981, rel=1e-9)
    assert found.difference == pytest.approx(0.19615384615384615, rel=1e-12)
    assert found.difference_low == pytest.approx(0.005408433485364961, rel=1e-9)
    assert found.difference_high == pytest.approx(0.38689925882232734, rel=1e-9)
    assert found.p == pytest.approx(0.04992844128644224, rel=1e-9)


def test_strata_that_compare_nothing_are_left_out() -> None:
    found = mantel_haenszel([Table(3, 5, 0, 0), Table(0, 0, 3, 5)])
    assert (found.strata, found.odds_ratio, found.p) == (0, None, None)
    assert mantel_haenszel([Table(5, 5, 5, 5)]).odds_ratio is None


def test_benjamini_and_hochberg() -> None:
    # 0.01·4/1 = 0.04, 0.04·4/3 = 0.0533 bounds 0.03·4/2 = 0.06, 0.2·4/4 = 0.2
    found = benjamini_hochberg([0.2, 0.01, None, 0.03, 0.04])
    assert found == pytest.approx([0.2, 0.04, None, 0.16 / 3, 0.16 / 3])


tables = st.lists(
    st.tuples(st.integers(0, 9), st.integers(1, 9), st.integers(0, 9), st.integers(1, 9)).map(
        lambda t: Table(min(t[0], t[1]), t[1], min(t[2], t[3]), t[3])
    ),
    min_size=1,
    max_size=6,
)


@given(tables)
def test_pooled_figures_stay_within_their_bounds(found: list[Table]) -> None:
    pooled = mantel_haenszel(found)
    assert pooled.difference is not None
    assert pooled.difference_low is not None and pooled.difference_high is not None
    assert -1 <= pooled.difference_low <= pooled.difference + 1e-12
    assert pooled.difference - 1e-12 <= pooled.difference_high <= 1
    assert pooled.p is None or 0 <= pooled.p <= 1
    turned = mantel_haenszel([Table(t.c, t.n0, t.a, t.n1) for t in found])
    assert turned.difference == pytest.approx(-pooled.difference)


@given(st.lists(st.floats(0, 1), min_size=1, max_size=20))
def test_a_correction_never_lowers_a_p_value(values: list[float]) -> None:
    adjusted = benjamini_hochberg(values)
    assert all(a is not None and a >= p - 1e-12 for a, p in zip(adjusted, values, strict=True))


def store() -> dict[str, list[dict[str, Any]]]:
    """40 leads; those with a download before they began convert three times as often."""
    tables: dict[str, list[dict[str, Any]]] = {"lead": [], "touch": [], "lead_stage_event": []}
    for number in range(40):
        lead = f"L{number:02d}"
        read, converts = number < 20, number % 20 < (15 if number < 20 else 5)
        tables["lead"].append({"lead_id": lead, "created_at": "2026-01-05 08:00"})
        if converts:
            event = {"lead_id": lead, "stage": "mql", "entered_at": "2026-01-06 08:00"}
            tables["lead_stage_event"].append(event | {"kind": "entry"})
        for name, at in (("download", "2026-01-04 08:00"), ("webinar", "2026-01-05 20:00")):
            if read:
                touch = {"touch_id": f"{name}{number}", "lead_id": lead, "kind": name}
                tables["touch"].append(touch | {"occurred_at": at})
    return tables


def test_only_touches_before_the_stage_are_evidence() -> None:
    engine = make_store(store(), as_of="2026-06-30 12:00")
    found = associations(engine, JANUARY, "lead")
    assert (found.leads, found.converted) == (40, 20)
    kinds = {row.value: row for row in found.found if row.attribute == "touch"}
    assert set(kinds) == {"download (marketing)"}  # the webinar came after the lead began
    download = kinds["download (marketing)"]
    assert (download.with_it.rate, download.without.rate) == (0.75, 0.25)
    assert download.pooled.odds_ratio == pytest.approx(9)
    assert download.direction == "more"
    assert "not cause" in found.warning
    with pytest.raises(UsageError, match="last stage"):
        associations(engine, JANUARY, "customer")
    with pytest.raises(UsageError, match="Did you mean 'mql'"):
        associations(engine, JANUARY, "mqls")


def test_what_is_shown_is_corrected_together_within_segment_and_channel() -> None:
    """Webinar leads convert at 18 of 20, e-mail leads at 6 of 20, in two segments each.

    Two channels of 20 leads and the kinds of touch are shown; an owner of 5 leads is not, and is
    no part of the correction.
    """
    tables: dict[str, list[dict[str, Any]]] = {"account": [], "lead": [], "lead_stage_event": []}
    tables["account"] = [{"account_id": "big", "employees": 5000},
                         {"account_id": "tiny", "employees": 3}]  # fmt: skip
    for number in range(40):
        lead, is_webinar = f"L{number:02d}", number < 20
        converts = number % 20 < (18 if is_webinar else 6)
        tables["lead"].append(
            {"lead_id": lead, "created_at": "2026-01-05 08:00",
             "account_id": "big" if number % 2 else "tiny",
             "channel": "webinar" if is_webinar else "newsletter",
             "owner_id": "few" if number < 5 else "many"}
        )  # fmt: skip
        if converts:
            tables["lead_stage_event"].append(
                {"lead_id": lead, "stage": "mql", "entered_at": "2026-01-06 08:00"}
            )
    engine = make_store(tables, as_of="2026-06-30 12:00")
    found = associations(engine, JANUARY, "lead", attributes=("channel", "segment", "owner"))
    rows = {(row.attribute, row.value): row for row in found.found}
    assert set(rows) == {("channel", "webinar"), ("channel", "email"), ("segment", "enterprise"),
                         ("segment", "micro")}  # fmt: skip
    webinar = rows["channel", "webinar"]
    # By channel only the two segments are left to compare within: 9 of 10 against 3 of 10 each.
    assert webinar.pooled.strata == 2
    assert webinar.pooled.odds_ratio == pytest.approx(9 * 7 / (1 * 3))
    assert webinar.pooled.difference == pytest.approx(0.6)
    # Per segment (9 - 6)^2 over 10*10*12*8 / (20^2*19); both together, four comparisons in all.
    chi = (3 + 3) ** 2 / (2 * 10 * 10 * 12 * 8 / (400 * 19))
    p = math.erfc(math.sqrt(chi / 2))
    assert webinar.pooled.p == pytest.approx(p)
    # Both channels say the same: ranks 1 and 2 of 4 share the larger bound, 4 p / 2.
    assert webinar.adjusted_p == pytest.approx(2 * p)
    assert rows["segment", "micro"].pooled.difference == pytest.approx(0)
    assert rows["segment", "micro"].direction == "unclear"
    assert (webinar.direction, rows["channel", "email"].direction) == ("more", "less")


def test_an_empty_store_has_no_associations() -> None:
    found = associations(make_store({}), JANUARY, "mql")
    assert (found.leads, found.found) == (0, ())
