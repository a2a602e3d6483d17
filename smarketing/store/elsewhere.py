"""Which warehouses hold builds of a home, and in which of these somebody stands who was erased.

A build there cannot be cleaned as those of the home are: the next that is published there drops
the earlier ones.
"""

from __future__ import annotations

import json
from pathlib import Path

from smarketing.errors import StoreError
from smarketing.store.home import UNREADABLE, disk_errors, write_atomic

FILE_NAME = "warehouses.json"


def note_built(home: Path, place: str) -> None:
    """Put down, before a build is made there, that a warehouse holds builds of a home."""
    _write(home, {place: False, **_read(home)})


def note_erased(home: Path, place: str = "") -> None:
    """Put down that every warehouse known, and that at `place`, holds somebody who was erased."""
    _write(home, {each: True for each in (*_read(home), place) if each})


def note_dropped(home: Path, place: str) -> None:
    """Put down that a warehouse holds no build any more that is older than an erasure."""
    _write(home, {**_read(home), place: False})


def hold_erased(home: Path) -> tuple[str, ...]:
    """Return the places of the warehouses whose builds hold somebody who was erased."""
    return tuple(sorted(place for place, is_held in _read(home).items() if is_held))


def _read(home: Path) -> dict[str, bool]:
    path = home / FILE_NAME
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        return {place: bool(is_held) for place, is_held in found.items()}
    except FileNotFoundError:
        return {}
    except UNREADABLE as error:
        raise StoreError(
            f"{path} cannot be read ({type(error).__name__}): it says which warehouses hold "
            "somebody who was erased, so nothing was changed. Restore it from a backup."
        ) from error


def _write(home: Path, places: dict[str, bool]) -> None:
    if places != _read(home):
        with disk_errors(home):
            write_atomic(home / FILE_NAME, json.dumps(places, ensure_ascii=False, indent=1))
