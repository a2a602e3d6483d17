"""Drilling as navigation: from a figure or a row to the page of one record, and back.

A page of a record has its id in the address, and the trail that led there (the page first, then
records), so that its breadcrumb stands in a shared link as well.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pandas as pd
import streamlit as st

from smarketing.analysis.funnel.listing import campaign_names
from smarketing.analysis.journeys.find import named
from smarketing.charts import format as fmt
from smarketing.charts.names import markdown
from smarketing.ui.bar import carried
from smarketing.ui.navigation import PAGES, RECORDS
from smarketing.ui.session import Store, ask

ID, TRAIL = "id", "via"
LONGEST_TRAIL = 4
_GOTO, _SHOWN, _STEP = "_goto", "_page_shown", "_record_step"
_PAGE = "page:"
#: In a block of its own, since the scripts of a session share their names.
_FOLLOW = """<script>{
let tries = 0;
const follow = () => {
  const link = document.querySelector(".st-key-goto a");
  if (link) link.click();
  else if (tries++ < 200) setTimeout(follow, 50);
};
follow();
}</script>"""
#: Where records are found by name; those of other kinds by their journeys.
FOUND_ON = {"campaign": "campaigns", "owner": "handoff"}
#: Columns that hold an id, and the kind of record it is of.
ID_COLUMNS: Mapping[str, str] = {
    "deal_id": "deal",
    "lead_id": "lead",
    "carrier_lead": "lead",
    "account_id": "account",
    "person_id": "person",
    "campaign_id": "campaign",
}
#: Columns of names: the kind of record, and the column of its id.
NAME_COLUMNS: Mapping[str, tuple[str, str]] = {
    "account": ("account", "account_id"),
    "person": ("person", "person_id"),
    "who": ("person", "person_id"),
    "campaign": ("campaign", "campaign_id"),
    "owner": ("owner", "owner"),
}


def leads_on(frame: pd.DataFrame) -> bool:
    """Whether a row of a table leads to the page of a record."""
    return any(name in frame.columns for name in ID_COLUMNS)


def hidden(frame: pd.DataFrame) -> frozenset[str]:
    """Columns of ids that a table need not show, since names say whose its rows are."""
    named = any(name in frame.columns for name in (*NAME_COLUMNS, "name"))
    return frozenset(ID_COLUMNS) if named else frozenset()


def target(frame: pd.DataFrame, row: int, column: str) -> tuple[str, str] | None:
    """The kind and id of what a click on a cell asks for: its own record, else that of its row."""
    if not 0 <= row < len(frame):
        return None
    cells = frame.iloc[row]

    def held(kind: str, name: str) -> tuple[str, str] | None:
        if name not in frame.columns or fmt.is_missing(cells[name]):
            return None
        value = str(cells[name])
        return None if value.startswith("(") else (kind, value)

    own = NAME_COLUMNS.get(column, (ID_COLUMNS.get(column, ""), column))
    if column in NAME_COLUMNS or column in ID_COLUMNS:
        found = held(*own)
        if found is not None:
            return found
    rows = (held(kind, name) for name, kind in ID_COLUMNS.items())
    return next((found for found in rows if found is not None), None)


def on_cell(key: str, frame: pd.DataFrame) -> Callable[[], None]:
    """What a click on a cell of the table with this key does: ask for the page of its record."""

    def clicked() -> None:
        cells = st.session_state[key]["selection"].get("cells")
        found = target(frame, cells[0][0], cells[0][1]) if cells else None
        if found is not None:
            ask_for(*found)

    return clicked


def ask_for(kind: str, record: str) -> None:
    """Ask for the page of a record from a callback, which cannot turn the page itself."""
    st.session_state[_GOTO] = (kind, record)


def go() -> None:
    """Turn to the page that was asked for, if any.

    A link is followed in the browser: turned by the server, the page would leave a step of its own
    in the browser's history, and Back would not be the view before.
    """
    asked = st.session_state.pop(_GOTO, None)
    if asked is None:
        return
    with st.container(key="goto"):
        link(asked[0], asked[1], "Open")
    # A script is run once: each has a number of its own.
    st.session_state[_STEP] = step = st.session_state.get(_STEP, 0) + 1
    st.html(f"{_FOLLOW}<!-- {step} -->", unsafe_allow_javascript=True)


def link(kind: str, record: str, words: str, icon: str | None = None) -> None:
    """A link to the page of a record in the same tab; plain words where there is none."""
    st.page_link(
        f"pages/{kind}.py", label=markdown(words), icon=icon, query_params=address(kind, record)
    )


def address(kind: str, record: str) -> dict[str, list[str]]:
    """The address of a record's page, with the trail that leads from the page shown now."""
    current = here()
    trail = [f"{_PAGE}{st.session_state.get(_SHOWN)}"]
    if current is not None:
        trail = [*_trail(), ":".join(current)]
    step = f"{kind}:{record}"
    if step in trail:
        trail = trail[: trail.index(step)]
    first = [one for one in trail[:1] if one.startswith(_PAGE)]
    return _address(kind, record, [*first, *trail[len(first) :][-LONGEST_TRAIL:]])


def _address(kind: str, record: str, trail: list[str]) -> dict[str, list[str]]:
    """The address of a record's page, with the period it obeys, so that Back is one step."""
    return {ID: [record], **({TRAIL: trail} if trail else {}), **carried(kind)}


def _trail() -> list[str]:
    return st.query_params.get_all(TRAIL)


def here() -> tuple[str, str] | None:
    """The record whose page is shown; None on any other page."""
    kind, record = st.session_state.get(_SHOWN), st.query_params.get(ID)
    return (kind, record) if kind in RECORDS and record else None


def on_page(name: str) -> None:
    """Note which page is shown, so that its links know where they lead from."""
    st.session_state[_SHOWN] = name


def name_of(store: Store, kind: str, record: str) -> str | None:
    """The name of a record; None where the data have no such record."""
    if kind == "campaign":
        return ask(store, campaign_names).get(record)
    if kind == "owner":
        return record
    return ask(store, named, kind, record)


def crumbs(store: Store, kind: str, name: str) -> None:
    """The way back: the page that the trail began on, the records of the trail, this one.

    A trail without a page begins where its first record is found by name.
    """
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall", key="crumbs"):
        trail = _trail()
        first, _, page = trail[0].partition(":") if trail else (kind, "", "")
        if f"{first}:" != _PAGE or page not in dict(PAGES):
            page = FOUND_ON.get(first, "journeys")
        st.page_link(f"pages/{page}.py", label=dict(PAGES)[page], query_params=carried(page))
        for place, step in enumerate(trail):
            kind, _, record = step.partition(":")
            found = name_of(store, kind, record) if kind in RECORDS else None
            if found is None:
                continue
            st.markdown("›")
            address_then = _address(kind, record, trail[:place])
            st.page_link(f"pages/{kind}.py", label=markdown(found), query_params=address_then)
        st.markdown(f"› **{markdown(name)}**")
