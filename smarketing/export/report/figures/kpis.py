"""Pages of the KPIs: three sentences, the numbers both teams signed, what changed, customers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

import pandas as pd

from smarketing.agreement import Kpi
from smarketing.analysis.kpis.change import explain_change
from smarketing.analysis.kpis.history import history
from smarketing.analysis.kpis.result import KpiResult
from smarketing.analysis.kpis.scoreboard import kpi_sql, kpis, kpis_sql
from smarketing.analysis.kpis.targets import no_target
from smarketing.analysis.kpis.values import base_kpis
from smarketing.analysis.review.state import aimed, by_severity, state
from smarketing.charts import format as fmt
from smarketing.charts import words
from smarketing.charts.headlines import (
    all_met,
    changed_by,
    headlines,
    numbers_title,
    place_of_change,
    untold_variation,
)
from smarketing.errors import UsageError
from smarketing.export.deck.pages import Chart, Grid, Number, Page, Table, waterfall
from smarketing.export.report.asked import Asked

_HEADLINE_NUMBERS = 6
_EFFECTS = 6
_NAMED = 3
#: So many sentences on what numbers leave out have room beneath the headline.
_NOTED = 2
#: What is known of customers once they are won: whether they stay, and what they say.
_OF_CUSTOMERS = frozenset({"fct_retention", "fct_renewal", "fct_feedback"})
_MARKS = {
    "ahead": "▲ ahead",
    "on track": "● on track",
    "at risk": "▼ at risk",
    "behind": "▼ behind",
}


def sentences(asked: Asked) -> Page:
    """Say in three sentences where the company stands."""
    found = state(asked.engine, asked.agreement, asked.window, asked.filters)
    said = headlines(found, asked.currency, asked.window, asked.engine.as_of_day, asked.word)
    notes = "Targets and limits are those of the agreement; a change is claimed only beyond them."
    # Where no target of the period is judged, what its last month says is the finding.
    first, _, of_month = said[0].text.partition(". ")
    headline = of_month if of_month and not found.judged else first
    return Page(
        "headlines",
        headline.partition(":")[0].partition(", first of all ")[0].removesuffix("."),
        f"What to know of {asked.window.label}",
        tuple(sentence.text for sentence in said),
        asked.stamp(),
        notes,
    )


def scoreboard(asked: Asked) -> Page:
    """Show the agreement's headline numbers, worst first, six of them."""
    ids = aimed(asked.agreement)
    every = kpis(asked.engine, asked.agreement, ids, asked.window, asked.filters) if ids else []
    judged = [result for result in every if result.status is not None]
    late = [r for r in judged if r.status in ("behind", "at risk")]
    ranked = by_severity([r for r in every if asked.agreement.kpi(r.id).headline])
    shown, others = ranked[:_HEADLINE_NUMBERS], ranked[_HEADLINE_NUMBERS:]
    headline = _missed(late) if late else all_met(len(judged))
    if not judged:
        headline = no_target(asked.agreement, asked.window, asked.engine.scope, asked.filters)
        if any(result.target is not None for result in every):
            headline = "Too little is recorded to judge a target"
    return Page(
        "scoreboard",
        headline,
        _with_left_out(f"{numbers_title(is_signed=asked.is_signed)}, {asked.window.label}", shown),
        tuple(_number(asked, result) for result in shown),
        asked.stamp(),
        _notes(asked, shown),
        also=tuple(_number(asked, result) for result in others),
        table=_table(asked, shown),
    )


def _missed(late: Sequence[KpiResult]) -> str:
    """Name what needs attention; how many of how many the sentences before it say."""
    named = [result.label for result in late[:_NAMED]]
    if len(late) > _NAMED:
        named.append(f"{len(late) - _NAMED} more")
    last = named.pop()
    text = f"{', '.join(named)} and {last}" if named else last
    return f"{text} {'needs' if len(late) == 1 else 'need'} attention"


