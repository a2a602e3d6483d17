"""The further views of the funnel: they open, and a click lists the leads behind what it hit."""

from __future__ import annotations

from pathlib import Path

import pytest
from page_kit import adds_up, open_page, view_of

from smarketing.analysis.funnel.listing import campaign_names
from smarketing.analysis.funnel.paths import transitions
from smarketing.analysis.funnel.periods import cohort_heat, step_trend
from smarketing.analysis.funnel.settings import FunnelSettings
from smarketing.analysis.funnel.stages import funnel
from smarketing.analysis.funnel.time import deal_cycle, time_to_convert
from smarketing.analysis.kpis.scoreboard import kpis
from smarketing.analysis.lead_quality.association import associations
from smarketing.charts.encoding import Encoding
from smarketing.charts.multiples import Rung, Small, small_funnels
from smarketing.charts.quality import differences, paired
from smarketing.charts.theme import LIGHT
from smarketing.ui import asides
from smarketing.ui.sections.funnel import association as funnel_association
from smarketing.ui.sections.funnel import durations
from smarketing.ui.sections.funnel import multiples as funnel_multiples
from smarketing.ui.sections.funnel import paths as funnel_paths
from smarketing.ui.sections.funnel import time as funnel_time

YEAR = "2025-07..2026-06"


@pytest.mark.parametrize(("skips", "grain"), [("imputed", "month"), ("observed", "quarter")])
def test_cohorts_ages_and_paths_list_their_leads(demo_home: Path, skips: str, grain: str) -> None:
    view = view_of(demo_home, YEAR, channel=("webinar", "content"))
    settings = FunnelSettings(skips=skips, window=view.window)  # type: ignore[arg-type]
    engine = view.store.engine
    cells = cohort_heat(engine, settings, grain, view.filters)  # type: ignore[arg-type]
    adds_up(funnel_time.heat(view, settings, cells, grain))
    ages = time_to_convert(engine, settings, "lead", view.filters)
    adds_up(durations.convert(view, settings, ages))
    adds_up(funnel_paths.flows(view, settings, transitions(engine, settings, view.filters)))
    won = deal_cycle(engine, settings, view.filters)
    assert won.deals
    adds_up(durations.cycle(view, settings, won))


def test_a_week_cut_by_the_window_counts_only_its_days_inside(demo_home: Path) -> None:
    view = view_of(demo_home, "2026-04")  # 1 April 2026 is a Wednesday
    settings = FunnelSettings(window=view.window)
    cells = cohort_heat(view.store.engine, settings, "week", view.filters)
    adds_up(funnel_time.heat(view, settings, cells, "week"))
    points = step_trend(view.store.engine, view.window, "week", view.filters)
    adds_up(funnel_time.trend(view, points, "week"))


def test_what_separates_names_the_rejected_webinars(demo_home: Path) -> None:
    view = view_of(demo_home, YEAR)
    found = associations(view.store.engine, view.window, "mql", view.filters)
    names = campaign_names(view.store.engine)
    shown = funnel_association.separates(view, found, names)
    adds_up(shown)
    assert "less often" in shown.title
    assert "not cause" in shown.reading
    clear = shown.data[shown.data["verdict"] == "less"]["value"]
    assert any("Automation Tuesday" in value or "Webinar" in value for value in clear)


def test_small_multiples_list_every_bar(demo_home: Path) -> None:
    view = view_of(demo_home, YEAR)
    settings = FunnelSettings(window=view.window)
    cut = funnel(view.store.engine, settings, view.filters, "segment")
    shown = funnel_multiples.multiples(view, settings, cut)
    adds_up(shown)
    assert len(shown.data) == len(cut.groups)


