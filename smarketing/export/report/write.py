"""Writing a report: its pages in every format asked for, into a folder with a list of all of it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from html import escape
from pathlib import Path
from urllib.parse import quote

from smarketing.charts.names import visible
from smarketing.errors import SmarketingError, StoreError, UsageError, unknown
from smarketing.export.deck import Refreshed, make_deck, refresh_deck
from smarketing.export.deck.pages import Chart, Page
from smarketing.export.images import to_image
from smarketing.export.report.asked import Asked
from smarketing.export.report.book import table_of, to_book
from smarketing.export.report.catalogue import checked, pages
from smarketing.export.report.digest import digest, to_markdown
from smarketing.export.report.digest import to_html as digest_html
from smarketing.export.report.figure import figure_of
from smarketing.export.report.html import to_html
from smarketing.export.report.made import is_made, is_untouched, mark, note
from smarketing.export.report.pdf import to_pdf
from smarketing.export.report.plans import Plan, title_of
from smarketing.export.shown import FORMATS as FIGURE_FORMATS
from smarketing.export.stamp import Stamp
from smarketing.store.home import write_atomic

#: The formats of a report; a digest is one page of text, as Markdown and as HTML.
FORMATS = ("pptx", "pdf", "html", "xlsx", "digest")
_INDEX = "index.html"
_LONGEST_NAME = 60
#: What a post is called among the files of a report.
_POST = "post"
_SUFFIXES: Mapping[str, tuple[str, ...]] = {"digest": ("digest.md", "digest.html")}


@dataclass(frozen=True)
class Written:
    """What became of a report: files written, and by figure or format why one is missing.

    `refreshed` says what became of decks that a person had worked on, by file.
    """

    files: tuple[Path, ...]
    failed: Mapping[str, str]
    refreshed: Mapping[Path, Refreshed] = field(default_factory=dict)


def checked_formats(given: Sequence[str]) -> tuple[str, ...]:
    """Return the formats asked for; UsageError for none or an unknown one."""
    if not given:
        raise UsageError(f"Name a format with --format: {', '.join(FORMATS)}.")
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
    url: str = "",
    step: Callable[[str, float], None] = lambda *_: None,
) -> Written:
    """Write a report in each format; a figure or format that fails is named, the rest is written.

    A deck that a person worked on gets the new numbers in place, and keeps their work.
    `url` is where people reach the dashboard, for the links of a digest; `step` is told what is
    being made and which share is done. Raises UsageError where not one figure could be made,
    StoreError where the folder cannot be written.
    """
    step("figures", 0.0)
    title = title_of(plan, asked.agreement, asked.window)
    made, failed = pages(asked, plan.figures)
    if not made:
        raise UsageError(f"No figure of '{plan.name}' could be made: {' '.join(failed.values())}")
    makers = _makers(title, made, asked, template, url)
    marks: dict[Path, str] = {}
    refreshed: dict[Path, Refreshed] = {}
    full: OSError | None = None
    with output_errors(folder):
        is_new = not folder.exists()
        folder.mkdir(parents=True, exist_ok=True)
        for place, name in enumerate(formats, start=1):
            step(name, place / (len(formats) + 1))
            for suffix in _SUFFIXES.get(name, (name,)):
                file = folder / file_name(plan, asked, suffix)
                try:
                    if suffix == "pptx" and not is_untouched(file):
                        stamp = visible(asked.stamp())
                        done = refresh_deck(file.read_bytes(), made, title, stamp)
                        refreshed[put_file(file, done.content)], marks[file] = done, ""
                    else:
                        content = makers[suffix]()
                        marks[put_file(file, content)] = mark(content)
                except SmarketingError as error:
                    failed[name] = str(error)
                except OSError as error:
                    # A smaller one may still have room.
                    failed[name] = f"It cannot be written{_told(folder, error)}"
                    full = error
        if marks:
            _index(folder)
            note(folder, plan, asked, {file.name: known for file, known in marks.items()})
        elif is_new:
            folder.rmdir()
        if full is not None and not marks:
            raise full
    return Written(tuple(marks), failed, refreshed)


def _makers(
    title: str, made: Sequence[Page], asked: Asked, template: Path | None, url: str
) -> Mapping[str, Callable[[], bytes]]:
    """Return by suffix what makes the file."""
    found = cache(lambda: digest(title, asked))
    return {
        "pptx": lambda: make_deck(title, made, template, visible(asked.stamp())),
        "pdf": lambda: to_pdf(title, made),
        "html": lambda: to_html(title, made),
        "xlsx": lambda: to_book(title, made),
        "digest.md": lambda: to_markdown(found(), url).encode(),
        "digest.html": lambda: digest_html(found(), url).encode(),
    }


@contextmanager
def output_errors(folder: Path) -> Iterator[None]:
    """Say of a folder that cannot be written to what is wrong, and what to name instead."""
    try:
        yield
    except OSError as error:
        raise StoreError(f"Nothing can be written{_told(folder, error)}") from error


def _told(folder: Path, error: OSError) -> str:
    return (
        f" to {folder} ({error.strerror or error}); name another folder with --out, or make room "
        "there."
    )


def file_name(plan: Plan, asked: Asked, suffix: str) -> str:
    """Return a report's file name: its own, the period's and what it was narrowed to."""
    own = plan.filters.as_dict()
    added = [v for name, values in asked.filters if list(values) != own.get(name) for v in values]
    words = "-".join([plan.name, asked.window.label, *added])
    stem = re.sub(r"[^\w-]+", "-", words).strip("-")[:_LONGEST_NAME]
    return f"{stem}.{suffix}"


def is_written(plan: Plan, asked: Asked, folder: Path, formats: Sequence[str]) -> bool:
    """Return whether a report is in a folder in every format, of data that are all it can have."""
    suffixes = [end for name in formats for end in _SUFFIXES.get(name, (name,))]
    names = [file_name(plan, asked, suffix) for suffix in suffixes]
    is_there = all((folder / name).exists() for name in names)
    return is_there and is_made(folder, plan, asked, names)


def is_posted(plan: Plan, asked: Asked, folder: Path) -> bool:
    """Return whether a report of a folder was posted, of data that go to its last day."""
    return is_made(folder, plan, asked, [file_name(plan, asked, _POST)], is_once=True)


def note_post(plan: Plan, asked: Asked, folder: Path) -> None:
    """Note beside the reports of a folder that one was posted, and of what it was made."""
    with output_errors(folder):
        note(folder, plan, asked, {file_name(plan, asked, _POST): ""})


def put_file(path: Path, content: bytes) -> Path:
    """Write a file whole or not at all."""
    part = path.with_name(f".{path.name}.part")
    try:
        part.write_bytes(content)
        part.replace(path)
    except OSError:
        part.unlink(missing_ok=True)
        raise
    return path


def _index(folder: Path) -> None:
    """Write the page that lists every report of a folder: a line each, its formats as links."""
    by_report: dict[str, list[tuple[str, str]]] = {}
    ends = sorted(
        (end for name in FORMATS for end in _SUFFIXES.get(name, (name,))), key=len, reverse=True
    )
    for name in sorted(path.name for path in folder.iterdir()):
        end = next((end for end in ends if name.endswith(f".{end}")), None)
        if end is not None and name != _INDEX and not name.startswith("."):
            by_report.setdefault(name.removesuffix(f".{end}"), []).append((end, name))
    rows = "".join(
        f"<tr><th scope=row>{escape(stem)}</th><td>{_links(files)}</td></tr>"
        for stem, files in sorted(by_report.items())
    )
    write_atomic(
        folder / _INDEX,
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Reports</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1"><style>'
        "body{font:16px/1.5 Helvetica,Arial,sans-serif;max-width:900px;margin:0 auto;padding:24px}"
        "th{text-align:left;font-weight:600;padding-right:32px}td a{margin-right:16px}"
        "th,td{padding-top:6px;padding-bottom:6px;border-bottom:1px solid #dde2e6}"
        f"</style></head><body><h1>Reports</h1><table>{rows}</table></body></html>",
    )


def _links(files: Sequence[tuple[str, str]]) -> str:
    return " ".join(f'<a href="{escape(quote(name))}">{end}</a>' for end, name in files)


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
    return put_in_folder(file, _figure(made[0], kind))


def put_in_folder(file: Path, content: bytes) -> Path:
    """Write a file whole or not at all, and the folder that it is to be in."""
    with output_errors(file.parent):
        file.parent.mkdir(parents=True, exist_ok=True)
        return put_file(file, content)


def _figure(page: Page, kind: str) -> bytes:
    if kind == "pptx":
        return make_deck(page.headline, [page])
    if kind == "xlsx":
        return to_book(page.headline, [page])
    if kind == "csv":
        return table_of(page)
    if not isinstance(page.body, Chart) or page.body.is_empty:
        raise UsageError(f"The figure '{page.name}' has no chart here; ask for csv, xlsx or pptx.")
    stamp = Stamp(page.headline, page.measure, said=page.stamp)
    return to_image(figure_of(page.body), stamp, kind)
