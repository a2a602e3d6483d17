"""One person, one set of rows: on the page, among records, in exports, on the command line."""

from __future__ import annotations

import io
import json
import re
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from smarketing import app_path
from smarketing.access import Access
from smarketing.agreement import load_home_agreement
from smarketing.analysis.funnel.settings import FunnelSettings
from smarketing.analysis.funnel.stages import funnel
from smarketing.analysis.handoff.worklist import worklist
from smarketing.analysis.kpis.records import records
from smarketing.charts.theme import LIGHT
from smarketing.cli import app as cli
from smarketing.engine import Filters, open_engine
from smarketing.export.report.asked import Asked
from smarketing.export.report.write import write_figure
from smarketing.export.tables import to_csv, to_xlsx
from smarketing.store import audit
from smarketing.ui.address import View
from smarketing.ui.explain import stamp_of
from smarketing.ui.sections.funnel import stages
from smarketing.ui.session import Store
from smarketing.workspace import open_workspace

PERIOD = "2025-07..2026-06"
ROLES = ("viewer", "member", "lead", "admin")
AUTH = {
    "redirect_uri": "https://figures.example.com/oauth2callback",
    "cookie_secret": "x" * 40,
    "client_id": "smarketing",
    "client_secret": "secret",
    "server_metadata_url": "https://id.example.com/.well-known/openid-configuration",
}


