"""What is pasted into a grid is the number that it was in the spreadsheet, or refused."""

from __future__ import annotations

import pytest

from smarketing.errors import UsageError
from smarketing.ui.grid import number_text, read_number


@pytest.mark.parametrize(
    ("said", "number"),
    [
        ("150", 150), ("-3", -3), ("1.234,5", 1234.5), ("1,234.5", 1234.5), ("0,75", 0.75),
        (".5", 0.5),
        ("0.125", 0.125), ("1.2340", 1.234), ("1.234.567", 1234567), ("1,234,567.89", 1234567.89),
        ("480 000", 480000), ("480\u202f000,5", 480000.5), ("1'234.50", 1234.5), ("−5", -5),
        ("12345.678", 12345.678), (7, 7), (0.2, 0.2), ("", None), (" ", None), (None, None),
        (float("nan"), None),
    ],
)  # fmt: skip
def test_a_number_is_read_however_a_country_writes_it(said: object, number: float | None) -> None:
    assert read_number(said) == number


@pytest.mark.parametrize(("said", "share"), [("75 %", 0.75), ("12.3%", 0.123), ("0,1 %", 0.001)])
def test_a_share_is_read_in_percent_and_nothing_else_is(said: str, share: float) -> None:
    assert read_number(said, is_share=True) == share
    with pytest.raises(UsageError, match="is a share, and this is none"):
        read_number(said)


@pytest.mark.parametrize(
    ("said", "shares"),
    [
        ("75", "75 % or 7500 %"),
        (75, "75 % or 7500 %"),
        ("1", "1 % or 100 %"),
        ("1,1", "1.1 % or 110 %"),
    ],
)
def test_a_share_of_1_or_more_is_told_in_percent(said: object, shares: str) -> None:
    with pytest.raises(UsageError, match=f"can be {shares}: write it as one of these"):
        read_number(said, is_share=True)
    assert read_number(said) is not None
    assert read_number("0.99", is_share=True) == 0.99


@pytest.mark.parametrize("said", ["480.000", "480,000", "-1.234"])
def test_what_is_another_number_in_another_country_is_refused_with_both(said: str) -> None:
    whole = said.replace(".", "").replace(",", "")
    with pytest.raises(UsageError, match=f"“{said}” can be {whole} or "):
        read_number(said)


@pytest.mark.parametrize(
    "said", ["abc", "1.2.3", "12,34,5", "1..2", "1,23.4,5", "€ 5", "1e9", "inf", ",", "1 23",
             "12 34 56", "1234 567", "1234.567.890", ".,5"],
)  # fmt: skip
def test_what_is_no_number_is_refused(said: str) -> None:
    with pytest.raises(UsageError, match="is no number"):
        read_number(said)


@pytest.mark.parametrize("number", [0, 0.1, 120, 480000, 1.125, 0.125, 1e16, 1e-7, 12345.678, None])
def test_a_number_that_is_written_is_read_again(number: float | None) -> None:
    assert read_number(number_text(number)) == number
    assert read_number(number_text(number, is_share=True), is_share=True) == number


def test_a_share_is_written_in_percent() -> None:
    assert [number_text(n, is_share=True) for n in (0.75, 1.1, 0.12345, 0.07)] == [
        "75 %", "110 %", "12.3450 %", "7 %",
    ]  # fmt: skip
