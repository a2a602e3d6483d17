"""Six weeks and twelve months by hand: ratios of sums, running periods, week 53, fiscal years."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from builders import make_store

from smarketing.agreement import Agreement, parse_agreement
from smarketing.analysis.kpis.at_once import measure_at_once
from smarketing.analysis.kpis.values import base_kpis, measure_all
from smarketing.analysis.review.agenda import why_exception, why_not_available
from smarketing.analysis.review.limits import IN_A_ROW, OUTSIDE, Limits
from smarketing.analysis.review.six_and_twelve import SixAndTwelve
from smarketing.analysis.review.weeks import six_and_twelve
from smarketing.charts.weeks import _hover, _ticks
from smarketing.charts.words import in_period
from smarketing.engine import DuckDBEngine, Filters
from smarketing.periods import Period

#: Without holidays, so that every Monday to Friday is a working day.
PLAIN = "extends: default\nworking_time: {holiday_country: null}\n"


def deal(number: int, closed: str, outcome: str = "won", amount: int = 100_00) -> dict[str, Any]:
    return {
        "deal_id": f"d{number}", "account_id": f"a{number % 3}", "outcome": outcome,
        "amount": amount, "closed_at": closed, "created_at": "2023-01-02 10:00",
    }  # fmt: skip


def store(closes: list[tuple[str, str]], as_of: str) -> DuckDBEngine:
    deals = [deal(n, day, outcome) for n, (day, outcome) in enumerate(closes)]
    return make_store({"deal": deals}, as_of=as_of)


def review(engine: DuckDBEngine, kpi: str, own: str = "", **options: Any) -> SixAndTwelve:
    (found,) = six_and_twelve(engine, parse_agreement(PLAIN + own), [kpi], **options)
    return found


def test_a_flow_is_put_per_working_day_and_the_running_periods_by_the_days_that_are_over() -> None:
    # Wednesday: three of five working days of the week, and 17 of 22 of June, are over.
    closes = [("2026-06-15", "won"), ("2026-06-16", "won"), ("2026-06-24", "won")]
    found = review(store(closes, "2026-06-24 20:00"), "won_revenue")
    weeks = {p.period.label: p for p in found.weeks.points}
    assert list(weeks) == [f"2026-W{n}" for n in range(21, 27)]
    assert (weeks["2026-W25"].value, weeks["2026-W25"].scaled) == (200.0, 200 / 5)
    assert (weeks["2026-W26"].value, weeks["2026-W26"].scaled) == (100.0, 100 / 3)
    assert weeks["2026-W26"].is_running and not weeks["2026-W25"].is_running
    june = found.months.points[-1]
    assert (june.period.label, june.value, june.is_running) == ("2026-06", 300.0, True)
    assert june.scaled == pytest.approx(300 / 18)
    assert found.last_week.period.label == "2026-W25" and found.is_flow
    assert [t.period.label for t in found.to_date] == ["2026-W26", "2026-06", "2026-Q2", "2026"]


def test_on_the_axis_the_week_and_the_year_are_said_once() -> None:
    ticks = _ticks(review(store([("2026-06-15", "won")], "2026-06-24 20:00"), "won_revenue"))
    said = list(ticks.values())
    assert said[:3] == ["W22", "24", "26"]
    assert said[3:] == ["08<br>2025", "10", "12", "02<br>2026", "04", "06"]


def test_a_ratio_over_weeks_is_the_ratio_of_its_sums() -> None:
    # One week 1 of 1, the next 1 of 3: the month is 2 of 4, and not the mean of 100 % and 33 %.
    closes = [("2026-05-04", "won"), *(("2026-05-12", o) for o in ("won", "lost", "lost"))]
    found = review(store(closes, "2026-05-31 20:00"), "win_rate_closed")
    values = {p.period.label: p.scaled for p in (*found.weeks.points, *found.months.points)}
    assert (values["2026-W19"], values["2026-W20"]) == (1.0, pytest.approx(1 / 3))
    assert values["2026-05"] == 0.5 and not found.is_flow
    assert values["2026-W21"] is None, "nothing closed: not available, never 0"
    counts = {p.period.label: p.ground.counts for p in (*found.weeks.points, *found.months.points)}
    assert (counts["2026-W20"], counts["2026-05"], counts["2026-W21"]) == ((1, 3), (2, 4), None)
    assert found.to_date[1].ground.counts == (2, 4)
    month = next(p for p in found.months.points if p.period.label == "2026-05")
    assert _hover(month, found, "EUR").startswith("2026-05: 2 of 4, a year before ")


def test_a_rate_of_five_that_went_on_and_five_that_did_not_is_no_counts() -> None:
    closes = [("2026-05-12", outcome) for outcome in ("won", "lost") for _ in range(5)]
    found = review(store(closes, "2026-05-31 20:00"), "win_rate_closed")
    (month,) = (p for p in found.months.points if p.period.label == "2026-05")
    assert (month.value, month.ground.counts) == (0.5, None)


def test_week_53_has_the_last_week_of_the_year_before_beside_it() -> None:
    closes = [("2026-12-30", "won"), ("2025-12-23", "won"), ("2025-12-23", "won")]
    found = review(store(closes, "2027-01-03 20:00"), "won_revenue")
    last = found.weeks.points[-1]
    assert (last.period.label, last.is_running, last.value) == ("2026-W53", False, 100.0)
    assert last.last_year == 200.0, "2025 has 52 weeks: its last one, from the 22nd of December"
    later = review(store(closes, "2027-01-10 20:00"), "won_revenue")
    assert [p.period.label for p in later.weeks.points][-2:] == ["2026-W53", "2027-W01"]


def test_the_year_to_date_is_the_fiscal_one_where_that_is_agreed() -> None:
    closes = [("2026-03-31", "won"), ("2026-04-01", "won"), ("2026-06-01", "won")]
    found = review(store(closes, "2026-06-14 20:00"), "won_revenue", "fiscal_year_start_month: 4\n")
    by_label = {t.period.label: t.value for t in found.to_date}
    assert by_label == {"2026-W24": 0.0, "2026-06": 100.0, "FY2027-Q1": 200.0, "FY2027": 200.0}


def test_a_running_period_is_held_against_its_pace_and_is_no_signal() -> None:
    # 10 a month over 22 working days: by the 17th (13 are over) 5.9 are due, and 2 is behind.
    own = "targets: [{kpi: new_customers, every: month, value: 10, pace: working_days}]\n"
    engine = make_store(
        {
            "account": [{"account_id": f"a{n}"} for n in range(2)],
            "deal": [deal(n, "2026-06-02") | {"account_id": f"a{n}", "kind": "new"}
                     for n in range(2)],
        },
        as_of="2026-06-17 20:00",
    )  # fmt: skip
    found = review(engine, "new_customers", own)
    month = next(t for t in found.to_date if t.period.label == "2026-06")
    assert month.value == 2 and month.standing is not None
    assert month.standing.expected == pytest.approx(10 * 13 / 22)
    assert month.standing.status == "behind" and month in found.off_pace


def test_a_seasonal_target_is_due_as_it_was_in_the_months_before() -> None:
    # A quarter of each of four months came by its 18th day or so: of 400 a month 100 are due.
    own = "targets: [{kpi: won_revenue, every: month, value: 400, pace: seasonal}]\n"
    closes = [(f"2026-{month:02d}-{day}", "won") for month in range(2, 6)
              for day in ("02", "27", "27", "27")]  # fmt: skip
    found = review(store([*closes, ("2026-06-02", "won")], "2026-06-17 20:00"), "won_revenue", own)
    month = next(t for t in found.to_date if t.period.label == "2026-06")
    assert month.standing is not None and month.standing.expected == pytest.approx(100)
    assert month.standing.status == "on track" and not found.off_pace


def series(weeks: dict[str, int], as_of: str = "2026-06-28 20:00") -> SixAndTwelve:
    """Won deals a week: five in each of the twenty weeks before, and these."""
    first = dt.date(2026, 1, 5)
    closes = []
    for number in range(25):
        day = first + dt.timedelta(weeks=number)
        label = f"2026-W{day.isocalendar().week:02d}"
        closes += [(day.isoformat(), "won")] * weeks.get(label, 5 + number % 2)
    return review(store(closes, as_of), "won_revenue")


def test_one_point_outside_is_a_signal_of_that_week_alone() -> None:
    found = series({"2026-W26": 40})
    assert found.weeks.signal is not None and found.weeks.signal.rule == OUTSIDE
    assert (found.weeks.signal.side, found.weeks.signal.first, found.weeks.signal.last) == (
        "above", 5, 5,
    )  # fmt: skip
    assert series({}).weeks.signal is None
    assert series({"2026-W23": 40}).weeks.signal is None, "an old signal is not of last week"


def test_eight_in_a_row_are_a_signal_by_the_other_rule() -> None:
    agreed = {("won_revenue", "week"): Limits(100.0, 10.0, 190.0)}
    closes = [((dt.date(2026, 1, 5) + dt.timedelta(weeks=n)).isoformat(), "won") for n in range(25)
              for _ in range(6 if n >= 17 else 4)]  # fmt: skip
    engine = store(closes, "2026-06-28 20:00")
    found = review(engine, "won_revenue", agreed=agreed)
    assert found.weeks.are_agreed and found.weeks.limits == agreed["won_revenue", "week"]
    assert found.weeks.signal is not None and found.weeks.signal.rule == IN_A_ROW
    assert found.weeks.signal.side == "above" and found.weeks.signal.last == 5


def test_a_kpi_this_build_cannot_answer_has_no_value_anywhere() -> None:
    found = review(make_store({}), "won_revenue")
    assert {p.value for p in (*found.weeks.points, *found.months.points)} == {None}
    assert found.weeks.limits is None and found.signal is None


def windows(agreement: Agreement) -> dict[str, Period]:
    labels = ("2026-W22", "2026-W23", "2026-05", "2026-06", "2026-Q2", "2026", "2019", "2031")
    return {f"p{n}": agreement.parse_period(label) for n, label in enumerate(labels)}


@pytest.mark.parametrize("filters", [Filters(), Filters.of(segment="enterprise")])
def test_one_pass_over_each_mart_says_what_a_query_for_each_says(
    filters: Filters, demo_home: Any
) -> None:
    from smarketing.agreement import load_home_agreement
    from smarketing.engine import open_engine

    agreement, engine = load_home_agreement(demo_home), open_engine(demo_home)
    bases = base_kpis(agreement, agreement.kpis)
    # By an instant rather than a day, and what does not add up over days.
    of_deals = agreement.kpi("won_revenue").model_copy(update={"date_column": "closed_at"})
    accounts = {"id": "accounts_at", "expression": "count(distinct account_id)"}
    begun = {"id": "begun", "date_column": None, "expression": "count(*)", "recorded": "filter",
             "filter": "opened_day < $to"}  # fmt: skip
    bases += [of_deals.model_copy(update=one) for one in ({"id": "won_at"}, accounts, begun)]
    spans = windows(agreement)
    # A stock is known as of now alone.
    spans["now"] = agreement.parse_period("2026-06")
    together = measure_at_once(engine, bases, spans, filters)
    apart = measure_all(engine, bases, spans, filters)
    assert together.missing == apart.missing
    for kpi in bases:
        for name in spans if kpi.date_column else ("now",):
            got, wanted = (v.of(kpi.id, name) for v in (together, apart))
            where = (kpi.id, spans[name].label)
            assert (got.n, got.lacking) == (wanted.n, wanted.lacking), where
            assert got.value == (None if wanted.value is None else pytest.approx(wanted.value)), (
                where
            )
            assert (together.why(kpi.id, name) is None) == (apart.why(kpi.id, name) is None), where


def test_another_week_is_asked_by_the_statements_of_the_week_before(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def won_by(as_of: str) -> list[float | None]:
        found = review(make_store({"deal": [deal(1, "2026-05-12")]}, as_of=as_of), "won_revenue")
        return [point.value for point in found.weeks.points]

    before = won_by("2026-06-10 20:00")

    def written(*_: Any) -> Any:
        raise AssertionError("a statement is written anew")

    monkeypatch.setattr("smarketing.engine.duckdb.rendered", written)
    assert won_by("2026-06-17 20:00") == [*before[1:], 0.0]


def test_a_formula_over_a_target_has_a_value_in_every_period_with_one() -> None:
    engine = make_store(
        {
            "deal": [
                deal(1, "2026-05-12"),
                {**deal(2, "2026-06-30", "open", 300_00), "closed_at": None,
                 "expected_close_on": "2026-06-20"},
            ]
        },
        as_of="2026-06-10 20:00",
    )  # fmt: skip
    target = "targets: [{kpi: won_revenue, every: month, value: 250}]\n"
    found = review(engine, "pipeline_coverage", target)
    values = {p.period.label: p.value for p in found.months.points}
    # 300 are due in June, of which 250 are wanted; of May's 250, 100 are won and nothing is due.
    assert values["2026-06"] == pytest.approx(300 / 250)
    assert values["2026-05"] == 0 and found.reason is None
    without = review(engine, "pipeline_coverage")
    assert {p.value for p in without.months.points} == {None}
    assert without.reason == "nobody agreed a target of Won revenue", "of no one month"
    # Of the periods beside the chart, the month has one; the others lack one for one reason.
    assert why_not_available(found) == [
        "2026-W23, 2026-Q2, 2026 not available: nobody agreed a target of Won revenue"
    ]


def test_periods_without_a_value_for_one_reason_say_it_once_without_the_period() -> None:
    store = make_store({"deal": [deal(1, "2025-11-12")]}, as_of="2026-06-10 20:00")
    found = review(store, "win_rate_closed")
    assert found.reason is None and why_not_available(found) == ["no closed deals"]
    lately = make_store({"deal": [deal(1, "2026-04-14")]}, as_of="2026-06-10 20:00")
    assert why_not_available(review(lately, "win_rate_closed")) == [
        "2026-W23, 2026-06 not available: no closed deals"
    ]


def test_a_week_without_a_value_where_there_was_one_says_why_once() -> None:
    """Amounts of the last week are of no known currency: it is no sum, and the years have one."""
    deals = [deal(1, "2026-05-12"), deal(2, "2026-06-02") | {"currency": "XTS"}]
    found = review(make_store({"deal": deals}, as_of="2026-06-10 20:00"), "won_revenue")
    assert found.last_week.value is None
    (said,) = [one for one in why_exception(found) if one.startswith("no value")]
    assert said.startswith("no value in 2026-W23, where there was one before: ")
    assert not any("2026-W23" in one for one in why_not_available(found))


def test_amounts_that_are_not_known_need_a_word() -> None:
    deals = [deal(1, "2026-05-12"), deal(2, "2026-05-13", amount=7), deal(3, "2026-06-02")]
    deals[1]["currency"] = "XTS"
    found = review(make_store({"deal": deals}, as_of="2026-06-10 20:00"), "won_revenue")
    # Of the newest complete week nothing is missing, of the month before one of two amounts is.
    said = "2026-05: 1 of 2 records has no amount in EUR and is not in it"
    assert found.lacks == said and why_exception(found)[-1] == said
    # Every period that lacks some says so beside its sum, the quarter to date as the month.
    assert {p.period.label: p.ground.lacking for p in found.months.points[-2:]} == {
        "2026-05": (1, 2), "2026-06": None
    }  # fmt: skip
    assert [t.ground.lacking for t in found.to_date] == [None, None, (1, 3), (1, 3)]
    quarter = found.to_date[2]
    assert in_period(quarter.value, quarter.ground, "money", "EUR") == (
        "€200 (without 1 of 3 records)"
    )
    assert review(store([("2026-05-12", "won")], "2026-06-10 20:00"), "won_revenue").lacks is None


def test_a_stock_of_which_nothing_is_known_says_why_now_and_once() -> None:
    """Open deals are weighted by those that ended: none has, so that neither weighs anything."""
    deals = [deal(n, "2026-06-02", "open") | {"closed_at": None} for n in (1, 2)]
    found = review(make_store({"deal": deals}, as_of="2026-06-10 20:00"), "weighted_pipeline")
    assert found.lacks is None and found.reason is not None
    assert found.reason.startswith("none of its 2 records has an amount in EUR")
    assert why_not_available(found) == [found.reason]


def test_a_number_that_no_source_gives_says_why() -> None:
    found = review(make_store({"deal": [deal(1, "2026-05-12")]}), "nps")
    assert found.reason == "no source gives feedback; import the answers to surveys"
    assert found.fault is None


def test_forty_kpis_by_week_and_month_are_asked_in_fifteen_queries(
    demo_home: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from smarketing.agreement import load_home_agreement
    from smarketing.engine import open_engine

    agreement, engine = load_home_agreement(demo_home), open_engine(demo_home)
    asked: list[Any] = []
    run = DuckDBEngine.rows

    def counted(self: DuckDBEngine, *args: Any, **options: Any) -> Any:
        asked.append(args)
        return run(self, *args, **options)

    monkeypatch.setattr(DuckDBEngine, "rows", counted)
    ids = [kpi.id for kpi in agreement.kpis if kpi.listed]
    assert len(six_and_twelve(engine, agreement, ids[:40])) == 40
    assert len(asked) <= 15
