"""Exhibits of attribution: credit by key, models compared, spend, what is left over."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from smarketing.analysis.attribution import (
    Attribution,
    CreditRow,
    ledger,
    ledger_sql,
    returned,
)
from smarketing.analysis.attribution.result import NOT_LIFT
from smarketing.analysis.attribution.settings import BY_CLOSE
from smarketing.attribution_models import MODELS
from smarketing.charts import format as fmt
from smarketing.charts.bars import ranked_bars
from smarketing.charts.encoding import Encoding
from smarketing.engine import Filters
from smarketing.ui.address import View, choice
from smarketing.ui.exhibit import Exhibit
from smarketing.ui.explain import Definition
from smarketing.ui.labels import model_name, name_of
from smarketing.ui.records import Records, localised
from smarketing.ui.session import ask

NOUNS = {"revenue": "won revenue", "pipeline": "pipeline created", "leads": "leads"}
MARKOV = ("markov", "markov_deal")
LOST_JOURNEYS = ("deals", "leads")
OWN_MODEL_IN_WORDS = "Role weights written in the agreement."


def model_in_words(model: str) -> str:
    """How a model shares a deal out, for a reader."""
    return MODELS[model].words if model in MODELS else OWN_MODEL_IN_WORDS


def money(answer: Attribution) -> str:
    """The unit of credit: money, or leads, which are shared in parts."""
    return "number" if answer.settings.measure == "leads" else "money"


def names(view: View, answer: Attribution) -> Mapping[str, str]:
    """Words for the keys of an answer: the rows' own labels, else the agreement's."""
    return {
        row.key: row.label
        if row.label != row.key
        else name_of(view.store.agreement, answer.by, row.key)
        for row in answer.rows
    }


def worded(view: View, answer: Attribution, frame: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of an answer with words for their keys as labels."""
    words = names(view, answer)
    return frame.assign(label=[words.get(key, key) for key in frame[answer.by]])


def choices(answer: Attribution) -> dict[str, str]:
    """The settings that change the credit, as they are printed on every export."""
    s = answer.settings
    kinds = f", kinds {', '.join(s.kinds)}" if s.kinds else ""
    return {
        "Model": model_name(answer.model) + _model_settings(answer),
        "Measure": s.measure,
        "Lookback": fmt.days(s.lookback_days),
        "People": s.people,
        "Side": f"{s.side}{kinds}",
    } | ({} if s.returns_by == BY_CLOSE else {"Returns by": f"day of the {s.returns_by}"})


def _model_settings(answer: Attribution) -> str:
    s = answer.settings
    if answer.model == "time_decay":
        return f", half-life {fmt.days(s.half_life_days)}"
    if answer.model not in MARKOV:
        return ""
    return f" of order {s.order}" + (", leads without deals taught too" if s.null_leads else "")


def model_controls(model: str, half_life_days: float) -> dict[str, Any]:
    """The settings that only some models have, as controls in the address; those in use."""
    if model == "time_decay":
        days = sorted({3.0, 7.0, 14.0, 30.0, half_life_days})
        words = {f"{day:g}": f"{day:g} d" for day in days}
        picked = choice(
            "Half-life", list(words), key="half_life", labels=words, default=f"{half_life_days:g}"
        )
        return {"half_life_days": float(picked)}
    if model not in MARKOV:
        return {}
    order = choice("Order", ("1", "2", "3"), key="order", help="Touches remembered at each step.")
    lost = choice(
        "Lost journeys",
        LOST_JOURNEYS,
        key="lost",
        labels={"deals": "lost deals", "leads": "and leads without deals"},
        help="What the model learns failure from; leads too young to be judged are left out.",
        width=216,
    )
    return {"order": int(order), "null_leads": lost == "leads"}


