"""Figures of pages by their addresses, as the pages show them, for commands and reports."""

from __future__ import annotations

import logging
import os
import pickle
import subprocess
import sys
import weakref
from collections.abc import Callable, Mapping
from dataclasses import replace
from difflib import get_close_matches
from functools import cached_property
from typing import TYPE_CHECKING, Any

import pandas as pd
import plotly.graph_objects as go
from streamlit.logger import set_log_level
from streamlit.runtime import Runtime

from smarketing import app_path
from smarketing.access import Access
from smarketing.agreement import Agreement
from smarketing.charts.theme import LIGHT
from smarketing.charts.words import column_label
from smarketing.engine import NO_FILTERS, Filters
from smarketing.errors import SmarketingError, UsageError, unknown
from smarketing.export.deck.pages import Chart, Grid, Page, Table
from smarketing.export.shown import FigureAddress, Shown, format_of, native
from smarketing.ui import drill, offscreen, texts
from smarketing.ui.bar import obeyed_by
from smarketing.ui.labels import labels_of, model_name
from smarketing.ui.navigation import PAGES, RECORDS
from smarketing.ui.records import PERSONAL

if TYPE_CHECKING:
    # An exhibit's menu makes reports of these figures.
    from smarketing.ui.exhibit import Exhibit

#: A page of a store of any size is worked out within this.
_SECONDS = 600
_LOG = logging.getLogger(__name__)
_WORDS, _MODEL = "label", "model"
#: From this likeness on, a name is another one misspelled.
_NEARLY = 0.8
_CHILD = "from smarketing.ui.figures import answer; answer()"


class Figures:
    """The figures of pages as one person sees them; a page is run once for all of its figures.

    `on_people` is told of a figure that lists who people are, before it is handed out.
    """

    def __init__(self, access: Access, on_people: Callable[[str], None]) -> None:
        """Ask for `access`."""
        self._access, self._on_people = access, on_people
        self._pages: dict[FigureAddress, Mapping[str, Exhibit]] = {}

    def at(self, address: FigureAddress, period: str = "", filters: Filters = NO_FILTERS) -> Shown:
        """Return a figure, of a period and within filters where they are given.

        Raises UsageError for a page or figure that there is none of, a filter that the page does
        not know, and whatever of the address the page could not apply.
        """
        asked = _obeyed(address, period, filters, self._access)
        # A server runs pages for browsers: this one is run beside it.
        found = self._beside.at(asked) if Runtime.exists() else self.here(asked)
        if found.names_people and self._access.may("see_personal"):
            self._on_people(f"the figure {address}")
        return found

    @cached_property
    def _beside(self) -> _Beside:
        return _Beside(self._access)

    def here(self, address: FigureAddress) -> Shown:
        """Return a figure by its address as it stands, from a page that this process runs."""
        page = replace(address, figure="")
        if page not in self._pages:
            self._pages[page] = _run(page, self._access)
        found = self._pages[page]
        if not found:
            raise UsageError(f"The page '{address.page}' shows no figure at this address.")
        if not address.figure and len(found) == 1:
            return taken_out(next(iter(found.values())))
        if not address.figure:
            listed = "; ".join(f"#{name} ({one.title})" for name, one in found.items())
            raise UsageError(f"Name the figure behind the address. It shows: {listed}.")
        if address.figure not in found:
            raise unknown("figure", address.figure, found, f"the page '{address.page}'")
        return taken_out(found[address.figure])


def _obeyed(address: FigureAddress, period: str, filters: Filters, access: Access) -> FigureAddress:
    """Return the address with a period and filters, those alone that its page knows."""
    pages = {**dict(PAGES), **RECORDS}
    if address.page not in pages:
        raise unknown("page", address.page, pages)
    known = obeyed_by(address.page)
    for name, _ in address.query:
        # The page would pass over it, and show other figures than those that are asked for.
        if name not in known.names and get_close_matches(name.lower(), known.names, 1, _NEARLY):
            raise unknown("choice", name, known.names, f"the page '{address.page}'")
    # What a person may see holds everywhere, whether a page has a filter for it or not.
    given = [item for item in filters if item[0] in known.filters or item not in access.scope]
    for name, _ in given:
        if name not in known.filters:
            raise UsageError(f"The page '{address.page}' knows no filter by {name}.")
    return address.asking(period if known.period else "", Filters.from_mapping(dict(given)))


def _run(address: FigureAddress, access: Access) -> Mapping[str, Exhibit]:
    """Run a page without a browser and return its figures by name."""
    from streamlit.testing.v1 import AppTest

    set_log_level("error")  # It warns of every run without a browser.
    app = AppTest.from_file(str(app_path()), default_timeout=_SECONDS)
    app.switch_page(f"pages/{address.page}.py")
    for name in dict(address.query):
        app.query_params[name] = [value for key, value in address.query if key == name]
    with offscreen.catching(access) as caught:
        app.run()
    if app.exception:
        raise SmarketingError(f"The page '{address.page}' failed: {app.exception[0].message}")
    said = (*caught.notices, *(caught.failures or [error.value for error in app.error]))
    if caught.notices or (said and not caught.figures):
        raise UsageError(" ".join(said))
    return {exhibit.key: exhibit for exhibit in caught.figures}


