"""Which numbers stand where, which need a word, and what became of an action's figure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import pytest
from builders import make_store

from smarketing.agreement import parse_agreement
from smarketing.analysis.review.agenda import (
    comes_back,
    guests,
    kpis_of,
    members,
    minutes_of,
    verdict,
    why_exception,
)
from smarketing.analysis.review.six_and_twelve import SixAndTwelve
from smarketing.analysis.review.weeks import six_and_twelve
from smarketing.errors import AgreementError
from smarketing.workspace.records import Action

PLAIN = "extends: default\nworking_time: {holiday_country: null}\n"


def action(direction: str = "", kpi: str = "won_revenue", status: str = "open") -> Action:
    return Action(
        text="Call faster", owner="Ben", team="sales", due_on=dt.date(2026, 6, 20), kpi=kpi,
        direction=direction, status=status, created_by="Anna",
        created_at=dt.datetime(2026, 6, 15),
    )  # fmt: skip


def closing(many: Mapping[dt.date, int], as_of: str) -> list[SixAndTwelve]:
    """What was won, of a build with so many deals won on each of some days."""
    deals = [
        {"deal_id": f"{day}-{n}", "account_id": "a", "outcome": "won", "amount": 100_00,
         "closed_at": day.isoformat(), "created_at": "2023-01-02 10:00"}
        for day, some in many.items() for n in range(some)
    ]  # fmt: skip
    engine = make_store({"deal": deals}, as_of=as_of)
    return six_and_twelve(engine, parse_agreement(PLAIN), ["won_revenue"])


def five_or_six(first: dt.date, weeks: int) -> dict[dt.date, int]:
    """Five or six deals in turn in each of some weeks."""
    return {first + dt.timedelta(weeks=week): 5 + week % 2 for week in range(weeks)}


def numbers(last: int) -> list[SixAndTwelve]:
    """Won deals of a week, five or six in each of the weeks before and so many in the last."""
    before = five_or_six(dt.date(2026, 1, 5), 24)
    return closing({**before, dt.date(2026, 6, 22): last}, "2026-06-28 20:00")


@pytest.mark.parametrize(
    ("last", "direction", "meant", "words"),
    [
        (40, "up", True, "left its limits in 2026-W26, up, as meant"),
        (40, "down", False, "left its limits in 2026-W26, up, the other way"),
        (40, "", None, "left its limits in 2026-W26, up (one point outside"),
        (6, "up", None, "within its normal variation"),
    ],
)
def test_an_action_is_judged_by_its_figure(
    last: int, direction: str, meant: bool | None, words: str
) -> None:
    found = verdict(action(direction), numbers(last))
    assert found.is_as_meant is meant and words in found.text


def test_an_action_whose_figure_is_not_there_says_so() -> None:
    assert verdict(action(kpi=""), []).text == "no figure was named"
    assert "no longer has the figure" in verdict(action(kpi="gone"), []).text
    empty = six_and_twelve(make_store({}), parse_agreement(PLAIN), ["won_revenue"])
    assert "fewer than twelve" in verdict(action("up"), empty).text


def test_of_a_rate_of_few_nothing_is_found() -> None:
    """Half of 40 deals are won in each week; of the last week's 12 all are, then of 40 all are."""

    def last_week(closed: int) -> SixAndTwelve:
        deals = [
            {"deal_id": f"d{week}-{n}", "account_id": "a", "amount": 100_00,
             "outcome": "won" if week == 24 or n % 2 else "lost",
             "closed_at": str(dt.date(2026, 1, 5) + dt.timedelta(weeks=week)),
             "created_at": "2023-01-02 10:00"}
            for week in range(25) for n in range(closed if week == 24 else 40 + 2 * (week % 2))
        ]  # fmt: skip
        engine = make_store({"deal": deals}, as_of="2026-06-28 20:00")
        (found,) = six_and_twelve(engine, parse_agreement(PLAIN), ["win_rate_closed"])
        return found

    few = last_week(12)
    assert few.weeks.limits is not None and few.last_week.scaled == 1.0
    assert few.signal is None and why_exception(few) == []
    said = verdict(action("up", "win_rate_closed"), [few]).text
    assert said.endswith("cannot be told, its newest week and month have no value, or one of too "
                         "few records")  # fmt: skip
    assert last_week(12).weeks.last == few.last_week


