"""An erasure that was begun: what the person is known by, kept until nothing of it is left.

What is rewritten first no longer tells it, so that an erasure that was killed could not go on.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from smarketing.build.erasing.person import Known
from smarketing.build.erasing.traces import Traces
from smarketing.errors import StoreError
from smarketing.store.erased import BEGUN as FILE_NAME
from smarketing.store.home import UNREADABLE, disk_errors, write_atomic


@dataclass(frozen=True)
class Begun:
    """What a person is known by in the builds, and what to look for."""

    known: Known
    traces: Traces


def begin(home: Path, begun: Begun) -> None:
    """Keep what is to be erased, for whoever has to go on."""
    told = {"known": vars(begun.known), "traces": asdict(begun.traces)}
    with disk_errors(home):
        write_atomic(home / FILE_NAME, json.dumps(told, default=sorted))


def begun_in(home: Path) -> Begun | None:
    """Return what was begun and not ended, None where nothing was."""
    path = home / FILE_NAME
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
        known = Known(**{name: set(each) for name, each in told["known"].items()})
        traces = Traces(**{name: _frozen(each) for name, each in told["traces"].items()})
    except FileNotFoundError:
        return None
    except UNREADABLE as error:
        raise StoreError(
            f"{path} cannot be read ({type(error).__name__}): it says who was being erased, so "
            "nothing was changed. Remove it, and erase whoever it was once more."
        ) from error
    return Begun(known, traces)


def _frozen(value: Any) -> Any:
    if isinstance(value, str):
        return value
    return frozenset(tuple(each) if isinstance(each, list) else each for each in value)


def end(home: Path) -> None:
    """Throw away what was kept: the erasure is done."""
    with disk_errors(home):
        (home / FILE_NAME).unlink(missing_ok=True)
