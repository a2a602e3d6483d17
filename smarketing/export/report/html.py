"""A report as one HTML file that needs nothing else: charts to hover over, pages to print."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cache
from html import escape
from pathlib import Path
from typing import Any

from smarketing.export.deck.pages import Chart, Grid, Number, Page, nothing
from smarketing.export.report.figure import figure_of

STYLE = Path(__file__).with_name("report.css")
#: Pixels in height that a page of paper has for a chart.
_ON_PAPER = 480
#: Set on the document once every chart is drawn, so that a printer knows when to begin.
READY = "smarketingReady"


def to_html(title: str, pages: Sequence[Page], language: str = "en") -> bytes:
    """Return the report: a title page with contents, then a section per page.

    No request leaves the file; every text is data and never markup.
    """
    sections = [_section(place, page) for place, page in enumerate(pages, start=1)]
    charts = {
        f"chart-{place}": json.loads(figure.to_json())
        for place, page in enumerate(pages, start=1)
        if (figure := _drawn(page)) is not None
    }
    contents = "".join(
        f'<li><a href="#page-{place}">{escape(page.headline)}</a></li>'
        for place, page in enumerate(pages, start=1)
    )
    stamp = escape(pages[0].stamp) if pages else ""
    parts = [
        f'<!doctype html><html lang="{escape(language)}"><head><meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; '
        "script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data: blob:\">",
        f"<title>{escape(title)}</title><style>{STYLE.read_text('utf-8')}</style></head><body>",
        f'<header><h1>{escape(title)}</h1><p class="stamp">{stamp}</p>',
        f"<nav aria-label='Contents'><ol>{contents}</ol></nav></header><main>",
        *sections,
        "</main>",
        _script(charts),
        "</body></html>",
    ]
    return "\n".join(parts).encode("utf-8")


def _section(place: int, page: Page) -> str:
    notes = (
        f"<details><summary>Definition and SQL</summary><pre>{escape(page.notes)}</pre></details>"
    )
    return "\n".join(
        [
            f'<section id="page-{place}"><h2>{escape(page.headline)}</h2>',
            f'<p class="measure">{escape(page.measure)}</p>',
            _body(place, page),
            notes if page.notes else "",
            f'<p class="stamp">{escape(page.stamp)}</p></section>',
        ]
    )


def _body(place: int, page: Page) -> str:
    body = page.body
    figure = _drawn(page)
    if figure is not None:
        alt = escape(page.alt or page.headline, quote=True)
        # On paper a tall one is drawn smaller rather than cut at the end of a page.
        fit = _ON_PAPER / (figure.layout.height or _ON_PAPER)
        style = f' style="--fit:{fit:.2f}"' if fit < 1 else ""
        return f'<div class="chart" id="chart-{place}" role="img" aria-label="{alt}"{style}></div>'
    if isinstance(body, Grid):
        return _table(body)
    if isinstance(body, tuple) and body:
        return "".join(_item(item) for item in body)
    return f"<p>{escape(nothing(page))}</p>"


def _drawn(page: Page) -> Any:
    """Return what a browser draws of a page; None where it has no chart."""
    if page.drawn is not None:
        return page.drawn
    if isinstance(page.body, Chart) and not page.body.is_empty:
        return figure_of(page.body)
    return None


def _item(item: Number | str) -> str:
    if isinstance(item, Number):
        return (
            f'<div class="number"><span class="label">{escape(item.label)}</span>'
            f'<span class="value">{escape(item.value)}</span>'
            f'<span class="verdict {item.tone}">{escape(item.verdict)}</span></div>'
        )
    return f'<p class="sentence">{escape(item)}</p>'


def _table(grid: Grid) -> str:
    def cells(row: Sequence[str], tag: str, scope: str = "") -> str:
        return "".join(
            f"<{tag}{scope}{' class=number-cell' if place in grid.numeric else ''}>"
            f"{escape(text)}</{tag}>"
            for place, text in enumerate(row)
        )

    rows = "".join(f"<tr>{cells(row, 'td')}</tr>" for row in grid.rows)
    head = cells(grid.headers, "th", " scope=col")
    return f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"


def _script(charts: dict[str, Any]) -> str:
    if not charts:
        return f"<script>window.{READY} = true;</script>"
    data = json.dumps(charts, ensure_ascii=True, sort_keys=True).replace("</", "<\\/")
    return (
        f"<script>{_plotly()}</script><script>const charts = {data};"
        "Promise.all(Object.entries(charts).map(([id, c]) => Plotly.newPlot(id, c.data, c.layout,"
        " {responsive: true, displaylogo: false, displayModeBar: false})))"
        f".then(() => {{ window.{READY} = true; }});</script>"
    )


@cache
def _plotly() -> str:
    from plotly.offline import get_plotlyjs

    return str(get_plotlyjs())