@pytest.fixture(scope="module")
def home(demo_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo company with a person of each role who sees one region, and one who sees all."""
    place = tmp_path_factory.mktemp("who") / "home"
    shutil.copytree(demo_home, place)
    lines = ["people:", "  all@example.com: {role: admin}"]
    lines += [
        f"  {role}@example.com: {{role: {role}, team: sales, scope: {{region: [dach]}}}}"
        for role in ROLES
    ]
    (place / "access.yaml").write_text("\n".join(lines))
    return place


def person(role: str) -> Access:
    return Access(role, "sales", (("region", ("dach",)),))  # type: ignore[arg-type]


def view_for(home: Path, access: Access, **filters: Any) -> View:
    agreement = load_home_agreement(home)
    store = Store(home, open_engine(home, access), agreement, (), access)
    kept = Filters.from_mapping(filters).within(access.scope)
    return View(store, agreement.read_window(PERIOD), "previous period", kept)


def all_in_region(home: Path, role: str = "admin") -> View:
    """What somebody without a scope sees by the filter; to viewers deals are called otherwise."""
    return view_for(home, Access("viewer" if role == "viewer" else "admin"), region=["dach"])


def kpi_records(view: View) -> pd.DataFrame:
    return records(
        view.store.engine, view.store.agreement, "won_revenue", view.window, view.filters
    )


def funnel_records(view: View) -> pd.DataFrame:
    settings = FunnelSettings("cohort", "imputed", "first", view.window)
    exhibit = stages.whole(view, settings, funnel(view.store.engine, settings, view.filters))
    assert exhibit.records is not None
    return exhibit.records(None).frame


def csv(view: View) -> pd.DataFrame:
    content = to_csv(kpi_records(view), stamp_of(view, "Revenue", "", {}))
    return pd.read_csv(io.BytesIO(content), comment="#")


def xlsx(view: View) -> pd.DataFrame:
    content = to_xlsx(kpi_records(view), stamp_of(view, "Revenue", "", {}))
    return pd.read_excel(io.BytesIO(content), engine="openpyxl")


def picture(view: View) -> pd.DataFrame:
    settings = FunnelSettings("cohort", "imputed", "first", view.window)
    exhibit = stages.whole(view, settings, funnel(view.store.engine, settings, view.filters))
    assert exhibit.draw is not None
    return pd.DataFrame({"figure": [exhibit.draw(LIGHT).to_json()]})


def work(view: View) -> pd.DataFrame:
    items = worklist(view.store.engine, view.store.agreement, view.filters).as_dict()["items"]
    return pd.DataFrame(items)[["lead_id", "due_at", "status"]]


SURFACES: list[Callable[[View], pd.DataFrame]] = [
    kpi_records, funnel_records, csv, xlsx, picture, work,
]  # fmt: skip


@pytest.mark.parametrize("surface", SURFACES, ids=lambda surface: surface.__name__)
@pytest.mark.parametrize("role", ROLES)
def test_every_role_has_the_rows_of_its_scope_and_no_other(
    home: Path, role: str, surface: Callable[[View], pd.DataFrame]
) -> None:
    found, wanted = surface(view_for(home, person(role))), surface(all_in_region(home, role))
    everything = surface(view_for(home, Access("admin")))
    pd.testing.assert_frame_equal(found, wanted)
    assert len(everything) > len(found) or surface is picture


@pytest.mark.parametrize("role", ROLES)
def test_a_figure_that_knows_no_filter_is_narrowed_as_well(home: Path, role: str) -> None:
    view = view_for(home, person(role))
    unfiltered = kpi_records(view.unfiltered())
    pd.testing.assert_frame_equal(unfiltered, kpi_records(all_in_region(home, role)))


@pytest.mark.parametrize("role", ROLES)
def test_a_slide_holds_what_its_person_may_see(home: Path, role: str, tmp_path: Path) -> None:
    slides = {}
    for name, view in {"own": view_for(home, person(role)), "all": all_in_region(home)}.items():
        store = view.store
        asked = Asked(
            store.engine,
            store.agreement,
            view.window,
            open_workspace(home),
            False,
            {},
            view.filters,
        )
        file = write_figure(asked, "funnel", tmp_path / f"{name}.pptx", "pptx")
        slides[name] = _chart_values(file)
    assert slides["own"] == slides["all"] != []


def _chart_values(file: Path) -> list[Any]:
    from pptx import Presentation

    return [
        (series.name, tuple(series.values))
        for slide in Presentation(str(file)).slides
        for shape in slide.shapes
        if shape.has_chart
        for series in shape.chart.plots[0].series
    ]


def page_of(
    home: Path, monkeypatch: pytest.MonkeyPatch, who: str, page: str, **address: str
) -> str:
    monkeypatch.setenv("SMARKETING_HOME", str(home))
    app = AppTest.from_file(str(app_path()), default_timeout=300)
    app.secrets = {"auth": AUTH}
    user = {"email": f"{who}@example.com", "email_verified": True, "iat": time.time()}
    app.user = {"is_logged_in": True, **user}
    app.switch_page(f"pages/{page}.py")
    for key, value in {"period": PERIOD, **address}.items():
        app.query_params[key] = value
    app.run()
    assert not app.exception, app.exception
    html = [str(element.proto.body) for element in app.get("html")]
    return "\n".join([*html, *(str(e.value) for e in (*app.title, *app.warning))])


@pytest.mark.parametrize("page", ["funnel", "lead_quality", "attribution", "scoreboard"])
def test_a_page_says_the_same_to_all_who_see_the_same(
    home: Path, monkeypatch: pytest.MonkeyPatch, page: str
) -> None:
    wanted = _said(page_of(home, monkeypatch, "all", page, region="dach"))
    for role in ("viewer", "admin"):
        assert _said(page_of(home, monkeypatch, role, page)) == wanted


def test_what_is_everybodys_opens_within_a_scope_without_what_counts_all(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Costs go by no region, and against what a member can work stands all that it was handed."""
    text = page_of(home, monkeypatch, "member", "calendar")
    assert "Spent: n/a" in text and "could not be shown" not in text
    text = page_of(home, monkeypatch, "member", "data_health")
    assert "It is about whole files" in text and "could not be shown" not in text
    words = "against the agreed capacity"
    assert words in page_of(home, monkeypatch, "all", "planning", region="dach")
    assert words not in page_of(home, monkeypatch, "member", "planning")


def _said(text: str) -> list[str]:
    """What the page's figures say; the words for why one has no spend differ."""
    return [
        line for line in text.splitlines() if "cut by region" not in line and "limited" not in line
    ]


def test_a_hand_made_address_for_another_scope_is_said_and_shows_nothing_more(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = page_of(home, monkeypatch, "viewer", "funnel", region="uk_ireland")
    assert "not applied" in text
    own = page_of(home, monkeypatch, "viewer", "funnel")
    assert [line for line in _said(text) if "not applied" not in line] == _said(own)


def test_a_hand_made_address_opens_no_journey_of_another_scope(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = open_engine(home)
    from smarketing.engine.compile import parse

    (row,) = whole.rows(
        parse("select deal_id, name from fct_deal where region <> 'dach' limit 1", "other")
    )
    asked = {"id": row["deal_id"]}
    assert row["name"] in page_of(home, monkeypatch, "all", "deal", **asked)
    text = page_of(home, monkeypatch, "viewer", "deal", **asked)
    assert row["name"] not in text and "The data have no deal" in text
    text = page_of(home, monkeypatch, "viewer", "journeys", unit=row["deal_id"])
    assert row["name"] not in text and "Nothing matches" in text


def said_by(capsys: pytest.CaptureFixture[str], *command: str) -> Any:
    cli(list(command), standalone_mode=False)
    found = json.loads(capsys.readouterr().out)
    if "commitment" in found:
        # What a lead is worth is measured among the deals that one may see.
        del found["commitment"]["value"]
    return found


WINDOW = ("--from", "2025-07-01", "--to", "2026-07-01")
COMMANDS = [
    ("funnel", *WINDOW),
    ("attribution", *WINDOW),
    ("kpi", "won_revenue", "--period", "2026-Q2"),
    ("handoff", "--period", "2026-Q2"),
]


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command[0])
@pytest.mark.parametrize("role", ROLES)
def test_a_command_answers_as_the_person_would_see_it(
    home: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    role: str,
    command: tuple[str, ...],
) -> None:
    monkeypatch.setenv("SMARKETING_HOME", str(home))
    wanted = said_by(capsys, *command, "--where", "region=dach", "--json")
    assert said_by(capsys, "--as", f"{role}@example.com", *command, "--json") == wanted
    assert said_by(capsys, *command, "--json") != wanted


def test_a_command_for_somebody_goes_no_further_than_the_person(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from smarketing.access import AccessError

    monkeypatch.setenv("SMARKETING_HOME", str(home))
    for command, words in {
        ("--as", "eve@elsewhere.com", "funnel", *WINDOW): "names neither",
        ("--as", "viewer@example.com", "import", "x.csv"): "not open to the role 'viewer'",
        ("--as", "lead@example.com", "backup", "x.zip"): "not open to the role 'lead'",
        (
            "--as",
            "viewer@example.com",
            "funnel",
            *WINDOW,
            "--where",
            "region=uk_ireland",
        ): "outside",
        ("--as", "admin@example.com", "backup", "x.zip"): "about everything",
        ("--as", "admin@example.com", "workspace", "export", "x.yaml"): "about everything",
        ("--as", "admin@example.com", "audit"): "about everything",
    }.items():
        with pytest.raises(AccessError, match=words):
            cli(list(command), standalone_mode=False)


def test_lists_of_people_that_leave_by_a_command_are_put_down(
    home: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("SMARKETING_HOME", str(home))
    monkeypatch.chdir(tmp_path)

    def put_down(who: str, *command: str) -> list[tuple[str, str]]:
        before = len(audit.entries(home))
        cli(["--as", f"{who}@example.com", *command], standalone_mode=False)
        added = audit.entries(home)[before:]
        return [(one.who, one.about) for one in added if one.what == audit.EXPORTED]

    csv = ("export", "waiting", "--format", "csv", "--out", "w.csv")
    assert put_down("member", *csv) == [("member@example.com", "the figure waiting as csv")]
    ((_, about),) = put_down("lead", "worklist", "--json")
    assert re.fullmatch(r"the worklist: \d+ leads", about)
    for quiet in (
        put_down("viewer", "worklist", "--json"),
        put_down("viewer", *csv),
        put_down("member", "export", "funnel", "--format", "csv", "--out", "f.csv"),
        put_down("member", "worklist"),
    ):
        assert quiet == []


@pytest.fixture(autouse=True)
def nobody_chosen() -> Iterator[None]:
    """The next test's command answers for whoever sits at the machine."""
    yield
    from smarketing.cli import who

    who.answer_for(None, None)
