"""The agreement as people read it: who signed, what changed, service levels, KPIs, words."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from smarketing.charts import format as fmt
from smarketing.charts.names import html
from smarketing.errors import SmarketingError
from smarketing.ui.exhibit import Exhibit
from smarketing.ui.explain import Definition, formula_of, owners_of, signed_words
from smarketing.ui.session import Store
from smarketing.ui.states import failed
from smarketing.ui.view import View
from smarketing.workspace import open_workspace
from smarketing.workspace.store import TEAMS


def headline(store: Store) -> str:
    """Whether the agreement is in force, in one sentence."""
    if store.in_force:
        return "In force: both teams signed this version."
    return signed_words(store) + "."


def signatures(store: Store) -> None:
    """Who signed this version, and the form to sign it with."""
    workspace = open_workspace(store.home)
    rows = {
        s.team: s
        for s in reversed(workspace.signatures(store.agreement.hash))
        if s.withdrawn_at is None
    }
    for team, column in zip(TEAMS, st.columns(2, gap="large"), strict=True):
        with column:
            signed = rows.get(team)
            name = html(signed.name) if signed else "not signed yet"
            when = f"on {fmt.day(signed.signed_at.date())}" if signed else ""
            st.html(
                f'<p class="sm-title">{team.capitalize()}</p>'
                f'<p class="sm-reading">{name} {when}</p>'
            )
            if signed is None:
                _form(store, team)


def _form(store: Store, team: str) -> None:
    with st.form(f"sign_{team}", border=False):
        name = st.text_input(f"Sign for {team}: your name", width=320)
        if not st.form_submit_button("Sign", icon=":material/draw:"):
            return
    try:
        open_workspace(store.home).sign(team, name, store.agreement.hash)
    except SmarketingError as error:
        failed(error, "The signature was not taken")
        return
    st.rerun()


def kpi_list(view: View) -> Exhibit:
    """Every KPI: question, formula, owners and direction."""
    agreement = view.store.agreement
    frame = pd.DataFrame(
        [
            {
                "kpi": kpi.label,
                "question": kpi.question,
                "definition": kpi.definition,
                "formula": formula_of(kpi),
                "owners": " · ".join(owners_of(agreement, kpi)),
                "unit": kpi.unit,
            }
            for kpi in agreement.kpis
            if kpi.listed
        ]
    )
    return Exhibit(
        key="kpi_list",
        title=f"{len(frame)} KPIs both teams look at",
        reading="A ratio is recomputed at every total, never averaged.",
        view=view,
        definition=Definition(
            "The KPI list", "Which numbers do both teams look at?", "The agreement's own entries."
        ),
        data=frame,
        height=460,
    )


def stage_list(view: View) -> Exhibit:
    """The stages in order: owner and definition in words."""
    agreement = view.store.agreement
    frame = pd.DataFrame(
        [
            {"stage": s.label, "owner": agreement.team(s.owner).label, "definition": s.definition}
            for s in agreement.stages
        ]
    )
    return Exhibit(
        key="stage_list",
        title=f"One funnel of {len(frame)} stages",
        reading="Who owns a lead where, and when it moves on.",
        view=view,
        definition=Definition(
            "Stages", "When is a lead in a stage?", "The agreement's stages, in order."
        ),
        data=frame,
    )


def words(view: View) -> Exhibit:
    """The glossary."""
    frame = pd.DataFrame(
        [{"term": t.term, "meaning": t.definition} for t in view.store.agreement.glossary]
    )
    return Exhibit(
        key="glossary",
        title="One terminology",
        reading=f"{len(frame)} agreed words.",
        view=view,
        definition=Definition(
            "Glossary", "What do the words mean?", "The agreement's own glossary."
        ),
        data=frame,
        height=460,
    )
