"""Edges of reading and writing an agreement: lines, years, names of countries, what is left out."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from smarketing.agreement import agreement_yaml, parse_agreement
from smarketing.agreement.calendar import BusinessCalendar, _told_holidays
from smarketing.agreement.countries import country_code
from smarketing.agreement.loading import _failure
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


@pytest.mark.parametrize(("faults", "last"), [(7, "a: no. 6."), (8, "a: no. 7."), (9, "1 more.")])
def test_of_many_faults_the_first_eight_are_said(faults: int, last: str) -> None:
    source = YamlSource.parse(TEXT, "agreement.yaml")
    told = _failure(source, {}, [("a", f"no. {n}") for n in range(faults)])
    assert isinstance(told, AgreementError)
    lines = str(told).splitlines()
    assert len(lines) == min(faults, 9) and lines[-1].endswith(last)


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
    assert [date.fromordinal(int(numbers[at])) for at in (0, -1)] == [
        date(FIRST_YEAR, 1, 1), date(LAST_YEAR, 12, 31),
    ]  # fmt: skip
