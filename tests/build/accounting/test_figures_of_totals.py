"""Which figure of a total is compared, with what, and when it agrees; by hand."""

from __future__ import annotations

from decimal import Decimal
from types import SimpleNamespace

import pytest

from smarketing.build.accounting.witness import _agree, _money, _nearest, _Read, figures


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("+5", ["5"]), ("(5)", ["-5"]), ("(5", []), ("1'234.50", ["1234.50"]),
        ("1’234,50", ["1234.50"]), ("1,234", ["1234", "1.234"]), ("12,34", ["12.34"]),
        ("-1.234.567", ["-1234567"]), ("1,234,56", []), ("0", ["0"]), ("", []),
    ],
)  # fmt: skip
def test_what_a_total_may_mean(text: str, meant: list[str]) -> None:
    assert figures(text) == [Decimal(value) for value in meant]


@pytest.mark.parametrize(
    ("texts", "amount", "currency", "near"),
    [
        (["12.50"], 0, "EUR", 1250), (["10", "20"], 1400, "EUR", 1000),
        (["10", "20"], 1600, "EUR", 2000),
        (["5.484"], 548, "EUR", 548400), (["5.484"], 5484, "KWD", 5484), (["0.0012"], 0, "EUR", 0),
        ([], 5, "EUR", None), (["x"], 5, "EUR", None), (["12"], 0, "JPY", 12),
    ],
)  # fmt: skip
def test_the_figure_nearest_to_what_was_read(
    texts: list[str], amount: int, currency: str, near: int | None
) -> None:
    assert _nearest(texts, _Read(1, amount, currency)) == near


@pytest.mark.parametrize(
    ("rows", "apart", "agree"),
    [(1, 1, True), (1, 2, False), (4, 2, True), (4, -2, True), (4, 3, False), (5, 3, False)],
)
def test_a_total_may_be_off_by_the_rounding_of_its_rows(rows: int, apart: int, agree: bool) -> None:
    assert _agree(100 + apart, _Read(rows, 100, "EUR")) is agree


@pytest.mark.parametrize(
    ("sql", "found"),
    [
        ("select c.Cost as amount, c.Day as incurred_on from c", [("amount", "Cost")]),
        ("select c.Day as amount from c", [("amount", "Day")]),
        ("select c.Cost * 2 as amount from c", []),
        ("select coalesce(c.Other, c.cost, c.Day) as amount from c", [("amount", "Cost")]),
        ("select case when c.x then c.Day else c.Cost end as amount from c", [("amount", "Cost")]),
        ("select c.Cost as category from c", []),
        ("select c.Cost from c", []),
    ],
)
def test_the_amounts_of_a_select_that_are_columns_of_the_file(
    sql: str, found: list[tuple[str, str]]
) -> None:
    select = SimpleNamespace(sql=sql, core_table="cost")
    assert list(_money(select, ["Cost", "Day"])) == found
    nowhere = SimpleNamespace(sql=sql, core_table="nothing")
    assert list(_money(nowhere, ["Cost", "Day"])) == []
