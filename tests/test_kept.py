"""Values that are made once and kept among the user's caches."""

from __future__ import annotations

from pathlib import Path

import pytest

from smarketing import kept as module
from smarketing.kept import kept


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Let values be kept in a folder of the test's own."""
    monkeypatch.setattr(module, "user_cache_path", lambda _name: tmp_path / "caches")
    return tmp_path / "caches"


def test_a_value_is_made_once_per_version(folder: Path) -> None:
    assert kept("days", "1", lambda: {"a": 1}) == {"a": 1}
    assert kept("days", "1", lambda: pytest.fail("made a second time")) == {"a": 1}
    assert kept("days", "2", lambda: {"a": 2}) == {"a": 2}
    assert sorted(path.name for path in folder.iterdir()) == ["days-1.json", "days-2.json"]


@pytest.mark.parametrize("broken", ["", '{"a":'])
def test_what_cannot_be_read_is_made_anew(folder: Path, broken: str) -> None:
    folder.mkdir()
    (folder / "days-1.json").write_text(broken, encoding="utf-8")
    assert kept("days", "1", lambda: [1, 2]) == [1, 2]
    assert kept("days", "1", lambda: pytest.fail("made a second time")) == [1, 2]


def test_a_cache_that_cannot_be_written_is_no_fault(folder: Path) -> None:
    folder.write_text("no folder", encoding="utf-8")
    assert kept("days", "1", lambda: [1]) == [1]
    assert kept("days", "1", lambda: [2]) == [2]


def test_of_each_kind_the_newest_are_kept(folder: Path) -> None:
    folder.mkdir()
    (folder / "other-1.json").write_text("[]", encoding="utf-8")
    for number in range(module._MOST_KEPT + 2):
        kept("days", str(number), list)
    assert len(list(folder.glob("days-*"))) == module._MOST_KEPT
    assert (folder / f"days-{module._MOST_KEPT + 1}.json").exists()
    assert (folder / "other-1.json").exists()
