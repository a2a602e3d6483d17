"""What separates leads that take a step from those that do not: association, never cause."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from smarketing.analysis.funnel.listing import association_records
from smarketing.analysis.lead_quality.association import Association, Associations
from smarketing.analysis.rates import Rate
from smarketing.charts import format as fmt
from smarketing.charts.encoding import Encoding
from smarketing.charts.names import visible
from smarketing.charts.quality import differences
from smarketing.ui.exhibit import Exhibit
from smarketing.ui.explain import Definition
from smarketing.ui.labels import labels_of, name_of
from smarketing.ui.records import Records, listed
from smarketing.ui.sections.funnel.counting import DASH, STEPS
from smarketing.ui.session import ask
from smarketing.ui.view import View

SHOWN = 16


def separates(
    view: View, found: Associations, campaigns: dict[str, str], *, nothing: str = "Nothing"
) -> Exhibit:
    """Attributes and touch kinds by how much more or less often leads with them convert.

    `campaigns` are names by id, `nothing` is what to call it where none of what is compared does.
    """
    labels = labels_of(view.store.agreement, "stage")
    step = f"{labels.get(found.stage, found.stage)} to "
    step += labels.get(found.next_stage, found.next_stage)
    names = _names(view, found, campaigns)
    frame = _compared(found, names)
    judged = frame[frame["difference"].notna()] if len(frame) else frame
    drawn = judged.head(SHOWN)
    clear = [row for row in found.found if row.direction != "unclear"]
    return Exhibit(
        key="separates",
        title=_title(found, dict(zip(found.found, names, strict=True)), clear, nothing),
        reading=f"{found.warning} Rate and n beside. Lines are 95 % intervals; open marks "
        f"are unclear after correction over all {len(found.found)} compared.",
        view=view,
        definition=Definition(
            "What separates those who convert",
            f"What goes with taking the step {step}?",
            "Each attribute's value, and each kind of touch before the stage, against all other "
            "mature leads: the risk difference and odds ratio within segment × channel "
            "(Mantel-Haenszel).",
            "difference in points within strata, corrected by Benjamini-Hochberg at 5 %",
            caveats=(found.warning, "Only touches before the stage was entered count."),
        ),
        data=frame.drop(columns=["id", "note"]) if len(frame) else frame,
        draw=lambda look: differences(
            drawn,
            look,
            Encoding(
                key="id",
                value="difference",
                labels=dict(zip(drawn["id"], drawn["value"], strict=True)),
                low="low",
                high="high",
                note="note",
            ),
            verdict="verdict",
        ),
        records=lambda part: _leads(view, found, names, part),
        parts=dict(zip(drawn["id"], drawn["value"], strict=True)) if len(drawn) else {},
        choices={**STEPS, "Step": step},
        units={
            **dict.fromkeys(("rate with", "rate without"), "rate"),
            **dict.fromkeys(("difference", "low", "high"), "difference"),
        },
    )


def _compared(found: Associations, names: Sequence[str]) -> pd.DataFrame:
    """One row per attribute or kind of touch: the rates with and without it, and how far apart."""
    return pd.DataFrame(
        [
            {
                "id": f"{row.attribute}{DASH}{row.value}",
                "attribute": row.attribute.replace("_", " "),
                "value": name,
                "rate with": row.with_it.rate,
                "n with": row.with_it.n,
                "rate without": row.without.rate,
                "n without": row.without.n,
                "difference": row.pooled.difference,
                "low": row.pooled.difference_low,
                "high": row.pooled.difference_high,
                "odds ratio": row.pooled.odds_ratio,
                "odds low": row.pooled.odds_low,
                "odds high": row.pooled.odds_high,
                "strata": row.pooled.strata,
                "adjusted p": row.adjusted_p,
                "verdict": row.direction,
                "note": _words(row.with_it),
            }
            for row, name in zip(found.found, names, strict=True)
        ]
    )


def _names(view: View, found: Associations, campaigns: dict[str, str]) -> list[str]:
    """The values in words; those that would be read twice or say nothing name their attribute."""
    plain = []
    for row in found.found:
        value = row.value
        if row.attribute == "campaign":
            value = campaigns.get(value, value)
        elif row.attribute == "touch":
            value = value.removesuffix(" (marketing)").replace("_", " ") + " before"
        elif row.attribute == "content":
            value = visible(value)
        else:
            value = name_of(view.store.agreement, row.attribute, value)
        plain.append(value)
    twice = {name for name in plain if plain.count(name) > 1 or name.startswith("(")}
    return [
        f"{row.attribute.replace('_', ' ')} {name}" if name in twice else name
        for row, name in zip(found.found, plain, strict=True)
    ]


def _words(rate: Rate) -> str:
    if rate.as_counts:
        return f"{rate.successes} of {rate.n}"
    return f"{fmt.percent(rate.rate, 0)} of {fmt.number(rate.n)}"


def _title(
    found: Associations,
    names: dict[Association, str],
    clear: list[Association],
    nothing: str,
) -> str:
    if not found.leads:
        return "No lead of this period is old enough to judge this step"
    if not clear:
        leads = fmt.number(found.leads)
        return f"{nothing} clearly separates the {leads} mature leads of this step"
    first = clear[0]
    way = "more" if first.direction == "more" else "less"
    link = {"touch": "with", "content": "that met"}.get(first.attribute, "of")
    return (
        f"Leads {link} {names[first]} go on {way} often: {_words(first.with_it)}, "
        f"others {_words(first.without)}"
    )


def _leads(view: View, found: Associations, names: list[str], part: str | None) -> Records:
    store = view.store
    if part is None:
        rows = ask(store, association_records, view.window, found.stage, filters=view.filters)
        return listed(store, rows, "mature leads of the step", expected=float(found.leads))
    ids = [f"{row.attribute}{DASH}{row.value}" for row in found.found]
    row, name = found.found[ids.index(part)], names[ids.index(part)]
    trait = (row.attribute, row.value)
    rows = ask(store, association_records, view.window, found.stage, trait, view.filters)
    return listed(store, rows, f"mature leads, {name}", expected=float(row.with_it.n))
