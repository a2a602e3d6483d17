"""What settles the decimal sign and the order of dates of a file, and which stage a word is."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import pytest
from builders import default_agreement

from smarketing.agreement.outcomes import StageOutcome
from smarketing.build.core.decimals import (
    Numbers,
    Seen,
    Sign,
    UndecidedError,
    check_texts,
    decimal_sign,
)
from smarketing.build.core.orders import ORDERS, Dates, Order, date_order
from smarketing.build.core.placing import _place
from smarketing.build.core.stages import resolve
from smarketing.build.spend.periods import Period, overlapping

NONE = Seen()


def numbers(
    *, point: str = "", comma: str = "", either: str = "", grouped: int = 0, small: int = 0,
    uneven: bool = False,
) -> Numbers:  # fmt: skip
    """A column with a value that needs a point, one that needs a comma, one that may be either."""
    mark: Sign = "," if "," in either else "."
    signs: tuple[Sign, Sign] = (".", ",")
    return Numbers(
        "amount",
        {".": Seen(bool(point), point, 2), ",": Seen(bool(comma), comma, 3)},
        {sign: Seen(bool(either), either, 4) if sign == mark else NONE for sign in signs},
        {sign: grouped if sign == mark else 0 for sign in signs},
        {sign: small if sign == mark else 0 for sign in signs},
        frozenset({mark} if uneven else ()),
    )


def sign_of(
    *columns: Numbers, given: Sign | None = None, default: Sign | None = None,
    witness: Sign | None = None,
) -> Sign | None:  # fmt: skip
    return decimal_sign(columns, given, default, lambda: witness)


def test_a_value_that_can_be_read_one_way_settles_the_file() -> None:
    assert sign_of() is sign_of(numbers()) is None
    assert sign_of(numbers(point="1.50")) == "." and sign_of(numbers(comma="1,50")) == ","
    assert sign_of(numbers(either="1.500"), numbers(comma="1,50"), default=".") == ","
    assert sign_of(numbers(either="1.500", grouped=1)) == ","
    assert sign_of(numbers(either="1,500", uneven=True)) == "."
    assert sign_of(numbers(), given=",") == ","


def test_contradictions_are_refused() -> None:
    both = "decimal point (1.50 in 'amount', line 2) and with a decimal comma (1,50 in 'amount', "
    with pytest.raises(UndecidedError, match=r"line 3\)") as told:
        sign_of(numbers(point="1.50"), numbers(comma="1,50"))
    assert both in str(told.value)
    with pytest.raises(UndecidedError, match="was to be read with a decimal comma, and has a dec"):
        sign_of(numbers(point="1.50"), given=",")
    assert sign_of(numbers(point="1.50"), given=".") == "."


def test_what_may_be_either_is_asked_unless_something_settles_it() -> None:
    unclear = numbers(either="12.000")
    assert sign_of(unclear, given=",") == "," and sign_of(unclear, witness=".") == "."
    with pytest.raises(UndecidedError) as told:
        sign_of(unclear)
    assert "--decimal , if that is 12000, with --decimal . if the point is a" in str(told.value)
    assert sign_of(unclear, default=",") == ",", "whole thousands"
    with pytest.raises(UndecidedError, match=r"12\.000, line 4"):
        sign_of(unclear, default=".")  # nobody writes thousandths
    small = numbers(either="0.125", small=1)
    assert sign_of(small, default=".") == "."
    with pytest.raises(UndecidedError, match="--decimal , if that is 0125"):
        sign_of(small, default=",")


def test_texts_among_the_numbers_of_a_sheet_are_asked_for() -> None:
    sheet, text = numbers(point="1.5"), numbers(either="1.200")
    with pytest.raises(UndecidedError, match="Format the cells of that column as numbers"):
        check_texts([sheet, text], None)
    check_texts([sheet, text], ".")
    check_texts([text], None)
    check_texts([sheet, numbers(either="0.125", small=1)], None)


def dates(against: Mapping[Order, str], apart: str = "", dotted: str = "") -> Dates:
    seen = {order: Seen(order in against, against.get(order, ""), 2) for order in ORDERS}
    return Dates("day", seen, Seen(bool(apart), apart, 3), Seen(bool(dotted), dotted, 4))


def test_dates_are_settled_together() -> None:
    day_first = dates({"mdy": "25/12/2024", "ymd": "25/12/2024"})
    month_first = dates({"dmy": "12/25/2024", "ymd": "12/25/2024"})
    unclear = dates({"ymd": "1/2/2024"}, apart="1/2/2024")
    assert date_order([], "mdy", "dmy") == "mdy" and date_order([], None, "dmy") is None
    assert date_order([day_first, unclear], None, None) == "dmy"
    assert date_order([unclear, month_first], None, "dmy") == "mdy"
    assert date_order([unclear], "mdy", "dmy") == "mdy"
    assert date_order([unclear], None, "mdy") == "mdy"
    assert date_order([dates({"ymd": "5/5/2024"})], None, None) == "dmy", "the same day either way"
    with pytest.raises(UndecidedError, match=r"the day or the month first \(1/2/2024, line 3\)"):
        date_order([unclear], None, None)
    with pytest.raises(UndecidedError, match="the day or the month or the year first, and no val"):
        date_order([dates({})], None, None)


def test_dates_that_contradict_are_refused() -> None:
    day_first = dates({"mdy": "25/12/2024", "ymd": "25/12/2024"})
    month_first = dates({"dmy": "12/25/2024", "ymd": "12/25/2024"})
    with pytest.raises(UndecidedError, match=r"with the month first \(12/25/2024 in 'day', line 2"):
        date_order([day_first, month_first], None, None)
    with pytest.raises(UndecidedError, match="read with the month first, and has 25/12/2024 in 'd"):
        date_order([day_first], "mdy", None)
    with pytest.raises(UndecidedError, match=r"begin with the month \(12\.25\.2024, line 4\)"):
        date_order([day_first, dates({}, dotted="12.25.2024")], "dmy", None)


def test_a_stage_is_an_agreed_one_in_any_case_else_a_status() -> None:
    agreed = default_agreement()
    first, out = agreed.stages[0], agreed.exits[0]
    assert resolve(first.label.upper(), agreed, "crm") == (first.id, "entry")
    assert resolve(out.id.title(), agreed, "crm") == (out.id, "exit")
    assert resolve("mqll", agreed, "crm") == (None, None)
    assert [resolve(raw, agreed, "crm") for raw in ("Konvertiert", "Nicht qualifiziert")] == [
        resolve(raw, agreed, "crm") for raw in ("Converted", "Unqualified")
    ]


def test_a_deal_that_is_over_is_not_open_and_the_first_map_counts() -> None:
    won = StageOutcome(stage="Signed", outcome="won")
    open_ = StageOutcome(stage="Signed", outcome="open")
    assert _place(None, "Signed", None, ((won,), (open_,))) == "won"
    assert _place(None, "Signed", None, ((), (open_,))) == "open"
    assert _place("closed", "Signed", None, ((), (open_,))) is None
    assert _place("closed", "Signed", None, ((won,), ())) == "won"
    assert _place(None, "Closed Won", None, ((), ())) == "won"
    assert _place(None, None, None, ((won,), ())) is None


def period(first: int, last: int, *, speaks_of: int = 1, file: int = 1, hour: int = 0) -> Period:
    days = (dt.date(2026, 1, first), dt.date(2026, 1, last))
    return Period(speaks_of, *days, dt.datetime(2026, 2, 1, hour), file, f"f{file}.csv")


def test_of_periods_that_share_a_day_the_shorter_then_the_newer_counts() -> None:
    month, week, day = period(1, 31), period(8, 14), period(14, 14)
    assert list(overlapping([month, week])) == [(month, week)]
    assert list(overlapping([week, day])) == [(week, day)]
    assert list(overlapping([period(1, 7), week, period(15, 21)])) == []
    assert list(overlapping([week, period(14, 20, hour=1)])) == [(week, period(14, 20, hour=1))]
    later = period(8, 14, file=2)
    assert list(overlapping([week, later])) == [(week, later)]
    assert list(overlapping([month, period(8, 14, speaks_of=2)])) == []
    undated = Period(1, week.starts_on, week.ends_on, None, 9, "f9.csv")
    assert list(overlapping([undated, week])) == [(undated, week)]
