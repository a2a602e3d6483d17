"""Any figure of any page by its address: as a file, in a report, to whom it is shown."""

from __future__ import annotations

import io
import json
import shutil
from pathlib import Path

import pandas as pd
import pytest
from page_kit import run_page, view_of
from streamlit.runtime import Runtime
from typer.testing import CliRunner

from smarketing.access import LOCAL, Access
from smarketing.analysis.funnel.settings import FunnelSettings
from smarketing.analysis.funnel.stages import funnel
from smarketing.cli import app as cli
from smarketing.engine import Filters
from smarketing.errors import UsageError
from smarketing.export.deck.pages import Chart, Grid
from smarketing.export.report.plans import plan_named
from smarketing.export.shown import FigureAddress
from smarketing.store import audit
from smarketing.ui import offscreen
from smarketing.ui.bar import OBEYED
from smarketing.ui.figures import Figures
from smarketing.ui.sections.funnel import leaks


@pytest.fixture
def home(demo_home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SMARKETING_HOME", str(demo_home))
    return demo_home


def figures(access: Access = LOCAL) -> tuple[Figures, list[str]]:
    told: list[str] = []
    return Figures(access, told.append), told


def at(text: str) -> FigureAddress:
    return FigureAddress.read(text)


def test_a_figure_is_what_its_page_shows(home: Path) -> None:
    view = view_of(home, "2026-06", segment=["enterprise"])
    settings = FunnelSettings(window=view.window)
    page = leaks.leaks(view, settings, funnel(view.store.engine, settings, view.filters))
    found, told = figures()
    shown = found.at(at("funnel#leaks"), "2026-06", Filters.of(segment=["enterprise"]))
    pd.testing.assert_frame_equal(shown.data, page.data)
    assert (shown.page.headline, shown.stamp) == (page.title, page.stamp)
    assert isinstance(shown.page.body, Chart) and shown.page.drawn is not None
    again = found.at(at("funnel?period=2026-06&segment=enterprise#leaks"))
    pd.testing.assert_frame_equal(again.data, page.data)
    assert told == [] and offscreen.running() is None


def test_what_is_no_native_chart_is_a_table_in_words(home: Path) -> None:
    shown = figures()[0].at(at("attribution#models"), "2026-06")
    assert isinstance(shown.page.body, Grid) and shown.page.body.headers[:2] == ("Channel", "Model")
    assert "Paid social" in {row[0] for row in shown.page.body.rows}
    assert "Time decay" in {row[1] for row in shown.page.body.rows}
    spent = figures()[0].at(at("attribution#spend"), "2026-06").page.body
    assert isinstance(spent, Grid) and "Paid social" in {row[0] for row in spent.rows}
    met = figures()[0].at(at("content#met"), "2026-Q2").page.body
    assert isinstance(met, Grid)
    written = [row[met.headers.index("Difference")] for row in met.rows]
    assert written and all(cell.endswith("pts") for cell in written)


def test_a_page_that_does_not_say_what_of_the_bar_it_obeys_has_figures(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delitem(OBEYED, "content")
    found = figures()[0].at(at("content?segment=enterprise#heard"), "2026-Q2")
    assert found.page.headline and list(found.stamp.filters) == ["Period", "Segment"]


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("funel#leaks", "Unknown page 'funel'. Did you mean 'funnel'"),
        ("funnel#leak", "Did you mean 'leaks'"),
        ("funnel?period=2026-06", "Name the figure behind the address. It shows: #funnel"),
        ("funnel?segment=nowhere#leaks", "Unknown segment 'nowhere'"),
        (
            "funnel?Segmnet=enterprise#leaks",
            "Unknown choice 'Segmnet' in the page 'funnel'. Did yo",
        ),
        ("funnel?period=2026-Q9#leaks", "'2026-Q9' does not exist"),
        ("calendar?period=2026-06#calendar", "This page knows no period"),
        ("views#x", "No view is saved yet"),
        ("home#x", "The page 'home' shows no figure"),
        ("deal?id=nope#story", "The data have no deal “nope”"),
        (f"funnel?period={'x' * 9000}#leaks", "'" + "x" * 119 + "… is not a period"),
    ],
)
def test_what_an_address_gets_wrong_is_said(home: Path, address: str, said: str) -> None:
    with pytest.raises(UsageError, match=said.replace("(", r"\(")):
        figures()[0].at(at(address))


def test_a_filter_that_a_page_does_not_know_is_never_dropped(home: Path) -> None:
    with pytest.raises(UsageError, match="'content' knows no filter by owner"):
        figures()[0].at(at("content#met"), "2026-06", Filters.of(owner=["x"]))


