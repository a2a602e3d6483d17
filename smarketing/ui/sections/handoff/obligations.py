"""Exhibits of the handoff: what each team promised, and whether it was kept."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from smarketing.agreement import Agreement
from smarketing.analysis.handoff.listing import obligation_records
from smarketing.analysis.handoff.obligations import HandoffResult, Obligation, handoff_records
from smarketing.analysis.handoff.untold import OBLIGATIONS
from smarketing.charts import format as fmt
from smarketing.charts import words
from smarketing.charts.bars import stacked
from smarketing.charts.encoding import Encoding, Series
from smarketing.charts.maps import heat_map
from smarketing.ui.exhibit import Exhibit
from smarketing.ui.explain import Definition
from smarketing.ui.labels import name_of
from smarketing.ui.records import Records, listed
from smarketing.ui.session import ask
from smarketing.ui.view import View

DASH = " · "
STATUSES = ("met", "missed", "pending", "exempt")
DECISIONS = ("accepted", "rejected", "overdue", "waiting", "exempt", "other")
FIRST, RETURNED = "first", "returned"
_UNKNOWN = "Whether sales kept its promises is not known"


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


def definition(view: View, label: str, question: str, text: str, query: str = "") -> Definition:
    """What a figure of the handoff means: the agreed promises, and the SQL of `query` if any."""
    engine, window = view.store.engine, view.window
    promises = promise(view.store.agreement)
    params = {"from": window.start, "to": window.end}
    return Definition(
        label,
        question,
        text,
        "SLA rate = met ÷ (met + missed), obligations whose deadline falls in the period",
        ("Marketing: volume and value", "Sales: follow-up and decision"),
        tuple(f"{OBLIGATIONS[name]}: {said}." for name, said in promises.items()),
        (lambda: engine.sql(query, params, view.filters)) if query else None,
    )


def kept(view: View, found: Sequence[Obligation]) -> Exhibit:
    """Sales' obligations: met, missed, pending, exempt."""
    untold = tuple(dict.fromkeys(o.unknown for o in found if o.unknown))
    found = [o for o in found if not o.unknown]
    frame = pd.DataFrame(
        [
            {
                "obligation": f"{OBLIGATIONS[o.obligation]} {words.rate(o.rate)}",
                **{status: getattr(o, status) for status in STATUSES},
                "rate": o.rate.rate,
                "low": o.rate.low,
                "high": o.rate.high,
                "id": o.obligation,
            }
            for o in found
        ],
        columns=["obligation", *STATUSES, "rate", "low", "high", "id"],
    )
    missing = [f"What is missing here: {why}." for why in untold]
    return Exhibit(
        key="obligations",
        title=_kept_title(found) if found else _UNKNOWN,
        reading=" ".join(
            ["By deadline. An unworked lead past its deadline is missed, never left out.", *missing]
        ),
        reason="" if found else "; ".join(untold),
        view=view,
        definition=definition(
            view,
            "Sales' obligations",
            "Are handed-over leads followed up as promised?",
            "Met, missed (late, or undone and past due), pending (not due yet), exempt.",
            "handoff/obligations",
        ),
        data=frame.drop(columns="id"),
        draw=lambda look: stacked(
            frame,
            look,
            Encoding(key="id", labels=dict(zip(frame["id"], frame["obligation"], strict=True))),
            [
                ("met", "met", look.good),
                ("missed", "missed", look.bad),
                ("pending", "pending", look.faint),
                ("exempt", "exempt", look.shared),
            ],
        ),
        records=lambda part: _kept_records(view, found, part),
        parts={
            f"{o.obligation}{DASH}{status}": f"{OBLIGATIONS[o.obligation]}, {status}"
            for o in found
            for status in STATUSES
        },
        units={"rate": "rate", "low": "rate", "high": "rate"},
        reported="handoff",
    )


