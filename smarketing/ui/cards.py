"""KPI cards: value, standing against target, change, the last periods, what is behind them."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import streamlit as st

from smarketing.agreement import Agreement, Kpi
from smarketing.analysis.kpis.history import History
from smarketing.analysis.kpis.records import records as kpi_records
from smarketing.analysis.kpis.scoreboard import KpiResult
from smarketing.charts import format as fmt
from smarketing.charts import words
from smarketing.charts.names import html, markdown
from smarketing.charts.spark import sparkline
from smarketing.errors import SmarketingError
from smarketing.ui import asides, notes
from smarketing.ui.explain import explain, of_kpi, stamp_of
from smarketing.ui.gate import recheck
from smarketing.ui.kpi_view import of_kpi as kpi_view
from smarketing.ui.records import Records, listed, show_records
from smarketing.ui.session import ask
from smarketing.ui.states import failed, guarded
from smarketing.ui.style import current_look
from smarketing.ui.view import View

ARROWS = {"ahead": "▲", "on track": "●", "at risk": "▼", "behind": "▼"}
TONES = {"ahead": "good", "on track": "good", "at risk": "bad", "behind": "bad"}


def team_of(kpi: Kpi, agreement: Agreement) -> str:
    """Whose delivery a KPI measures: marketing, sales, or shared where both must act."""
    return agreement.side_of(kpi) or "shared"


def change_words(result: KpiResult, view: View) -> str:
    """The change against the comparison the reader chose, in words; empty where there is none."""
    if view.compared is None:
        return ""
    same = view.comparison == "same period last year"
    text = words.change(result, last_year=same)
    if text is None:
        return ""
    before = result.last_year if same else result.previous
    if not any(digit in text for digit in "123456789"):
        text = "unchanged" if result.value == before else "nearly unchanged"
    against = "last year" if same else "the period before"
    is_running = view.window.last_day > view.store.engine.as_of_day
    if is_running and result.unit in {"count", "money"}:
        # A part of a period beside a whole one: it says so.
        return f"{text} so far against {against} as a whole"
    return f"{text} against {against}"


def goal_words(result: KpiResult, currency: str) -> str:
    """The target of a KPI, and what of it is due by now; empty without one."""
    standing, unit = result.standing, result.unit
    if standing is None:
        return ""
    goal = f"target {fmt.by_unit(standing.target, unit, currency)}"
    if standing.expected is not None and 0 < standing.share_due < 1 and unit in {"count", "money"}:
        goal += f", {fmt.by_unit(standing.expected, unit, currency)} by now"
    return goal


def status_words(result: KpiResult, currency: str) -> str:
    """Standing as arrow and word, target beside it, and what to mind of the number; HTML."""
    standing, note = result.standing, result.note or ""
    if standing is None:
        return html(note)
    goal = goal_words(result, currency)
    if standing.status is not None:
        word = f"{ARROWS[standing.status]} {standing.status}"
        tone = TONES[standing.status]
        said = f'<span class="sm-status sm-{tone}">{word}</span> · {html(goal)}'
    elif result.value is None and note:
        said = html(goal)
    else:
        said = f'<span class="sm-even">{html(goal)} · verdict withheld</span>'
    return " · ".join(filter(None, (said, html(note))))


def card(view: View, kpi: Kpi, result: KpiResult, history: History | None) -> None:
    """One card. Its title opens the definition; from there its records."""
    currency = view.store.engine.currency
    team = team_of(kpi, view.store.agreement)
    hue = current_look().team(team)
    spark = ""
    if history is not None:
        so_far = f"{kpi.label} so far"
        spark = sparkline(history.values, hue, label=so_far, is_partial=history.is_partial)
    lines = [
        f'<div class="sm-value">{html(words.value(result, currency))}{_n(result)}</div>',
        f'<p class="sm-line">{status_words(result, currency)}</p>',
        f'<p class="sm-line">{html(_moved(result, history, view))}</p>',
        spark or '<div style="height:28px"></div>',
    ]
    with st.container(gap=None, key=f"cardhead_{team}_{kpi.id}"):
        _behind(view, kpi, words.status_rule(result, currency))
        st.html(f'<div class="sm-card">{"".join(lines)}</div>')
        notes.under(view.store, _subject(kpi, view))
        aside = asides.of_kpi(view, kpi)
        if aside is not None and result.value is not None:
            asides.show(aside, view)


def of_how_many(result: KpiResult) -> str:
    """Of how many records a rate or a score is, a rate of few with its interval; else empty."""
    if result.unit not in ("rate", "score") or result.n is None or result.shown_as_counts:
        return ""
    text = words.of_n(result.n)
    if result.is_small and result.low is not None:
        text = f"{fmt.percent(result.low, 0)}–{fmt.percent(result.high, 0)}, {text}"
    return text


def _n(result: KpiResult) -> str:
    text = of_how_many(result)
    return f" <small>{html(text)}</small>" if text else ""


def _moved(result: KpiResult, history: History | None, view: View) -> str:
    """The change in words, and whether it is more than the number's usual ups and downs."""
    said = [change_words(result, view)]
    few = result.shown_as_counts or result.is_small
    if history is not None and history.has_changed is not None and not few:
        beyond = "a real change" if any(said) else "beyond its normal variation"
        said.append(beyond if history.has_changed else "within its normal variation")
    return words.capitalised(", ".join(filter(None, said)))


