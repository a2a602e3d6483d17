"""Decks that somebody worked on, each in one way, and what a refresh makes of them."""

from __future__ import annotations

import copy
import io
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from typing import Any

from deck_kit import opened, saved
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.table import Table
from pptx.chart.data import CategoryChartData
from pptx.dml.color import RGBColor
from pptx.oxml.ns import qn
from pptx.util import Inches, Pt

from smarketing.errors import SmarketingError
from smarketing.export.deck import (
    Chart,
    Grid,
    Number,
    Page,
    Series,
    make_deck,
    refresh_deck,
    waterfall,
)

Work = Callable[[Any], None]
_HEAD = ("Name", "Cost", "Leads", "Note")


def _grid(names: str, cost: int, headers: Sequence[str] = _HEAD) -> Grid:
    rows = ((f"row {name}", f"€{cost + n}", f"{cost * n}", f"note {name}")
            for n, name in enumerate(names))  # fmt: skip
    return Grid(tuple(headers), tuple(row[: len(headers)] for row in rows), (1, 2))


def _chart(names: str, series: str, by: float = 1.0, kind: Any = "column") -> Chart:
    rows = tuple(
        Series(f"S{one}", tuple(by * (n + 1) * (-1) ** (n * m) for n in range(len(names))),
               hues=("#123456",) * len(names) if one == "h" else (),
               dash="dot" if one == "d" else "", labelled=one != "d")
        for m, one in enumerate(series)
    )  # fmt: skip
    return Chart(kind, tuple(f"{name}\n{by:g}" for name in names), rows)


def _page(name: str, body: Any, said: str, also: tuple[Number, ...] = ()) -> Page:
    stamp = f"2026-06 · no filters · agreement {said}"
    return Page(
        name, f"{name} in {said}", f"of {said}", body, stamp, f"notes of {said}", said, also
    )


@cache
def _june(kind: str) -> bytes:
    return make_deck("T", list(_BEFORE[kind]))


_BEFORE: Mapping[str, Sequence[Page]] = {
    "table": [_page("t", _grid("abcd", 10), "june")],
    "chart": [_page("c", _chart("abc", "xy"), "june")],
    "lines": [_page("c", _chart("abcde", "xd", kind="line"), "june")],
    "hues": [_page("c", _chart("abc", "h"), "june")],
    "one": [_page("c", _chart("abc", "x"), "june")],
    "steps": [_page("c", waterfall(("Q1", 20), [("a", -5), ("b", 15)], ("Q2", 30)), "june")],
    "words": [
        _page("n", tuple(Number(n, n * 2, f"label {n}", "▲ up") for n in "ab"), "june",
              (Number("z", "0", "label z"),)),
        _page("s", ("One.", "Two."), "june"),
    ],
}  # fmt: skip
_JULY: Mapping[str, Sequence[Sequence[Page]]] = {
    "table": [
        [_page("t", _grid("cbexyz", 50), "july")],
        [_page("t", _grid("d", 7, _HEAD[:3]), "july")],
        [_page("t", _grid("ab", 9, ("Note", "Name", "Clicks")), "july")],
        [_page("t", (), "july")],
    ],
    "chart": [
        [_page("c", _chart("abc", "xy", 10), "july")],
        [_page("c", _chart("cdab", "yz", 10), "july")],
        [_page("c", _chart("x", "zyx", -10, "bar"), "july")],
        [_page("c", Chart("column", (), ()), "july")],
    ],
    "lines": [
        [_page("c", _chart("bcdefg", "xdy", 3, "line"), "july")],
        [_page("c", _chart("ab", "d", 3, "line"), "july")],
    ],
    "hues": [[_page("c", _chart("bcd", "h", 3), "july")], [_page("c", _chart("ab", "x"), "july")]],
    "one": [[_page("c", _chart("cab", "xyz", 3), "july")], [_page("c", _chart("ab", "y"), "july")]],
    "steps": [
        [_page("c", waterfall(("Q2", 30), [("b", -35), ("c", 15), ("a", 2)], ("Q3", 12)), "july")],
        [_page("c", waterfall(("Q2", 30), [], ("Q3", 30)), "july")],
    ],
    "words": [
        [_page("n", (Number("b", "9", "label b"), Number("c", "1", "label c")), "july",
               (Number("a", "44", "label a", "▼ down"),)), _page("s", ("Three.",), "july")],
        [_page("s", (), "july"), _page("n", (), "july"), _page("new", ("Four.",), "july")],
        [],
    ],
}  # fmt: skip


