"""Exhibits of the handoff: the pace, the obligations, the speed, the decisions, the worklist."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from smarketing.agreement import Agreement
from smarketing.analysis.funnel_rates import Rate
from smarketing.analysis.handoff import (
    HandoffResult,
    Obligation,
    Rejection,
    handoff_records,
)
from smarketing.analysis.handoff_pace import Pace
from smarketing.analysis.handoff_speed import ResponseBand, Speed
from smarketing.analysis.handoff_worklist import Worklist
from smarketing.charts import format as fmt
from smarketing.charts.bars import pareto, ranked_bars, stacked
from smarketing.charts.lines import pace as pace_line
from smarketing.ui.address import View
from smarketing.ui.exhibit import Exhibit
from smarketing.ui.explain import Definition
from smarketing.ui.labels import labels_of, name_of
from smarketing.ui.records import Records, listed
from smarketing.ui.session import ask

DASH = " · "
STATUSES = ("met", "missed", "pending", "exempt")
TITLES = {"response": "First response", "attempts": "Attempts", "decision": "Decision"}
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def promise(agreement: Agreement) -> dict[str, str]:
    """Each obligation in the words of the agreement."""
    levels = agreement.service_levels
    return {
        "response": f"first human touch within {levels.response.within_business_hours:g} h",
        "attempts": f"{levels.attempts.at_least} attempts within "
        f"{levels.attempts.within_business_days} business days",
        "decision": f"accepted or rejected within {levels.decision.within_business_days} "
        "business days",
    }


def _definition(view: View, label: str, question: str, text: str, query: str = "") -> Definition:
    engine, window = view.store.engine, view.window
    promises = promise(view.store.agreement)
    params = {"from": window.start, "to": window.end}
    return Definition(
        label,
        question,
        text,
        "SLA rate = met ÷ (met + missed), obligations whose deadline falls in the period",
        ("Marketing: volume and value", "Sales: follow-up and decision"),
        tuple(f"{TITLES[name]}: {words}." for name, words in promises.items()),
        (lambda: engine.sql(query, params, view.filters)) if query else None,
    )


def delivery(view: View, found: Pace, *, value: bool) -> Exhibit:
    """Marketing's commitment as a pace line, in leads or in lead value."""
    unit = 10**view.store.engine.minor_digits
    divisor = unit if value else 1
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
        frame[column] = frame[column].astype("Float64") / divisor
    done = (found.value if value else found.count) / divisor
    verdict = found.value_verdict if value else found.count_verdict
    kind, currency = ("money" if value else "count"), view.store.engine.currency
    what = "lead value" if value else f"{_stage(view, found.stage)}s"
    amount = fmt.by_unit(done, kind, currency)
    place = {"under": "under the pace", "over": "over the pace", "within": "on pace"}
    return Exhibit(
        key="value_pace" if value else "count_pace",
        title=f"{amount} {'of ' if value else ''}{what} delivered in {found.period.label}"
        + (f": {place[verdict]}" if verdict else ""),
        reading=f"Dotted: the commitment over working days; grey: ±{fmt.percent(found.band, 0)} of "
        "it. Above is a deviation too: more leads than sales can work.",
        view=view,
        definition=_definition(
            view,
            "Marketing's commitment",
            "Does marketing deliver what it promised, in number and in value?",
            "A lead counts at its first entry into the committed stage; its value is the won "
            "amount per mature lead of its type and segment.",
        ),
        data=frame,
        draw=lambda look: pace_line(
            frame.astype({"delivered": "float64", "pace": "float64"}),
            look,
            x="day",
            actual="delivered",
            target="pace",
            unit=kind,
            currency=currency,
            hue=look.marketing,
            band=found.band,
        ),
        units={"delivered": kind, "pace": kind},
    )


def _stage(view: View, stage: str) -> str:
    return labels_of(view.store.agreement, "stage").get(stage, stage)


