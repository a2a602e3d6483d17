"""What the pages of a report say of the small company, word by word, to be kept and read."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

from builders import make_store
from figures import said
from small_agreements import agreement
from small_company import AS_OF, empty_company, small_company, tables
from small_workspace import small_workspace

from smarketing.agreement import Agreement
from smarketing.engine import DuckDBEngine, Filters
from smarketing.export.deck.pages import Chart, Grid, Number, Page
from smarketing.export.report.asked import Asked
from smarketing.export.report.catalogue import FIGURES, pages
from smarketing.export.report.digest import digest, to_html, to_markdown
from smarketing.workspace import Workspace, open_workspace
from smarketing.workspace.records import Action

PAGES = Path(__file__).parents[1] / "export" / "report" / "pages.txt"


@cache
def behind() -> Agreement:
    """Return an agreement that promises and aims at more than the small company ever does."""
    content = agreement().model_dump(mode="python")
    aims = (("won_revenue", 9_000_000.0), ("new_leads", 900.0), ("new_mqls", 70.0),
            ("win_rate_closed", 0.99), ("cost_per_lead", 0.01), ("won_deals", 30.0))  # fmt: skip
    content["targets"] = [
        {"kpi": kpi, "period": period, "value": value}
        for kpi, value in aims for period in ("2026-06", "2026-Q2", "2026")
    ]  # fmt: skip
    content["service_levels"]["commitment"] |= {"count": 600, "value": 150_000.0}
    return Agreement.model_validate(content)


@cache
def behind_company() -> DuckDBEngine:
    """Return the small company's store under that agreement."""
    return make_store(tables(), behind(), AS_OF)


@cache
def busy_workspace() -> Workspace:
    """Return a workspace of twelve late actions, some due on one day, beside what is not late."""
    workspace = open_workspace(Path(mkdtemp(prefix="smarketing-told-")))
    at = dt.datetime(2026, 6, 1, 8, tzinfo=dt.UTC)
    for number in range(14):
        workspace.of(Action).add(
            Action(text=f"Do <{number}>", owner="Bob & Ann", team="sales",
                   due_on=dt.date(2026, 7, 1) - dt.timedelta(days=number // 2),
                   status="done" if number == 9 else "open", created_by="Ann", created_at=at)
        )  # fmt: skip
    return workspace


#: Name -> the period, what it is narrowed to, and who is asked.
QUESTIONS: dict[str, tuple[str, dict[str, str], Callable[[], DuckDBEngine]]] = {
    "a quarter": ("2026-Q2", {}, small_company),
    "a month of a channel": ("2026-03", {"channel": "webinar"}, small_company),
    "a year before anything": ("2019", {}, small_company),
    "a month of a company with late targets": ("2026-06", {}, behind_company),
    "a quarter of nobody": ("2026-Q2", {}, empty_company),
}


def told(name: str) -> Iterator[str]:
    """Yield the lines of every figure's page under one question."""
    asked = _asked(*QUESTIONS[name])
    for figure in FIGURES:
        made, failed = pages(asked, [figure])
        yield from (f"{figure} is not made: {why}" for why in failed.values())
        yield from (_unhashed(line, asked) for page in made for line in _lines(page))
    found = digest("Digest", asked)
    for text in (to_markdown(found, "https://here"), to_html(found, "https://here/")):
        yield from _unhashed(text, asked).splitlines()


def _asked(period: str, chosen: dict[str, str], of: Callable[[], DuckDBEngine]) -> Asked:
    names = {"c0": "The fair", "c1": "The search"}
    agreed = behind() if of is behind_company else agreement()
    workspace = busy_workspace() if of is behind_company else small_workspace()
    window, filters = agreed.parse_period(period), Filters.of(**chosen)
    return Asked(of(), agreed, window, workspace, bool(chosen), names, filters)


def _unhashed(text: str, asked: Asked) -> str:
    return text.replace(asked.agreement.hash[:8], "hash")


def _lines(page: Page) -> Iterator[str]:
    yield f"{page.name}: {page.headline}"
    yield f"  {page.measure}"
    yield f"  {page.stamp.replace(agreement().hash[:8], 'hash')}"
    if page.alt:
        yield f"  told: {page.alt}"
    note = page.notes.partition("\n")[0]
    if not note.lower().startswith(("/*", "with", "select")):  # A statement is kept elsewhere.
        yield f"  note: {note}"
    yield from (f"  {line}" for line in _body(page))
    yield from (f"  also {_number(one)}" for one in page.also)


def _body(page: Page) -> Iterator[str]:
    if isinstance(page.body, Chart):
        yield f"{page.body.kind} of {' | '.join(page.body.categories)}".replace("\n", " / ")
        for one in page.body.series:
            yield f"{one.name} ({one.role}, {one.labelled}): {[said(v) for v in one.values]}"
    elif isinstance(page.body, Grid):
        yield f"{' | '.join(page.body.headers)} {page.body.numeric}"
        yield from (" | ".join(row) for row in page.body.rows)
    else:
        yield from (_number(one) if isinstance(one, Number) else str(one) for one in page.body)


def _number(one: Number) -> str:
    return f"{one.name}: {one.value}, {one.label}, {one.verdict}"
