"""People of whom nothing was heard for long enough are erased, others are kept."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from smarketing.build import import_files
from smarketing.build.erasing.retention import Expired, forget_silent, silent_people
from smarketing.store.builds import current_build
from smarketing.store.opening import open_build

TODAY = date(2026, 6, 30)
FILES = {
    "person.csv": "person_id,account_id,email,full_name,created_at\n"
    "P1,A1,old@a.example,Olga Oldham,2024-01-01\n"  # nothing since
    "P2,A1,call@a.example,Carla Callister,2024-01-01\n"  # a call in June
    "P3,A2,deal@b.example,Dora Dealwright,2024-01-01\n"  # on an open deal
    "P4,A2,,,2024-01-01\n",  # nothing says who
    "touch.csv": "touch_id,person_id,channel,kind,side,occurred_at\n"
    "T1,P2,outbound,call,sales,2026-06-01\n",
    "deal.csv": "deal_id,account_id,amount,currency,stage,created_at,outcome\n"
    "D1,A2,10.50,EUR,Offer,2024-02-01,open\n",
    "deal_contact.csv": "deal_id,person_id,is_primary\nD1,P3,true\n",
}


def test_who_was_not_heard_of_for_long_is_erased(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home, folder = tmp_path / "home", tmp_path / "in"
    folder.mkdir()
    for name, text in FILES.items():
        (folder / name).write_text(text)
    assert silent_people(home, 365, TODAY) == []
    import_files(home, [folder], source="generic")
    assert silent_people(home, 365, TODAY) == ["generic:P1"]
    assert silent_people(home, 10_000, TODAY) == []
    assert forget_silent(home, TODAY, by="x") == Expired(0, 0)
    monkeypatch.setenv("SMARKETING_KEEP_PERSONAL_DAYS", "365")
    told = forget_silent(home, TODAY, by="x", dry_run=True)
    assert told.line == "1 person would be erased, of whom nothing was heard for long enough."
    assert forget_silent(home, TODAY, by="x") == Expired(1, 0)
    rows = open_build(current_build(home)).execute("select full_name from dim_person order by 1")
    names = [name for (name,) in rows.fetchall()]
    assert names == ["Carla Callister", "Dora Dealwright", "Erased person", "generic:P4"]
    assert silent_people(home, 365, TODAY) == []
    assert len(json.loads((home / "erased.json").read_text())) == 1
