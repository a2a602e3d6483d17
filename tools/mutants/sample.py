"""Chooses faults: so many of an area, by a seed, each at a place of its own."""

from __future__ import annotations

import random
from dataclasses import dataclass
from pathlib import Path

from tools.mutants.areas import Area, files_of
from tools.mutants.fault import Fault, Places
from tools.mutants.python import python_places
from tools.mutants.sql import sql_places

#: A file's chance grows with its length, up to so many characters.
LONGEST = 12_000


@dataclass(frozen=True)
class Chosen:
    """A fault to try: where, what, and the tests that should notice it."""

    area: str
    path: Path
    fault: Fault
    tests: tuple[str, ...]


def sample(area: Area, seed: int, count: int) -> list[Chosen]:
    """Choose `count` faults of an area, the same for the same seed and code."""
    rng = random.Random(f"{seed} {area.name}")
    files = {path: part.tests for part in area.parts[::-1] for path in files_of(part)}
    ordered = sorted(files)
    weights = [min(path.stat().st_size, LONGEST) for path in ordered]
    found: dict[tuple[Path, str], Chosen] = {}
    for _ in range(20 * count):
        path = rng.choices(ordered, weights)[0]
        places = _places(path)
        if places:
            fault = rng.choice(rng.choice(places))()
            if fault is not None:
                key = (path, fault.what)
                found.setdefault(key, Chosen(area.name, path, fault, files[path]))
        if len(found) == count:
            break
    return list(found.values())


def _places(path: Path) -> Places:
    text = path.read_text(encoding="utf-8")
    return sql_places(text) if path.suffix == ".sql" else python_places(text)
