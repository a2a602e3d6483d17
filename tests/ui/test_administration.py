"""Administration: the log is read, a person is erased after a second word, exports are put down."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pandas as pd
import pytest
from page_kit import alone

from smarketing.access import LOCAL, Access
from smarketing.build.erasing.forget import Forgotten
from smarketing.build.refreshing import Refreshed
from smarketing.build.timetable import remember
from smarketing.errors import UsageError
from smarketing.export.stamp import Stamp
from smarketing.store import audit
from smarketing.ui import gate, records


def test_a_person_is_erased_after_a_second_word(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home, asked = tmp_path / "home", []

    def forget(place: Path, given: str, *, by: str = "", dry_run: bool = False) -> Forgotten:
        asked.append((place, given, by, dry_run))
        if given == "nobody":
            raise UsageError("Nothing names 'nobody'.")
        return Forgotten(3, 8, 1, ("Vera",), () if dry_run else ("agreement.yaml",), dry_run)

    monkeypatch.setenv("SMARKETING_HOME", str(home))
    monkeypatch.setattr("smarketing.ui.sections.administration.erasing.forget", forget)
    audit.note(home, "*anna*", "imported", "i00001: <b>x</b>.csv")
    (home / "refresh.yaml").write_text("watch: [{folder: in}]\nevery_hours: 2\n")
    remember(home, Refreshed(failures=["The *disk* is full."]), datetime(2026, 3, 2, tzinfo=UTC))
    page = alone("administration", tmp_path)
    assert [one.value for one in page.error] == [r"The \*disk\* is full\."]
    assert any("every 2 hours" in one.value for one in page.caption)
    assert page.dataframe[0].value[["who", "about"]].values.tolist() == [
        ["*anna*", "i00001: <b>x</b>.csv"]
    ]

    def button(label: str):
        return next(one for one in page.button if one.label == label)

    page.text_input(key="erase_0").set_value("nobody").run()
    button("See what it would touch").click().run()
    assert any("Nothing names" in str(one.proto.body) for one in page.get("html"))
    page.text_input(key="erase_0").set_value("Vera@x.example").run()
    button("See what it would touch").click().run()
    assert any("would touch 3 rows" in one.value for one in page.markdown)
    assert button("Erase for good").disabled
    page.text_input(key="erase_again_0").set_value("vera@x.example").run()
    button("Erase for good").click().run()
    assert not page.exception
    assert [(given, dry) for _, given, _, dry in asked] == [
        ("nobody", True),
        ("Vera@x.example", True),
        ("Vera@x.example", False),
    ]
    assert "Still named in agreement" in page.success[0].value
    # Another box: a browser would go on showing what was typed into the one of before.
    assert [(box.key, box.value) for box in page.text_input] == [("erase_1", "")]


@pytest.mark.parametrize(
    ("access", "column", "entries"),
    [(LOCAL, "person", 1), (LOCAL, "deal", 0), (Access("viewer"), "person", 0)],
)
def test_who_hands_out_people_is_put_down(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, access: Access, column: str, entries: int
) -> None:
    monkeypatch.setenv("SMARKETING_HOME", str(tmp_path))
    monkeypatch.setattr(records, "let_in", lambda: access)
    frame = pd.DataFrame({column: ["x", "y"]})
    made = records.logged(frame, Stamp("Leads"), lambda: b"csv")
    assert audit.entries(tmp_path) == []
    assert made() == b"csv"
    found = [(entry.what, entry.about) for entry in audit.entries(tmp_path)]
    assert found == [("exported personal data", "Leads: 2 rows")] * entries


def test_without_sign_in_only_the_machine_itself_keeps_the_home(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SMARKETING_HOME", str(tmp_path))
    monkeypatch.setenv("SMARKETING_WITHOUT_SIGN_IN", "1")
    for is_here in (True, False):
        monkeypatch.setattr(gate, "_is_here", lambda *_, told=is_here: told)
        access = gate.current_access(None)
        assert access.may("write") and access.may("import") is is_here
        assert access.may("manage") is is_here
