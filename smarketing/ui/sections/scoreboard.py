"""Exhibits of the scoreboard: one KPI over time, one KPI by dimension, all KPIs in a table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from smarketing.agreement import Kpi
from smarketing.analysis.kpi_history import History
from smarketing.analysis.kpis import KpiResult
from smarketing.charts import format as fmt
from smarketing.charts.bars import ranked_bars
from smarketing.charts.lines import control
from smarketing.ui.address import View
from smarketing.ui.cards import change_words, records_of, team_of, value_words
from smarketing.ui.exhibit import Exhibit
from smarketing.ui.explain import Definition, of_kpi
from smarketing.ui.labels import labels_of, name_of
from smarketing.ui.records import Records

TEAMS = (
    ("marketing", "Marketing delivers"),
    ("shared", "The handoff, and what both answer for"),
    ("sales", "Sales closes"),
)


def finding(results: Sequence[KpiResult]) -> str:
    """The scoreboard in one sentence: how many agreed targets are met, which are not."""
    judged = [r for r in results if r.status is not None]
    if not judged:
        return "No target is agreed for this period: values and changes only"
    late = [r.label for r in judged if r.status in {"behind", "at risk"}]
    if not late:
        return f"All {len(judged)} agreed targets are met or on pace"
    named = ", ".join(late[:3]) + (f" and {len(late) - 3} more" if len(late) > 3 else "")
    return f"{len(late)} of {len(judged)} agreed targets need attention: {named}"


def over_time(view: View, kpi: Kpi, result: KpiResult, history: History) -> Exhibit:
    """One KPI in this and the earlier periods, with the limits of normal variation."""
    currency = view.store.engine.currency
    frame = pd.DataFrame(
        {"period": [p.label for p in history.periods], "value": list(history.values)}
    )
    team, limits, goal = team_of(kpi, view.store.agreement), history.limits, result.target
    return Exhibit(
        key="trend",
        title=_trend_title(kpi, result, history, view),
        reading=_trend_reading(history, kpi, currency),
        view=view,
        definition=of_kpi(view, kpi.id),
        data=frame,
        draw=lambda look: control(
            frame,
            look,
            x="period",
            value="value",
            unit=kpi.unit,
            currency=currency,
            centre=limits.centre if limits else None,
            lower=limits.lower if limits else None,
            upper=limits.upper if limits else None,
            target=goal,
            hue=look.team(team),
            height=340,
        ),
        records=lambda _: records_of(view, kpi.id),
        units={"value": kpi.unit},
    )


def _trend_title(kpi: Kpi, result: KpiResult, history: History, view: View) -> str:
    value = value_words(result, view.store.engine.currency)
    if history.has_changed:
        return f"{kpi.label}: {value}, outside normal variation"
    moved = change_words(result, view)
    return f"{kpi.label}: {value}" + (f", {moved}" if moved else "")


def _trend_reading(history: History, kpi: Kpi, currency: str) -> str:
    partial = " The last period is not over yet." if history.is_partial else ""
    if history.limits is None:
        earlier = len(history.values) - 1
        return (
            f"{earlier} earlier periods; twelve are needed before a change counts as more than "
            f"normal variation.{partial}"
        )
    low = fmt.by_unit(history.limits.lower, kpi.unit, currency)
    high = fmt.by_unit(history.limits.upper, kpi.unit, currency)
    return f"Normal variation runs from {low} to {high} (grey band).{partial}"


def by_dimension(view: View, kpi: Kpi, result: KpiResult, dimension: str) -> Exhibit:
    """One KPI cut by a dimension, largest first, with intervals for rates."""
    currency, groups = view.store.engine.currency, result.by or ()
    frame = pd.DataFrame(
        {
            dimension: [g.key for g in groups],
            "value": pd.array([g.value for g in groups], dtype="Float64"),
            "low": pd.array([g.low for g in groups], dtype="Float64"),
            "high": pd.array([g.high for g in groups], dtype="Float64"),
            "n": pd.array([g.n for g in groups], dtype="Int64"),
            "note": [_group_note(g) for g in groups],
            "few": [g.shown_as_counts for g in groups],
        }
    )
    shown = frame[frame["value"].notna()]
    team, is_rate = team_of(kpi, view.store.agreement), kpi.unit == "rate"
    additive = kpi.expression is not None and kpi.unit in {"count", "money"}
    return Exhibit(
        key="cut",
        title=_cut_title(view, kpi, groups, dimension),
        reading=(
            "Bars are 95 % intervals; groups under 30 records get no verdict."
            if is_rate
            else f"{len(shown)} values of {dimension}, largest first."
        ),
        view=view,
        definition=of_kpi(view, kpi.id, dimension),
        data=frame.drop(columns=["note", "few"]),
        draw=lambda look: ranked_bars(
            shown,
            look,
            key=dimension,
            value="value",
            unit=kpi.unit,
            currency=currency,
            hue=look.team(team),
            low="low" if is_rate else None,
            high="high" if is_rate else None,
            note="note",
            pale="few",
            labels=labels_of(view.store.agreement, dimension),
            keep=12 if additive else 40,
        ),
        records=lambda part: records_of(view, kpi.id, None if part is None else dimension, part),
        parts=tuple(shown[dimension]),
        choices={"By": dimension},
        units={"value": kpi.unit, "low": "rate", "high": "rate"},
    )


def _group_note(group: KpiResult) -> str:
    if group.unit != "rate" or group.n is None:
        return ""
    if group.shown_as_counts and group.numerator is not None:
        return f"{fmt.number(group.numerator)} of {fmt.number(group.denominator)}"
    return f"n {fmt.number(group.n)}"


def _cut_title(view: View, kpi: Kpi, groups: Sequence[KpiResult], dimension: str) -> str:
    ranked = sorted(
        (g for g in groups if g.value is not None and not g.shown_as_counts),
        key=lambda g: -float(g.value or 0),
    )
    if not ranked:
        return f"{kpi.label} by {dimension}: no group has enough records"
    named = [g for g in ranked if not g.key.startswith("(")]
    best = (named or ranked)[0]
    name = name_of(view.store.agreement, dimension, best.key)
    total = sum(float(g.value or 0) for g in ranked)
    if kpi.expression is not None and kpi.unit in {"count", "money"} and total > 0:
        share = fmt.percent(float(best.value or 0) / total, 0)
        return f"{name} brings {share} of {sentence_case(kpi.label)}"
    currency = view.store.engine.currency
    return f"{kpi.label} is highest in {name}: {fmt.by_unit(best.value, kpi.unit, currency)}"


def sentence_case(label: str) -> str:
    """A label inside a sentence: `Won revenue` → won revenue, but MQL stays MQL."""
    return label if label[:2].isupper() else label[:1].lower() + label[1:]


def all_kpis(view: View, results: Sequence[KpiResult], histories: Mapping[str, History]) -> Exhibit:
    """Every KPI of the agreement in one table: value, change, target, status, last periods."""
    currency = view.store.engine.currency
    frame = pd.DataFrame(
        [
            {
                "kpi": r.label,
                "value": value_words(r, currency),
                "change": change_words(r, view).split(" against")[0],
                "target": fmt.by_unit(r.target, r.unit, currency) if r.target is not None else "",
                "status": r.status or "",
                "n": r.n,
                "earlier periods": [v for v in histories[r.id].values if v is not None],
                "note": r.note or "",
            }
            for r in results
        ]
    )
    frame["n"] = frame["n"].astype("Int64")
    return Exhibit(
        key="all_kpis",
        title=f"All {len(results)} KPIs of the agreement",
        reading="“n/a” means not available: the note says why. A rate on few records is counts.",
        view=view,
        definition=Definition(
            "The KPI list",
            "Which numbers do both teams look at?",
            "Every KPI that the agreement lists, by its formula there; open a card for each one.",
        ),
        data=frame,
        records=lambda part: _of_label(view, results, part),
        parts=tuple(r.label for r in results),
        units={"earlier periods": "spark"},
        height=900,
    )


def _of_label(view: View, results: Sequence[KpiResult], label: str | None) -> Records:
    found = next((r.id for r in results if r.label == label), results[0].id)
    return records_of(view, found)
