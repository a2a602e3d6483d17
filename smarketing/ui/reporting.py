"""Reports from the dashboard, made at a click."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

import streamlit as st

from smarketing.analysis.funnel.listing import campaign_names
from smarketing.charts.names import markdown
from smarketing.engine.written import read_workspace
from smarketing.export.report.adding import report_names
from smarketing.export.report.asked import Asked
from smarketing.export.report.catalogue import lists_people
from smarketing.export.report.plans import Plan, plan_named
from smarketing.export.report.write import write_report
from smarketing.settings import Settings
from smarketing.ui.figures import Figures
from smarketing.ui.gate import handing, recheck
from smarketing.ui.records import handed_out
from smarketing.ui.session import ask
from smarketing.ui.states import guarded
from smarketing.ui.view import View

_MADE = "_report_made"
#: What a report can be made as, in words.
_KINDS: Mapping[str, str] = {
    "pptx": "Slides (PPTX)",
    "pdf": "PDF",
    "html": "Web page (HTML)",
    "xlsx": "Workbook (XLSX)",
    "digest": "Digest",
}


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
            # It is of what one might see when it was made.
            st.session_state[_MADE] = {f: handing(partial(bytes, c)) for f, c in made.items()}
            for what, why in failed.items():
                st.warning(markdown(f"{what}: {why}"))
        for file, asked in st.session_state.get(_MADE, {}).items():
            st.download_button(file, asked, file_name=file, key=f"report_{file}", on_click="ignore")


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
        read_workspace(store.home, store.access),
        store.in_force,
        ask(store, campaign_names),
        filters,
        Figures(store.access, partial(handed_out, store.home, store.access)).at,
    )
