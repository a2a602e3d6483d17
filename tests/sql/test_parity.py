"""Every figure says the same in PostgreSQL and in Spark: `make parity`, no part of `make test`.

Every query is asked all its questions, as `test_figures.py` asks them; and what the pages ask of
the demo company is recorded, each page opened once, and asked again there. Doubles may differ in
their last digits, since sums add up in another order.
"""

from __future__ import annotations

import copy
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from figures import PARTS, QUERIES, blocks_of, kept
from small_company import small_company
from sqlglot import exp
from streamlit.testing.v1 import AppTest
from warehouse_kit import There, in_turn, staying_there

from smarketing import app_path
from smarketing.engine import DuckDBEngine, live, open_engine
from smarketing.engine.compile import Compiled, shared_tree, sql_files
from smarketing.engine.filters import NO_FILTERS, Filters
from smarketing.engine.warehouse import Warehouse
from smarketing.ui.navigation import PAGES

pytestmark = [pytest.mark.parity, pytest.mark.slow]
ASKED_ALONE = sorted(set(sql_files("queries")) - set(PARTS))
#: So many digits of a double are compared.
DIGITS = 9


@dataclass(frozen=True)
class Call:
    """One question that a page asked of a build."""

    query: str | exp.Query
    params: Mapping[str, Any]
    filters: Filters
    by: str | None


@pytest.fixture(scope="module", params=["postgres", "spark"])
def warehouse(request: pytest.FixtureRequest) -> Iterator[Warehouse]:
    """Each engine in its turn."""
    yield from in_turn(request)


@pytest.fixture(scope="module")
def small(warehouse: Warehouse) -> Iterator[There]:
    """The small company's tables there."""
    yield There(small_company(), warehouse)
    warehouse.drop()


@pytest.mark.parametrize("name", ASKED_ALONE)
def test_a_query_answers_all_its_questions_there(small: There, name: str) -> None:
    blocks = blocks_of(small, name, shared_tree("queries", name, "duckdb"))
    assert [line for block in blocks for line in block] == kept(QUERIES)[name]


@pytest.fixture(scope="module")
def calls(demo_home: Path) -> list[Call]:
    """What every page asks of the demo company when it is opened, each question once."""
    found: dict[str, Call] = {}
    compile_ = DuckDBEngine.compile

    def recording(
        engine: DuckDBEngine,
        query: str | exp.Query,
        params: Mapping[str, Any] | None = None,
        filters: Filters = NO_FILTERS,
        by: str | None = None,
    ) -> Compiled:
        made = compile_(engine, query, params, filters, by)
        found.setdefault(
            made.shown("duckdb"), Call(copy.deepcopy(query), params or {}, filters, by)
        )
        return made

    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("SMARKETING_HOME", str(demo_home))
        patched.setattr(DuckDBEngine, "compile", recording)
        app = AppTest.from_file(str(app_path()), default_timeout=600).run()
        for name, _ in PAGES:
            app.switch_page(f"pages/{name}.py").run()
            assert not app.exception, name
    return list(found.values())


def test_what_the_pages_ask_is_answered_alike_there(
    warehouse: Warehouse, demo_home: Path, calls: list[Call]
) -> None:
    assert len(calls) > 150
    with open_engine(demo_home) as here:
        there = There(here, warehouse)
        for call in calls:
            ours = here.run(call.query, call.params, call.filters, call.by)
            theirs = there.run(call.query, call.params, call.by, call.filters)
            asked = here.sql(call.query, call.params, call.filters, call.by)
            assert rows_of(ours) == rows_of(theirs), asked
    warehouse.drop()


def test_what_the_pages_ask_is_answered_alike_by_marts_that_stay_there(
    warehouse: Warehouse,
    demo_home: Path,
    calls: list[Call],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("SMARKETING_WAREHOUSE", f"{warehouse.dialect}://")
    monkeypatch.setattr(live, "open_reader", lambda _: warehouse.beside())
    with open_engine(demo_home) as here:
        there = DuckDBEngine(staying_there(here, warehouse))
        asked = [
            call for call in calls if there._live and there._live.are_read(tree_of(there, call))
        ]
        assert len(asked) > 12
        for call in asked:
            ours = here.run(call.query, call.params, call.filters, call.by)
            theirs = there.run(call.query, call.params, call.filters, call.by)
            assert rows_of(ours) == rows_of(theirs), there.sql(
                call.query, call.params, call.filters, call.by
            )
            assert ours.dtypes.equals(theirs.dtypes)
    warehouse.drop()


def tree_of(engine: DuckDBEngine, call: Call) -> exp.Query:
    return engine.compile(call.query, call.params, call.filters, call.by).tree


def rows_of(frame: pd.DataFrame) -> Counter[tuple[object, ...]]:
    """Return the rows of an answer, each as often as it is there, its doubles to some digits."""
    return Counter(tuple(map(_cell, row)) for row in frame.itertuples(index=False))


def _cell(value: object) -> object:
    if value is None or value is pd.NA or value is pd.NaT:
        return None
    return float(f"{value:.{DIGITS}g}") if isinstance(value, float) else value
