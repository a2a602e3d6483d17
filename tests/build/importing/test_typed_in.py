"""Records typed in are an import like any other: kept, corrected, undone."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from smarketing.analysis.planning.quotas import Quota, quotas
from smarketing.build import import_files
from smarketing.build.importing.typed_in import import_typed
from smarketing.build.importing.undo import undo
from smarketing.engine import open_engine
from smarketing.errors import UsageError
from smarketing.store import audit

DAY = dt.date(2026, 6, 30)


def _held(home: Path) -> list[Quota]:
    return list(quotas(open_engine(home)).held)


def test_quotas_are_corrected_added_and_taken_back(tmp_path: Path) -> None:
    home = tmp_path / "home"
    members = tmp_path / "member.csv"
    members.write_text("member_id,name,team\nm1,Ann Berg,sales\nm2,Bo Dahl,sales\n")
    held = tmp_path / "quota.csv"
    held.write_text("member_id,period,amount,currency\nm1,2026-Q2,1000.50,EUR\n")
    import_files(home, [members, held], source="generic", as_of=DAY)
    found = quotas(open_engine(home))
    assert found.held == (Quota("generic:m1", "2026-Q2", 1000.5, "EUR"),)
    assert found.members == {"generic:m1": "Ann Berg", "generic:m2": "Bo Dahl"}
    rows = [
        {"member_id": "generic:m1", "period": "2026-Q2", "amount": "1.500", "currency": "KWD"},
        {"member_id": "generic:m2", "period": "2026-07", "amount": "700", "currency": "JPY"},
    ]
    import_typed(home, "quota", rows, as_of=DAY, by="ann@example.com")
    assert _held(home) == [
        Quota("generic:m1", "2026-Q2", 1.5, "KWD"),
        Quota("generic:m2", "2026-07", 700.0, "JPY"),
    ]
    assert open_engine(home).as_of_day == DAY
    assert audit.entries(home)[-1].who == "ann@example.com"
    undo(home)
    assert _held(home) == list(found.held)


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([], "nothing to save"),
        ([{"member": "m1"}], r"quota has no column 'member'\. Columns: member_id, period"),
    ],
)
def test_what_cannot_be_typed_in_is_said(
    tmp_path: Path, rows: list[dict[str, str]], message: str
) -> None:
    with pytest.raises(UsageError, match=message):
        import_typed(tmp_path, "quota", rows, as_of=DAY, by="ann")
    assert not list(tmp_path.iterdir())
