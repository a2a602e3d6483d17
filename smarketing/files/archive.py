"""Reading packed files: gz and zip unpack to a scratch file each, guarded against bombs."""

from __future__ import annotations

import gzip
import shutil
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO
from uuid import uuid4

from smarketing.errors import SourceError
from smarketing.files.folders import is_data
from smarketing.files.limits import printable

MAX_RATIO = 300
"""How many times its packed size a file may unpack to, once it is larger than `FREE_BYTES`."""
FREE_BYTES = 1 << 26
MAX_MEMBERS = 1000
_BLOCK = 1 << 20
_TABLES = {
    *(".csv", ".tsv", ".tab", ".psv", ".json", ".jsonl", ".ndjson", ".jsonlines", ".parquet"),
    *(".xlsx", ".xlsm", ".xlsb", ".xls", ".ods"),
}
_ARCHIVES = {".zip", ".gz", ".tgz", ".tar", ".7z", ".rar", ".bz2", ".xz", ".zst"}


@contextmanager
def unpacked_gzip(path: Path, name: str, scratch: Path) -> Iterator[tuple[Path, str]]:
    """Unpack a gz file; yield the scratch file and the name without `.gz`."""
    inner = name[:-3] if name.casefold().endswith(".gz") else name
    target = scratch / f"{uuid4().hex}.unpacked"
    try:
        with gzip.open(path) as packed:
            _copy(packed, target, path.stat().st_size, name)
        yield target, inner
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise SourceError(f"{name} is damaged or cut short ({error}): export it again.") from error
    finally:
        target.unlink(missing_ok=True)


@dataclass(frozen=True)
class Member:
    """A member of an archive: what to call it, and its scratch file, None where it is no table.

    `is_table` says that its name promises a table, so that it is refused where it holds none.
    """

    inside: str
    name: str
    path: Path | None = None
    is_table: bool = False


def zip_members(path: Path, name: str, scratch: Path) -> Iterator[Member]:
    """Unpack the members of a zip file that may be tables, one after the other.

    Attachments, pictures, documentation and further archives are answered without a file. Raises
    SourceError for an archive that is damaged, encrypted, empty or unpacks out of proportion.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            found = [m for m in archive.infolist() if not m.is_dir() and not _is_hidden(m)]
            chosen = [m for m in found if _may_be_table(archive, m)]
            _check(found, chosen, path, name)
            wanted = {id(member) for member in chosen}
            for member in found:
                if id(member) in wanted:
                    yield from _member(archive, member, name, scratch)
                else:
                    inside = printable(member.filename)
                    yield Member(inside, f"{name}/{inside}")
    except (zipfile.BadZipFile, zlib.error, EOFError) as error:
        raise SourceError(f"{name} is damaged or cut short ({error}): export it again.") from error
    except NotImplementedError as error:
        raise SourceError(f"{name} cannot be unpacked ({error}): pack it as plain zip.") from error


def _is_hidden(member: zipfile.ZipInfo) -> bool:
    parts = PurePosixPath(member.filename).parts
    return any(part.startswith((".", "~$", "__MACOSX")) and part != ".." for part in parts)


def _may_be_table(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> bool:
    """Whether a member is worth reading: by its name, else by whether it begins like text."""
    inside = PurePosixPath(member.filename)
    if inside.suffix.casefold() in _TABLES:
        return True
    if not is_data(inside) or inside.suffix.casefold() in _ARCHIVES or member.flag_bits & 1:
        return False
    with archive.open(member) as packed:
        head = packed.read(512)
    return bool(head) and b"\0" not in head


def _member(
    archive: zipfile.ZipFile, member: zipfile.ZipInfo, name: str, scratch: Path
) -> Iterator[Member]:
    target = scratch / f"{uuid4().hex}.unpacked"
    inside = printable(member.filename)
    is_table = PurePosixPath(inside).suffix.casefold() in _TABLES
    try:
        with archive.open(member) as packed:
            _copy(packed, target, member.compress_size, f"{name}/{inside}")
        yield Member(inside, f"{name}/{inside}", target, is_table)
    finally:
        target.unlink(missing_ok=True)


def _check(
    found: Sequence[zipfile.ZipInfo], chosen: Sequence[zipfile.ZipInfo], path: Path, name: str
) -> None:
    if not found:
        raise SourceError(f"{name} holds no file; check what was packed.")
    if len(chosen) > MAX_MEMBERS:
        raise SourceError(
            f"{name} holds {len(chosen)} files, more than the {MAX_MEMBERS} that are read from "
            "one archive; unpack it and import the files that matter."
        )
    if any(member.flag_bits & 1 for member in chosen):
        raise SourceError(f"{name} is protected by a password; unpack it first.")
    packed = min(sum(m.compress_size for m in chosen), path.stat().st_size)
    check_size(sum(m.file_size for m in chosen), packed, name)


def check_size(size: int, packed: int, name: str) -> None:
    """Refuse what unpacks to a size out of all proportion. Raises SourceError."""
    if size > FREE_BYTES and size > MAX_RATIO * max(packed, 1):
        raise SourceError(
            f"{name} unpacks to more than {MAX_RATIO} times its size, as no export does; unpack it "
            "yourself if you trust it, and import the files."
        )


def _copy(packed: IO[bytes] | gzip.GzipFile, target: Path, packed_size: int, name: str) -> None:
    size = 0
    with target.open("wb") as out:
        while block := packed.read(_BLOCK):
            size += len(block)
            check_size(size, packed_size, name)
            out.write(block)
            if size % (64 * _BLOCK) == 0:
                _check_space(target, name)


def _check_space(target: Path, name: str) -> None:
    if shutil.disk_usage(target.parent).free < FREE_BYTES:
        raise SourceError(f"There is no space left to unpack {name}; free some and import again.")
