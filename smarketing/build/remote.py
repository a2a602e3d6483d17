"""Watched folders elsewhere: what is new at an address such as s3://bucket/exports is fetched.

Any address that fsspec knows is read; the stores of the clouds by extras of this package. Nothing
that was fetched is kept once it is landed, only marks by which a file is known again.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Collection, Mapping
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import unquote

from smarketing.errors import SourceError, UsageError
from smarketing.store.home import UNREADABLE, disk_errors, write_atomic

FILE_NAME = "watched.json"
_ADDRESS = re.compile(r"[a-z][a-z0-9+.-]+://")
#: Who may enter at an address, as it is written there.
_ENTRY = re.compile(r"(?<=://)[^/?#\s]*@|\?\S*")
_EXTRAS = {
    "s3": "s3",
    "s3a": "s3",
    "gs": "gcs",
    "gcs": "gcs",
    "abfs": "az",
    "abfss": "az",
    "az": "az",
}
#: What tells that a file is another one: as the stores call it, whichever of them is there.
_STAMPS = (
    "ETag",
    "etag",
    "md5Hash",
    "LastModified",
    "last_modified",
    "mtime",
    "updated",
    "created",
)


def is_address(folder: str) -> bool:
    """Whether a watched folder is an address elsewhere rather than a path of this machine."""
    return _ADDRESS.match(folder) is not None


def fetch(home: Path, address: str, into: Path, *, whole: bool = False) -> frozenset[str]:
    """Fetch what is new at an address into a folder; `whole` fetches all where anything is new.

    Returns the marks of everything there, to be remembered once it is landed; none where nothing
    is new. Raises UsageError where the address is none or its extra is not installed, SourceError
    where it cannot be read.
    """
    file_system, root = _opened(address)
    try:
        there = {_mark(name, about): name for name, about in _listed(file_system, root)}
        new = there.keys() - _seen(home).get(address, ())
        for mark in sorted(there if whole and new else new):
            # A name elsewhere is only a name here: its last part, in a folder of its own.
            name = PurePosixPath(there[mark].replace("\\", "/")).name.strip(". ") or "file"
            path = into / mark / name
            path.parent.mkdir(parents=True)
            file_system.get_file(there[mark], str(path))
            # Whole, unlike what somebody else may be writing just now.
            os.utime(path, (0, 0))
    except Exception as error:  # each store has failures of its own
        raise _unreachable(address, error) from error
    return frozenset(there) if new else frozenset()


def remember(home: Path, address: str, marks: Collection[str]) -> None:
    """Keep the marks of what an address held and was landed."""
    known = {**_seen(home), address: sorted(marks)}
    with disk_errors(home):
        write_atomic(home / FILE_NAME, json.dumps(known, indent=1))


def _seen(home: Path) -> dict[str, list[str]]:
    try:
        content = json.loads((home / FILE_NAME).read_text(encoding="utf-8"))
        return {str(address): list(map(str, marks)) for address, marks in content.items()}
    except UNREADABLE:
        return {}  # then all is fetched again, and known again by its content


def _opened(address: str) -> tuple[Any, str]:
    extra = _EXTRAS.get(address.partition("://")[0])
    how = f"pip install 'smarketing[{extra}]'" if extra else "pip install fsspec"
    try:
        from fsspec.core import url_to_fs

        file_system, root = url_to_fs(address)
    except ImportError as error:
        raise UsageError(
            f"Reading {_hidden(address, address)} needs a package that is not installed: {how}."
        ) from error
    except Exception as error:  # each store has failures of its own
        raise _unreachable(address, error) from error
    return file_system, str(root)


def _listed(file_system: Any, root: str) -> list[tuple[str, Mapping[str, Any]]]:
    return [(str(name), about) for name, about in file_system.find(root, detail=True).items()]


def _mark(name: str, about: Mapping[str, Any]) -> str:
    stamps = [str(about[stamp]) for stamp in _STAMPS if about.get(stamp)]
    told = "\0".join([name, str(about.get("size")), *stamps])
    return hashlib.sha256(told.encode()).hexdigest()[:16]


def _unreachable(address: str, error: Exception) -> SourceError:
    said = (str(error) or type(error).__name__).splitlines()[0]
    shown, said = _hidden(address, address), _hidden(said, address)
    return SourceError(f"The watched address {shown} cannot be read ({said}); is it right?")


def _hidden(text: str, address: str) -> str:
    """Return a text about an address without who may enter there: no user, password, parameter."""
    found = {part for one in _ENTRY.findall(address) for part in re.split("[:@?&=;]", one)}
    for part in sorted(found | set(map(unquote, found)), key=len, reverse=True):
        text = text.replace(part, "***") if len(part) > 2 else text
    return text
