"""One bad file is one refusal: whatever it causes, it is named, and nothing is left behind."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from polluted import FILES, GOOD, NAMES, packed

from smarketing.errors import SourceError, UsageError
from smarketing.files.folders import data_files
from smarketing.files.read import read_file

_IN_LITTLE_MEMORY = """
import resource, sys
from pathlib import Path
from smarketing.errors import SourceError
from smarketing.files.read import read_file
resource.setrlimit(resource.RLIMIT_AS, (4 << 30, 4 << 30))
for path in sorted(Path(sys.argv[1]).iterdir()):
    try:
        read_file(path, Path(sys.argv[2]), header_names=sys.argv[3:])
    except SourceError as error:
        assert "memory" not in str(error), error
# `ru_maxrss` begins with the peak of the process that started this one.
own = Path("/proc/self/status")
if own.exists():
    [peak] = [int(line.split()[1]) for line in own.open() if line.startswith("VmHWM:")]
else:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print(peak // 1024)
"""


@pytest.mark.parametrize("name", FILES)
def test_a_polluted_file_is_read_right_or_refused_by_its_name(tmp_path: Path, name: str) -> None:
    made = FILES[name]
    path = tmp_path / name
    path.write_bytes(made.make())
    if made.refusal:
        with pytest.raises(SourceError, match=made.refusal) as caught:
            read_file(path, tmp_path / "out", header_names=NAMES)
        assert str(caught.value).startswith(name.removesuffix(".gz").removesuffix(".zip"))
        assert len(str(caught.value)) < 1000 and "\n" not in str(caught.value)
        assert not list((tmp_path / "out").iterdir())
    else:
        tables = read_file(path, tmp_path / "out", header_names=NAMES)
        assert sum(table.rows for table in tables) == made.rows
        assert sum(len(table.bad_rows) for table in tables) == made.bad
        assert {table.parquet for table in tables} == set((tmp_path / "out").iterdir())


@pytest.mark.skipif(sys.platform == "win32", reason="the memory of a process cannot be limited")
def test_no_polluted_file_takes_much_memory(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    for name, made in FILES.items():
        (tmp_path / "in" / name).write_bytes(made.make())
    # A file: DuckDB takes a program that is none for somebody at a terminal and draws progress.
    (tmp_path / "read.py").write_text(_IN_LITTLE_MEMORY)
    script, folders = tmp_path / "read.py", (tmp_path / "in", tmp_path / "out")
    command = [sys.executable, script, *folders, *NAMES]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) < 1000, "MB at most"


def test_a_name_that_is_not_utf8(tmp_path: Path) -> None:
    path = Path(os.fsdecode(os.fsencode(tmp_path / "caf") + b"\xe9.csv"))
    try:
        path.write_text(GOOD)
    except OSError:
        pytest.skip("this file system has no such names")
    with pytest.raises(SourceError, match=r"caf\\xe9.csv has a name that is not UTF-8; rename"):
        read_file(path, tmp_path / "out")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no pipes")
def test_pipes_devices_and_links(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    (folder / "deeper").mkdir(parents=True)
    (folder / "deeper" / "lead.csv").write_text(GOOD)
    (folder / "deeper" / "back").symlink_to(folder, target_is_directory=True)
    (folder / "gone.csv").symlink_to(tmp_path / "no.csv")
    os.mkfifo(folder / "pipe.csv")
    assert data_files([folder]) == [folder / "deeper" / "lead.csv", folder / "gone.csv"]
    with pytest.raises(SourceError, match=r"There is no file .*gone.csv"):
        read_file(folder / "gone.csv", tmp_path / "out")
    for path in (folder / "pipe.csv", Path("/dev/zero")):
        with pytest.raises(UsageError, match="a pipe, a socket or a device"):
            data_files([path])


def test_an_archive_that_is_locked(tmp_path: Path) -> None:
    content = bytearray(packed({"lead.csv": GOOD}))
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(mark) + place] |= 1
    path = tmp_path / "locked.zip"
    path.write_bytes(content)
    with pytest.raises(SourceError, match=r"locked.zip is protected by a password"):
        read_file(path, tmp_path / "out")
