"""Exhibits of the worklist: who is overdue, with whom it waits, and the list to take along."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import pandas as pd
import streamlit as st

from smarketing.analysis.handoff.worklist import Worklist, narrowed
from smarketing.charts import format as fmt
from smarketing.charts import words
from smarketing.charts.bars import stacked
from smarketing.charts.encoding import Encoding
from smarketing.periods import moment_words
from smarketing.ui.address import choice
from smarketing.ui.exhibit import Exhibit
from smarketing.ui.labels import labels_of
from smarketing.ui.person import person
from smarketing.ui.records import Records, downloads, listed
from smarketing.ui.sections.handoff.obligations import definition
from smarketing.ui.session import Store
from smarketing.ui.view import View

EVERYONE, MINE, NOBODY = "everyone", "mine", "(nobody)"
NEW = timedelta(days=7)
#: The most leads that are copied as text; the files have them all.
PASTED = 200


def asked(store: Store, found: Worklist) -> tuple[Worklist, dict[str, str]]:
    """The part of the list that the controls ask for: whose leads, and only those newly late.

    Who looks, signed in or by the name they gave, has their own behind one word that holds in a
    link for anybody.
    """
    owners = sorted({item.owner or NOBODY for item in found.items})
    name = person(store).name.strip().casefold()
    me = next((owner for owner in owners if name and owner.casefold() == name), None)
    options = [EVERYONE, *([MINE] if me else []), *owners]
    with st.container(horizontal=True, vertical_alignment="bottom"):
        whose = choice(
            "Whose leads", options, key="whose", labels={MINE: f"mine ({me})"}, width=240
        )
        whose = me if me and whose == MINE else whose
        only_new = st.toggle("New since last week", key="new", bind="query-params")
    kept = narrowed(
        found,
        None if whose == EVERYONE else whose if whose != NOBODY else "",
        found.as_of_at - NEW if only_new else None,
    )
    chosen = {} if whose == EVERYONE else {"Whose": whose}
    return kept, chosen | ({"Late": "since last week"} if only_new else {})


def hand_out(exhibit: Exhibit) -> None:
    """Take the list along: as text to paste, or as a file."""
    if exhibit.data.empty:
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        with st.popover("Copy", icon=":material/content_copy:", key="worklist_copy"):
            st.code(as_text(exhibit.data), language=None, height=320)
        currency = exhibit.view.store.engine.currency
        downloads(exhibit.data, exhibit.stamp, "worklist_take", exhibit.units, currency)


def as_text(frame: pd.DataFrame) -> str:
    """The list as lines to paste into a message: whose, who, where, what is owed and since when.

    No message holds more than a page or two: how many are left out of it is its last line.
    """
    named = frame.head(PASTED).assign(person=frame["person"].fillna(frame["lead_id"]))
    lines = []
    for row in named.to_dict("records"):
        who = [row["person"]] if fmt.is_missing(row["account"]) else [row["person"], row["account"]]
        owed = f"{row['obligation']} {row['status']}, due {moment_words(row['due_at'])}"
        lines.append(f"{row['owner']}: {', '.join([*who, owed])}")
    if len(frame) > PASTED:
        lines.append(f"and {fmt.number(len(frame) - PASTED)} more")
    return "\n".join(lines)


#: How many times as much as each would hold is more than chance of who is asked first.
_STANDS_OUT = 1.25


def load(view: View, found: Worklist) -> Exhibit:
    """The worklist by owner: how many leads are overdue and soon due with each."""
    frame = _listed_leads(found, ("owner", "status"))
    gone = {item.owner for item in found.items if item.is_owner_gone}
    labels = {name: f"{name} (left)" if name in gone else name for name in frame["owner"].unique()}
    counted = (
        frame.groupby(["owner", "status"])
        .size()
        .unstack(fill_value=0)
        .reindex(columns=["overdue", "soon due"], fill_value=0)
        .sort_values("overdue", ascending=False)
        .reset_index()
        .rename(columns={"soon due": "soon_due"})
    )
    title = "Nobody owes a lead anything now"
    if found.overdue:
        most = int(counted["overdue"].iloc[0])
        share = words.share_of(most, found.overdue, "overdue leads")
        title = f"{labels[counted['owner'].iloc[0]]} holds {share}"
        if len(counted) > 1 and most < _STANDS_OUT * found.overdue / len(counted):
            title = (
                f"{fmt.number(found.overdue)} overdue leads are spread over {len(counted)} owners"
            )
    return Exhibit(
        key="load",
        title=title,
        reading="Leads whose next obligation is overdue, or falls due within "
        f"{view.store.agreement.service_levels.soon_due_business_hours:g} business hours.",
        view=view.undated(),
        definition=definition(
            view,
            "Worklist by owner",
            "With whom do leads wait?",
            "Each lead at its earliest unfulfilled obligation, once, as of the data's date.",
        ),
        data=counted,
        draw=lambda look: stacked(
            counted,
            look,
            Encoding(key="owner", labels=labels),
            [("overdue", "overdue", look.bad), ("soon_due", "soon due", look.faint)],
        ),
        records=lambda part: _load_records(view, found, counted, part),
        parts={name: labels[name] for name in counted["owner"]},
        leads_to="owner",
        reason="everything is done",
    )


def _load_records(view: View, found: Worklist, counted: pd.DataFrame, part: str | None) -> Records:
    frame = _listed_leads(found)
    if part is not None:
        frame = frame[frame["owner"] == part]
        counted = counted[counted["owner"] == part]
    expected = float(counted[["overdue", "soon_due"]].to_numpy().sum())
    return listed(view.store, frame, "leads", expected=expected)


def _due_soon(soon: int, chosen: dict[str, str] | None) -> str:
    if chosen and "Late" in chosen:
        return ""
    return f"{fmt.number(soon) if soon else 'no'} more {'is' if soon == 1 else 'are'} due soon. "


def _why_none(chosen: dict[str, str] | None) -> str:
    if chosen and "Late" in chosen:
        return "what is overdue was so a week ago already"
    return "nothing waits with them" if chosen else "everything is done"


def _age(days_late: pd.Series) -> str:
    """How long what is overdue has waited: a list of last year's leads is another matter."""
    late = days_late.dropna().sort_values()
    if len(late) < 2:
        return ""
    return f"Half of those overdue have been so for {fmt.days(late.iloc[len(late) // 2])} or more. "


