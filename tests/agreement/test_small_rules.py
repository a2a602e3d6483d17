"""Small rules of the agreement, each by hand: boundaries, orders and what is said in words."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace
from typing import Any, cast

import pytest
from pydantic import ValidationError

from smarketing.agreement.attribution import Attribution, CacBoundary, GrossMargin, RoleWeights
from smarketing.agreement.canonical import Change, diff_content
from smarketing.agreement.combining import _both, _in_order, _lists
from smarketing.agreement.entries import _merged
from smarketing.agreement.faults import with_faults
from smarketing.agreement.kpis import Kpi, Target
from smarketing.agreement.matching import Match
from smarketing.agreement.models import Agreement
from smarketing.agreement.told import _called, _entry_at, _inside, _moved, _sentence, _subject
from smarketing.agreement.wording import Words, _labels, entry_label, field_words, match_words


@pytest.mark.parametrize(
    ("day", "margin"),
    [("2025-12-31", None), ("2026-01-01", 0.7), ("2026-06-30", 0.7), ("2026-07-01", 0.8)],
)
def test_a_margin_holds_from_its_day_on(day: str, margin: float | None) -> None:
    agreed = [("2026-07-01", 0.8), ("2026-01-01", 0.7)]
    margins = tuple(GrossMargin(starts_on=start, margin=share) for start, share in agreed)
    assert Attribution(gross_margin=margins).margin_on(date.fromisoformat(day)) == margin


@pytest.mark.parametrize("role", ["first", "lead_creation", "deal_creation", "last", "middle"])
def test_weights_of_roles_are_shares_of_one_whole(role: str) -> None:
    others = [one for one in RoleWeights.model_fields if one != role]
    assert RoleWeights(**{role: 0.6, others[0]: 0.4}).middle in (0, 0.4, 0.6)
    with pytest.raises(ValidationError, match=r"the weights sum to 0\.6, they must sum to 1"):
        RoleWeights(**{role: 0.6})
    with pytest.raises(ValidationError, match="sum to"):
        RoleWeights(**{role: 1, others[1]: 1e-8})
    assert RoleWeights(**{role: 1, others[1]: 1e-10})


def test_a_lookback_is_no_longer_than_the_longest() -> None:
    assert Attribution(lookback_days=30, max_lookback_days=30).lookback_days == 30
    with pytest.raises(ValidationError, match="lookback_days 31 exceeds max_lookback_days 30"):
        Attribution(lookback_days=31, max_lookback_days=30)


@pytest.mark.parametrize(
    ("agreed", "asked", "when"),
    [
        (False, False, "on the day it was incurred"),
        (False, True, "later by the median cycle of won new business"),
        (True, False, "later by the median cycle of won new business"),
    ],
)
def test_the_cost_of_a_customer_says_what_is_counted_and_when(
    agreed: bool, asked: bool, when: str
) -> None:
    boundary = CacBoundary(categories=("media", "tool"), lag_by_cycle=agreed)
    said = boundary.words(["Marketing", "Sales"], lagged=asked)
    assert said == f"Cost counted: media, tool of Marketing, Sales, {when}."


def target(**said: Any) -> Target:
    return Target(**{"kpi": "a", "value": 1, **said})


def test_of_targets_that_fit_the_named_one_counts_and_then_that_of_its_own_kind() -> None:
    agreement: Any = cast(Any, Agreement).model_construct(targets=(
        target(every="quarter", value=1), target(every="fiscal_quarter", value=2),
        target(period="2026-Q2", value=3), target(every="quarter", value=4, segment="s"),
        target(kpi="b", every="quarter", value=5), target(every="month", value=6),
    ), week_start=0, fiscal_year_start_month=1)  # fmt: skip
    found = [agreement.parse_period(name) for name in ("2026-Q1", "2026-Q2", "2026-05", "2026")]
    values = [agreement.target_for("a", period) for period in found]
    assert [one and one.value for one in values] == [1, 3, 6, None]
    segment, other = (agreement.target_for(*a) for a in (("a", found[1], "s"), ("b", found[1])))
    assert segment is not None and other is not None and (segment.value, other.value) == (4, 5)


KPI = {
    "id": "a", "label": "A", "question": "?", "definition": "D", "unit": "count",
    "owners": {"marketing": "m", "sales": "s"},
}  # fmt: skip
COUNTED = {"mart": "fct_lead", "expression": "count(*)"}


@pytest.mark.parametrize(
    ("said", "fault"),
    [
        (COUNTED, None),
        ({**COUNTED, "filter": "x", "date_column": "d", "stage": "s"}, None),
        ({"formula": "b + c"}, None),
        ({}, "needs exactly one"),
        ({**COUNTED, "formula": "b"}, "needs exactly one"),
        ({"expression": "count(*)"}, "belong together"),
        ({"formula": "b", "mart": "m"}, "belong together"),
        *(({"formula": "b", field: "x"}, "belong to an expression")
          for field in ("filter", "date_column", "recorded", "stage")),
        ({**COUNTED, "stage": "s", "step": {"stage": "a", "next_stage": "b"}}, "either stage or"),
    ],
)  # fmt: skip
def test_a_kpi_is_counted_in_one_way(said: dict[str, Any], fault: str | None) -> None:
    if fault is None:
        assert Kpi(**KPI, **said).id == "a"
    else:
        with pytest.raises(ValidationError, match=fault):
            Kpi(**KPI, **said)
        assert Kpi(**KPI, **said, fault="It is wrong.").fault == "It is wrong."


def test_what_a_record_must_fulfil_is_its_stage_or_step_and_its_filter() -> None:
    step = {"stage": "a", "next_stage": "b"}
    stepped = Kpi(**KPI, **COUNTED, step=step, filter="x > 1")
    assert stepped.kept == (("stage", "a"), ("next_stage", "b"))
    assert stepped.condition == "stage = 'a' and next_stage = 'b' and x > 1"
    assert Kpi(**KPI, **COUNTED, stage="a").condition == "stage = 'a'"
    assert Kpi(**KPI, **COUNTED).condition == "" and Kpi(**KPI, **COUNTED).kept == ()


def test_only_a_rate_of_records_among_records_has_a_limit() -> None:
    ratio = {"numerator": "n", "denominator": "d"}
    units = {"n": "count", "d": "count", "m": "money"}
    kpis = [SimpleNamespace(id=name, unit=unit) for name, unit in units.items()]
    agreement: Any = cast(Any, Agreement).model_construct(kpis=kpis)
    rate = {**KPI, "unit": "rate"}
    assert agreement.at_most(Kpi(**rate, ratio=ratio)) == 1.0
    assert agreement.at_most(Kpi(**rate, ratio={**ratio, "denominator": "m"})) is None
    assert agreement.at_most(Kpi(**rate, formula="n")) is None
    assert agreement.at_most(Kpi(**KPI, ratio=ratio)) is None


def content(**more: Any) -> dict[str, Any]:
    return {"roles": [{"id": "r1"}, {"id": "r2"}], "kpis": [KPI, {"id": "b"}, "odd", {}], **more}


@pytest.mark.parametrize(
    "path", ["kpis[0].id", "kpis[2].unit", "kpis[3]", "roles[0]", "kpis", "kpis[0", "x.kpis[0]"]
)
def test_what_is_no_kpi_or_has_no_name_is_no_fault_of_one(path: str) -> None:
    assert with_faults(content(), [("kpis[1].unit", "x"), (path, "x")]) is None


def test_a_wrong_kpi_keeps_what_it_says_well() -> None:
    found = with_faults(content(), [("kpis[1].unit", "no unit."), ("kpis[1]", "odd")])
    assert found is not None and found["kpis"][0] is KPI
    assert found["kpis"][1] == {
        "id": "b", "label": "b", "question": "b", "definition": "b", "unit": "count",
        "owners": {"marketing": "r1", "sales": "r1"}, "headline": False, "listed": True,
        "fault": "The KPI 'b' is wrong in the agreement: unit: no unit; odd.",
    }  # fmt: skip
    said = {"id": "c", "label": " L  l ", "unit": "rate", "headline": True, "listed": False,
            "owners": {"marketing": "r2", "sales": "nobody"}}  # fmt: skip
    found = with_faults(content(kpis=[said]), [("kpis[0].mart", "x")])
    assert found is not None
    kept = {field: found["kpis"][0][field] for field in ("label", "unit", "headline", "listed")}
    assert kept == {"label": "L l", "unit": "rate", "headline": True, "listed": False}
    assert found["kpis"][0]["owners"] == {"marketing": "r2", "sales": "r1"}
    faulty = {"id": "c", "fault": "as before"}
    again = with_faults(content(kpis=[faulty]), [("kpis[0].mart", "x")])
    assert again is not None and again["kpis"] == [faulty]
    bare = with_faults({"roles": [], "kpis": [{"id": "c", "owners": "x"}]}, [("kpis[0]", "x")])
    assert bare is not None and bare["kpis"][0]["owners"] == {"marketing": "c", "sales": "c"}


def test_a_blank_field_is_taken_away_and_others_stay() -> None:
    before = {"a": 1, "b": "x", "c": [1]}
    assert _merged(before, {"b": "  ", "c": [], "d": " y ", "e": {}, "f": 0}) == {
        "a": 1, "d": "y", "f": 0,
    }  # fmt: skip


WORDS = Words({
    "kpis": [{"id": "won", "label": "Won", "unit": "rate"}, {"id": "new", "label": "New"}],
    "teams": [{"id": "m", "label": "Team"}, {"id": "s", "label": "Team"}],
    "glossary": [{"term": "Duck"}], "stages": [{"id": "mql", "label": "MQL"}],
    "classification": {"segments": [{"id": "small", "label": "Small"}]},
    "targets": [{"kpi": "won", "every": "fiscal_quarter", "value": 0.25, "segment": "small"}],
})  # fmt: skip


@pytest.mark.parametrize(
    ("value", "field", "text"),
    [
        (None, "", ""), (True, "", "yes"), (False, "", "no"), (0.25, "margin", "25 %"),
        (1, "tolerance", "100 %"), (True, "first", "yes"), (0.25, "", "0.25"), (3, "", "3"),
        (["a", None, "b"], "", "a, b"), ([{"a": 1}, {"a": 2}], "", "A 1; A 2"),
        ("2026-01-05", "day", "5 Jan 2026"), ("2026-01", "day", "2026-01"),
        ("2026-01-05", "x", "2026-01-05"), ("mon", "working_days", "Monday"), ("mon", "x", "mon"),
        ("won", "kpi", "Won"), ("m", "team", "Team (m)"), ("small", "segment", "Small"),
        ("gone", "kpi", "gone"), ({"opens": "09:00", "closes": "17:00"}, "", "09:00 to 17:00"),
        ({"equals": ["a", "b"], "missing": True}, "", "is a, b or is missing"),
        ({"words": ["c"], "prefix": ["d"]}, "", "holds the word c or begins with d"),
        ({"status": {"equals": ["x"]}, "stage": "mql"}, "", "status is x and Stage MQL"),
        ({"kpi": "won", "value": 0.5}, "", "KPI Won, Value 50 %"),
        ({"kpi": "new", "value": 0.5}, "", "KPI New, Value 0.5"),
        ({"a": 1, "b": None}, "", "A 1"), ({}, "", ""),
    ],
)  # fmt: skip
def test_a_value_in_words(value: Any, field: str, text: str) -> None:
    assert WORDS.text(value, field) == text


def test_entries_and_fields_are_called_as_people_do() -> None:
    assert [entry_label(one) for one in ({"label": "L", "id": "i"}, {"term": "T"}, {"id": "i"}, {})
            ] == ["L", "T", "i", ""]  # fmt: skip
    assert _labels([{"id": "a", "label": "X"}, {"id": "b"}]) == {"a": "X", "b": "b"}
    assert (field_words("at_least"), field_words("some_field")) == ("At least", "Some field")
    assert match_words({"regex": ["^a"], "equals": []}) == "fits the pattern ^a"


@pytest.mark.parametrize(
    ("path", "before", "after", "said"),
    [
        ("lead_definition.threshold", 5, 7, "Lead score from 5 to 7 points."),
        ("lead_definition.threshold", None, 7, "Lead definition, Threshold: now 7."),
        ("lead_definition.threshold", 5, None, "Lead definition, Threshold: no longer 5."),
        ("stages[mql].label", "A", "B", "Stages, “MQL”, Label from A to B."),
        ("stages[mql]", None, {"a": 1}, "Stages, “MQL”: new (A 1)."),
        ("stages[gone]", {"a": 1}, None, "Stages, gone: dropped (A 1)."),
        ("stages (order)", ["mql", "x"], ["x", "mql"], "Stages: now in the order x, MQL."),
        ("models", ["a", "b"], ["b", "c"], "Models: adds c and drops a."),
        ("models", ["a"], ["a", "c"], "Models: adds c."),
        ("models", ["a", "b"], ["b", "a"], "Models: now in the order b, a."),
        ("targets[0].value", 0.25, 0.5,
         "Targets, “Won” every fiscal quarter, Small, Value from 25 % to 50 %."),
        ("targets[7].value", 1, 2, "Targets, no. 8, Value from 1 to 2."),
        ("note", "x" * 30, "y" * 30, f"Note from {'x' * 30} to {'y' * 30}."),
        ("note", "x" * 31, "y" * 30, f"Note: was “{'x' * 31}”, is now “{'y' * 30}”."),
    ],
)  # fmt: skip
def test_a_difference_is_one_sentence(path: str, before: Any, after: Any, said: str) -> None:
    assert _sentence(Change(path, before, after), WORDS, WORDS) == said


def test_an_entry_is_found_by_its_id_or_its_place() -> None:
    items = [{"id": "7"}, {"id": "b", "n": 1}]
    assert _inside(items, "b") == items[1] and _inside(items, "7") == items[0]
    assert _inside(items, "1") == items[1] and _inside(items, "2") is None
    assert (
        _inside({"a": 1}, "a") == 1 and _inside("abc", "1") is None and _inside(None, "a") is None
    )
    assert _entry_at("targets[0].value", WORDS)["kpi"] == "won"
    assert _entry_at("stages[mql].label", WORDS) == {"id": "mql", "label": "MQL"}
    assert (
        _entry_at("glossary[0].term", WORDS) == {"term": "Duck"} and _entry_at("a.b.c", WORDS) == {}
    )
    assert _called({"kpi": "gone", "period": "2026-06"}, "0", WORDS, WORDS) == "“gone” 2026-06"
    assert _subject("glossary[0].term", WORDS, WORDS) == "Glossary, “Duck”, Term"
    assert _moved(Change("x", ["mql"], ["mql", "won"]), "stage", WORDS, WORDS) == ": adds won"


@pytest.mark.parametrize(
    ("before", "after", "changes"),
    [
        ({"a": 1, "b": 2}, {"a": 1.0, "c": 3}, [("b", 2, None), ("c", None, 3)]),
        ({"a": True}, {"a": 1}, [("a", True, 1)]),
        ({"a": "e\u0301"}, {"a": "\u00e9"}, []),
        ([{"id": 1, "x": 1}, {"id": 2}], [{"id": 2}, {"id": 1, "x": 2}],
         [("[1].x", 1, 2), (" (order)", ["1", "2"], ["2", "1"])]),
        ([{"id": 1}], [{"id": 1}, {"id": 2}], [("[2]", None, {"id": 2})]),
        ([1, 2], [2, 1], [("", [1, 2], [2, 1])]),
        ([{"x": 1}, {"y": 1}], [{"x": 1}, {"y": 2}], [("[1].y", 1, 2)]),
        ([{"x": 1}, {"y": 1}], [{"y": 1}], [("[0]", {"x": 1}, None)]),
        ([{"x": 1}], [{"x": 1}, {"y": 1}], [("[1]", None, {"y": 1})]),
        ([{"id": 1}, {"id": 1}], [{"id": 1}], []),
    ],
)  # fmt: skip
def test_what_differs_between_two_contents(before: Any, after: Any, changes: Any) -> None:
    assert diff_content(before, after) == [Change(*one) for one in changes]


@pytest.mark.parametrize(
    ("base", "theirs", "yours", "both"),
    [
        (1, 1, 2, 2), (1, 2, 1, 2), (1, 2, 3, 3), (1, 2, 2, 2),
        ({"a": 1, "b": 1}, {"a": 2, "b": 1}, {"a": 1, "b": 3}, {"a": 2, "b": 3}),
        ({"a": 1, "b": 1}, {"b": 1}, {"a": 1, "b": 2}, {"b": 2}),
        ({"a": 1}, {"a": 1, "c": 2}, {"a": 1, "b": 2}, {"a": 1, "b": 2, "c": 2}),
        ([1, 2], [1, 2, 3], [2], [2, 3]),
        (None, {"a": 1}, {"b": 2}, {"b": 2, "a": 1}),
        (None, [1], [2], [2, 1]),
        (None, {"a": 1}, [2], [2]),
    ],
)  # fmt: skip
def test_two_changes_of_one_thing(base: Any, theirs: Any, yours: Any, both: Any) -> None:
    assert _both(base, theirs, yours) == both


def test_entries_keep_the_order_of_who_moved_them() -> None:
    assert _in_order(["a", "b"], ["a", "b", "c"], ["b", "a"]) == ["b", "c", "a"]
    assert _in_order(["a", "b"], ["b", "a"], ["a", "b", "c"]) == ["b", "c", "a"]
    assert _in_order([], ["a"], ["z", "a"]) == ["z", "a"]
    named = [{"id": "a", "n": 1}, {"id": "b", "n": 1}]
    assert _lists(named, named[:1], [{"id": "a", "n": 2}, named[1]]) == [{"id": "a", "n": 2}]
    assert _lists([{"kpi": "a"}], [{"kpi": "a"}, {"kpi": "b"}], [{"kpi": "a", "value": 2}]) == [
        {"kpi": "a", "value": 2}, {"kpi": "b"},
    ]  # fmt: skip


@pytest.mark.parametrize("twice", [0, 1, 2])
def test_entries_of_one_name_are_told_apart_by_what_they_say(twice: int) -> None:
    sides = [[{"id": "a"}] for _ in range(3)]
    sides[twice].append({"id": "a", "n": 1})
    assert _lists(*sides) == ([{"id": "a"}] if twice == 0 else [{"id": "a"}, {"id": "a", "n": 1}])


def test_what_is_agreed_is_not_changed_in_place() -> None:
    weights = RoleWeights(first=1)
    with pytest.raises(ValidationError, match="frozen"):
        weights.first = 0.5
    assert weights.first == 1


@pytest.mark.parametrize(
    ("given", "value", "holds"),
    [
        ("Web", " WEB ", True), (["a", "b"], "b", True), (["a"], "ab", False), (["a"], None, False),
        ({"prefix": ["ab"]}, "Abc", True), ({"prefix": ["b"]}, "abc", False),
        ({"words": ["cd"]}, "ab cd-ef", True), ({"words": ["cd"]}, "abcd", False),
        ({"regex": ["^a.c$"]}, "ABC", True), ({"regex": ["^a.c$", "z"]}, "abcd", False),
        ({"equals": ["a"], "missing": True}, " ", True), ({"missing": True}, "a", False),
    ],
)  # fmt: skip
def test_ways_to_match(given: Any, value: Any, holds: bool) -> None:
    assert Match.model_validate(given).holds(value) is holds
