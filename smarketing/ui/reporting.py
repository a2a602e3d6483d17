"""Reports from the dashboard: a view added to one, and one made at a click."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path

import streamlit as st

from smarketing.analysis.funnel.listing import campaign_names
from smarketing.charts.names import markdown
from smarketing.engine import Filters
from smarketing.errors import SmarketingError
from smarketing.export.report.adding import add_view, report_names
from smarketing.export.report.asked import Asked
from smarketing.export.report.catalogue import Wanted, lists_people
from smarketing.export.report.plans import Plan, plan_named
from smarketing.export.report.write import write_report
from smarketing.export.shown import FigureAddress
from smarketing.settings import Settings
from smarketing.ui.bar import BAR, obeyed_by, page_shown
from smarketing.ui.figures import Figures
from smarketing.ui.gate import recheck, writes
from smarketing.ui.records import handed_out
from smarketing.ui.session import ask
from smarketing.ui.states import guarded
from smarketing.ui.view import View, period_options
from smarketing.workspace import open_workspace

_MADE = "_report_made"
_PERIOD, PRESENT = "period", "present"
#: What ends the names of what is open under a figure.
_OPENED = ("_records", "_of")
#: What a report can be made as, in words.
_KINDS: Mapping[str, str] = {
    "pptx": "Slides (PPTX)",
    "pdf": "PDF",
    "html": "Web page (HTML)",
    "xlsx": "Workbook (XLSX)",
    "digest": "Digest",
}


def address_of(view: View, figure: str) -> FigureAddress:
    """Where a figure of the page that is shown stands, its period spelled out."""
    page = page_shown()
    query = [(name, value) for name in st.query_params for value in st.query_params.get_all(name)]
    if obeyed_by(page).period and _PERIOD not in st.query_params:
        usual = period_options(view.store.engine.as_of_day, view.store.agreement)
        query.append((_PERIOD, usual[0]))
    kept = tuple(pair for pair in query if pair[0] != PRESENT and not pair[0].endswith(_OPENED))
    return FigureAddress(page, kept, figure)


def adder(view: View, figure: str, address: FigureAddress) -> None:
    """Offer, in a figure's export menu, to add what is seen to a report.

    `figure` is the report's own name for it, blank for one known by its address alone.
    """
    key = address.figure
    store = view.store
    if not store.access.may("write"):
        return
    wanted = _wanted(view, figure, address)
    st.caption("Add this view to a report")
    with st.container(horizontal=True, vertical_alignment="center"):
        st.selectbox(
            "Report",
            report_names(store.home),
            key=f"{key}_report",
            accept_new_options=True,
            label_visibility="collapsed",
            width=180,
            help="Choose one, or type the name of a new one.",
        )
        if wanted.period:
            st.checkbox(f"Always of {markdown(wanted.period)}", key=f"{key}_always")
        st.button("Add", key=f"{key}_add", on_click=_add, args=(view, wanted, key))


def _wanted(view: View, figure: str, address: FigureAddress) -> Wanted:
    """A figure as it is seen, with the period that it is of, blank where it has no name."""
    if figure:
        is_named = view.dated and view.window.kind != "range"
        return Wanted(figure, view.filters, view.window.label if is_named else "")
    asked = {name: [v for n, v in address.query if n == name] for name, _ in address.query}
    filters = Filters.from_mapping({name: asked[name] for name in BAR if name in asked})
    return Wanted(str(address.without(_PERIOD, *BAR)), filters, asked.get(_PERIOD, [""])[0])


@writes
def _add(view: View, wanted: Wanted, key: str) -> None:
    always = bool(st.session_state.get(f"{key}_always"))
    name = str(st.session_state[f"{key}_report"] or "").strip()
    try:
        file = add_view(view.store.home, name, wanted if always else replace(wanted, period=""))
    except SmarketingError as error:
        st.toast(markdown(error), icon=":material/error:")
        return
    st.toast(f"Added to the report {markdown(file.stem)}.", icon=":material/check_circle:")


@st.fragment
def maker(view: View) -> None:
    """Offer to make a report of the page's period and filters, and hand it over."""
    recheck(view.store.access)
    box = st.popover(
        "Report",
        icon=":material/summarize:",
        type="tertiary",
        on_change="rerun",
        key="report",
        help="Make slides, a PDF or a workbook of this period and these filters",
    )
    if not box.open:
        return
    with box, guarded("The report"):
        name = st.selectbox("Report", report_names(view.store.home), key="report_name")
        kind = st.selectbox("As", list(_KINDS), format_func=_KINDS.__getitem__, key="report_as")
        if st.button("Make it", key="report_make", type="primary"):
            bar = st.progress(0.0)

            def step(what: str, share: float) -> None:
                bar.progress(share, what)

            made, failed = _make(view, name, kind, step)
            bar.empty()
            st.session_state[_MADE] = made
            for what, why in failed.items():
                st.warning(markdown(f"{what}: {why}"))
        for file, content in st.session_state.get(_MADE, {}).items():
            st.download_button(
                file, content, file_name=file, key=f"report_{file}", on_click="ignore"
            )


def _make(
    view: View, name: str, kind: str, step: Callable[[str, float], None]
) -> tuple[dict[str, bytes], Mapping[str, str]]:
    """Make a report; returns files by name, and what of it failed and why."""
    plan = plan_named(view.store.home, name)
    question = _asked(view, plan)
    with tempfile.TemporaryDirectory(prefix="smarketing-") as folder:
        written = write_report(plan, question, Path(folder), [kind], url=Settings().url, step=step)
        store = view.store
        if lists_people(plan.figures) and store.access.may("see_personal"):
            handed_out(store.home, store.access, f"the report {plan.name} as {kind}")
        return {file.name: file.read_bytes() for file in written.files}, written.failed


def _asked(view: View, plan: Plan) -> Asked:
    """The question of the page: its period, and its filters beside the report's own."""
    store = view.store
    filters = plan.filters.with_(**view.filters.as_dict()).within(store.access.scope)
    return Asked(
        store.engine,
        store.agreement,
        view.window,
        open_workspace(store.home, store.access),
        store.in_force,
        ask(store, campaign_names),
        filters,
        Figures(store.access, partial(handed_out, store.home, store.access)).at,
    )
