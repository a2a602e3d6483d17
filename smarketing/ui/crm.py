"""Links to a record in the system it came from, where the address is known."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from smarketing.build.importing.own_sources import all_sources, own_folders
from smarketing.charts.names import markdown
from smarketing.settings import Settings
from smarketing.sources import Source
from smarketing.sources.links import read_addresses, record_link
from smarketing.store.landing import read_manifests
from smarketing.ui.session import Store


def link(store: Store, kind: str, record: str) -> None:
    """A link to the record in its CRM, in a tab of its own; nothing where no address is known."""
    found = where(store, kind, record)
    if found is not None:
        label, address = found
        st.page_link(address, label=markdown(f"Open in {label}"), icon=":material/open_in_new:")


def where(store: Store, kind: str, record: str) -> tuple[str, str] | None:
    """What the record's source is called, and the record's address there."""
    name, sign, raw_id = record.partition(":")
    source = _sources(str(store.home), store.engine.build_id).get(name) if sign else None
    if source is None:
        return None
    address = record_link(
        source.profile.links, kind, raw_id, read_addresses(Settings().crm).get(name, "")
    )
    return None if address is None else (source.label, address)


@st.cache_resource(show_spinner=False, max_entries=4)
def _sources(home: str, build: str) -> dict[str, Source]:  # noqa: ARG001 - a new build is a new key
    return all_sources(own_folders(Path(home), read_manifests(Path(home))))