def definition(view: View, answer: Attribution) -> Definition:
    """What the model does, what counts as a touch, and the SQL of the ledger."""
    store = view.store
    rules = store.agreement.attribution
    return Definition(
        f"Attributed {NOUNS[answer.settings.measure]}, {model_name(answer.model, store.agreement)}",
        "What earned it, and how would another model see it?",
        model_in_words(answer.model),
        "credit = weight within the deal × amount; the credits add up to the deals exactly",
        ("Marketing: marketing operations", "Sales: head of sales"),
        (
            NOT_LIFT,
            f"Left out: {', '.join(rules.excluded_kinds)}.",
            "A deal without an eligible touch is (unattributed), with the reason.",
        ),
        lambda: ledger_sql(
            store.engine,
            store.agreement,
            answer.settings,
            model=answer.model,
            by=answer.by,
            filters=_ledger_filters(view),
        ),
    )


def frame_of(answer: Attribution) -> pd.DataFrame:
    """The rows of an answer as a table in major units."""
    return pd.DataFrame(
        [
            {
                answer.by: row.key,
                "label": row.label,
                "credit": row.credit / answer.divisor,
                "share": row.share,
                "low": row.low,
                "high": row.high,
                "deals": row.deals,
                "cost": None if row.cost is None else row.cost / answer.money_divisor,
                "returned": None if row.returned is None else row.returned / answer.divisor,
                "roas": row.roas,
                "romi": row.romi,
                "cost_per_lead": (
                    None if row.cost_per_lead is None else row.cost_per_lead / answer.money_divisor
                ),
                "rank_held": row.rank_held,
                "note": row.greyed,
            }
            for row in answer.rows
        ],
        columns=[
            answer.by, "label", "credit", "share", "low", "high", "deals", "cost", "returned",
            "roas", "romi", "cost_per_lead", "rank_held", "note",
        ],
    )  # fmt: skip


def credit(view: View, answer: Attribution) -> Exhibit:
    """Credit by key under one model, with 90 % intervals, down to the ledger."""
    frame = frame_of(answer)
    currency, unit = answer.currency, money(answer)
    whole = answer.whole / answer.divisor
    drawn = frame.assign(
        text=[_credit_note(answer, row) for row in answer.rows],
        is_greyed=[row.greyed is not None for row in answer.rows],
    )
    bounds = [(row.low, row.high) for row in answer.rows]
    drawn["from_"] = pd.array([low and low * whole for low, _ in bounds], dtype="Float64")
    drawn["to"] = pd.array([high and high * whole for _, high in bounds], dtype="Float64")
    return Exhibit(
        key="credit",
        title=_credit_title(view, answer),
        reading=_credit_reading(answer),
        view=view,
        definition=definition(view, answer),
        data=worded(view, answer, frame),
        draw=lambda look: ranked_bars(
            drawn[(drawn["credit"] != 0) | (drawn["deals"] > 0)],
            look,
            Encoding(
                key=answer.by,
                value="credit",
                unit=unit,
                currency=currency,
                labels=names(view, answer),
                low="from_",
                high="to",
                note="text",
                pale="is_greyed",
                hue=look.marketing if answer.settings.side == "marketing" else look.shared,
            ),
            keep=14,
        ),
        records=lambda part: ledger_records(view, answer, part),
        parts={
            row.key: names(view, answer)[row.key]
            for row in answer.rows
            if row.credit or row.deals
        },
        campaigns=names(view, answer) if answer.by == "campaign" else {},
        choices=choices(answer),
        units={
            "credit": unit, "share": "rate", "low": "rate", "high": "rate", "cost": "money",
            "returned": unit, "romi": "rate", "roas": "ratio", "cost_per_lead": "money",
            "rank_held": "rate",
        },
    )  # fmt: skip


def units(answer: Attribution, count: int) -> str:
    """What is credited, in words for so many of them."""
    noun = "lead" if answer.settings.measure == "leads" else "deal"
    return noun if count == 1 else f"{noun}s"


