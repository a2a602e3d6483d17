"""Who buys against who was agreed as the target, and a definition tried on history."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import streamlit as st

from smarketing.agreement import Agreement, agreement_yaml
from smarketing.agreement.loading import diff
from smarketing.analysis.availability import without_amount
from smarketing.analysis.lead_quality.market import (
    Market,
    buyer_deals,
    propose_definition,
    save_proposal,
)
from smarketing.analysis.lead_quality.scores import Threshold
from smarketing.charts import format as fmt
from smarketing.charts import words
from smarketing.charts.encoding import Encoding, Series
from smarketing.charts.findings import of_gap
from smarketing.charts.maps import heat_map
from smarketing.charts.names import markdown
from smarketing.errors import SmarketingError
from smarketing.ui.address import readable
from smarketing.ui.exhibit import Exhibit
from smarketing.ui.explain import Definition
from smarketing.ui.gate import handing
from smarketing.ui.labels import labels_of, name_of
from smarketing.ui.records import Records, listed
from smarketing.ui.sections.lead_quality.scores import Judged
from smarketing.ui.session import Store, ask
from smarketing.ui.states import failed
from smarketing.ui.view import View

DASH = " · "


def buyers(view: View, market: Market) -> Exhibit:
    """Won amount by segment and persona, the agreed target marked."""
    store, frame = view.store, _by_buyer(view, market)
    agreed = store.agreement.target_market
    params = {"from": view.window.start, "to": view.window.end}
    return Exhibit(
        key="buyers",
        needs=("fct_deal",),
        title=_title(market),
        reading=_reading(view, market),
        view=view.of(channel="deal", persona="deal", owner="deal"),
        definition=Definition(
            "Who buys",
            "Do those buy whom both teams agreed to aim at?",
            agreed.definition.strip() if agreed.definition else "",
            "gap = won amount outside the target ÷ won amount",
            caveats=(
                "A deal is of the target when its segment, persona and region were all agreed.",
                "New customers are accounts at their first won deal for new business.",
            ),
            sql=lambda: store.engine.sql("quality/buyers", params, view.filters),
        ),
        data=frame.drop(columns=["segment_id", "persona_id", "note"]),
        draw=lambda look: heat_map(
            frame,
            look,
            Encoding(
                key="persona_id",
                value="won",
                unit="money",
                currency=store.engine.currency,
                labels=dict(zip(frame["persona_id"], frame["persona"], strict=True)),
                note="note",
            ),
            Series(
                column="segment_id",
                labels=dict(zip(frame["segment_id"], frame["segment"], strict=True)),
            ),
        ),
        records=lambda part: _deals(view, market, part),
        parts={
            f"{row['persona_id']}{DASH}{row['segment_id']}": f"{row['persona']}, {row['segment']}"
            for row in frame.to_dict("records")
        },
        units={"won": "money", "target": "money"},
    )


def _by_buyer(view: View, market: Market) -> pd.DataFrame:
    """One row per segment and persona, amounts in major units."""
    store = view.store
    unit = 10**store.engine.minor_digits
    rows: dict[tuple[str, str], tuple[float | None, int, int, float]] = {}
    for part in market.buyers:
        key = (part.segment, part.persona)
        won, customers, deals, target = rows.get(key, (None, 0, 0, 0.0))
        amount = part.won_amount / unit
        is_known = part.deals > part.lacking
        rows[key] = (
            (won or 0.0) + amount if is_known else won,
            customers + part.customers,
            deals + part.deals,
            target + amount * part.is_target,
        )
    columns = ["segment_id", "persona_id", "segment", "persona", "won", "customers", "deals",
               "target", "note"]  # fmt: skip
    return pd.DataFrame(
        [
            (
                segment,
                persona,
                name_of(store.agreement, "segment", segment),
                name_of(store.agreement, "persona", persona),
                *counted,
                "◆" if counted[-1] else None,
            )
            for (segment, persona), counted in rows.items()
        ],
        columns=columns,
    ).astype({"won": "Float64"})


def _title(market: Market) -> str:
    """How far those who bought are those whom both teams agreed to aim at."""
    if market.gap is not None:
        return of_gap(market.gap)
    if market.won_amount:
        return "Whether the buyers are of the agreed target is not known of any"
    if market.customers:
        return "What those who bought are worth is not known"
    return "Nothing was won in this period"


def _reading(view: View, market: Market) -> str:
    """How to read who bought, what is not known, and who of the target did not."""
    engine, agreement = view.store.engine, view.store.agreement
    reading = (
        f"Won amount by segment and persona; ◆ holds deals of the agreed target. "
        f"{market.target_customers} of {market.customers} new customers are target customers."
    )
    if market.unknown_amount:
        amount = fmt.money(market.unknown_amount / 10**engine.minor_digits, engine.currency)
        reading += f" Of {amount} it is not known, for want of a segment, persona or region."
    if market.lacking:
        reading += f" {without_amount(market.lacking, engine.currency)}"
    names = {**labels_of(agreement, "persona"), **labels_of(agreement, "segment")}
    if missing := [names.get(name, name) for name in market.missing]:
        reading += f" Agreed as target, but nobody bought: {', '.join(missing)}."
    return reading


def _deals(view: View, market: Market, part: str | None) -> Records:
    store = view.store
    rows = ask(store, buyer_deals, view.window, view.filters)
    unit = 10**store.engine.minor_digits
    expected = market.won_amount / unit
    if part is not None:
        chosen = [b for b in market.buyers if f"{b.persona}{DASH}{b.segment}" == part]
        keys = {(b.segment, b.persona) for b in chosen}
        rows = rows[[(s, p) in keys for s, p in zip(rows["segment"], rows["persona"], strict=True)]]
        expected = sum(b.won_amount for b in chosen) / unit
    return listed(store, rows, "won deals", total="won_amount", unit="money", expected=expected)


def controls(agreement: Agreement) -> tuple[dict[str, int], int]:
    """Inputs for every rule's points and the threshold, all in the address; what was changed."""
    definition = agreement.lead_definition
    points: dict[str, int] = {}
    with st.form("definition", border=False):
        threshold = _number("A good lead has points from", definition.threshold, "threshold")
        for label, rules in (("fit", definition.fit), ("behaviour", definition.behaviour)):
            st.caption(f"Points for {label}")
            grid = st.grid(6, min_column_width=168, gap="small")
            for rule in rules:
                with grid.cell():
                    given = _number(markdown(rule.label), rule.points, f"points_{rule.id}")
                if given != rule.points:
                    points[rule.id] = given
        st.form_submit_button("Show what it would have done")
    return points, threshold


