"""The page of one owner: the leads that wait with them, promises they kept, what they sold."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import streamlit as st

from smarketing.analysis.handoff.listing import obligation_records
from smarketing.analysis.handoff.obligations import Obligation, handoff
from smarketing.analysis.handoff.worklist import narrowed, worklist
from smarketing.analysis.kpis.history import history
from smarketing.analysis.kpis.scoreboard import kpis
from smarketing.charts.findings import of_sales_promises, of_worklist
from smarketing.ui.cards import team_of
from smarketing.ui.exhibit import Exhibit, show
from smarketing.ui.sections.handoff import obligations, trend
from smarketing.ui.sections.handoff import worklist as todo
from smarketing.ui.sections.kpis import quotas
from smarketing.ui.sections.kpis.scoreboard import over_time
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
    of_deals = replace(view, filters=theirs.filters).of(owner="deal")
    held, sold = quotas.members(of_deals), _sold(of_deals)
    owed = any(p.met + p.missed + p.pending + p.exempt for p in result.obligations)
    # Who has deals and no leads owes no follow-up: nothing is said of it.
    follows = bool(owed or waiting.items or not (held or sold))
    # Whose they are is the page's title.
    todo_now = of_worklist(waiting).replace(f", all with {name}", "").replace(f", with {name}", "")
    sentences = [todo_now, said] if follows else []
    sentences += [quotas.sentence(one, store.engine.currency) for one in held]
    head(name, " ".join(sentences) or "What they won and opened over time.")
    if follows:
        show(todo.worklist(theirs, narrowed(waiting)))
    if owed:
        _kept(theirs, result.obligations)
    if sold:
        for place, one in zip(st.columns(2, gap="large"), sold, strict=False):
            with place:
                show(one)


def _kept(view: View, found: Sequence[Obligation]) -> None:
    left, right = st.columns(2, gap="large")
    with left:
        show(obligations.kept(view, found))
    with right:
        due = ask(view.store, obligation_records, view.window, view.filters)
        show(trend.kept_over_time(view, due, "month"))


def _sold(view: View) -> list[Exhibit]:
    """The first two headline amounts of sales that the owner has a part in, over time."""
    store, agreement = view.store, view.store.agreement
    ids = tuple(
        kpi.id
        for kpi in agreement.kpis
        if kpi.headline and kpi.unit == "money" and team_of(kpi, agreement) == "sales"
    )
    if not ids:
        return []
    results = ask(store, kpis, agreement, ids, view.window, view.filters)
    pasts = ask(store, history, agreement, ids, view.window, view.filters)
    shown = [one for one in results if one.value and one.id in pasts][:2]
    return [
        replace(over_time(view, agreement.kpi(one.id), one, pasts[one.id]), key=f"sold_{one.id}")
        for one in shown
    ]
