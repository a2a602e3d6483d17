"""Exhibits beside the credit: the models compared, and what no touch earned."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

import pandas as pd

from smarketing.analysis.attribution import (
    Attribution,
    CreditRow,
    asked,
    unattributed,
    unattributed_sql,
)
from smarketing.attribution_models import UNATTRIBUTED
from smarketing.charts import format as fmt
from smarketing.charts.bars import pareto
from smarketing.charts.encoding import Encoding, Series
from smarketing.charts.points import dots
from smarketing.ui.exhibit import Exhibit
from smarketing.ui.labels import model_name
from smarketing.ui.records import Records, listed
from smarketing.ui.sections.attribution.credit import (
    amount,
    choices,
    definition,
    ledger_records,
    names,
    units,
)
from smarketing.ui.session import ask
from smarketing.ui.view import View

DASH = " · "


def side_by_side(view: View, answers: Sequence[Attribution], chosen: str) -> Exhibit:
    """What each model says about each key: long lines are disagreement."""
    first = answers[0]
    ranks = {a.model: {r.key: n for n, r in enumerate(_ranked(a), 1)} for a in answers}
    keys = [row.key for row in _ranked(next((a for a in answers if a.model == chosen), first))]
    rows = [
        {first.by: key, "model": a.model, "share": row.share, "rank": ranks[a.model].get(key)}
        for key in keys[:12]
        for a in answers
        if (row := a.row(key)) is not None and row.share is not None
    ]
    frame = pd.DataFrame(rows, columns=[first.by, "model", "share", "rank"])
    labels = {a.model: model_name(a.model, view.store.agreement) for a in answers}
    named, by_model = names(view, first), {a.model: a for a in answers}
    return Exhibit(
        key="models",
        title=_disagreement(view, first, frame),
        reading="Share of the total under each model; a long line is disagreement. Filled: the "
        f"chosen model, {labels.get(chosen, chosen)}.",
        view=view,
        definition=definition(view, first),
        data=frame,
        draw=lambda look: dots(
            frame,
            look,
            Encoding(key=first.by, value="share", unit="rate", labels=named),
            Series(column="model", labels=labels),
            marked=chosen,
        ),
        records=lambda part: _ledger_of(view, by_model, chosen, part),
        parts={
            f"{row[first.by]}{DASH}{row['model']}": f"{named[str(row[first.by])]}, "
            f"{labels[str(row['model'])]}"
            for row in rows
        },
        choices={**choices(first), "Model": ", ".join(labels.values())},
        units={"share": "rate"},
        reported="attribution" if _is_agreed(view, first, labels) else "",
    )


def _is_agreed(view: View, answer: Attribution, models: Collection[str]) -> bool:
    """Whether channels are compared under the agreed settings and models, as a report does."""
    agreement = view.store.agreement
    return (
        answer.by == "channel"
        and answer.settings == asked(agreement, view.window)
        and set(models) == set(agreement.attribution.models)
    )


def _ledger_of(
    view: View, answers: Mapping[str, Attribution], chosen: str, part: str | None
) -> Records:
    """The ledger of the chosen model, or of one key under one of them."""
    if part is None:
        return ledger_records(view, answers[chosen], None)
    key, model = part.rsplit(DASH, 1)
    return ledger_records(view, answers[model], key)


def _ranked(answer: Attribution) -> list[CreditRow]:
    kept = [row for row in answer.rows if row.key != UNATTRIBUTED and row.credit]
    return sorted(kept, key=lambda row: -row.credit)


def _disagreement(view: View, answer: Attribution, frame: pd.DataFrame) -> str:
    """The key whose share differs most between two models: the longest line."""
    if frame.empty:
        return "No model finds a touch to credit"
    by_key = frame.groupby(answer.by, sort=False)["share"]
    apart = by_key.max() - by_key.min()
    if not apart.max() > 0:
        return "All models agree"
    key = apart.idxmax()
    rows = frame[frame[answer.by] == key].sort_values("share", kind="stable")
    low, high = (
        f"{fmt.percent(row.share, 0)} under {model_name(row.model, view.store.agreement)}"
        for row in (rows.iloc[0], rows.iloc[-1])
    )
    return f"Models disagree most on {names(view, answer).get(str(key), str(key))}: {high}, {low}"


def left_over(view: View, answer: Attribution) -> Exhibit:
    """Why deals (or leads) have no touch that counts, by reason."""
    frame = ask(view.store, unattributed, answer.settings, view.filters)
    counted = frame.groupby("reason")[["unit_id"]].count().reset_index()
    counted = counted.rename(columns={"unit_id": "count"})
    whole = int(counted["count"].sum())
    noun = units(answer, whole)
    top = counted.sort_values("count", ascending=False)
    title = f"{fmt.number(whole)} {noun} without a touch that counts"
    if whole:
        most = top[top["count"] == top["count"].max()]
        each = " each" if len(most) > 1 else ""
        often = f", most often ({fmt.number(int(most['count'].iloc[0]))}{each})"
        title += f"{often if len(top) > 1 else ''}: {' and '.join(most['reason'])}"
    return Exhibit(
        key="left_over",
        title=title,
        reading=f"{amount(answer, answer.unattributed)} that no model may give to anyone.",
        view=view,
        definition=replace(
            definition(view, answer),
            sql=lambda: unattributed_sql(view.store.engine, answer.settings, view.filters),
        ),
        data=counted,
        draw=lambda look: pareto(
            counted, look, Encoding(key="reason", value="count", hue=look.shared)
        ),
        records=lambda part: listed(
            view.store,
            frame if part is None else frame[frame["reason"] == part],
            noun,
            expected=float(
                whole if part is None else counted[counted["reason"] == part]["count"].sum()
            ),
        ),
        parts=tuple(str(reason) for reason in top["reason"]),
        choices={k: v for k, v in choices(answer).items() if k != "Model"},
    )
