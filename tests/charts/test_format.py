"""Numbers as people read them."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest

from smarketing.charts import format as fmt

THIN = "\u202f"


@pytest.mark.parametrize(
    ("value", "unit", "expected"),
    [
        (1_240_562.98, "money", f"€1.24{THIN}M"),
        (12_400, "money", f"€12.4{THIN}k"),
        (985, "money", "€985"),
        (999_950, "money", f"€1.00{THIN}M"),
        (0, "money", "€0"),
        (-1500, "money", f"\u2212€1.50{THIN}k"),
        (0.385, "rate", f"38.5{THIN}%"),
        (190, "minutes", f"3{THIN}h 10{THIN}m"),
        (42, "minutes", f"42{THIN}m"),
        (60, "minutes", f"1{THIN}h"),
        (3000, "minutes", f"2{THIN}d 2{THIN}h"),
        (12.5, "days", f"12.5{THIN}d"),
        (214.4, "days", f"214{THIN}d"),
        (12_480, "count", "12,480"),
        (1_250_000, "count", f"1.25{THIN}M"),
        (2.174, "ratio", f"2.17{THIN}×"),
        (None, "money", "n/a"),
        (float("nan"), "rate", "n/a"),
        (pd.NA, "days", "n/a"),
    ],
)
def test_by_unit(value: object, unit: str, expected: str) -> None:
    assert fmt.by_unit(value, unit, "EUR") == expected


def test_exact_amounts_show_every_digit_of_the_currency() -> None:
    assert fmt.money(10_542_562.98, "EUR", exact=True) == "€10,542,562.98"
    assert fmt.money(1234, "JPY", exact=True) == "¥1,234"
    assert fmt.money(5.5, "CHF") == f"CHF{THIN}5.50"


def test_a_change_of_a_rate_is_in_points_of_the_rest_in_percent() -> None:
    assert fmt.change(0.385, 0.344, "rate") == f"+4.1{THIN}pts"
    assert fmt.change(90, 100, "count") == f"\u221210.0{THIN}%"
    assert fmt.change(5, 0, "count") is None
    assert fmt.change(5, None, "count") is None


def test_a_zero_that_rounds_has_no_sign() -> None:
    assert fmt.percent(-0.0001) == f"0.0{THIN}%"
    assert fmt.number(-0.2) == "0"


def test_days_are_written_with_their_month() -> None:
    assert fmt.day(dt.date(2026, 6, 9)) == "9 Jun 2026"
    assert fmt.day("2026-06-09") == "9 Jun 2026"


def test_one_day_is_said_once() -> None:
    assert fmt.days_between("2026-06-12", "2026-06-30") == "12 Jun 2026 to 30 Jun 2026"
    assert fmt.days_between("2026-06-12", "2026-06-12") == "12 Jun 2026"


def test_one_is_not_many() -> None:
    assert (fmt.many(1, "lead"), fmt.many(0, "lead")) == ("1 lead", "0 leads")
    assert fmt.many(1200, "person", "people") == "1,200 people"


@pytest.mark.parametrize(
    ("first", "second", "unit", "said"),
    [
        (0.1201, 0.1204, "rate", ("12.01 %", "12.04 %")),
        (0.12, 0.5, "rate", ("12.0 %", "50.0 %")),
        (1000.0, 1000.004, "money", ("€1,000.000", "€1,000.004")),
        (10, 10.25, "count", ("10.00", "10.25")),
        (3.01, 3.02, "days", ("3.01 days", "3.02 days")),
        (None, 1.0, "count", ("n/a", "1")),
        (2.0, 2.0, "count", ("2", "2")),
    ],
)
def test_two_values_that_differ_are_said_with_the_digits_that_tell_them_apart(
    first: float | None, second: float, unit: str, said: tuple[str, str]
) -> None:
    found = fmt.apart(first, second, unit, "EUR")
    assert tuple(text.replace(fmt.THIN, " ") for text in found) == said


def test_what_stands_behind_a_number_stays_there_with_more_digits() -> None:
    def said(first: float, second: float, unit: str) -> list[str]:
        return [text.replace(fmt.THIN, " ") for text in fmt.apart(first, second, unit, "EUR")]

    assert said(3.12, 3.14, "months") == ["3.12 months", "3.14 months"]
    assert said(0.41, 0.39, "months") == ["0.41 months", "0.39 months"]
    assert said(2.001, 2.002, "ratio") == ["2.001 ×", "2.002 ×"]
    assert said(0.41, 0.39, "number") == ["0.41", "0.39"]
