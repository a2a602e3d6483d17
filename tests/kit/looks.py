"""How pages of every kind look in each file that leaves: places, sizes and what is drawn.

A deck is told shape by shape; of a chart's own XML, of a figure's JSON and of a workbook's sheets
a checksum is kept.
"""

from __future__ import annotations

import io
import json
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pandas as pd
import plotly.graph_objects as go
from deck_kit import opened, saved
from decks_worked_on import WORKED_ON
from leaving import LEAVING
from pptx import Presentation
from pptx.util import Inches

from smarketing.export.deck import (
    Chart,
    Grid,
    Number,
    Page,
    Series,
    funnel,
    make_deck,
    refresh_deck,
    waterfall,
)
from smarketing.export.deck.pages import Kind
from smarketing.export.images import stamped
from smarketing.export.report import to_book
from smarketing.export.report.book import table_of
from smarketing.export.report.figure import figure_of
from smarketing.export.stamp import Stamp
from smarketing.export.tables import to_xlsx

LOOKS = Path(__file__).parents[1] / "export" / "looks.txt"
_LETTERS = ("A", "B", "C")
_KINDS: tuple[Kind, ...] = ("bar", "column", "stacked_bar", "stacked_column", "line")


def _chart(kind: Kind) -> Chart:
    series = (
        Series("First", (3, -1, None)), Series("Of sales", (2, 0, 5), "sales"),
        Series("Quiet", (1, 1, 1), "faint", labelled=False),
    )  # fmt: skip
    return Chart(kind, _LETTERS, series, "0.0%")


def pages() -> dict[str, Page]:
    """Return a page of every kind."""
    many = tuple(f"c{n}" for n in range(41))
    bodies: dict[str, Any] = {kind: _chart(kind) for kind in _KINDS} | {
        "alone": Chart("column", ("A", ""), (Series("", (1, 2)),)),
        "crowded": Chart("bar", many, (Series("Many", tuple(range(41))),)),
        "just room": Chart("bar", many[:40], (Series("Many", tuple(range(40))),)),
        "funnel": funnel([("Lead", 100), ("MQL", 40), ("SQL", None)]),
        "waterfall": waterfall(("Q1", 20), [("a", -50), ("b", 15), ("c", 40)], ("Q2", 25)),
        "nothing": Chart("bar", (), ()),
        "one": (Number("won", "€479 k", "Won revenue", "on track"),),
        "numbers": tuple(Number(f"n{n}", "€1.2 M" * n, "L" * 40 * n, "late" * n) for n in range(9)),
        "sentences": ("Short.", "A sentence of some length. " * 8, ""),
        "grid": Grid(("Name", "Cost", ""), (("=A1", "€5", "x" * 80), ("b", "", "c")), (1,)),
        "long grid": Grid(("Name",), tuple((f"row {n} " + "w" * n,) for n in range(60))),
    }  # fmt: skip
    return {
        name: Page(name, f"Headline of {name} " * place, "Unit", body, "stamp", "notes", "alt")
        for place, (name, body) in enumerate(bodies.items(), start=1)
    }


def _sum(text: str | bytes) -> str:
    return f"{zlib.crc32(text.encode() if isinstance(text, str) else text):08x}"


def _deck(content: bytes) -> Iterator[str]:
    for number, slide in enumerate(opened(content).slides, start=1):
        for shape in slide.shapes:
            box = " ".join(str(side) for side in (shape.left, shape.top, shape.width, shape.height))
            drawn = shape.chart._chartSpace.xml if shape.has_chart else shape._element.xml
            yield f"{number} {shape.name}: {box} {_sum(drawn)}"


def _on_a_template() -> Iterator[str]:
    deck = Presentation()
    deck.slide_width = Inches(11)
    with TemporaryDirectory() as folder:
        template = Path(folder) / "ours.pptx"
        deck.save(str(template))
        yield from _deck(make_deck("A title", list(pages().values()), template))


def _refreshed() -> Iterator[str]:
    """Say what a refresh leaves of a deck whose charts and texts somebody changed."""
    before = pages()
    deck = opened(make_deck("A title", list(before.values())))
    for slide in deck.slides:
        slide.shapes.title.text_frame.text += " (ours)" if len(slide.shapes) % 2 else ""
    after = [page for name, page in before.items() if name not in ("one", "line")]
    after[0] = Page("bar", "New", "New unit", _chart("column"), "new", "new notes", "new alt")
    short = Grid(("Name",), tuple((f"row {n}",) for n in range(3)))
    after[-1] = Page("long grid", "Less", "Rows", short)
    done = refresh_deck(saved(deck), after)
    yield from (f"renewed {name}" for name in done.renewed)
    yield from (f"kept {name}" for name in done.kept)
    yield from (f"unknown {name}" for name in done.unknown)
    yield from (f"absent {name}" for name in done.absent)
    yield from _deck(done.content)


def _figures() -> Iterator[str]:
    for name, page in pages().items():
        if isinstance(page.body, Chart):
            drawn = figure_of(page.body).to_plotly_json()
            # The pages of a dashboard in this process may have set their template.
            drawn["layout"].pop("template", None)
            yield f"{name} {_sum(json.dumps(drawn, default=list))}"


def _pictures() -> Iterator[str]:
    stamp = Stamp("A finding " * 12, "Reading " * 30, {"Segment": "small " * 40}, {"Model": "x"})
    for height, margin in ((None, None), (500, {"l": 50, "r": 40, "t": 10})):
        figure = go.Figure(go.Bar(x=[1], y=["a"])).update_layout(height=height, margin=margin)
        for of, width in ((stamp, 1200), (Stamp("T"), 400)):
            layout = stamped(figure, of, width=width).layout
            yield f"{layout.width} {layout.height} {layout.margin.to_plotly_json()}"
            yield from (f"  {n.y} {n.yshift} {n.yanchor} {n.font.size} {n.text}"
                        for n in layout.annotations)  # fmt: skip


def _books() -> Iterator[str]:
    frame = pd.DataFrame({"name": ["=a", None], "won": [1.5, 2.0], "n": [3, 4]})
    units = {"won": "money"}
    for name, content in (
        ("report", to_book("A title", list(pages().values()))),
        ("table", to_xlsx(frame, Stamp("T"), units, "EUR")),
    ):
        with zipfile.ZipFile(io.BytesIO(content)) as book:
            for part in sorted(book.namelist()):
                if part.startswith(("xl/worksheets", "xl/styles", "xl/sharedStrings")):
                    yield f"{name} {part} {_sum(book.read(part))}"
    for name, page in pages().items():
        yield f"{name} {_sum(table_of(page))}"


#: Each kind of file, and what it looks like in lines.
MAKERS: Mapping[str, Callable[[], Iterator[str]]] = {
    "deck": lambda: _deck(make_deck("A title", list(pages().values()))),
    "deck on a template": _on_a_template,
    "deck refreshed": _refreshed,
    "figures": _figures,
    "pictures": _pictures,
    "books": _books,
    **LEAVING,
    **WORKED_ON,
}
