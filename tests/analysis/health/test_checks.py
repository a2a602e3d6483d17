"""What each line of `smarketing check` says, of a few files, totals and invariants."""

from __future__ import annotations

from dataclasses import replace

import pytest
from told_engine import told

from smarketing.analysis.health.finding import FAULT, NOTE, WARNING, Finding
from smarketing.analysis.health.report import (
    FAIL,
    PASS,
    WARN,
    Check,
    DataHealth,
    _balance_check,
    _finding_checks,
    _invariant,
    _total_check,
)
from smarketing.store.balance import FileBalance

WHOLE = FileBalance("a.csv", "", 1200, 1000, 150, 50)
HEALTH = DataHealth("2026-06-30", "b1", "EUR", (), (), (WHOLE, replace(WHOLE, rows=5, used=5,
                    unused=0, quarantined=0)))  # fmt: skip


def test_files_balance_or_the_worst_of_them_is_named() -> None:
    said = "1,205 records are all used, unused or quarantined"
    assert _balance_check(HEALTH) == Check("row balance", PASS, said)
    more, less = replace(WHOLE, rows=1201), replace(WHOLE, file="b.csv", rows=1190)
    found = _balance_check(replace(HEALTH, files=(more, WHOLE, less)))
    assert found == Check(
        "row balance", FAIL,
        "2 files do not balance; b.csv: 1190 records are not 1000 used + 150 unused + "
        "50 quarantined; run `smarketing build`",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("agrees", "check"),
    [
        ((), (PASS, "no file gives a total of money")),
        ((True,), (PASS, "1 of 1 total that files give equal what was read")),
        ((True, False, True), (FAIL, "2 of 3 totals that files give equal what was read")),
    ],
)
def test_totals_of_files_are_counted(agrees: tuple[bool, ...], check: tuple[str, str]) -> None:
    engine = told(health__totals=[{"agrees": one} for one in agrees])
    assert _total_check(engine) == Check("totals of files", *check)


def test_an_invariant_holds_or_says_both_sides() -> None:
    row = {"invariant": "deals", "expected": 1200, "found": 1200, "is_money": False}
    assert _invariant(row, "EUR") == Check("deals", PASS, "1,200")
    assert _invariant({**row, "is_money": True}, "EUR") == Check("deals", PASS, "€12.00")
    assert _invariant({**row, "found": 1199}, "EUR") == Check(
        "deals", FAIL,
        "expected 1,200, found 1,199; run `smarketing build` and report it if it stays",
    )  # fmt: skip


def test_findings_are_lines_but_for_notes() -> None:
    def finding(name: str, severity: str) -> Finding:
        return Finding(name, severity, f"{name} is so.", 1, "Mend it.", "q")

    found = (finding("a", FAULT), finding("b", WARNING), finding("c", NOTE))
    assert _finding_checks(replace(HEALTH, findings=found)) == [
        Check("a", FAIL, "a is so. Mend it."), Check("b", WARN, "b is so. Mend it.")
    ]  # fmt: skip
    assert _finding_checks(HEALTH) == [Check("data", PASS, "Nothing has been imported yet.")]
