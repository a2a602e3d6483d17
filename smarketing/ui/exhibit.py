"""One figure with everything it owes its reader: finding, reading, definition, records, export."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from shlex import quote
from typing import Any

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from smarketing.analysis.availability import not_given
from smarketing.charts.marks import Stretch, mark_bars, mark_time
from smarketing.charts.names import html, markdown, visible
from smarketing.charts.theme import LIGHT, Look
from smarketing.export.images import FORMATS, HOW_TO, MIME, find_browser, to_image
from smarketing.export.stamp import Stamp
from smarketing.ui import adding, asides, drill, notes, offscreen
from smarketing.ui.address import choice, write
from smarketing.ui.asides import Aside
from smarketing.ui.explain import Definition, explain, stamp_of
from smarketing.ui.gate import recheck
from smarketing.ui.records import Records, downloads, logged, show_records, table
from smarketing.ui.session import ask
from smarketing.ui.states import guarded
from smarketing.ui.style import current_look
from smarketing.ui.view import View

ALL = "all"


@dataclass(frozen=True)
class Exhibit:
    """A figure ready to be shown.

    `draw` makes the chart for a look, or is None where `data`, the figure's own numbers, is shown
    as a table. `records(part)` lists what is under the whole (None) or under one of `parts`: words
    by id, or ids that are words. An id is what a click on the chart hands over (lists joined by
    " · ") and what the address holds. `choices` are the settings that change the number and are
    printed under it and on its exports. `view` holds what of the page's filters it obeyed. `reason`
    says why there is nothing, where `data` is empty for another cause than period and filters.
    `aside` leads to why another page says another number. `leads_to` is the kind of record that
    the parts are: then a click leads to its page instead of its records. `columns` are those of a
    table that the screen shows, where its exports hold more. What happened is marked on the places
    of its `timeline` and on its `campaigns`, names by id. `figure` is the name its notes are kept
    under where it has one on every page, such as a KPI's; `meeting_id` that of the meeting whose
    minutes they belong to. `reported` is the figure of a report that says the same numbers of the
    same view, where there is one. `needs` are the marts that it is made of: where no source gives
    any record of one, the figure is not available, whatever it would say. `filed` is what files
    hold where `data` is written out for reading.
    """

    key: str
    title: str
    reading: str
    view: View
    definition: Definition
    data: pd.DataFrame
    draw: Callable[[Look], go.Figure] | None = None
    records: Callable[[str | None], Records] | None = None
    parts: Mapping[str, str] | Sequence[str] = ()
    choices: dict[str, str] = field(default_factory=dict)
    units: dict[str, str] = field(default_factory=dict)
    height: int | None = None
    reason: str = ""
    aside: Aside | None = None
    leads_to: str = ""
    columns: Sequence[str] = ()
    timeline: Sequence[Stretch] = ()
    campaigns: Mapping[str, str] = field(default_factory=dict)
    figure: str = ""
    meeting_id: int | None = None
    reported: str = ""
    needs: Sequence[str] = ()
    filed: pd.DataFrame | None = None

    @property
    def in_file(self) -> pd.DataFrame:
        """What a file holds: the numbers."""
        return self.data if self.filed is None else self.filed

    @property
    def part_words(self) -> dict[str, str]:
        """Words for each part, by id, in order."""
        if isinstance(self.parts, Mapping):
            return dict(self.parts)
        return {part: part for part in self.parts}

    @property
    def stamp(self) -> Stamp:
        """What its exports carry."""
        label, key = self.definition.label, self.key.replace("_", " ")
        name = label if key in label.lower() else f"{label} {key}"
        return stamp_of(self.view, self.title, self.reading, self.choices, name)

    @property
    def subject(self) -> notes.Subject:
        """What notes on it are about."""
        return notes.Subject(
            self.figure or notes.figure_name(self.key),
            self.title,
            notes.address_of(self.view),
            self.timeline if self.draw is not None else (),
            self.campaigns,
            self.meeting_id,
        )

    @property
    def why_nothing(self) -> str:
        """Why there is nothing to show, as the rest of a sentence."""
        return self.reason or (
            "no record falls in this period and these filters. Choose a longer period or fewer "
            "filters"
        )

    def if_given(self) -> Exhibit:
        """The exhibit, or that it is not available, with the reason and what to import."""
        why = ask(self.view.store, not_given, tuple(self.needs)) if self.needs else None
        if why is None:
            return self
        title = f"{self.definition.label}: not available"
        return replace(
            self, title=title, reading="", data=self.data.head(0), filed=None, reason=why
        )

    def drawn(self, look: Look) -> go.Figure:
        """The chart, with what happened marked on it."""
        assert self.draw is not None
        figure, found = self.draw(look), notes.written(self.view.store)
        mark_time(figure, look, self.timeline, found.marks(self.timeline))
        mark_bars(figure, found.of_campaigns(self.campaigns))
        return figure


@st.fragment
def show(exhibit: Exhibit) -> None:
    """Draw an exhibit. An error is said in the place of what failed; all else goes on."""
    screen = offscreen.running()
    if screen is not None:
        screen.figures.append(exhibit)
        return
    recheck(exhibit.view.store.access)
    exhibit = exhibit.if_given()
    with guarded(f"“{exhibit.title}”"):
        _head(exhibit)
        if exhibit.aside is not None:
            asides.show(exhibit.aside, exhibit.view)
        _body(exhibit)
        notes.under(exhibit.view.store, exhibit.subject)
        _foot(exhibit)
    if exhibit.records is not None and not exhibit.data.empty:
        with guarded(f"What is under “{exhibit.title}”"):
            _records(exhibit)


def _head(exhibit: Exhibit) -> None:
    title = f'<h2 class="sm-title">{html(exhibit.title)}</h2>'
    reading = f'<p class="sm-reading">{html(exhibit.reading)}</p>' if exhibit.reading else ""
    with st.container(horizontal=True, vertical_alignment="top", wrap=False, gap="small"):
        st.html(title + reading, width="stretch")
        with st.container(
            horizontal=True, width="content", gap=None, wrap=False, key=f"tools_{exhibit.key}"
        ):
            _tools(exhibit)


def _tools(exhibit: Exhibit) -> None:
    info = st.popover(
        "",
        icon=":material/info:",
        type="tertiary",
        help="Definition: formula, owners, SQL, build",
        on_change="rerun",
        key=f"{exhibit.key}_info",
    )
    if info.open:
        with info:
            explain(exhibit.definition, exhibit.view.store)
    notes.tool(exhibit.view.store, exhibit.subject)
    with st.popover(
        "",
        icon=":material/download:",
        type="tertiary",
        help="Export: PNG, SVG, PDF, CSV, XLSX",
        key=f"{exhibit.key}_export",
    ):
        _export_menu(exhibit)


def _export_menu(exhibit: Exhibit) -> None:
    stamp = exhibit.stamp
    draw = None if exhibit.data.empty or exhibit.draw is None else exhibit.drawn
    if draw is not None and find_browser() is None:
        st.caption(HOW_TO)
    elif draw is not None:
        st.caption("Chart, with its finding and provenance")
        with st.container(horizontal=True):
            for kind in FORMATS:
                st.download_button(
                    kind.upper(),
                    logged(exhibit.data, stamp, _picture(draw, stamp, kind)),
                    file_name=stamp.file_name(kind),
                    mime=MIME[kind],
                    key=f"{exhibit.key}_{kind}",
                    on_click="ignore",
                )
    st.caption("Numbers of the figure")
    with st.container(horizontal=True):
        currency = exhibit.view.store.engine.currency
        downloads(exhibit.in_file, stamp, f"{exhibit.key}_data", exhibit.units, currency)
    address = adding.address_of(exhibit.view, exhibit.key)
    adding.adder(exhibit.view, exhibit.reported, address)
    st.caption("From the command line")
    st.code(f"smarketing export {quote(str(address))}", language="bash", wrap_lines=True)
    st.caption(markdown(stamp.footer()))


def _picture(draw: Callable[[Look], go.Figure], stamp: Stamp, kind: str) -> Callable[[], bytes]:
    return lambda: to_image(draw(LIGHT), stamp, kind)


def _body(exhibit: Exhibit) -> None:
    if exhibit.data.empty:
        st.caption(f":material/hide_source: Nothing to show: {markdown(exhibit.why_nothing)}.")
        return
    clickable = exhibit.records is not None and bool(exhibit.parts)
    if exhibit.draw is None:
        table_key = f"{exhibit.key}_shown"
        rows = clickable and len(exhibit.parts) == len(exhibit.data)
        table(
            exhibit.data,
            exhibit.view.store.engine.currency,
            units=exhibit.units,
            key=table_key,
            height=exhibit.height,
            alt=visible(exhibit.title),
            on_select=_drill(exhibit, table_key) if rows else None,
            columns=exhibit.columns,
        )
        return
    chart_key = f"{exhibit.key}_chart"
    st.plotly_chart(
        exhibit.drawn(current_look()),
        theme=None,
        key=chart_key,
        on_select=_drill(exhibit, chart_key) if clickable else "ignore",
        selection_mode="points",
        config={
            "displaylogo": False,
            "modeBarButtons": [["toImage"]],
            "toImageButtonOptions": {"filename": exhibit.stamp.file_name("png")[:-4], "scale": 2},
        },
        alt=visible(f"{exhibit.title}. {exhibit.reading}"),
    )
    drill.go()


def _drill(exhibit: Exhibit, chart_key: str) -> Callable[[], None]:
    """A click opens the records of what was clicked; the address follows."""

    def clicked() -> None:
        selection = st.session_state[chart_key]["selection"]
        part = ALL
        if selection.get("points"):
            part = _part(selection["points"][0].get("customdata"), exhibit.part_words)
        elif selection.get("cells"):
            part = list(exhibit.parts)[selection["cells"][0][0]]
        part = part if part in exhibit.parts else ALL
        if exhibit.leads_to:
            if part != ALL and not part.startswith("("):
                drill.ask_for(exhibit.leads_to, part)
            return
        write(f"{exhibit.key}_of", part, ALL)
        if part != ALL:
            _open(f"{exhibit.key}_records")

    return clicked


def _open(name: str) -> None:
    # A box not drawn yet is not bound to the address yet: then the address is written here.
    if name not in st.session_state:
        st.query_params[name] = "true"
    st.session_state[name] = True


def _part(data: Any, parts: Mapping[str, str]) -> str:
    """The part a mark is of: by all that it holds, else by its row alone."""
    if not isinstance(data, (list, tuple)):
        return str(data)
    whole = " · ".join(str(d) for d in data)
    return whole if whole in parts else str(data[0])


def _foot(exhibit: Exhibit) -> None:
    view = exhibit.view
    parts = [f"{label} {value}" for label, value in exhibit.choices.items() if value]
    parts += view.foot()
    parts.append(f"agreement {view.store.agreement_words}")
    parts.append(f"as of {exhibit.stamp.as_of}")
    st.html(f'<p class="sm-foot">{html(" · ".join(parts))}</p>')


def _records(exhibit: Exhibit) -> None:
    if exhibit.records is None:
        return
    box = st.expander(
        "Records",
        key=f"{exhibit.key}_records",
        on_change="rerun",
        bind="query-params",
        type="compact",
    )
    if not box.open:
        return
    with box:
        part = ALL
        if exhibit.parts:
            words = exhibit.part_words
            part = choice(
                "Records of", [ALL, *words], key=f"{exhibit.key}_of", labels=words, width=320
            )
        found = exhibit.records(None if part == ALL else part)
        whole = exhibit.stamp
        named = replace(whole, name=f"{whole.name} records")
        if part != ALL:
            said = exhibit.part_words[part]
            named = replace(
                named, title=f"{whole.title}: {said}", name=f"{whole.name} records {said}"
            )
        show_records(found, named, exhibit.view.store.engine.currency, f"{exhibit.key}_rows")
