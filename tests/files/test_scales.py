"""Which texts and headers say that amounts are in thousands or millions."""

from __future__ import annotations

import pytest

from smarketing.errors import SourceError
from smarketing.files.scales import check_scale, header_says_scale, says_scale


@pytest.mark.parametrize(
    "text",
    [
        "Amounts in thousands", "in EUR thousand", "Beträge in Tsd", "in Mio", "en milliers",
        "en miles", "em milhões", "w tys", "i tusental", "di migliaia", "in lakhs", "v tys",
        "TEUR", "k€", "Deal size (K$)", "T€", "tCHF", "mEUR", "€000", "$'000s", "eur '000",
        "(000s)", "('000s)", "тыс. руб", "млн", "千円", "百万円",
        "单位：万元", "單位: 百萬", "천 원",
        "백만원",
    ],
)  # fmt: skip
def test_a_note_says_that_amounts_are_in_thousands(text: str) -> None:
    assert says_scale(text) and header_says_scale(text)
    with pytest.raises(SourceError, match=r"x\.csv says"):
        check_scale([["", None], ["a", f" {text} "]], "x.csv")


@pytest.mark.parametrize(
    "text",
    ["thousands", "a million thanks", "in total", "teurer", "k€uro", "€0000", "eur 000x", "x000s",
     "million dollar baby", "en mil"],
)  # fmt: skip
def test_a_note_that_says_something_else_is_none(text: str) -> None:
    assert not says_scale(text)
    check_scale([[text], [None, ""], []], "x.csv")
    check_scale([["x" * 200 + " in thousands"]], "x.csv")


@pytest.mark.parametrize(
    "header",
    [
        "Cost (USD k)", "ARR (EUR, mn)", "Spend_k", "Spend K", "spendK", "Cost (k)", "Cost [m]",
        "Cost (in k)", "Cost (x1000)", "Cost (× 1.000)", "Cost (10^3)", "Cost (bn)", "K USD",
        "mn of EUR", "US$ k", "€ m", "EUR(in k)", "Rs Crs", "Revenue mn", "Revenue '000",
        "Revenue in k", "Cost（k）", "EUR m", "GBP-bn", "Cost (thsd.)", "Revenue x1000",
    ],
)  # fmt: skip
def test_a_header_says_so_beside_a_currency_in_brackets_or_last(header: str) -> None:
    assert header_says_scale(header)


@pytest.mark.parametrize(
    "header",
    ["Cost (USD)", "Spend", "Cost (t)", "Risk", "k cost", "Plan m", "Cost (net)", "book",
     "Week", "eur mean", "Team", "Rank", "Spendk", "Amount t"],
)  # fmt: skip
def test_a_header_of_another_meaning_says_nothing(header: str) -> None:
    assert not header_says_scale(header)