def all_kpis(asked: Asked) -> Page:
    """List every KPI of the agreement with value, change, target and status."""
    results = kpis(asked.engine, asked.agreement, None, asked.window, asked.filters)
    rows = tuple(
        (
            result.label,
            words.value(result, asked.currency),
            words.change(result) or "",
            ""
            if result.target is None
            else fmt.by_unit(result.target, result.unit, asked.currency),
            "; ".join(filter(None, (result.status, result.note))),
        )
        for result in results
    )
    headers = ("KPI", "Value", "Change", "Target", "Status")
    return Page(
        "kpis",
        f"All {len(rows)} numbers of the agreement",
        f"{asked.window.label}, against the period before",
        Grid(headers, rows, (1, 2, 3)),
        asked.stamp(),
        alt="Every KPI with its value, change, target and status.",
        table=_table(asked, results),
    )


def change(asked: Asked) -> Page:
    """Split what changed most into what each channel added to it."""
    kpi = _changed(asked)
    before = asked.window.previous()
    found = explain_change(
        asked.engine, asked.agreement, kpi.id, asked.window, before, "channel", asked.filters
    )
    stamp, notes = asked.stamp(f"against {before.label}, by channel"), _kpi_notes(asked, kpi)
    measure = f"{kpi.label}, {before.label} to {asked.window.label}, by channel"
    if found.before is None or found.after is None or not found.effects:
        said = f"{kpi.label}: there is no earlier value to compare with"
        if found.before is not None and found.after is not None:
            said = f"{kpi.label} is {_rounded(asked, kpi)(found.after)}, as in the period before"
        return Page("change", said, measure, Chart("bar", (), ()), stamp, notes, said)
    words = _rounded(asked, kpi)
    steps = [(asked.word("channel", effect.key), effect.total) for effect in found.effects]
    kept = sorted(steps, key=lambda step: -abs(step[1]))[:_EFFECTS]
    rest = sum(value for _, value in steps) - sum(value for _, value in kept)
    if len(steps) > len(kept):
        kept.append(("others", rest))
    chart = waterfall((before.label, found.before), kept, (asked.window.label, found.after), words)
    money = asked.currency if kpi.unit == "money" else ""
    chart = replace(chart, heading="Channel", currency=money)
    moved = found.after - found.before
    is_running = asked.window.last_day > asked.engine.as_of_day
    headline = changed_by(kpi.label, moved, words(abs(moved)), is_running=is_running)
    first = found.largest
    if first is not None:
        name = asked.word("channel", first.key)
        headline += place_of_change(
            name, first.total, first.total / moved, kpi.unit, asked.currency
        )
    headline += "" if is_running else _claim(asked, kpi)
    alt = f"{headline}: {'; '.join(f'{name} {words(value)}' for name, value in kept)}."
    return Page("change", headline, measure, chart, stamp, notes, alt)


def customers(asked: Asked) -> Page:
    """Show whether customers stay and what they say."""
    ids = [kpi.id for kpi in asked.agreement.kpis if kpi.listed and _of_customers(asked, kpi)]
    results = kpis(asked.engine, asked.agreement, ids, asked.window, asked.filters) if ids else []
    known = [result for result in results if result.value is not None]
    first = (
        f"{known[0].label} is {words.value(known[0], asked.currency)}"
        if known
        else "Nothing is recorded"
    )
    return Page(
        "customers",
        first if known else "Of customers nothing is recorded for this period",
        _with_left_out(
            f"Whether customers stay, and what they are worth, {asked.window.label}", known
        ),
        tuple(_number(asked, result) for result in known),
        asked.stamp(),
        _notes(asked, known),
        _unknown([result for result in results if result.value is None]),
        tuple(_number(asked, result) for result in results if result.value is None),
        table=_table(asked, results),
    )


def _notes(asked: Asked, results: Sequence[KpiResult]) -> str:
    """Say what KPIs mean, and the SQL behind their values."""
    means = [f"{r.label}: {asked.agreement.kpi(r.id).definition}" for r in results]
    told = "\n".join([*means, *_told(_noted(results))])
    ids = [result.id for result in results]
    sql = kpis_sql(asked.engine, asked.agreement, ids, asked.window, asked.filters)
    return f"{told}\n\n{sql}".strip()


