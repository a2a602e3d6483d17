"""The pages, by the job they are for, and how they are reached."""

from __future__ import annotations

from pathlib import Path

import streamlit as st
from streamlit.errors import StreamlitAPIException

#: What the pages are for, the first level of the navigation: file (and address) and title of each.
JOBS = {
    "Today": {
        "home": "Home",
        "meeting": "Meeting",
        "scoreboard": "Scoreboard",
        "views": "Saved views",
    },
    "Why": {
        "funnel": "Funnel",
        "handoff": "Handoff",
        "attribution": "Attribution",
        "campaigns": "Campaigns",
        "journeys": "Journeys",
        "lead_quality": "Lead quality",
        "customers": "Customers",
        "content": "Content",
    },
    "Plan": {"planning": "Planning", "calendar": "Calendar"},
    "Trust": {"agreement": "Agreement", "data_health": "Data health"},
}
PAGES = tuple(page for pages in JOBS.values() for page in pages.items())
#: Kinds of records with a page of their own, which is reached from figures and rows alone.
RECORDS = {
    "campaign": "Campaign",
    "deal": "Deal",
    "lead": "Lead",
    "account": "Account",
    "person": "Person",
    "owner": "Owner",
}
#: Pages for those who keep the home: they need no data, and others are not shown them.
KEEPING = (("imports", "Import"), ("administration", "Administration"))


def navigation(folder: Path, *, empty: bool = False, keeps: bool = False) -> st.Page:
    """Register the pages found in `folder` and return the one asked for.

    Pages that have nothing to say yet, in a home that is `empty`, are not offered, nor are those of
    who `keeps` the home to others: they say so themselves to who asks for one. Streamlit serves
    the first page at `/` alone. Its name is an address too, from which one is taken there with
    everything the address says.
    """
    kept = {name for name, _ in KEEPING}
    found = [
        (name, title) for name, title in (*PAGES, *KEEPING) if (folder / f"{name}.py").exists()
    ]
    pages = [
        st.Page(
            folder / f"{name}.py",
            title=title,
            url_path=name if index else "",
            default=not index,
            visibility="visible"
            if (keeps if name in kept else not (empty and index))
            else "hidden",
        )
        for index, (name, title) in enumerate(found)
    ]
    home, title = found[0]
    named = st.Page(folder / f"{home}.py", title=title, url_path=home, visibility="hidden")
    by_name = dict(zip((name for name, _ in found), pages, strict=True))
    names = {**JOBS, "Trust": {**JOBS["Trust"], **dict(KEEPING)}}
    jobs = {job: [by_name[n] for n in part if n in by_name] for job, part in names.items()}
    jobs["Today"] = [*jobs["Today"], named, *_records(folder)]
    asked = st.navigation(jobs, position="top")
    if asked == named:
        given = {name: st.query_params.get_all(name) for name in st.query_params}
        try:
            st.switch_page(pages[0], query_params=given)
        except StreamlitAPIException:
            # Asked for in a session whose controls hold the address already: shown where it is.
            return asked
    return asked


def _records(folder: Path) -> list[st.Page]:
    """The pages of single records, which are reached by drilling alone."""
    return [
        st.Page(folder / f"{kind}.py", title=title, url_path=kind, visibility="hidden")
        for kind, title in RECORDS.items()
        if (folder / f"{kind}.py").exists()
    ]