def _whole(text: str) -> int:
    try:
        return int(text)
    except ValueError as error:
        raise ValueError("it is no whole number") from error


def _number(label: str, agreed: int, key: str) -> int:
    readable(f"{label} of", key, _whole)
    given = st.number_input(label, value=agreed, step=5, key=key, bind="query-params", width=208)
    return agreed if given is None else int(given)


def effect(judged: Judged, before: Threshold, after: Threshold) -> Exhibit:
    """The agreed definition beside the one tried, on the same leads."""
    view = judged.view
    frame = pd.DataFrame(
        [
            {"measure": name, "agreed": _side(before)[name], "tried": _side(after)[name]}
            for name in _side(before)
        ]
    )
    goal = judged.goal
    same = before.threshold == after.threshold and not judged.points
    title = "Change points or the threshold to see what they would have done"
    if not same:
        more = after.leads - before.leads
        amount = "As many leads"
        if more:
            amount = f"{fmt.number(abs(more))} {'more' if more > 0 else 'fewer'} leads"
        title = f"{amount}, too few of them worked to say how many more {goal}"
        if not (before.precision.is_small or after.precision.is_small):
            title = f"{amount}; {words.rate(after.precision)} of the worked {goal}, "
            title += f"not {words.rate(before.precision)}"
    return Exhibit(
        key="effect",
        needs=("dim_lead", "fct_deal"),
        title=title,
        reading="The same mature leads of the period, scored twice. Those below today's threshold "
        "were seldom worked, so this bounds what would happen rather than foretelling it. "
        f"{judged.note}",
        view=view,
        definition=judged.definition(
            "What if",
            "What would other points or another threshold have meant?",
            "Every mature lead of the period is scored again under the points tried, with the "
            "evidence that stood before its qualification; one that never qualified with the best "
            "score it held while it might have.",
        ),
        data=frame,
        records=lambda part: _scored(judged, before, after, part),
        parts=("agreed", "tried"),
        choices={**judged.choices, "Threshold": f"{before.threshold} → {after.threshold}"},
    )


