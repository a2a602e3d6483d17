"""Behind the ⓘ of a number: its definition, owners, whether signed, its SQL, its build."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st

from smarketing.agreement import Agreement, Kpi
from smarketing.analysis.kpis.caveats import caveats
from smarketing.analysis.kpis.scoreboard import kpi_sql
from smarketing.charts import format as fmt
from smarketing.charts import words
from smarketing.charts.names import html
from smarketing.export.stamp import Stamp
from smarketing.ui.session import Store
from smarketing.ui.states import guarded
from smarketing.ui.view import View


@dataclass(frozen=True)
class Definition:
    """One number's meaning in words; `sql` is asked for only when a reader opens it.

    `verdict` says by which values it would be judged how.
    """

    label: str
    question: str
    text: str
    formula: str = ""
    owners: tuple[str, ...] = ()
    caveats: tuple[str, ...] = ()
    sql: Callable[[], str] | None = None
    verdict: str = ""


def of_kpi(view: View, kpi_id: str, by: str | None = None) -> Definition:
    """The definition of a KPI as the agreement writes it."""
    store = view.store
    kpi = store.agreement.kpi(kpi_id)
    return Definition(
        kpi.label,
        kpi.question,
        kpi.definition,
        formula_of(kpi),
        owners_of(store.agreement, kpi),
        caveats(store.agreement, kpi),
        lambda: kpi_sql(store.engine, store.agreement, kpi_id, view.window, view.filters, by),
    )


def formula_of(kpi: Kpi) -> str:
    """A KPI's formula as the agreement holds it, in one line; none where its entry is wrong."""
    if kpi.fault is not None:
        return ""
    if kpi.ratio is not None:
        return f"{kpi.ratio.numerator} ÷ {kpi.ratio.denominator}"
    if kpi.formula is not None:
        return kpi.formula
    where = f" where {kpi.condition}" if kpi.condition else ""
    day = f", by {kpi.date_column}" if kpi.date_column else ", as of the data's date"
    return f"{kpi.expression} from {kpi.mart}{where}{day}"


def owners_of(agreement: Agreement, kpi: Kpi) -> tuple[str, ...]:
    """The roles that answer for a KPI, by their labels."""
    labels = {role.id: role.label for role in agreement.roles}
    return (
        f"Marketing: {labels.get(kpi.owners.marketing, kpi.owners.marketing)}",
        f"Sales: {labels.get(kpi.owners.sales, kpi.owners.sales)}",
    )


def signed_words(store: Store) -> str:
    """Whether the definition is signed, by whom it is still to be signed, and which version."""
    version = f"agreement {store.agreement.version}, {store.agreement.hash[:8]}"
    if store.away:
        return f"Who signed it cannot be read now ({version})"
    if store.in_force:
        return f"Signed by both teams ({version})"
    missing = [team for team in ("marketing", "sales") if team not in store.signed_by]
    return f"Proposed ({version}); not yet signed by {' and '.join(missing)}"


def explain(definition: Definition, store: Store) -> None:
    """Write a definition into the open popover or dialog."""
    engine = store.engine
    rows = [
        ("Question", definition.question),
        ("Definition", definition.text),
        ("Owners", " · ".join(definition.owners)),
        ("Verdict", words.capitalised(definition.verdict)),
        ("Mind", " ".join(definition.caveats)),
        ("Status", signed_words(store)),
        ("Build", f"{engine.build_id} · as of {fmt.day(engine.as_of_day)}"),
    ]
    items = "".join(f"<dt>{k}</dt><dd>{html(v)}</dd>" for k, v in rows if v)
    st.html(f'<p class="sm-title">{html(definition.label)}</p><dl class="sm-def">{items}</dl>')
    if definition.formula:
        st.caption("Formula")
        st.code(definition.formula, language="sql", wrap_lines=True)
    if definition.sql is not None:
        st.caption("SQL, as run for this view")
        with guarded("The SQL of this figure"):
            st.code(definition.sql(), language="sql", height=240)


def stamp_of(
    view: View, title: str, reading: str, choices: dict[str, str], name: str = ""
) -> Stamp:
    """The stamp that a view's exports carry; `name` is the figure's, where its title is not."""
    engine = view.store.engine
    return Stamp(
        title,
        reading,
        view.words(),
        choices,
        view.store.agreement_words,
        fmt.day(engine.as_of_day),
        engine.build_id,
        name,
    )
