"""The last import taken back: figures, files and the log say so."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from build_kit import stop_at_core

from smarketing.build import import_files
from smarketing.build.importing.undo import last_import, undo
from smarketing.errors import StoreError
from smarketing.store import audit, builds
from smarketing.store.opening import open_build

LEADS = "lead_id,created_at,channel\nL1,2026-01-05,webinar\n"
MORE = "lead_id,created_at,channel\nL1,2026-01-05,event\nL2,2026-01-06,webinar\n"


def _leads(home: Path) -> list[str]:
    rows = open_build(builds.current_build(home)).execute("select lead_id from lead order by 1")
    return [str(key) for (key,) in rows.fetchall()]


def test_undo_is_as_if_it_had_never_been_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stop_at_core(monkeypatch)
    home, file = tmp_path / "home", tmp_path / "lead.csv"
    file.write_text(LEADS)
    import_files(home, [file], source="generic", by="anna", dry_run=True)
    assert audit.entries(home) == []
    made = []
    for text in (LEADS, MORE):
        file.write_text(text)
        made.append(import_files(home, [file], source="generic", by="anna").import_id)
    first, second = builds.list_builds(home)
    assert _leads(home) == ["generic:L1", "generic:L2"]
    told = undo(home, dry_run=True)
    assert builds.current_build_id(home) == second.build_id and "would be taken back" in told.line(
        "UTC"
    )
    assert re.search(r"made by anna on \d+ \w{3} \d{4}, \d\d:\d\d, would", told.line("UTC"))
    with pytest.raises(StoreError, match=r"is i00002-.* by now"):
        undo(home, import_id="i00001-20260101")

    first.path.unlink()  # it is derived anew where it is no longer kept
    done = undo(home, by="ben")
    assert (done.import_id, done.files, done.imported_by) == (made[1], ("lead.csv",), "anna")
    assert _leads(home) == ["generic:L1"]
    builds.point_to(home, second.build_id)
    assert undo(home, by="ben").build_id is None
    assert last_import(home) is None and builds.published(home) is None
    with pytest.raises(StoreError, match="nothing to undo"):
        undo(home)
    one, two = (f"{name}: lead.csv" for name in made)
    assert [(entry.who, entry.what, entry.about) for entry in audit.trail(home)][::-1] == [
        ("anna", "imported", one),
        ("anna", "imported", two),
        ("ben", "took an import back", two),
        ("ben", "took an import back", one),
    ]


def test_the_log_tells_of_a_change_by_hand_and_forgets_who_is_erased(tmp_path: Path) -> None:
    for who in ("anna", "ben"):
        audit.note(tmp_path, who, "imported", f"lead of {who}.csv")
    assert audit.without(tmp_path, lambda text: text.replace("anna", "x"), dry_run=True) == 1
    assert audit.without(tmp_path, lambda text: text.replace("anna", "x")) == 1
    assert [entry.about for entry in audit.entries(tmp_path)] == [
        "lead of x.csv",
        "lead of ben.csv",
    ]
    log = tmp_path / audit.FILE_NAME
    lines = log.read_text().splitlines()
    for wrong in (lines[1:], [lines[0].replace("imported", "looked"), lines[1]], ["{}", lines[1]]):
        log.write_text("\n".join(wrong) + "\n")
        with pytest.raises(StoreError, match="changed by hand at line 1"):
            audit.entries(tmp_path)


def test_half_a_line_of_the_log_stops_nobody(tmp_path: Path) -> None:
    """A power cut, or a full disk, ends a line where it will."""
    log = tmp_path / audit.FILE_NAME
    audit.note(tmp_path, "anna\n{}", "imported", "a.csv\r\n")
    for half in (b"{", b'{"entry": {"at": "2026", "who'):
        with log.open("ab") as file:
            file.write(half)
        assert audit.entries(tmp_path)[0].who == "anna\n{}"
        audit.note(tmp_path, "ben", "imported", "b.csv")
    assert [entry.who for entry in audit.entries(tmp_path)] == ["anna\n{}", "ben", "ben"]
    log.write_bytes(log.read_bytes() + b"not a line of ours\n")
    with pytest.raises(StoreError, match="changed by hand at line 4"):
        audit.note(tmp_path, "ben", "imported", "c.csv")


def test_a_change_of_access_is_put_down_once(tmp_path: Path) -> None:
    access = tmp_path / "access.yaml"
    audit.note_access(tmp_path)
    for text in (
        "people: {anna@example.com: {role: admin}}",
        "people: {anna@example.com: {role: admin}}",
        "people: {anna@example.com: {role: sultan}}",
        "domains: {example.com: {role: lead, team: sales}}",
    ):
        access.write_text(text)
        audit.note_access(tmp_path)
    assert [entry.about for entry in audit.entries(tmp_path)] == [
        "people: anna@example.com: nothing → admin",
        "domains: example.com: nothing → lead sales; people: anna@example.com: admin → nothing",
    ]
    assert json.loads((tmp_path / audit.FILE_NAME).read_text().splitlines()[0])["entry"]["state"]


def test_who_had_a_role_is_taken_out_of_the_log_as_well(tmp_path: Path) -> None:
    told = "people: {anna@example.com: {role: viewer, scope: {owner: [Anna Berg]}}}"
    (tmp_path / "access.yaml").write_text(told)
    audit.note_access(tmp_path)
    texts = {"anna@example.com": "gone", "Anna Berg": "Erased person"}

    def cleaned(text: str) -> str:
        for old, new in texts.items():
            text = text.replace(old, new)
        return text

    assert audit.without(tmp_path, cleaned, dry_run=True) == 1
    assert audit.without(tmp_path, cleaned) == 1 and audit.without(tmp_path, cleaned) == 0
    log = (tmp_path / audit.FILE_NAME).read_text().casefold()
    assert "anna" not in log and "gone" in log and len(audit.entries(tmp_path)) == 1
