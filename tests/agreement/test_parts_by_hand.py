"""Whose hours, cost and outcome an agreement means, and how it says its faults, each by hand."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import numpy as np
import pytest
from pydantic import BaseModel

from smarketing.agreement import older
from smarketing.agreement.attribution import Attribution, CacBoundary, OriginatorRule
from smarketing.agreement.calendar import BusinessCalendar
from smarketing.agreement.classification import Classification, Persona, Region, Segment
from smarketing.agreement.clock import Clock
from smarketing.agreement.kpis import Kpi, Ratio, Step
from smarketing.agreement.loading import _has_ids, _in_file, load_agreement, merge
from smarketing.agreement.matching import Match
from smarketing.agreement.models import Agreement
from smarketing.agreement.outcomes import StageOutcome, outcome_of
from smarketing.agreement.plain_outcomes import CLOSED, plain_outcome, status_outcome
from smarketing.agreement.readable import _Writer
from smarketing.agreement.reporting import _fields, _message, _model_in, path_text
from smarketing.agreement.service import Commitment
from smarketing.agreement.stages import Stage
from smarketing.agreement.teams import Team, team_names, team_of
from smarketing.agreement.told import _called
from smarketing.agreement.wording import Words
from smarketing.agreement.working_time import CustomHoliday, Hours, MemberCalendar, WorkingTime
from smarketing.document import Table
from smarketing.errors import UsageError


def agreed(**fields: Any) -> Agreement:
    """Return an agreement with these fields alone."""
    return Agreement.model_construct(**fields)


SHORT = WorkingTime(hours=(Hours(opens="10:00", closes="12:00"),))


@pytest.mark.parametrize(
    ("member", "timezone", "zone", "hours"),
    [
        ("u7", None, "Asia/Tokyo", "10:00"), ("crm:u7", "Europe/Paris", "Asia/Tokyo", "10:00"),
        ("crm:u8", None, "Europe/Berlin", "09:00"), (None, None, "Europe/Berlin", "09:00"),
        ("u8", "Europe/Paris", "Europe/Paris", "09:00"),
        (None, "Asia/Tokyo", "Asia/Tokyo", "09:00"),
        ("u8", "Europe/Berlin", "Europe/Berlin", "09:00"), ("x:y:u7", None, "Asia/Tokyo", "10:00"),
        ("crm:full", None, "UTC", "10:00"), ("full", None, "Europe/Berlin", "09:00"),
    ],
)  # fmt: skip
def test_a_member_keeps_own_hours_or_the_company_s_where_they_are(
    member: str | None, timezone: str | None, zone: str, hours: str
) -> None:
    own = (MemberCalendar(member="u7", timezone="Asia/Tokyo", working_time=SHORT),
           MemberCalendar(member="crm:full", timezone="UTC", working_time=SHORT))  # fmt: skip
    agreement = agreed(timezone="Europe/Berlin", working_time=WorkingTime(), member_calendars=own)
    found = agreement.calendar_of(member, timezone)
    assert (found.timezone, found.working_time.hours[0].opens) == (zone, hours)
    assert (found is agreement.calendar) is (zone == "Europe/Berlin")


TEAMS = (
    Team(id="growth", label="Growth", side="marketing", names=("growth", "Demand-Gen")),
    Team(id="field", label="Field", side="sales", names=("field",)),
    Team(id="care", label="Care", names=("care", "demand gen")),
)


def test_cost_counts_of_the_teams_that_are_named_else_of_both_sides() -> None:
    for named, ids in ((None, ["growth", "field"]), (("care", "growth"), ["growth", "care"]),
                       ((), [])):  # fmt: skip
        rules = Attribution(cac=CacBoundary(teams=named))
        assert [team.id for team in agreed(teams=TEAMS, attribution=rules).cac_teams] == ids
    agreement = agreed(teams=TEAMS)
    assert [team.id for team in agreement.teams_of("sales")] == ["field"]
    assert agreement.team("care").label == "Care"
    with pytest.raises(UsageError, match="Did you mean 'field'"):
        agreement.team("feild")
    names = team_names(TEAMS)
    told = [team_of(names, word) for word in ("Demand_Gen", "CARE", "ops", " ", None)]
    assert told == ["growth", "care", "(unmapped)", "(unknown)", "(unknown)"]


@pytest.mark.parametrize(
    ("stage", "pipeline", "outcome"),
    [
        ("Signed", "New", "won"), ("signed", "Renewals", "open"), ("SIGNED ", "renewals", "open"),
        ("signed", None, "won"), ("Gone", "Renewals", "lost"), ("other", "Renewals", None),
        ("", "", None),
    ],
)  # fmt: skip
def test_what_is_said_of_a_pipeline_goes_before_the_rest(
    stage: str, pipeline: str | None, outcome: str | None
) -> None:
    said = (
        StageOutcome(stage="Signed", outcome="won"), StageOutcome(stage="Gone", outcome="lost"),
        StageOutcome(stage="signed", outcome="open", pipeline="Renewals"),
    )  # fmt: skip
    assert outcome_of(said, stage, pipeline) == outcome


@pytest.mark.parametrize(
    ("text", "outcome"),
    [
        ("Closed Won", "won"), ("closed_won (Sales)", "won"), ("Lost - no budget", "lost"),
        ("Abgeschlossen und gewonnen", "won"), ("100% won", "won"), ("Won 100%", "won"),
        ("Won/Lost", None), ("won?", None), ("almost won", None), ("won back", None),
        ("contract signed", None), ("Won 50%", None), ("won - 0%", None), ("", None),
        ("lost (won)", None), ("Perdido", "lost"), ("Gagné", "won"), ("3 Closed lost", "lost"),
        ("lost to competitor", "lost"), ("Won - lost", None), ("Open", "open"),
    ],
)  # fmt: skip
def test_an_outcome_is_what_is_said_in_so_many_words(text: str, outcome: str | None) -> None:
    assert plain_outcome(text) == outcome
    assert status_outcome(text) == outcome


def test_a_status_may_say_no_more_than_that_a_deal_is_over() -> None:
    assert (status_outcome("Closed"), status_outcome("closed!"), CLOSED) == (CLOSED,) * 3
    assert plain_outcome("Closed") is None
    assert [status_outcome(text) for text in ("", "?", "Closed today", "x")] == [None] * 4


def test_fields_of_an_earlier_version_are_taken_where_they_fit() -> None:
    step = {"id": "a", "mart": "m", "step": {"stage": "s", "next_stage": "t"}, "filter": "x = 1"}
    old = "stage = 's' and next_stage = 't' and x = 1"
    assert older._filter_before(step) == old
    assert older._filter_before({"stage": "s"}) == "stage = 's'"
    assert older._filter_before({"filter": "y"}) == "y" and older._filter_before({}) is None
    own = {"id": "a", "mart": "m", "filter": old, "label": "A"}
    gained = {"id": "a", "mart": "m", "label": "A", "filter": "x = 1", "step": step["step"]}
    assert older._kpi(own, {"a": step}, {"s", "t"}) == gained
    for kept in (own | {"team": "b"}, own | {"mart": "n"}, own | {"filter": "x = 1"},
                 own | {"id": "b"}, "text"):  # fmt: skip
        assert older._kpi(kept, {"a": step}, {"s", "t"}) == kept
    assert older._kpi(own, {"a": step}, {"s"}) == own, "one of its stages is not there"
    bare = older._kpi(own | {"filter": "stage = 's'"}, {"a": {"mart": "m", "stage": "s"}}, {"s"})
    assert bare == {"id": "a", "mart": "m", "label": "A", "stage": "s"}, "nothing is left of it"
    assert older._at({"a": {"b": 1}}, ("a", "b"), 9) == 1
    lacking: list[Any] = [{"a": 3}, {}, {"a": {}}]
    assert [older._at(one, ("a", "b"), 9) for one in lacking] == [9] * 3
    assert older._ids([{"id": 1}, {"id": "b"}, "x", {}]) == {"1", "b", "None"}
    assert older._ids(None) == set()
    rows = [{"team": "a", "originator": "partner"}, {"team": "b", "originator": "a"}]
    assert older._fitting(rows, {"a"}) == rows[:1]
    assert (older._fitting("s", {"s"}), older._fitting("s", {"t"})) == ("s", None)
    assert older._with({"a": {"b": 1}, "c": 2}, ("a", "d"), 3) == {"a": {"b": 1, "d": 3}, "c": 2}
    assert older._with({"a": None}, ("a", "d"), 3) == {"a": {"d": 3}}


def test_a_whole_agreement_gains_only_what_it_lacks() -> None:
    base = {
        "teams": [{"id": "t"}], "kpis": [], "deal_opened": "s", "deal_won": "w", "deal_lost": "l",
        "service_levels": {"from_stage": "s", "accepted_stage": "gone", "rejected_exits": ["l"],
                           "recycled_exits": ["m"]},
        "attribution": {"direct_channel": "d", "originator": {"teams": [], "channels": []}},
    }  # fmt: skip
    content = {
        "stages": [{"id": "s"}, {"id": "w"}], "exits": [{"id": "l"}], "deal_won": "wrong",
        "service_levels": {"response": 1}, "classification": {"channels": [{"id": "d"}]},
    }  # fmt: skip
    found = older.completed(content, base)
    assert (found["teams"], found["deal_opened"], found["deal_won"]) == (
        [{"id": "t"}],
        "s",
        "wrong",
    )
    assert found["deal_lost"] == "l" and "kpis" not in found
    assert found["service_levels"] == {"response": 1, "from_stage": "s", "rejected_exits": ["l"],
                                       "recycled_exits": []}  # fmt: skip
    assert found["attribution"]["direct_channel"] == "d"
    assert "service_levels" not in older.completed({"stages": [{"id": "s"}]}, base)
    assert content["service_levels"] == {"response": 1}, "what was given stays as it was"


class Inner(BaseModel):
    a: int


class Outer(BaseModel):
    one: Inner
    many: tuple[Inner, ...] = ()
    maybe: Inner | None = None
    n: int = 0


def test_the_model_behind_a_place_is_found_through_lists_and_choices() -> None:
    assert path_text(("kpis", 3, "ratio", "top")) == "kpis[3].ratio.top" and path_text(()) == ""
    assert _model_in(Outer) is Outer and _model_in(tuple[Inner, ...]) is Inner
    assert _model_in(Inner | None) is Inner and _model_in(int) is _model_in(None) is None
    places: Any = [("one",), ("many", 0), ("maybe",), ()]
    assert [list(_fields(Outer, place)) for place in places] == [["a"]] * 3 + [
        ["one", "many", "maybe", "n"]
    ]
    assert _fields(Outer, ("n",)) == {} == _fields(Outer, ("nothing", "a"))


@pytest.mark.parametrize(
    ("kind", "value", "more", "said"),
    [
        ("extra_forbidden", 1, {"loc": ("one", "b")}, "unknown key 'b'."),
        ("extra_forbidden", 1, {"loc": ("manny",)}, "unknown key 'manny'. Did you mean 'many'?"),
        ("missing", 1, {"loc": ("one", "a")}, "is missing; add it."),
        ("literal_error", "wun", {"ctx": {"expected": "'won', 'lost' or 'open'"}},
         "'wun' is not valid. Did you mean 'won'?"),
        ("value_error", 1, {"ctx": {"error": ValueError("it is wrong.")}}, "it is wrong."),
        ("string_pattern_mismatch", "eur", {"ctx": {"pattern": "^[A-Z]{3}$"}},
         "'eur' should be a currency code of three capitals, such as EUR."),
        ("string_pattern_mismatch", "x", {"ctx": {"pattern": "y"}},
         "'x' should be written otherwise."),
        ("int_type", "x", {}, "should be a whole number, but it is 'x'."),
        ("less_than", 9, {"msg": "Input should be below 5"}, "should be below 5, but it is 9."),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_in_plain_words(
    kind: str, value: Any, more: dict[str, Any], said: str
) -> None:
    entry = {"type": kind, "loc": ("n",), "input": value, "msg": "", **more}
    assert _message(entry, Outer).startswith(said)
    if kind != "extra_forbidden":
        assert _message(entry, Outer) == said


def test_own_content_is_laid_over_the_packaged_one_and_found_in_the_file() -> None:
    base = {"a": {"x": 1, "y": 2}, "list": [{"id": "p", "n": 1}, {"id": "q", "n": 2}], "plain": [1]}
    own = {"a": {"y": 3}, "list": [{"id": "q", "m": 4}, {"id": "r"}], "plain": [2], "new": 5}
    assert merge(base, own) == {
        "a": {"x": 1, "y": 3}, "plain": [2], "new": 5,
        "list": [{"id": "p", "n": 1}, {"id": "q", "n": 2, "m": 4}, {"id": "r"}],
    }  # fmt: skip
    assert [_has_ids(items) for items in ([], [{"id": 1}], [{"id": 1}, {}], {"id": 1}, [1])] == [
        False, True, False, False, False
    ]  # fmt: skip
    paths = [_in_file(path, merge(base, own), own) for path in ("list[1].m", "list[0].n", "a.y")]
    assert paths == ["list[0].m", "list[0].n", "a.y"]


def test_business_days_close_with_the_last_hours_of_the_local_day() -> None:
    days = [date(2026, 1, 5), date(2026, 1, 6), date(2026, 1, 8)]
    clock = Clock("Europe/Berlin", [(540, 720), (780, 1020)], days)

    def closes(text: str, count: int) -> str:
        return str(clock.after_days(np.array([text], "datetime64[us]"), count)[0])[:16]

    assert closes("2026-01-05T12:00", 1) == "2026-01-06T16:00", "the next day, in winter"
    assert closes("2026-01-05T12:00", 2) == "2026-01-08T16:00"
    assert closes("2026-01-05T22:59", 1) == "2026-01-06T16:00"
    assert closes("2026-01-05T23:00", 1) == "2026-01-08T16:00", "midnight has passed there"
    assert closes("2026-01-04T12:00", 1) == "2026-01-05T16:00", "from a day off"
    assert closes("2026-01-08T12:00", 5) == "2026-01-08T16:00", "the last day there is"
    assert closes("NaT", 1) == "NaT"
    with pytest.raises(UsageError, match="A deadline of 0 business days"):
        clock.after_days(np.array(["2026-01-05"], "datetime64[us]"), 0)
    minutes = clock.open_minutes(
        np.array(["2026-01-01", "2026-01-05T08:30", "2026-01-05T11:30", "2026-01-06T08:01", "NaT"],
                 "datetime64[us]")
    )  # fmt: skip
    assert minutes[:4].tolist() == [0, 30, 180, 421] and np.isnan(minutes[4])
    start = np.array(["2026-01-05T10:50", "2026-01-05T11:30", "NaT"], "datetime64[us]")
    assert [str(at)[:16] for at in clock.after_minutes(start, 20)] == [
        "2026-01-05T12:10", "2026-01-05T12:20", "NaT"
    ]  # fmt: skip
    assert str(clock.after_minutes(start[:1], 10)[0])[:16] == "2026-01-05T11:00", "at its very end"


def test_working_days_are_those_of_the_week_without_days_off() -> None:
    off = CustomHoliday(day=date(2026, 1, 6), name="Off")
    days = BusinessCalendar("UTC", WorkingTime(custom_holidays=(off,), working_days=("mon", "tue")))
    assert days.working_days(date(2026, 1, 5), date(2026, 1, 13)) == [
        date(2026, 1, 5), date(2026, 1, 12)
    ]  # fmt: skip
    assert days.business_minutes(datetime(2026, 1, 5, 16), datetime(2026, 1, 12, 9, 5)) == 65
    assert days.business_minutes(datetime(2026, 1, 12, 9, 5), datetime(2026, 1, 5, 16)) == -65


def test_what_is_promised_where_and_by_whom_a_deal_was_brought() -> None:
    levels = load_agreement().service_levels
    for commitment, stage in ((Commitment(), levels.from_stage), (Commitment(stage="s"), "s")):
        promised = levels.model_copy(update={"commitment": commitment})
        assert promised.committed_stage == stage
    rule = OriginatorRule.model_validate({"lead_sources": [
        {"lead_source": "Web", "originator": "marketing"},
        {"lead_source": {"prefix": ["we"]}, "originator": "partner"},
    ]})  # fmt: skip
    assert [rule.of_lead_source(value) for value in ("web", "Weekly", "cold", None)] == [
        "marketing", "partner", "unknown", "unknown"
    ]  # fmt: skip


def test_a_segment_has_both_its_ends_and_a_country_its_first_region() -> None:
    segments = (Segment(id="big", label="Big", from_employees=100),
                Segment(id="small", label="Small", from_employees=5, to_employees=99))  # fmt: skip
    regions = (Region(id="north", label="N", countries=("SE", "Germany")),
               Region(id="dach", label="D", countries=("DE", "AT")))  # fmt: skip
    words = Classification(
        channels=(), segments=segments, personas=(), regions=regions, lead_statuses=()
    )
    found = [words.segment_of(size) for size in (4, 5, 99, 99.5, 100, 1e9, None, float("nan"))]
    assert found == ["(unmapped)", "small", "small", "(unmapped)", "big", "big", *["(unknown)"] * 2]
    told = [
        words.region_of(name) for name in ("Deutschland", "AUT", "se", "France", "Atlantis", "")
    ]
    assert told == ["north", "dach", "north", "(unmapped)", "(unmapped)", "(unknown)"]
    for low, high in ((None, 7), (7, 7)):
        apart = (Segment(id="a", label="A", from_employees=1, to_employees=low),
                 Segment(id="b", label="B", from_employees=high))  # fmt: skip
        with pytest.raises(ValueError, match="segments 'a' and 'b' overlap in employees"):
            Classification(channels=(), segments=apart, personas=(), regions=(), lead_statuses=())


def test_whose_delivery_a_kpi_is_by_its_team_its_stage_or_both_its_parts() -> None:
    stages = tuple(
        Stage(id=name, label=name, owner=owner, definition="-")
        for name, owner in (("mql", "growth"), ("sql", "field"))
    )

    def kpi(name: str, **fields: Any) -> Kpi:
        base = dict.fromkeys(("team", "stage", "step", "ratio", "filter", "expression"))
        return Kpi.model_construct(id=name, **base | fields)

    step, both = Step(stage="mql", next_stage="sql"), Ratio(numerator="a", denominator="e")
    own = Ratio(numerator="a", denominator="g")
    fields: dict[str, dict[str, Any]] = {
        "a": {"stage": "mql"}, "b": {"stage": "sql"}, "c": {"team": "care"}, "d": {},
        "e": {"step": step}, "f": {"ratio": both}, "g": {"stage": "mql"}, "h": {"ratio": own},
        "i": {"stage": "sql", "team": "growth"},
    }  # fmt: skip
    kpis = tuple(kpi(name, **said) for name, said in fields.items())
    agreement = agreed(teams=TEAMS, stages=stages, kpis=kpis)
    assert agreement.stage_number("sql") == 2
    assert {one.id: agreement.side_of(one) for one in kpis} == {
        "a": "marketing", "b": "sales", "c": None, "d": None, "e": "sales", "f": None,
        "g": "marketing", "h": "marketing", "i": "marketing",
    }  # fmt: skip


def test_entries_are_a_table_up_to_seven_columns_and_passages_beyond() -> None:
    writer = _Writer(Words({}), {"b": (("SQL", "select 1"),)})
    narrow = [{"id": "a", "label": "A", "n": 1, "x": None}, {"id": "b", "label": "B", "m": 2.5}]
    [passage] = writer._part("limits", narrow)
    assert (passage.title, passage.level, passage.table) == (
        "Limits", 2,
        Table(("Name", "N", "M", "Short name"), (("A", "1", "", "a"), ("B", "", "2.5", "b"))),
    )  # fmt: skip
    seven = {name: name.upper() for name in ("label", "c", "d", "e", "f", "g", "id")}
    [table] = writer._part("limits", [seven])
    assert table.table is not None and len(table.table.headers) == 7
    head, first, second = writer._part("limits", [{**seven, "h": "H"}, {"id": "b", "c": "C"}])
    assert (head.title, head.level, head.table, head.facts) == ("Limits", 2, None, ())
    assert (first.level, len(first.facts)) == (3, 8)
    assert second.facts[-1] == ("SQL", "select 1") and ("C", "C") in second.facts
    [inner] = writer._part("limits", {"n": 3})
    assert (inner.title, inner.level, inner.facts) == ("Limits", 2, (("N", "3"),))


def test_a_persona_has_its_title_and_where_it_is_asked_for_its_seniority() -> None:
    def persona(name: str, *titles: str, **more: Any) -> Persona:
        title = Match(words=titles)
        return Persona(id=name, label=name, definition="-", title=title, **more)

    words = Classification(
        channels=(), segments=(), regions=(), lead_statuses=(),
        personas=(persona("boss", "sales", seniority=Match(equals=("c level",))),
                  persona("seller", "sales", "revenue")),
    )  # fmt: skip
    asked = [("Head of Sales", "C-Level"), ("Head of Sales", "other"), ("Head of Sales", None),
             ("Revenue", "C-Level"), ("Salesman", None),
             (None, "C-Level"), (None, None)]  # fmt: skip
    assert [words.persona_of(*each) for each in asked] == [
        "boss", "seller", "seller", "seller", "(unmapped)", "(unmapped)", "(unknown)"
    ]  # fmt: skip


def test_a_target_is_called_by_the_name_its_kpi_has_or_had() -> None:
    new = Words({"kpis": [{"id": "won", "label": "Won"}], "classification": {"segments": []}})
    old = Words({"kpis": [{"id": "won", "label": "Was"}, {"id": "gone", "label": "Gone"}]})
    entries = [
        {"kpi": "won", "every": "fiscal_year"},
        {"kpi": "gone", "period": "2026-06"},
        {"kpi": "no", "every": "month", "segment": "s"},
        {"label": "L", "kpi": "won"},
        {},
    ]
    assert [_called(entry, "3", new, old) for entry in entries] == [
        "“Won” every fiscal year", "“Gone” 2026-06", "“no” every month, s", "“L”", "no. 4"
    ]  # fmt: skip
    assert _called({}, "x", new, old) == "x"
