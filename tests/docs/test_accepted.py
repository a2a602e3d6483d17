"""The faults that docs/testing.md accepts are of files that are there, each with its reason."""

from __future__ import annotations

from tools.mutants.accepted import Accepted, accepted, is_accepted
from tools.mutants.areas import ROOT

COUNTED = ROOT / "smarketing/sql/queries/attribution/totals.sql"


def test_every_row_names_files_a_fault_and_a_reason() -> None:
    assert accepted()
    assert [row for row in accepted() if not any(ROOT.glob(row.files)) or len(row.why) < 10] == []


def test_a_row_covers_its_fault_in_its_files_only() -> None:
    row = Accepted("smarketing/sql/queries/*/totals.sql", "min to max: MIN(n.", "one value a group")
    assert row.covers(COUNTED, "min to max: MIN(n.all_units)")
    assert not row.covers(COUNTED, "max to min: MAX(n.all_units)")
    assert not row.covers(COUNTED.with_name("keys.sql"), "min to max: MIN(n.all_units)")
    assert not is_accepted(ROOT / "smarketing" / "periods.py", "AddNot: if day => if not day")
