"""Pages on stores that are missing, broken or older, and at addresses that say much."""

from __future__ import annotations

import shutil
from pathlib import Path

import duckdb
import pytest
from streamlit.testing.v1 import AppTest

from smarketing import app_path
from smarketing.store.builds import current_build
from smarketing.ui.navigation import PAGES

NAMES = [name for name, _ in PAGES]


def open_page(home: Path, name: str, monkeypatch: pytest.MonkeyPatch, **params: object) -> AppTest:
    """Run the app over a home and show one page, with the address' parameters."""
    monkeypatch.setenv("SMARKETING_HOME", str(home))
    app = AppTest.from_file(str(app_path()), default_timeout=300)
    if name != NAMES[0]:
        app.switch_page(f"pages/{name}.py")
    for key, value in params.items():
        app.query_params[key] = value
    return app.run()


def words(app: AppTest) -> str:
    """Everything written on the page."""
    html = [element.proto.body for element in app.get("html")]
    plain = [element.value for element in (*app.markdown, *app.caption, *app.title)]
    return "\n".join([*html, *plain])


@pytest.mark.parametrize("name", ["attribution", "campaigns"])
def test_returns_by_the_day_of_the_touch_are_asked_for_in_the_address(
    name: str, demo_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = open_page(demo_home, name, monkeypatch, period="2025-Q4", returns="touch")
    assert not app.exception
    assert app.selectbox(key="returns").value == "touch"
    assert "credit of the period&#x27;s touches" in words(app)
    assert "could not be shown" not in words(app)


def test_a_model_with_too_little_to_learn_from_is_pale_and_says_why(
    demo_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = open_page(demo_home, "attribution", monkeypatch, period="2026-Q2", model="markov")
    assert "Too little to rely on Markov" in words(app)
    assert "Pale: only 26 converting journeys, at least 50 are needed" in words(app)
    rules = open_page(demo_home, "attribution", monkeypatch, period="2026-Q2", model="linear")
    assert "Pale" not in words(rules)


@pytest.mark.parametrize("name", NAMES)
def test_page_of_a_period_without_anything(
    name: str, demo_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = open_page(demo_home, name, monkeypatch, period="2019-01")
    assert not app.exception


def test_no_store_yet_shows_how_to_begin(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    app = open_page(tmp_path / "nothing", NAMES[0], monkeypatch)
    assert not app.exception
    assert app.title[0].value == "No data yet"
    assert {code.value for code in app.code} >= {"smarketing demo", "smarketing import PATH"}


def test_a_broken_build_is_one_clear_sentence(
    demo_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    builds = tmp_path / "home" / "builds"
    builds.mkdir(parents=True)
    current = (demo_home / "CURRENT").read_text().strip()
    (builds / f"{current}.duckdb").write_bytes(b"this is no database")
    (tmp_path / "home" / "CURRENT").write_text(current)
    app = open_page(tmp_path / "home", NAMES[0], monkeypatch)
    assert not app.exception
    assert "The store could not be opened" in words(app)
    assert "smarketing build" in words(app)


def test_a_typo_in_the_agreement_is_one_clear_sentence(
    demo_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "home"
    shutil.copytree(demo_home, home, ignore=shutil.ignore_patterns("landing"))
    (home / "agreement.yaml").write_text("extends: default\ncurrancy: EUR\n")
    app = open_page(home, NAMES[0], monkeypatch)
    assert not app.exception
    assert "Did you mean &#x27;currency&#x27;" in words(app)


def test_a_workspace_that_is_away_takes_no_figure_away(
    demo_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "home"
    shutil.copytree(demo_home, home, ignore=shutil.ignore_patterns("landing"))
    (home / "workspace.sqlite").write_text("not a database, just text " * 100)
    app = open_page(home, "scoreboard", monkeypatch)
    assert not app.exception
    assert "figures do not" in app.warning[0].value
    assert "Won revenue" in words(app)


def test_a_changed_agreement_offers_to_build_again(
    demo_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "home"
    shutil.copytree(demo_home, home, ignore=shutil.ignore_patterns("landing"))
    text = (home / "agreement.yaml").read_text()
    (home / "agreement.yaml").write_text(text.replace("Taktwerk 42", "Taktwerk 43"))
    app = open_page(home, NAMES[0], monkeypatch)
    assert "figures still follow the old state" in app.warning[0].value
    assert [b.label for b in app.button if b.label == "Build again"]


def test_a_build_of_older_code_says_so_and_shows_no_query(
    demo_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "home"
    shutil.copytree(demo_home, home, ignore=shutil.ignore_patterns("landing"))
    with duckdb.connect(str(current_build(home))) as connection:
        connection.execute("update build_info set code_hash = 'older'")
        connection.execute("drop table fct_stage_count")
    # Answers are kept by build: a period that no other test asks of the same one.
    app = open_page(home, "funnel", monkeypatch, period="2025-08")
    assert "Smarketing has changed since this build was made" in app.warning[0].value
    assert [b.label for b in app.button if b.label == "Build again"]
    assert not app.exception
    assert "sql" not in {code.language for code in app.code}
    assert "another version of Smarketing" in words(app) and "smarketing build" in words(app)


def test_an_unreadable_period_is_said_not_guessed(
    demo_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = open_page(demo_home, NAMES[0], monkeypatch, period="2026-Q7")
    assert not app.exception
    assert "quarters run 1 to 4" in app.error[0].value


@pytest.mark.parametrize(
    ("name", "key", "part"),
    [
        ("funnel", "funnel", "MQL"),
        ("funnel", "leaks", "MQL · left"),
        ("funnel", "exits", "all"),
        ("scoreboard", "cut", "all"),
        ("attribution", "credit", "webinar"),
        ("attribution", "credit", "all"),
        ("attribution", "spend", "all"),
        ("campaigns", "campaigns", "all"),
    ],
)
def test_the_records_of_a_figure_add_up(
    name: str, key: str, part: str, demo_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    params = {f"{key}_records": "true", f"{key}_of": part}
    app = open_page(demo_home, name, monkeypatch, **params)
    assert not app.exception
    sums = [m.value for m in app.markdown if "adds up to the figure" in m.value]
    assert sums, words(app)[-2000:]
    assert "the figure says" not in words(app)


def test_the_records_of_a_segment_only(demo_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    params = {"funnel_records": "true", "funnel_of": "SQL", "segment": "enterprise"}
    app = open_page(demo_home, "funnel", monkeypatch, **params)
    assert any("SQL entries" in m.value and "adds up" in m.value for m in app.markdown)
    tables = [f.value for f in app.dataframe if "segment" in f.value]
    assert set(tables[-1]["segment"]) == {"Enterprise (1000 and more)"}


def test_a_definition_opens_with_formula_sql_and_build(
    demo_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from smarketing.ui.address import View
    from smarketing.ui.explain import of_kpi, signed_words
    from smarketing.ui.session import open_store

    monkeypatch.setenv("SMARKETING_HOME", str(demo_home))
    store = open_store()
    from smarketing.engine import Filters

    view = View(store, store.agreement.parse_period("2026-Q2"), "none", Filters.of())
    definition = of_kpi(view, "lead_to_mql_rate")
    assert definition.formula == "leads_to_mql ÷ mature_leads"
    assert definition.owners == (
        "Marketing: Head of demand generation",
        "Sales: Head of sales development",
    )
    assert definition.sql is not None and "fct_conversion" in definition.sql()
    assert "not yet signed by marketing and sales" in signed_words(store)