def _shape(deck: Any, kind: str) -> Any:
    return next(s for s in deck.slides[1].shapes if getattr(s, f"has_{kind}"))


def _text(part: str, text: str) -> Work:
    def work(deck: Any) -> None:
        for slide in deck.slides:
            for shape in slide.shapes:
                if f":{part}" in shape.name and shape.has_text_frame:
                    shape.text_frame.text = text

    return work


def _cell(row: int, column: int, text: str) -> Work:
    return lambda deck: setattr(_shape(deck, "table").table.cell(row, column), "text", text)


def _rows(change: Callable[[list[Any]], Sequence[Any]]) -> Work:
    """Order, delete or copy rows of a table, its headers first."""

    def work(deck: Any) -> None:
        body = _shape(deck, "table").table._tbl
        rows = body.findall(qn("a:tr"))
        for row in rows:
            body.remove(row)
        seen: list[Any] = []
        for row in change(rows):
            body.append(copy.deepcopy(row) if row in seen else row)
            seen.append(row)

    return work


def _columns(change: Callable[[list[Any]], Sequence[Any]]) -> Work:
    def work(deck: Any) -> None:
        body = _shape(deck, "table").table._tbl
        for holder in (body.tblGrid, *body.findall(qn("a:tr"))):
            cells = [one for one in holder if one.tag in (qn("a:gridCol"), qn("a:tc"))]
            for one in cells:
                holder.remove(one)
            for place, one in enumerate(change(cells)):
                holder.insert(place, copy.deepcopy(one))

    return work


def _all(*works: Work) -> Work:
    def work(deck: Any) -> None:
        for one in works:
            one(deck)

    return work


def _figures(names: str, series: Sequence[str]) -> Work:
    """Write other names of categories and series over a chart's, as a person does in its sheet."""

    def work(deck: Any) -> None:
        drawn = _shape(deck, "chart").chart
        data = CategoryChartData()
        data.categories = [f"{name}\n1" for name in names]
        for one in series:
            data.add_series(one, [5.0] * len(names))
        drawn.replace_data(data)

    return work


def _drawn(change: Callable[[Any], None]) -> Work:
    return lambda deck: change(_shape(deck, "chart").chart)


def _sheet(change: Callable[[Any], None]) -> Work:
    def work(deck: Any) -> None:
        part = _shape(deck, "chart").chart.part.chart_workbook.xlsx_part
        book: Workbook = load_workbook(io.BytesIO(part.blob))
        change(book.active)
        written = io.BytesIO()
        book.save(written)
        part._blob = written.getvalue()

    return work


def _set(**cells: Any) -> Work:
    def change(sheet: Any) -> None:
        for name, value in cells.items():
            sheet[name] = value

    return _sheet(change)


def _restyled(drawn: Any) -> None:
    made = drawn.series[0]
    made.format.fill.solid()
    made.format.fill.fore_color.rgb = RGBColor(1, 2, 3)
    point = made.points[1].format.fill
    point.solid()
    point.fore_color.rgb = RGBColor(9, 9, 9)
    made.points[2].data_label.font.size = Pt(30)
    drawn.has_legend = False


def _as_lines(drawn: Any) -> None:
    bars = drawn._chartSpace.plotArea.find(qn("c:barChart"))
    bars.tag = qn("c:lineChart")
    bars.find(qn("c:grouping")).set("val", "standard")
    for part in ("barDir", "gapWidth", "overlap"):
        for one in bars.findall(qn(f"c:{part}")):
            bars.remove(one)


def _no_sheet(drawn: Any) -> None:
    for held in drawn._chartSpace.findall(qn("c:externalData")):
        drawn._chartSpace.remove(held)


def _second_label(drawn: Any) -> None:
    drawn.plots[0].has_data_labels = True
    drawn.value_axis.minimum_scale = 0


