"""What was done to a home, by whom and when: a log that is only ever added to.

Each entry holds the hash of the one before it, so that an entry that was changed or taken out by
hand is told. What people sign is logged where they sign it, in the workspace; `trail` has both.
"""

from __future__ import annotations

import fcntl
import hashlib
import io
import json
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from smarketing.access import FILE_NAME as ACCESS
from smarketing.access import AccessError, read_access
from smarketing.errors import StoreError
from smarketing.store.home import UNREADABLE, disk_errors, write_atomic

FILE_NAME = "audit.jsonl"
CHANGED_ACCESS = "changed access"
EXPORTED = "exported personal data"
_FIRST = "0" * 64


@dataclass(frozen=True)
class Entry:
    """One thing that was done: when (UTC), by whom, what, and to what.

    `state` holds who had which role, after a change of access.
    """

    at: str
    who: str
    what: str
    about: str = ""
    state: Mapping[str, str] | None = None


def note(
    home: Path, who: str, what: str, about: str = "", state: Mapping[str, str] | None = None
) -> None:
    """Put down what was done, at the end of the log, so that it survives a power cut."""
    at = datetime.now(UTC).isoformat(timespec="seconds")
    with _opened(home) as file:
        content = file.read()
        lines = _whole(content).splitlines()
        try:
            before = str(json.loads(lines[-1])["hash"]) if lines else _FIRST
        except UNREADABLE as error:
            raise _broken(home, len(lines)) from error
        file.truncate(len(_whole(content)))
        file.seek(0, os.SEEK_END)
        _append(file, [Entry(at, who, what, about, state)], before)


def entries(home: Path) -> list[Entry]:
    """Return every entry of the home's own log, oldest first.

    Raises StoreError where one was changed, or taken out from between others.
    """
    try:
        lines = _whole((home / FILE_NAME).read_bytes()).splitlines()
    except FileNotFoundError:
        return []
    found, before = [], _FIRST
    for number, line in enumerate(lines, start=1):
        try:
            raw = json.loads(line)
            before, told = _hash(raw["entry"], before), raw["hash"]
            found.append(Entry(**raw["entry"]))
        except UNREADABLE as error:
            raise _broken(home, number) from error
        if before != told:
            raise _broken(home, number)
    return found


def trail(home: Path) -> list[Entry]:
    """Return what was done to the home and what was signed, newest first."""
    from smarketing.workspace import open_workspace
    from smarketing.workspace.records import Audit

    signed = [
        Entry(a.at.replace(tzinfo=UTC).isoformat(timespec="seconds"), a.who, a.what, a.about)
        for a in open_workspace(home).of(Audit).all()
    ]
    # Of one second the later entry of a log is the newer one.
    return sorted((*signed, *entries(home)), key=lambda entry: entry.at)[::-1]


def without(home: Path, cleaned: Callable[[str], str], *, dry_run: bool = False) -> int:
    """Take an erased person out of the log's texts; returns how many entries change."""
    if not (home / FILE_NAME).exists():
        return 0
    with _opened(home):
        found = entries(home)
        kept = [_cleaned(entry, cleaned) for entry in found]
        count = sum(old != new for old, new in zip(found, kept, strict=True))
        if count and not dry_run:
            # Killed half-way, a log that is written over would name the person and be broken.
            told = io.BytesIO()
            _append(told, kept, _FIRST)
            write_atomic(home / FILE_NAME, told.getvalue().decode())
            (home / FILE_NAME).chmod(0o600)
    return count


def _cleaned(entry: Entry, cleaned: Callable[[str], str]) -> Entry:
    state = entry.state and {cleaned(name): cleaned(role) for name, role in entry.state.items()}
    return Entry(entry.at, cleaned(entry.who), entry.what, cleaned(entry.about), state)


def note_access(home: Path) -> None:
    """Put down who may do something else than when this was last asked, by the access file."""
    try:
        read = read_access(home / ACCESS)
    except AccessError:
        return  # nobody is let in by it, which the page says
    now = {
        f"{section}: {name}": " ".join(str(e) for e in (entry["role"], entry["team"]) if e)
        + (f" ({entry['scope']})" if entry["scope"] else "")
        for section, names in read.items()
        for name, entry in names.items()
    }
    known = [entry for entry in entries(home) if entry.what == CHANGED_ACCESS]
    before = dict(known[-1].state or {}) if known else {}
    if now != before:
        note(home, f"whoever wrote {ACCESS}", CHANGED_ACCESS, "; ".join(_told(before, now)), now)


def _told(before: Mapping[str, str], now: Mapping[str, str]) -> Iterator[str]:
    for name in sorted({*before, *now}):
        old, new = before.get(name, "nothing"), now.get(name, "nothing")
        if old != new:
            yield f"{name}: {old} → {new}"


@contextmanager
def _opened(home: Path) -> Iterator[BinaryIO]:
    """Open the log for one writer; one that was put in its place meanwhile is opened instead."""
    with disk_errors(home):
        home.mkdir(parents=True, exist_ok=True, mode=0o700)
        while True:
            handle = os.open(home / FILE_NAME, os.O_RDWR | os.O_CREAT, 0o600)
            with os.fdopen(handle, "r+b") as file:
                fcntl.flock(file, fcntl.LOCK_EX)
                if not _is_there(file, home / FILE_NAME):
                    continue
                yield file
                file.flush()
                os.fsync(file.fileno())
                return


def _is_there(file: BinaryIO, path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(file.fileno()), path.stat())
    except FileNotFoundError:
        return False


def _whole(content: bytes) -> bytes:
    """Return what was written to its end: a power cut or a full disk may leave half a line."""
    return content[: content.rfind(b"\n") + 1]


def _append(file: BinaryIO, added: Sequence[Entry], before: str) -> None:
    for entry in added:
        held = asdict(entry)
        before = _hash(held, before)
        file.write(json.dumps({"entry": held, "hash": before}, ensure_ascii=False).encode() + b"\n")


def _hash(entry: Mapping[str, object], before: str) -> str:
    text = json.dumps(entry, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(f"{before}\n{text}".encode()).hexdigest()


def _broken(home: Path, number: int) -> StoreError:
    return StoreError(
        f"The log {home / FILE_NAME} was changed by hand at line {number}: what it says from there "
        "on cannot be relied on. Restore it from a backup."
    )
