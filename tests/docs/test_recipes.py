"""The recipes of CONTRIBUTING.md: what they name is enough for a KPI, query, mart and page.

A source is added by `tests/sources/test_framework.py`, a model of attribution by
`tests/analysis/attribution/test_new_model.py`.
"""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
from builders import default_agreement, make_store, write_core
from streamlit.testing.v1 import AppTest

from smarketing import app_path
from smarketing.agreement import parse_agreement
from smarketing.analysis.kpis.scoreboard import kpis
from smarketing.build.marts import statements
from smarketing.build.marts.order import build_marts
from smarketing.engine import Filters, compile
from smarketing.periods import parse_period
from smarketing.ui import navigation

DEALS = [
    {"deal_id": "d1", "outcome": "won", "source": "crm", "pipeline": "new"},
    {"deal_id": "d2", "outcome": "won", "source": "crm", "pipeline": "renewal"},
    {"deal_id": "d3", "outcome": "open", "source": "shop", "pipeline": "new"},
]


@pytest.fixture
def sql(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The folder of SQL, to which a file is added."""
    copy = shutil.copytree(compile.SQL, tmp_path / "sql")
    monkeypatch.setattr(compile, "SQL", copy)
    # What is prepared once for a version of the program is prepared for this one.
    monkeypatch.setattr(statements, "code_hash", lambda: str(tmp_path))
    monkeypatch.setattr(statements, "kept", lambda kind, version, make: make())
    compile.sql_files.cache_clear()
    yield copy
    compile.sql_files.cache_clear()


DECIDED = """
extends: default
kpis:
  - id: deals_decided
    label: Decided
    question: How many deals were decided?
    definition: Deals won or lost, by the day of their close.
    mart: fct_deal
    date_column: closed_day
    expression: count(*)
    filter: outcome in ('won', 'lost')
    unit: count
    owners: {marketing: head_of_demand, sales: head_of_sales_development}
"""


def test_a_kpi_is_an_entry_of_the_agreement() -> None:
    agreement = parse_agreement(DECIDED)
    engine = make_store({"deal": [deal | {"closed_at": "2026-02-01"} for deal in DEALS]})
    (found,) = kpis(engine, agreement, ["deals_decided"], parse_period("2026-Q1"))
    assert (found.label, found.value, found.n) == ("Decided", 2, 2)


def test_a_query_is_a_file_and_has_filters_and_dimensions(sql: Path) -> None:
    (sql / "queries/deals_by").mkdir()
    (sql / "queries/deals_by/outcome.sql").write_text(
        "with scope as (select '(all)' as key, d.outcome from fct_deal as d)\n"
        "select s.key, count(*) as deals from scope as s where s.outcome = $outcome group by s.key"
    )
    engine = make_store({"deal": DEALS})
    won = {"outcome": "won"}
    assert engine.rows("deals_by/outcome", won) == [{"key": "(all)", "deals": 2}]
    found = engine.rows("deals_by/outcome", won, by="pipeline")
    assert {row["key"]: row["deals"] for row in found} == {"new": 1, "renewal": 1}
    shop = Filters.from_mapping({"source": "shop"})
    assert engine.rows("deals_by/outcome", won, shop) == []


def test_a_mart_is_a_file_and_is_built_after_what_it_reads(sql: Path) -> None:
    (sql / "marts/deals/a_first_mart.sql").write_text(
        "select d.outcome, count(*) as deals from fct_deal as d group by d.outcome"
    )
    connection = duckdb.connect(":memory:")
    write_core(connection, {"deal": DEALS}, default_agreement(), dt.datetime(2026, 7, 1))
    assert "a_first_mart" in build_marts(connection, default_agreement())
    found = connection.execute("from a_first_mart order by deals").fetchall()
    assert found == [("open", 1), ("won", 2)]


PAGE = """
from smarketing.ui.address import here
from smarketing.ui.shell import head
view = here()
head("Events", f"What came of our events in {view.window.label}.")
"""


def test_a_page_is_a_script_named_under_its_job(
    demo_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SMARKETING_HOME", str(demo_home))
    monkeypatch.setitem(navigation.JOBS["Why"], "events", "Events")
    monkeypatch.setattr(navigation, "PAGES", (*navigation.PAGES, ("events", "Events")))
    (tmp_path / "pages").mkdir()
    (tmp_path / "pages/events.py").write_text(PAGE)
    shutil.copy(app_path(), tmp_path)
    app = AppTest.from_file(str(tmp_path / "app.py"), default_timeout=300).run()
    assert not app.exception and [title.value for title in app.title] == ["Events"]
    assert any("What came of our events in 2026-Q2" in part.proto.body for part in app.get("html"))
