"""Reports read back: HTML as a document, PDF by its pages and text, a workbook by its types."""

from __future__ import annotations

import io
import json
import re
from html.parser import HTMLParser

import pytest
from pypdf import PdfReader
from python_calamine import CalamineWorkbook

from smarketing.errors import UsageError
from smarketing.export import images
from smarketing.export.deck import Chart, Grid, Number, Page, Series, funnel
from smarketing.export.images import NoBrowserError, find_browser
from smarketing.export.report import to_book, to_html, to_pdf
from smarketing.export.report.figure import figure_of
from smarketing.export.tables import LONGEST

EVIL = "<script>alert(1)</script>"
PAGES = [
    Page(
        "numbers", "On target", "June", (Number("won", "€479 k", "Won", "on track"),), "as of June"
    ),
    Page(
        "models",
        f"Webinar {EVIL}",
        "Share",
        Chart("column", ("</script>", "Search"), (Series("First", (0.31, None)),), "0%"),
        "segment enterprise",
        "select '=1'",
        'a "chart"',
    ),
    Page("stages", "Funnel", "Leads", funnel([("Lead", 100), ("MQL", 40)])),
    Page(
        "campaigns", "Campaigns", "June", Grid(("Name", "Cost"), (("=HYPERLINK(1)", "€5"),), (1,))
    ),
    Page("said", "Said", "June", ("One sentence.",)),
    Page("plan", "Plan", "June", Chart("bar", (), ()), alt="Nothing was planned."),
]


class Document(HTMLParser):
    """What a browser would find: tags with their attributes, and the text that is shown."""

    def __init__(self, content: bytes) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.shown = ""
        self._hidden = 0
        self.feed(content.decode("utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self._hidden += tag in ("script", "style")

    def handle_endtag(self, tag: str) -> None:
        self._hidden -= tag in ("script", "style")

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.shown += data


def test_the_html_holds_every_page_and_every_text_is_data() -> None:
    content = to_html("Smarketing <June>", PAGES)
    assert content == to_html("Smarketing <June>", PAGES)
    found = Document(content)
    assert [t for t, _ in found.tags].count("section") == len(PAGES)
    for text in ("Smarketing <June>", EVIL, "€479 k", "=HYPERLINK(1)", "Nothing was planned."):
        assert text in found.shown
    charts = [a for t, a in found.tags if t == "div" and a.get("class") == "chart"]
    assert [c["aria-label"] for c in charts] == ['a "chart"', "Funnel"]
    links = [a["href"] for t, a in found.tags if t == "a"]
    assert links == [f"#page-{n}" for n in range(1, len(PAGES) + 1)]
    assert not [
        a for _, a in found.tags for key in ("src", "href") if (a.get(key) or "").startswith("http")
    ]


def test_the_charts_of_the_html_have_the_numbers_of_the_page() -> None:
    text = to_html("S", PAGES).decode()
    data = json.loads(re.search(r"const charts = (\{.*?\});Promise", text, re.S)[1])  # type: ignore[index]
    assert sorted(data) == ["chart-2", "chart-3"]
    assert data["chart-2"]["data"][0]["y"] == [0.31, None]
    assert data["chart-2"]["data"][0]["x"] == ["&lt;/script&gt;", "Search"]


def test_a_figure_draws_lying_bars_from_the_top_and_hides_what_carries_them() -> None:
    figure = figure_of(funnel([("Lead", 100), ("MQL", 40)]))
    assert figure.layout.yaxis.autorange == "reversed"
    pad, bars = figure.data
    assert (list(pad.x), pad.marker.color, pad.showlegend) == ([0.0, 30.0], "rgba(0,0,0,0)", False)
    assert (list(bars.x), bars.texttemplate) == ([100, 40], None)
    assert list(bars.y) == ["Lead<br>100", "MQL<br>40"]


def test_names_beneath_a_few_columns_stand_level_where_there_is_room_on_lines_of_their_own() -> (
    None
):
    names = ("2025-07-01 to 2026-06-30\n81", "Search")
    few = figure_of(Chart("column", names, (Series("s", (1, 2)),)))
    assert list(few.data[0].x) == ["2025-07-01 to<br>2026-06-30<br>81", "Search"]
    assert list(few.layout.xaxis.autotickangles) == [0, 90]
    many = figure_of(Chart("column", tuple(f"A name {n}" for n in range(13)),
                           (Series("s", (1,) * 13),)))  # fmt: skip
    assert many.layout.xaxis.autotickangles is None and many.data[0].x[0] == "A name 0"


def test_the_workbook_has_typed_numbers_and_no_formula() -> None:
    content = to_book("S", PAGES)
    assert content == to_book("S", PAGES)
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    assert book.sheet_names == [*(page.name for page in PAGES), "Definitions"]
    models = book.get_sheet_by_name("models").to_python()
    assert models == [["Name", "First"], ["</script>", 0.31], ["Search", ""]]
    assert book.get_sheet_by_name("stages").to_python()[2] == ["MQL", 40.0]
    assert book.get_sheet_by_name("campaigns").to_python()[1][0] == "'=HYPERLINK(1)"
    definitions = book.get_sheet_by_name("Definitions").to_python()
    assert definitions[2][:2] == ["models", f"Webinar {EVIL}"] and len(definitions) == 7


def test_a_text_that_a_cell_cannot_hold_is_cut_and_says_so() -> None:
    long = "x" * (LONGEST + 1)
    content = to_book("S", [Page("t", "h", "m", Grid(("a", "b"), ((long, "1"),)), notes=long)])
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    told = (book.get_sheet_by_name("t").to_python()[1][0],
            book.get_sheet_by_name("Definitions").to_python()[1][3])  # fmt: skip
    assert all(len(str(one)) == LONGEST and "(cut: 32,768" in str(one) for one in told)


def test_names_of_sheets_are_made_fit_and_apart() -> None:
    odd = [Page(name, "h", "m", ("x",)) for name in ("a/b" * 20, "a:b" * 20, "", "Definitions")]
    names = CalamineWorkbook.from_filelike(io.BytesIO(to_book("S", odd))).sheet_names
    assert len(names) == len({name.casefold() for name in names}) == 5
    assert all(1 <= len(name) <= 31 for name in names)


@pytest.mark.browser
def test_the_pdf_has_a_page_a_topic_numbered_tagged_and_with_an_outline(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    if find_browser() is None:
        pytest.skip("no Chrome or Chromium is installed")
    monkeypatch.setenv("SMARKETING_PAPER", "Letter")
    content = to_pdf("Smarketing June", PAGES)
    reader = PdfReader(io.BytesIO(content))
    assert len(reader.pages) == len(PAGES) + 1
    text = [page.extract_text() for page in reader.pages]
    assert "€479 k" in text[1] and "1 / 7" in text[0].replace("\xa0", " ")
    assert "Nothing was planned." in text[6] and "segment enterprise" in text[2]
    assert "/StructTreeRoot" in reader.trailer["/Root"] and len(reader.outline) >= 1
    assert [round(float(side)) for side in reader.pages[0].mediabox[2:]] == [792, 612]
    assert content == to_pdf("Smarketing June", PAGES, "letter")


def test_no_browser_and_another_paper_are_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(UsageError, match="Did you mean 'letter'"):
        to_pdf("S", PAGES, "leter")
    monkeypatch.setattr("smarketing.export.report.pdf.find_browser", lambda: None)
    with pytest.raises(NoBrowserError, match="Install one"):
        to_pdf("S", PAGES)
    assert images.HOW_TO
