"""Which kind of file it is, told by its first bytes rather than by its name."""

from __future__ import annotations

import codecs
import json
import re
import zipfile
from pathlib import Path, PurePosixPath

from smarketing.errors import SourceError
from smarketing.files.encoding import wide_encoding

_JSON_LINES = {".jsonl", ".ndjson", ".jsonlines"}
_OTHER = (
    (b"%PDF", "a PDF document"),
    (b"{\\rtf", "a text document"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"SQLite format 3", "an SQLite database"),
    (b"7z\xbc\xaf", "a 7z archive"),
    (b"Rar!", "a rar archive"),
    (b"BZh", "a bzip2 archive"),
    (b"\xfd7zXZ", "an xz archive"),
    (b"\x28\xb5\x2f\xfd", "a zstd archive"),
    (b"ARROW1", "an Arrow file"),
    (b"PARE", "an encrypted parquet file"),
    (b"MZ\x90", "a program"),
    (b"\x7fELF", "a program"),
    (b"ID;P", "a SYLK spreadsheet"),
    (b"MIME-Version:", "a web page kept whole, or a message"),
)
_BOMS = {codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}
_IN_TEXT = b"\t\n\r\x0b\x0c\x01\x1b\x1c\x1d\x1e\x1f"
_HEAD = 4096
_JSON_START = re.compile(rb'\s*(\{\s*"|\[\s*\{)')


def kind_of(path: Path, name: str) -> str:
    """Tell the kind: gzip, zip, book, parquet, json, json lines or text.

    The name decides only where the bytes say nothing. Raises SourceError for a file that holds no
    table by its kind (a web page, a picture, a program, binary data).
    """
    with path.open("rb") as file:
        head = file.read(_HEAD)
    suffix = PurePosixPath(name).suffix.casefold()
    if head.startswith(b"\x1f\x8b"):
        return "gzip"
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _packed_kind(path, name)
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        return "book"
    if head.startswith(b"PAR1"):
        return "parquet"
    if suffix == ".parquet":
        raise SourceError(
            f"{name} is called Parquet, and does not begin as Parquet does: it is damaged, cut "
            "short or something else; export it again."
        )
    if suffix in _JSON_LINES:
        return "json lines"
    if suffix == ".json" or _JSON_START.match(head):
        return _json_kind(path)
    _refuse(head, name)
    return "text"


def _packed_kind(path: Path, name: str) -> str:
    """Tell a workbook from an archive: both are zip files."""
    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist())
    except zipfile.BadZipFile:
        return "zip"
    if any(inside.endswith(".iwa") for inside in names):
        raise SourceError(
            f"{name} is a document of Apple's Numbers, Pages or Keynote: open it there and export "
            "it as xlsx or csv."
        )
    return "book" if {"[Content_Types].xml", "content.xml"} & names else "zip"


def _json_kind(path: Path) -> str:
    """Tell json lines from a document: the first line is a whole object and more lines follow."""
    with path.open("rb") as file:
        first = file.readline(1 << 22).strip()
        more = any(line.strip() for line in file.readlines(1 << 16))
    try:
        whole = isinstance(json.loads(first), dict)
    except (ValueError, RecursionError):
        return "json"
    return "json lines" if whole and more else "json"


def _refuse(head: bytes, name: str) -> None:
    start = _ascii(head).lstrip(b"\xef\xbb\xbf \t\r\n")[:_HEAD].lower()
    if re.match(rb"<[a-z!?]", start) and b">" in start:
        raise SourceError(
            f"{name} is a web page or XML, whatever its name says: open it in a spreadsheet and "
            "save it as xlsx or csv, or export it again as csv."
        )
    what = next((what for magic, what in _OTHER if head.startswith(magic)), None)
    if what is None and head[257:262] == b"ustar":
        what = "a tar archive"
    if what is None and _is_binary(head):
        what = "binary data"
    if what is not None and what.endswith("archive"):
        raise SourceError(f"{name} is {what}: unpack it, and import the files in it.")
    if what is not None:
        raise SourceError(
            f"{name} is {what}, which holds no table that can be read; export it as csv or xlsx."
        )


def _ascii(head: bytes) -> bytes:
    """Give the beginning of wide text as single bytes, so that its first signs can be compared."""
    encoding = _BOMS.get(head[:2])
    if encoding is None:
        return head
    return head.decode(encoding, "replace").lstrip("\ufeff").encode("ascii", "replace")


def _is_binary(head: bytes) -> bool:
    """Whether the bytes are of no text: many control characters, and not wide characters either."""
    if head[:2] in _BOMS or wide_encoding(head) is not None:
        return False
    control = sum(byte < 32 and byte not in _IN_TEXT for byte in head)
    return control > 0.2 * len(head)
