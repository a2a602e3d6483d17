"""The agreement as people read it: who signed, what changed, service levels, KPIs, words."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import pandas as pd
import streamlit as st

from smarketing.agreement.readable import readable
from smarketing.analysis.review.beside import beside, limits_of
from smarketing.charts import format as fmt
from smarketing.charts.names import html, markdown
from smarketing.document import Passage
from smarketing.engine.written import read_workspace
from smarketing.export.document import body, to_format
from smarketing.store.agreed import SHORT, Version
from smarketing.ui.exhibit import Exhibit
from smarketing.ui.explain import Definition, formula_of, owners_of, signed_words
from smarketing.ui.gate import handing
from smarketing.ui.session import Store
from smarketing.ui.view import View
from smarketing.workspace.records import Limits


def headline(store: Store) -> str:
    """Whether the agreement is in force, in one sentence."""
    if store.in_force:
        return "In force: both teams signed this version."
    return signed_words(store) + "."


def whole(store: Store, version: Version) -> None:
    """Everything that is signed, to read, search and take along."""
    document = readable(version.agreement, version.stamp, limits_of(_decided(store)))
    with st.container(horizontal=True, vertical_alignment="bottom"):
        sought = st.text_input("Search the agreement", width=360, key="sought")
        for kind in ("html", "pdf", "yaml"):
            st.download_button(
                kind.upper(),
                handing(partial(_file, store, version, kind)),
                file_name=f"agreement-{version.hash[:SHORT]}.{kind}",
                icon=":material/download:",
                on_click="ignore",
            )
    found = [passage for passage in document.passages if _holds(passage, sought)]
    if sought:
        many = fmt.many(len(found), "part holds", "parts hold")
        st.html(f'<p class="sm-reading">{many} “{html(sought)}”.</p>')
    for chapter, passages in chapters(found):
        with st.expander(markdown(chapter), expanded=bool(sought)):
            st.html("".join(body(passage) for passage in passages))


def _decided(store: Store) -> list[Limits]:
    if store.away or store.access.scope:
        return []
    return read_workspace(store.home, store.access).of(Limits).all()


def chapters(passages: Sequence[Passage]) -> list[tuple[str, list[Passage]]]:
    """Passages by the chapter they stand in; a passage whose chapter is not there begins one."""
    found: list[tuple[str, list[Passage]]] = []
    for passage in passages:
        if passage.level == 1 or not found:
            found.append((passage.title, [passage]))
        else:
            found[-1][1].append(passage)
    return found


def _holds(passage: Passage, sought: str) -> bool:
    cells = [cell for row in (passage.table.rows if passage.table else ()) for cell in row]
    facts = [f"{label} {text}" for label, text in passage.facts]
    text = " ".join([passage.title, *passage.sentences, *facts, *cells]).casefold()
    return all(word in text for word in sought.casefold().split())


def _file(store: Store, version: Version, kind: str) -> bytes:
    """The document to take along: with the SQL of each number, which takes a while to write."""
    if kind == "yaml":
        return version.content.encode()
    more = beside(store.engine, version.agreement, _decided(store))
    return to_format(readable(version.agreement, version.stamp, more), kind)


def kpi_list(view: View) -> Exhibit:
    """Every KPI: question, formula, owners and direction."""
    agreement = view.store.agreement
    frame = pd.DataFrame(
        [
            {
                "kpi": kpi.label,
                "question": kpi.question,
                "definition": kpi.definition,
                "owners": " · ".join(owners_of(agreement, kpi)),
                "unit": kpi.unit,
                "formula": formula_of(kpi),
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