def kept(view: View, found: Sequence[Obligation]) -> Exhibit:
    """Sales' obligations: met, missed, pending, exempt."""
    frame = pd.DataFrame(
        [
            {
                "obligation": f"{TITLES[o.obligation]} {_rate(o.rate)}",
                **{status: getattr(o, status) for status in STATUSES},
                "rate": o.rate.rate,
                "low": o.rate.low,
                "high": o.rate.high,
                "id": o.obligation,
            }
            for o in found
        ]
    )
    missed = sum(o.missed for o in found)
    worst = min(found, key=lambda o: 2.0 if o.rate.rate is None else o.rate.rate)
    title = "No obligation fell due in this period"
    if worst.rate.rate is not None:
        title = f"{fmt.number(missed)} obligations missed; weakest: {TITLES[worst.obligation]}, "
        title += f"{fmt.percent(worst.rate.rate, 0)} kept"
    return Exhibit(
        key="obligations",
        title=title,
        reading="By deadline. An unworked lead past its deadline is missed, never left out.",
        view=view,
        definition=_definition(
            view,
            "Sales' obligations",
            "Are handed-over leads followed up as promised?",
            "Met, missed (late, or undone and past due), pending (not due yet), exempt.",
            "handoff_obligations",
        ),
        data=frame.drop(columns="id"),
        draw=lambda look: stacked(
            frame,
            look,
            key="obligation",
            parts=[
                ("met", "met", look.good),
                ("missed", "missed", look.bad),
                ("pending", "pending", look.faint),
                ("exempt", "exempt", look.shared),
            ],
        ),
        records=lambda part: _kept_records(view, found, frame, part),
        parts=tuple(f"{row}{DASH}{status}" for row in frame["obligation"] for status in STATUSES),
        units={"rate": "rate", "low": "rate", "high": "rate"},
    )


def _rate(rate: Rate) -> str:
    if rate.as_counts and rate.n:
        return f"{rate.successes} of {rate.n}"
    return fmt.percent(rate.rate, 0)


def _kept_records(
    view: View, found: Sequence[Obligation], frame: pd.DataFrame, part: str | None
) -> Records:
    label, _, status = (part or f"{frame['obligation'].iloc[0]}{DASH}").rpartition(DASH)
    place = list(frame["obligation"]).index(label)
    duty = found[place]
    rows = ask(view.store, handoff_records, view.window, duty.obligation, view.filters)
    column = f"{duty.obligation}_status"
    rows = rows[rows[column].isin([status] if status else STATUSES)]
    counts = [getattr(duty, s) for s in ([status] if status else STATUSES)]
    noun = f"{TITLES[duty.obligation].lower()} obligations {status}".strip()
    return listed(view.store, rows, noun, expected=float(sum(counts)))


def waiting(view: View, found: Sequence[Speed], by: str) -> Exhibit:
    """How long leads waited, by a dimension: median, 90th percentile beside it."""
    names = [_member(view, by, s.key) for s in found]
    frame = pd.DataFrame(
        {
            by: names,
            "handed over": [s.handovers for s in found],
            "touched": [s.touched for s in found],
            "routing, median": [s.routing.median for s in found],
            "response, median": [s.response.median for s in found],
            "speed to lead, median": [s.speed.median for s in found],
            "90th percentile": [s.speed.p90 for s in found],
            "elapsed, median": [s.speed.elapsed_median for s in found],
            "elapsed, 90th": [s.speed.elapsed_p90 for s in found],
        }
    )
    shown = frame[frame["speed to lead, median"].notna()].assign(
        note=lambda f: [
            f"90th {fmt.minutes(p)}, n {fmt.number(n)}"
            for p, n in zip(f["90th percentile"], f["touched"], strict=True)
        ]
    )
    slow = shown.sort_values("speed to lead, median", ascending=False)
    title = "No handed-over lead has been touched"
    if len(slow):
        title = f"{slow[by].iloc[0]} waits longest: {fmt.minutes(slow.iloc[0, 5])} at the median"
    return Exhibit(
        key="speed",
        title=title,
        reading="Business time from qualification to the first human touch by sales.",
        view=view,
        definition=_definition(
            view,
            "Speed to lead",
            "How long does a qualified lead wait for a human?",
            "Routing time (qualified to assigned) plus response time (from the later of the two "
            "to the first human touch by sales), in business minutes; elapsed time beside it.",
            "handoff_speed",
        ),
        data=frame,
        draw=lambda look: ranked_bars(
            shown,
            look,
            key=by,
            value="speed to lead, median",
            unit="minutes",
            hue=look.sales,
            note="note",
            keep=24,
        ),
        records=lambda part: _speed_records(view, found, by, names, part),
        parts=tuple(shown[by]),
        choices={"By": by},
    )


