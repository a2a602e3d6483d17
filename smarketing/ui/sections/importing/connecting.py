"""Tables of a database brought in by the browser, as `smarketing import --from` brings them."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

import streamlit as st

from smarketing.access import Access
from smarketing.build import ImportReport, Pull, import_files
from smarketing.errors import SmarketingError, UsageError
from smarketing.ui.sections.importing import outcome
from smarketing.ui.sections.importing.progress import shown_by
from smarketing.ui.states import failed

_EDITION = "_connect_edition"


def connecting(home: Path, access: Access) -> None:
    """Offer to look at the tables of a database, and to import them."""
    with st.expander("Connect a database", icon=":material/database:", key="connect_box"):
        # What was typed is let go of once it has served: an address may hold a password.
        edition = int(st.session_state.get(_EDITION, 0))
        with st.form(f"connect_{edition}", border=False):
            address = st.text_input(
                "Address",
                type="password",
                placeholder="postgresql://reader:password@host/database",
                help="PostgreSQL, or any database that SQLAlchemy or Spark Connect reaches.",
                key=f"connect_address_{edition}",
            )
            with st.container(horizontal=True):
                schema = st.text_input(
                    "Schema of the tables", key=f"connect_schema_{edition}", width=240
                )
                cursor = st.text_input(
                    "Column that grows",
                    help="Then only what is new since the last time is pulled.",
                    key=f"connect_cursor_{edition}",
                    width=240,
                )
            with st.container(horizontal=True):
                look = st.form_submit_button("Look", icon=":material/visibility:")
                bring = st.form_submit_button("Import", type="primary", key="connect_import")
        st.caption("With SELECTs of your own, or from a folder of this machine, in a terminal:")
        st.code("smarketing import --from ADDRESS --query FILE.sql", language="bash")
        if look or bring:
            _pull(home, access, (address, schema, cursor), dry_run=look)


def _pull(home: Path, access: Access, typed: tuple[str, str, str], *, dry_run: bool) -> None:
    bar = st.progress(0.0, "Connecting …")
    try:
        report = import_files(
            home,
            (),
            dry_run=dry_run,
            by=access.email or access.name,
            progress=shown_by(bar.progress, access),
            pull=asked_for(*typed),
        )
    except SmarketingError as error:
        bar.empty()
        failed(error, "Nothing was imported")
        return
    bar.empty()
    if dry_run:
        _show(report)
        return
    outcome.keep(report, "add")
    st.session_state[_EDITION] = int(st.session_state.get(_EDITION, 0)) + 1
    st.rerun()


def asked_for(address: str, schema: str, cursor: str) -> Pull:
    """Return what to pull; UsageError unless a server is named, and a schema.

    A folder or file of this machine is not read for a browser.
    """
    try:
        parts = urlsplit(address.strip())
        is_server = parts.scheme.startswith("postgres") or bool(parts.hostname)
    except ValueError:
        is_server = False
    if not is_server:
        raise UsageError("Write the address of a server, such as postgresql://host/database.")
    if not schema.strip():
        raise UsageError("Name the schema whose tables are to be imported.")
    return Pull(address.strip(), (), schema.strip(), cursor.strip() or None)


def _show(report: ImportReport) -> None:
    st.subheader("What the tables were taken for")
    outcome.files_table(report, "connected_files")
    outcome.sentences(report, "add")
