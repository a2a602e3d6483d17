"""What a page shows is what the analysis answers: values, comparison and filters, page by page."""

from __future__ import annotations

import base64
import datetime as dt
import json
import re
from collections.abc import Callable, Iterator
from html import escape
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from page_kit import run_page, view_of
from streamlit.testing.v1 import AppTest

from smarketing.agreement import Agreement, load_home_agreement
from smarketing.analysis.attribution import Attribution, asked, attribution
from smarketing.analysis.funnel.settings import FunnelSettings
from smarketing.analysis.funnel.stages import funnel
from smarketing.analysis.handoff.obligations import obligations
from smarketing.analysis.health.report import data_health
from smarketing.analysis.journeys.paths import common_paths
from smarketing.analysis.kpis.result import KpiResult
from smarketing.analysis.kpis.scoreboard import kpis
from smarketing.analysis.lead_quality.scores import lead_patterns, scored, threshold_table
from smarketing.analysis.planning.plan import plan
from smarketing.charts import format as fmt
from smarketing.charts import words as said
from smarketing.engine import DuckDBEngine, Filters, open_engine
from smarketing.periods import Period
from smarketing.ui.cards import change_words
from smarketing.ui.view import View

Figures = Callable[[DuckDBEngine, Agreement, Period, Filters], list[float]]


def shown(app: AppTest) -> set[float]:
    """Every number of the page's charts and tables."""
    found: set[float] = set()
    for chart in app.get("plotly_chart"):
        found |= set(_numbers(json.loads(chart.proto.spec)["data"]))
    for table in app.dataframe:
        for column in table.value.select_dtypes("number"):
            found |= {_rounded(v) for v in table.value[column].dropna()}
    return found


def _numbers(value: Any) -> Iterator[float]:
    if isinstance(value, dict) and "bdata" in value:
        yield from _numbers(
            np.frombuffer(base64.b64decode(value["bdata"]), value["dtype"]).tolist()
        )
    elif isinstance(value, dict):
        for part in value.values():
            yield from _numbers(part)
    elif isinstance(value, list):
        for part in value:
            yield from _numbers(part)
    elif isinstance(value, int | float) and not isinstance(value, bool):
        yield _rounded(value)


def _rounded(value: float) -> float:
    return float(f"{value:.6g}")


def _funnel(e: DuckDBEngine, agreement: Agreement, window: Period, filters: Filters) -> Any:
    """All stages but the first, which the chart holds as a whole."""
    found = funnel(e, FunnelSettings(window=window), filters)
    return [stage.count for stage in found.groups[0].stages[1:]]


def _obligations(e: DuckDBEngine, agreement: Agreement, window: Period, filters: Filters) -> Any:
    return [part.met for part in obligations(e, window, filters)]


def _credit(by: str) -> Figures:
    def credit(e: DuckDBEngine, agreement: Agreement, window: Period, filters: Filters) -> Any:
        question = asked(agreement, window)
        found = attribution(e, agreement, window=window, by=by, filters=filters,
                            model=agreement.attribution.default_model)  # fmt: skip
        assert isinstance(found, Attribution) and question.measure == "revenue"
        named = [row for row in found.rows if not row.key.startswith("(")]
        return [row.credit / found.divisor for row in named[:3]]

    return credit


def _paths(e: DuckDBEngine, agreement: Agreement, window: Period, filters: Filters) -> Any:
    found = common_paths(e, asked(agreement, window), filters=filters)
    # The page shows whole major units.
    return [round(path.amount / 10**found.minor_digits) for path in found.paths[:10]]


def _thresholds(e: DuckDBEngine, agreement: Agreement, window: Period, filters: Filters) -> Any:
    patterns = lead_patterns(e, agreement, window, filters)
    points = (agreement.lead_definition.threshold,)
    [row] = threshold_table(scored(patterns), points, patterns.months)
    return [row.leads, row.worked]


PAGES: dict[str, Figures] = {
    "funnel": _funnel,
    "handoff": _obligations,
    "attribution": _credit("channel"),
    "campaigns": _credit("campaign"),
    "journeys": _paths,
    "lead_quality": _thresholds,
}
#: The tab or choice of a page that shows them.
PLACES = {
    "handoff": {"handoff_view": "promises"},
    "journeys": {"path": "steps"},
    "lead_quality": {"quality_view": "threshold"},
}