def _grouped(deck: Any) -> None:
    shapes = deck.slides[1].shapes
    shapes.add_group_shape([s for s in shapes if not s.is_placeholder and s.has_text_frame])


def _copied(deck: Any) -> None:
    for shape in list(deck.slides[1].shapes)[-2:]:
        shape._element.addnext(copy.deepcopy(shape._element))


def _unnamed(deck: Any) -> None:
    for shape in deck.slides[1].shapes:
        if not (shape.has_chart or shape.has_table):
            shape.name = "Text 1"


def _deleted(deck: Any) -> None:
    for shape in list(deck.slides[1].shapes)[1:]:
        shape._element.getparent().remove(shape._element)


def _moved(deck: Any) -> None:
    for shape in deck.slides[1].shapes:
        shape.left, shape.top, shape.width = Inches(1), Inches(2), Inches(3)
    deck.slides[1].shapes.add_textbox(0, 0, Inches(1), Inches(1)).text_frame.text = "Ours"


def _other_filters(deck: Any) -> None:
    _text("stamp", "2026-06 · Segment smb · agreement june")(deck)


_ANY: Mapping[str, Work] = {
    "as it was": lambda deck: None, "moved": _moved, "texts": _text("", "Ours"),
    "stamp": _text("stamp", "Ours"), "two lines": _text("measure", "a\nb"), "blank": _text("", ""),
    "grouped": _grouped, "copied": _copied, "unnamed": _unnamed, "deleted": _deleted,
    "other filters": _other_filters,
}  # fmt: skip
WORKS: Mapping[str, Mapping[str, Work]] = {
    "table": {
        **_ANY, "a name": _cell(2, 0, "Ours"), "a number": _cell(3, 1, "about €12"),
        "a header": _cell(0, 1, "Spend"), "no header": _cell(0, 3, ""), "a blank": _cell(4, 2, ""),
        "the first name": _cell(1, 0, "row b"), "rows turned": _rows(lambda r: [r[0], *r[:0:-1]]),
        "rows gone": _rows(lambda r: r[:3]), "a row twice": _rows(lambda r: [*r, r[2]]),
        "headers alone": _rows(lambda r: r[:1]), "headers last": _rows(lambda r: r[::-1]),
        "columns turned": _columns(lambda c: c[::-1]), "columns gone": _columns(lambda c: c[:2]),
        "a column twice": _columns(lambda c: [*c, c[1]]), "one column": _columns(lambda c: c[1:2]),
        "much more": _all(_rows(lambda r: [r[0], r[3], r[1], r[1]]), _cell(2, 3, "Ours"),
                          _cell(3, 0, "Sum"), _columns(lambda c: [c[2], *c])),
    },
    "chart": {
        "as it was": _ANY["as it was"], "copied": _copied, "deleted": _deleted,
        "stamp": _text("stamp", "Ours"), "restyled": _drawn(_restyled),
        "series renamed": _figures("abc", ("Sx", "Ours")),
        "series gone": _figures("abc", ("Sy",)), "series turned": _figures("abc", ("Sy", "Sx")),
        "a series more": _figures("abc", ("Sx", "Sy", "Ours")), "as lines": _drawn(_as_lines),
        "categories renamed": _figures("aBc", ("Sx", "Sy")),
        "categories gone": _figures("ac", ("Sx", "Sy")),
        "more of them": _figures("abcd", ("Sx", "Sy")),
        "categories turned": _figures("cba", ("Sx", "Sy")),
        "none of ours": _figures("pq", ("P", "Q")),
        "no sheet": _drawn(_no_sheet), "labels": _drawn(_second_label),
        "a pie": _drawn(lambda d: setattr(d._chartSpace.plotArea.find(qn("c:barChart")), "tag",
                                          qn("c:scatterChart"))),
        "notes beside": _set(D1="why", D2="fair", D3=7, E4="=B3*2", A9="checked"),
        "a total beneath": _set(A5="all", B5="=SUM(B2:B4)"), "above": _set(A1="Ours"),
        "a table": _sheet(lambda s: s.add_table(Table(displayName="Mine", ref="A1:C4"))
                          if s.__setitem__("A1", "x") is None else None),
        "a far note": _set(Z40="far", D6=1, F2=True), "numbers of ours": _set(B2=99, C4="x"),
        "sheet renamed": _sheet(lambda s: setattr(s, "title", "Bob's")),
        "rows in front": _sheet(lambda s: s.insert_rows(1, 2)),
    },
    "lines": {"as it was": _ANY["as it was"], "restyled": _drawn(_restyled),
              "level gone": _figures("abcde", ("Sx",)), "days gone": _figures("abd", ("Sx", "Sd"))},
    "hues": {"as it was": _ANY["as it was"], "restyled": _drawn(_restyled),
             "categories turned": _figures("cba", ("Sh",))},
    "one": {"as it was": _ANY["as it was"], "without a name": _figures("abc", (" ",)),
            "renamed": _figures("abc", ("Ours",)), "restyled": _drawn(_restyled)},
    "steps": {"as it was": _ANY["as it was"], "restyled": _drawn(_restyled)},
    "words": {**_ANY},
}  # fmt: skip


