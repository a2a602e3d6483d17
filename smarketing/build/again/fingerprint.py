"""What a build is derived from, as hashes: by them a build is known to be up to date or stale."""

from __future__ import annotations

import hashlib
import json
import os
import zoneinfo
from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import smarketing
from smarketing import __version__
from smarketing.store.landing import LandedFile

LIBRARIES = ("duckdb", "holidays", "sqlglot", "tzdata")
"""The libraries whose version decides what a build holds: values, holidays, statements, zones."""
_PACKAGE = Path(smarketing.__file__).parent
_PAGES = ("ui", "cli", "_app")
"""What only shows a build: the pages, the command line, and the pages inside a wheel."""


def landing_hash(files: Iterable[LandedFile], folders: Mapping[str, Path]) -> str:
    """Hash what counts of the landing: per source its files in order, and sources of one's own."""
    by_source: dict[str, list[object]] = {}
    for held in files:
        for table in held.tables:
            said = [held.as_of, held.decimal, held.date_order]
            entry = [held.sha256, table.name, table.encoding, *said]
            by_source.setdefault(table.source, []).append(entry)
    own = {name: _folder_hash(folder) for name, folder in folders.items() if name in by_source}
    return _hash(json.dumps([sorted(by_source.items()), sorted(own.items())]))


@cache
def code_hash() -> str:
    """Hash what a build is derived by: the package below its pages, and the libraries' versions."""
    return hash_of_code(_PACKAGE, {"smarketing": __version__, **_versions()})


def hash_of_statement(sql: str) -> str:
    """Hash what a mart is made by beside what it reads: its SELECT, and the libraries' versions."""
    return _hash(f"{_made_with()}\n{sql}")


def hash_of_code(package: Path, versions: Mapping[str, str]) -> str:
    """Hash every file of a package but those of its pages, and the versions of what it uses."""
    return _hash(json.dumps([_folder_hash(package, _PAGES), sorted(versions.items())]))


@cache
def _made_with() -> str:
    return json.dumps(sorted(_versions().items()))


def _versions() -> dict[str, str]:
    return {**{name: _version(name) for name in LIBRARIES}, "zones": _zones()}


def _version(library: str) -> str:
    try:
        return version(library)
    except PackageNotFoundError:
        return "absent"


def _zones() -> str:
    """Return the version of the system's timezones, which go before those of the library."""
    for folder in zoneinfo.TZPATH:
        for name in ("+VERSION", "tzdata.zi"):
            path = Path(folder) / name
            if path.is_file():
                with path.open(encoding="ascii", errors="replace") as file:
                    return file.readline().strip()
    return "absent"


def _folder_hash(folder: Path, aside: Collection[str] = ()) -> str:
    digest = hashlib.sha256()
    for inside in _files(folder, aside):
        content = (folder / inside).read_bytes()
        digest.update(f"{inside}\n{len(content)}\n".encode())
        digest.update(content)
    return digest.hexdigest()


def _files(folder: Path, aside: Collection[str], inside: str = "") -> Iterator[str]:
    """Yield the paths of a folder's files within it, in one order; what is `aside` is left out."""
    with os.scandir(folder / inside) as entries:
        for entry in sorted(entries, key=lambda entry: entry.name):
            if entry.is_file():
                yield f"{inside}{entry.name}"
            elif entry.is_dir(follow_symlinks=False) and entry.name not in ("__pycache__", *aside):
                yield from _files(folder, (), f"{inside}{entry.name}/")


def build_hash(landing: str, agreement: str) -> str:
    """Hash everything a build is a function of."""
    return _hash("\n".join((landing, agreement, code_hash())))


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
