"""Every text that is kept of what the program says, and how its lines are asked for anew."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path

import drafts
import known_tables
import small_files
import written_sources
from answers import ANSWERS, KEPT, lines_of
from choices import CHOICES, WORDS, choices, words
from given import Outcome, cases
from looks import LOOKS, MAKERS
from odd_agreements import JUDGED, KINDS
from odd_files import KINDS as ODD
from odd_files import READ, read_again
from told_pages import PAGES, QUESTIONS, told

#: Gives the lines of one block of a text, those that were given by hand among them.
Asked = Callable[[], Iterable[str]]


def kept_texts() -> dict[Path, Mapping[str, Asked]]:
    """Return by each file that keeps lines how to ask for those of each of its blocks."""
    return {
        KEPT: {name: partial(lines_of, name) for name in ANSWERS},
        CHOICES: {name: partial(_block, choices, name) for name in choices()},
        WORDS: {name: partial(_block, words, name) for name in words()},
        JUDGED: KINDS,
        LOOKS: MAKERS,
        READ: {kind: partial(read_again, kind) for kind in ODD},
        drafts.DRAFTS: _of_cases(drafts.DRAFTS, drafts.outcome),
        known_tables.TABLES: _of_cases(known_tables.TABLES, known_tables.outcome),
        small_files.FILES: _of_cases(small_files.FILES, small_files.outcome),
        written_sources.WRITTEN: _of_cases(written_sources.WRITTEN, written_sources.outcome),
        PAGES: {name: partial(told, name) for name in QUESTIONS},
    }


def _block(ask: Callable[[], Mapping[str, Sequence[str]]], name: str) -> Sequence[str]:
    return ask()[name]


def _of_cases(text: Path, outcome: Outcome) -> dict[str, Asked]:
    return {name: partial(_case, given, outcome) for name, given in cases(text).items()}


def _case(given: Sequence[str], outcome: Outcome) -> Iterator[str]:
    yield from given
    with tempfile.TemporaryDirectory() as folder:
        yield from outcome(given, Path(folder) / "made")
