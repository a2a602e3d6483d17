"""Writing a report: its pages in every format asked for, into a folder with a list of all of it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path

from smarketing.errors import SmarketingError, UsageError, unknown
from smarketing.export.deck import make_deck
from smarketing.export.deck.pages import Chart, Page
from smarketing.export.images import to_image
from smarketing.export.report.asked import Asked
from smarketing.export.report.book import table_of, to_book
from smarketing.export.report.catalogue import checked, pages
from smarketing.export.report.figure import figure_of
from smarketing.export.report.html import to_html
from smarketing.export.report.pdf import to_pdf
from smarketing.export.report.plans import Plan, title_of
from smarketing.export.stamp import Stamp
from smarketing.store.home import disk_errors, write_atomic

FORMATS = ("pptx", "pdf", "html", "xlsx")
FIGURE_FORMATS = ("png", "svg", "pdf", "csv", "xlsx", "pptx")
_INDEX = "index.html"


@dataclass(frozen=True)
class Written:
    """What became of a report: files written, and by figure or format why one is missing."""

    files: tuple[Path, ...]
    failed: Mapping[str, str]


def checked_formats(given: Sequence[str]) -> tuple[str, ...]:
    """Return the formats asked for; UsageError with the nearest name for an unknown one."""
    for name in given:
        if name not in FORMATS:
            raise unknown("format", name, FORMATS)
    return tuple(dict.fromkeys(given))


def write_report(
    plan: Plan,
    asked: Asked,
    folder: Path,
    formats: Sequence[str] = FORMATS,
    template: Path | None = None,
) -> Written:
    """Write a report in each format; a figure or format that fails is named, the rest is written.

    Raises UsageError where the folder cannot be made or not one figure could be.
    """
    title = title_of(plan, asked.agreement, asked.window)
    made, failed = pages(asked, plan.figures)
    if not made:
        raise UsageError(f"No figure of '{plan.name}' could be made: {' '.join(failed.values())}")
    makers: Mapping[str, Callable[[], bytes]] = {
        "pptx": lambda: make_deck(title, made, template),
        "pdf": lambda: to_pdf(title, made),
        "html": lambda: to_html(title, made),
        "xlsx": lambda: to_book(title, made),
    }
    files = []
    with disk_errors(folder):
        folder.mkdir(parents=True, exist_ok=True)
        for name in formats:
            try:
                content = makers[name]()
            except SmarketingError as error:
                failed[name] = str(error)
                continue
            files.append(_put(folder / file_name(plan, asked, name), content))
        _index(folder)
    return Written(tuple(files), failed)


def file_name(plan: Plan, asked: Asked, suffix: str) -> str:
    """Return a report's file name: its own and the period's."""
    stem = re.sub(r"[^\w-]+", "-", f"{plan.name}-{asked.window.label}").strip("-")
    return f"{stem}.{suffix}"


def _put(path: Path, content: bytes) -> Path:
    """Write a file whole or not at all."""
    part = path.with_name(f".{path.name}.part")
    part.write_bytes(content)
    part.replace(path)
    return path


def _index(folder: Path) -> None:
    """Write the page that lists every report of a folder."""
    found = sorted(p.name for p in folder.iterdir() if p.suffix.lstrip(".") in FORMATS)
    rows = "".join(
        f'<li><a href="{escape(name)}">{escape(name)}</a></li>' for name in found if name != _INDEX
    )
    write_atomic(
        folder / _INDEX,
        '<!doctype html><html lang="en"><meta charset="utf-8"><title>Reports</title>'
        f"<h1>Reports</h1><ul>{rows}</ul></html>",
    )


def write_figure(asked: Asked, figure: str, file: Path, kind: str) -> Path:
    """Write one figure of the catalogue as a picture, a table or a page of a deck.

    Raises UsageError for a kind that there is none of, or that the figure has no chart for.
    """
    checked([figure], "the catalogue")
    if kind not in FIGURE_FORMATS:
        raise unknown("format", kind, FIGURE_FORMATS)
    made, failed = pages(asked, [figure])
    if failed:
        raise UsageError(failed[figure])
    with disk_errors(file.parent):
        file.parent.mkdir(parents=True, exist_ok=True)
        return _put(file, _figure(made[0], kind))


def _figure(page: Page, kind: str) -> bytes:
    if kind == "pptx":
        return make_deck(page.headline, [page])
    if kind == "xlsx":
        return to_book(page.headline, [page])
    if kind == "csv":
        return table_of(page)
    if not isinstance(page.body, Chart) or page.body.is_empty:
        raise UsageError(f"The figure '{page.name}' has no chart here; ask for csv, xlsx or pptx.")
    stamp = Stamp(page.headline, page.measure, choices={"": page.stamp})
    return to_image(figure_of(page.body), stamp, kind)
