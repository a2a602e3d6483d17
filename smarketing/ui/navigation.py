"""The pages, in the order of the meeting, and how they are reached."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

#: File (and address) and title of each page.
PAGES = (
    ("scoreboard", "Scoreboard"),
    ("funnel", "Funnel"),
    ("handoff", "Handoff"),
    ("attribution", "Attribution"),
    ("campaigns", "Campaigns"),
    ("journeys", "Journeys"),
    ("lead_quality", "Lead quality"),
    ("planning", "Planning"),
    ("agreement", "Agreement"),
    ("data_health", "Data health"),
)


def navigation(folder: Path) -> st.Page:
    """Register the pages found in `folder` and return the one asked for."""
    pages = [
        st.Page(folder / f"{name}.py", title=title, url_path=name, default=index == 0)
        for index, (name, title) in enumerate(PAGES)
        if (folder / f"{name}.py").exists()
    ]
    return st.navigation(pages, position="top")
