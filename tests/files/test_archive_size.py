"""What unpacks to a size out of all proportion is refused, to the byte."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from smarketing.errors import SourceError
from smarketing.files.archive import FREE_BYTES, MAX_RATIO, check_size
from smarketing.files.repeats import check_texts


@pytest.mark.parametrize(
    ("size", "packed"),
    [
        (FREE_BYTES, 0),
        (FREE_BYTES, 1),
        (FREE_BYTES + MAX_RATIO, FREE_BYTES // MAX_RATIO + 2),
        (3 * MAX_RATIO * FREE_BYTES, 3 * FREE_BYTES),
    ],
)
def test_up_to_its_size_it_is_read(size: int, packed: int) -> None:
    check_size(size, packed, "a.zip")


@pytest.mark.parametrize(
    ("size", "packed"), [(FREE_BYTES + 1, 0), (3 * MAX_RATIO * FREE_BYTES + 1, 3 * FREE_BYTES)]
)
def test_a_byte_more_is_refused(size: int, packed: int) -> None:
    with pytest.raises(SourceError, match=f"a.zip unpacks to more than {MAX_RATIO} times its size"):
        check_size(size, packed, "a.zip")


def test_a_workbook_of_one_endless_row_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "endless.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("xl/workbook.xml", "<workbook/>")
        made.writestr("xl/worksheets/sheet1.xml", "<row/>" + " " * FREE_BYTES)
    with zipfile.ZipFile(path) as archive, pytest.raises(SourceError, match="rows differ"):
        check_texts(archive, [archive.getinfo("xl/worksheets/sheet1.xml")], path.name)


@pytest.mark.parametrize(("cells", "free"), [(b"0" * 100_000, 100_001), (b"0123456789" * 10, 1)])
def test_sheets_are_read_that_are_small_or_in_proportion_to_their_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cells: bytes, free: int
) -> None:
    """The first is many times its packed size, and small; the second is beyond what is free."""
    monkeypatch.setattr("smarketing.files.repeats.FREE_BYTES", free)
    path = tmp_path / "a.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("sheet.xml", cells)
    with zipfile.ZipFile(path) as file:
        check_texts(file, [file.getinfo("sheet.xml")], path.name)