def _side(row: Threshold) -> dict[str, str]:
    capacity = {True: "yes", False: "too many", None: "not known"}
    precision = words.rate(row.precision)
    if row.precision.rate is not None and not row.precision.as_counts:
        precision += (
            f" ({fmt.percent(row.precision.low, 0)} to {fmt.percent(row.precision.high, 0)})"
        )
    return {
        "Threshold": f"{row.threshold} points",
        "Leads from the threshold on": fmt.number(row.leads),
        "Leads a month": fmt.number(row.per_month, 1),
        "Worked": fmt.number(row.worked),
        "Precision (95 % interval)": precision,
        "Recall, at least": fmt.percent(row.recall_low, 0),
        "Recall, at most": fmt.percent(row.recall_high, 0),
        "Lift": fmt.by_unit(row.lift, "x", ""),
        "Acceptance": words.rate(row.acceptance),
        "Revenue captured": fmt.percent(row.revenue_share, 0),
        "Within what sales can work": capacity[row.within_capacity],
    }


def _scored(judged: Judged, before: Threshold, after: Threshold, part: str | None) -> Records:
    tried = part != "agreed"
    row = after if tried else before
    rows = (judged if tried else Judged(judged.view, judged.outcome)).leads()
    chosen = rows[rows["score"].fillna(-1_000_000) >= row.threshold]
    noun = f"leads from {row.threshold} points on"
    return listed(judged.view.store, chosen, noun, expected=float(row.leads))


def proposal(store: Store, points: dict[str, int], threshold: int) -> None:
    """Save what was tried as a proposed agreement; both teams must sign it to put it in force."""
    try:
        proposed = propose_definition(store.agreement, points, threshold)
    except SmarketingError as error:
        failed(error, "This cannot be proposed")
        return
    changes = diff(store.agreement, proposed)
    if not changes:
        st.caption("Nothing is changed yet, so there is nothing to propose.")
        return
    path = store.home / f"agreement-proposed-{proposed.hash[:8]}.yaml"
    left, right = st.columns([1, 3], vertical_alignment="center")
    if store.access.may("write") and left.button(
        "Save as a proposal", icon=":material/edit_document:", width="stretch"
    ):
        _save(proposed, path)
    right.caption(
        f"{len(changes)} changes to the agreement, version {proposed.hash[:8]}. It is in force "
        "once both teams have signed it."
    )
    st.download_button(
        "Proposed agreement",
        handing(lambda: agreement_yaml(proposed)),
        file_name=path.name,
        mime="text/yaml",
        icon=":material/download:",
        on_click="ignore",
    )


def _save(proposed: Agreement, path: Path) -> None:
    try:
        save_proposal(proposed, path)
    except SmarketingError as error:
        failed(error, "The proposal was not saved")
        return
    st.success(
        f"Saved as {markdown(path)}. To adopt it, replace agreement.yaml with it and let both "
        "teams sign.",
        icon=":material/check:",
    )
