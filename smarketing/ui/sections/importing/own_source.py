"""A source of one's own for files that no source knows: drafted from them, edited, saved."""

from __future__ import annotations

import re
from pathlib import Path

import streamlit as st

from smarketing.build.importing.own_sources import (
    draft_source,
    own_names,
    save_source,
    source_texts,
    sources_folder,
)
from smarketing.charts.names import markdown
from smarketing.errors import SmarketingError
from smarketing.sources import Source, load_source
from smarketing.store.home import disk_errors
from smarketing.ui.states import failed

_EDITED, _SHOWN = "_source_edited", "_source_shown"


def form(home: Path, files: list[Path]) -> None:
    """Draft a source from the files, and edit one that was drafted."""
    with st.expander("A source of your own", icon=":material/edit_note:", key="own_source"):
        st.caption(
            "For files of a system that is not known: what their columns mean is guessed from "
            "headers and values, and is yours to correct. The same as: smarketing source new."
        )
        with st.container(horizontal=True, vertical_alignment="bottom"):
            name = st.text_input(
                "Name of the system", placeholder="my_crm", width=240, key="source_name"
            )
            asked = st.button("Draft a source from these files", disabled=not name.strip())
        if asked:
            _draft(home, files, name.strip())
        drafted = own_names(home)
        if drafted:
            edited = st.session_state.get(_EDITED, drafted[0])
            place = drafted.index(edited) if edited in drafted else 0
            chosen = st.selectbox("Edit", drafted, index=place, width=240)
            _edit(sources_folder(home) / chosen)


def _draft(home: Path, files: list[Path], name: str) -> None:
    try:
        draft_source(home, files, name)
    except SmarketingError as error:
        failed(error, "No source was written")
        return
    st.session_state[_EDITED] = name
    st.rerun()


def _edit(folder: Path) -> None:
    """The texts of a source, to be reviewed and saved; then it can be chosen above."""
    try:
        _questions(load_source(folder))
    except SmarketingError as error:
        failed(error, "This source does not hold")
    texts = _shown(folder)
    with st.form(f"source_{folder.name}", border=False):
        edited = {
            name: st.text_area(name, text, height=260, key=f"text_{folder.name}_{name}")
            for name, text in texts.items()
        }
        if not st.form_submit_button("Save"):
            return
    try:
        with disk_errors(folder):
            save_source(folder, edited, texts)
    except SmarketingError as error:
        failed(error, "It was not saved")
        return
    st.session_state[_SHOWN] = (folder.name, source_texts(folder))
    st.toast(f"Saved: choose {folder.name} under “Read as”.")


def _shown(folder: Path) -> dict[str, str]:
    """Return the texts that whoever edits a source has before them; read afresh once it is left."""
    name, texts = st.session_state.get(_SHOWN, ("", {}))
    if name != folder.name or f"text_{name}_profile.yaml" not in st.session_state:
        texts = source_texts(folder)
        st.session_state[_SHOWN] = (folder.name, texts)
    return dict(texts)


def _questions(source: Source) -> None:
    for kind, item in source.objects.items():
        for question in item.undecided:
            st.warning(markdown(f"{kind}: {in_form(question)}."), icon=":material/help:")
    if any(item.undecided for item in source.objects.values()):
        st.caption(
            "Once a question is settled, take its line out of `undecided` in the field "
            "profile.yaml below, and save."
        )
    for select in source.waiting:
        asked = f"{select.path.name}: {in_form(select.undecided or '')}."
        st.warning(markdown(asked), icon=":material/help:")


def in_form(question: str) -> str:
    """Return a question in the words of the form: a field for each file, and no `--out`."""
    said = question.replace("into another folder by --out", "under another name")
    return re.sub(r"\b((?!\d)\w[^\s'\"`]*\.(?:sql|yaml))(?=[\s,;.]|$)", r"the field \1 below", said)
