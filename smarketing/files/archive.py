"""Reading packed files: gz and zip unpack to a scratch file each, guarded against bombs."""

from __future__ import annotations

import gzip
import shutil
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import IO
from uuid import uuid4

from smarketing.errors import SourceError
from smarketing.files.folders import is_data

MAX_RATIO = 300
"""How many times its packed size a file may unpack to, once it is larger than `FREE_BYTES`."""
FREE_BYTES = 1 << 26
MAX_MEMBERS = 1000
_BLOCK = 1 << 20


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


def zip_members(path: Path, name: str, scratch: Path) -> Iterator[tuple[Path, str]]:
    """Unpack the members of a zip file one after the other; yield scratch file and name of each.

    Hidden files, licences and documentation are passed over. Raises SourceError for an
    archive that is damaged, encrypted, empty or unpacks to a size out of proportion.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            found = [m for m in archive.infolist() if not m.is_dir()]
            members = [m for m in found if is_data(PurePosixPath(m.filename))]
            _check(members, name)
            for member in members:
                yield from _member(archive, member, name, scratch)
    except (zipfile.BadZipFile, zlib.error, EOFError) as error:
        raise SourceError(f"{name} is damaged or cut short ({error}): export it again.") from error
    except NotImplementedError as error:
        raise SourceError(f"{name} cannot be unpacked ({error}): pack it as plain zip.") from error


def _member(
    archive: zipfile.ZipFile, member: zipfile.ZipInfo, name: str, scratch: Path
) -> Iterator[tuple[Path, str]]:
    target = scratch / f"{uuid4().hex}.unpacked"
    try:
        with archive.open(member) as packed:
            _copy(packed, target, member.compress_size, f"{name}/{member.filename}")
        yield target, f"{name}/{member.filename}"
    finally:
        target.unlink(missing_ok=True)


def _check(members: list[zipfile.ZipInfo], name: str) -> None:
    if not members:
        raise SourceError(f"{name} holds no file; check what was packed.")
    if len(members) > MAX_MEMBERS:
        raise SourceError(
            f"{name} holds {len(members)} files, more than the {MAX_MEMBERS} that are read from "
            "one archive; unpack it and import the files that matter."
        )
    if any(member.flag_bits & 1 for member in members):
        raise SourceError(f"{name} is protected by a password; unpack it first.")
    check_size(sum(m.file_size for m in members), sum(m.compress_size for m in members), name)


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