def _kept_title(found: Sequence[Obligation]) -> str:
    """How many were missed, and which are kept least."""
    judged = [o for o in found if o.rate.rate is not None]
    if judged:
        worst = min(judged, key=lambda o: o.rate.rate or 0.0)
        missed = fmt.number(sum(o.missed for o in found))
        kept_least = f"{OBLIGATIONS[worst.obligation]}, {fmt.percent(worst.rate.rate, 0)} kept"
        return f"{missed} obligations missed; weakest: {kept_least}"
    if any(getattr(o, status) for o in found for status in STATUSES):
        return "No obligation fell due in this period"
    return "No lead was handed over that an obligation could fall due for"


def _kept_records(view: View, found: Sequence[Obligation], part: str | None) -> Records:
    rows = ask(view.store, obligation_records, view.window, view.filters)
    if part is None:
        total = sum(getattr(duty, status) for duty in found for status in STATUSES)
        return listed(view.store, rows, "obligations", expected=float(total))
    name, _, status = part.rpartition(DASH)
    duty = next(o for o in found if o.obligation == name)
    rows = rows[(rows["obligation"] == duty.obligation) & (rows["status"] == status)]
    noun = f"{OBLIGATIONS[duty.obligation].lower()} obligations {status}"
    return listed(view.store, rows, noun, expected=float(getattr(duty, status)))


def by_member(
    view: View, found: Sequence[Obligation], by: str, untold: str | None = None
) -> Exhibit:
    """The share of each obligation kept, by owner or another dimension, as a heat map.

    `untold` says why nothing is known of any.
    """
    found = [o for o in found if not o.unknown]
    frame = _by_member_frame(view, found, by)
    shown = [o for o in found if o.rate.n]
    drawn = frame[frame["met"] + frame["missed"] > 0]
    return Exhibit(
        key="kept_by",
        title=_UNKNOWN if untold else _weakest(view, found, by),
        reason=untold or "",
        reading="Share kept, by whoever owned the lead when it fell due; unshaded: fewer than 30 "
        "deadlines, no verdict.",
        view=view,
        definition=definition(
            view,
            f"Obligations by {by}",
            f"Does follow-up differ by {by}?",
            "An obligation belongs to whoever owned the lead when it fell due.",
            "handoff/obligations",
        ),
        data=frame.drop(columns=["key", "id", "note", "is_small"]),
        draw=lambda look: heat_map(
            drawn,
            look,
            Encoding(
                key="key",
                value="kept",
                unit="rate",
                labels=dict(zip(frame["key"], frame[by], strict=True)),
                note="note",
                pale="is_small",
            ),
            Series(column="id", labels=OBLIGATIONS, order=tuple(OBLIGATIONS)),
        ),
        records=lambda part: _member_records(view, found, by, part),
        parts={
            f"{o.key}{DASH}{o.obligation}": f"{name_of(view.store.agreement, by, o.key)}, "
            f"{OBLIGATIONS[o.obligation]}"
            for o in shown
        },
        choices={"By": by},
        units={"kept": "rate", "low": "rate", "high": "rate"},
        reported="owners" if by == "owner" else "",
    )


def _by_member_frame(view: View, found: Sequence[Obligation], by: str) -> pd.DataFrame:
    """One row per member and obligation."""
    columns = ["key", "id", by, "obligation", "kept", *STATUSES, "low", "high", "is_small", "note"]
    rows = [
        {
            "key": o.key,
            "id": o.obligation,
            by: name_of(view.store.agreement, by, o.key),
            "obligation": OBLIGATIONS[o.obligation],
            "kept": o.rate.rate,
            **{status: getattr(o, status) for status in STATUSES},
            "low": o.rate.low,
            "high": o.rate.high,
            "is_small": o.rate.is_small,
            "note": f"({words.of_n(o.rate.n)})" if o.rate.is_small and o.rate.n else "",
        }
        for o in found
    ]
    return pd.DataFrame(rows, columns=columns)


def _weakest(view: View, found: Sequence[Obligation], by: str) -> str:
    """With whom which obligation is kept least."""
    solid = [o for o in found if not o.rate.is_small and o.rate.rate is not None]
    if not solid:
        return "Too few deadlines on each to compare"
    worst = min(solid, key=lambda o: o.rate.rate or 0.0)
    name = name_of(view.store.agreement, by, worst.key)
    share = fmt.percent(worst.rate.rate, 0)
    return f"Weakest: {OBLIGATIONS[worst.obligation].lower()} with {name}, {share} kept"


