"""What makes a number another one, by hand: whose rows differ, and the words for the files."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest

from smarketing.agreement import load_agreement
from smarketing.analysis.review import counted
from smarketing.analysis.review import restated as module
from smarketing.analysis.review.cause import Cause, _file_words, of_agreement
from smarketing.analysis.review.causes import is_same, is_told_alike
from smarketing.analysis.review.contents import _says
from smarketing.analysis.review.counted import Seen, differing
from smarketing.analysis.review.restated import Restated, restated
from smarketing.analysis.review.six_and_twelve import Total
from smarketing.charts import format as fmt
from smarketing.charts.minutes import restated_folded, restated_row, restated_words
from smarketing.periods import parse_period
from smarketing.workspace.records import Reported


@pytest.mark.parametrize(
    ("before", "after", "same"),
    [
        (None, None, True), (None, 0.0, False), (0.0, None, False), (1.0, 1.0 + 1e-12, True),
        (1.0, 1.001, False), (0.0, 1e-12, True), (1e12, 1e12 + 1, True), (0.0, 0.01, False),
    ],
)  # fmt: skip
def test_a_number_is_the_same_but_for_the_last_digits(
    before: float | None, after: float | None, same: bool
) -> None:
    assert is_same(before, after) is same


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        (Total(0.5), Total(0.5), True), (Total(0.5), Total(0.6), False), (Total(), Total(), True),
        (Total(0.5, (1, 2)), Total(0.5, (2, 4)), False),
        (Total(0.5, (1, 2)), Total(0.5, (1, 2)), True),
        (Total(0.5, (1, 2)), Total(0.5), True), (Total(0.5), Total(0.5, (1, 2)), True),
        (Total(0.5, (1, 2)), Total(0.6, (1, 2)), False),
    ],
)  # fmt: skip
def test_two_totals_are_told_alike_where_their_counts_are(
    one: Total, other: Total, alike: bool
) -> None:
    assert is_told_alike(one, other) is alike


@pytest.fixture(params=["few", "many"])
def however_many(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Few records are compared one by one, of many those first that are not alike."""
    if request.param == "many":
        monkeypatch.setattr(counted, "_MANY", 0)


@pytest.mark.usefixtures("however_many")
def test_records_differ_by_what_they_bring_not_by_what_else_is_shown_of_them() -> None:
    old = pd.DataFrame(
        {"deal_id": ["a", "b", "c", "d", "d"], "value": [1, 2, 3, 4, 5], "name": list("abcde")}
    )
    new = pd.DataFrame(
        {"deal_id": ["d", "a", "b", "d", "e"], "value": [5, 1, 9, 4, 6], "name": list("vwxyz")}
    )

    def ids(before: pd.DataFrame, after: pd.DataFrame) -> set[str]:
        return {row["deal_id"] for row in differing(before, after)}

    assert ids(old, new) == {"b", "c", "e"}
    assert ids(pd.DataFrame(), new) == {"a", "b", "d", "e"}
    assert ids(old, pd.DataFrame()) == {"a", "b", "c", "d"}
    assert differing(old, old[::-1]) == []


@pytest.mark.parametrize(
    ("read", "is_new"),
    [
        ({"lead_id", "person_id", "source"}, False), ({"lead_id", "kind"}, True),
        ({"lead_id", "touch_id"}, True), (None, True),
    ],
)  # fmt: skip
def test_one_more_row_of_a_record_is_no_news_where_only_whose_it_is_is_read(
    read: set[str] | None, is_new: bool
) -> None:
    of = {"lead_id": "l", "person_id": "p", "kind": "call", "import_id": "i1", "_file": "touch.csv"}
    rows = [{**of, "touch_id": f"t{n}", "_row": n} for n in (2, 3)]
    reads = {} if read is None else {"touch": frozenset(read)}
    old, new = (_says("touch", some, reads) for some in (rows[:1], rows))
    assert (old.keys() != new.keys()) is is_new


def test_of_rows_that_say_the_same_the_first_that_came_says_it() -> None:
    of = {"lead_id": "l", "kind": "call", "_row": 2}
    rows = [{**of, "touch_id": f"t{n}", "import_id": f"i{n}", "_file": "touch.csv"} for n in (2, 1)]
    for some in (rows, rows[::-1]):
        (place,) = _says("touch", some, {"touch": frozenset({"lead_id"})}).values()
        assert (place.import_id, place.record) == ("i1", "t1")


@pytest.mark.usefixtures("however_many")
def test_a_record_without_an_id_of_a_kind_is_known_by_its_others() -> None:
    old = pd.DataFrame({"deal_id": ["a", None], "account_id": [None, "x"], "value": [1.0, None]})
    new = old.assign(value=[2.0, None])
    for kind in ("object", "string[pyarrow]"):
        both = [one.astype({"deal_id": kind, "account_id": kind}) for one in (old, new)]
        assert differing(both[0], both[1]) == [{"deal_id": "a"}, {"deal_id": "a"}]


