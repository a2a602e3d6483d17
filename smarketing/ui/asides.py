"""Links beside a number that another page counts otherwise on purpose: they say why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import streamlit as st

from smarketing.agreement import Kpi
from smarketing.ui.address import under_kept
from smarketing.ui.view import View


@dataclass(frozen=True)
class Aside:
    """Where a reader sees why two numbers differ: words, page and address."""

    words: str
    page: str
    address: Mapping[str, str]


def show(aside: Aside, view: View) -> None:
    """Write the link; it carries the period and the filters along."""
    kept = {name: list(values) for name, values in view.filters}
    period = st.query_params.get("period", view.window.label)
    st.page_link(
        f"pages/{aside.page}.py",
        label=aside.words,
        icon=":material/compare_arrows:",
        query_params={"period": period, **kept, **aside.address, **under_kept()},
    )


def two_numbers(stage: str, words: str) -> Aside:
    """The leads of the cohort that reached a stage, against those that entered it in the period."""
    counted = {"b_mode": "entered", "b_skips": "imputed", "b_reentry": "first"}
    return Aside(words, "funnel", {"show": "two", "at_stage": stage, **counted})


def of_kpi(view: View, kpi: Kpi) -> Aside | None:
    """The aside of a KPI that counts entries into a stage, which the funnel counts by cohort."""
    first = view.store.agreement.stages[0].id
    if kpi.mart != "fct_stage_count" or kpi.stage in (None, first) or not kpi.listed:
        return None
    return two_numbers(str(kpi.stage), "Why the funnel says another number")