def taken_out(exhibit: Exhibit) -> Shown:
    """Return what a page shows as what leaves the building."""
    exhibit = exhibit.if_given()
    figure = None if exhibit.draw is None or exhibit.data.empty else exhibit.drawn(LIGHT)
    stamp, definition = exhibit.stamp, exhibit.definition
    said = (definition.text, definition.formula, definition.sql() if definition.sql else "")
    nothing = f"Nothing to show: {exhibit.why_nothing}."
    page = Page(
        exhibit.key,
        exhibit.title,
        exhibit.reading,
        _body(exhibit, figure),
        stamp.footer(),
        "\n\n".join(part for part in said if part),
        nothing if exhibit.data.empty else f"{exhibit.title}. {exhibit.reading}",
        drawn=figure,
    )
    if isinstance(page.body, Grid):
        frame, labels = _worded(exhibit)
        units = {labels[name]: unit for name, unit in exhibit.units.items() if name in labels}
        table = Table(frame.rename(columns=labels), units, _currency(exhibit))
        if exhibit.filed is not None:
            table = Table(exhibit.filed, currency=_currency(exhibit))
        page = replace(page, table=table)
    people = not exhibit.data.empty and bool(PERSONAL & set(map(str, exhibit.data.columns)))
    return Shown(page, stamp, exhibit.in_file, exhibit.units, _currency(exhibit), people)


def _body(exhibit: Exhibit, figure: go.Figure | None) -> Chart | Grid | tuple[str, ...]:
    """Return the figure as a native chart where it is one, else its numbers as a table."""
    frame = exhibit.data
    if frame.empty:
        return ()
    chart = (
        None
        if figure is None
        else native(figure, format_of(frame, exhibit.units, _currency(exhibit)))
    )
    return chart or _grid(exhibit)


def _grid(exhibit: Exhibit) -> Grid:
    frame, labels = _worded(exhibit)
    return Grid(*texts.written(frame, labels, exhibit.units, _currency(exhibit)))


def _worded(exhibit: Exhibit) -> tuple[pd.DataFrame, dict[str, str]]:
    """Return the figure's numbers with names in place of ids, and what its columns are called."""
    frame, agreement = exhibit.data, exhibit.view.store.agreement
    ids = set(drill.hidden(frame))
    labels = {str(name): column_label(str(name)) for name in frame.columns}
    if _WORDS in labels:
        # The words for the first column, the ids of what the rows are of.
        ids.add(str(frame.columns[0]))
        labels[_WORDS] = labels[str(frame.columns[0])]
    for name in labels:
        if labels_of(agreement, name) or name == _MODEL:
            words = [_word(agreement, name, key) for key in frame[name]]
            frame = frame.assign(**{name: words})
    shown = [
        name for name in labels
        if name not in ids and (not exhibit.columns or name in exhibit.columns)
    ]  # fmt: skip
    return frame[shown], {name: labels[name] for name in shown}


def _word(agreement: Agreement, dimension: str, key: Any) -> Any:
    """Return a member of a dimension in words, as pages write it; what is no id stays."""
    if not isinstance(key, str):
        return key
    if dimension == _MODEL:
        return model_name(key, agreement)
    return labels_of(agreement, dimension).get(key, key)


def _currency(exhibit: Exhibit) -> str:
    return exhibit.view.store.engine.currency


class _Beside:
    """A process of its own that runs pages, as long as its figures are asked for."""

    def __init__(self, access: Access) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-c", _CHILD],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        )
        weakref.finalize(self, _end, self._process)
        self._send(access)

    def _send(self, what: object) -> None:
        assert self._process.stdin is not None
        pickle.dump(what, self._process.stdin)
        self._process.stdin.flush()

    def at(self, address: FigureAddress) -> Shown:
        assert self._process.stdout is not None
        try:
            self._send(address)
            found: Shown | SmarketingError = pickle.load(self._process.stdout)
        except (OSError, EOFError, pickle.UnpicklingError) as error:
            raise SmarketingError(
                f"The figure {address} could not be made: the process that runs its page ended."
            ) from error
        if isinstance(found, SmarketingError):
            raise found
        return found


def _end(process: subprocess.Popen[bytes]) -> None:
    process.kill()
    process.communicate()


def answer() -> None:
    """Answer, on standard output, each figure asked for on standard input, until that ends."""
    out = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    # What libraries print is no part of an answer.
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    figures = Figures(pickle.load(sys.stdin.buffer), lambda _: None)
    while True:
        try:
            address = pickle.load(sys.stdin.buffer)
        except EOFError:
            return
        try:
            found: Shown | SmarketingError = figures.here(address)
        except SmarketingError as error:
            found = error
        except Exception as error:
            _LOG.exception("The figure %s could not be made", address)
            found = SmarketingError(f"The figure {address} could not be made: {error}")
        pickle.dump(found, out)
        out.flush()