def test_one_sees_by_an_address_what_one_sees_on_the_page(home: Path) -> None:
    scope = (("region", ("dach",)),)
    everything, told = figures(Access("member"))
    some = Figures(Access("viewer", scope=scope), told.append)
    whole = everything.at(at("handoff#worklist")).data
    seen = some.at(at("handoff#worklist"), filters=Filters.of(region=["dach"])).data
    assert 0 < len(seen) < len(whole)
    assert set(whole["lead_id"]) > set(seen["lead_id"])
    # Who is handed out people is put down; to viewers they are masked.
    assert told == ["the figure handoff#worklist"]
    # So is a buying committee, whose columns say name and role.
    everything.at(at("deal?id=generic:D000000#people"))
    assert told.pop() == "the figure deal?id=generic%3AD000000#people"
    # What names nobody is not, though it says who in general.
    assert len(everything.at(at("content#heard")).data)
    assert told == ["the figure handoff#worklist"]
    # A page without a filter by region still shows no more than one may see.
    assert some.at(at("agreement#stage_list"), filters=Filters(scope)).page.headline
    with pytest.raises(UsageError, match="not kept by region, to which your view is limited"):
        some.at(at("data_health#joins"), filters=Filters(scope))


def test_a_process_beside_a_server_gives_the_same(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = at("funnel?period=2026-06#leaks")
    here = figures()[0].at(asked)
    monkeypatch.setattr(Runtime, "exists", lambda: True)
    served, _ = figures()
    beside = served.at(asked)
    pd.testing.assert_frame_equal(beside.data, here.data)
    assert json.loads(beside.page.drawn.to_json()) == json.loads(here.page.drawn.to_json())
    with pytest.raises(UsageError, match="Did you mean 'leaks'"):
        served.at(at("funnel#leak"))
    assert served.at(at("funnel?period=2026-06#exits")).page.headline


def test_the_command_writes_it_and_reports_hold_it(
    demo_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = shutil.copytree(demo_home, tmp_path / "home")
    monkeypatch.setenv("SMARKETING_HOME", str(home))
    monkeypatch.chdir(tmp_path)
    run = CliRunner()
    done = run.invoke(
        cli, ["export", "handoff#worklist", "--format", "csv", "--where", "segment=enterprise"]
    )
    (file,) = tmp_path.glob("*.csv")
    assert done.exit_code == 0 and done.output.strip() == file.name
    (tmp_path / "into").mkdir()
    done = run.invoke(cli, ["export", "handoff#load", "--format", "csv", "--out", "into"])
    (other,) = (tmp_path / "into").glob("*.csv")
    assert done.exit_code == 0 and done.output.strip() == str(other.relative_to(tmp_path))
    listed = pd.read_csv(io.BytesIO(file.read_bytes()))
    assert len(listed) and set(listed["segment"]) == {"Enterprise (1000 and more)"}
    assert audit.entries(home)[-1].about == "the figure handoff#worklist"
    (home / "reports").mkdir()
    (home / "reports" / "mine.yaml").write_text(
        "period: 2026-06\nfigures:\n- funnel?mode=entered#leaks\n- {figure: 'funnel#exits'}\n"
    )
    done = run.invoke(cli, ["report", "mine", "--format", "html,pptx", "--out", "made"])
    assert done.exit_code == 0, done.output
    html = (tmp_path / "made" / "mine-2026-06.html").read_text()
    shown = figures()[0].at(at("funnel?mode=entered#leaks"), "2026-06")
    assert shown.page.headline in html and "entered in the period" in html.lower()
    (home / "reports" / "bad.yaml").write_text("figures: ['funnel?mode=entered']\n")
    with pytest.raises(UsageError, match="names a page; add # and the figure's name"):
        plan_named(home, "bad")


def test_a_menu_says_the_command_and_adds_the_view(
    demo_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = shutil.copytree(demo_home, tmp_path / "home")
    app = run_page(home, monkeypatch, "funnel", mode="entered", segment="enterprise")
    code = [one.value for one in app.code]
    written = next(one for one in code if one.endswith("#exits'"))
    asked = at(written.removeprefix("smarketing export '").removesuffix("'"))
    assert dict(asked.query) == {
        "mode": "entered", "segment": "enterprise", "period": "2026-Q2",
    }  # fmt: skip
    app.selectbox(key="exits_report").set_value("owner")
    app.button(key="exits_add").click().run()
    one = plan_named(home, "owner").figures[-1]
    assert one.figure == "funnel?mode=entered#exits" and one.period == ""
    assert one.filters == Filters.of(segment=["enterprise"])
