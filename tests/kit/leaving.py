"""What leaves besides: reports as they are written, addresses, native charts, tables, documents.

Each block tries many odd ones: what is refused is kept with its reason.
"""

from __future__ import annotations

import datetime as dt
import io
import json
import math
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from leaving_given import ADDRESSES, CELLS, DRAWN, FRAMES, HOOKS, MOVING, REPORTS
from openpyxl import load_workbook
from small_agreements import agreement, other_agreement

from smarketing.document import Document, Passage, Table
from smarketing.engine import Filters
from smarketing.errors import SmarketingError
from smarketing.export import document as documents
from smarketing.export.deck import Chart, Grid, Number, Page
from smarketing.export.images import _settled, without_clock
from smarketing.export.report.adding import add_view, report_names
from smarketing.export.report.book import to_book
from smarketing.export.report.catalogue import Wanted, checked, lists_people
from smarketing.export.report.html import to_html
from smarketing.export.report.moving import read_period
from smarketing.export.report.plans import FOLDER, plan_named, readable_plans, title_of
from smarketing.export.report.webhook import checked_webhook
from smarketing.export.shown import FigureAddress, Shown, format_of, native
from smarketing.export.stamp import Stamp
from smarketing.export.tables import defuse, number_format, parted, plain, to_csv, to_xlsx
from smarketing.periods import parse_period


def _tried(ask: Callable[[], Any]) -> str:
    """What comes of a question, or the sentence by which it is refused."""
    try:
        return " ".join(f"{ask()}".split())
    except SmarketingError as error:
        return f"refused: {error}"


def _sum(content: bytes) -> str:
    return f"{zlib.crc32(content):08x}"


def _reports() -> Iterator[str]:
    """Say what each file of a home's reports is, and what a view makes of it that is added."""
    with TemporaryDirectory() as folder:
        home = Path(folder)
        yield f"none: {len(readable_plans(home)[0])}"
        (home / FOLDER).mkdir()
        for name, text in REPORTS.items():
            content = text if isinstance(text, bytes) else text.encode()
            (home / FOLDER / f"{name}.yaml").write_bytes(content)
        names = report_names(home)
        yield f"names: {names}"
        for name in (*names, "leadershipp", "nothing like it"):
            yield f"{name}: {_tried(lambda name=name: _plan(home, name))}"  # type: ignore[misc]
        view = Wanted("funnel", Filters.of(segment=("smb", "enterprise")), "2026-Q2")
        for name, wanted in (
            ("whole", view), ("whole", view), ("whole", Wanted("plan")), ("new one", view),
            ("new_one", Wanted("owners", period="2026")), ("x" * 60, view), ("x" * 61, view),
            ("", view), ("weekly", Wanted("plan")), ("not a list", view),
        ):  # fmt: skip
            said = _tried(lambda n=name, w=wanted: add_view(home, n, w).name)  # type: ignore[misc]
            yield f"added to {name[:9]}: {said}"
            if not said.startswith("refused"):
                yield f"  {(home / FOLDER / said).read_text(encoding='utf-8')!r}"


def _plan(home: Path, name: str) -> str:
    plan = plan_named(home, name)
    title = title_of(plan, agreement(), parse_period("2026-06"))
    figures = [
        (one.figure, one.filters.as_dict(), one.period, one.name, one.whole_name)
        for one in plan.figures
    ]
    told = (title, plan.audience, plan.period, plan.every, plan.filters.as_dict())
    return f"{told} {figures} {lists_people(plan.figures)}"


def _addresses() -> Iterator[str]:
    for text in ADDRESSES:
        yield f"{text!r}: {FigureAddress.is_one(text)} {_tried(lambda: _address(text))}"  # noqa: B023
        yield f"  {_tried(lambda: checked([text], 'here'))}"  # noqa: B023
    for text, of in MOVING:
        for known in (agreement(), other_agreement()):
            period = _tried(lambda: read_period(text, known, dt.date.fromisoformat(of)))  # noqa: B023
            yield f"{text} of {of}: {period}"
    yield from (f"{url}: {_tried(lambda: checked_webhook(url))}" for url in HOOKS)  # noqa: B023


def _address(text: str) -> tuple[Any, ...]:
    found = FigureAddress.read(text)
    asked = found.asking("2026-05", Filters.of(segment=("smb", "enterprise")))
    within = found.asking("", Filters.of(channel="webinar"))
    return found, found.period, str(found), str(asked), str(within), str(found.without("show"))


