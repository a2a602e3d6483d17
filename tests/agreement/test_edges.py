"""Edges of reading and writing an agreement: lines, years, names of countries, what is left out."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from smarketing.agreement import (
    Agreement,
    agreement_yaml,
    load_agreement,
    parse_agreement,
    readable,
)
from smarketing.agreement.calendar import BusinessCalendar, _told_holidays
from smarketing.agreement.checks import _in_order, problems
from smarketing.agreement.countries import country_code
from smarketing.agreement.loading import _failure, _in_file, _part, _same, merge
from smarketing.agreement.older import _fitting
from smarketing.agreement.working_time import FIRST_YEAR, LAST_YEAR, WorkingTime
from smarketing.agreement.yaml_source import YamlSource
from smarketing.errors import AgreementError

TEXT = "a:\n  - x: 1\n  - x: 2\n    y: 3\n\nb: {c: 4}\n"


@pytest.mark.parametrize(
    ("path", "line"),
    [("a", 1), ("a[0]", 2), ("a[0].x", 2), ("a[1]", 3), ("a[1].y", 4), ("b", 6), ("b.c", 6),
     ("a[2].x", 1), ("a[1].z", 3), ("b.d", 6)],
)  # fmt: skip
def test_a_part_is_named_by_its_line_or_by_that_of_what_holds_it(path: str, line: int) -> None:
    source = YamlSource.parse(TEXT, "agreement.yaml")
    assert source.line(path) == line
    assert source.place(path) == f"agreement.yaml, line {line}: "


@pytest.mark.parametrize(("faults", "last"), [(7, "a: no. 6."), (8, "a: no. 7."), (9, "1 more")])
def test_of_many_faults_the_first_eight_are_said(faults: int, last: str) -> None:
    source = YamlSource.parse(TEXT, "agreement.yaml")
    told = _failure(source, {}, [("a", f"no. {n}") for n in range(faults)])
    assert isinstance(told, AgreementError)
    lines = str(told).splitlines()
    assert len(lines) == min(faults, 9) and last in lines[-1]


def test_a_country_goes_by_its_codes_and_names() -> None:
    named = {
        "DE": "Germany", "GB": "the United Kingdom", "US": "U.S.A.", "GM": "The Gambia",
        "NL": "nld", "AT": " at ",
    }  # fmt: skip
    assert {code: country_code(name) for code, name in named.items()} == {
        code: code for code in named
    }
    assert country_code("Atlantis") is country_code("") is country_code(None) is None


def test_what_an_older_agreement_left_out_is_taken_where_its_ids_are_there() -> None:
    entry = {"stage": "won", "originator": "marketing"}
    assert _fitting([entry, {"stage": "lost"}, "won"], {"won"}) == [entry, "won"]
    assert _fitting("won", {"won"}) == "won" and _fitting("lost", {"won"}) is None


def test_an_agreement_is_written_in_its_own_letters() -> None:
    text = agreement_yaml(parse_agreement("extends: default\ncompany: Zürcher & Söhne 株式会社\n"))
    assert "company: Zürcher & Söhne 株式会社" in text


def test_holidays_are_told_of_every_year_of_the_calendar() -> None:
    years = {int(day[:4]) for day in _told_holidays("US", None)}
    assert years == set(range(FIRST_YEAR, LAST_YEAR + 1))


def test_a_day_begins_at_local_midnight_and_the_calendar_ends_with_its_last_year() -> None:
    open_all_year = WorkingTime.model_validate({"holiday_country": None})
    clock = BusinessCalendar("Europe/Berlin", open_all_year)._clock
    midnight = datetime(2026, 6, 2, tzinfo=ZoneInfo("Europe/Berlin"))
    micros = int(midnight.timestamp()) * 1_000_000
    days = clock._local_day_numbers(np.array([micros - 1, micros, micros + 59_000_000]))
    assert [date.fromordinal(int(day)) for day in days] == [
        midnight.date() - timedelta(days=1), midnight.date(), midnight.date(),
    ]  # fmt: skip
    first, last = clock._layout[0][0], clock._layout[-1][0]
    assert (first.year, last.year) == (FIRST_YEAR, LAST_YEAR)
    numbers = clock._midnights[1]
    beyond = clock._local_day_numbers(np.array([-(2**60), 2**60]))
    assert beyond.tolist() == [numbers[0], numbers[-1]]
    assert [date.fromordinal(int(numbers[at])) for at in (0, -1)] == [
        date(FIRST_YEAR, 1, 1), date(LAST_YEAR, 12, 31),
    ]  # fmt: skip


def test_a_part_of_a_merged_list_is_found_in_the_file_by_its_id() -> None:
    own = {"kpis": [{"id": "won"}, {"id": "own"}], "x": {"y": [1]}}
    merged = {"kpis": [{"id": "leads"}, {"id": "own"}, {"id": "won"}], "x": {"y": [1]}}
    named = {"kpis[1].unit": "kpis[1].unit", "kpis[2].unit": "kpis[0].unit", "x.y[0]": "x.y[0]",
             "kpis[0].unit": "kpis[0].unit", "kpis[9].unit": "kpis.9.unit", "z.y": "z.y",
             "x.y[0].deep": "x.y[0].deep"}  # fmt: skip
    assert {path: _in_file(path, merged, own) for path in named} == named
    assert _part([4, 5], "1") == 5 and _part({"1": 6}, "1") == 6
    assert (
        _part([4, 5], "2") is _part([4, 5], "x") is _part("text", "0") is _part(None, "a") is None
    )


@pytest.mark.parametrize(
    ("name", "later", "said"),
    [
        ("mql", "customer", None),
        ("customer", "mql", "'mql' does not come after 'customer'"),
        ("mql", "mql", "'mql' does not come after 'mql'"),
        ("mqll", "customer", "unknown stage 'mqll'. Did you mean 'mql'?"),
        ("mql", "gone", None),
    ],
)
def test_a_stage_comes_before_another(name: str, later: str, said: str | None) -> None:
    found = list(_in_order(load_agreement(), "deal_opened", name, later))
    assert found == ([("deal_opened", said)] if said else [])


def test_a_region_has_a_country() -> None:
    for countries, said in (("[]", "countries"), ("[Atlantis]", "'Atlantis' is no country")):
        with pytest.raises(AgreementError, match=said):
            parse_agreement(
                "extends: default\nclassification:\n  regions:\n"
                f"    - {{id: own, label: Own, countries: {countries}}}\n"
            )


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("stages.0.owner", "stages[0].owner"), ("roles.1.team", "roles[1].team"),
        ("cost_without_team", "cost_without_team"), ("attribution.cac.teams.1", "attribution.cac"),
        ("service_levels.rejected_exits.0", "service_levels.rejected_exits[0]"),
        ("service_levels.recycled_exits.0", "service_levels.recycled_exits[0]"),
        ("service_levels.accepted_stage", "service_levels.accepted_stage"),
        ("service_levels.commitment.stage", "service_levels.commitment.stage"),
        ("service_levels.from_stage", "service_levels.from_stage"),
        ("lead_definition.stage", "lead_definition.stage"),
        ("deal_won", "deal_won"), ("deal_lost", "deal_lost"), ("deal_opened", "deal_opened"),
        ("step_windows.0.stage", "step_windows[0].stage"),
        ("step_windows.0.next_stage", "step_windows[0].next_stage"),
    ],
)  # fmt: skip
def test_a_name_that_is_nowhere_is_said_with_its_place(path: str, said: str) -> None:
    content = load_agreement().model_dump(mode="json")
    content["attribution"]["cac"]["teams"] = ["marketing", "sales"]
    *steps, last = path.split(".")
    place: Any = content
    for step in steps:
        place = place[int(step)] if step.isdigit() else place[step]
    place[int(last) if last.isdigit() else last] = "nowhere"
    told = problems(Agreement.model_validate(content))
    found = {where for where, what in told if "'nowhere'" in what}
    assert any(where.startswith(said) for where in found)


def test_lists_of_entries_with_ids_merge_and_all_others_replace() -> None:
    base, own = [{"id": "a", "x": 1, "y": 2}], [{"id": "b", "x": 3}, {"id": "a", "x": 4}]
    assert merge(base, own) == [{"id": "a", "x": 4, "y": 2}, {"id": "b", "x": 3}]
    for one, other in ((base, [{"x": 3}]), ([{"x": 3}], own), (base, ["a"]), (["a"], own),
                       (base, None), ({"a": 1}, [1])):  # fmt: skip
        assert merge(one, other) == other
    assert merge({"a": {"b": 1, "c": 2}, "d": 3}, {"a": {"b": 4}, "e": 5}) == {
        "a": {"b": 4, "c": 2}, "d": 3, "e": 5,
    }  # fmt: skip
    assert _same({"id": "a"}, {"id": "a", "x": 1}) and not _same({"id": "a"}, {"id": "b"})
    for item, other in (("a", {"id": "a"}), ({"id": "a"}, "a"), ({"x": 1}, {"x": 1})):
        assert not _same(item, other)


def test_a_number_has_thirty_digits_at_most() -> None:
    assert YamlSource.parse(f"a: {'9' * 30}", "f").content == {"a": int("9" * 30)}
    with pytest.raises(AgreementError, match="f, line 1: a number of 31 digits is none"):
        YamlSource.parse(f"a: {'9' * 31}", "f")


def test_what_no_chapter_names_is_the_last_chapter(monkeypatch: pytest.MonkeyPatch) -> None:
    titles = [p.title for p in readable.readable(load_agreement()).passages if p.level == 1]
    assert titles == [title for title, _, _ in readable._CHAPTERS]
    monkeypatch.setattr(readable, "_CHAPTERS", readable._CHAPTERS[:2])
    *chapters, last = [p for p in readable.readable(load_agreement()).passages if p.level == 1]
    assert [one.title for one in chapters] == titles[:2]
    assert (last.title, last.sentences) == ("Also agreed", ())
