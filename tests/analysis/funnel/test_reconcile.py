"""The first reason for which a setting does not count a lead, by hand."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from smarketing.analysis.funnel.reconcile import _why_not
from smarketing.analysis.funnel.settings import FunnelSettings
from smarketing.periods import parse_period

JUNE = parse_period("2026-06")
FIRST, LAST = dt.date(2026, 6, 1), dt.date(2026, 6, 30)
#: A lead that every setting counts.
PLAIN: dict[str, Any] = {
    "is_start_unknown": False, "began_day": FIRST, "began_imputed_day": FIRST, "entries": 1,
    "is_strict": True, "first_day": dt.date(2026, 7, 1), "last_day": dt.date(2026, 8, 1),
    "imputed_first_day": dt.date(2026, 7, 1), "imputed_last_day": None,
}  # fmt: skip


def cohort(skips: str = "imputed") -> FunnelSettings:
    return FunnelSettings("cohort", skips, "first", JUNE)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("skips", "fact", "says"),
    [
        ("imputed", {"is_start_unknown": True}, "beginning is unknown"),
        ("imputed", {"began_imputed_day": None}, "no entry into the first stage"),
        ("imputed", {"began_day": None}, "does not count there"),
        ("observed", {"began_day": None}, "no entry into the first stage"),
        ("imputed", {"began_imputed_day": dt.date(2026, 5, 31)}, "began outside the window"),
        ("imputed", {"began_imputed_day": dt.date(2026, 7, 1)}, "began outside the window"),
        ("imputed", {"began_imputed_day": LAST}, "does not count there"),
        ("imputed", {"entries": 0}, "does not count there"),
        ("observed", {"entries": None}, "skipped the stage, which only imputed"),
        ("strict", {"entries": 0}, "skipped the stage, which only imputed"),
        ("strict", {"is_strict": False}, "did not enter every stage in order"),
        ("observed", {"is_strict": None}, "does not count there"),
    ],
)
def test_why_a_cohort_does_not_count_a_lead(skips: str, fact: dict[str, Any], says: str) -> None:
    assert says in _why_not(cohort(skips), PLAIN | fact)


@pytest.mark.parametrize(
    ("skips", "reentry", "says"),
    [
        ("observed", "first", "its first entry lies outside the window"),
        ("observed", "last", "its latest entry lies outside the window"),
        ("observed", "every", "every entry lies outside the window"),
        ("imputed", "first", "its first entry lies outside the window"),
        ("imputed", "last", "the date of its entry is unknown"),
    ],
)
def test_why_entries_of_a_window_do_not_hold_a_lead(skips: Any, reentry: Any, says: str) -> None:
    assert _why_not(FunnelSettings("entered", skips, reentry, JUNE), PLAIN) == says


@pytest.mark.parametrize(
    ("skips", "fact", "says"),
    [
        ("observed", {"entries": 0}, "a snapshot counts where a lead stands"),
        ("strict", {"is_strict": False}, "did not enter every stage in order"),
        ("observed", {"is_strict": False}, "it stood elsewhere, or had left"),
    ],
)
def test_why_a_snapshot_does_not_hold_a_lead(skips: Any, fact: dict[str, Any], says: str) -> None:
    at = dt.datetime(2026, 6, 1)
    assert says in _why_not(FunnelSettings("snapshot", skips, at=at), PLAIN | fact)