def _member(view: View, by: str, key: str) -> str:
    if by == "weekday" and key.isdigit():
        return WEEKDAYS[int(key) - 1]
    if by == "hour" and key.isdigit():
        return f"{int(key):02d}:00"
    return name_of(view.store.agreement, by, key)


def _speed_records(
    view: View, found: Sequence[Speed], by: str, names: Sequence[str], part: str | None
) -> Records:
    speeds = [s for s, name in zip(found, names, strict=True) if part is None or name == part]
    filters = view.filters
    if part is not None:
        filters = filters.with_(**{by: [speeds[0].key]})
    rows = ask(view.store, handoff_records, view.window, "qualified", filters)
    expected = float(sum(s.handovers for s in speeds))
    return listed(view.store, rows, "handovers", expected=expected)


def decided(view: View, found: HandoffResult) -> Exhibit:
    """What sales decided on the leads handed over, first passes and returns."""
    rows = []
    for label, part in (("First pass", found.first_passes), ("Came back", found.returns)):
        rows.append(
            {
                "pass": label,
                "accepted": part.accepted,
                "rejected": part.rejected,
                "overdue": part.overdue,
                "waiting": part.waiting,
                "other": part.other,
                "opportunities": part.opportunities,
                "customers": part.customers,
            }
        )
    frame = pd.DataFrame(rows)
    rate = found.first_passes.acceptance
    again = found.recycled
    return Exhibit(
        key="decisions",
        title=f"Sales accepts {_rate(rate)} of what it is handed"
        if rate.n
        else "No lead was handed over and decided in this period",
        reading=f"Accepted ÷ (accepted + rejected + undecided past due). Of {again.recycled} leads "
        f"recycled in the period, {again.returned} have come back.",
        view=view,
        definition=_definition(
            view,
            "Acceptance",
            "Does sales accept what marketing hands over?",
            "Handovers qualified in the period, by what sales decided on them.",
            "handoff_decisions",
        ),
        data=frame,
        draw=lambda look: stacked(
            frame,
            look,
            key="pass",
            parts=[
                ("accepted", "accepted", look.good),
                ("rejected", "rejected", look.bad),
                ("overdue", "undecided, past due", look.sales),
                ("waiting", "not due yet", look.faint),
                ("other", "left otherwise", look.shared),
            ],
        ),
        records=lambda _: listed(
            view.store,
            ask(view.store, handoff_records, view.window, "qualified", view.filters),
            "handovers",
            expected=float(found.first_passes.handovers + found.returns.handovers),
        ),
    )


def rejected(view: View, found: Sequence[Rejection], what: str) -> Exhibit:
    """Rejections ranked by reason or by campaign, with the running share."""
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
    if found:
        share = fmt.percent(found[0].rejected / total, 0)
        title = f"{found[0].label} stands behind {share} of {fmt.number(total)} rejections"
    column = "campaign_id" if what == "campaign" else "reason"
    return Exhibit(
        key=f"rejected_{what}",
        title=title,
        reading="Most first, with the running share of all rejections.",
        view=view,
        definition=_definition(
            view,
            "Rejections",
            f"Which {what} stands behind the rejections?",
            "Handovers of the period that sales rejected.",
            "handoff_rejections",
        ),
        data=frame.drop(columns="key"),
        draw=lambda look: pareto(frame, look, key=what, value="rejected", hue=look.bad),
        records=lambda part: _rejected_records(view, frame, what, column, part),
        parts=tuple(frame[what]),
        units={"running share": "rate"},
    )


