"""The sentences an import says beyond its balances."""

from __future__ import annotations

from smarketing.build.importing.report import ImportReport, TableBalance
from smarketing.build.importing.told import told


def test_a_record_that_is_gone_may_have_been_deleted() -> None:
    gone = (TableBalance("deal", 1, 0, 0, 1, 0, 1),)
    [said] = told(ImportReport("i1", "b1", (), gone), "add")
    assert said == (
        "records of earlier imports do no longer count, since the new files hold the same, or say "
        "that they were deleted or merged: 1 of deal."
    )