def _credit_title(view: View, answer: Attribution) -> str:
    noun, model = NOUNS[answer.settings.measure], model_name(answer.model, view.store.agreement)
    named = [row for row in answer.rows if row.credit > 0 and not row.key.startswith("(")]
    # A filter on touches chooses rows; the share is of the whole all the same.
    among = view.among("channel", *(() if answer.total == answer.whole else (answer.by,)))
    if not answer.rows or not answer.total:
        return f"No {noun} in this period"
    if not named:
        return f"All {amount(answer, answer.total)} of {noun} is unattributed"
    best = max(named, key=lambda row: row.credit)
    name, share = names(view, answer)[best.key], fmt.percent(best.share, 0)
    if best.greyed:
        return f"Too little to rely on {model}, which gives {name} {share} of {noun}{among}"
    return f"{name} earned {share} of {noun}{among} under {model}"


def amount(answer: Attribution, minor: int) -> str:
    """An amount of credit, or a number of leads, in words."""
    return fmt.by_unit(minor / answer.divisor, money(answer), answer.currency)


def _credit_reading(answer: Attribution) -> str:
    left = f"{amount(answer, answer.unattributed)} has no touch that counts."
    counted = f"{fmt.number(answer.deals)} {units(answer, answer.deals)}"
    lines = "Lines are 90 % intervals. " if any(row.low is not None for row in answer.rows) else ""
    why = dict.fromkeys(row.greyed for row in answer.rows if row.greyed)
    pale = f"Pale: {', or '.join(list(why)[:2])}. " if why else ""
    whole = f"{amount(answer, answer.total)} from {counted}; {left}"
    if answer.total != answer.whole:
        whole = (
            f"{amount(answer, answer.total)} of the {amount(answer, answer.whole)} from {counted}; "
            "shares are of the whole."
        )
    lacking = f"{answer.lacking} " if answer.lacking else ""
    return f"{whole} {lacking}{lines}{pale}{NOT_LIFT}"


def _credit_note(answer: Attribution, row: CreditRow) -> str:
    """Share and deals of a row; with the amount where the bar is too pale to have it beside."""
    text = f"{fmt.percent(row.share, 0)}, {fmt.number(row.deals)} {units(answer, row.deals)}"
    return f"<b>{amount(answer, row.credit)}</b><br>{text}" if row.greyed else text


def _ledger_filters(view: View) -> Filters:
    """The filters of the ledger: where a channel is the campaign's, it has chosen rows already."""
    is_touch = dict(view.subjects).get("channel", "touch") == "touch"
    return view.filters if is_touch else view.filters.without("channel")


def unit_column(answer: Attribution) -> str:
    """The column of what is credited: of leads under the measure of leads, else of deals."""
    return "lead_id" if answer.settings.measure == "leads" else "deal_id"


def ledger_records(
    view: View, answer: Attribution, key: str | None, *, against_cost: bool = False
) -> Records:
    """The ledger under an answer or one of its keys; its credits add up to it.

    `against_cost`: the rows that stand against the cost of the window instead.
    """
    store = view.store
    frame = ask(
        store,
        returned if against_cost else ledger,
        store.agreement,
        answer.settings,
        model=answer.model,
        by=answer.by,
        filters=_ledger_filters(view),
        key=key,
    )
    frame = frame[frame["key"].isin([row.key for row in answer.rows])].reset_index(drop=True)
    for column in ("credit", "amount"):
        if column in frame:
            frame[column] = frame[column].astype("Float64") / answer.divisor
    rows = answer.rows if key is None else [row for row in answer.rows if row.key == key]
    whole = sum((row.returned or 0) if against_cost else row.credit for row in rows)
    unit = money(answer)
    shown = frame.drop(columns=["agreement_hash", "lookback_days", "model"], errors="ignore")
    shown = shown.rename(columns={"unit_id": unit_column(answer)})
    return Records(
        localised(store, shown),
        noun="ledger rows",
        total="credit",
        unit=unit,
        expected=whole / answer.divisor,
        units={"credit": unit, "amount": unit, "weight": "rate"},
    )
