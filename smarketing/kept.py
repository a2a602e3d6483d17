"""What takes long to make and depends on versions alone, kept among the caches of the user."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from platformdirs import user_cache_path

_MOST_KEPT = 8


def kept(kind: str, version: str, make: Callable[[], Any]) -> Any:
    """Return what `make` gives, a value of JSON, from the cache if it has been made before.

    `version` names all that the value depends on; of one kind the newest few are kept. Nothing
    relies on a cache: where none can be read or written, each process makes the value.
    """
    path = user_cache_path("smarketing") / f"{kind}-{version}.json"
    with suppress(OSError, ValueError):
        return json.loads(path.read_text(encoding="utf-8"))
    made = make()
    with suppress(OSError):
        _keep(path, kind, made)
    return made


def _keep(path: Path, kind: str, made: Any) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    own = path.with_suffix(f".{os.getpid()}")
    try:
        own.write_text(json.dumps(made), "utf-8")
        own.replace(path)
    finally:
        own.unlink(missing_ok=True)
    newest = sorted(path.parent.glob(f"{kind}-*.json"), key=lambda held: held.stat().st_mtime)
    for outdated in newest[:-_MOST_KEPT]:
        outdated.unlink()
