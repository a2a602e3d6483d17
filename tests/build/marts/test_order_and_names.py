"""Which marts a mart is made of, and what owners are called; by hand, without a store."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace

import pytest

from smarketing.agreement import load_agreement
from smarketing.build.marts.calendar import _period, _row
from smarketing.build.marts.names import _apart, _bare, _own, _source
from smarketing.build.marts.order import with_those_below

READS = {"c": {"b", "core"}, "b": {"a"}, "a": {"core"}, "d": set()}


@pytest.mark.parametrize(
    ("marts", "found"),
    [(["c"], {"a", "b", "c"}), (["b", "d"], {"a", "b", "d"}), (["a"], {"a"}), ([], set())],
)
def test_a_mart_needs_all_that_it_is_made_of(marts: list[str], found: set[str]) -> None:
    assert with_those_below(marts, READS) == found


@pytest.mark.parametrize(
    ("member", "source", "bare", "called"),
    [
        ("crm:Ann Lee", "crm", "Ann Lee", "Ann Lee"), ("crm:a7@x.de", "crm", "a7@x.de", "a7@x.de"),
        ("crm:ann", "crm", "ann", "ann"), ("crm:005x7", "crm", "005x7", "id 005x7"),
        ("crm:7 b", "crm", "7 b", "7 b"), ("crm:", "crm", "crm:", "crm:"), ("7", "7", "7", "id 7"),
        ("a:b:7", "a", "b:7", "id b:7"),
    ],
)  # fmt: skip
def test_a_reference_alone_is_a_name_or_an_id(
    member: str, source: str, bare: str, called: str
) -> None:
    assert (_source(member), _bare(member), _own(member)) == (source, bare, called)


def test_two_people_of_one_id_or_one_name_are_told_apart() -> None:
    names = {"crm:7": "id 7", "ads:7": "id 7", "crm:8": "id 8", "crm:9": "Ann", "crm:10": "Ann",
             "ads:9": "Ann", "crm:Bo": "Bo", "crm:11": "Bo"}  # fmt: skip
    assert _apart(names, ["crm:7", "ads:7", "crm:8"]) == {
        "crm:7": "id 7 (crm)", "ads:7": "id 7 (ads)", "crm:8": "id 8", "crm:9": "Ann (9)",
        "crm:10": "Ann (10)", "ads:9": "Ann", "crm:Bo": "Bo", "crm:11": "Bo",
    }  # fmt: skip


def test_a_day_of_the_calendar_and_a_period_that_is_none() -> None:
    agreement = load_agreement()
    found = _period("2026-06", agreement)
    assert found is not None and found.start == dt.date(2026, 6, 1)
    assert _period("soon", agreement) is None
    spans = {
        kind: SimpleNamespace(label=kind, start=kind.upper())
        for kind in ("week", "month", "quarter", "fiscal_year", "fiscal_quarter")
    }
    day = dt.date(2026, 6, 12)
    assert _row(day, spans, True, 5) == (
        day, day.toordinal(), "week", "WEEK", "month", "MONTH", "quarter", "QUARTER", 2026,
        "fiscal_year", "fiscal_quarter", 5, True, 5,
    )  # fmt: skip
