"""The three sentences: who is behind comes first, what moved says where, what is owed by whom."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from smarketing.analysis.kpis.history import History
from smarketing.analysis.kpis.result import KpiResult
from smarketing.analysis.kpis.targets import Standing
from smarketing.analysis.review.limits import Limits
from smarketing.analysis.review.state import Month, Moved, Overdue, State, by_severity
from smarketing.charts.headlines import (
    change,
    changed_by,
    headlines,
    numbers_title,
    untold_variation,
)
from smarketing.periods import Period

JUNE = Period("2026-06", dt.date(2026, 6, 1), dt.date(2026, 7, 1))


def result(label: str, value: float, status: str | None, target: float = 100.0) -> KpiResult:
    standing = Standing(target, target, 1.0, 0.1, status)  # type: ignore[arg-type]
    return KpiResult(
        id=label.lower(), label=label, unit="count", direction="up", value=value, numerator=None,
        denominator=None, n=None, previous=None, last_year=None,
        standing=standing if status else None, low=None, high=None, shown_as_counts=False,
        is_small=False, reason=None, previous_reason=None, note=None,
    )  # fmt: skip


def said(
    results: list[KpiResult], moved: Moved | None = None, overdue: Overdue | None = None
) -> list[str]:
    state = State(
        tuple(by_severity(results)),
        moved,
        len(results),
        overdue or Overdue(0, 0),
        no_target="No target is agreed for 2026-06",
    )
    return [
        s.text for s in headlines(state, "EUR", JUNE, JUNE.last_day, lambda _, key: key.title())
    ]


def test_the_worst_is_named_first_and_three_at_most() -> None:
    results = [result("A", 95, "on track"), result("B", 85, "at risk"), result("C", 40, "behind")]
    assert (
        said(results)[0] == "2 of 3 targets of 2026-06 need attention: C 40 of 100 and B 85 of 100."
    )
    many = [result(name, 1, "behind") for name in "ABCDE"]
    assert said(many)[0].endswith("A 1 of 100, B 1 of 100 and C 1 of 100, and 2 more.")
    assert said([result("A", 1, "behind")])[0].startswith(
        "1 of 1 targets of 2026-06 needs attention"
    )


def test_the_month_is_told_apart_inside_a_longer_period() -> None:
    quarter = Period("2026-Q2", dt.date(2026, 4, 1), dt.date(2026, 7, 1))

    def first(of_quarter: list[KpiResult], of_june: list[KpiResult]) -> tuple[str, str]:
        month = Month(JUNE, tuple(by_severity(of_june)))
        said = "None is agreed"
        state = State(tuple(of_quarter), None, 0, Overdue(0, 0), month=month, no_target=said)
        one = headlines(state, "EUR", quarter, JUNE.last_day, lambda _, key: key)[0]
        return one.text, one.tone

    met, missed = result("A", 100, "on track"), result("B", 40, "behind")
    assert first([met], [missed, met]) == (
        "The one target of 2026-Q2 is met or on pace. "
        "1 of 2 targets of 2026-06 alone needs attention: B 40 of 100.", "bad",
    )  # fmt: skip
    assert first([met], [met, met]) == (
        "The one target of 2026-Q2 is met or on pace. "
        "Both targets of 2026-06 alone are met or on pace.", "good",
    )  # fmt: skip
    both = first([result("C", 1, None)], [missed, replace(missed, id="d")])
    assert both[1] == "bad" and both[0].endswith(
        "agreed. 2 of 2 targets of 2026-06 alone need attention, first of all B 40 of 100."
    )
    state = State((met,), None, 0, Overdue(0, 0), month=Month(JUNE, (missed,), is_after=True))
    before = Period("2026-Q1", dt.date(2026, 3, 1), JUNE.start)
    assert headlines(state, "EUR", before, JUNE.last_day, lambda _, key: key)[0].text.endswith(
        "1 of 1 targets of 2026-06 so far needs attention: B 40 of 100."
    )


def test_what_is_due_by_now_is_the_yardstick_of_a_period_that_runs() -> None:
    running = result("A", 40, "behind")
    running = replace(running, standing=Standing(100.0, 60.0, 0.6, 0.1, "behind"))
    assert "A 40 of 60 by now" in said([running])[0]


def test_all_met_none_agreed_and_nothing_at_all() -> None:
    assert said([result("A", 100, "ahead"), result("B", 99, "on track")])[0] == (
        "Both targets of 2026-06 are met or on pace."
    )
    assert said([result("A", 1, None)])[0] == "No target is agreed for 2026-06."
    other = State((), None, 0, Overdue(0, 0), (result("A", 40, "behind"),))
    assert headlines(other, "EUR", JUNE, JUNE.last_day, lambda _, key: key)[0].text.startswith(
        "1 of 1 targets"
    )
    assert said([])[1].startswith("Whether anything moved cannot be told yet")
    amount = replace(result("A", 150, "ahead"), unit="money", previous=100.0)
    past = History("a", (JUNE,), (150.0,), None, False)
    early = State((amount,), Moved(amount, past, 0.5), 0, Overdue(0, 0))
    assert headlines(early, "EUR", JUNE, JUNE.last_day, lambda _, key: key)[1].text == (
        "A: +50.0\u202f% against the period before; too early to tell from normal variation "
        "(twelve earlier periods are needed)."
    )
    running = replace(early, moved=None, histories={"a": replace(past, is_partial=True)})
    assert headlines(running, "EUR", JUNE, JUNE.last_day, lambda _, key: key)[1].text == (
        "Whether anything moved can be told when the period is over."
    )
    assert said([])[2] == "No lead is overdue."


def test_targets_that_rest_on_too_little_are_counted_and_not_judged() -> None:
    def withheld(label: str) -> KpiResult:
        few = result(label, 3, "behind")
        assert few.standing is not None
        return replace(few, standing=replace(few.standing, status=None))

    met, missed = result("A", 100, "ahead"), result("B", 40, "behind")
    assert said([met, withheld("C")])[0] == (
        "The one target of 2026-06 is met or on pace; 1 more rests on too little to be judged."
    )
    assert said([missed, withheld("C"), withheld("D")])[0] == (
        "1 of 1 targets of 2026-06 needs attention: B 40 of 100; "
        "2 more rest on too little to be judged."
    )


def test_what_moved_says_by_how_much_and_where_but_not_why() -> None:
    past = History("a", (JUNE,), (150.0,), Limits(100.0, 80.0, 120.0), False)
    part = ("channel", "webinar", 40.0, 0.8)
    moved = Moved(result("A", 150, "ahead"), past, 2.5, *part)
    text = said([moved.result], moved)[1]
    assert text == "A: 150, above its normal variation of at most 120, most of it in Webinar (+40)."
    spread = said([moved.result], replace(moved, effect=-4.0, share=0.4))[1]
    assert spread.endswith(", the largest part in Webinar (\u22124).")
    beyond = said([moved.result], replace(moved, effect=20.0, share=2.5))[1]
    assert beyond.endswith(" of at most 120: Webinar +20, all others \u221212.")
    low = Moved(result("A", 70, "behind"), replace(past, values=(70.0,)), 1.5)
    assert said([low.result], low)[1] == "A: 70, below its normal variation of at least 80."
    assert said([result("A", 100, "ahead")])[1] == (
        "Nothing moved beyond its normal variation; 1 of 1 numbers can be compared with their past."
    )
    # What is not beyond is told as well, and claimed to be no more.
    inside = replace(result("A", 110, "ahead"), previous=100.0)
    within = replace(past, values=(110.0,))
    calm = State((inside,), Moved(inside, within, 0.5, *part), 1, Overdue(0, 0))
    assert headlines(calm, "EUR", JUNE, JUNE.last_day, lambda _, key: key.title())[1].text == (
        "Nothing moved beyond its normal variation; the most, A: +10.0\u202f% against the period "
        "before, most of it in Webinar (+40)."
    )


def test_a_value_never_reads_like_the_limit_that_it_is_beyond() -> None:
    won = replace(result("A", 2_184_000.0, "ahead"), unit="money")
    past = History("a", (JUNE,), (2_184_000.0,), Limits(1e6, 0.0, 2_181_000.0), False)
    assert change(Moved(won, past, 1.1), "EUR") == (
        "A: €2.18\u202fM, just above its normal variation"
    )


@pytest.mark.parametrize(
    ("overdue", "text"),
    [
        (Overdue(0, 3), "No lead is overdue; 3 leads are due soon."),
        (Overdue(0, 0, reason="why"), "Whether a lead is overdue is not known: why."),
        (Overdue(1, 0), "One lead is overdue."),
        (Overdue(1, 0, "m", "Ann", 1), "One lead is overdue, with Ann."),
        (Overdue(4, 0, "m", "Ann", 4), "4 leads are overdue, all with Ann."),
        (Overdue(5, 1, "m", "Ann", 2), "5 leads are overdue, 2 of them with Ann."),
        (
            Overdue(1, 0, "m", "Ann", 1, note="x has no calls"),
            "One lead is overdue, with Ann, as far as is known: x has no calls.",
        ),
    ],
)
def test_what_is_owed(overdue: Overdue, text: str) -> None:
    assert said([], overdue=overdue)[2] == text


def test_what_is_overdue_today_says_so_beside_another_period() -> None:
    for today, text in ((JUNE.end, "4 leads are overdue on 1 Jul 2026, all with Ann."),
                        (JUNE.last_day, "4 leads are overdue, all with Ann.")):  # fmt: skip
        late = State((), None, 0, Overdue(4, 0, "m", "Ann", 4))
        assert headlines(late, "EUR", JUNE, today, lambda _, key: key)[2].text == text


def test_of_a_period_that_runs_it_is_said_how_far_it_is_not_that_it_fell() -> None:
    assert changed_by("Won", -5, "€5", is_running=True) == (
        "Won is so far €5 below the period before"
    )
    assert changed_by("Won", 5, "€5", is_running=True).endswith("above the period before")
    assert changed_by("Won", -5, "€5", is_running=False) == "Won fell by €5"
    assert changed_by("Won", 0, "€0", is_running=True) == "Won is unchanged"
    past = History("won", (JUNE,), (1.0,), None, True)
    assert untold_variation(past).endswith("before the period is over")
    assert untold_variation(replace(past, is_partial=False)).endswith("yet")
    assert numbers_title(is_signed=False) == "The numbers both teams look at"