def _natives() -> Iterator[str]:
    frame = pd.DataFrame({"n": [1.0, 2.0, 3.0, 4.0, 5.0], "rate": [0.1, 0.25, None, 0.5, 0.75]})
    to_write = format_of(frame, {"rate": "rate", "n": "money"}, "EUR")
    for name, (traces, layout) in DRAWN.items():
        figure = go.Figure(traces).update_layout(**layout)
        yield f"{name}: {_tried(lambda: native(figure, to_write))}"  # noqa: B023
    for name, (columns, units, currency, values) in FRAMES.items():
        written = format_of(pd.DataFrame(columns), units, currency)
        yield f"{name}: {[written(set(asked)) for asked in values]}"


def _cells() -> Iterator[str]:
    for cell in CELLS:
        yield f"{cell!r:.80}: {plain(cell)!r:.90} {defuse(cell)!r:.90} {parted(plain(cell))!r:.90}"
    for unit in (
        "money",
        "currency",
        "EUR",
        "JPY",
        "KWD",
        "XXX",
        "rate",
        "share",
        "ratio",
        "",
        "x",
    ):
        yield f"{unit}: {[number_format(unit, currency) for currency in ('EUR', 'JPY', 'KWD', '')]}"


def _frames() -> dict[str, tuple[pd.DataFrame, Mapping[str, str]]]:
    at = pd.Timestamp("2026-06-30 23:30", tz="UTC")
    rows = pd.DataFrame({
        "won_amount": [1.5, None, -3.0], "win_rate": [0.5, math.nan, 1.0], "n": [1, 2, 3],
        "half": [1.0, 2.5, math.inf], "whole": [1.0, 2.0, None], "is_won": [True, False, None],
        "on": [dt.date(2026, 6, 30), None, dt.date(2024, 2, 29)],
        "at": [at, pd.NaT, at + pd.Timedelta(days=1)],
        "local": pd.Series([at, at, pd.NaT]).dt.tz_convert("Asia/Tokyo"),
        "said": ["=1+1", "https://a.example/x?y=1", "x" * 40_000],
        "held": [{"=a": 1}, ["-b", 2], (np.int64(3), "c")], "=head": ["@", "\t=2", "a;=3"],
    })  # fmt: skip
    of_rows = pd.DataFrame({
        "kpi": ["a", "b", "c", "d"], "value": [0.5, 1200.0, 3.0, 2.25],
        "unit": ["rate", "money", "count", "ratio"],
    })  # fmt: skip
    return {
        "rows": (rows, {"won_amount": "money", "win_rate": "rate", "half": "ratio"}),
        "units": (of_rows, {}),
        "nothing": (rows.iloc[:0], {}),
        "no column": (pd.DataFrame(), {}),
    }


def _tables() -> Iterator[str]:
    stamp = Stamp(
        "T =1",
        "; =reading",
        {"Period": "2026 (a year)", "Segment": "=x"},
        {"Model": ""},
        "1 signed",
    )
    for name, (frame, units) in _frames().items():
        for line in to_csv(frame, stamp).decode("utf-8-sig").splitlines():
            yield f"{name}: {line[:400]}"
        yield f"{name}: {_sum(to_csv(frame))} {to_csv(frame)[:4]!r}"
        for currency in ("EUR", "JPY"):
            yield from (f"{name} {line}" for line in _book(to_xlsx(frame, stamp, units, currency)))


def _book(content: bytes) -> Iterator[str]:
    """Say of each sheet its cells with their formats, and what is frozen and filtered."""
    book = load_workbook(io.BytesIO(content))
    for sheet in book:
        yield f"{sheet.title}: {sheet.dimensions} {sheet.freeze_panes} {sheet.auto_filter.ref}"
        for row in sheet.iter_rows():
            told = [
                f"{c.data_type} {c.value!r:.40} {c.number_format} {'bold' if c.font.b else ''}"
                f"{c.hyperlink.target if c.hyperlink else ''}"
                for c in row
            ]
            yield f"  {' | '.join(told)}"
        sizes = {name: round(one.width, 1) for name, one in sheet.column_dimensions.items()}
        yield f"  {sizes}"


def _stamps() -> Iterator[str]:
    period = {"Period": "2026-Q2 (April to June)", "Segment": "smb, enterprise", "Owner": ""}
    for stamp in (
        Stamp("A title"), Stamp("", "r"), Stamp("ÄÖ — ü", name="won revenue", filters=period),
        Stamp("T" * 90, "r", period, {"Model": "x", "Side": ""}, "1.2 signed", "1 July", "b1"),
        Stamp("t", filters={"Segment": "a " * 60, "Period": ""}, said="said already", build="b"),
        Stamp("t", as_of="1 July"), Stamp("t", agreement="1"), Stamp("---", filters={"x": "---"}),
    ):  # fmt: skip
        yield f"{stamp.rows()} | {stamp.footer()} | {stamp.file_name('csv')}"


