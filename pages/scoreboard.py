"""Scoreboard: where do we stand against what both teams agreed?"""

import streamlit as st

from smarketing.analysis.kpis.history import kpis_over_time
from smarketing.analysis.kpis.scoreboard import kpis
from smarketing.charts import words
from smarketing.ui.address import choice, here
from smarketing.ui.bar import BAR
from smarketing.ui.cards import card, team_of
from smarketing.ui.exhibit import show
from smarketing.ui.sections.kpis import quotas
from smarketing.ui.sections.kpis import scoreboard as section
from smarketing.ui.session import ask
from smarketing.ui.shell import head

view = here()
store, agreement = view.store, view.store.agreement
results, histories = ask(store, kpis_over_time, agreement, None, view.window, view.filters)
by_id = {result.id: result for result in results}

head("Scoreboard", section.finding(view, results))

for team, title in section.TEAMS:
    headline = [
        k
        for k in agreement.kpis
        if team_of(k, agreement) == team and k.id in by_id
        and (k.headline or by_id[k.id].target is not None)
    ]  # fmt: skip
    if not headline:
        continue
    st.header(title)
    # Five in one row rather than one below four.
    grid = st.grid(5 if len(headline) == 5 else 4, min_column_width=160, gap=(24, 24))
    for kpi in headline:
        with grid.cell():
            card(view, kpi, by_id[kpi.id], histories.get(kpi.id))

if rule := words.status_rules(results):
    st.caption(rule)

st.header("Look closer")
listed = {k.id: k.label for k in agreement.kpis if k.listed}
first = next((k.id for k in agreement.kpis if k.headline and k.unit == "money"), next(iter(listed)))
with st.container(horizontal=True):
    asked = choice("KPI", list(listed), key="kpi", labels=listed, default=first, width=280)
    cut = choice("By", [*BAR, "campaign"], key="by", default="channel")
kpi = agreement.kpi(asked)
left, right = st.columns(2, gap="large")
with left:
    show(section.over_time(view, kpi, by_id[asked], histories[asked]))
with right:
    grouped = ask(store, kpis, agreement, (asked,), view.window, view.filters, cut)[0]
    show(section.by_dimension(view, kpi, grouped, cut))
change = section.split(view, kpi, cut)
if change is not None:
    show(section.why(view, kpi, change, histories[asked]))

held = quotas.members(view)
if held:
    show(quotas.by_member(view, held))
show(section.all_kpis(view, results, histories))
