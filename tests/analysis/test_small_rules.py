"""Small rules of the analyses, each by hand: words of causes, orders, boundaries and bounds."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from types import SimpleNamespace
from typing import Any, cast

import pandas as pd
import pytest

from smarketing.agreement.models import TargetMarket
from smarketing.analysis.campaigns.together import ENDED, PLANNED, RUNNING, UNDATED, state_of
from smarketing.analysis.health.finding import are, finding_id, grouped, has, quoted, say, total
from smarketing.analysis.lead_quality.association import (
    Association,
    _coarser,
    _compared,
    judged,
)
from smarketing.analysis.lead_quality.market import Buyers, Market, _is_target, _is_unknown
from smarketing.analysis.lead_quality.scores import (
    COUNTS,
    Calibration,
    _recall,
    calibration,
    judged_days,
    threshold_table,
)
from smarketing.analysis.lead_quality.strata import Pooled, Table
from smarketing.analysis.rates import rate_of
from smarketing.analysis.review.cause import (
    Causes,
    _file_words,
    _many,
    of_agreement,
    of_no_rate,
)
from smarketing.analysis.review.contents import Place
from smarketing.periods import Window

DAY = dt.date(2026, 6, 12)


def build(name: str, code: str = "c1", day: dt.date = DAY, hour: int = 8) -> Any:
    at = dt.datetime.combine(day, dt.time(hour, 30, 5))
    return SimpleNamespace(
        build_id=name, code_hash=code, as_of_day=day, as_of_at=at, timezone="UTC"
    )


def causes(before: Any = None, after: Any = None, contents: Any = None) -> Causes:
    return Causes(before or build("b1"), after or build("b2"), contents)


LATER, CODED = build("b2", day=dt.date(2026, 6, 14)), build("b2", "c2")


def test_the_data_went_on_to_a_day_or_to_a_time_of_it() -> None:
    assert causes(after=LATER).went_on == "the data go to 14 Jun 2026, no longer to 12 Jun 2026"
    found = causes(after=build("b2", hour=9)).went_on
    assert found == "the data go to 12 Jun 2026, 09:30:05, no longer to 08:30:05"


@pytest.mark.parametrize(
    ("back", "rated", "older", "said"),
    [
        (False, True, True, "what was too young then counts now and rates of exchange are those of "
         "that day"),
        (True, False, True, "what counted then is too young now"),
        (False, True, False, "rates of exchange are those of that day"),
    ],
)  # fmt: skip
def test_what_another_date_does(back: bool, rated: bool, older: bool, said: str) -> None:
    sides = (LATER, build("b1")) if back else (build("b1"), LATER)
    found = causes(*sides).of_date(is_rated=rated, is_older=older)
    assert found.kind == "date" and found.text == f"{causes(*sides).went_on}: {said}"


@pytest.mark.parametrize(
    ("after", "beside", "said"),
    [
        (CODED, False, "whether a new version of Smarketing did it is not known"),
        (LATER, True, "whether the data's later date (14 Jun 2026, no longer 12 Jun 2026) did it "
         "as well is not known"),
        (build("b2", "c2", dt.date(2026, 6, 11)), False,
         "whether a new version of Smarketing or the data's earlier date (11 Jun 2026, no longer "
         "12 Jun 2026) did it is not known"),
    ],
)  # fmt: skip
def test_what_is_not_known_where_records_are_too_many(after: Any, beside: bool, said: str) -> None:
    found = causes(after=after).of_too_much(is_beside=beside)
    assert found.kind == "unknown"
    assert found.text == f"{said}: build b1 has too many rows to be made again for this"


def test_nothing_was_found_or_only_another_version() -> None:
    plain = "no file, setting or version was found that can have done it"
    assert causes().of_nothing(is_beside=False).text == plain
    assert causes().of_nothing(is_beside=True).text == f"beside that {plain}"
    assert causes(after=CODED).of_nothing(is_beside=False).text.startswith("builds b1 and b2 were")
    found = causes().of_program()
    assert (found.kind, found.text) == (
        "program", "a new version of Smarketing (build b1 was made by another one than b2)",
    )  # fmt: skip


def place(line: int, record: str = "", **said: bool) -> Place:
    return Place("i1", "a.csv", line, record, **said)


@pytest.mark.parametrize(
    ("gone", "instead", "went"),
    [
        ((), None, ", no longer counted beside newer files"),
        ((("i1", "a.csv"),), None, ", taken back"),
        ((("i1", "a.csv"),), "i2", ", no longer in the export of i2"),
    ],
)
def test_the_files_that_say_another_thing_are_named(gone: Any, instead: Any, went: str) -> None:
    places = [
        place(7, "d2"),
        place(3, "d1"),
        place(3),
        place(9, is_gone=True),
        place(4, is_reread=True),
    ]
    contents = SimpleNamespace(
        first_said=lambda _: places, gone=gone, instead_of=lambda _: instead,
        alone=lambda _: [(("i1", "a.csv"), True), (("i0", "b.csv"), False)],
    )  # fmt: skip
    found = causes(contents=contents)
    assert [(one.kind, one.text, one.rows, one.records) for one in found.of_files(set())] == [
        ("file", "a.csv of import i1, rows 3, 7 (d1, d2)", (3, 7), ("d1", "d2")),
        (
            "program",
            "a new version of Smarketing reads otherwise: a.csv of import i1, row 4",
            (4,),
            (),
        ),
        ("file", f"a.csv of import i1, row 9{went}", (9,), ()),
    ]
    rated = next(iter(found.of_new_rates(set())))
    assert rated.kind == "date" and rated.text.startswith("the data go to ")
    assert rated.text.endswith(": rates of exchange are those of that day, a.csv of import i1, "
                               "rows 3, 7 (d1, d2)")  # fmt: skip
    assert [one.text for one in found.of_alone(frozenset())] == [
        "b.csv of import i0, the first of its kind: without it nothing of the kind is recorded",
        f"a.csv of import i1{went}: without it nothing of the kind is recorded",
    ]


def test_five_rows_and_records_are_named_and_others_counted() -> None:
    assert _file_words("i", "f", {1}, set()) == "f of import i, row 1"
    assert _file_words("i", "f", {*range(1, 6)}, {*"abcde"}) == (
        "f of import i, rows 1, 2, 3, 4, 5 (a, b, c, d, e)"
    )
    assert _file_words("i", "f", {*range(1, 8)}, {*"abcdef"}) == (
        "f of import i, rows 1, 2, 3, 4, 5 and 2 more (a, b, c, d, e and 1 more)"
    )


def test_records_are_counted_by_kind_and_changes_of_the_agreement_by_three() -> None:
    records = {("deal_id", "b"), ("deal_id", "a"), ("cost_id", "c")}
    assert _many(records) == "1 cost, 2 deals"
    found = of_no_rate("USD", DAY, records)
    assert (found.kind, found.records) == ("rate", ("a", "b", "c"))
    assert found.text == "no exchange rate of USD for 2026-06-12: 1 cost, 2 deals left out"
    old, new = (cast(Any, SimpleNamespace(hash=letter * 12)) for letter in "ab")
    for said, told in ((["x.", "y.", "z."], "x. y. z."), ([*"xyzw"], "x y z and 1 more")):
        text = of_agreement(old, new, said).text
        assert text == f"the agreement changed from aaaaaaaa to bbbbbbbb: {told}"


@pytest.mark.parametrize(
    ("starts", "ends", "state"),
    [
        (None, DAY, UNDATED), (13, None, PLANNED), (12, None, RUNNING), (12, 12, RUNNING),
        (10, 12, RUNNING), (10, 11, ENDED),
    ],
)  # fmt: skip
def test_a_campaign_runs_with_its_first_and_last_day(starts: Any, ends: Any, state: str) -> None:
    first, last = (
        one if one is None or one is DAY else DAY.replace(day=one) for one in (starts, ends)
    )
    assert state_of(first, last, DAY) == state


MARKET = TargetMarket(definition="Who buys.", segments=("small",), personas=("cfo",))


@pytest.mark.parametrize(
    ("segment", "persona", "region", "target", "unknown"),
    [
        ("small", "cfo", "x", True, False), ("small", "cto", "x", False, False),
        ("small", "(unknown)", "x", False, True), ("large", "(unknown)", "x", False, False),
        ("(unknown)", "(unknown)", "x", False, True), ("small", "cfo", "(unknown)", True, False),
    ],
)  # fmt: skip
def test_who_was_meant_and_of_whom_that_is_not_known(
    segment: str, persona: str, region: str, target: bool, unknown: bool
) -> None:
    assert _is_target(MARKET, segment, persona, region) is target
    assert _is_unknown(MARKET, segment, persona, region) is unknown


def test_the_gap_is_what_is_known_to_be_outside() -> None:
    part = Buyers("small", "cfo", 1, 1, 60, 0.6, True, lacking=2)
    market = Market((part, part), 1, 60, 2, 100, (), 15)
    assert (market.lacking, market.target_share, market.gap) == (4, 0.6, 0.25)
    assert replace(market, unknown_amount=100).gap is None
    nothing = replace(market, won_amount=0)
    assert (nothing.target_share, nothing.gap) == (None, None)


def association(p: float | None, difference: float | None, value: str = "v") -> Association:
    pooled = Pooled(1, None, None, None, difference, None, None, p)
    return Association("a", value, rate_of(1, 2), rate_of(1, 2), pooled, p)


@pytest.mark.parametrize(
    ("p", "difference", "direction"),
    [(0.049, 0.1, "more"), (0.049, -0.1, "less"), (0.05, 0.1, "unclear"), (None, 0.1, "unclear"),
     (0.01, None, "unclear"), (0.01, 0.0, "less")],
)  # fmt: skip
def test_which_way_leads_convert(p: float | None, difference: float | None, direction: str) -> None:
    assert association(p, difference).direction == direction


EVERYONE = {("s", "web"): (10, 40), ("s", "ads"): (5, 20), ("l", "web"): (1, 10)}


def test_an_attribute_is_compared_within_what_it_leaves() -> None:
    assert _coarser("segment", EVERYONE) == {("web", ""): (11, 50), ("ads", ""): (5, 20)}
    assert _coarser("channel", EVERYONE) == {("s", ""): (15, 60), ("l", ""): (1, 10)}
    assert _coarser("region", EVERYONE) is EVERYONE
    name, value, with_it, without, pooled = _compared("x", "y", {("s", "web"): (6, 12)}, EVERYONE)
    assert (name, value, with_it, without) == ("x", "y", rate_of(6, 12), rate_of(10, 58))
    assert pooled.strata == 1 and pooled.difference == pytest.approx(6 / 12 - 4 / 28)
    assert not Table(1, 2, 0, 0).is_informative and not Table(0, 0, 1, 2).is_informative


def test_associations_are_corrected_over_what_is_shown_the_surest_first() -> None:
    counts = {"much": {("s", "web"): (9, 10)}, "little": {("s", "web"): (3, 10)},
              "few": {("s", "web"): (9, 9)}, "other": {("s", "web"): (10, 31)}}  # fmt: skip
    found = judged(
        ("mql", "sql"), {("s", "web"): (10, 40)},
        [("a", name, told, {("s", "web"): (10, 40)}) for name, told in counts.items()], 10,
    )  # fmt: skip
    assert (found.stage, found.next_stage, found.leads, found.converted) == ("mql", "sql", 40, 10)
    assert [one.value for one in found.found] == ["much", "little"]
    first, second = found.found
    assert first.pooled.p is not None and first.adjusted_p == pytest.approx(2 * first.pooled.p)
    assert second.adjusted_p == second.pooled.p


def scores(*rows: tuple[float | None, int, int, int]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["score", "leads", "worked", "converted"])
    return frame.assign(**{name: 0 for name in COUNTS if name not in frame})


def test_a_threshold_is_judged_by_the_worked_above_it() -> None:
    frame = scores((None, 5, 0, 0), (10, 20, 10, 1), (20, 10, 10, 4))
    low, high = threshold_table(frame, [10, 11], 2.0, capacity_per_month=5)
    assert (low.leads, low.worked, low.precision) == (30, 20, rate_of(5, 20))
    assert (high.leads, high.worked, high.precision) == (10, 10, rate_of(4, 10))
    assert (low.per_month, high.per_month) == (15.0, 5.0)
    assert (low.within_capacity, high.within_capacity) == (False, True)
    assert low.lift == 1.0 and high.lift == pytest.approx(0.4 / 0.25)
    assert (low.revenue_share, low.recall_high, low.recall_low) == (None, 1.0, 0.5)
    assert (high.recall_low, high.recall_high) == (pytest.approx(4 / 20), 0.8)
    [without] = threshold_table(frame, [10], 0.0)
    assert (without.per_month, without.within_capacity) == (0.0, None)
    assert _recall(0, 0, 5) == (None, None)


def test_bands_are_of_one_width_and_hold_every_score() -> None:
    frame = scores((None, 5, 0, 0), (0, 1, 1, 0), (4, 2, 2, 1), (5, 3, 2, 2))
    assert calibration(frame, 3) == [
        Calibration(0, 2, 1, rate_of(0, 1)), Calibration(2, 4, 0, rate_of(0, 0)),
        Calibration(4, 6, 5, rate_of(3, 4)),
    ]  # fmt: skip
    assert calibration(frame, 6)[1] == Calibration(1, 2, 0, rate_of(0, 0))
    assert [one.low for one in calibration(frame, 4)] == [0, 2, 4]
    assert calibration(scores((None, 5, 0, 0)), 3) == []


@pytest.mark.parametrize(
    ("days", "end", "judged_of"), [(1, 10, 9), (1, 30, 11), (5, 30, 7), (12, 30, 0), (40, 30, 0)]
)
def test_days_are_judged_that_lie_far_enough_back(days: int, end: int, judged_of: int) -> None:
    window = cast(Window, SimpleNamespace(start=DAY.replace(day=1), end=DAY.replace(day=end)))
    assert judged_days(cast(Any, SimpleNamespace(as_of_day=DAY)), window, days) == judged_of


def test_words_of_findings() -> None:
    assert (say(1, "lead"), say(1200, "lead"), say(2, "touch")) == (
        "1 lead",
        "1,200 leads",
        "2 touches",
    )
    assert (are(1), are(0), has(1), has(2)) == ("is", "are", "has", "have")
    assert (quoted("x"), quoted(""), quoted(None), quoted(0)) == (" (“x”)", "", "", " (“0”)")
    assert finding_id("Stale", "A b", 7) == "stale-a-b-7"
    assert finding_id(*range(12)) == "0-1-2-3-4-5-6-7-8-9"
    rows: list[dict[str, Any]] = [{"a": 2, "n": 1}, {"a": 1, "n": None}, {"a": 2, "n": 3}]
    assert grouped(rows, "a") == [(2, [rows[0], rows[2]]), (1, [rows[1]])] and total(rows, "n") == 4
