"""Results of analyses, and what they say of themselves: computed by hand, without a store."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import pandas as pd
import pytest

from smarketing.analysis.attribution.models.paths import read_paths
from smarketing.analysis.attribution.store_paths import UnitJourneys
from smarketing.analysis.handoff.speed import BEYOND, Span, Speed, band_label
from smarketing.analysis.journeys.paths import NO_TOUCH, CommonPath, CommonPaths, _gathered
from smarketing.analysis.lead_quality.association import Association, _coarser, judged
from smarketing.analysis.lead_quality.strata import Pooled
from smarketing.analysis.rates import rate_of
from smarketing.analysis.review.cause import Causes, of_agreement, of_no_rate
from smarketing.analysis.review.contents import Place
from smarketing.analysis.review.six_and_twelve import (
    Ground,
    Point,
    Series,
    SixAndTwelve,
    ToDate,
    Total,
    of_no_period,
    recorded,
)
from smarketing.periods import Period

PATHS = ["a > a > b", "b > a", "a > b", "", "c"]


@pytest.fixture
def units() -> UnitJourneys:
    frame = pd.DataFrame(
        {"path": PATHS, "won": [1, 1, 0, 1, 0], "lost": [0, 0, 1, 0, 0], "value": [0] * 5}
    )
    return UnitJourneys(
        read_paths(frame), ("u1", "u2", "u3", "u4", "u5"), np.array([10, 20, 0, 7, 5]),
        np.ones(5, dtype=bool), np.arange(5), np.full(5, np.datetime64("2026-01-05")),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("shape", "paths"),
    [
        ("steps", {("a", "b"): (2, 1, 1, 10, 2.5), ("b", "a"): (1, 1, 0, 20, 2.0)}),
        ("set", {("a", "b"): (3, 2, 1, 30, 7 / 3)}),
        ("ends", {("a", "b"): (2, 1, 1, 10, 2.5), ("b", "a"): (1, 1, 0, 20, 2.0)}),
    ],
)
def test_units_on_one_path_are_counted_together(
    units: UnitJourneys, shape: str, paths: dict[tuple[str, ...], tuple[float, ...]]
) -> None:
    found = {path.path: path for path in _gathered(units, np.ones(5, dtype=bool), shape)}
    assert {key: (p.units, p.won, p.lost, p.amount, p.touches) for key, p in found.items()} == {
        **paths, (): (1, 1, 0, 7, 0.0), ("c",): (1, 0, 0, 5, 1.0),
    }  # fmt: skip
    assert found["a", "b"].unit_ids[:1] == ("u1",) and found["c",].win_rate is None
    assert found["a", "b"].win_rate == paths["a", "b"][1] / (paths["a", "b"][1] + 1)
    [only] = _gathered(units, np.array([False, True, False, False, False]), shape)
    assert only.unit_ids == ("u2",)


def test_a_path_is_told_in_one_line_and_its_money_in_major_units() -> None:
    path = CommonPath(("a", "b"), "steps", ("u1",), 1, 1, 0, 1050, 2.0)
    titles = [replace(path, shape=shape).title for shape in ("steps", "ends", "set")]
    assert titles == ["a → b", "a … b", "a + b"] and replace(path, path=()).title == NO_TOUCH
    told = CommonPaths((path,), 3, 4, 2).as_dict()
    assert (told["units"], told["others"]) == (4, 3)
    assert told["paths"] == [{"path": ["a", "b"], "units": 1, "won": 1, "lost": 0, "win_rate": 1.0,
                              "amount": 10.5, "touches": 2.0}]  # fmt: skip


@pytest.mark.parametrize(("minutes", "label"), [
    (None, "never"), (BEYOND, "later"), (5, "within 5 min"), (119, "within 119 min"),
    (120, "within 2 h"), (180, "within 3 h"), (BEYOND - 1, f"within {(BEYOND - 1) // 60} h"),
])  # fmt: skip
def test_a_band_of_response_time_in_words(minutes: int | None, label: str) -> None:
    assert band_label(minutes) == label


def test_whom_nobody_can_tell_to_be_touched_is_not_counted() -> None:
    span = Span(1.0, 2.0, 3.0, 4.0)
    speed = Speed("all", 5, 4, 3, span, replace(span, median=9.0), span)
    told = speed.as_dict()
    assert (told["handovers"], told["touched"], told["measured"]) == (5, 4, 3)
    assert told["routing"] == {
        "median_minutes": 1.0,
        "p90_minutes": 2.0,
        "elapsed_median_minutes": 3.0,
        "elapsed_p90_minutes": 4.0,
    }
    assert told["response"]["median_minutes"] == 9.0 and told["speed_to_lead"] == told["routing"]
    none = replace(speed, reason="no source says so").as_dict()
    assert (none["touched"], none["measured"], none["handovers"]) == (None, None, 5)


STRATA = {("s", "web"): (10, 100), ("s", "tv"): (20, 100), ("m", "web"): (5, 50)}


def test_an_attribute_that_makes_strata_is_compared_within_the_other_one() -> None:
    assert _coarser("segment", STRATA) == {("web", ""): (15, 150), ("tv", ""): (20, 100)}
    assert _coarser("channel", STRATA) == {("s", ""): (30, 200), ("m", ""): (5, 50)}
    assert _coarser("owner", STRATA) == STRATA


def test_leads_with_something_are_compared_with_all_others() -> None:
    everyone = {("s", "web"): (30, 100)}
    pairs = [
        ("owner", "weak", {("s", "web"): (9, 30)}, everyone),
        ("owner", "strong", {("s", "web"): (25, 40)}, everyone),
        ("owner", "few", {("s", "web"): (3, 9)}, everyone),
        ("owner", "most", {("s", "web"): (27, 91)}, everyone),
        ("owner", "edge", {("s", "web"): (3, 10)}, everyone),
        ("owner", "low", {("s", "web"): (0, 40)}, everyone),
    ]
    found = judged(("mql", "sal"), everyone, pairs, 10)
    assert (found.stage, found.next_stage, found.leads, found.converted) == ("mql", "sal", 100, 30)
    assert [one.value for one in found.found] == ["strong", "low", "edge", "weak"]
    first = found.found[0]
    assert (first.with_it, first.without) == (rate_of(25, 40), rate_of(5, 60))
    assert [one.direction for one in found.found] == ["more", "less", "unclear", "unclear"]
    assert first.pooled.difference == pytest.approx(25 / 40 - 5 / 60)


@pytest.mark.parametrize(("p", "difference", "direction"), [
    (0.049, 0.1, "more"), (0.05, 0.1, "unclear"), (0.01, -0.1, "less"), (0.01, 0.0, "less"),
    (0.01, None, "unclear"), (None, 0.1, "unclear"),
])  # fmt: skip
def test_a_difference_is_told_where_chance_would_not_make_it(
    p: float | None, difference: float | None, direction: str
) -> None:
    pooled = Pooled(1, 2.0, 1.0, 3.0, difference, None, None, 0.01)
    one = Association("owner", "a", rate_of(1, 2), rate_of(1, 2), pooled, p)
    assert one.direction == direction


def side(build: str, day: int, code: str = "c", hour: int = 12) -> Any:
    return SimpleNamespace(
        build_id=build,
        as_of_at=datetime(2026, 1, day, hour, 30, 5),
        as_of_day=date(2026, 1, day),
        code_hash=code,
        timezone="UTC",
    )


def test_what_another_date_or_version_does_is_told() -> None:
    nothing = cast("Any", None)
    on, back = (
        Causes(side("b1", 5), side("b2", 6), nothing),
        Causes(side("b1", 6), side("b2", 5), nothing),
    )
    assert on.of_program().kind == "program" and "build b1 was made by another one than b2" in (
        on.of_program().text
    )
    assert on.went_on == "the data go to 6 Jan 2026, no longer to 5 Jan 2026"
    same = Causes(side("b1", 5), side("b2", 5, hour=13), nothing)
    assert same.went_on == "the data go to 5 Jan 2026, 13:30:05, no longer to 12:30:05"
    older = on.of_date(is_rated=True, is_older=True)
    assert older.kind == "date" and older.text.endswith(
        ": what was too young then counts now and rates of exchange are those of that day"
    )
    assert on.of_date(is_rated=False, is_older=True).text.endswith("counts now")
    assert on.of_date(is_rated=True, is_older=False).text.endswith("2026: rates of exchange are "
                                                                  "those of that day")  # fmt: skip
    assert back.of_date(is_rated=False, is_older=True).text.endswith("is too young now")


@pytest.mark.parametrize(("code", "day", "said"), [
    ("d", 5, "whether a new version of Smarketing did it is"),
    ("c", 6, "whether the data's later date (6 Jan 2026, no longer 5 Jan 2026) did it is"),
    ("c", 4, "whether the data's earlier date (4 Jan 2026, no longer 5 Jan 2026) did it is"),
    ("d", 6, "whether a new version of Smarketing or the data's later date ("),
])  # fmt: skip
def test_what_is_too_much_to_know_is_told(code: str, day: int, said: str) -> None:
    causes = Causes(side("b1", 5), side("b2", day, code), cast("Any", None))
    assert causes.of_too_much(is_beside=False).text.startswith(said)
    assert " did it as well is not known: build b1 has" in causes.of_too_much(is_beside=True).text
    nothing = causes.of_nothing(is_beside=False)
    assert nothing.kind == "unknown" and ("different versions" in nothing.text) == (code == "d")
    assert causes.of_nothing(is_beside=True).text == f"beside that {nothing.text}"


def test_of_the_agreement_three_changes_are_told_and_records_without_a_rate_by_kind() -> None:
    old, new = (cast("Any", SimpleNamespace(hash=sign * 12)) for sign in "ab")
    told = of_agreement(old, new, ["One.", "Two.", "Three."])
    assert told.text == "the agreement changed from aaaaaaaa to bbbbbbbb: One. Two. Three."
    assert of_agreement(old, new, [*"wxyz", "v"]).text.endswith(": w x y and 2 more")
    records = {("deal_id", "d2"), ("deal_id", "d1"), ("cost_id", "c1")}
    cause = of_no_rate("USD", date(2026, 1, 5), records)
    assert cause.text == "no exchange rate of USD for 2026-01-05: 1 cost, 2 deals left out"
    assert (cause.kind, cause.records) == ("rate", ("c1", "d1", "d2"))


def period(label: str) -> Period:
    return Period(label, date(2026, 1, 1), date(2026, 2, 1))


def point(label: str, value: float | None = 1.0, running: bool = False, **more: Any) -> Point:
    return Point(period(label), value, value, None, None, None, running, **more)


def series(*points: Point, signals: tuple[Any, ...] = (), limits: Any = None) -> Series:
    return Series("week", points, limits, signals)


def test_the_newest_complete_period_and_its_signal_are_told() -> None:
    points = point("w1"), point("w2"), point("w3", running=True)
    first, last = SimpleNamespace(last=0), SimpleNamespace(last=1)
    found = series(*points, signals=(first, last, SimpleNamespace(last=2)))
    assert found.last == points[1] and found.signal is last
    assert series(*points, signals=(first,)).signal is None
    running = series(points[2], signals=(SimpleNamespace(last=0),))
    assert running.last is None and running.signal is None
    quiet = series(*points)
    assert six(quiet, quiet).signal is None and six(quiet, quiet).signal_at is None
    assert six(found, quiet).signal_at == period("w2")
    assert six(quiet, series(point("m1"), signals=(first,))).signal_at == period("m1")


def six(weeks: Series, months: Series, **more: Any) -> SixAndTwelve:
    return SixAndTwelve("k", "K", "count", "up", True, weeks, months, point("w0"), **more)


def test_a_series_can_be_held_against_limits_where_its_newest_value_is_of_enough() -> None:
    limits, none = object(), series(point("w1"))
    for one, can in (
        (series(point("w1"), limits=limits), True), (none, False),
        (series(point("w1", None), limits=limits), False),
        (series(point("w1", ground=Ground(is_few=True)), limits=limits), False),
        (series(point("w1", running=True), limits=limits), False),
    ):  # fmt: skip
        assert six(one, none).can_tell == six(none, one).can_tell == can


def test_every_value_that_is_shown_is_told_with_what_it_is_of() -> None:
    few = Ground(counts=(1, 4))
    late = [ToDate(period(status), 2.0, cast("Any", SimpleNamespace(status=status)))
            for status in ("behind", "on pace", "at risk")]  # fmt: skip
    unpaced = ToDate(period("q"), None, None)
    found = six(series(point("w1", 0.25, ground=few)), series(point("m1")),
                to_date=(*late, unpaced),
                earlier={"w1": Total(9.0), "old": Total(3.0)})  # fmt: skip
    assert found.off_pace == (late[0], late[2])
    assert found.shown() == {
        "w1": Total(0.25, (1, 4)), "m1": Total(1.0), "behind": Total(2.0), "on pace": Total(2.0),
        "at risk": Total(2.0), "q": Total(None),
    }  # fmt: skip
    assert found.totals() == {**found.shown(), "old": Total(3.0)}


def test_a_value_on_record_is_of_its_counts() -> None:
    def said(value: float | None, n: int | None) -> Total:
        return recorded(cast("Any", SimpleNamespace(value=value, n=n)))

    assert said(0.25, 4) == Total(0.25, (1, 4)) and said(0.25, None) == Total(0.25)
    assert said(None, 4) == Total(None)
    assert of_no_period("no costs in 2026-01", "2026-01") == "no costs"
    assert of_no_period("no costs for 2026-01", "2026-01") == "no costs"
    assert of_no_period("in 2026-01 no costs", "2026-01") == "in 2026-01 no costs"


def test_files_are_named_with_their_first_rows_and_records() -> None:
    places = {Place("i1", "a.csv", line, f"d{line}") for line in range(2, 8)}
    places |= {Place("i2", "b.csv", 2), Place("i2", "c.csv", 3, "d1", is_gone=True),
               Place("i3", "d.csv", 3, "d1", is_gone=True), Place("i4", "e.csv", 9, is_reread=True),
               Place("i5", "f.csv", 4, "d1", is_gone=True)}  # fmt: skip
    contents = SimpleNamespace(
        first_said=lambda given: given, gone={("i2", "c.csv"), ("i3", "d.csv")},
        instead_of=lambda file: "i9" if file[0] == "i3" else None,
        alone=lambda tables: [(("i1", "a.csv"), False), (("i2", "c.csv"), True)],
    )  # fmt: skip
    causes = Causes(side("b1", 5), side("b2", 6), cast("Any", contents))
    found = {cause.file: cause for cause in causes.of_files(places)}
    assert {name: cause.text for name, cause in found.items()} == {
        "a.csv": "a.csv of import i1, rows 2, 3, 4, 5, 6 and 1 more "
        "(d2, d3, d4, d5, d6 and 1 more)",
        "b.csv": "b.csv of import i2, row 2",
        "c.csv": "c.csv of import i2, row 3 (d1), taken back",
        "d.csv": "d.csv of import i3, row 3 (d1), no longer in the export of i9",
        "e.csv": "a new version of Smarketing reads otherwise: e.csv of import i4, row 9",
        "f.csv": "f.csv of import i5, row 4 (d1), no longer counted beside newer files",
    }
    assert {name for name, cause in found.items() if cause.kind == "program"} == {"e.csv"}
    assert (found["a.csv"].rows, found["a.csv"].records[-1]) == ((2, 3, 4, 5, 6, 7), "d7")
    [rate, *_] = causes.of_new_rates({Place("i2", "b.csv", 2)})
    assert rate.kind == "date" and rate.text == (
        f"{causes.went_on}: rates of exchange are those of that day, b.csv of import i2, row 2"
    )
    here, gone = (cause.text for cause in causes.of_alone(frozenset()))
    assert here.startswith("a.csv of import i1, the first of its kind: without it")
    assert gone.startswith("c.csv of import i2, taken back: without it")
