"""Small rules of the build: what a deal is, which ids begin anew, which reports are by month."""

from __future__ import annotations

from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

import duckdb
import pytest

from smarketing.agreement.outcomes import StageOutcome
from smarketing.build.accounting.dates_ahead import _ahead
from smarketing.build.core.placing import _place
from smarketing.build.core.restarts import _alike, _apart
from smarketing.build.spend.months import _may_be_by_month
from smarketing.files.books import _letters
from smarketing.files.formats import Formats
from smarketing.files.sums import _is_of

WON = StageOutcome(stage="Signed", outcome="won")
OPEN = StageOutcome(stage="Signed", outcome="open")


@pytest.mark.parametrize(
    ("said", "stage", "maps", "outcome"),
    [
        (None, "Signed", ((WON,), (OPEN,)), "won"),
        (None, "Signed", ((), (OPEN,)), "open"),
        ("closed", "Signed", ((OPEN,), ()), None),
        ("closed", "Signed", ((WON,), ()), "won"),
        (None, "Closed Won", ((), ()), "won"),
        (None, "Somewhere", ((), ()), None),
        (None, None, ((), ()), None),
    ],
)
def test_what_a_deal_in_a_stage_is(
    said: str | None, stage: str | None, maps: Any, outcome: str | None
) -> None:
    assert _place(said, stage, None, maps) == outcome


@pytest.mark.parametrize(
    ("builtin", "exact", "said"),
    [(True, False, "of another account of The CRM"), (True, True, "2026-7"),
     (False, False, "2026-7"),
     (False, True, "as by the year")],
)  # fmt: skip
def test_how_records_of_the_same_ids_are_told_apart(builtin: bool, exact: bool, said: str) -> None:
    profile = SimpleNamespace(exact=exact)
    source = SimpleNamespace(is_builtin=builtin, profile=profile, label="The CRM", name="crm")
    assert said in _apart(source, "deal", "7")


@pytest.mark.parametrize(
    ("column", "mine", "theirs", "alike"),
    [
        ("name", "Acme GmbH", "ACME", True), ("full_name", "Ann Lee", "Lee, Ánn", True),
        ("name", "Ann Lee", "Ann Bow", False), ("name", "Ann Lee Kim", "Kim Ann Bow", True),
        ("full_name", "Ann", "Bob", False), ("email", "a@x.com", "a@y.com", True),
        ("email", "a@x.com", "b@x.com", False), ("person_id", "a@x.com", "a@y.com", True),
        ("person_id", "7", "7", False), ("domain", "x", "x", False),
        ("created_at", "2026-01-01 10:00:00", "2026-01-01 12:15:00", True),
        ("created_at", "2026-01-01 10:00:00", "2026-01-01 12:15:01", False),
        ("created_at", "2026-01-01 00:00:00", "2026-01-01 14:00:00", True),
        ("created_at", "2026-01-01 14:15:00", "2026-01-01 00:00:00", False),
    ],
)  # fmt: skip
def test_what_may_be_one_value_told_in_another_way(
    column: str, mine: str, theirs: str, alike: bool
) -> None:
    kind = "timestamp" if column == "created_at" else "varchar"
    rows = ", ".join(f"(select $1::{kind} as {column}) {name}" for name in "n")
    sql = f"select {_alike(column)} from {rows}, (select $2::{kind} as {column}) o"
    assert duckdb.execute(sql, [mine, theirs]).fetchall() == [(alike,)]


def test_only_a_report_of_spend_that_says_so_is_by_month() -> None:
    def said(spend: Any, source: str = "ads", name: str | None = "cost") -> bool:
        sources = {"ads": SimpleNamespace(objects={"cost": SimpleNamespace(spend=spend)})}
        return _may_be_by_month(sources, SimpleNamespace(source=source, object=name))

    monthly, daily = SimpleNamespace(months=True), SimpleNamespace(months=False)
    assert said(monthly) and not said(daily) and not said(None)
    assert not said(monthly, "other") and not said(monthly, name=None)
    assert not said(monthly, name="deal")


def test_a_file_looks_ahead_where_its_newest_stamp_is_more_than_a_day_after_its_import() -> None:
    at = datetime(2026, 1, 1)
    files = [SimpleNamespace(file_id=n, imported_at=at) for n in range(4)]
    newest = {0: at, 1: at + timedelta(days=1), 2: at + timedelta(days=1, microseconds=1)}
    assert [file.file_id for file in _ahead(files, newest)] == [2]


@pytest.mark.parametrize(
    ("column", "letters"),
    [(0, "A"), (25, "Z"), (26, "AA"), (51, "AZ"), (52, "BA"), (701, "ZZ"), (702, "AAA")],
)
def test_a_column_is_named_as_spreadsheets_do(column: int, letters: str) -> None:
    assert _letters(column) == letters


def test_a_format_holds_from_its_row_on_until_another() -> None:
    formats = Formats()
    for row, shown in (
        (2, ""),
        (3, "EUR"),
        (5, "EUR"),
        (6, "USD"),
        (6, "SEK"),
        (4, "SEK"),
        (9, ""),
    ):
        formats.take(row, 1, shown)
    assert formats.changes == {1: ([3, 6, 9], ["EUR", "USD", ""])}
    assert [formats.of(row, 1) for row in (2, 3, 5, 6, 8, 9)] == [
        "",
        "EUR",
        "EUR",
        "USD",
        "USD",
        "",
    ]
    assert formats.of(3, 2) == ""


@pytest.mark.parametrize(
    ("label", "name", "of"),
    [
        ("spring total", "spring", True), ("total spring", "spring", True),
        ("spring", "spring", False),
        ("spring sale", "spring", False), ("springtotal", "spring", False), ("sum of", "of", True),
        ("summe spring", "summer", False),
    ],
)  # fmt: skip
def test_a_total_is_that_of_a_group_by_its_name(label: str, name: str, of: bool) -> None:
    assert _is_of(label, name) is of
