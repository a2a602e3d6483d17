"""A home in one file, and back: what cannot be derived again, while the dashboard goes on serving.

The file is a zip: landed files, agreement, access, reports, what people wrote (as readable YAML),
and a list of all of it with its hashes. Builds are not in it; they are derived.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
import time
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import IO

from smarketing.access import FILE_NAME as ACCESS
from smarketing.access import read_access
from smarketing.agreement import load_home_agreement
from smarketing.errors import SmarketingError, StoreError, UsageError
from smarketing.store.elsewhere import FILE_NAME as ELSEWHERE
from smarketing.store.elsewhere import hold_erased
from smarketing.store.erased import FILE_NAME as ERASED
from smarketing.store.erased import read_erased
from smarketing.store.home import Home, disk_errors, sync
from smarketing.store.landing import read_manifests
from smarketing.store.lock import writing
from smarketing.store.salt import FILE_NAME as SALT
from smarketing.store.salt import salt_of
from smarketing.store.signed_out import FILE_NAME as SIGNED_OUT
from smarketing.store.signed_out import end_all
from smarketing.workspace import open_workspace, transfer
from smarketing.workspace.store import DATABASE

FORM = "smarketing backup 1"
_LIST = "backup.json"
_WORKSPACE = "workspace.yaml"
#: What of a home is kept, by name.
_FILES = ("agreement.yaml", ACCESS, "refresh.yaml", ERASED, ELSEWHERE, SALT, "audit.jsonl")
_FOLDERS = ("reports", "landing", "sources")
KEPT = (*_FILES, *_FOLDERS)
_CHUNK = 1 << 20
_UNPACKED = ".restore-"


def backup(home: Path, file: Path) -> int:
    """Write the home's backup to `file`, whole or not at all; returns the number of files in it.

    Imports that finish meanwhile are in it or not, each as a whole, since a landed import is a
    folder that appears by one rename.
    """
    if not Home(home).path.is_dir():
        raise StoreError(f"There is no home at {home} to back up; check SMARKETING_HOME.")
    written = transfer.dump(open_workspace(home)).encode()
    with disk_errors(file.parent):
        handle, name = tempfile.mkstemp(prefix=".", suffix=".part", dir=file.parent)
        part = Path(name)
        try:
            with os.fdopen(handle, "w+b") as stream:
                count = _write(home, stream, written)
                stream.flush()
                os.fsync(stream.fileno())
            part.replace(file)
            sync(file.parent)
        except BaseException:
            part.unlink(missing_ok=True)
            raise
    return count


def _write(home: Path, stream: IO[bytes], workspace: bytes) -> int:
    hashes: dict[str, str] = {_WORKSPACE: hashlib.sha256(workspace).hexdigest()}
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED, allowZip64=True) as packed:
        packed.writestr(_WORKSPACE, workspace)
        for path in _kept(home):
            name = path.relative_to(home).as_posix()
            digest = hashlib.sha256()
            with path.open("rb") as source, packed.open(name, "w", force_zip64=True) as target:
                while chunk := source.read(_CHUNK):
                    digest.update(chunk)
                    target.write(chunk)
            hashes[name] = digest.hexdigest()
        packed.writestr(_LIST, json.dumps({"form": FORM, "files": hashes}, indent=1))
    return len(hashes)


def _kept(home: Path) -> Iterator[Path]:
    """Iterate over the files to keep; what is hidden is being written, links lead elsewhere."""
    for name in KEPT:
        place = home / name
        for path in [place] if place.is_file() else sorted(place.rglob("*")):
            hidden = any(part.startswith(".") for part in path.relative_to(home).parts)
            if path.is_file() and not path.is_symlink() and not hidden:
                yield path


def restore(file: Path, home: Path) -> int:
    """Put a backup into an empty home; returns the number of files. Build afterwards.

    Everything is unpacked, compared with its hash and read once before any of it counts. Raises
    UsageError where the file is no whole backup, something in it cannot be relied on, or the home
    is not empty, BusyError while another is restored into it; then the home is left as it was.
    Whoever was signed in before signs in again.
    """
    with disk_errors(home):
        home.mkdir(parents=True, exist_ok=True, mode=0o700)
    with writing(Home(home), 0):
        _demand_empty(home)
        with disk_errors(home):
            clear_unfinished(home)
            with tempfile.TemporaryDirectory(prefix=_UNPACKED, dir=home) as name:
                folder = Path(name)
                hashes = _unpack(file, folder)
                _read_once(file, folder)
                # Who signed out after the backup is not in it: nobody's earlier session counts.
                end_all(folder, time.time())
                for kept in (*KEPT, SIGNED_OUT, DATABASE):
                    if (folder / kept).exists():
                        (folder / kept).rename(home / kept)
                sync(home)
    Home(home).prepare()
    return len(hashes)


def _demand_empty(home: Path) -> None:
    held = [name for name in (*KEPT, "CURRENT", "builds", DATABASE) if _holds(home, name)]
    if held:
        raise UsageError(
            f"The home {home} is not empty ({', '.join(held)}); restore into a new one by "
            "SMARKETING_HOME, or move this one away."
        )


def clear_unfinished(home: Path) -> None:
    """Remove what a killed restore left behind."""
    with disk_errors(home):
        for folder in home.glob(f"{_UNPACKED}*"):
            shutil.rmtree(folder)


def _read_once(file: Path, folder: Path) -> None:
    """Read what was unpacked as a home is read, and make its workspace; UsageError for what fails.

    Sentences name the file of the backup, not the folder that it was unpacked to.
    """
    try:
        load_home_agreement(folder)
        for manifest in read_manifests(folder):
            tables = (table.parquet for each in manifest.files for table in each.tables)
            for place in (*tables, *map(Path, manifest.source_folders.values())):
                if not (folder / "landing" / place).exists():
                    raise StoreError(f"{manifest.import_id} names {place}, which is not in it")
        if (folder / ACCESS).exists():
            read_access(folder / ACCESS)
        if (folder / SALT).exists() or read_erased(folder):
            salt_of(folder)
        hold_erased(folder)
        written = (folder / _WORKSPACE).read_text(encoding="utf-8")
        transfer.load(open_workspace(folder), written, _WORKSPACE)
    except (SmarketingError, UnicodeDecodeError) as error:
        said = str(error).replace(f"{folder}/", "").rstrip(".")
        raise UsageError(
            f"{file} is no home to go on with: {said}. Nothing was restored."
        ) from error


def _holds(home: Path, name: str) -> bool:
    place = home / name
    return any(place.iterdir()) if place.is_dir() else place.exists()


def _unpack(file: Path, folder: Path) -> Mapping[str, str]:
    try:
        with zipfile.ZipFile(file) as packed:
            hashes = _listed(packed, file)
            for name, digest in hashes.items():
                _unpack_one(packed, name, folder / name, digest, file)
            return hashes
    except (zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError) as error:
        raise UsageError(f"{file} is no whole backup ({error}); nothing was restored.") from error
    except FileNotFoundError as error:
        raise UsageError(f"There is no backup at {file}; check the path.") from error


def _listed(packed: zipfile.ZipFile, file: Path) -> Mapping[str, str]:
    """Return the names and hashes that a backup lists; every name must stay within the home."""
    held = {*packed.namelist()}
    if _LIST not in held:
        raise UsageError(f"{file} is no backup of Smarketing; nothing was restored.")
    if any(member.compress_type != zipfile.ZIP_STORED for member in packed.infolist()):
        # A backup holds files as they are, so that it unpacks to no more than its own size.
        raise UsageError(f"{file} was packed by something else; nothing was restored.")
    try:
        content = json.loads(packed.read(_LIST))
        hashes = dict(content["files"])
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise UsageError(f"{file} has no list of its files; nothing was restored.") from error
    if content.get("form") != FORM:
        raise UsageError(f"{file} was written by another version; restore it with that one.")
    for name in hashes:
        parts = PurePosixPath(name).parts
        is_file = name in (_WORKSPACE, *_FILES)
        known = is_file or (len(parts) > 1 and parts[0] in _FOLDERS)
        if not known or name.startswith("/") or ".." in parts or "\\" in name or "\0" in name:
            raise UsageError(f"{file} holds {name!r}, which is no part of a home.")
        if name not in held:
            raise UsageError(f"{file} lacks {name!r}, which it lists; nothing was restored.")
    if _WORKSPACE not in hashes:
        raise UsageError(f"{file} lacks {_WORKSPACE}; nothing was restored.")
    return hashes


def _make_folders(folder: Path) -> None:
    """Make a folder and those above it for their owner alone."""
    if not folder.is_dir():
        _make_folders(folder.parent)
        folder.mkdir(mode=0o700)


def _of_its_owner(name: str, flags: int) -> int:
    return os.open(name, flags, 0o600)


def _unpack_one(packed: zipfile.ZipFile, name: str, target: Path, digest: str, file: Path) -> None:
    _make_folders(target.parent)
    found = hashlib.sha256()
    with packed.open(name) as source, open(target, "wb", opener=_of_its_owner) as stream:
        while chunk := source.read(_CHUNK):
            found.update(chunk)
            stream.write(chunk)
    if found.hexdigest() != digest:
        raise UsageError(f"{file} is damaged at {name}; nothing was restored.")