def _documents() -> Iterator[str]:
    table = Table(("a|b", "<c>"), (("1|2", "=3"), ("[x](y)", "")))
    passages = (
        Passage("First part", 1, ("A <sentence>.", "# no title"), (("Fact", "a|b"), ("=f", ""))),
        Passage("First part", 2, (), (), table), Passage("ÄÖ", 3, ("Only.",)), Passage("***", 4),
        Passage("Facts alone", 1, (), (("x", "y"),)), Passage("Deep", 5, (), (), Table(("h",), ())),
    )  # fmt: skip
    for document in (Document("A & B", "stamp <1>", passages), Document("Nothing", "", ())):
        for make in (documents.to_markdown, documents.to_text):
            yield from (f"{make.__name__}: {line}" for line in make(document).splitlines())
        html = _unstyled(documents.to_html(document))
        yield from (f"html: {line}" for line in html.splitlines())
        for kind in ("md", "html", "docx", ""):
            made = _tried(lambda: _sum(documents.to_format(document, kind)))  # noqa: B023
            yield f"{kind}: {made}"


def _unstyled(html: bytes) -> str:
    return re.sub("(?s)<style>.*</style>", "", html.decode())


def _html() -> Iterator[str]:
    """Say of a report in HTML all but its style and what draws the charts."""
    from looks import pages

    every = list(pages().values())
    drawn = go.Figure(go.Bar(x=[1], y=["<a>"])).update_layout(height=960, template="none")
    every += [
        Page("own", "Its <own>", "m", (), "s", "", "", drawn=drawn),
        Page("none", "H", "m", (), "s & s", "n < 1"),
        Page("number", "H", "m", (Number("n", "<1>", "▲ up", "▲ better"),), "s"),
        Page("told", "H", "m", ("said <so>",), "s"),
        Page("grid", "H", "m", Grid(("a",), (), (0,)), "s"),
    ]
    for made in (every, every[-3:], []):
        shown, _, script = _unstyled(to_html("A <title>", made, "de")).partition("<script>")
        yield from shown.splitlines()
        _, _, drawing = script.rpartition("const charts = ")
        charts, _, rest = drawing.partition(";Promise")
        for name, chart in json.loads(charts).items() if rest else ():
            chart["layout"].pop("template", None)
            yield f"{name}: {_sum(json.dumps(chart, sort_keys=True).encode())}"
        yield from (rest or drawing).splitlines()


def _books() -> Iterator[str]:
    frame, units = _frames()["rows"]
    chart = Chart("bar", ("a", "b"), ())
    alike = [
        Page(name, f"H {place}", "m", chart, "s", "n")
        for place, name in enumerate(
            ("a/b:c", "A B C", "x" * 40, "x" * 31, "X" * 31, "'", "history")
        )
    ]
    from smarketing.export.deck.pages import Table as PageTable

    held = Page(
        "held", "H", "m", (), "s", table=PageTable(frame[["n", "won_amount"]], units, "EUR")
    )
    yield from _book(to_book("T", [*alike, held]))
    with zipfile.ZipFile(io.BytesIO(to_book("T", [held]))) as book:
        yield f"{sorted(book.namelist())}"


def _shown() -> Iterator[str]:
    frame, units = _frames()["rows"]
    page = Page("f", "Head", "m", Chart("bar", ("a",), ()), "s")
    figure = Shown(page, Stamp("T"), frame[["n", "won_amount"]], units, "EUR")
    for kind in ("csv", "xlsx", "pptx", "png", "docx", ""):
        content = _tried(lambda: _sum(figure.to_file(kind)))  # noqa: B023
        yield f"{kind}: {content if kind in ('csv', 'png', 'docx', '') else len(content)}"


def _settled_pictures() -> Iterator[str]:
    svg = (
        b'<g id="defs-1a2b3c"/><a href="#defs-1a2b3c" fill="#1a2b3c"/><b class="x trace9f8e7d"/>'
        b'<g id="defs-abcdef"/><i class="trace abcdef 1a2b3c"/>'
    )
    pdf = b"/CreationDate (D:20260701120000+02'00')\n/ModDate (D:20260701120000Z)"
    for kind in ("svg", "png", "pdf"):
        yield f"{kind}: {_settled(svg, kind, '0123456789abcdef' * 4)!r}"
        yield f"{kind}: {_settled(pdf, kind, '01' * 32)!r}"
    yield f"{without_clock(pdf)!r}"


#: Each kind of what leaves, and what it is in lines.
LEAVING: Mapping[str, Callable[[], Iterator[str]]] = {
    "reports of a home": _reports,
    "addresses": _addresses,
    "native charts": _natives,
    "cells": _cells,
    "tables": _tables,
    "stamps": _stamps,
    "documents": _documents,
    "html": _html,
    "sheets": _books,
    "shown": _shown,
    "settled": _settled_pictures,
}
