"""Pieces of analyses by hand: windows asked together, wrong KPIs, records converted by a rate."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from types import SimpleNamespace
from typing import Any

import pytest
from sqlglot import exp

from smarketing.agreement import load_agreement
from smarketing.agreement.kpis import Kpi
from smarketing.analysis.health import report
from smarketing.analysis.kpis.measured import Value, Values
from smarketing.analysis.kpis.values import _apart, all_but_faulty
from smarketing.analysis.review.converted import Converted, _currency_of, _is_later, _is_rated
from smarketing.analysis.review.counted_twice import CountedTwice
from smarketing.analysis.review.resting import _KEPT_IN, _MAPS, _OF_RECORDS, _moved
from smarketing.errors import QueryError
from smarketing.periods import parse_period

#: The tables in which a build keeps what the agreement says.
_AGREED = {name for kept in _KEPT_IN.values() for name in kept if name[0] != "$"} - _OF_RECORDS


def test_windows_that_overlap_are_asked_apart_and_equal_ones_once() -> None:
    named = {"a": "2026-01", "b": "2026-02", "c": "2026-Q1", "again": "2026-01", "d": "2026-04"}
    windows = {name: parse_period(text) for name, text in named.items()}
    assert _apart(windows) == [("a", "b", "d"), ("c",)]
    assert _apart({name: windows[name] for name in ("c", "b", "a")}) == [("c",), ("b", "a")]
    assert _apart({}) == []


@pytest.mark.parametrize(
    ("wrong", "status", "said"),
    [
        ({"a": "A."}, "fail", "A."),
        ({"a": "A.", "b": "B."}, "fail", "A. (and 1 more)"),
        ({"b": "B.", "a": "A.", "c": "C."}, "fail", "B. (and 2 more)"),
    ],
)
def test_the_first_wrong_kpi_is_named_and_others_counted(
    wrong: dict[str, str], status: str, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(report, "kpi_problems", lambda *_: wrong)
    engine: Any = None
    found = report._kpi_check(engine, load_agreement())
    assert (found.status, found.detail) == (status, said)


def test_a_record_is_converted_later_where_its_second_rate_is_of_a_later_day() -> None:
    one, two = ("USD", dt.date(2026, 1, 2)), ("USD", dt.date(2026, 1, 3))
    assert [_is_later(days) for days in ([], [one], [one, two], [two, one], [one, one])] == [
        False, False, True, False, False,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("row", "currencies", "rated"),
    [
        ({"currency": "USD"}, ("USD", "USD"), (True, True)),
        ({"currency": "USD", "rate_known": False}, ("USD", "USD"), (False, False)),
        (
            {"currency": "USD", "entry_currency": "GBP", "pipeline_amount": 5, "rate_known": False},
            ("USD", "GBP"), (False, True),
        ),
        (
            {"currency": "USD", "entry_currency": "GBP", "pipeline_amount": None},
            ("USD", "GBP"), (True, False),
        ),
        ({"currency": "USD", "entry_currency": None, "rate_known": True}, ("USD", "USD"),
         (True, True)),
    ],
)  # fmt: skip
def test_pipeline_is_converted_from_the_currency_it_was_entered_in(
    row: dict[str, Any], currencies: tuple[str, str], rated: tuple[bool, bool]
) -> None:
    assert tuple(_currency_of(row, is_pipeline) for is_pipeline in (False, True)) == currencies
    assert tuple(_is_rated(row, is_pipeline) for is_pipeline in (False, True)) == rated


def test_a_record_has_no_rate_any_more_where_the_data_s_date_would_convert_it() -> None:
    today, rated = dt.date(2026, 6, 30), {"currency": "USD"}
    unrated = rated | {"rate_known": False}
    closed = {"outcome": "won", "closed_day": dt.date(2026, 6, 29)}
    rows = {
        "open": (rated, unrated), "never": (unrated, unrated), "still": (rated, rated),
        "new": (unrated, rated), "closed": (rated | closed, unrated | closed),
        "closed today": (rated, unrated | closed | {"closed_day": today}),
        "of pounds": (rated, unrated | {"currency": "GBP"}),
        "spent": (rated, unrated | {"incurred_on": dt.date(2026, 6, 1)}),
    }  # fmt: skip
    of: Any = Converted.__new__(Converted)
    of._before, of._after = (SimpleNamespace(as_of_day=dt.date(2026, 6, d)) for d in (23, 30))
    of._converted = lambda *_: ((("deal_id", name), *sides) for name, sides in rows.items())
    assert Converted.unrated(of, [], frozenset()) == {
        ("USD", today): {("deal_id", "open"), ("deal_id", "closed today")},
        ("GBP", today): {("deal_id", "of pounds")},
    }


@pytest.mark.parametrize(
    ("reads", "is_money"), [((), True), (("deal",), False), (("deal", "fx_rate"), True)]
)
def test_what_rests_on_rates_or_on_nobody_knows_what_is_money(
    reads: tuple[str, ...], is_money: bool
) -> None:
    counted: Any = SimpleNamespace(reads=lambda _: frozenset(reads))
    assert CountedTwice.is_money(counted, "won_revenue") is is_money


@pytest.mark.parametrize(
    ("names", "missing"), [("a", ""), ("x", "x"), ("ax", "x"), ("xa", "x"), ("axbyc", "xy")]
)
def test_a_kpi_that_cannot_be_asked_for_hides_no_other(names: str, missing: str) -> None:
    first = load_agreement().kpis[0]

    def measured(kpis: Sequence[Kpi]) -> Values:
        if wrong := [kpi.id for kpi in kpis if kpi.id in "xy"]:
            raise QueryError(f"{wrong[0]} is wrong.\nMore.")
        return Values({(kpi.id, "now", "(all)"): Value(1.0, 1) for kpi in kpis})

    found = all_but_faulty([first.model_copy(update={"id": name}) for name in names], measured)
    assert {kpi for kpi, *_ in found.found} == set(names) - set(missing)
    assert found.missing == {
        name: f"The KPI '{name}' cannot be asked for: {name} is wrong." for name in missing
    }


class _Tables:
    """A build that holds these tables, each a list of its rows."""

    def __init__(self, tables: Mapping[str, list[dict[str, Any]]]) -> None:
        self._tables: dict[str, list[dict[str, Any]]] = {"agreement_setting": [], **tables}

    def has(self, table: str) -> bool:
        return table in self._tables

    def columns(self, table: str) -> set[str]:
        return set().union(*self._tables[table])

    def rows(self, tree: exp.Select) -> list[dict[str, Any]]:
        return self._tables[tree.find(exp.Table).name]  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("table", "before", "after", "is_moved"),
    [
        ("map_region", [("DE", "dach")], [("DE", "nordics")], True),
        ("map_region", [("DE", "dach")], [("DE", "dach"), ("SE", "nordics")], False),
        ("map_region", [("DE", "dach")], [("SE", "dach")], False),
        ("agreement_exit", [("lost", 1)], [("lost", 1)], False),
        ("agreement_exit", [("lost", 1)], [("lost", 1), ("gone", 2)], True),
        ("agreement_exit", [("lost", 1)], [("lost", 2)], True),
        ("$deal_won", [("deal_won", "a")], [("deal_won", "b")], True),
        ("$deal_won", [("deal_won", "a")], [("deal_won", "a")], False),
    ],
)
def test_a_table_of_the_agreement_moved_where_it_says_another_thing(
    table: str, before: list[tuple[Any, Any]], after: list[tuple[Any, Any]], is_moved: bool
) -> None:
    held = table if table[0] != "$" else "agreement_setting"
    names = {"map_region": ("raw", "region"), "agreement_setting": ("name", "value")}
    columns = names.get(held, ("exit", "exit_number"))
    same = {name: [{"a": 1}] for name in _AGREED if name not in _MAPS}
    maps = {name: [{"raw": 1, **dict.fromkeys(says, 2)}] for name, says in _MAPS.items()}
    maps["dim_date"] = [{"day": 1, "is_working_day": True}]
    builds: Any = [
        _Tables({**same, **maps, held: [dict(zip(columns, row, strict=True)) for row in rows]})
        for rows in (before, after)
    ]
    assert set(_moved(*builds)) == {*_OF_RECORDS, *([table] if is_moved else [])}


def test_a_table_that_one_build_lacks_moved() -> None:
    whole = {name: [{"a": 1}] for name in _AGREED if name not in _MAPS}
    with_maps: Any = _Tables(whole | {"map_team": [{"raw": 1, "team": 2}]})
    assert set(_moved(with_maps, with_maps)) == {*_OF_RECORDS, *_MAPS} - {"map_team"}
