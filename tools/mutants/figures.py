"""Judges faults of SQL by the figures kept of the small company, in one process that built it once.

A fault of a mart is noticed where the mart holds anything else, of the company under either
agreement: what is derived from it cannot move where the mart itself does not. A fault of a query,
where any answer to what is asked of it moves, of the company or of nobody.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable, Iterator, MutableMapping
from contextlib import contextmanager
from importlib import import_module
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, cast

from tools.mutants.areas import ROOT

#: Where a mart is made that has a fault, beside the one that others read.
BESIDE = "mart_with_a_fault"


def answer_by_figures(here: Connection) -> None:
    """Answer (file, text with a fault) by what notices it, '' where nothing does."""
    sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "kit")]
    figures, company = import_module("figures"), import_module("small_company")
    judge = _judge_of(figures, company)
    while True:
        path, text = here.recv()
        here.send(judge(path, text))


def _judge_of(figures: Any, company: Any) -> Callable[[Path, str], str]:
    def judge(path: Path, text: str) -> str:
        folder = "marts" if "marts" in path.parts else "queries"
        name = path.stem if folder == "marts" else f"{path.parent.name}/{path.stem}"
        if name in figures.PARTS:
            return ""
        with _in_place(folder, name, text):
            try:
                told = _mart_told if folder == "marts" else _query_told
                return "" if told(figures, company, name) else f"the figures kept of {name}"
            except Exception as error:
                return f"{type(error).__name__} of {name}"

    return judge


@contextmanager
def _in_place(folder: str, name: str, text: str) -> Iterator[None]:
    """Let a mart or query be read from another text than its file's."""
    from smarketing.engine.compile import sql_files

    files = cast("MutableMapping[str, dict[str, Path]]", sql_files(folder))
    before = files[name]
    with tempfile.NamedTemporaryFile("w", suffix=".sql", encoding="utf-8") as other:
        other.write(text)
        other.flush()
        files[name] = before | {"": Path(other.name)}
        try:
            yield
        finally:
            files[name] = before


def _mart_told(figures: Any, company: Any, name: str) -> bool:
    """Whether a mart holds what it held, under both agreements."""
    kept = ((company.small_company(), figures.MARTS), (company.other_company(), figures.OTHERWISE))
    return all(_mart_lines(figures, store, name) == figures.kept(file)[name]
               for store, file in kept)  # fmt: skip


def _mart_lines(figures: Any, store: Any, name: str) -> list[str]:
    from smarketing.build.marts import statements
    from smarketing.build.marts.order import mart_params

    known = cast("MutableMapping[str, statements.MartSql]", statements.statements())
    before = known[name]
    known[name] = statements.prepared(name, statements.ENGINE)
    try:
        sql = statements.mart_sql(name, mart_params(store._connection))
    finally:
        known[name] = before
    store._connection.execute(f"create or replace table {BESIDE} as {sql}")
    return list(figures.mart_lines(store, BESIDE))


def _query_told(figures: Any, company: Any, name: str) -> bool:
    """Whether a query answers every question as it did; the first that it does not is enough."""
    from smarketing.engine.compile import shared_tree

    if figures.asked_of_nobody(name) != figures.kept(figures.NOBODY)[name]:
        return False
    kept, place = figures.kept(figures.QUERIES)[name], 0
    tree = shared_tree("queries", name, "duckdb")
    for block in figures.blocks_of(company.small_company(), name, tree):
        if block != kept[place : place + len(block)]:
            return False
        place += len(block)
    return place == len(kept)
