"""What a home does by itself every day, and how it went last."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from smarketing.build.refreshing import FILE_NAME, read_schedule
from smarketing.build.timetable import last_refresh
from smarketing.charts import format as fmt
from smarketing.charts.names import markdown
from smarketing.errors import SmarketingError
from smarketing.ui.session import home_zone
from smarketing.ui.states import failed


def days(home: Path) -> None:
    """Which folders are watched and how often, and what the last refresh did or failed at."""
    st.header("Every day by itself")
    if not (home / FILE_NAME).exists():
        st.caption(
            "No folder is watched. Write refresh.yaml into the home, as the documentation shows, "
            "and run smarketing refresh from cron, or say every_hours in it."
        )
        return
    last = last_refresh(home)
    if last is None:
        st.write("No refresh has run yet.")
    else:
        when = fmt.moment(last.at, home_zone(home))
        st.write(markdown(f"Last refreshed on {when}. {last.line}"))
        for failure in last.failures:
            st.error(markdown(failure), icon=":material/error:")
    try:
        schedule = read_schedule(home)
    except SmarketingError as error:
        failed(error, "The schedule cannot be read")
        return
    hours = schedule.every_hours
    often = "every hour" if hours == 1 else f"every {hours:g} hours" if hours else "when told to"
    folders = ", ".join(str(watched.folder) for watched in schedule.watch) or "no folder"
    st.caption(markdown(f"Watched {often}: {folders}."))