def test_only_what_needs_a_word_is_an_exception() -> None:
    assert why_exception(numbers(6)[0]) == []
    assert why_exception(numbers(40)[0]) == ["one point outside the limits in 2026-W26, above"]


def test_a_signal_is_told_of_the_period_it_belongs_to() -> None:
    """Sixty deals in the first week of June: its month is outside, the newest week is not."""
    usual = five_or_six(dt.date(2025, 1, 6), 77)
    (found,) = closing({**usual, dt.date(2026, 6, 1): 60}, "2026-07-03 20:00")
    assert found.weeks.signal is None and found.months.signal is not None
    assert why_exception(found) == ["one point outside the limits in 2026-06, above"]
    said = verdict(action("up"), [found]).text
    assert said.endswith("left its limits in 2026-06, up, as meant (one point outside the limits)")
    row = five_or_six(dt.date(2026, 1, 5), 17) | {
        dt.date(2026, 5, 4) + dt.timedelta(weeks=week): 6 for week in range(8)
    }
    (found,) = closing(row, "2026-06-28 20:00")
    assert why_exception(found) == ["eight in a row on one side up to 2026-W26, above"]
    said = verdict(action("up"), [found]).text
    assert said.endswith("but eight in a row on one side up to 2026-W26: above its centre")


def test_not_known_yet_comes_back_and_done_does_not() -> None:
    found = [comes_back(action(status=s)) for s in ("open", "not known yet", "done", "not done")]
    assert found == [True, True, False, False]


def test_the_agreement_says_what_stands_where_and_for_how_long() -> None:
    own = parse_agreement(
        PLAIN + "meeting: {put_in: [new_leads], came_out: [won_revenue], customers: [nps],"
        " minutes: {issues: 30}}\n"
    )
    assert kpis_of(own, "put_in") == ("new_leads",) and kpis_of(own, "customers") == ("nps",)
    came_out = kpis_of(own, "came_out")
    headline = {kpi.id for kpi in own.kpis if kpi.headline} - {"new_leads", "nps"}
    assert came_out[0] == "won_revenue" and set(came_out) == headline | {"won_revenue"}
    assert [minutes_of(own, p) for p in ("restated", "campaigns", "issues")] == [5, 0, 30]
    with pytest.raises(AgreementError, match=r"meeting\.put_in\[0\].*Did you mean 'new_leads'"):
        parse_agreement(PLAIN + "meeting: {put_in: [new_lead]}\n")


def test_who_left_or_is_of_neither_side_joins_nobody() -> None:
    engine = make_store(
        {
            "member": [
                {"member_id": "m1", "name": "Anna", "team": "Marketing"},
                {"member_id": "m2", "name": "Ben", "team": "sales_development"},
                {
                    "member_id": "m3",
                    "name": "Gone",
                    "team": "sales",
                    "ends_on": dt.date(2026, 1, 1),
                },
                {"member_id": "m4", "name": "Pia", "team": "partner"},
                {"member_id": "m5", "name": None, "team": "sales"},
            ]
        }
    )
    found = members(engine, parse_agreement(PLAIN))
    assert sorted(found) == [("Anna", "marketing"), ("Ben", "sales")]


def test_the_rota_sends_one_of_each_side_in_turn() -> None:
    people = [("Ben", "sales"), ("Anna", "marketing"), ("Carl", "sales"), ("Pia", "partner")]
    assert guests(people, dt.date(2026, 6, 8)) == [("Anna", "marketing"), ("Ben", "sales")]
    assert guests(people, dt.date(2026, 6, 15)) == [("Anna", "marketing"), ("Carl", "sales")]
    assert guests([], dt.date(2026, 6, 15)) == []


def test_the_rota_goes_on_over_the_end_of_a_year_with_a_week_53() -> None:
    three = [(name, "sales") for name in ("Anna", "Ben", "Carl")]
    weeks = [dt.date(2026, 12, 14) + dt.timedelta(weeks=n) for n in range(6)]
    turns = [guests(three, week)[0][0] for week in weeks]
    assert turns[:3] == turns[3:] and sorted(turns[:3]) == ["Anna", "Ben", "Carl"]