def _member_records(view: View, found: Sequence[Obligation], by: str, part: str | None) -> Records:
    chosen = list(found)
    if part is not None:
        chosen = [o for o in found if f"{o.key}{DASH}{o.obligation}" == part]
    frames = [
        rows[rows["obligation"].isin([o.obligation for o in chosen if o.key == key])]
        for key in dict.fromkeys(o.key for o in chosen)
        for rows in [
            ask(view.store, obligation_records, view.window, view.filters.with_(**{by: [key]}))
        ]
    ]
    total = sum(getattr(o, status) for o in chosen for status in STATUSES)
    rows = pd.concat(frames, ignore_index=True) if frames else pd.DataFrame()
    return listed(view.store, rows, "obligations", expected=float(total))


def decided(view: View, found: HandoffResult) -> Exhibit:
    """What sales decided on the leads handed over, first passes and returns."""
    passes = ((FIRST, "First pass", found.first_passes), (RETURNED, "Came back", found.returns))
    counts = (*DECISIONS, "opportunities", "customers")
    rows = [
        {"id": name, "pass": label, **{count: getattr(part, count) for count in counts}}
        for name, label, part in passes
    ]
    untold = found.unknown("decision")
    frame = pd.DataFrame(rows).head(0 if untold else len(rows))
    return Exhibit(
        key="decisions",
        title=_accepted(found),
        reason=untold or "",
        reading="Accepted ÷ (accepted + rejected + overdue), first passes and returns together, so "
        "that there are more handovers than new leads of the stage; "
        "overdue: undecided past due; exempt: excused, and in none of them. " + _came_back(found),
        view=view,
        definition=definition(
            view,
            "Acceptance",
            "Does sales accept what marketing hands over?",
            "Handovers qualified in the period, by what sales decided on them.",
            "handoff/decisions",
        ),
        data=frame.drop(columns="id"),
        draw=lambda look: stacked(
            frame,
            look,
            Encoding(key="id", labels=dict(zip(frame["id"], frame["pass"], strict=True))),
            [
                ("accepted", "accepted", look.good),
                ("rejected", "rejected", look.bad),
                ("overdue", "overdue", look.sales),
                ("waiting", "not due", look.faint),
                ("exempt", "exempt", look.marketing),
                ("other", "left", look.shared),
            ],
        ),
        records=lambda part: _decided_records(view, frame, part),
        parts={
            f"{row['id']}{DASH}{name}": f"{row['pass']}, {name}"
            for row in rows
            for name in DECISIONS
        },
    )


def _accepted(found: HandoffResult) -> str:
    if found.unknown("decision"):
        return "What sales decided is not known"
    if not found.acceptance.n:
        return "No lead was handed over and decided in this period"
    return f"Sales accepts {words.rate_of_noun(found.acceptance, 'handovers')}"


def _came_back(found: HandoffResult) -> str:
    if found.exits_reason:
        return f"How many were recycled is not known: {found.exits_reason}."
    away = found.recycled
    return f"Of {away.recycled} leads recycled in the period, {away.returned} have come back."


def _decided_records(view: View, frame: pd.DataFrame, part: str | None) -> Records:
    rows = ask(view.store, handoff_records, view.window, "qualified", view.filters)
    if part is None:
        total = float(frame[list(DECISIONS)].to_numpy().sum())
        return listed(view.store, rows, "handovers", expected=total)
    whose, _, name = part.rpartition(DASH)
    undecided = rows["decision"] == "undecided"
    counted, exempt = rows["is_decided"], rows["exemption"].notna()
    masks = {
        "accepted": counted & rows["is_accepted"],
        "rejected": counted & rows["is_rejected"],
        "overdue": counted & undecided,
        "waiting": ~counted & ~exempt & undecided,
        "exempt": exempt,
        "other": ~counted & ~exempt & ~undecided,
    }
    chosen = rows[masks[name] & (rows["is_return"] == (whose == RETURNED))]
    expected = float(frame.loc[frame["id"] == whose, name].sum())
    return listed(view.store, chosen, f"handovers, {name}", expected=expected)