@pytest.mark.parametrize("name", PAGES)
def test_a_page_shows_what_the_analysis_answers_under_period_and_filter(
    name: str, demo_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine, agreement = open_engine(demo_home), load_home_agreement(demo_home)
    answers = []
    for period, segment in (("2026-Q2", None), ("2026-Q1", None), ("2026-Q2", "enterprise")):
        address = {"period": period} | ({"segment": segment} if segment else {})
        address |= PLACES.get(name, {})
        filters = Filters.of(segment=[segment]) if segment else Filters()
        expected = PAGES[name](engine, agreement, agreement.parse_period(period), filters)
        missing = {_rounded(v) for v in expected} - shown(
            run_page(demo_home, monkeypatch, name, **address)
        )
        assert expected and not missing, (name, address, missing)
        answers.append(expected)
    assert answers[0] != answers[1] and answers[0] != answers[2]


def _cards(app: AppTest) -> str:
    text = " ".join(str(element.proto.body) for element in app.get("html"))
    return text.replace("\u202f", " ").replace("\u2212", "-")


@pytest.mark.parametrize("name", ["home", "scoreboard"])
def test_cards_show_value_and_change_against_what_was_asked_for(
    name: str, demo_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine, agreement = open_engine(demo_home), load_home_agreement(demo_home)
    window, label = agreement.parse_period("2026-Q2"), "won_revenue"
    now, before, a_year_before, part = (
        kpis(engine, agreement, [label], period, filters)[0].value or 0
        for period, filters in (
            (window, Filters()),
            (agreement.parse_period("2026-Q1"), Filters()),
            (agreement.parse_period("2025-Q2"), Filters()),
            (window, Filters.of(segment=["enterprise"])),
        )
    )
    for comparison, base in (("previous period", before), ("same period last year", a_year_before)):
        text = _cards(run_page(demo_home, monkeypatch, name, period="2026-Q2", compare=comparison))
        assert f"€{now / 1e6:.2f} M" in text
        assert f"{(now / base - 1) * 100:+.1f} % against" in text, comparison
    plain = _cards(run_page(demo_home, monkeypatch, name, period="2026-Q2", compare="none"))
    assert "against last year" not in plain and "against the period before" not in plain
    text = _cards(run_page(demo_home, monkeypatch, name, period="2026-Q2", segment="enterprise"))
    assert f"€{part / 1e3:.0f} k" in text


def test_a_view_compares_with_the_window_of_the_comparison(demo_home: Path) -> None:
    view = view_of(demo_home, "2026-Q2")
    compared = {
        name: View(view.store, view.window, name, view.filters).compared
        for name in ("previous period", "same period last year", "none")
    }
    assert [window and window.label for window in compared.values()] == ["2026-Q1", "2025-Q2", None]


def test_a_change_is_in_words_against_what_it_is_compared_with(demo_home: Path) -> None:
    view = view_of(demo_home, "2026-Q2")
    engine, agreement = view.store.engine, view.store.agreement
    found: KpiResult = kpis(engine, agreement, ["new_leads"], view.window)[0]
    # 363 of the demo: 389 the quarter before, 252 a year before.
    assert (found.value, found.previous, found.last_year) == (363, 389, 252)
    words = {
        name: change_words(found, View(view.store, view.window, name, view.filters)).replace(
            "\u202f", " "
        )
        for name in ("previous period", "same period last year", "none")
    }
    assert words == {
        "previous period": "\u22126.7 % against the period before",
        "same period last year": "+44.0 % against last year",
        "none": "",
    }
    assert said.value(found, engine.currency) == "363"


def test_planning_shows_the_leads_that_are_needed(
    demo_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine, agreement = open_engine(demo_home), load_home_agreement(demo_home)
    until = dt.date(2026, 12, 31)
    for segment in (None, "enterprise"):
        filters = Filters.of(segment=[segment]) if segment else Filters()
        found = plan(engine, agreement, 9_000_000, until, filters)
        address = {"target": "9000000", "until": until.isoformat()}
        app = run_page(demo_home, monkeypatch, "planning",
                       **address, **({"segment": segment} if segment else {}))  # fmt: skip
        assert found.leads.needed
        assert f"{fmt.number(found.leads.needed)} new leads" in _cards(app)


def test_the_agreement_shows_its_stages_and_kpis(
    demo_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    agreement = load_home_agreement(demo_home)
    page = _cards(run_page(demo_home, monkeypatch, "agreement"))
    stages, listed = (
        re.findall(
            r"<tr><td>(.+?)</td>", page.partition(f"<th>{column}</th>")[2].split("</table>")[0]
        )
        for column in ("Stage", "KPI")
    )
    assert stages == [stage.label for stage in agreement.stages]
    labels = {escape(kpi.label) for kpi in agreement.kpis if kpi.listed}
    assert set(listed) == labels
    assert len(listed) == len(labels) > 50


def test_data_health_counts_its_findings(demo_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    engine, agreement = open_engine(demo_home), load_home_agreement(demo_home)
    found = data_health(engine, agreement)
    text = _cards(run_page(demo_home, monkeypatch, "data_health"))
    warnings = sum(finding.severity == "warning" for finding in found.findings)
    assert warnings and f"{warnings} warning" in text
