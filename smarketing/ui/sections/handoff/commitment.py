"""The exhibit of marketing's commitment: what it promised to deliver, and how far it is."""

from __future__ import annotations

import pandas as pd

from smarketing.analysis.handoff.listing import commitment_records
from smarketing.analysis.handoff.pace import Pace
from smarketing.charts import format as fmt
from smarketing.charts.encoding import Encoding
from smarketing.charts.lines import pace as pace_line
from smarketing.charts.marks import at_days
from smarketing.charts.words import capitalised
from smarketing.ui.exhibit import Exhibit
from smarketing.ui.labels import labels_of
from smarketing.ui.records import Records, listed
from smarketing.ui.sections.handoff.obligations import definition
from smarketing.ui.session import ask
from smarketing.ui.view import View

_PLACES = {"under": "under the pace", "over": "over the pace", "within": "on pace"}


def delivery(view: View, found: Pace, *, value: bool) -> Exhibit:
    """Marketing's commitment as a pace line, in leads or in lead value."""
    frame = _running(view, found, value=value)
    agreed = found.value_commitment if value else found.count_commitment
    kind, currency = ("money" if value else "count"), view.store.engine.currency
    reason = found.value_reason if value else found.reason
    reading = "Nothing is agreed to hold it against."
    if agreed is not None:
        reading = (
            f"Dotted: the commitment over working days; grey: ±{fmt.percent(found.band, 0)} of "
            "it. Above is a deviation too: more leads than sales can work."
        )
    return Exhibit(
        key="value_pace" if value else "count_pace",
        title=_title(view, found, value=value),
        reading=reading,
        view=view.within(found.period),
        definition=definition(
            view,
            "Marketing's commitment",
            "Does marketing deliver what it promised, in number and in value?",
            "A lead counts at its first entry into the committed stage; its value is the won "
            "amount per mature lead of its type and segment.",
        ),
        data=frame.head(0) if reason else frame,
        reason=reason or "",
        draw=lambda look: pace_line(
            frame.astype({"delivered": "float64", "pace": "float64"}),
            look,
            Encoding(
                key="day", value="delivered", unit=kind, currency=currency, hue=look.marketing
            ),
            target="pace",
            band=found.band,
        ),
        records=lambda _: _delivered(view, found, value=value),
        units={"delivered": kind, "pace": kind},
        timeline=at_days(frame["day"]),
    )


def _running(view: View, found: Pace, *, value: bool) -> pd.DataFrame:
    """What was delivered up to each day, and the pace, in leads or major units."""
    frame = pd.DataFrame(
        [
            {
                "day": p.day,
                "delivered": p.value if value else p.count,
                "pace": p.value_line if value else p.count_line,
            }
            for p in found.points
        ]
    )
    for column in ("delivered", "pace"):
        frame[column] = frame[column].astype("Float64") / _divisor(view, value=value)
    return frame


def _divisor(view: View, *, value: bool) -> int:
    digits: int = view.store.engine.minor_digits
    return 10**digits if value else 1


def _title(view: View, found: Pace, *, value: bool) -> str:
    """What was delivered, and where that is beside the pace."""
    what = "lead value" if value else f"{_stage(view, found.stage)}s"
    period = found.period.label.replace("..", " to ")
    reason = found.value_reason if value else found.reason
    if reason:
        return f"{capitalised(what)} delivered in {period}: not available, {reason}"
    done = (found.value if value else found.count) / _divisor(view, value=value)
    amount = fmt.by_unit(done, "money" if value else "count", view.store.engine.currency)
    title = f"{amount} {'of ' if value else ''}{what} delivered in {period}"
    verdict = found.value_verdict if value else found.count_verdict
    if verdict:
        return f"{title}: {_PLACES[verdict]}"
    if (found.value_commitment if value else found.count_commitment) is None:
        none = "no part of the commitment is theirs" if view.filters else "none agreed"
        return f"{title}, {none}"
    return title


def _delivered(view: View, found: Pace, *, value: bool) -> Records:
    store = view.store
    rows = ask(store, commitment_records, store.agreement, found.period, view.filters)
    noun = f"first entries into {_stage(view, found.stage)}"
    if not value:
        return listed(store, rows, noun, expected=float(found.count))
    expected = found.value / 10**store.engine.minor_digits
    return listed(store, rows, noun, total="value_amount", unit="money", expected=expected)


def _stage(view: View, stage: str) -> str:
    return labels_of(view.store.agreement, "stage").get(stage, stage)
