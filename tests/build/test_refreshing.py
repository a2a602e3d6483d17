"""Every day by itself: what is new in watched folders is imported, once."""

from __future__ import annotations

import errno
import os
import time
from pathlib import Path

import pytest

from smarketing.build import refreshing
from smarketing.build.refreshing import Refreshed, Schedule, Watched, read_schedule, refresh
from smarketing.errors import UsageError
from smarketing.sources import data_files

LEADS = "lead_id,created_at,channel\nL1,2026-01-05,webinar\nL2,2026-01-06,webinar\n"


def put(folder: Path, name: str, text: str, *, age: float = 60) -> None:
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(text)
    at = time.time() - age
    os.utime(folder / name, (at, at))


def test_new_files_are_imported_once_and_failures_are_named(tmp_path: Path) -> None:
    home, watched = tmp_path / "home", tmp_path / "in"
    schedule = Schedule((Watched(tmp_path / "away"), Watched(watched, "generic")))
    put(watched, "lead.csv", LEADS)
    first = refresh(home, schedule)
    assert (first.files, first.tables) == (1, {"lead": 2})
    assert first.build_id is not None
    assert first.failures == [
        f"The watched folder {tmp_path / 'away'} is not there; is it mounted?"
    ]
    again = refresh(home, Schedule(schedule.watch[1:]))
    assert again == Refreshed(build_id=first.build_id)
    assert again.line == f"0 new files, no record new or changed; build {first.build_id}."


def test_a_file_that_is_being_written_waits(tmp_path: Path) -> None:
    put(tmp_path / "in", "lead.csv", LEADS, age=-3600)  # however long this takes
    done = refresh(tmp_path / "home", Schedule((Watched(tmp_path / "in", "generic"),)))
    assert done == Refreshed()


def test_what_is_wrong_with_a_file_or_a_mount_keeps_no_other_from_coming(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    odd, stale, fine = (tmp_path / name for name in ("odd", "stale", "fine"))
    put(odd, "lead.csv", LEADS, age=-3 * 86_400)
    (odd / "deal.csv").symlink_to(tmp_path / "nowhere.csv")
    (odd / "again.csv").symlink_to(odd / "again.csv")
    put(odd, "gone.csv", LEADS)
    put(stale, "lead.csv", LEADS)
    put(fine, "lead.csv", LEADS)
    is_dir = Path.is_dir

    def mounted(path: Path) -> bool:
        if path == stale:
            raise OSError(errno.ENOTCONN, "Transport endpoint is not connected", str(path))
        return is_dir(path)

    def then_gone(paths: list[Path]) -> list[Path]:
        found = data_files(paths)
        (odd / "gone.csv").unlink(missing_ok=True)
        return found

    monkeypatch.setattr(Path, "is_dir", mounted)
    monkeypatch.setattr(refreshing, "data_files", then_gone)
    done = refresh(tmp_path / "home", Schedule((Watched(odd), Watched(stale), Watched(fine))))
    assert done.tables == {"lead": 2}
    assert done.failures == [
        f"{odd}/again.csv cannot be read (Too many levels of symbolic links); take it away.",
        f"{odd}/deal.csv leads to a file that is not there; take it away.",
        f"{odd}/lead.csv says that it was written 3 days from now, so it is not taken: set its "
        "time, or the clock of who writes it.",
        f"{stale} cannot be read (Transport endpoint is not connected); is it mounted?",
    ]


def test_what_replaces_all_waits_until_all_of_it_can_be_taken(tmp_path: Path) -> None:
    """In mode full the records of a file that is left out would be gone."""
    home, folder = tmp_path / "home", tmp_path / "in"
    schedule = Schedule((Watched(folder, "generic", "full"),))
    put(folder, "lead.csv", LEADS)
    put(folder, "lead_more.csv", LEADS, age=-3600)
    assert refresh(home, schedule) == Refreshed()  # written just now
    (folder / "lead_more.csv").unlink()
    (folder / "lead_more.csv").symlink_to(folder / "lead_more.csv")
    done = refresh(home, schedule)
    assert (done.files, done.build_id) == (0, None)
    assert done.failures[1:] == [f"Until then nothing of {folder} is taken, in mode full."]
    (folder / "lead_more.csv").unlink()
    assert refresh(home, schedule).tables == {"lead": 2}


def test_a_line_says_what_changed() -> None:
    done = Refreshed(1, {"lead": 1200, "deal": 3}, "b00002-x", ["One went wrong."])
    assert done.line == (
        "1 new file: new or changed 3 of deal, 1,200 of lead; build b00002-x. "
        "1 failed: One went wrong."
    )


def test_a_schedule_is_read(tmp_path: Path) -> None:
    (tmp_path / "refresh.yaml").write_text(
        "watch:\n  - {folder: in, source: generic, mode: full}\nreports: out\nfresh_hours: 26\n"
    )
    assert read_schedule(tmp_path) == Schedule(
        (Watched(tmp_path / "in", "generic", "full"),), tmp_path / "out", 26
    )


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("- a", "mapping"),
        ("wach: []", "Did you mean 'watch'"),
        ("watch: in", "list of folders"),
        ("watch: [in]", "mapping of folder"),
        ("watch: [{source: generic}]", "names its folder"),
        ("watch: [{folder: in, sorce: x}]", "Did you mean 'source'"),
        ("fresh_hours: soon", "number of hours"),
        ("watch: [", "cannot be read"),
    ],
)
def test_a_schedule_that_is_not_right_is_one_sentence(
    tmp_path: Path, text: str, words: str
) -> None:
    with pytest.raises(UsageError, match="There is no"):
        read_schedule(tmp_path)
    (tmp_path / "refresh.yaml").write_text(text)
    with pytest.raises(UsageError, match=words):
        read_schedule(tmp_path)
