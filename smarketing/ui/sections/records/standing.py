"""Where leads stand, with whom they wait, and what sales owed them: of one lead, or of several."""

from __future__ import annotations

import pandas as pd

from smarketing.analysis.handoff.listing import obligation_records
from smarketing.analysis.handoff.untold import OBLIGATIONS
from smarketing.analysis.handoff.worklist import Worklist, worklist
from smarketing.analysis.journeys.timeline import Journey
from smarketing.charts import format as fmt
from smarketing.charts.findings import of_standing
from smarketing.engine import Filters
from smarketing.periods import local_day, parse_window
from smarketing.ui.exhibit import Exhibit
from smarketing.ui.labels import name_of
from smarketing.ui.records import listed
from smarketing.ui.sections.handoff.obligations import definition, promise
from smarketing.ui.session import ask
from smarketing.ui.view import View

_EVER = ("1970-01-01", "2199-12-31")


def owed(view: View, found: Journey) -> Worklist:
    """What is overdue or due soon for the leads of a record."""
    return ask(view.store, worklist, view.store.agreement, _of_leads(found))


def _of_leads(found: Journey) -> Filters:
    return Filters.of(lead_id=[lead.lead_id for lead in found.leads])


def sentence(view: View, found: Journey) -> str:
    """Where the one lead of a page stands, with whom, and what is owed to it now."""
    if found.unit_kind != "lead" or not found.leads:
        return ""
    lead = found.leads[0]
    stage = name_of(view.store.agreement, "stage", lead.stage) if lead.stage else None
    return of_standing(stage, lead, owed(view, found))


def promises(view: View, found: Journey) -> Exhibit:
    """Each promise of sales to a lead: by when, whose, and whether it was kept."""
    due = ask(view.store, obligation_records, parse_window(*_EVER), _of_leads(found))
    agreed = promise(view.store.agreement)
    frame = listed(view.store, due.sort_values("due_at"), "obligations").frame
    kept, judged = (due["status"] == "met").sum(), due["status"].isin(["met", "missed"]).sum()
    frame = frame.assign(exemption=frame["exemption"].astype("string").str.replace("_", " "))
    excuses = sorted(map(str, frame["exemption"].dropna().unique()))
    title = "No promise of follow-up has fallen due"
    if judged:
        title = f"Sales kept {fmt.number(kept)} of {fmt.many(int(judged), 'promise')} that fell due"
    elif excuses:
        title = f"Nothing was owed: exempt, {' and '.join(excuses)}"
    columns = ["obligation", "status", "due_at", "owner", "response_at", "attempts", "decision"]
    if excuses:
        columns.insert(2, "exemption")
    return Exhibit(
        key="promises",
        title=title,
        reading="Each handover of the lead owes three things: "
        + ", ".join(f"{OBLIGATIONS[name].lower()} ({said})" for name, said in agreed.items())
        + ".",
        view=view.undated().unfiltered(),
        definition=definition(
            view,
            "Promises to the lead",
            "What did sales owe this lead, and was it kept?",
            "The obligations of each handover, with the owner at the deadline.",
        ),
        data=frame.assign(obligation=frame["obligation"].map(OBLIGATIONS))[columns],
        reason="it was never handed over, or no source says what sales did",
    )


def leads(view: View, found: Journey) -> Exhibit:
    """The leads of an account or a person: where each stands, since when, whose, what is owed."""
    agreement, waiting = view.store.agreement, owed(view, found)
    due = {item.lead_id: item for item in waiting.items}
    late = sum(item.status == "overdue" for item in waiting.items)
    rows = [
        {
            "person": lead.name,
            "stage": name_of(agreement, "stage", lead.stage) if lead.stage else None,
            "since": lead.since_day,
            "owner": lead.owner,
            "owed": f"{due[lead.lead_id].obligation} {due[lead.lead_id].status}"
            if lead.lead_id in due
            else None,
            "due": local_day(due[lead.lead_id].due_at, waiting.timezone)
            if lead.lead_id in due
            else None,
            "channel": name_of(agreement, "channel", lead.channel) if lead.channel else None,
            "created_day": lead.created_day,
            "lead_id": lead.lead_id,
        }
        for lead in found.leads
    ]
    title = fmt.many(len(rows), "lead")
    if not waiting.reason:
        title += f", {fmt.number(late)} overdue" if late else ", none overdue"
    return Exhibit(
        key="leads",
        title=title,
        reading="Where each stands today, with whom, and what sales owes it. A click on a row "
        "leads to the lead.",
        view=view.undated().unfiltered(),
        definition=definition(
            view,
            "Leads",
            "Where do the leads stand, and who has to act?",
            "Each lead at its latest stage or way out, and at its earliest obligation that is not "
            "fulfilled.",
        ),
        data=pd.DataFrame(rows),
        leads_to="lead",
    )
