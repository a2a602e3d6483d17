"""What values look like, and what that says of their column."""

from __future__ import annotations

import pytest

from smarketing.sources.drafting.shapes import Shape, date_order, total_words


def shape(*values: str) -> Shape:
    return Shape("x", tuple(dict.fromkeys(values)), len(values), len(set(values)), len(values))


@pytest.mark.parametrize(
    ("look", "values"),
    [
        ("date", ["2026-01-05", "2026-01-05 09:00:00", "2026-01-05T09:00:00.000Z"]),
        ("date", ["05.01.2026", "5/1/26", "01/15/2026 09:00am", "2/12/2026 10:15 AM"]),
        ("date", ["Jan 5, 2026", "5. März 2026", "05-Jan-26", "Mon, 5 Jan 2026"]),
        ("date", ["Jan 5, 2026 at 2:30 AM", "5. März 2026 um 14:30", "05/01/2026 à 9:05"]),
        ("date", ["2026年1月5日", "2026年 1月 5日 09:00", "2026년 1월 5일"]),
        ("date", ["Jan 2, 2026 9:00 AM CET", "2026-01-02 09:00:00 PST", "2.1.2026 9:00 Uhr"]),
        ("date", ["5. 1. 2026", "2026. 01. 05.", "2026.02.01."]),
        ("day", ["20260105", "1767600000", "1767600000000", "2026-01-05"]),
        ("day", ["1767600000.5", "1767600000000000", "1767600000000000000"]),
        ("date", ["2026-01-09 10:30:00+00", "2026-01-09T10:30:00.123-05"]),
        ("month", ["2026-01", "01/2026", "2026-W05", "Januar 2026", "2026Q1"]),
        ("number", ["1,00,000.00", "₹ 10,32,916.52", "12,34,567", "1 095,00 $ CA", "-4,50 ₺"]),
        ("number", ["12.000,00", "1,500.5", "12", "-3", "(4.50)", "1 234,5", "1'000"]),
        ("number", ["€ 12,00", "$1,000.00", "1,000.00 USD", "USD 4,000.00", "R$ 5,00", "5 zł"]),
        ("percent", ["1.00%", "5 %"]),
        ("email", ["a@b.co", "mailto:A.B+c@d-e.co.uk"]),
        ("currency", ["EUR", "usd", "€", "US Dollar", "Euro"]),
        ("flag", ["true", "No", "1", "ja", "0.0"]),
        ("code", ["a1", "zcrm_51", "5a1e8f60-1b2c-ee11", "K-1001"]),
        ("site", ["https://a.de/x", "www.b.co", "c.example"]),
    ],
)
def test_values_look_like(look: str, values: list[str]) -> None:
    assert look in shape(*values).looks


@pytest.mark.parametrize(
    ("look", "values"),
    [
        ("date", ["12.000", "1.5", "2026", "20260105", "Winter 2026 sale"]),
        ("date", ["2026-01-05-12", "2026-01-05+00"]),
        ("day", ["12345678", "99991231", "178"]),
        ("number", ["IO1", "SP26", "Q1 2026"]),
        ("number", ["tbd", "12 pieces", "2026-01-05", "a1", "1.2.3"]),
        ("email", ["a@b", "Ana Berg", "a@b.co; c@d.co"]),
        ("currency", ["-99", "12", "Euro and Dollar mixed"]),
        ("code", ["Ana Berg", "Nord AG", "EUR"]),
        ("flag", ["open", "won", "2"]),
    ],
)
def test_values_do_not_look_like(look: str, values: list[str]) -> None:
    assert not any(look in shape(value).looks for value in values)


def test_a_few_bad_cells_do_not_hide_what_a_column_is() -> None:
    good = [f"{n}.00" for n in range(40)]
    assert "number" in shape(*good, "tbd").looks
    assert "number" not in shape(*good[:10], "tbd").looks
    assert shape(*good[:10], "tbd").misfit("number") == "tbd"
    assert not shape().looks and shape().is_blank


@pytest.mark.parametrize(
    ("columns", "order"),
    [
        ([["01/02/2026", "13/02/2026"]], "dmy"),
        ([["01/02/2026"], ["02/13/2026 10:00"]], "mdy"),
        ([["01/02/2026"]], None),
        ([["13/02/2026"], ["02/13/2026"]], None),
        ([["01.02.2026"]], "dmy"),
        ([["2026-01-02"]], None),
    ],
)
def test_one_date_settles_the_order_unless_another_contradicts(
    columns: list[list[str]], order: str | None
) -> None:
    assert date_order(shape(*values) for values in columns) == order


def test_totals_stand_among_days_and_nowhere_else() -> None:
    rows = ("2026-01-05", "2026-01-06", "Average", "Max")
    assert total_words(shape(*rows)) == ["Average", "Max"]
    assert total_words(shape("2026-01-05", "2026-01-06", "Total of 2 results")) == [
        "Total of 2 results"
    ]
    assert total_words(shape("Total Recall", "Winter")) == []
    assert total_words(shape("2026-01-05", "2026-01-06")) == []


@pytest.mark.parametrize(
    ("header", "values", "shown"),
    [
        ("Konto", ["Zoe.Q@quex.example", "b@quex.example"], "xxx.x@xxxx.xxxxxxx"),
        ("Wer", ["Zoe Quandt", "Ana Berg"], "xxx xxxxxx"),
        ("Owner", ["Zoe Quandt", "Zoe Quandt"], "xxx xxxxxx"),
        ("Number", ["+49 170 1234567", "0170 1234567"], "+00 000 0000000"),
        ("Stage", ["Offer", "Offer", "Won", "Won"], "Offer"),
        ("Amount", ["1,234,567.00", "5.00"], "1,234,567.00"),
        ("Opened", ["2026-01-05"], "2026-01-05"),
    ],
)
def test_of_what_may_be_a_person_the_form_alone_is_shown(
    header: str, values: list[str], shown: str
) -> None:
    made = Shape(header, tuple(dict.fromkeys(values)), len(values), len(set(values)), len(values))
    assert made.example == shown
