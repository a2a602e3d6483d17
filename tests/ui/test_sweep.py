"""Every page, tab, ⓘ, record and export on seven stores: nothing fails, everything adds up."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd
import pytest
from small_stores import HOSTILE, bare_home, hostile_home, leadforge_home, odd_home, salesforce_home
from streamlit.testing.v1 import AppTest

from smarketing import app_path
from smarketing.access import LOCAL
from smarketing.agreement import Kpi
from smarketing.analysis.health.finding import Finding
from smarketing.charts.theme import DARK
from smarketing.export.deck.pages import Chart, Grid, Page, printable
from smarketing.export.images import stamped
from smarketing.export.tables import to_csv, to_xlsx
from smarketing.ui import cards, exhibit, offscreen
from smarketing.ui.bar import OBEYED
from smarketing.ui.exhibit import Exhibit
from smarketing.ui.explain import of_kpi
from smarketing.ui.figures import taken_out
from smarketing.ui.navigation import PAGES
from smarketing.ui.records import Records
from smarketing.ui.sections.health import report
from smarketing.ui.view import View

#: Page and, where it has them, the address of each of its tabs.
TABS = {
    "funnel": ("show", ("funnel", "breakdown", "trend", "time", "paths", "separates", "two")),
    "handoff": ("handoff_view", ("promises", "speed", "returns", "worklist")),
    "lead_quality": ("quality_view", ("threshold", "rules", "buyers", "whatif")),
}  # fmt: skip
VIEWS = [
    (name, *opened)
    for name, _ in PAGES
    for key, tabs in [TABS.get(name, ("", ("",)))]
    for opened in [(key, tab) for tab in tabs]
]
FILTERED = {"segment": "enterprise", "channel": ["webinar", "paid_search"]}


@dataclass
class Seen:
    """What one run of a page put on it."""

    exhibits: dict[str, Exhibit] = field(default_factory=dict)
    cards: list[tuple[View, Kpi]] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)


@pytest.fixture(scope="module")
def stores(
    demo_home: Path, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, tuple[Path, dict[str, object]]]:
    """Seven stores, each with the address under which its pages are opened."""
    new = tmp_path_factory.mktemp
    return {
        "demo": (demo_home, {"period": "2026-Q2"}),
        "demo, filtered": (demo_home, {"period": "2025-07..2026-06", **FILTERED}),
        "a CRM alone": (salesforce_home(new("crm")), {"period": "2024"}),
        "a simulated company": (leadforge_home(new("simulated")), {"period": "2024-Q1"}),
        "nothing": (bare_home(new("bare")), {"period": "2026-Q2"}),
        "hostile names": (hostile_home(new("hostile")), {"period": "2026"}),
        "everything odd": (odd_home(new("odd")), {"period": "2025-07..2026-06"}),
    }


@pytest.fixture
def seen(monkeypatch: pytest.MonkeyPatch) -> Iterator[Seen]:
    """What the pages opened in a test show, as they show it."""
    found = Seen()
    heads, behind, finding = exhibit._head, cards._behind, report._behind
    monkeypatch.setattr(
        exhibit, "_head", lambda e: (found.exhibits.__setitem__(e.key, e), heads(e))[1]
    )
    monkeypatch.setattr(
        cards,
        "_behind",
        lambda view, kpi, rule: (found.cards.append((view, kpi)), behind(view, kpi, rule))[1],
    )
    monkeypatch.setattr(
        report,
        "_behind",
        lambda view, f, label: (found.findings.append(f), finding(view, f, label))[1],
    )
    yield found


def opened(home: Path, monkeypatch: pytest.MonkeyPatch, page: str, address: dict[str, object]):
    """The text of a page at an address."""
    monkeypatch.setenv("SMARKETING_HOME", str(home))
    app = AppTest.from_file(str(app_path()), default_timeout=300)
    if page != PAGES[0][0]:
        app.switch_page(f"pages/{page}.py")
    for key, value in address.items():
        app.query_params[key] = value
    app.run()
    assert not app.exception, [error.message for error in app.exception]
    html = [str(element.proto.body) for element in app.get("html")]
    text = "\n".join([*html, *(str(e.value) for e in (*app.markdown, *app.caption))])
    assert "could not be shown" not in text, re.sub("<[^>]+>", " ", text)
    reads_well(text)
    for element in (*app.markdown, *app.caption, *app.expander, *app.get("popover")):
        words = str(getattr(element, "value", None) or getattr(element, "label", ""))
        assert not any(name in words for name in HOSTILE if set(name) & set("[<$`*")), words
    return text


def reads_well(text: str) -> None:
    """No name in it is markup or turns it around, and what is missing is in words."""
    assert not re.search(r"<b>bold|[\u202e\u200f]|=\u202e", text), text
    plain = re.sub("<[^>]+>", " ", text)
    assert not re.search(r"\b(nan|None|NaT|inf)\b", plain), plain


def is_sound(shown: Exhibit) -> None:
    """Draw it, explain it, list its records, export it, put it into a report."""
    page = printable(taken_out(shown).page)
    assert (page.drawn is None) == (shown.data.empty or shown.draw is None), shown.key
    if page.drawn is not None:
        assert stamped(page.drawn, shown.stamp).to_json(), shown.key
        assert stamped(shown.draw(DARK), shown.stamp, DARK).to_json(), shown.key
    if shown.definition.sql is not None:
        assert page.notes.lower().count("select"), shown.key
    is_printed(page)
    for table in (to_csv, to_xlsx):
        assert table(shown.data, shown.stamp), shown.key
    instants_have_offsets(shown.key, shown.data)
    if shown.records is None or shown.data.empty:
        return
    written = set()
    for part in (None, *shown.parts):
        records = shown.records(part)
        adds_up(f"{shown.key}, {part}", records)
        kinds = tuple(records.frame.dtypes.items())
        if kinds not in written:  # a part is rows of the whole, as a rule in its columns
            assert to_csv(records.frame, shown.stamp), (shown.key, part)
            written.add(kinds)


def is_printed(page: Page) -> None:
    """What a report says of it: a chart whose numbers fit its names, or a table of words."""
    if isinstance(page.body, Chart):
        assert not page.body.is_empty and all(
            len(one.values) == len(page.body.categories) for one in page.body.series
        ), page.name
    if isinstance(page.body, Grid):
        words = " ".join(cell for row in page.body.rows for cell in row)
        assert page.body.rows and not re.search(r"\b(nan|None|NaT|<NA>|inf)\b", words), words


def adds_up(name: str, records: Records) -> None:
    """Its records add up to the figure."""
    assert records.adds_up is not False, (
        f"{name}: {records.sum} listed, the figure says {records.expected}"
    )
    instants_have_offsets(name, records.frame)


def instants_have_offsets(name: str, frame: pd.DataFrame) -> None:
    """What a machine reads says in which zone it is."""
    for column in frame.columns:
        kind = str(frame[column].dtype)
        is_instant = kind.startswith(("datetime64", "timestamp"))
        assert not is_instant or "Europe/Berlin" in kind, (name, column, kind)


@pytest.mark.parametrize("store", ["demo", "demo, filtered", "a CRM alone", "a simulated company",
                                   "nothing", "hostile names", "everything odd"])  # fmt: skip
@pytest.mark.parametrize(("name", "key", "tab"), VIEWS)
def test_everything_a_page_shows(
    store: str, name: str, key: str, tab: str, stores, seen: Seen, monkeypatch: pytest.MonkeyPatch
) -> None:
    home, address = stores[store]
    opened(home, monkeypatch, name, {**address, **({key: tab} if key else {})})
    for shown in seen.exhibits.values():
        is_sound(shown)
    for view, kpi in seen.cards:
        assert of_kpi(view, kpi.id).sql is not None
        found = cards.records_of(view, kpi.id)
        assert found.adds_up is not False, (kpi.id, found.sum, found.expected)
    for finding in seen.findings:
        frame = report._records_of(next(iter(seen.exhibits.values())).view.store.engine, finding)
        assert len(frame.columns), finding.id


#: What each filter is set to, one at a time: values that change what obeys them.
NARROWED = {
    "segment": "enterprise",
    "region": "dach",
    "persona": "technology",
    "channel": "webinar",
    "owner": "Levin Moorland",
    "period": "2025-Q4",
}


def figures(home: Path, monkeypatch: pytest.MonkeyPatch, name: str, address):
    """Every figure of a page at an address: its numbers, and what its stamp says it obeyed.

    They are caught rather than drawn.
    """
    with offscreen.catching(LOCAL) as caught:
        opened(home, monkeypatch, name, address)
    found = {}
    for shown in (figure.if_given() for figure in caught.figures):
        reads_well(f"{shown.title} {shown.reading}")
        found[shown.key] = (shown.data.to_csv() + shown.title, set(shown.stamp.filters))
    return found


@pytest.mark.parametrize(("name", "key", "tab"), VIEWS)
def test_a_stamp_names_what_the_figure_obeyed_and_nothing_else(
    name: str,
    key: str,
    tab: str,
    demo_home: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    usual = {"period": "2026-Q2", **({key: tab} if key else {})}
    if name == "journeys":
        usual["unit"] = "D000010"
    plain = figures(demo_home, monkeypatch, name, usual)
    for dimension in OBEYED[name].names:
        if dimension not in NARROWED:
            continue
        address = {**usual, dimension: NARROWED[dimension]}
        narrowed = figures(demo_home, monkeypatch, name, address)
        for figure in plain.keys() & narrowed.keys():
            said = any(word.startswith(dimension.capitalize()) for word in narrowed[figure][1])
            changed = plain[figure][0] != narrowed[figure][0]
            assert said == changed, (figure, dimension, "said" if said else "not said")
