"""Exhibits of the scoreboard: one KPI over time, one KPI by dimension, all KPIs in a table."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import replace

import pandas as pd

from smarketing.agreement import Kpi
from smarketing.analysis.kpis.change import Change, explain_change
from smarketing.analysis.kpis.history import History
from smarketing.analysis.kpis.scoreboard import KpiResult
from smarketing.analysis.kpis.targets import no_target
from smarketing.analysis.rates import SMALL_COUNT
from smarketing.analysis.review.state import SEVERITY, by_severity, withheld
from smarketing.charts import format as fmt
from smarketing.charts import words
from smarketing.charts.bars import effects, ranked_bars
from smarketing.charts.encoding import Encoding
from smarketing.charts.headlines import (
    all_met,
    and_withheld,
    changed_by,
    missed,
    place_of_change,
    untold_variation,
)
from smarketing.charts.lines import control
from smarketing.errors import UsageError
from smarketing.export.report.figures.kpis import kpi_frame
from smarketing.ui.cards import change_words, records_of, team_of
from smarketing.ui.exhibit import Exhibit
from smarketing.ui.explain import Definition, of_kpi
from smarketing.ui.kpi_view import of_kpi as kpi_view
from smarketing.ui.records import Records
from smarketing.ui.session import ask
from smarketing.ui.view import View
from smarketing.ui.words import word_for, words_for

TEAMS = (
    ("marketing", "Marketing delivers"),
    ("shared", "The handoff, and what both answer for"),
    ("sales", "Sales closes"),
)


def finding(view: View, results: Sequence[KpiResult]) -> str:
    """The scoreboard in one sentence: how many agreed targets are met, which are not."""
    judged = [r for r in results if r.status is not None]
    if not judged:
        if any(r.target is not None for r in results):
            return "Too little is recorded to judge a target: values and changes only"
        store = view.store
        said = no_target(store.agreement, view.window, store.engine.scope, view.filters)
        return f"{said}: values and changes only"
    late = [r.label for r in by_severity(judged) if r.status in SEVERITY[:2]]
    rest = and_withheld(withheld(results))
    if not late:
        return all_met(len(judged)) + rest
    named = ", ".join(late[:3]) + (f" and {len(late) - 3} more" if len(late) > 3 else "")
    targets = "targets" if len(judged) > 1 else "target"
    return f"{missed(len(late), len(judged), f'agreed {targets}')}: {named}{rest}"


def over_time(view: View, kpi: Kpi, result: KpiResult, history: History) -> Exhibit:
    """One KPI in this and the earlier periods, with the limits of normal variation."""
    currency = view.store.engine.currency
    frame = pd.DataFrame(
        {"period": [p.label for p in history.periods], "value": list(history.values)}
    )
    team = team_of(kpi, view.store.agreement)
    is_known = any(value is not None for value in history.values)
    return Exhibit(
        key="trend",
        title=_trend_title(kpi, result, history, view),
        reading=_trend_reading(history, kpi, currency) if is_known else "",
        view=kpi_view(view, kpi),
        definition=of_kpi(view, kpi.id),
        data=frame if is_known else frame.head(0),
        reason=result.reason or "",
        draw=lambda look: control(
            frame,
            look,
            Encoding(key="period", unit=kpi.unit, currency=currency, hue=look.team(team)),
            limits=history.limits,
            target=result.target,
            name=kpi.label,
        ),
        records=lambda _: records_of(view, kpi.id),
        units={"value": kpi.unit},
        timeline=[(period, period.label) for period in history.periods],
        figure=kpi.id,
    )


def _trend_title(kpi: Kpi, result: KpiResult, history: History, view: View) -> str:
    if result.reason:
        return f"{kpi.label} is not available: {result.reason}"
    value = words.value(result, view.store.engine.currency)
    if history.has_changed:
        return f"{kpi.label}: {value}, outside normal variation"
    moved = change_words(result, view)
    return f"{kpi.label}: {value}" + (f", {moved}" if moved else "")


def _trend_reading(history: History, kpi: Kpi, currency: str) -> str:
    partial = " The last period is not over yet." if history.is_partial else ""
    if history.limits is None:
        earlier = sum(value is not None for value in history.values[:-1])
        known = "" if earlier == len(history.values) - 1 else " with a known value"
        return (
            f"{fmt.many(earlier, 'earlier period')}{known}; twelve are needed before a change "
            f"counts as more than normal variation.{partial}"
        )
    low = fmt.by_unit(history.limits.lower, kpi.unit, currency)
    high = fmt.by_unit(history.limits.upper, kpi.unit, currency)
    wide = " It is wide: only very large changes stand out." if history.limits.is_wide else ""
    return f"Normal variation runs from {low} to {high}.{wide}{partial}"


def _members(count: int, dimension: str) -> str:
    """How many members of a dimension: 1 channel, 11 channels."""
    return fmt.many(count, dimension.replace("_", " "))


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
            "reason": [g.reason or "" for g in groups],
            "note": [_group_note(g) for g in groups],
            "few": [g.shown_as_counts for g in groups],
        }
    )
    shown = frame[frame["value"].notna()]
    team, is_rate = team_of(kpi, view.store.agreement), kpi.unit == "rate"
    additive = kpi.expression is not None and kpi.unit in {"count", "money"}
    reading = f"{_members(len(shown), dimension)}, largest first." if len(shown) else ""
    if is_rate and shown["low"].notna().any():
        reading = "Bars are 95 % intervals; groups under 30 records get no verdict."
    return Exhibit(
        key="cut",
        title=_cut_title(view, kpi, groups, dimension),
        reading=f"{reading} {result.note}." if result.note and len(shown) else reading,
        view=kpi_view(view, kpi),
        definition=of_kpi(view, kpi.id, dimension),
        data=frame.drop(columns=["note", "few"]),
        draw=lambda look: ranked_bars(
            shown,
            look,
            Encoding(
                key=dimension,
                unit=kpi.unit,
                currency=currency,
                labels=words_for(view.store, dimension),
                low="low" if is_rate else None,
                high="high" if is_rate else None,
                note="note",
                pale="few",
                hue=look.team(team),
            ),
            keep=12 if additive else 40,
        ),
        records=lambda part: records_of(view, kpi.id, None if part is None else dimension, part),
        parts={key: word_for(view.store, dimension, key) for key in shown[dimension]},
        choices={"By": kpi_view(view, kpi).filter_name(dimension).lower().replace("_", " ")},
        units={"value": kpi.unit, "low": "rate", "high": "rate"},
        reason=result.note or "",
    )


def _group_note(group: KpiResult) -> str:
    if group.unit != "rate" or group.n is None:
        return ""
    if group.shown_as_counts and group.numerator is not None:
        return f"{fmt.number(group.numerator)} of {fmt.number(group.denominator)}"
    return words.of_n(group.n)


def _cut_title(view: View, kpi: Kpi, groups: Sequence[KpiResult], dimension: str) -> str:
    """The group that stands out; a share only of a whole that no filter has cut."""
    ranked = sorted(
        (g for g in groups if g.value is not None and not (g.shown_as_counts or g.is_small)),
        key=lambda g: -float(g.value or 0),
    )
    named = dimension.replace("_", " ")
    if not ranked:
        return f"{kpi.label} by {named}: no group has enough records"
    best = next((g for g in ranked if not g.key.startswith("(")), None)
    if best is None:
        return f"{kpi.label} by {named}: no {named} of it is known"
    name, currency = word_for(view.store, dimension, best.key), view.store.engine.currency
    total = sum(float(g.value or 0) for g in ranked)
    if kpi.unit in {"count", "money"} and not any(g.value for g in ranked):
        return f"{kpi.label} by {named}: nothing in this period"
    is_part = kpi.expression is not None and kpi.unit in {"count", "money"} and total > 0
    if not is_part or dimension in view.filters.as_dict():
        return f"{kpi.label} is highest in {name}: {fmt.by_unit(best.value, kpi.unit, currency)}"
    share = fmt.percent(float(best.value or 0) / total, 0)
    if kpi.unit == "count":
        share = words.share(int(best.value or 0), int(total))
    of_few = ""
    if kpi.unit == "money" and best.n is not None and best.n < SMALL_COUNT:
        of_few = f", by {fmt.many(best.n, 'record')}"
    return f"{name} brings {share} of {words.sentence_case(kpi.label)}{view.among()}{of_few}"


def split(view: View, kpi: Kpi, by: str) -> Change | None:
    """The change against the comparison, split over a dimension; None where it cannot be split."""
    if view.compared is None:
        return None
    store = view.store
    try:
        return ask(
            store,
            explain_change,
            store.agreement,
            kpi.id,
            view.window,
            view.compared,
            by,
            view.filters,
        )
    except UsageError:
        # Medians, stocks and formulas have no parts that add up.
        return None


#: The effects of a change, in the order in which they are listed.
EFFECTS = ("volume", "mix", "rate", "exchange", "undivided")


def why(view: View, kpi: Kpi, found: Change, history: History) -> Exhibit:
    """Why a KPI changed: each member's part of the difference, which add up to it."""
    currency, unit = view.store.engine.currency, kpi.unit
    named = [name for name in EFFECTS if any(getattr(e, name) for e in found.effects)]
    frame = pd.DataFrame(
        [
            {found.by: e.key, "effect": e.total, **{name: getattr(e, name) for name in named}}
            for e in found.effects
        ],
        columns=[found.by, "effect", *named],
    )
    # Sums of parts that cancel leave a trace of arithmetic, which is no effect.
    seen = frame["effect"].abs() > 1e-9 * frame["effect"].abs().max()
    drawn = frame[seen].assign(
        note=lambda f: [_parts_of(row, named) for row in f.to_dict("records")]
    )
    total = found.difference or 0.0
    return Exhibit(
        key="why",
        title=_why_title(view, kpi, found, history),
        reading=_why_reading(named),
        view=kpi_view(view, kpi),
        definition=replace(
            of_kpi(view, kpi.id, found.by),
            formula="change = Σ volume + Σ mix + Σ rate + Σ exchange + Σ undivided, each taken at "
            "the mean of both periods",
        ),
        data=frame,
        draw=lambda look: effects(
            drawn,
            look,
            Encoding(
                key=found.by,
                value="effect",
                unit=unit,
                currency=currency,
                labels=words_for(view.store, found.by),
                note="note",
            ),
            good_is_up=kpi.direction != "down",
        ),
        records=lambda _: Records(
            frame, noun=f"members of {found.by}", total="effect", unit=unit, expected=total,
            units=dict.fromkeys(("effect", *named), unit),
        ),
        choices={"By": found.by, "Against": view.comparison},
        units=dict.fromkeys(("effect", *named), unit),
        reason=found.reason or "both periods are alike in every part",
    )  # fmt: skip


