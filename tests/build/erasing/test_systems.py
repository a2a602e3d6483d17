"""Erasing people from the exports of packaged systems, whose names stand in parts."""

from __future__ import annotations

from pathlib import Path

import pytest

from smarketing.build import import_files
from smarketing.build.erasing.forget import forget
from smarketing.errors import UsageError
from tests.build.erasing.test_forget import said

DAY = "2026-01-05"
LEADS = f"""Id,FirstName,LastName,Email,Status,CreatedDate,SystemModstamp
00Q5e00001ZzYxEEAV,Ottoline,Krautwurst,ottoline@kraut.example,Open,{DAY},{DAY}
00Q5e00001ZzYxFEAV,Other,Person,other@kraut.example,Open,{DAY},{DAY}
"""
CONTACTS = f"""Id,AccountId,Name,FirstName,LastName,Email,CreatedDate,SystemModstamp
0035e00001ZzYxEAAV,,Ottoline Krautwurst,Ottoline,Krautwurst,ottoline@kraut.example,{DAY},{DAY}
"""
USERS = f"""Id,Username,FirstName,LastName,Email,IsActive,SystemModstamp
0055e00001ZzYxEAAV,mia@own.example,Mia,Member,mia@own.example,true,{DAY}
"""
HUBSPOT = f"""Record ID,First Name,Last Name,Email,Lifecycle Stage,Create Date,Last Modified Date
771,Ottoline,Krautwurst,ottoline@kraut.example,Lead,{DAY} 10:00,{DAY} 10:00
772,Other,Person,other@kraut.example,Lead,{DAY} 10:00,{DAY} 10:00
"""
CALLS = f"""Record ID,Call Title,Call Status,Activity Date,Associated Contact IDs
9001,Dear Ottoline about the yacht,Completed,{DAY} 11:00,772;771
9002,About other things,Completed,{DAY} 11:00,772
"""
ADDRESS = "ottoline@kraut.example"


def put(folder: Path, files: dict[str, str]) -> Path:
    folder.mkdir()
    for name, text in files.items():
        (folder / f"{name}.csv").write_text(text)
    return folder


@pytest.mark.parametrize(
    "files",
    [
        {"Lead": LEADS, "Contact": CONTACTS, "User": USERS},
        {"hubspot-crm-exports-contacts": HUBSPOT, "hubspot-crm-exports-calls": CALLS},
    ],
    ids=["salesforce", "hubspot"],
)
def test_a_name_in_parts_is_erased_and_does_not_return(
    tmp_path: Path, files: dict[str, str]
) -> None:
    home = tmp_path / "home"
    import_files(home, [put(tmp_path / "in", files)])
    assert "krautwurst" in said(home)
    assert forget(home, ADDRESS).remains == ()
    text = said(home)
    assert "krautwurst" not in text and "ottoline" not in text and "erased person" in text
    assert "yacht" not in text and ("other things" in text) == ("hubspot" in str(files))
    with pytest.raises(UsageError, match="Nothing in"):
        forget(home, ADDRESS, dry_run=True)
    later = {name: text.replace(DAY, "2026-02-05") for name, text in files.items()}
    import_files(home, [put(tmp_path / "later", later)])
    text = said(home)
    assert not [word for word in ("krautwurst", "ottoline", "yacht") if word in text]