def _refreshed(kind: str) -> Iterator[str]:
    """Say of each way to work on a deck, and of each next period, what came of it."""
    for name, work in WORKS[kind].items():
        deck = opened(_june(kind))
        work(deck)
        content = saved(deck)
        for place, pages in enumerate(_JULY[kind]):
            yield from _told(f"{name} {place}", content, pages)
        # A period without anything between two that have something.
        for pages in (_JULY[kind][-1], _JULY[kind][0]):
            done = refresh_or_none(content, pages)
            content = done.content if done else content
        yield from _told(f"{name} again", content, _BEFORE[kind])


def refresh_or_none(content: bytes, pages: Sequence[Page]) -> Any:
    """Return what became of a deck; None where it is refused."""
    try:
        return refresh_deck(content, list(pages), "T")
    except SmarketingError:
        return None


def _told(name: str, content: bytes, pages: Sequence[Page]) -> Iterator[str]:
    try:
        done = refresh_deck(content, list(pages), "New T", "" if pages else "none")
    except SmarketingError as error:
        yield f"{name}: refused: {error}"
        return
    parts = {part: told for part, told in vars(done).items() if part != "content" and told}
    renewed = parts.pop("renewed", ())
    yield f"{name}: {len(renewed)} renewed {_sum(' '.join(renewed))} {parts or ''}"
    shapes = [shape for slide in opened(done.content).slides for shape in slide.shapes]
    for shape in shapes:
        if said := _said(shape):
            yield f"  {said}"
    yield f"  {_sum(' '.join(f'{shape.name} {shape._element.xml}' for shape in shapes))}"


def _said(shape: Any) -> str:
    if getattr(shape, "has_chart", False):
        drawn = shape.chart
        rows = {series.name: list(series.values) for series in drawn.series}
        names = [str(name).partition("\n")[0] for name in drawn.plots[0].categories]
        held = drawn.part.chart_workbook.xlsx_part
        cells = "" if held is None else _cells(held.blob)
        return f"{names} {rows} {_sum(drawn._chartSpace.xml)} {_sum(cells)}"
    if getattr(shape, "has_table", False):
        return " / ".join(" | ".join(c.text for c in row.cells) for row in shape.table.rows)
    return ""


def _cells(blob: bytes) -> str:
    book = load_workbook(io.BytesIO(blob))
    found = {cell.coordinate: cell.value for sheet in book for row in sheet.iter_rows()
             for cell in row if cell.value is not None}  # fmt: skip
    tables = [(table.ref, [one.name for one in table.tableColumns])
              for sheet in book for table in sheet.tables.values()]  # fmt: skip
    return f"{book.sheetnames} {found} {tables or ''}".replace("\n", "/")


def _sum(text: str) -> str:
    return f"{zlib.crc32(text.encode()):08x}"


#: Each kind of what is in a deck, and what became of it in lines.
WORKED_ON: Mapping[str, Callable[[], Iterator[str]]] = {
    f"{kind} worked on": lambda kind=kind: _refreshed(kind)  # type: ignore[misc]
    for kind in WORKS
}
