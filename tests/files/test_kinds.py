"""Which kind of file it is, by its first bytes; by hand."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from smarketing.errors import SourceError
from smarketing.files.kinds import kind_of


@pytest.mark.parametrize(
    ("name", "head", "kind"),
    [
        ("a.csv", b"\x1f\x8b0", "gzip"), ("a.csv", b"PK\x03\x04", "zip"),
        ("a", b"PK\x05\x06", "zip"),
        ("a.csv", b"\xd0\xcf\x11\xe0", "book"), ("a.csv", b"PAR1", "parquet"),
        ("a.jsonl", b"x", "json lines"), ("A.NDJSON", b"x", "json lines"), ("a.json", b"x", "json"),
        ("a.csv", b' {"a": 1}', "json"), ("a.csv", b"[\n{}]", "json"), ("a.csv", b"[x]", "text"),
        ("a.csv", b"{x", "text"), ("a.json", b'{"a": 1}\n{"a": 2}\n', "json lines"),
        ("a.json", b'{"a": 1}\n\n', "json"), ("a.json", b"[1]\n[2]\n", "json"),
        ("a.json", b'{"a":\n1}\n', "json"), ("a.csv", b"id,name\n", "text"),
        ("a.csv", b"<5 euros>,x\n", "text"), ("a.csv", b"<b", "text"), ("a.csv", b"", "text"),
        ("a.csv", "\ufeffid,näme".encode("utf-16-le"), "text"), ("a.csv", b"abcd\0", "text"),
    ],
)  # fmt: skip
def test_the_first_bytes_tell_the_kind(tmp_path: Path, name: str, head: bytes, kind: str) -> None:
    path = tmp_path / "x"
    path.write_bytes(head)
    assert kind_of(path, name) == kind


@pytest.mark.parametrize(
    ("name", "head", "said"),
    [
        ("a.parquet", b"id,name", "is called Parquet, and does not begin"),
        ("a.csv", b"%PDF-1.7", "is a PDF document"),
        ("a.csv", b"\xef\xbb\xbf <!DOCTYPE html>", "is a web page or XML"),
        ("a.csv", "\ufeff<HTML>".encode("utf-16-be"), "is a web page or XML"),
        ("a.csv", b"x" * 257 + b"ustar", "is a tar archive: unpack it, and import the files in it"),
        ("a.7z", b"7z\xbc\xaf", "is a 7z archive: unpack it"),
        ("a.csv", b"abcd\0\0", "is binary data"),
        ("a.csv", b"\x7fELF" + b"\0" * 9, "is a program"),
    ],
)
def test_what_holds_no_table_is_refused(tmp_path: Path, name: str, head: bytes, said: str) -> None:
    path = tmp_path / "x"
    path.write_bytes(head)
    with pytest.raises(SourceError, match=f"{name} {said}"):
        kind_of(path, name)


@pytest.mark.parametrize(
    ("member", "kind"),
    [("[Content_Types].xml", "book"), ("content.xml", "book"), ("a.csv", "zip"), ("x.iwa", None)],
)
def test_a_workbook_is_told_from_an_archive(tmp_path: Path, member: str, kind: str | None) -> None:
    with zipfile.ZipFile(tmp_path / "x", "w") as archive:
        archive.writestr(member, "")
    if kind is None:
        with pytest.raises(SourceError, match="of Apple's Numbers"):
            kind_of(tmp_path / "x", "a.csv")
    else:
        assert kind_of(tmp_path / "x", "a.csv") == kind
