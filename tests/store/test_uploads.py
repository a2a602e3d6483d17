"""Files that come by the browser stay where they are put, whatever they are called."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from smarketing.errors import StoreError, UsageError
from smarketing.store import uploads

TOKEN = "0123456789abcdef"


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("deals.csv", "deals.csv"),
        ("../../access.yaml", "access.yaml"),
        ("..\\..\\CURRENT", "CURRENT"),
        ("/etc/passwd", "passwd"),
        ("..", "file"),
        ("", "file"),
        (".bashrc", "bashrc"),
        ("a\0b\n\x1b[31m.csv", "ab[31m.csv"),
        ("x" * 300 + ".csv", "x" * 116 + ".csv"),
        ("a." + "y" * 300, "y" * 119),
        ("ü" * 200 + ".csv", "ü" * 58 + ".csv"),
    ],
)
def test_a_name_is_only_a_name(tmp_path: Path, name: str, kept: str) -> None:
    path = uploads.receive(tmp_path, TOKEN, name, io.BytesIO(b"x"))
    assert path == tmp_path / "uploads" / TOKEN / path.name
    assert path.name == kept or len(path.name.encode()) <= 120
    assert [p.name for p in tmp_path.iterdir()] == ["uploads"]
    assert path.parent.stat().st_mode & 0o077 == 0


def test_two_of_one_name_and_two_people_at_once(tmp_path: Path) -> None:
    paths = [
        uploads.receive(tmp_path, token, "a.csv", io.BytesIO(text))
        for token, text in ((TOKEN, b"1"), (TOKEN, b"2"), ("f" * 32, b"3"))
    ]
    assert [path.name for path in paths] == ["a.csv", "a (2).csv", "a.csv"]
    assert uploads.received(tmp_path, TOKEN) == sorted(paths[:2])
    uploads.discard(tmp_path, TOKEN)
    assert uploads.received(tmp_path, TOKEN) == [] and paths[2].read_bytes() == b"3"
    uploads.discard_left(tmp_path)
    assert paths[2].exists()
    uploads.discard_left(tmp_path, paths[2].parent.stat().st_mtime + 90_000)
    assert not paths[2].exists()
    uploads.receive(tmp_path, TOKEN, "a.csv", io.BytesIO(b"1"))
    uploads.discard_all(tmp_path)
    assert not any(tmp_path.iterdir())
    with pytest.raises(UsageError):
        uploads.discard(tmp_path, "../landing")


def test_what_the_disk_refuses_leaves_nothing(tmp_path: Path) -> None:
    class Full(io.BytesIO):
        def read(self, *_: object) -> bytes:
            raise OSError(28, "No space left on device")

    with pytest.raises(StoreError, match="is full"):
        uploads.receive(tmp_path, TOKEN, "a.csv", Full())
    assert uploads.received(tmp_path, TOKEN) == []
