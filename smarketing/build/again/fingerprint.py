"""What a build is derived from, as hashes: by them a build is known to be up to date or stale."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

import smarketing
from smarketing import __version__
from smarketing.store.landing import EffectiveFile

_PACKAGE = Path(smarketing.__file__).parent
_DERIVES = ("agreement", "engine", "build", "files", "sources", "store", "sql/marts")
_TEXTS = (".py", ".sql", ".yaml", ".csv")


def landing_hash(files: Iterable[EffectiveFile], folders: Mapping[str, Path]) -> str:
    """Hash what counts of the landing: per source its files in order, and sources of one's own."""
    by_source: dict[str, list[object]] = {}
    for held in files:
        for table in held.file.tables:
            entry = [held.file.sha256, table.name, held.file.as_of]
            by_source.setdefault(table.source, []).append(entry)
    own = {name: _folder_hash(folder) for name, folder in folders.items() if name in by_source}
    return _hash(json.dumps([sorted(by_source.items()), sorted(own.items())]))


@cache
def code_hash() -> str:
    """Hash the code and the SQL that a build is derived by."""
    digest = hashlib.sha256(__version__.encode())
    for folder in _DERIVES:
        digest.update(_folder_hash(_PACKAGE / folder).encode())
    return digest.hexdigest()


def _folder_hash(folder: Path) -> str:
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.suffix in _TEXTS and path.is_file():
            digest.update(path.relative_to(folder).as_posix().encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()


def build_hash(landing: str, agreement: str) -> str:
    """Hash everything a build is a function of."""
    return _hash("\n".join((landing, agreement, code_hash())))


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
