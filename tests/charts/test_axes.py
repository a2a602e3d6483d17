"""Axes read as the numbers do."""

from __future__ import annotations

import pytest

from smarketing.charts import format as fmt
from smarketing.charts.axes import ticks, value_axis

THIN = "\u202f"


@pytest.mark.parametrize(
    ("high", "unit", "words"),
    [
        (0.5, "money", ["€0", "€0.10", "€0.20", "€0.30", "€0.40", "€0.50"]),
        (4_000, "money", ["€0", *(f"€{n}{THIN}k" for n in (1, 2, 3, 4))]),
        (1.24e6, "money", ["€0", *(f"€{n}{THIN}M" for n in ("0.25", "0.50", "0.75", "1.00"))]),
        (3.2e9, "money", ["€0", *(f"€{n}{THIN}bn" for n in (1, 2, 3))]),
        (3, "count", ["0", "1", "2", "3"]),
        (1, "count", ["0", "1"]),
        (12_345, "count", ["0", "2,500", "5,000", "7,500", "10,000"]),
        (800_000, "count", ["0", *(f"{n}{THIN}k" for n in (200, 400, 600, 800))]),
        (0.9, "rate", [f"{n}{THIN}%" for n in (0, 20, 40, 60, 80)]),
        (0.004, "rate", [f"{n}{THIN}%" for n in ("0", "0.1", "0.2", "0.3", "0.4")]),
        (190, "minutes", [f"0{THIN}m", f"1{THIN}h", f"2{THIN}h", f"3{THIN}h"]),
        (38, "days", [f"{n}{THIN}d" for n in (0, 10, 20, 30)]),
        (0, "count", ["0"]),
    ],
)
def test_ticks_are_round_and_written_by_unit(high: float, unit: str, words: list[str]) -> None:
    assert value_axis([high, None], unit, "EUR")["ticktext"] == words


def test_an_axis_with_losses_holds_zero_and_says_what_is_below_it() -> None:
    axis = value_axis([-500, 1500], "money", "CHF")
    assert axis["tickvals"] == [-500, 0, 500, 1000, 1500]
    assert axis["ticktext"][0] == f"{fmt.MINUS}CHF{THIN}0.5{THIN}k"


def test_ticks_of_a_scale_never_repeat() -> None:
    for high in (0.0007, 0.03, 1, 9, 99, 1234, 56_789, 7.5e6):
        for unit in ("money", "count", "rate", "minutes", "days", "number"):
            words = value_axis([high], unit, "EUR")["ticktext"]
            assert len(set(words)) == len(words), (high, unit, words)
            assert 1 <= len(ticks(0, high, unit)) <= 11


def test_few_are_not_none_and_most_are_not_all() -> None:
    assert fmt.percent(0.0004) == f"<0.1{THIN}%"
    assert fmt.percent(0.9996) == f">99.9{THIN}%"
    assert (fmt.percent(0.004, 0), fmt.percent(0.997, 0)) == (f"<1{THIN}%", f">99{THIN}%")
    assert (fmt.percent(0, 0), fmt.percent(1, 0)) == (f"0{THIN}%", f"100{THIN}%")