def _parts_of(row: Mapping[Hashable, object], named: Sequence[str]) -> str:
    parts = {name: float(str(row[name])) for name in named}
    main = max(parts, key=lambda name: abs(parts[name]))
    words = "no denominator" if main == "undivided" else main
    return f"mostly {words}" if sum(value != 0 for value in parts.values()) > 1 else words


_READINGS = {
    "volume": "volume: more or fewer records",
    "mix": "mix: other shares",
    "rate": "rate: more or less of each",
    "exchange": "exchange: other exchange rates",
    "undivided": "undivided: an amount, and nothing to divide it by",
}


def _why_reading(named: Sequence[str]) -> str:
    if not named:
        return ""
    said = "; ".join(_READINGS[name] for name in named)
    return f"{said[0].upper()}{said[1:]}. They add up to the change."


def _why_title(view: View, kpi: Kpi, found: Change, history: History) -> str:
    if found.reason is not None:
        return f"{kpi.label}: why it changed is not available, since {found.reason}"
    if not found.difference or not found.effects:
        return f"{kpi.label} is unchanged"
    currency = view.store.engine.currency
    words = fmt.points if kpi.unit == "rate" else lambda v: fmt.by_unit(v, kpi.unit, currency)
    amount = words(abs(found.difference)).lstrip("+")
    text = changed_by(kpi.label, found.difference, amount, is_running=history.is_partial)
    if history.has_changed is False:
        text += ", within normal variation"
    first = found.largest
    if first is not None:
        name, share = word_for(view.store, found.by, first.key), first.total / found.difference
        text += place_of_change(name, first.total, share, kpi.unit, currency)
    if history.has_changed is None:
        text += f"; {untold_variation(history)}"
    return text


def all_kpis(view: View, results: Sequence[KpiResult], histories: Mapping[str, History]) -> Exhibit:
    """Every KPI of the agreement in one table: value, change, target, status, last periods."""
    currency = view.store.engine.currency
    frame = pd.DataFrame(
        [
            {
                "kpi": r.label,
                "value": words.value(r, currency),
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
        records=lambda part: records_of(view, part or results[0].id),
        parts={r.id: r.label for r in results},
        units={
            "earlier periods": "spark",
            **dict.fromkeys(("value", "change", "target"), "right"),
        },
        height=900,
        reported="kpis",
        filed=kpi_frame(results, currency).assign(n=frame["n"]),
    )
