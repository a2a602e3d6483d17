"""Keeps what the small company's store says as right: `python tests/kit/keep_figures.py`.

Look at the difference before you keep it: each line that changed is a figure that changed.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

import drafts
import known_tables
import small_files
from answers import ANSWERS, KEPT, lines_of
from choices import CHOICES, WORDS, choices, words
from figures import (
    MARTS,
    NOBODY,
    OTHERWISE,
    PARTS,
    QUERIES,
    asked_of,
    asked_of_nobody,
    keep,
    mart_lines,
)
from given import keep_outcomes
from looks import LOOKS, looks
from odd_agreements import JUDGED, judged
from odd_files import READ, read_again
from small_company import other_company, small_company
from told_pages import PAGES, QUESTIONS, told

from smarketing.engine.compile import sql_files

if __name__ == "__main__":
    store = small_company()
    queries = sorted(set(sql_files("queries")) - set(PARTS))
    keep(QUERIES, {name: asked_of(store, name) for name in queries})
    keep(NOBODY, {name: asked_of_nobody(name) for name in queries})
    keep(MARTS, {name: mart_lines(store, name) for name in sorted(sql_files("marts"))})
    other = other_company()
    keep(OTHERWISE, {name: mart_lines(other, name) for name in sorted(sql_files("marts"))})
    keep(KEPT, {name: lines_of(name) for name in ANSWERS})
    keep(CHOICES, choices())
    keep(WORDS, words())
    keep(JUDGED, judged())
    keep(LOOKS, looks())
    keep(READ, read_again())
    with tempfile.TemporaryDirectory() as folder:
        keep_outcomes(drafts.DRAFTS, drafts.outcome, Path(folder))
        keep_outcomes(known_tables.TABLES, known_tables.outcome, Path(folder))
        keep_outcomes(small_files.FILES, small_files.outcome, Path(folder))
    keep(PAGES, {name: told(name) for name in QUESTIONS})