def test_a_small_funnel_is_drawn_paler_and_none_is_an_empty_figure() -> None:
    one = [Small("a", "A", (100, 50), False), Small("b", "B", (4, 1), True)]
    rungs = [Rung(name.lower(), name, "marketing") for name in ("Lead", "MQL")]
    figure = small_funnels(one, LIGHT, rungs)
    assert list(figure.data[0].x) == [1.0, 0.5]
    assert figure.data[0].marker.color[0] != figure.data[1].marker.color[0]
    assert not small_funnels([], LIGHT, []).data


def test_charts_of_differences_accept_nothing() -> None:
    import pandas as pd

    nothing = pd.DataFrame({"k": [], "v": [], "l": [], "h": [], "d": []})
    figure = differences(
        nothing, LIGHT, Encoding(key="k", value="v", low="l", high="h"), verdict="d"
    )
    assert not figure.data
    rates = pd.DataFrame({n: [] for n in ("k", "a", "a_low", "a_high", "b", "b_low", "b_high")})
    assert paired(rates, LIGHT, Encoding(key="k"), {"a": "x", "b": "y"}).layout.height


@pytest.mark.parametrize(
    ("tab", "said"),
    [
        ("breakdown", "reaches MQL at"),
        ("trend", "cohorts"),
        ("time", "conversions came within"),
        ("paths", "moves skip"),
        ("separates", "not cause"),
        ("two", "against"),
    ],
)
def test_every_tab_opens(
    demo_home: Path, monkeypatch: pytest.MonkeyPatch, tab: str, said: str
) -> None:
    assert said in open_page(demo_home, monkeypatch, "funnel", show=tab, period=YEAR)


@pytest.mark.parametrize("mode", ["cohort", "entered", "snapshot"])
def test_figures_print_only_the_choices_they_obey(demo_home: Path, mode: str) -> None:
    view = view_of(demo_home, "2026-Q2")
    settings = FunnelSettings(mode, "observed", "every", view.window)  # type: ignore[arg-type]
    engine = view.store.engine
    cells = cohort_heat(engine, settings, "month", view.filters)
    heat = funnel_time.heat(view, settings, cells, "month")
    assert heat.choices["Leads"] == "started in the period, recorded stages alone, the first time"
    assert heat.definition.sql is not None and "'month'" in heat.definition.sql()
    points = step_trend(engine, view.window, "month", view.filters)
    trend = funnel_time.trend(view, points, "month")
    assert (
        trend.choices["Counting"] == "first entries into the step's stage, stages passed over count"
    )
    assert trend.definition.sql is not None and "fct_conversion" in trend.definition.sql()
    moves = funnel_paths.flows(view, settings, transitions(engine, settings, view.filters))
    begun = "stays and moves begun in the period, as recorded"
    assert (moves.choices["Counting"] == begun) == (mode == "entered")


def test_a_step_that_moved_by_chance_is_no_finding() -> None:
    import pandas as pd

    rows = [
        ("a", 0.50, 40, True),
        ("a", 0.55, 40, False),
        ("b", 0.2, 300, True),
        ("b", 0.5, 300, False),
    ]
    names = ["step", "rate", "n", "previous"]
    frame = pd.DataFrame(rows, columns=names)
    assert funnel_time._trend_title(frame).startswith(
        "b rose most against the period before: +30.0"
    )
    still = "No step's rate moved beyond chance against the period before"
    assert funnel_time._trend_title(frame[frame["step"] == "a"]) == still
    few = frame.assign(n=12)
    assert "too few are old enough" in funnel_time._trend_title(few)


def test_a_number_counted_otherwise_elsewhere_leads_to_why(
    demo_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    view = view_of(demo_home, "2026-Q2")
    links = {kpi.id: asides.of_kpi(view, kpi) for kpi in view.store.agreement.kpis}
    assert {name for name, link in links.items() if link} == {"new_mqls", "new_sals", "new_sqls"}
    link = links["new_sals"]
    assert link is not None
    shown = open_page(demo_home, monkeypatch, link.page, period="2026-Q2", **link.address)
    [card] = kpis(view.store.engine, view.store.agreement, ["new_sals"], view.window)
    assert f"{card.value:.0f}" in shown
