"""The log of what was done to the home: to be read, never to be changed."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pandas as pd
import streamlit as st

from smarketing.charts import format as fmt
from smarketing.errors import SmarketingError
from smarketing.store.audit import Entry, trail
from smarketing.ui.records import table
from smarketing.ui.session import home_zone
from smarketing.ui.states import failed

_COLUMNS = ("when", "who", "what", "about")


def lede(home: Path) -> str:
    """How much was done, and what last, in a sentence."""
    try:
        found = trail(home)
    except SmarketingError:
        return "The log cannot be relied on."
    if not found:
        return "Nothing was done to this home yet."
    first = found[0]
    many = fmt.many(len(found), "entry", "entries")
    when = fmt.moment(datetime.fromisoformat(first.at), home_zone(home))
    return f"{many} in the log; the last: {first.who} {first.what} on {when}."


def log(home: Path) -> None:
    """Signatures, imports, exports of personal data, erasures, changes of access: newest first."""
    st.header("What was done, by whom")
    try:
        found = trail(home)
    except SmarketingError as error:
        failed(error, "The log cannot be relied on")
        return
    st.caption(
        "Signatures, imports, exports of personal data, erasures and changes of access. It is only "
        "ever added to. In a terminal: smarketing audit."
    )
    table(
        _frame(found, home_zone(home)),
        "",
        key="audit",
        height=420,
        alt="What was done, by whom and when",
    )


def _frame(found: list[Entry], zone: str) -> pd.DataFrame:
    frame = pd.DataFrame([(e.at, e.who, e.what, e.about) for e in found], columns=list(_COLUMNS))
    return frame.assign(when=pd.to_datetime(frame["when"], utc=True).dt.tz_convert(zone))
