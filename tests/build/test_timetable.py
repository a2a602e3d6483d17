"""When a refresh is due, how the last one went, and how old the data are by the clock."""

from __future__ import annotations

import json
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from builders import default_agreement

from smarketing.build.refreshing import Refreshed, Schedule
from smarketing.build.timetable import (
    LAST,
    age_words,
    alone,
    is_due,
    last_refresh,
    remember,
)
from smarketing.cli import app, main
from smarketing.cli.background import refresh_if_due
from smarketing.store import landing
from smarketing.store.landing import Manifest

AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def landed(home: Path, number: int, at: datetime) -> None:
    """An import of that day, without files."""
    name = landing.import_name(number, at)
    landing.staging(home, name)
    landing.commit(home, Manifest(name, number, "add", at.replace(tzinfo=None).isoformat(), "", ()))


def test_a_refresh_is_due_by_its_hours(tmp_path: Path) -> None:
    assert last_refresh(tmp_path) is None
    remember(tmp_path, Refreshed(failures=["It is not there."]), AT)
    last = last_refresh(tmp_path)
    assert last is not None and (last.at, last.failures) == (AT, ("It is not there.",))
    hourly = Schedule(every_hours=1)
    assert is_due(hourly, None, AT) and not is_due(Schedule(), None, AT)
    assert not is_due(hourly, last, AT + timedelta(minutes=59))
    assert is_due(hourly, last, AT + timedelta(minutes=60))
    assert is_due(hourly, last, AT - timedelta(days=900)), "a clock was ahead, and is right again"
    for wrong in ("", "[]", '{"at": "soon"}'):
        (tmp_path / LAST).write_text(wrong)
        assert last_refresh(tmp_path) is None


def test_data_are_old_by_the_clock(tmp_path: Path) -> None:
    agreement = default_agreement()
    assert age_words(tmp_path, agreement, AT) == ""
    for number, days in ((1, 30), (2, 6)):
        landed(tmp_path, number, AT - timedelta(days=days))
    assert age_words(tmp_path, agreement, AT) == ""
    assert age_words(tmp_path, agreement, AT - timedelta(days=6, hours=23)) == ""
    assert "which is yet to come" in age_words(tmp_path, agreement, AT - timedelta(days=8))
    assert age_words(tmp_path, agreement, AT + timedelta(days=2)) == (
        "Nothing new came in for 8 days: the last import was on 24 Feb 2026, 09:00 UTC, and the "
        "data count as fresh for 7 days."
    )
    (tmp_path / "refresh.yaml").write_text("fresh_hours: 26\n")
    assert "for 26 hours" in age_words(tmp_path, agreement, AT)
    (tmp_path / "refresh.yaml").write_text("fresh_hours: [")
    assert age_words(tmp_path, agreement, AT) == ""


def test_one_refresh_at_a_time_and_only_when_due(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ran = []

    def run(command: list[str], **_: object) -> subprocess.CompletedProcess[bytes]:
        with alone(tmp_path) as is_ours:
            assert is_ours and not refresh_if_due(tmp_path)
        ran.append(command[-2:])
        remember(tmp_path, Refreshed(), datetime.now(UTC))
        return subprocess.CompletedProcess(command, 1)

    monkeypatch.setattr(subprocess, "run", run)
    assert not refresh_if_due(tmp_path)
    (tmp_path / "refresh.yaml").write_text("every_hours: 1\n")
    with alone(tmp_path):
        assert not refresh_if_due(tmp_path)
    assert refresh_if_due(tmp_path) and not refresh_if_due(tmp_path)
    assert ran == [["refresh", "--json"]]
    (tmp_path / "refresh.yaml").write_text("every_hours: never\n")
    assert not refresh_if_due(tmp_path)


def test_a_refresh_imports_checks_reports_and_says_what_failed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    home, folder = tmp_path / "home", tmp_path / "in"
    for place in (home, folder):
        place.mkdir()
    (folder / "lead.csv").write_text("lead_id,created_at\nL1,2026-01-05\nL2,soon\n")
    (home / "refresh.yaml").write_text(
        f"watch: [{{folder: {folder}, source: generic}}]\nreports: out\n"
    )
    due: list[Path] = []

    def write_due(order: Any, *, say_files: bool) -> list[str]:
        due.append(order.out)
        return ["weekly, pdf: no browser"]

    monkeypatch.setenv("SMARKETING_HOME", str(home))
    monkeypatch.setattr("smarketing.cli.report.write_due", write_due)
    monkeypatch.setattr("smarketing.build.refreshing._QUIET_SECONDS", -1)
    assert app(["refresh", "--json"], standalone_mode=False) == 1
    told = json.loads(capsys.readouterr().out)
    assert told["tables"] == {"lead": 1} and due == [home / "out"]
    assert any("quarantine" in failure for failure in told["failures"])
    assert told["failures"][-1] == "weekly, pdf: no browser"
    last = last_refresh(home)
    assert last is not None and list(last.failures) == told["failures"]
    (home / "refresh.yaml").write_text("watch: in\n")
    with pytest.raises(Exception, match="list of folders"):
        app(["refresh"], standalone_mode=False)
    kept = last_refresh(home)
    assert kept is not None and "list of folders" in kept.failures[0]
    # Where nothing was ever to be refreshed, nothing has gone wrong with it.
    (home / "refresh.yaml").unlink()
    with pytest.raises(Exception, match="There is no"):
        app(["refresh"], standalone_mode=False)
    assert last_refresh(home) == kept


def test_a_second_refresh_at_once_does_nothing_and_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "refresh.yaml").write_text("watch: [{folder: in}]\n")
    monkeypatch.setenv("SMARKETING_HOME", str(tmp_path))
    monkeypatch.setattr("sys.argv", ["smarketing", "refresh"])
    with alone(tmp_path), pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 75
    assert "Another refresh of" in capsys.readouterr().err
    assert last_refresh(tmp_path) is None and not (tmp_path / "landing").exists()