def _table(asked: Asked, results: Sequence[KpiResult]) -> Table:
    return Table(kpi_frame(results, asked.currency), currency=asked.currency)


def kpi_frame(results: Sequence[KpiResult], currency: str) -> pd.DataFrame:
    """Return KPIs as a file holds them: numbers, and in a column of its own what they are in."""
    rows = [
        {
            "kpi": result.label,
            "value": result.value,
            "unit": currency if result.unit == "money" else result.unit,
            "previous": result.previous,
            "target": result.target,
            "status": result.status,
            "note": result.note,
        }
        for result in results
    ]
    # As they are: counts beside rates would become fractions.
    return pd.DataFrame(rows, dtype=object)


def _unknown(results: Sequence[KpiResult]) -> str:
    """Say why values are not known, each reason once."""
    return "; ".join(_told((result.label, result.reason or "") for result in results))


def _noted(shown: Sequence[KpiResult]) -> list[tuple[str, str]]:
    """Return what numbers leave out, as the pages say it beside each, and the label of each."""
    return [(r.label, r.note) for r in shown if r.note and r.value is not None]


def _with_left_out(measure: str, shown: Sequence[KpiResult]) -> str:
    """Say beneath what numbers are what they leave out, as far as there is room.

    What parts of a number leave out alike is said once; of which parts, the notes say.
    """
    told = _told(
        (label, sentence)
        for label, note in _noted(shown)
        for sentence in dict.fromkeys(part.rpartition(": ")[2] for part in note.split("; "))
    )
    if not told:
        return measure
    more = len(told) - _NOTED
    first = "; ".join(told[:_NOTED])
    return f"{measure}. {first}{f'; {more} more in the notes' if more > 0 else ''}."


def _told(said: Iterable[tuple[str, str]]) -> list[str]:
    """Return sentences each once, behind the labels that they are of."""
    of: dict[str, list[str]] = {}
    for label, sentence in said:
        of.setdefault(sentence, []).append(label)
    return [f"{', '.join(labels)}: {sentence}" for sentence, labels in of.items()]


def _of_customers(asked: Asked, kpi: Kpi) -> bool:
    return {str(base.mart) for base in base_kpis(asked.agreement, [kpi])} <= _OF_CUSTOMERS


def _number(asked: Asked, result: KpiResult) -> Number:
    verdict = _MARKS.get(result.status or "", "")
    if result.target is not None:
        goal = fmt.by_unit(result.target, result.unit, asked.currency)
        verdict = f"{verdict}, target {goal}" if verdict else f"target {goal}"
    return Number(
        result.id, words.value(result, asked.currency), result.label, verdict or result.reason or ""
    )


def _changed(asked: Asked) -> Kpi:
    """Return what the headlines say moved, else the agreement's first headline sum that splits."""
    moved = state(asked.engine, asked.agreement, asked.window, asked.filters).moved
    if moved is not None and moved.by is not None:
        return asked.agreement.kpi(moved.result.id)
    for kpi in sorted(asked.agreement.kpis, key=lambda kpi: kpi.unit != "money"):
        if kpi.headline and kpi.expression and kpi.date_column and kpi.unit in ("money", "count"):
            return kpi
    raise UsageError("The agreement has no headline KPI whose change can be split.")


def _claim(asked: Asked, kpi: Kpi) -> str:
    """Say whether a change is more than normal variation, since a headline may claim no less."""
    past = history(asked.engine, asked.agreement, [kpi.id], asked.window, asked.filters)[kpi.id]
    if past.has_changed is None:
        return f"; {untold_variation(past)}"
    return ", more than its normal variation" if past.has_changed else ", within normal variation"


def _rounded(asked: Asked, kpi: Kpi) -> Callable[[float], str]:
    return lambda value: (
        fmt.points(value).lstrip("+")
        if kpi.unit == "rate"
        else fmt.by_unit(value, kpi.unit, asked.currency)
    )


def _kpi_notes(asked: Asked, kpi: Kpi) -> str:
    sql = kpi_sql(asked.engine, asked.agreement, kpi.id, asked.window, asked.filters)
    return f"{kpi.question} {kpi.definition}\n\n{sql}"
