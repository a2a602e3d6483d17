"""Where stage entries come from, and what becomes of data that is missing or contradictory."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from builders import make_store
from funnel_store import FunnelStore, seven_leads
from hypothesis import given, settings
from hypothesis import strategies as st

from smarketing.analysis.funnel.records import EXITED, funnel_records
from smarketing.analysis.funnel.result import FunnelResult
from smarketing.analysis.funnel.settings import FunnelSettings
from smarketing.analysis.funnel.stages import funnel
from smarketing.engine import DuckDBEngine
from smarketing.periods import Period, parse_period

JANUARY = parse_period("2026-01")
ALWAYS = Period("always", dt.date(2020, 1, 1), dt.date(2030, 1, 1))


def run(store: FunnelStore, **choices: Any) -> FunnelResult:
    return funnel(store.build(), FunnelSettings(**({"window": JANUARY} | choices)))


def counts(result: FunnelResult) -> list[int]:
    return [stage.count for stage in result.stages]


def standing(store: FunnelStore, at: dt.datetime | None = None) -> tuple[list[int], int | None]:
    result = funnel(store.build(), FunnelSettings("snapshot", at=at))
    return counts(result), result.exited


def entries(engine: DuckDBEngine) -> list[tuple[Any, ...]]:
    cursor = engine._connection.cursor()
    return cursor.execute(
        "select stage, cast(placed_at as text), date_known, origin from fct_stage_entry"
        " order by lead_id, event_number"
    ).fetchall()


def faults(store: FunnelStore) -> set[tuple[str, str]]:
    cursor = store.build()._connection.cursor()
    return set(cursor.execute("select lead_id, fault from stage_fault").fetchall())


def test_deals_drive_the_last_stages_of_the_leads_that_carry_them() -> None:
    store = FunnelStore()
    store.lead("L", "2026-01-05")
    store.event("L", "opportunity", "2026-01-06")  # the source's own view, which deals overrule
    store.event("L", "customer", "2026-01-07")
    store.deal("D1", "L", "2026-01-10", "2026-01-20", "lost", lost_reason="price")
    store.deal("D2", "L", "2026-01-12")
    assert counts(run(store)) == [1, 1, 1, 1, 1, 0]  # one deal is open still: not lost either
    store.deals[1] = {**store.deals[1], "outcome": "lost", "lost_reason": "late",
                      "closed_at": dt.datetime(2026, 2, 1), "closed_day": dt.date(2026, 2, 1),
                      "closed_has_time": False}  # fmt: skip
    result = run(store)
    leak = result.stages[4].leak
    assert leak is not None
    assert [(part.exit, part.reason, part.count) for part in leak.left] == [("lost", "late", 1)]


def test_the_first_won_deal_makes_the_customer() -> None:
    store = FunnelStore()
    store.lead("L", "2026-01-05")
    store.deal("D1", "L", "2026-01-10", "2026-02-20", "won")
    store.deal("D2", "L", "2026-01-08", "2026-02-10", "won")
    found = [(row[0], row[1][:10]) for row in entries(store.build())]
    assert found == [("lead", "2026-01-05"), ("opportunity", "2026-01-08"),
                     ("customer", "2026-02-10")]  # fmt: skip


def test_deals_without_a_lead_join_at_opportunity() -> None:
    store = FunnelStore()
    store.lead("L", "2026-01-05")
    store.deal("D1", "L", "2026-01-10", "2026-01-20", "won")
    store.deal("D2", None, "2026-01-10", "2026-01-20", "won")
    store.deal("D3", None, "2026-01-11")
    store.deal("D4", None, "2026-02-11")
    store.deal("D5", None, "2026-01-20", "2026-01-10", "won", created_known=False)
    result = run(store)
    joined = result.joined
    assert (joined.created, joined.won, joined.created_unknown) == (2, 1, 1)
    document = result.as_dict()
    assert isinstance(document, dict) and document["joined_at_opportunity"] == 2
    at = funnel(store.build(), FunnelSettings("snapshot", at=dt.datetime(2026, 1, 31)))
    assert (at.joined.created, at.joined.won) == (1, 2)


def test_a_status_without_history_counts_in_a_snapshot_and_has_no_date() -> None:
    store = FunnelStore(
        statuses=[("t", "Working", "sal", "entry"), ("t", "Bad", "rejected", "exit")]
    )
    stamp = dt.datetime(2026, 1, 20, 9)
    store.lead("W", "2026-01-05", status="Working", recorded_at=stamp)
    store.lead("B", "2026-01-05", status="Bad", recorded_at=stamp)
    assert standing(store) == ([0, 0, 1, 0, 0, 0], 1)
    assert standing(store, dt.datetime(2026, 1, 19)) == ([2, 0, 0, 0, 0, 0], 0)
    assert counts(run(store, mode="entered", skips="observed")) == [2, 0, 0, 0, 0, 0]
    assert counts(run(store)) == [2, 1, 1, 0, 0, 0]  # it has reached sal by the as-of, undated
    step = run(store, skips="observed").stages[2].step
    assert step is not None and step.to_date.n == 0
    # The lead that took the step at an unknown age is not mature; the other one is.
    reached = run(store).stages[1].step
    assert reached is not None
    assert (reached.to_date.successes, reached.to_date.n, reached.mature.n) == (1, 2, 0)


def test_imported_history_makes_a_status_redundant() -> None:
    store = FunnelStore(statuses=[("t", "Working", "sal", "entry")])
    store.lead("W", "2026-01-05", status="Working")
    store.event("W", "mql", "2026-01-06")
    store.event("W", "sql", "2026-01-07")
    assert [row[0] for row in entries(store.build())] == ["lead", "mql", "sql"]


def test_a_snapshot_follows_the_stage_that_the_source_states_from_the_day_it_does() -> None:
    """B went back to the first stage and G left, says the source on 1 February; S stayed at SQL."""
    statuses = [("t", "Back", "lead", "entry"), ("t", "Gone", "disqualified", "exit")]
    store = FunnelStore(statuses=statuses)
    for name, status in (("B", "Back"), ("G", "Gone"), ("S", None)):
        store.lead(name, "2026-01-05", status=status, recorded_at=dt.datetime(2026, 2, 1, 12))
        store.event(name, "mql", "2026-01-06")
        store.event(name, "sql", "2026-01-07")
    engine = store.build()
    later = dt.datetime(2026, 2, 2)
    assert standing(store, dt.datetime(2026, 1, 31)) == ([0, 0, 0, 3, 0, 0], 0)
    assert standing(store, later) == ([1, 0, 0, 1, 0, 0], 1)
    strict = funnel(engine, FunnelSettings("snapshot", "strict", at=later))
    assert (counts(strict), strict.exited) == ([0, 0, 0, 0, 0, 0], 0)
    assert counts(run(store)) == [3, 3, 3, 3, 0, 0]
    now = FunnelSettings("snapshot", at=later)
    gone, back = funnel_records(engine, now, EXITED), funnel_records(engine, now, "lead")
    assert gone[["lead_id", "exit"]].values.tolist() == [["G", "disqualified"]]
    assert back["lead_id"].tolist() == ["B"] and not back["date_known"].any()


def test_an_unknown_beginning_is_in_no_cohort_but_counted() -> None:
    store = FunnelStore()
    store.lead("L", "2026-01-22T16:14:25", created_known=False)
    store.deal("D", "L", "2026-01-22T16:14:25", "2025-06-10", "won", created_known=False)
    result = run(store, window=ALWAYS)
    assert counts(result) == [0] * 6
    assert (result.leads, result.start_unknown) == (1, 1)
    # All that is known is the close, and that it must have begun before.
    assert standing(store) == ([0, 0, 0, 0, 0, 1], 0)
    assert standing(store, dt.datetime(2025, 6, 9, 23)) == ([0] * 6, 0)
    june = {"window": parse_period("2025-06"), "mode": "entered"}
    assert counts(run(store, skips="observed", **june)) == [0, 0, 0, 0, 0, 1]
    # Being a customer counts for the stages between, at the same date; not for the beginning.
    assert counts(run(store, **june)) == [0, 1, 1, 1, 1, 1]


def test_a_lead_known_only_through_its_events_is_kept() -> None:
    store = FunnelStore()
    store.event("stub", "mql", "2026-01-10")
    assert counts(run(store)) == [1, 1, 0, 0, 0, 0]
    assert counts(run(store, skips="observed")) == [0] * 6
    assert counts(run(store, mode="entered", skips="observed")) == [0, 1, 0, 0, 0, 0]


def test_a_lead_without_any_event_stands_in_the_first_stage() -> None:
    store = FunnelStore()
    store.lead("L")
    assert standing(store)[0] == [1, 0, 0, 0, 0, 0]
    assert run(store, window=ALWAYS).start_unknown == 1


def test_an_event_before_creation_counts_as_reached_but_not_as_a_step() -> None:
    store = FunnelStore()
    store.lead("L", "2026-01-10")
    store.event("L", "sql", "2026-01-08")
    store.event("L", "mql", "2026-01-12")
    result = run(store, skips="observed")
    assert counts(result) == [1, 1, 0, 1, 0, 0]
    assert counts(run(store, skips="strict")) == [1, 1, 0, 0, 0, 0]
    assert faults(store) == {("L", "before the lead was created")}


def test_history_that_starts_elsewhere_is_completed_by_the_creation() -> None:
    store = FunnelStore()
    store.lead("L", "2026-01-05")
    for stage, day in (("mql", "06"), ("recycled", "10"), ("lead", "20")):
        store.event("L", stage, f"2026-01-{day}")
    assert [row[0] for row in entries(store.build())] == ["lead", "mql", "recycled", "lead"]
    assert counts(run(store, window=parse_period("2026-W02"))) == [1, 1, 0, 0, 0, 0]


def test_two_stages_at_one_instant_are_ordered_by_number_exits_last() -> None:
    store = FunnelStore()
    at = dt.datetime(2026, 1, 5, 9)
    for stage in ("rejected", "sal", "lead", "mql"):
        store.event("L", stage, at)
    assert [row[0] for row in entries(store.build())] == ["lead", "mql", "sal", "rejected"]
    assert standing(store, at) == ([0] * 6, 1)
    assert counts(run(store, skips="strict")) == [1, 1, 1, 0, 0, 0]
    assert ("L", "several at one instant") in faults(store)


def test_a_day_without_a_time_stands_after_what_came_earlier_that_day() -> None:
    store = FunnelStore()
    store.lead("L", "2026-01-05T10:00")
    store.event("L", "mql", "2026-01-05")
    store.event("L", "rejected", "2026-01-05")
    result = run(store)
    assert [row[0] for row in entries(store.build())] == ["lead", "mql", "rejected"]
    step = result.stages[1].step
    assert step is not None and step.to_date.rate == 1


@pytest.mark.parametrize("mode", ["cohort", "entered"])
def test_one_stage_twice_at_one_instant_is_one_lead(mode: str) -> None:
    store = FunnelStore()
    store.lead("L", "2026-01-05")
    store.event("L", "mql", "2026-01-08 10:00")
    store.event("L", "mql", "2026-01-08")  # the same day without its time: stands at 10:00 too
    store.lead("M", "2026-01-05")
    store.event("M", "sal", "2026-01-06 09:00")  # not in order, so that the chain is searched
    store.event("M", "mql", "2026-01-07 10:00")
    store.event("M", "mql", "2026-01-07")
    for skips in ("imputed", "observed", "strict"):
        for reentry, mqls in (("first", 2), ("last", 2), ("every", 4)):
            result = run(store, mode=mode, skips=skips, reentry=reentry)
            assert counts(result)[:2] == [2, mqls], (skips, reentry)


def test_an_exit_followed_by_progress_is_progress_and_a_fault() -> None:
    store = FunnelStore()
    store.lead("L", "2026-01-05")
    for stage, day in (("mql", "06"), ("rejected", "07"), ("sal", "09")):
        store.event("L", stage, f"2026-01-{day}")
    leak = run(store).stages[1].leak
    assert leak is not None and (leak.advanced, leak.left_count) == (1, 0)
    assert standing(store)[0][2] == 1
    assert faults(store) == {("L", "progress after an exit")}


def test_an_unknown_stage_is_left_out_and_named() -> None:
    store = FunnelStore()
    store.lead("L", "2026-01-05")
    store.event("L", "nurturing", "2026-01-06")
    store.event("L", "MQL", "2026-01-07")
    assert counts(run(store)) == [1, 1, 0, 0, 0, 0]
    assert faults(store) == {("L", "unknown stage")}


def test_what_lies_after_the_data_has_not_happened() -> None:
    store = FunnelStore(as_of=dt.datetime(2026, 1, 31, 12))
    store.lead("L", "2026-01-05")
    store.event("L", "mql", "2026-02-20")
    assert counts(run(store)) == [1, 0, 0, 0, 0, 0]
    assert faults(store) == {("L", "later than the data")}


@pytest.mark.parametrize(
    ("windows", "expected"),
    [([], (14, "history")), ([("lead", "mql", 3)], (3, "agreement"))],
)
def test_the_window_of_a_step(windows: Any, expected: tuple[int, str]) -> None:
    # Ages 2, 4, 2, 1, 1 and 14: nine in ten of six conversions need the last one, on day 14.
    step = run(seven_leads(windows=windows)).stages[1].step
    assert step is not None
    assert (step.window_days, step.window_rule) == expected
    # L2 took four days: converted, but not within three.
    assert step.mature.successes == (3 if expected[0] == 14 else 2)
    last = run(seven_leads()).stages[5].step
    assert last is not None and (last.window_days, last.window_rule) == (90, "default")


def test_young_leads_are_left_out_of_the_headline() -> None:
    store = seven_leads(windows=[("lead", "mql", 60)])
    february = run(store, window=parse_period("2026-02")).stages[1].step
    assert february is not None
    assert (february.mature.n, february.young, february.to_date.n) == (0, 2, 2)
    assert february.mature.rate is None


def test_the_conversion_mart_is_the_headline() -> None:
    engine = seven_leads().build()
    cursor = engine._connection.cursor()
    rows = cursor.execute(
        "select stage, count(*) filter (where is_mature),"
        " count(*) filter (where is_mature and is_converted_within)"
        " from fct_conversion where began_day >= '2026-01-01' and began_day < '2026-02-01'"
        " group by stage"
    ).fetchall()
    steps = {s.stage: s for s in funnel(engine, FunnelSettings(window=JANUARY)).stages}
    order = list(steps)
    for stage, mature, converted in rows:
        step = steps[order[order.index(stage) + 1]].step
        assert step is not None
        assert (step.mature.n, step.mature.successes) == (mature, converted)


def test_a_stage_entered_on_an_unknown_day_counts_for_its_cohort_only() -> None:
    store = FunnelStore()
    store.lead("L", "2026-01-05")
    store.deal("D", "L", "2026-01-20", created_known=False)
    engine = store.build()
    cursor = engine._connection.cursor()
    assert counts(funnel(engine, FunnelSettings(window=JANUARY)))[:5] == [1, 1, 1, 1, 1]
    rows = cursor.execute(
        "select stage, cast(began_day as text), entered_day, is_mature from fct_conversion"
        " where stage <> 'lead' order by step_number"
    ).fetchall()
    assert rows == [
        (stage, "2026-01-05", None, False) for stage in ("mql", "sal", "sql", "opportunity")
    ]


def test_summer_time_does_not_shorten_a_window() -> None:
    # 30 days from 10 March to 9 April in Berlin hold one hour less than 30 times 24.
    lead = {"lead_id": "L", "created_at": "2026-03-10"}
    event = {"lead_id": "L", "stage": "mql", "entered_at": "2026-04-09", "kind": "entry"}
    engine = make_store({"lead": [lead], "lead_stage_event": [event]})
    cursor = engine._connection.cursor()
    days = cursor.execute("select observed_days from fct_stage_count where stage_number = 1")
    assert days.fetchall() == [(30.0,)]


deals = st.lists(
    st.tuples(st.sampled_from(["L1", "L2", None]), st.integers(1, 28), st.integers(0, 20),
              st.sampled_from(["won", "lost", "open"])),
    max_size=12,
)  # fmt: skip


@settings(max_examples=6)
@given(deals)
def test_carried_and_joined_deals_are_all_deals(rows: list[Any]) -> None:
    store = FunnelStore()
    store.lead("L1", "2026-01-01")
    store.lead("L2", "2026-01-02")
    for number, (lead, day, age, outcome) in enumerate(rows):
        closed = None if outcome == "open" else f"{dt.date(2026, 1, day) + dt.timedelta(age)}"
        store.deal(f"D{number}", lead, f"2026-01-{day:02d}", closed, outcome)
    result = run(store)
    carried = [row for row in rows if row[0]]
    assert result.joined.created + len(carried) == len(rows)
    assert result.joined.won + sum(r[3] == "won" for r in carried) == sum(
        r[3] == "won" for r in rows
    )
    assert result.stages[4].count == len({row[0] for row in carried})
    assert result.stages[5].count == len({row[0] for row in carried if row[3] == "won"})


@pytest.mark.parametrize(
    ("at", "why"),
    [
        (dt.date(2026, 2, 1), "its data ends on 31 Jan 2026, before 2026-02-01"),
        (dt.datetime(2026, 2, 1, 12), "its data ends on 31 Jan 2026, before 2026-02-01"),
        (dt.date(2025, 12, 31), "its records begin on 5 Jan 2026, after 2025-12-31"),
        (dt.date(2026, 1, 31), None),
    ],
)
def test_where_leads_stand_is_known_from_the_first_record_to_the_last_day_of_the_data(
    at: dt.date, why: str | None
) -> None:
    store = FunnelStore(as_of=dt.datetime(2026, 1, 31, 12))
    store.event("a", "lead", "2026-01-05")
    document = funnel(store.build(), FunnelSettings("snapshot", at=at)).as_dict()
    assert isinstance(document, dict) and document.get("reason") == why
    assert document["stages"][0]["count"] == (None if why else 1)
    assert document["exited"] == (None if why else 0)


def test_a_snapshot_is_of_the_last_instant_of_its_day() -> None:
    engine = make_store({}, as_of="2026-06-09 12:00")
    last = dt.datetime(2026, 6, 9, 21, 59, 59, 999_999)  # of the 9th of June in Berlin
    january = dt.datetime(2026, 1, 31, 22, 59, 59, 999_999)
    noon = dt.datetime(2026, 6, 9, 12)
    for at, window, instant, day in (
        (None, None, last, "2026-06-09"),
        (None, JANUARY, january, "2026-01-31"),
        (None, parse_period("2026-06"), last, "2026-06-09"),
        (dt.date(2026, 1, 31), None, january, "2026-01-31"),
        (noon, None, dt.datetime(2026, 6, 9, 10), "2026-06-09"),
        (noon.replace(tzinfo=dt.UTC), None, noon, "2026-06-09"),
        # 23:30 in London is the next day in Berlin, 01:30 in Tokyo the one before.
        (
            dt.datetime.fromisoformat("2026-01-10T23:30:00+00:00"),
            None,
            dt.datetime(2026, 1, 10, 23, 30),
            "2026-01-11",
        ),
        (
            dt.datetime.fromisoformat("2026-01-11T01:30:00+09:00"),
            None,
            dt.datetime(2026, 1, 10, 16, 30),
            "2026-01-10",
        ),
    ):
        settings = FunnelSettings("snapshot", at=at, window=window)
        assert settings.instant(engine) == instant
        assert f"{funnel(engine, settings).standing_day}" == day
