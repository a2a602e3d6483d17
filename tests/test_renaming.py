"""No figure depends on what a stage, exit, team, channel, segment, persona or KPI is called."""

from __future__ import annotations

import datetime as dt
import random
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import duckdb
import pytest
from renaming import Renaming

from smarketing.agreement import Agreement, agreement_yaml, load_home_agreement, parse_agreement
from smarketing.analysis.attribution import asked, attributions
from smarketing.analysis.attribution.origin import origins
from smarketing.analysis.funnel.settings import MODES, REENTRY, SKIPS, FunnelSettings
from smarketing.analysis.funnel.stages import funnel
from smarketing.analysis.handoff.obligations import handoff
from smarketing.analysis.handoff.speed import conversion_by_response
from smarketing.analysis.health.report import data_health
from smarketing.analysis.kpis.scoreboard import kpi_problems, kpis
from smarketing.analysis.lead_quality.scores import OUTCOMES, lead_patterns, scored
from smarketing.analysis.planning.history import capacity
from smarketing.analysis.planning.plan import plan
from smarketing.analysis.planning.whatif import best_quarters
from smarketing.attribution_models import key_models
from smarketing.build.marts.order import build_marts
from smarketing.engine import DuckDBEngine
from smarketing.export.deck.pages import Number
from smarketing.export.report.asked import Asked
from smarketing.export.report.catalogue import FIGURES, pages
from smarketing.periods import parse_period
from smarketing.store.builds import current_build
from smarketing.workspace import open_workspace

QUARTER = parse_period("2026-Q1")
YEAR = parse_period("2025")
Figures = dict[str, Any]


@dataclass(frozen=True)
class Near:
    """An amount that may differ by one minor unit."""

    amount: int

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Near) and abs(self.amount - other.amount) <= 1


@pytest.fixture(scope="module")
def agreed(demo_home: Path) -> Agreement:
    """The demo's agreement, with the choices under which the most is named by id."""
    own = load_home_agreement(demo_home)
    rule = own.attribution.originator.model_copy(update={"test": "first_touch"})
    attribution = own.attribution.model_copy(update={"originator": rule})
    return own.model_copy(update={"attribution": attribution})


@pytest.fixture(scope="module")
def before(demo_home: Path, agreed: Agreement, tmp_path_factory: pytest.TempPathFactory) -> Figures:
    engine = derived(demo_home, agreed, tmp_path_factory.mktemp("before"))
    return dict(figures(engine, agreed, Renaming()))


@pytest.mark.parametrize("seed", [1, 4])
def test_other_ids_change_no_figure(
    demo_home: Path, agreed: Agreement, before: Figures, tmp_path: Path, seed: int
):
    renaming = Renaming.of(agreed, random.Random(seed))
    renamed = parse_agreement(agreement_yaml(renaming.agreement(agreed)))
    after = dict(figures(derived(demo_home, renamed, tmp_path), renamed, renaming))
    assert after.keys() == before.keys()
    changed = {
        name: (value, after[name]) for name, value in before.items() if not same(value, after[name])
    }
    assert not changed


def test_no_field_that_holds_an_id_is_overlooked(agreed: Agreement):
    assert Renaming.of(agreed, random.Random(0)).overlooked(agreed) == set()


def derived(home: Path, agreement: Agreement, folder: Path) -> DuckDBEngine:
    """The demo's records under an agreement of other words."""
    path = shutil.copy(current_build(home), folder / "build.duckdb")
    connection = duckdb.connect(str(path))
    build_marts(connection, agreement)
    return DuckDBEngine(connection)


def figures(
    engine: DuckDBEngine, agreement: Agreement, names: Renaming
) -> Iterator[tuple[str, Any]]:
    yield from of_kpis(engine, agreement, names)
    yield from of_funnel(engine, names)
    yield from of_handoff(engine, agreement)
    yield from of_attribution(engine, agreement, names)
    yield from of_plan(engine, agreement, names)
    for outcome in OUTCOMES:
        rows = scored(lead_patterns(engine, agreement, YEAR, outcome=outcome))
        yield f"quality {outcome}", rows.to_numpy().tolist()
    yield (
        "check",
        [(f.severity, f.count, f.amount) for f in data_health(engine, agreement).findings],
    )
    yield "problems", kpi_problems(engine, agreement)
    yield from of_pages(engine, agreement)


