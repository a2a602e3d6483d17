"""A document as Markdown, plain text, one HTML file that one can search, or PDF."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from html import escape

from smarketing.charts import names
from smarketing.document import Document, Passage, Table
from smarketing.errors import unknown
from smarketing.export.report.html import READY, STYLE
from smarketing.export.report.pdf import print_html

_Say = Callable[[object], str]
FORMATS = ("md", "html", "pdf")
_OWN_STYLE = """
.search { font: inherit; width: 100%; max-width: 480px; padding: 8px; margin: 16px 0; }
dl { display: grid; grid-template-columns: minmax(120px, 220px) 1fr; gap: 4px 16px; margin: 8px 0; }
dt { color: var(--muted); } dd { margin: 0; overflow-wrap: anywhere; }
h3 { font-size: 20px; margin: 24px 0 4px; } h4 { font-size: 16px; margin: 20px 0 4px; }
[hidden] { display: none; }
@media print { .search { display: none; } section { break-after: auto; padding: 12px 0; }
  h2, h3, h4 { break-after: avoid; } }
"""
_SEARCH = """
const box = document.querySelector('.search');
box.addEventListener('input', () => {
  const words = box.value.toLowerCase().split(/\\s+/).filter(Boolean);
  for (const part of document.querySelectorAll('.passage')) {
    const text = part.textContent.toLowerCase();
    part.hidden = !words.every(word => text.includes(word));
  }
});
"""


def to_format(document: Document, kind: str) -> bytes:
    """Return the document in one of FORMATS; UsageError with the nearest name for another."""
    makers: dict[str, Callable[[Document], bytes]] = {
        "md": lambda given: to_markdown(given).encode("utf-8"),
        "html": to_html,
        "pdf": to_pdf,
    }
    if kind not in makers:
        raise unknown("format", kind, FORMATS)
    return makers[kind](document)


def to_markdown(document: Document) -> str:
    """Return the document as Markdown; every text is data and stays what it is."""
    return _written(document, names.filed, names.filed)


def to_text(document: Document) -> str:
    """Return the document for a terminal, laid out like Markdown; only a cell's `|` is escaped."""
    return _written(document, names.visible, lambda cell: names.visible(cell).replace("|", r"\|"))


def _written(document: Document, say: _Say, cell: _Say) -> str:
    lines = [f"# {say(document.title)}", "", say(document.stamp), ""]
    for passage in document.passages:
        lines += [*_passage_lines(passage, say, cell), ""]
    return "\n".join(lines)


def _passage_lines(passage: Passage, say: _Say, cell: _Say) -> Iterator[str]:
    yield f"{'#' * (passage.level + 1)} {say(passage.title)}"
    for sentence in passage.sentences:
        yield from ("", say(sentence))
    if passage.facts:
        yield ""
    for label, text in passage.facts:
        yield f"- {say(label)}: {say(text)}"
    if passage.table is not None:
        yield ""
        yield f"| {' | '.join(cell(head) for head in passage.table.headers)} |"
        yield f"|{'---|' * len(passage.table.headers)}"
        for row in passage.table.rows:
            yield f"| {' | '.join(cell(text) for text in row)} |"


def to_html(document: Document) -> bytes:
    """Return the document as one file with contents and search; nothing is fetched."""
    anchors = document.anchors()
    contents = "".join(
        f'<li><a href="#{anchor}">{names.html(passage.title)}</a></li>'
        for anchor, passage in zip(anchors, document.passages, strict=True)
        if passage.level == 1
    )
    body = "\n".join(
        _passage(anchor, passage)
        for anchor, passage in zip(anchors, document.passages, strict=True)
    )
    parts = [
        '<!doctype html><html lang="en"><head><meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; '
        "script-src 'unsafe-inline'; style-src 'unsafe-inline'\">",
        f"<title>{names.html(document.title)}</title>",
        f"<style>{STYLE.read_text('utf-8')}{_OWN_STYLE}</style></head><body>",
        f"<header><h1>{names.html(document.title)}</h1>",
        f'<p class="stamp">{names.html(document.stamp)}</p>',
        '<input class="search" type="search" placeholder="Search" aria-label="Search">',
        f"<nav aria-label='Contents'><ol>{contents}</ol></nav></header><main>",
        body,
        f"</main><script>{_SEARCH}window.{READY} = true;</script></body></html>",
    ]
    return "\n".join(parts).encode("utf-8")


def _passage(anchor: str, passage: Passage) -> str:
    holder = "section" if passage.level == 1 else "div"
    return f'<{holder} class="passage" id="{escape(anchor)}">{body(passage)}</{holder}>'


def body(passage: Passage) -> str:
    """Return a passage as HTML: its title, sentences, facts and table; every text is data."""
    tag = f"h{min(passage.level + 1, 4)}"
    lines = "".join(f"<p>{names.html(sentence)}</p>" for sentence in passage.sentences)
    facts = "".join(
        f"<dt>{names.html(label)}</dt><dd>{names.html(text)}</dd>" for label, text in passage.facts
    )
    title = f"<{tag}>{names.html(passage.title)}</{tag}>"
    return f"{title}{lines}{f'<dl>{facts}</dl>' if facts else ''}{_table(passage.table)}"


def _table(table: Table | None) -> str:
    if table is None:
        return ""
    head = "".join(f"<th scope=col>{names.html(text)}</th>" for text in table.headers)
    rows = "".join(
        f"<tr>{''.join(f'<td>{names.html(cell)}</td>' for cell in row)}</tr>" for row in table.rows
    )
    return f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"


def to_pdf(document: Document, paper: str = "") -> bytes:
    """Return the document on paper; NoBrowserError where there is no browser to print with."""
    return print_html(document.title, to_html(document), paper)
