"""Rates and shares in words: counts where a percentage would rest on few."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from smarketing.agreement.kpis import Target
from smarketing.analysis.kpis.result import KpiResult
from smarketing.analysis.kpis.targets import Standing, standing
from smarketing.analysis.rates import rate_of
from smarketing.charts import format as fmt
from smarketing.charts import words


def result() -> KpiResult:
    return KpiResult(
        id="k", label="K", unit="count", direction="up", value=9, numerator=None, denominator=None,
        n=None, previous=None, last_year=None, standing=None, low=None, high=None,
        shown_as_counts=False, is_small=False, reason=None, previous_reason=None, note=None,
    )  # fmt: skip


def test_a_rate_names_what_it_is_of() -> None:
    assert (
        words.rate_of_noun(rate_of(40, 100), "worked leads")
        == f"{fmt.percent(0.4, 0)} of worked leads"
    )
    assert words.rate_of_noun(rate_of(3, 12), "worked leads") == "3 of 12 worked leads"


def test_a_share_of_few_is_counts() -> None:
    assert words.share(10, 17) == "10 of 17"
    assert words.share(52, 124) == fmt.percent(52 / 124, 0)
    assert words.share_of(52, 124, "exits") == f"{fmt.percent(52 / 124, 0)} of 124 exits"
    assert words.share_of(10, 17, "exits") == "10 of 17 exits"


@pytest.mark.parametrize(
    ("unit", "direction", "target", "said"),
    [
        ("count", "up", 84.0, "on track from 76 (10\u202f% of 84), at risk from 68, behind below"),
        ("count", "down", 84.0, "on track up to 92 (10\u202f% of 84), at risk up to 100, behind "
         "above"),
        ("rate", "up", 0.5, "on track from 45.0\u202f% (10\u202f% of 50.0\u202f%), at risk from "
         "40.0\u202f%, behind below"),
        ("count", "none", 50.0, "on track within 10\u202f% of 50, at risk up to twice as far, "
         "behind beyond"),
    ],
)  # fmt: skip
def test_the_rule_names_the_last_value_that_is_judged_so(
    unit: str, direction: str, target: float, said: str
) -> None:
    given = Target(kpi="k", period="2026-06", value=target, tolerance=0.1)

    def judged(value: float) -> KpiResult:
        found = standing(value, given, share=1.0, is_flow=False, direction=direction)
        return replace(result(), unit=unit, direction=direction, value=value, standing=found)

    assert words.status_rule(judged(target), "EUR") == said
    if unit == "count" and direction != "none":
        on, at = (int(word.split()[0].strip(",")) for word in re.split(r"from |up to ", said)[1:])
        step = 1 if direction == "up" else -1
        statuses = [judged(value).status for value in (on, on - step, at, at - step)]
        assert statuses == ["on track", "at risk", "at risk", "behind"]


def test_the_rules_of_several_numbers_are_one_sentence() -> None:
    one = replace(result(), standing=Standing(9.0, 9.0, 1.0, 0.05, "ahead"))
    other = replace(one, standing=Standing(9.0, 9.0, 1.0, 0.1, "behind"))
    assert words.status_rules([one]).startswith("On track: within 5\u202f% of what is due by now.")
    assert "its tolerance, 5\u202f% to 10\u202f%," in words.status_rules([one, other])
    assert words.status_rules([replace(one, standing=None)]) == ""


@pytest.mark.parametrize(
    ("times", "said"),
    [
        ({"A": 1}, "“A”: 1 exit"),
        ({"A": 40}, "“A”: all 40 exits"),
        ({"A": 2, "B": 1}, "“A”: 2 of 3 exits"),
        ({"A": 2, "B": 2, "C": 1}, "“A” and “B”: 2 each of 5 exits"),
        ({"A": 1, "B": 1, "C": 1}, "3 exits: 3 stand first, 1 each"),
        ({"A": 3, "B": 37}, "Most often “B”: 37 of 40 exits"),
        ({"A": 20, "B": 20}, "Most often “A” and “B”: 20 each of 40 exits"),
    ],
)
def test_what_stands_first_is_a_finding_only_of_many(times: dict[str, int], said: str) -> None:
    assert words.foremost(times, "exit") == said
    assert words.foremost({"A": 30, "B": 10}, "lead, rejected", "leads, rejected") == (
        f"Most often “A”: 75{fmt.THIN}% of 40 leads, rejected"
    )