def of_pages(engine: DuckDBEngine, agreement: Agreement) -> Iterator[tuple[str, Any]]:
    """The pages of a report: they speak in labels, so that nothing of them may change."""
    workspace = open_workspace(Path("nowhere"))
    question = Asked(engine, agreement, QUARTER, workspace, False, {})
    made, failed = pages(question, list(FIGURES))
    assert not failed
    for page in made:
        body = page.body
        if isinstance(body, tuple):
            body = tuple(replace(b, name="") if isinstance(b, Number) else b for b in body)
        measure = page.measure.replace(agreement.hash[:8], "")
        yield f"page {page.name}", (page.headline, measure, repr(body), page.alt)


def of_kpis(
    engine: DuckDBEngine, agreement: Agreement, names: Renaming
) -> Iterator[tuple[str, Any]]:
    every = [kpi.id for kpi in agreement.kpis]
    for by in (None, "channel", "segment", "persona", "team"):
        for result in kpis(engine, agreement, every, QUARTER, by=by):
            for one in (result, *(result.by or ())):
                name = f"kpi {names.old('kpi', one.id)} {by} {names.old(by or '', one.key)}"
                yield name, (one.value, one.numerator, one.denominator, one.n, one.previous,
                             one.target, one.status)  # fmt: skip


def of_funnel(engine: DuckDBEngine, names: Renaming) -> Iterator[tuple[str, Any]]:
    for mode, skips, reentry in zip(MODES, SKIPS, REENTRY, strict=True):
        settings = FunnelSettings(mode, skips, reentry, YEAR)
        for group in funnel(engine, settings, by="channel").groups:
            for stage in group.stages:
                content = stage.as_dict()
                left = {
                    (names.old("stage", part["exit"]), part["reason"]): part["count"]
                    for part in content.pop("left")
                }
                place, key = (
                    names.old("stage", content.pop("stage")),
                    names.old("channel", group.key),
                )
                name = f"funnel {mode} {key} {place}"
                yield name, (list(content.values()), sorted(left.items(), key=str))


def of_handoff(engine: DuckDBEngine, agreement: Agreement) -> Iterator[tuple[str, Any]]:
    document = handoff(engine, agreement, QUARTER).as_dict()
    document["commitment"].pop("stage")
    yield "handoff", document
    bands = conversion_by_response(engine, agreement, YEAR)
    yield "response", [(band.label, band.opportunity, band.customer) for band in bands]


def of_attribution(
    engine: DuckDBEngine, agreement: Agreement, names: Renaming
) -> Iterator[tuple[str, Any]]:
    for measure, side in (("revenue", "marketing"), ("pipeline", "both"), ("leads", "marketing")):
        settings = asked(agreement, YEAR, measure=measure, side=side)
        for answer in attributions(
            engine, agreement, settings, model="all", by="channel", intervals=False
        ):
            for row in answer.rows:
                name = f"credit {measure} {answer.model} {names.old('channel', row.key)}"
                # Rounding of models by key goes in the order of the keys: a minor unit may move.
                credit = Near(row.credit) if answer.model in key_models() else row.credit
                yield name, (credit, row.deals, row.cost)
    for measure in ("revenue", "pipeline"):
        yield f"origin {measure}", origins(engine, agreement, YEAR, measure=measure).as_dict()


def of_plan(
    engine: DuckDBEngine, agreement: Agreement, names: Renaming
) -> Iterator[tuple[str, Any]]:
    found = plan(engine, agreement, 3_000_000, dt.date(2026, 12, 31))
    for stage in found.stages:
        yield f"plan {names.old('stage', stage.stage)}", stage.need.as_dict()
    yield "plan", (found.gap, found.capacity_handovers, found.capacity_leads, found.over_capacity)
    yield "capacity", [(m.member_id, m.team, m.capacity, m.handed) for m in capacity(engine)]
    for lift in best_quarters(engine, agreement).lifts:
        yield f"lift {names.old('stage', lift.stage)}", (lift.now, lift.revenue, lift.is_capped)


def same(one: Any, other: Any) -> bool:
    """Whether two answers are equal, up to the last digits of sums in another order."""
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(same(one[key], other[key]) for key in one)
    if isinstance(one, (list, tuple)) and isinstance(other, (list, tuple)):
        return len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, float) and isinstance(other, float):
        return bool(one == pytest.approx(other, rel=1e-9, abs=1e-9, nan_ok=True))
    return bool(one == other)
