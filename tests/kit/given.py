"""Kept texts of small cases: what is given, written by hand, and beside it all that comes of it.

A case is a line `== what`, a line `>> name: header / row / row` a file, and what came of them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from figures import kept

GIVEN, ROW = ">> ", " / "
Outcome = Callable[[Sequence[str], Path], list[str]]
"""Tells what comes of the lines of a case, by means of a folder that does not exist yet."""


def cases(text: Path) -> dict[str, list[str]]:
    """Return of each case the lines that say what is given."""
    return {name: [line for line in lines if line.startswith(GIVEN)]
            for name, lines in kept(text).items()}  # fmt: skip


def told_files(given: Sequence[str]) -> dict[str, list[str]]:
    """Return by the names of files their lines."""
    files = dict(line.removeprefix(GIVEN).split(": ", 1) for line in given)
    return {name: text.split(ROW) for name, text in files.items()}


def put(folder: Path, given: Sequence[str]) -> list[Path]:
    """Write the files into a new folder."""
    folder.mkdir(parents=True)
    paths = []
    for name, lines in told_files(given).items():
        paths.append(folder / name)
        paths[-1].parent.mkdir(exist_ok=True)
        paths[-1].write_text("\n".join(lines) + "\n", encoding="utf-8")
    return paths