def _rejected_records(
    view: View, frame: pd.DataFrame, what: str, column: str, part: str | None
) -> Records:
    rows = ask(view.store, handoff_records, view.window, "qualified", view.filters)
    rows = rows[rows["is_rejected"]]
    chosen = frame if part is None else frame[frame[what] == part]
    if part is not None:
        blank = {"(unknown)", "(no reason)", "(none)"}
        values = rows[column].fillna("(unknown)")
        keys = set(chosen["key"])
        rows = rows[values.isin(keys | (blank if keys & blank else set()))]
    return listed(view.store, rows, "rejections", expected=float(chosen["rejected"].sum()))


def by_response(view: View, found: Sequence[ResponseBand]) -> Exhibit:
    """Conversion against response time, with n; association, not proof."""
    frame = pd.DataFrame(
        [
            {
                "answered": b.label,
                "handed over": b.handovers,
                "opportunity": b.opportunity.rate,
                "low": b.opportunity.low,
                "high": b.opportunity.high,
                "accepted": b.accepted.rate,
                "customer": b.customer.rate,
                "note": f"{b.opportunity.successes} of {b.opportunity.n}",
                "few": b.opportunity.as_counts,
            }
            for b in found
        ]
    )
    for column in ("opportunity", "low", "high"):
        frame[column] = frame[column].astype("Float64")
    solid = [b for b in found if not b.opportunity.is_small and b.opportunity.rate is not None]
    title = "Too few leads to compare fast with slow answers"
    if len(solid) > 1:
        first, last = solid[0], solid[-1]
        title = (
            f"Answered {first.label}, {fmt.percent(first.opportunity.rate, 0)} become "
            f"opportunities; {last.label}, {fmt.percent(last.opportunity.rate, 0)}"
        )
    return Exhibit(
        key="by_response",
        title=title,
        reading="Association, not cause: sales may answer the better leads first. Lines are 95 % "
        "intervals.",
        view=view,
        definition=_definition(
            view,
            "Conversion by response time",
            "Does answering faster go with more opportunities?",
            "Mature handovers of the period by business time to the first human touch.",
        ),
        data=frame.drop(columns=["note", "few"]),
        draw=lambda look: ranked_bars(
            frame,
            look,
            key="answered",
            value="opportunity",
            unit="rate",
            low="low",
            high="high",
            note="note",
            hue=look.sales,
            in_order=True,
            pale="few",
        ),
        units=dict.fromkeys(("opportunity", "low", "high", "accepted", "customer"), "rate"),
    )


def worklist(view: View, found: Worklist) -> Exhibit:
    """Every overdue and soon-due lead, its owner and its deadline."""
    frame = pd.DataFrame([item.as_dict() for item in found.items])
    columns = ["status", "due_at", "owner", "person", "account", "obligation", "attempts",
               "segment", "channel", "lead_id"]  # fmt: skip
    frame = frame.reindex(columns=columns) if len(frame) else pd.DataFrame(columns=columns)
    for name in ("segment", "channel"):
        frame[name] = frame[name].replace(dict(labels_of(view.store.agreement, name)))
    owners = frame[frame["status"] == "overdue"]["owner"].value_counts()
    title = f"{fmt.number(found.overdue)} leads are overdue"
    if len(owners):
        title += f", {owners.iloc[0]} of them with {owners.index[0]}"
    soon = len(found.items) - found.overdue
    return Exhibit(
        key="worklist",
        title=title,
        reading=f"{fmt.number(soon)} more fall due soon. People who may not be contacted are not "
        "on the list.",
        view=view,
        definition=_definition(
            view,
            "Worklist",
            "Whom should sales call first?",
            "Each lead at its earliest unfulfilled obligation, once.",
        ),
        data=frame,
        height=480,
    )
