"""What became of an import: its balances, what it has to say, what the agreement lacks; undo."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import streamlit as st

from smarketing.access import Access
from smarketing.build import ImportReport
from smarketing.build.importing.told import told
from smarketing.build.importing.undo import last_import, undo
from smarketing.charts.names import markdown
from smarketing.charts.words import capitalised
from smarketing.errors import SmarketingError
from smarketing.ui.sections.importing import placing
from smarketing.ui.session import home_zone
from smarketing.ui.states import failed

_REPORT, _UNDONE = "_import_report", "_import_undone"


def keep(report: ImportReport, mode: str) -> None:
    """Keep a report to be shown by the next run."""
    st.session_state[_REPORT] = (report, mode)


def forget_last() -> None:
    """Let go of what was said of an earlier import."""
    for name in (_REPORT, _UNDONE):
        st.session_state.pop(name, None)


def last(home: Path, access: Access) -> None:
    """Show what the import of this session did, or what was taken back."""
    if _UNDONE in st.session_state:
        st.success(markdown(st.session_state[_UNDONE]), icon=":material/undo:")
    kept = st.session_state.get(_REPORT)
    if kept is None:
        return
    report, mode = kept
    st.subheader("What was imported")
    files_table(report, "imported_files")
    if report.tables:
        st.dataframe(
            pd.DataFrame([table.as_dict() for table in report.tables]),
            hide_index=True,
            key="imported_tables",
        )
    sentences(report, mode)
    placing.place(home, access, report.unplaced)


def files_table(report: ImportReport, key: str) -> None:
    """A row for each file: as what it was read, and what becomes of its rows."""
    rows = [
        {
            "file": Path(file.file).name,
            "read as": file.taken_for,
            "rows": file.rows,
            "used": file.used,
            "not used": file.unused,
            "quarantined": file.quarantined,
            "why": "; ".join(f"{rows:,} {reason}" for reason, rows in file.unused_reasons),
        }
        for file in report.files
    ]
    if rows:
        frame = pd.DataFrame(rows)
        said = frame if frame["why"].any() else frame.drop(columns="why")
        st.dataframe(said, hide_index=True, key=key)


def sentences(report: ImportReport, mode: str) -> None:
    """What is to be known beyond the balances: refusals first."""
    refused = [*report.refused, report.refusal] if report.unreadable else report.refused
    for sentence in refused:
        st.error(markdown(sentence), icon=":material/block:")
    names = tuple(file.file for file in report.files)
    for sentence in told(report, mode):
        # A file is called as it is; any other sentence begins like one.
        whole = sentence if sentence.startswith(names) else capitalised(sentence)
        st.warning(markdown(whole), icon=":material/info:")


def taking_back(home: Path, access: Access) -> None:
    """Offer to take the last import back, once it was said what that is."""
    found = last_import(home)
    if found is None:
        return
    with st.expander("Undo the last import", icon=":material/undo:", key="undo_box"):
        st.write(markdown(undo(home, dry_run=True).line(home_zone(home))))
        if st.button("Take it back", key="undo"):
            _take_back(home, access, found.import_id)


def _take_back(home: Path, access: Access, import_id: str) -> None:
    try:
        with st.spinner("Building from what is left …"):
            done = undo(home, import_id=import_id, by=access.email or access.name)
    except SmarketingError as error:
        failed(error, "Nothing was taken back")
        return
    forget_last()
    st.session_state[_UNDONE] = done.line(home_zone(home))
    st.rerun()
