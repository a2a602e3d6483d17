"""Erasing a person: first what it would touch, then, once the address is typed again, for good."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from smarketing.access import Access
from smarketing.build.erasing.forget import Forgotten, forget, told_elsewhere
from smarketing.build.erasing.searching import told_unsearched
from smarketing.charts import format as fmt
from smarketing.charts.names import markdown
from smarketing.errors import SmarketingError
from smarketing.ui.states import failed

_LOOKED, _DONE, _EDITION = "_erase_looked", "_erase_done", "_erase_edition"


def erasing(home: Path, access: Access) -> None:
    """Ask for a person, say what of the home names them, and erase them when that is confirmed."""
    st.header("Erase a person")
    st.caption(
        "From landed files, every kept build and what people wrote; a later export does not bring "
        "the person back, and figures stay what they are. In a terminal: smarketing forget."
    )
    if _DONE in st.session_state:
        st.success(markdown(st.session_state.pop(_DONE)), icon=":material/person_off:")
    # A browser keeps what was typed into a box: once somebody is erased there is another one.
    edition = int(st.session_state.get(_EDITION, 0))
    with st.container(horizontal=True, vertical_alignment="bottom"):
        label = "E-mail address, or ID as a record shows it"
        given = st.text_input(label, key=f"erase_{edition}", width=360)
        asked = st.button("See what it would touch", disabled=not given.strip())
    if asked:
        _look(home, given.strip())
    looked = st.session_state.get(_LOOKED)
    if looked is None or looked[0] != given.strip():
        return
    st.write(markdown(_words(looked[1])))
    again = st.text_input("Type it once more to erase", key=f"erase_again_{edition}", width=360)
    if st.button(
        "Erase for good",
        type="primary",
        icon=":material/person_off:",
        disabled=again.strip().casefold() != looked[0].casefold(),
    ):
        _erase(home, looked[0], access)


def _look(home: Path, given: str) -> None:
    st.session_state.pop(_LOOKED, None)
    try:
        with st.spinner("Searching files, builds and workspace …"):
            found = forget(home, given, dry_run=True)
    except SmarketingError as error:
        failed(error, "Nothing would be erased")
        return
    st.session_state[_LOOKED] = (given, found)


def _erase(home: Path, given: str, access: Access) -> None:
    try:
        with st.spinner("Erasing, then searching every file again …"):
            done = forget(home, given, by=access.email or access.name)
    except SmarketingError as error:
        failed(error, "Not all of it was erased")
        return
    # What was typed is a trace as well.
    edition = int(st.session_state.get(_EDITION, 0))
    for name in (_LOOKED, f"erase_{edition}", f"erase_again_{edition}"):
        st.session_state.pop(name, None)
    st.session_state[_EDITION] = edition + 1
    st.session_state[_DONE] = _words(done)
    st.rerun()


def _words(found: Forgotten) -> str:
    counts = (
        (found.landed_rows, "row of landed files", "rows of landed files"),
        (found.build_rows, "row of builds", "rows of builds"),
        (found.workspace_records, "record of what people wrote", "records of what people wrote"),
    )
    parts = ", ".join(fmt.many(*count) for count in counts)
    said = f"It would touch {parts}." if found.dry_run else f"Erased from {parts}."
    if found.shared_names:
        said += (
            f" Others are called {', '.join(found.shared_names)} as well, or something else is: "
            "the name stays where it may be theirs."
        )
    if found.remains:
        said += f" Still named in {', '.join(found.remains)}: change that by hand."
    return said + told_unsearched(found.unsearched) + told_elsewhere(found.elsewhere)
