"""Sources drafted from small files: of each case, written in the kept text, all that is drafted.

Files named with their ending are read as files, the others go in as cells alone.
"""

from __future__ import annotations

import csv
import re
import zlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from given import put, told_files

from smarketing.sources.drafting.drafted import File
from smarketing.sources.drafting.scaffold import drafted, file_called, scaffold
from smarketing.sources.drafting.shapes import _MISSING, Shape

DRAFTS = Path(__file__).parents[1] / "sources" / "drafting" / "drafts.txt"
_SAID = ("key", "modified", "deleted", "unused", "ignored", "lists", "spend", "totals")
_LISTED = re.compile(r"\(((?:'(?:[^']|'')*', ){6,}'(?:[^']|'')*')\)")
"""Many words: kept is that they are the same."""
_ALWAYS = "r._row, r._file_id, "


def outcome(given: Sequence[str], folder: Path) -> list[str]:
    """Draft a source of the files given; `folder` does not exist yet."""
    tables = {name: list(csv.reader(rows)) for name, rows in told_files(given).items()}
    if any(name.endswith(".csv") for name in tables):
        return list(_as_files(given, folder))
    found: list[File] = []
    for name, rows in tables.items():
        taken = {file.name.casefold() for file in found}
        found.append(file_called(_label(name), _shapes(rows), (), taken))
    return [line for file in drafted(found, "ours") for line in _told(file)]


def _label(name: str) -> str:
    return name if name.endswith("]") else f"{name}.csv"


def _shapes(rows: Sequence[Sequence[str]]) -> dict[str, Shape]:
    header, *records = rows
    return {name: _shape(name, [row[place] for row in records])
            for place, name in enumerate(header)}  # fmt: skip


def _shape(header: str, cells: Sequence[str]) -> Shape:
    filled = [cell.strip() for cell in cells if cell.strip().lower() not in _MISSING]
    counted = Counter(filled)
    values = sorted(counted, key=lambda text: (-counted[text], text))
    by_row = hash(tuple(cells))
    return Shape(header, tuple(values), len(filled), len(values), len(cells), by_row=by_row)


def _told(file: File) -> Iterator[str]:
    table = file.guess.table if file.guess else "unknown"
    said = {name: value for name in _SAID if (value := getattr(file, name))}
    required = ", ".join(file.required)
    yield f"{file.name} ({file.pattern}) is {table}, by {required or 'nothing'}; {_words(said)}"
    yield from (f"  ? {question}" for question in file.questions)
    yield from (f"  ! {note}" for note in file.notes)
    for draft in file.drafts:
        yield f"  {draft.table}: {_flat(draft.text(file.shapes, file.doubt))}"


def _words(said: Mapping[str, object]) -> str:
    return ", ".join(f"{name} {value!r}" for name, value in said.items()) or "-"


def _flat(text: str) -> str:
    """Write a SELECT in one line, without what stands in each and what it lacks."""
    lines = text.splitlines()
    unsaid = next((n for n, line in enumerate(lines) if line.startswith("-- Headers")), 0)
    asked = [line for line in lines[:unsaid] if line.startswith("-- undecided")]
    lines = asked + lines[unsaid:]
    text = " ".join(line.strip() for line in lines).replace(_ALWAYS, "")
    return _LISTED.sub(lambda found: f"({zlib.crc32(found[1].encode()):08x})", text)


def _as_files(given: Sequence[str], folder: Path) -> Iterator[str]:
    made = scaffold(put(folder, given), "ours", folder / "ours")
    for path in sorted(made.iterdir()):
        text = path.read_text(encoding="utf-8")
        if path.suffix == ".sql":
            yield f"  {path.name}: {_flat(text)}"
        else:
            yield from (f"  {line}" for line in text.splitlines() if not line.startswith("#"))
