"""A document in each format: searchable, and every text in it is data."""

from __future__ import annotations

import pytest

from smarketing.document import Document, Passage, Table
from smarketing.errors import UsageError
from smarketing.export.document import to_format, to_html, to_markdown, to_text

HOSTILE = "<script>alert(1)</script> [x](http://e) | *b*"
DOCUMENT = Document(
    "Minutes of us",
    "week 24",
    (
        Passage("What", 1, (HOSTILE,), (("Label", HOSTILE),)),
        Passage("What", 2, table=Table(("A", "B"), ((HOSTILE, "1"),))),
    ),
)


def test_html_holds_contents_and_search_and_fetches_nothing() -> None:
    page = to_html(DOCUMENT).decode()
    assert "<script>alert" not in page and page.count("&lt;script&gt;alert(1)") == 3
    assert '<a href="#what">' in page and 'id="what-2"' in page and 'type="search"' in page
    assert "default-src 'none'" in page and "src=" not in page


def test_markdown_shows_a_name_as_it_is() -> None:
    text = to_markdown(DOCUMENT)
    assert r"\[x\](" in text and r"\<script\>" in text and r"\| \*b\*" in text
    # What is no markup can be read: a week, a time, a number.
    said = to_markdown(Document("2026-W26", "since 21:01, n 4 (3.5 %)", ()))
    assert said.splitlines()[:3] == ["# 2026-W26", "", "since 21:01, n 4 (3.5 %)"]
    assert to_text(DOCUMENT).splitlines()[:2] == ["# Minutes of us", ""]
    assert f"- Label: {HOSTILE}" in to_text(DOCUMENT)
    assert rf"| {HOSTILE.replace('|', chr(92) + '|')} | 1 |" in to_text(DOCUMENT)


def test_an_unknown_format_names_the_nearest() -> None:
    assert to_format(DOCUMENT, "md").decode() == to_markdown(DOCUMENT)
    with pytest.raises(UsageError, match="Did you mean 'html'"):
        to_format(DOCUMENT, "htm")


def test_a_document_line_by_line() -> None:
    inner = Passage("Why", 4, ("One.", "Two."), (("A", "1"), ("B", "2")),
                    Table(("C", "D"), (("3", "4"), ("5", "6"))))  # fmt: skip
    assert to_text(Document("T", "S", (inner, Passage("So", 1)))).splitlines() == [
        "# T", "", "S", "", "##### Why", "", "One.", "", "Two.", "", "- A: 1", "- B: 2", "",
        "| C | D |", "|---|---|", "| 3 | 4 |", "| 5 | 6 |", "", "## So",
    ]  # fmt: skip
    page = to_html(Document("T", "S", (inner, Passage("So", 1))))
    assert (
        '<div class="passage" id="why"><h4>Why</h4><p>One.</p><p>Two.</p><dl><dt>A</dt><dd>1</dd>'
        "<dt>B</dt><dd>2</dd></dl><table><thead><tr><th scope=col>C</th><th scope=col>D</th></tr>"
        "</thead><tbody><tr><td>3</td><td>4</td></tr><tr><td>5</td><td>6</td></tr></tbody></table>"
        "</div>"
    ) in page.decode()
    assert '<section class="passage" id="so"><h2>So</h2></section>' in page.decode()
    assert page.decode().count("<li><a href=") == 1