@st.fragment
def _behind(view: View, kpi: Kpi, rule: str) -> None:
    recheck(view.store.access)
    box = st.popover(
        f"{markdown(kpi.label)} :material/info:",
        type="tertiary",
        help=markdown(kpi.question),
        on_change="rerun",
        key=f"card_{kpi.id}",
    )
    if st.session_state.pop("_listed", None) == kpi.id:
        list_records(view, kpi)
    if not box.open:
        return
    with box:
        st.button(
            "List its records",
            icon=":material/list:",
            key=f"list_{kpi.id}",
            on_click=_list_instead,
            args=(kpi.id,),
        )
        with guarded("This definition"):
            explain(replace(of_kpi(view, kpi.id), verdict=rule), view.store)
        notes.listed(view.store, _subject(kpi, view))


def _subject(kpi: Kpi, view: View) -> notes.Subject:
    """What notes on a KPI are about, on every page that shows it."""
    return notes.Subject(kpi.id, kpi.label, notes.address_of(view))


def _list_instead(kpi_id: str) -> None:
    # The popover would stay above the dialog.
    st.session_state[f"card_{kpi_id}"] = False
    st.session_state["_listed"] = kpi_id


@st.dialog("Records", width="large")
def list_records(view: View, kpi: Kpi) -> None:
    """The records under a KPI in a dialog, with their sum and exports."""
    try:
        found = records_of(view, kpi.id)
    except SmarketingError as error:
        failed(error)
        return
    stamp = stamp_of(kpi_view(view, kpi), f"{kpi.label}: records", kpi.definition, {})
    st.html(f'<p class="sm-title">{html(kpi.label)}</p>')
    show_records(found, stamp, view.store.engine.currency, f"records_{kpi.id}")


def records_of(view: View, kpi_id: str, by: str | None = None, key: str | None = None) -> Records:
    """The records under a KPI, or under one member of a dimension, and what they must add up to."""
    from smarketing.analysis.kpis.scoreboard import kpis

    agreement = view.store.agreement
    kpi = agreement.kpi(kpi_id)
    result = ask(view.store, kpis, agreement, (kpi_id,), view.window, view.filters, by)[0]
    if result.value is None and result.note:
        return Records(pd.DataFrame(), note=f"not available: {result.note}")
    frame = ask(view.store, kpi_records, agreement, kpi_id, view.window, view.filters, by, key)
    if key is not None:
        result = next((r for r in result.by or () if r.key == key), result)
    is_sum = kpi.expression is not None and kpi.unit in {"count", "money"}
    note = ""
    if kpi.ratio is not None:
        above, below = (
            agreement.kpi(part) for part in (kpi.ratio.numerator, kpi.ratio.denominator)
        )
        currency = view.store.engine.currency
        note = (
            f"{fmt.by_unit(result.numerator, above.unit, currency)} ÷ "
            f"{fmt.by_unit(result.denominator, below.unit, currency)}: "
            "the column “part” says in which"
        )
    elif not is_sum:
        note = "the column “value” holds what the figure is taken from"
    if len(frame) and frame["part"].nunique() == 1:
        frame = frame.drop(columns="part")
    found = listed(
        view.store,
        frame,
        "records",
        total="value" if is_sum else None,
        unit=kpi.unit,
        expected=None if not is_sum or result.value is None else float(result.value),
        note=note,
    )
    return replace(found, units={"value": "money"} if kpi.unit == "money" else {})
