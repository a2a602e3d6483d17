"""Every version of the agreement, and what differs between any two, in words."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from smarketing.agreement.told import told
from smarketing.charts import format as fmt
from smarketing.charts.names import html
from smarketing.store.agreed import SHORT, Agreed, Version
from smarketing.ui import under
from smarketing.ui.address import UNDER, choice
from smarketing.ui.records import table
from smarketing.ui.sections.agreement.signing import signatures
from smarketing.ui.session import Store


def history(store: Store, versions: Agreed) -> None:
    """Who proposed what, who signed what when, and the difference between two versions."""
    found = versions.versions()
    table(_frame(found), store.engine.currency, key="versions", alt="Versions of the agreement")
    for version in found:
        if version.state == "proposed" and not version.is_on_file:
            proposal(store, versions, version)
    if len(found) < 2:
        return
    words = {v.hash: f"{v.hash[:SHORT]} ({v.state})" for v in found}
    earlier, later = two_to_compare(found)
    with st.container(horizontal=True):
        before = choice("From version", list(words), key="from", labels=words,
                        default=earlier.hash, width=220)  # fmt: skip
        after = choice("To version", list(words), key="to", labels=words,
                       default=later.hash, width=220)  # fmt: skip
    by_hash = {v.hash: v for v in found}
    differences(told(by_hash[before].agreement, by_hash[after].agreement))


def two_to_compare(found: Sequence[Version]) -> tuple[Version, Version]:
    """Return the version on file and the newest proposal; without one the version before it first.

    `found` has the one on file first, then the others from the newest.
    """
    on_file, newest = found[0], found[1]
    return (on_file, newest) if newest.state == "proposed" else (newest, on_file)


def proposal(store: Store, versions: Agreed, version: Version) -> None:
    """One open proposal: who made it and why, what it changes, and its signatures."""
    made = version.proposal
    assert made is not None
    why = f": {made.note}" if made.note else ""
    st.subheader(f"Proposal {version.hash[:SHORT]}")
    st.html(
        f'<p class="sm-reading">{html(made.proposed_by)}, '
        f"{html(fmt.day(made.proposed_at.date()))}{html(why)}</p>"
    )
    differences(told(versions.on_file().agreement, version.agreement))
    if under.may_show(store.access) and st.button(
        "Show every page under it", key=f"under_{version.hash}", icon=":material/visibility:"
    ):
        under.show(version)
        st.switch_page("pages/home.py", query_params={UNDER: version.hash[:SHORT]})
    signatures(store, versions, version)


def differences(sentences: Sequence[str]) -> None:
    """Differences as a list of sentences."""
    if not sentences:
        st.html('<p class="sm-reading">Both say the same.</p>')
        return
    items = "".join(f"<li>{html(sentence)}</li>" for sentence in sentences)
    st.html(f'<ul class="sm-reading">{items}</ul>')


def _frame(found: Sequence[Version]) -> pd.DataFrame:
    return pd.DataFrame(
        [
            {
                "version": v.hash[:SHORT],
                "state": v.state,
                "proposed by": v.proposed_by,
                "on": fmt.day(v.proposal.proposed_at.date()) if v.proposal else "",
                "note": v.proposal.note if v.proposal else "",
                "signatures": "; ".join(
                    f"{s.name} for {s.team} {fmt.day(s.signed_at.date())}"
                    f"{', withdrawn' if s.withdrawn_at else ''}"
                    for s in v.signatures
                ),
            }
            for v in found
        ]
    )
