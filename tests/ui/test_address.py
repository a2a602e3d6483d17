"""The address holds ids, says what it cannot show, and offers what the page obeys."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from smarketing import app_path
from smarketing.ui.bar import BAR, OBEYED
from smarketing.ui.navigation import PAGES
from smarketing.ui.view import View

NAMES = [name for name, _ in PAGES]


def open_page(home: Path, patch: pytest.MonkeyPatch, name: str, **address: object) -> AppTest:
    patch.setenv("SMARKETING_HOME", str(home))
    app = AppTest.from_file(str(app_path()), default_timeout=300)
    if name != NAMES[0]:
        app.switch_page(f"pages/{name}.py")
    for key, value in address.items():
        app.query_params[key] = value
    app.run()
    assert not app.exception, [error.message for error in app.exception]
    return app


def told(app: AppTest) -> str:
    return " ".join(str(warning.value) for warning in app.warning).replace("\\", "")


def asked(app: AppTest, key: str) -> list[str]:
    """The values of a key in the address."""
    value = app.query_params[key]
    return [value] if isinstance(value, str) else list(value)


@pytest.mark.parametrize("name", ["cost_per_lead", "Cost per lead"])
def test_a_kpi_is_asked_for_by_its_id_and_an_old_link_is_understood(
    name: str, demo_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = open_page(demo_home, monkeypatch, "scoreboard", kpi=name)
    assert app.selectbox(key="kpi").value == "cost_per_lead"
    assert not told(app)


def test_a_reworded_label_breaks_no_link(
    demo_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "home"
    shutil.copytree(demo_home, home, ignore=shutil.ignore_patterns("landing"))
    text = (home / "agreement.yaml").read_text()
    (home / "agreement.yaml").write_text(
        f"{text}\nkpis:\n  - {{id: cost_per_lead, label: Price of an inquiry}}\n"
        if "\nkpis:" not in text
        else text
    )
    app = open_page(home, monkeypatch, "scoreboard", kpi="cost_per_lead")
    assert app.selectbox(key="kpi").value == "cost_per_lead"
    gone = open_page(home, monkeypatch, "scoreboard", kpi="Cost per lead")
    assert "Unknown KPI 'Cost per lead'" in told(gone)


def test_what_a_reader_picks_goes_into_the_address_by_its_id(
    demo_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = open_page(demo_home, monkeypatch, "scoreboard")
    assert "kpi" not in app.query_params
    app.selectbox(key="kpi").set_value("cost_per_lead").run()
    assert asked(app, "kpi") == ["cost_per_lead"]
    app.multiselect(key="segment").set_value(["enterprise"]).run()
    assert asked(app, "segment") == ["enterprise"]
    assert "Enterprise (1000 and more)" in app.multiselect(key="segment").options
    app.multiselect(key="segment").set_value([]).run()
    assert "segment" not in app.query_params


@pytest.mark.parametrize(
    ("page", "address", "said"),
    [
        ("scoreboard", {"segment": "enterprize"}, "Did you mean 'Enterprise (1000"),
        ("scoreboard", {"owner": ["Ines Kolb", "Nobody At All"]}, "Nobody At All"),
        ("scoreboard", {"kpi": "cost_per_led"}, "Did you mean 'Cost per lead'"),
        ("scoreboard", {"compare": "yesterday"}, "yesterday"),
        ("funnel", {"show": "brakedown"}, "Did you mean 'Breakdown'"),
        ("funnel", {"mode": "cohrt"}, "Did you mean 'started in the period'"),
        ("attribution", {"model": "linaer"}, "Did you mean 'Equal credit to every touch"),
        ("attribution", {"lookback": "91"}, "91"),
        ("planning", {"target": "lots"}, "it is no number"),
        ("planning", {"until": "2019-01-01"}, "it is before"),
        ("lead_quality", {"quality_view": "whatif", "threshold": "many"}, "no whole number"),
        ("data_health", {"segment": "enterprise"}, "This page knows no segment"),
        ("planning", {"period": "2026-Q1"}, "This page knows no period"),
        ("journeys", {"channel": "webinar"}, "This page knows no channel"),
    ],
)
def test_a_value_that_does_not_exist_is_said(
    page: str,
    address: dict[str, object],
    said: str,
    demo_home: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    app = open_page(demo_home, monkeypatch, page, **address)
    assert said in told(app), told(app)
    assert "not applied" in told(app)


def test_an_unreadable_period_is_said_below_the_heading_of_the_page(
    demo_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = open_page(demo_home, monkeypatch, "funnel", period="20x", present="1")
    assert [title.value for title in app.title] == ["Funnel"]
    assert "is not a period" in app.error[0].value
    # Of a page that is for no wall that is said, and the page shown.
    app.query_params["period"] = "2026-Q2"
    app.run()
    assert "alone are shown on a wall" in told(app) and app.tabs


def test_a_known_value_beside_an_unknown_one_is_applied(
    demo_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = open_page(demo_home, monkeypatch, "funnel", segment=["enterprise", "gone"])
    assert app.multiselect(key="segment").value == ["enterprise"]


@pytest.mark.parametrize("name", NAMES)
def test_only_what_a_page_obeys_is_offered(
    name: str, demo_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = open_page(demo_home, monkeypatch, name)
    offered = {box.key for box in (*app.multiselect, *app.selectbox)}
    assert offered & {*BAR, "period", "compare"} == set(OBEYED[name].names)
    labels = {box.key: box.label for box in app.multiselect}
    subjects = dict(OBEYED[name].subjects)
    for key in set(OBEYED[name].filters):
        assert labels[key] == key.capitalize() + (f" of the {subjects[key]}" if key in subjects
                                                  else "")  # fmt: skip


def test_filters_stay_chosen_from_page_to_page(
    demo_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = open_page(demo_home, monkeypatch, "scoreboard", period="2026-Q1", segment="enterprise")
    # A click on another page leaves an address without them.
    app.query_params.clear()
    app.switch_page("pages/data_health.py").run()
    app.query_params.clear()
    app.switch_page("pages/funnel.py").run()
    assert app.multiselect(key="segment").value == ["enterprise"]
    assert asked(app, "period") == ["2026-Q1"]
    # Cleared on the page itself they are gone.
    app.multiselect(key="segment").set_value([]).run()
    app.run()
    assert app.multiselect(key="segment").value == []


def test_two_campaigns_of_one_name_can_both_be_chosen(
    demo_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from smarketing.ui.address import _distinct

    words = _distinct({"c1": "Fair", "c2": "Fair", "c3": "Mail"})
    assert words == {"c1": "Fair (c1)", "c2": "Fair (c2)", "c3": "Mail"}


def test_a_view_says_what_a_figure_obeyed_and_nothing_else(
    demo_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from smarketing.engine import Filters
    from smarketing.ui.session import open_store

    monkeypatch.setenv("SMARKETING_HOME", str(demo_home))
    store = open_store()
    filters = Filters.of(segment=["enterprise"], channel=["webinar", "event"])
    view = View(store, store.agreement.read_window("2026-Q2"), "none", filters)
    of_touch = view.of(channel="touch")
    assert of_touch.words() == {
        "Period": "2026-Q2 (1 Apr 2026 to 30 Jun 2026)",
        "Channel of the touch": "Event, Webinar",
        "Segment": "Enterprise (1000 and more)",
    }
    assert view.undated().without("channel").foot() == ["Segment Enterprise (1000 and more)"]
    assert view.undated().unfiltered().words() == {}


def test_what_a_page_left_drawn_picks_nothing_when_a_link_is_followed(
    demo_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = open_page(demo_home, monkeypatch, "campaigns", period="2026-Q2")
    left = app._tree.get_widget_states()
    # A browser tells of a button only that it was pressed.
    told = [one for one in left.widgets if one.WhichOneof("value") != "trigger_value"]
    del left.widgets[:]
    left.widgets.extend(told)
    app.switch_page("pages/deal.py").run()
    app.switch_page("pages/campaigns.py")
    app.query_params["period"] = "2026-Q1"
    app._run(left)
    assert asked(app, "period") == ["2026-Q1"]
    app.selectbox(key="period").select("2026-Q2").run()  # the default leaves the address
    assert "period" not in app.query_params