_COLUMNS = ("status", "due_at", "owner", "person", "account", "obligation", "attempts",
            "segment", "channel", "lead_id")  # fmt: skip


def _listed_leads(found: Worklist, columns: Sequence[str] = _COLUMNS) -> pd.DataFrame:
    frame = pd.DataFrame({name: [getattr(i, name) for i in found.items] for name in columns})
    frame["owner"] = frame["owner"].fillna(NOBODY)
    if "due_at" in frame:
        waited = pd.Timestamp(found.as_of_at) - pd.to_datetime(frame["due_at"])
        late = waited.dt.days.astype("Int64").where(frame["status"] == "overdue")
        frame.insert(list(frame.columns).index("due_at") + 1, "days_late", late)
    return frame


def worklist(view: View, found: Worklist, chosen: dict[str, str] | None = None) -> Exhibit:
    """Every overdue and soon-due lead, the newest first, its owner and its deadline."""
    # Deadlines are read in local time, as everywhere.
    frame = listed(view.store, _listed_leads(found), "leads").frame
    for name in ("segment", "channel"):
        frame[name] = frame[name].replace(dict(labels_of(view.store.agreement, name)))
    owners = frame[frame["status"] == "overdue"]["owner"].value_counts()
    title = f"{fmt.many(found.overdue, 'lead is', 'leads are')} overdue"
    if chosen and "Late" in chosen:
        title = f"{fmt.many(found.overdue, 'lead')} became overdue since last week"
    if found.reason:
        title = "Whether a lead waits is not known"
    elif not found.items:
        title = "No lead became overdue since last week" if chosen else "No lead waits"
    if len(owners) > 1:
        title += f", {owners.iloc[0]} of them with {owners.index[0]}"
    soon = len(found.items) - found.overdue
    return Exhibit(
        key="worklist",
        title=title,
        reading=""
        if found.reason
        else "The newest first, as of the data's date; "
        f"{_due_soon(soon, chosen)}"
        f"{_age(frame['days_late'])}"
        "People who may not be contacted are not on the list."
        + (f" What is missing here: {found.note}." if found.note else ""),
        view=view.undated(),
        definition=definition(
            view,
            "Worklist",
            "Whom should sales call first?",
            "Each lead at its earliest unfulfilled obligation, once.",
        ),
        data=frame,
        choices=chosen or {},
        reason=found.reason or _why_none(chosen),
        height=480,
        reported="" if chosen else "waiting",
    )
