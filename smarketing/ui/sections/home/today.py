"""Home: three sentences that link to their figures, six numbers, and what each team promised."""

from __future__ import annotations

import streamlit as st

from smarketing.analysis.handoff.obligations import HandoffResult
from smarketing.analysis.kpis.result import KpiResult
from smarketing.analysis.review.state import State
from smarketing.charts import names
from smarketing.charts.findings import of_marketing_promise, of_sales_promises
from smarketing.charts.headlines import Sentence
from smarketing.ui.address import under_kept
from smarketing.ui.cards import team_of
from smarketing.ui.view import View

ICONS = {"bad": ":material/error:", "good": ":material/check_circle:", "even": ":material/info:"}
NUMBERS = 6


def links(view: View) -> dict[str, list[str]]:
    """The part of the address that every page obeys, to be carried along a link."""
    kept = {name: list(values) for name, values in view.filters}
    return {"period": [view.window.label], "compare": [view.comparison], **kept, **under_kept()}


def sentence(view: View, said: Sentence) -> None:
    """One sentence; the whole of it is the link to its figure."""
    with st.container(key=f"said_{said.tone}_{said.page}_{abs(hash(said.text)) % 10**8}"):
        st.page_link(
            f"pages/{said.page}.py",
            label=names.markdown(said.text),
            icon=ICONS[said.tone],
            query_params={**links(view), **dict(said.address)},
        )


def numbers(view: View, found: State) -> list[KpiResult]:
    """The six numbers to show: what sales won and at which rate first, then misses first.

    Those two are the first headline KPIs of sales in money and as a rate, where one can be that a
    target is set for.
    """
    agreement = view.store.agreement
    aimed = {target.kpi for target in agreement.targets}
    sales = [r for r in found.results if team_of(agreement.kpi(r.id), agreement) == "sales"]
    order = {kpi.id: place for place, kpi in enumerate(agreement.kpis)}
    sales.sort(key=lambda r: (r.id not in aimed, order[r.id]))
    money = [r for r in sales if r.unit == "money"]
    rates = [r for r in sales if r.unit == "rate"]
    first = [*money[:1], *rates[:1]]
    rest = [r for r in found.results if r.id not in {f.id for f in first}]
    return [*first, *rest][:NUMBERS]


def promises(view: View, result: HandoffResult) -> str:
    """What each team promised and how it stands, as two lines; HTML."""
    lines = (
        ("marketing", of_marketing_promise(result.pace, filtered=bool(view.filters))),
        ("sales", of_sales_promises(result.obligations, result.reason)),
    )
    return "".join(
        f'<p class="sm-promise sm-of-{team}">{names.html(text)}</p>' for team, text in lines
    )
