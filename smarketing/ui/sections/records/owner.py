"""The page of one owner: the leads that wait with them, and the promises they kept."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from smarketing.analysis.handoff.listing import obligation_records
from smarketing.analysis.handoff.obligations import handoff
from smarketing.analysis.handoff.worklist import narrowed, worklist
from smarketing.charts.findings import of_sales_promises, of_worklist
from smarketing.ui.exhibit import show
from smarketing.ui.sections.handoff import obligations, trend
from smarketing.ui.sections.handoff import worklist as todo
from smarketing.ui.sections.kpis import quotas
from smarketing.ui.sections.records.unit import known
from smarketing.ui.session import ask
from smarketing.ui.shell import head
from smarketing.ui.view import View


def page(view: View) -> None:
    """Show the owner that the address asks for: now, and over the period."""
    found = known(view, "owner")
    if found is None:
        return
    name = found[0]
    theirs = replace(view, filters=view.filters.with_(owner=[name])).of(owner="lead")
    store, agreement = view.store, view.store.agreement
    waiting = ask(store, worklist, agreement, theirs.filters)
    result = ask(store, handoff, agreement, theirs.window, theirs.filters)
    said = of_sales_promises(result.obligations, result.reason).replace(
        "Sales kept", "In the period they kept"
    )
    held = quotas.members(replace(view, filters=view.filters.with_(owner=[name])).of(owner="deal"))
    sentences = [of_worklist(waiting), said]
    sentences += [quotas.sentence(one, store.engine.currency) for one in held]
    head(name, " ".join(sentences))
    show(todo.worklist(theirs, narrowed(waiting)))
    if not any(p.met + p.missed + p.pending + p.exempt for p in result.obligations):
        return
    left, right = st.columns(2, gap="large")
    with left:
        show(obligations.kept(theirs, result.obligations))
    with right:
        due = ask(store, obligation_records, theirs.window, theirs.filters)
        show(trend.kept_over_time(theirs, due, "month"))
