"""A report as PDF: its own HTML, printed by an installed Chrome or Chromium once it is drawn."""

from __future__ import annotations

import asyncio
import base64
import re
import tempfile
from collections.abc import Sequence
from html import escape
from pathlib import Path
from typing import Any

from smarketing.errors import UsageError, did_you_mean
from smarketing.export.deck.pages import Page
from smarketing.export.images import HOW_TO, NoBrowserError, find_browser, without_clock
from smarketing.export.report.html import READY, to_html
from smarketing.settings import Settings

#: Width and height in inches, upright.
PAPERS = {"a4": (794 / 96, 1122 / 96), "letter": (8.5, 11.0)}
_SIDE, _HEAD, _FOOT_ROOM = 53, 60, 66
"""Pixels left free at the sides, above and below."""
_WAIT_SECONDS = 60
#: The browser counts the nodes of the page for the reader's tree, some of them now and then twice.
_NODE = re.compile(rb"\(node\d{8}\)")
_FOOT = (
    '<div style="font:8px sans-serif;color:#5a646e;width:100%;padding:0 14mm;display:flex;'
    'justify-content:space-between"><span>{title}</span>'
    '<span><span class="pageNumber"></span> / <span class="totalPages"></span></span></div>'
)


def to_pdf(title: str, pages: Sequence[Page], paper: str = "") -> bytes:
    """Return the report on paper, laid across: one topic a page, numbered, with contents, tagged.

    The same pages give the same bytes by the same browser. Raises UsageError for another paper,
    NoBrowserError where there is no browser to print with.
    """
    return print_html(title, to_html(title, pages), paper, across=True)


def print_html(title: str, html: bytes, paper: str = "", *, across: bool = False) -> bytes:
    """Return a page of HTML on paper, once it says by `READY` that it is drawn.

    `across` lays the paper on its long side, as charts want it; texts want it upright. Blank
    `paper` is that of the settings.

    Raises what `to_pdf` raises.
    """
    paper = (paper or Settings().paper).lower()
    if paper not in PAPERS:
        raise UsageError(f"Unknown paper '{paper}'.{did_you_mean(paper, PAPERS)}")
    browser = find_browser()
    if browser is None:
        raise NoBrowserError(HOW_TO)
    with tempfile.TemporaryDirectory(prefix="smarketing-") as folder:
        file = Path(folder) / "report.html"
        file.write_bytes(html)
        try:
            size = PAPERS[paper][::-1] if across else PAPERS[paper]
            printed = asyncio.run(_print(file, browser, title, size))
        except Exception as error:  # the browser's driver tells what went wrong in its own errors
            raise NoBrowserError(
                f"The report could not be printed with {browser}: {error} Try again, or set "
                "BROWSER_PATH to another Chrome or Chromium."
            ) from error
    return _settled(printed)


def _settled(pdf: bytes) -> bytes:
    """Take out what differs from one printing to the next; every byte keeps its place."""
    pdf = without_clock(pdf)
    numbers = {name: b"(node%08d)" % n for n, name in enumerate(sorted({*_NODE.findall(pdf)}))}
    return _NODE.sub(lambda node: numbers[node[0]], pdf)


async def _print(file: Path, browser: str, title: str, size: tuple[float, float]) -> bytes:
    import choreographer

    width, height = size
    async with choreographer.Browser(path=browser, headless=True, enable_sandbox=False) as opened:
        tab = await opened.create_tab("about:blank")
        await _drawn(tab, file, round(width * 96) - 2 * _SIDE)
        answer: Any = await tab.send_command(
            "Page.printToPDF",
            params={
                "paperWidth": width,
                "paperHeight": height,
                "marginTop": _HEAD / 96,
                "marginBottom": _FOOT_ROOM / 96,
                "marginLeft": _SIDE / 96,
                "marginRight": _SIDE / 96,
                "printBackground": True,
                "displayHeaderFooter": True,
                "headerTemplate": "<span></span>",
                "footerTemplate": _FOOT.format(title=escape(title)),
                "generateTaggedPDF": True,
                "generateDocumentOutline": True,
            },
        )
    if "result" not in answer:
        raise RuntimeError(answer.get("error", {}).get("message", "no answer"))
    return base64.b64decode(answer["result"]["data"])


async def _drawn(tab: Any, file: Path, width: int) -> None:
    """Open a page at the width of the paper and wait until it says that every chart is drawn.

    It is paper from the start: what was laid out for a screen first can end up a pixel lower.
    """
    await tab.send_command("Emulation.setEmulatedMedia", params={"media": "print"})
    await tab.send_command(
        "Emulation.setDeviceMetricsOverride",
        params={"width": width, "height": 1000, "deviceScaleFactor": 2, "mobile": False},
    )
    await tab.send_command("Page.navigate", params={"url": file.as_uri()})
    script = (
        "new Promise((done, failed) => { const end = Date.now() + "
        f"{_WAIT_SECONDS * 1000}; const look = () => window.{READY} ? done(true) : Date.now() > end"
        " ? failed(new Error('charts were not drawn in time')) : setTimeout(look, 50); look(); })"
        ".then(() => Promise.all([document.fonts.ready,"
        " ...[...document.querySelectorAll('.js-plotly-plot')].map(c => Plotly.Plots.resize(c))]))"
        ".then(() => new Promise(done =>"
        " requestAnimationFrame(() => requestAnimationFrame(() => done(true)))))"
    )
    answer = await tab.send_command(
        "Runtime.evaluate", params={"expression": script, "awaitPromise": True}
    )
    if "exceptionDetails" in answer.get("result", {}):
        raise RuntimeError("the charts were not drawn in time.")
