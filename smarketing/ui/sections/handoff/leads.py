"""Exhibits of what became of handed-over leads: rejections, returns."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from smarketing.analysis.handoff.obligations import HandoffResult, Rejection, handoff_records
from smarketing.analysis.rates import rate_of
from smarketing.charts import format as fmt
from smarketing.charts import words
from smarketing.charts.bars import pareto, ranked_bars
from smarketing.charts.encoding import Encoding
from smarketing.charts.quality import paired
from smarketing.ui.exhibit import Exhibit
from smarketing.ui.records import Records, listed
from smarketing.ui.sections.handoff.obligations import definition
from smarketing.ui.session import ask
from smarketing.ui.view import View

BECAME = {
    "away": "not back yet",
    "funnel": "back, in the funnel",
    "opportunity": "back, an opportunity",
    "customer": "back, a customer",
}

#: The part of the rejections that name none.
_WITHOUT = {"campaign_id": "(none)", "reason": "(no reason given)"}


def rejected(view: View, result: HandoffResult, what: str) -> Exhibit:
    """Rejections ranked by reason or by campaign, with the running share."""
    found: Sequence[Rejection] = result.reasons if what == "reason" else result.campaigns
    frame = pd.DataFrame(
        [
            {
                what: r.label,
                "rejected": r.rejected,
                "handed over": r.handovers,
                "running share": r.cumulative_share,
                "key": r.key,
            }
            for r in found
        ],
        columns=[what, "rejected", "handed over", "running share", "key"],
    )
    total = int(frame["rejected"].sum())
    title = "Sales rejected nothing in this period"
    if result.exits_reason:
        title = "What sales rejected is not known"
    if found:
        most = words.share_of(found[0].rejected, total, "rejections")
        title = f"Most rejections by {what}: {found[0].label}, {most}"
        if what == "campaign":
            title += f", of its {found[0].handovers} leads"
    column = "campaign_id" if what == "campaign" else "reason"
    labels = dict(zip(frame["key"], frame[what], strict=True))
    return Exhibit(
        key=f"rejected_{what}",
        title=title,
        reason=result.exits_reason or "",
        reading="Most first, with the running share of all rejections"
        + (", and out of how many handed over." if what == "campaign" else "."),
        view=view,
        definition=definition(
            view,
            "Rejections",
            f"Which {what} stands behind the rejections?",
            "Handovers of the period that sales rejected.",
            "handoff/rejections",
        ),
        data=frame.drop(columns="key"),
        draw=lambda look: pareto(
            frame,
            look,
            Encoding(key="key", value="rejected", labels=labels, hue=look.bad),
            of="handed over" if what == "campaign" else None,
        ),
        records=lambda part: _rejected_records(view, frame, column, part),
        parts=labels,
        units={"running share": "rate"},
        reported="rejections" if what == "campaign" else "",
    )


def _rejected_records(view: View, frame: pd.DataFrame, column: str, part: str | None) -> Records:
    rows = ask(view.store, handoff_records, view.window, "qualified", view.filters)
    rows = rows[rows["is_rejected"]]
    chosen = frame if part is None else frame[frame["key"] == part]
    if part is not None:
        rows = rows[rows[column].fillna(_WITHOUT[column]) == part]
    return listed(view.store, rows, "rejections", expected=float(chosen["rejected"].sum()))


def returns(view: View, found: HandoffResult) -> Exhibit:
    """Whether leads that come back go further than those handed over for the first time."""
    first, again = found.first_passes, found.returns
    untold = None if again.handovers else found.exits_reason
    rows = []
    for label, name in (
        ("accepted, of those decided", "accepted"),
        ("opportunity so far", "opportunities"),
        ("customer so far", "customers"),
    ):
        row: dict[str, object] = {"reached": label}
        rates = {}
        for prefix, part in (("back", again), ("first", first)):
            rate = rate_of(int(getattr(part, name)), part.handovers)
            rates[prefix] = rate = part.acceptance if name == "accepted" else rate
            row |= {
                prefix: rate.rate,
                f"{prefix}_low": rate.low,
                f"{prefix}_high": rate.high,
                f"{prefix}_count": rate.successes,
                f"{prefix}_n": rate.n,
            }
        row["note"] = f"{words.rate(rates['back'])} against {words.rate(rates['first'])}"
        row["is_small"] = any(rate.is_small for rate in rates.values())
        rows.append(row)
    frame = pd.DataFrame(rows)
    for column in ("back", "back_low", "back_high", "first", "first_low", "first_high"):
        frame[column] = frame[column].astype("Float64")
    shares = ("back", "back_low", "back_high", "first", "first_low", "first_high")
    return Exhibit(
        key="returns",
        title=_returns_title(found),
        reason=untold or "",
        reading=f"{fmt.many(again.handovers, 'lead')} came back in the period, "
        f"{fmt.many(first.handovers, 'was', 'were')} handed over for the first time; how far each "
        "has come by now, with 95 % intervals.",
        view=view,
        definition=definition(
            view,
            "Leads that come back",
            "Is a recycled lead that returns worth the second look?",
            "A recycled lead that returns is handed over again, as a new pass of the same lead.",
            "handoff/decisions",
        ),
        data=frame.drop(columns=["note", "is_small"]).head(0 if untold else len(frame)),
        draw=lambda look: paired(
            frame,
            look,
            Encoding(key="reached", note="note", pale="is_small"),
            {"back": "came back", "first": "first time"},
        ),
        records=lambda _: _pass_records(view, found),
        units=dict.fromkeys(shares, "rate"),
    )


def _returns_title(found: HandoffResult) -> str:
    first, again = found.first_passes, found.returns
    if found.exits_reason and not again.handovers:
        return "Whether recycled leads came back is not known"
    if not again.handovers:
        return "No recycled lead came back in this period"
    won = rate_of(again.customers, again.handovers), rate_of(first.customers, first.handovers)
    if won[0].is_small or won[1].is_small or won[0].low is None or won[1].high is None:
        return f"{again.customers} of {again.handovers} leads that came back are customers so far"
    said = f"{words.rate(won[0])} are customers so far, {words.rate(won[1])} of the others"
    if won[0].low > won[1].high:
        return f"Leads that come back win more often: {said}"
    return f"Of the leads that came back, {said}"


def _pass_records(view: View, found: HandoffResult) -> Records:
    rows = ask(view.store, handoff_records, view.window, "qualified", view.filters)
    expected = float(found.first_passes.handovers + found.returns.handovers)
    return listed(view.store, rows, "handovers", expected=expected)


def recycled(view: View, found: HandoffResult, rows: pd.DataFrame) -> Exhibit:
    """What became of the leads recycled in the period: away, back, opportunity, customer."""
    back = rows["is_returned"] if len(rows) else pd.Series(dtype=bool)
    won = rows["is_customer"] if len(rows) else back
    deal = rows["is_opportunity"] if len(rows) else back
    counts = {
        "away": int((~back).sum()),
        "funnel": int((back & ~deal).sum()),
        "opportunity": int((back & deal & ~won).sum()),
        "customer": int((back & won).sum()),
    }
    frame = pd.DataFrame(
        {
            "id": list(counts),
            "what became of it": [BECAME[name] for name in counts],
            "leads": list(counts.values()),
        }
    )
    total = found.recycled.recycled
    title = "No lead was recycled in this period"
    if found.exits_reason:
        title = "Which leads were recycled is not known"
    if total:
        title = f"{found.recycled.returned} of {fmt.number(total)} recycled leads have come back"
    return Exhibit(
        key="recycled",
        title=title,
        reason=found.exits_reason or "",
        reading="Leads sent back to marketing in the period, and where each stands by now.",
        view=view,
        definition=definition(
            view,
            "Recycled leads",
            "What became of the leads that sales sent back to marketing?",
            "Exits “recycled” of the period; back when an entry into a stage follows.",
            "handoff/recycled",
        ),
        data=frame.drop(columns="id").head(0 if found.exits_reason else len(frame)),
        draw=lambda look: ranked_bars(
            frame,
            look,
            Encoding(key="id", value="leads", labels=BECAME, hue=look.shared),
            in_order=True,
        ),
        records=lambda part: _recycled_records(view, rows, counts, part),
        parts=BECAME,
    )


def _recycled_records(
    view: View, rows: pd.DataFrame, counts: dict[str, int], part: str | None
) -> Records:
    expected = sum(counts.values()) if part is None else counts[part]
    if part is not None:
        back, deal, won = rows["is_returned"], rows["is_opportunity"], rows["is_customer"]
        masks = (~back, back & ~deal, back & deal & ~won, back & won)
        rows = rows[masks[list(counts).index(part)]]
    return listed(view.store, rows, "leads recycled", expected=float(expected))
