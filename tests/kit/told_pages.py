"""What the pages of a report say of the small company, word by word, to be kept and read."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from figures import said
from small_agreements import agreement
from small_company import small_company
from small_workspace import small_workspace

from smarketing.engine import Filters
from smarketing.export.deck.pages import Chart, Grid, Number, Page
from smarketing.export.report.asked import Asked
from smarketing.export.report.catalogue import FIGURES, pages
from smarketing.export.report.digest import digest, to_markdown

PAGES = Path(__file__).parents[1] / "export" / "report" / "pages.txt"
#: Name -> the period, and what it is narrowed to.
QUESTIONS: dict[str, tuple[str, dict[str, str]]] = {
    "a quarter": ("2026-Q2", {}),
    "a month of a channel": ("2026-03", {"channel": "webinar"}),
}


def told(name: str) -> Iterator[str]:
    """Yield the lines of every figure's page under one question."""
    for figure in FIGURES:
        made, failed = pages(_asked(*QUESTIONS[name]), [figure])
        yield from (f"{figure} is not made: {why}" for why in failed.values())
        yield from (line for page in made for line in _lines(page))
    said = to_markdown(digest("Digest", _asked(*QUESTIONS[name])), "https://here")
    yield from said.replace(agreement().hash[:8], "hash").splitlines()


def _asked(period: str, chosen: dict[str, str]) -> Asked:
    names = {"c0": "The fair", "c1": "The search"}
    window, filters = agreement().parse_period(period), Filters.of(**chosen)
    store, workspace, is_signed = small_company(), small_workspace(), bool(chosen)
    return Asked(store, agreement(), window, workspace, is_signed, names, filters)


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
