"""Keeps what the small company's store says as right: `python tests/kit/keep_figures.py`.

Look at the difference before you keep it: each line that changed is a figure that changed.
"""

from __future__ import annotations

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
from kept_texts import kept_texts
from small_company import other_company, small_company

from smarketing.engine.compile import sql_files

if __name__ == "__main__":
    store = small_company()
    queries = sorted(set(sql_files("queries")) - set(PARTS))
    keep(QUERIES, {name: asked_of(store, name) for name in queries})
    keep(NOBODY, {name: asked_of_nobody(name) for name in queries})
    keep(MARTS, {name: mart_lines(store, name) for name in sorted(sql_files("marts"))})
    other = other_company()
    keep(OTHERWISE, {name: mart_lines(other, name) for name in sorted(sql_files("marts"))})
    for text, blocks in kept_texts().items():
        keep(text, {name: list(ask()) for name, ask in blocks.items()})
