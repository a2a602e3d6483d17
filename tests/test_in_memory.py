"""What a database in memory cannot hold goes to a private folder, never into the present one."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from smarketing.in_memory import in_memory


def test_what_does_not_fit_leaves_nothing_where_one_stands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with in_memory(memory_limit="40MB", threads="1") as connection:
        connection.execute(
            "create table t as select i, md5(i::varchar) as x from range(1500000) r(i)"
        )
        (place,) = connection.execute("select current_setting('temp_directory')").fetchone() or ()
        assert list(Path(place).iterdir()), "nothing was written: the test shows nothing"
        assert stat.S_IMODE(Path(place).stat().st_mode) == 0o700
    assert not list(tmp_path.iterdir()) and not list(Path(place).iterdir())