def test_five_rows_and_five_records_of_a_file_are_named() -> None:
    assert _file_words("i1", "deal.csv", {3}, {"d1"}) == "deal.csv of import i1, row 3 (d1)"
    five = {f"d{n}" for n in range(5)}
    assert _file_words("i1", "deal.csv", {6, 2, 3, 4, 5}, five) == (
        "deal.csv of import i1, rows 2, 3, 4, 5, 6 (d0, d1, d2, d3, d4)"
    )
    assert _file_words("i1", "deal.csv", set(range(2, 9)), {*five, "d5"}) == (
        "deal.csv of import i1, rows 2, 3, 4, 5, 6 and 2 more (d0, d1, d2, d3, d4 and 1 more)"
    )


@pytest.mark.parametrize(
    ("sentences", "said"),
    [
        (["One.", "Two.", "Three."], "One. Two. Three."),
        (["One.", "Two.", "Three.", "Four.", "Five."], "One. Two. Three. and 2 more"),
    ],
)
def test_of_a_changed_agreement_three_sentences_are_said(sentences: list[str], said: str) -> None:
    cause = of_agreement(_hashed("0123456789"), _hashed("abcdefghij"), sentences)
    assert cause.kind == "agreement"
    assert cause.text == f"the agreement changed from 01234567 to abcdefgh: {said}"


def _hashed(version: str) -> Any:
    return SimpleNamespace(hash=version)


def test_what_time_alone_changed_is_counted_apart() -> None:
    def one(*kinds: str) -> Restated:
        causes = tuple(Cause(kind, kind) for kind in kinds)
        return Restated("k", "K", "count", parse_period("2026-06"), 1.0, 2.0, causes)

    by_file, by_time = one("file", "date"), one("date")
    assert (by_file.is_by_time, by_time.is_by_time, one().is_by_time) == (False, True, False)
    assert restated_words([by_file]) == "1 number is another now"
    assert restated_words([by_file, by_file, by_time]) == (
        "2 numbers are others now; 1 more, last in the list, is so only because time went on"
    )
    alone = "2 numbers are others now only because time went on"
    assert restated_words([by_time, by_time]) == alone


def test_of_one_number_in_many_periods_the_largest_change_stands_for_all() -> None:
    def one(kpi: str, period: str, after: float) -> Restated:
        cause = (Cause("file", "deal.csv"),)
        return Restated(kpi, kpi.upper(), "count", parse_period(period), 10.0, after, cause)

    found = [one("a", "2026-06", 20.0), one("b", "2026-06", 12.0), one("a", "2026-Q2", 11.0)]
    assert [each.size for each in found] == [1.0, 0.2, 0.1]
    assert list(restated_folded(found, "EUR")) == [
        ("A", "2026-06 and 1 more period", "10", "20", "deal.csv"),
        ("B", "2026-06", "10", "12", "deal.csv"),
    ]


def test_a_rate_of_few_is_told_by_its_counts_then_and_now() -> None:
    def told(few_before: Any, few_after: Any) -> tuple[str, ...]:
        period = parse_period("2026-06")
        one = Restated("r", "R", "rate", period, 0.5, 0.4286, (), few_before, few_after)
        return restated_row(one, "EUR")[2:4]

    assert told((2, 4), (3, 7)) == ("2 of 4", "3 of 7")
    assert told((2, 4), None) == ("2 of 4", "42.9 %".replace(" ", fmt.THIN))
    assert told(None, (3, 7))[1] == "3 of 7"


@pytest.mark.parametrize(
    ("now", "months"),
    [(dt.date(2026, 7, 5), ["2026-05"]), (dt.date(2026, 6, 10), ["2026-05", "2026-06"])],
)
def test_a_month_that_was_running_is_not_restated_by_going_on(
    now: dt.date, months: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def totals(_: Any, __: Any, ids: Any, periods: Any) -> dict[tuple[str, str], Total]:
        return {(name, period.label): Total(9.0) for name in ids for period in periods}

    monkeypatch.setattr(module, "Changes", lambda *_: None)
    monkeypatch.setattr(module, "totals_in", totals)
    engines: Any = [SimpleNamespace(as_of_day=day) for day in (dt.date(2026, 6, 10), now)]
    before, after = (Seen(engine, load_agreement()) for engine in engines)
    reported = [
        Reported(meeting_id=1, kpi=kpi, period=month, value=value)
        for month in ("2026-05", "2026-06")
        for kpi, value in (("new_leads", 5.0), ("new_mqls", 9.0), ("none", 1.0))
    ]
    found = restated(before, after, reported, why=False)
    assert [(one.kpi, one.period.label, one.before, one.after) for one in found] == [
        ("new_leads", month, 5.0, 9.0) for month in months
    ]
