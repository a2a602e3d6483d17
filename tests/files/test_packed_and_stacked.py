"""Names of members and of tables below each other, what a member may be; by hand."""

from __future__ import annotations

import gzip
import zipfile
from pathlib import Path

import pytest

from smarketing.errors import SourceError
from smarketing.files.archive import FREE_BYTES, check_size, unpacked_gzip, zip_members
from smarketing.files.rows import Line
from smarketing.files.stack import _called, _is_known, _next
from smarketing.files.table import Header


@pytest.mark.parametrize(
    ("name", "inner"), [("a.csv.gz", "a.csv"), ("A.CSV.GZ", "A.CSV"), ("a.csv", "a.csv")]
)
def test_a_packed_file_is_called_without_its_ending(tmp_path: Path, name: str, inner: str) -> None:
    path = tmp_path / "x"
    path.write_bytes(gzip.compress(b"id,name"))
    with unpacked_gzip(path, name, tmp_path) as (place, called):
        assert (called, place.read_bytes()) == (inner, b"id,name")
    assert not place.exists()


def test_members_that_may_be_tables_are_unpacked_one_by_one(tmp_path: Path) -> None:
    contents = {
        "a.csv": b"x", "deep/B.XLSX": b"\0", "words": b"id,name", "picture": b"a\0b",
        "nothing": b"",
        ".hidden.csv": b"x", "__MACOSX/a.csv": b"x", "~$b.xlsx": b"x", "inner.zip": b"x", "d/": b"",
        "../up.csv": b"x", "README.md": b"x", "c.json": b"",
    }  # fmt: skip
    with zipfile.ZipFile(tmp_path / "x.zip", "w") as archive:
        for name, content in contents.items():
            archive.writestr(name, content)
    found = {}
    for member in zip_members(tmp_path / "x.zip", "all.zip", tmp_path):
        assert member.name == f"all.zip/{member.inside}"
        assert member.path is None or member.path.read_bytes() == contents[member.inside]
        found[member.inside] = (member.path is not None, member.is_table)
    assert found == {
        "a.csv": (True, True), "deep/B.XLSX": (True, True), "words": (True, False),
        "picture": (False, False), "nothing": (False, False), "inner.zip": (False, False),
        "../up.csv": (True, True), "README.md": (False, False), "c.json": (True, True),
    }  # fmt: skip
    assert [path.name for path in tmp_path.iterdir()] == ["x.zip"]


def test_what_unpacks_out_of_proportion_is_refused() -> None:
    packed = FREE_BYTES // 300 + 1
    check_size(FREE_BYTES, 0, "x")
    check_size(300 * packed, packed, "x")
    for size, of in ((300 * packed + 1, packed), (FREE_BYTES + 1, 0), (FREE_BYTES + 1, 1)):
        with pytest.raises(SourceError, match="more than 300 times"):
            check_size(size, of, "x")


@pytest.mark.parametrize(
    ("title", "number", "called"),
    [
        ("", 1, "x"), ("", 2, "x[table 2]"), ("Details", 1, "x[Details]"),
        (" a/b[c] ", 2, "x[a b c]"),
        ("[]", 1, "x"), ("t" * 61, 1, f"x[{'t' * 60}]"),
    ],
)  # fmt: skip
def test_a_table_is_called_after_its_title_else_by_its_number(
    title: str, number: int, called: str
) -> None:
    assert _called("x", title, number) == called


def test_two_known_headers_make_a_known_table() -> None:
    assert _is_known(Header(("A", "B"), ("A", "B"), 2, names={"a", "b"}))
    assert not _is_known(Header(("A", "B"), ("A", "B"), 2, names={"a"}))


@pytest.mark.parametrize("exact", [True, False])
@pytest.mark.parametrize("title", ["", "First"])
def test_a_further_table_takes_over_what_is_known_of_the_file(exact: bool, title: str) -> None:
    before = Header(
        ("a", "b"),
        ("a", "b"),
        2,
        is_exact=exact,
        suspect=True,
        names={"x"},
        above=("y",),
        title=title,
    )
    lines = [Line(n, (f"n{n}", "2026-01-05", "")) for n in range(5, 8)]
    header, rest = _next(("name", "day"), iter(lines), before, ())
    assert (header.is_exact, header.suspect, header.names) == (exact, True, {"x"})
    assert (header.above, header.title) == (("y",) if title else (), title)
    assert header.shape.kinds == ("code", "date")
    assert len(header.columns) == (2 if exact else 3) and list(rest) == lines
