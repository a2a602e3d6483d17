"""The handoff: what sales owed the leads it was handed, what it did, and what it decided."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from smarketing.agreement import Agreement
from smarketing.analysis.handoff.pace import Pace, pace
from smarketing.analysis.handoff.speed import Speed, speed_to_lead
from smarketing.analysis.handoff.untold import OBLIGATIONS, no_exits, unknown_obligations
from smarketing.analysis.rates import Rate, rate_of
from smarketing.engine import NO_FILTERS, Engine, Filters
from smarketing.errors import unknown
from smarketing.periods import Window

if TYPE_CHECKING:
    import pandas as pd

Basis = Literal["qualified", "response", "attempts", "decision"]


@dataclass(frozen=True)
class Obligation:
    """One duty of sales over the deadlines of a window; `rate` is met ÷ (met + missed).

    `unknown` says why no source can tell; then nothing is counted.
    """

    key: str
    obligation: str
    met: int
    missed: int
    pending: int
    exempt: int
    rate: Rate
    unknown: str | None = None

    @property
    def reason(self) -> str | None:
        """Return why there is no rate; None where there is one."""
        nothing_due = None if self.rate.n else f"no {self.obligation} fell due in the period"
        return self.unknown or nothing_due

    def as_dict(self) -> dict[str, Any]:
        """Return the obligation as JSON."""
        return {
            "key": self.key,
            "obligation": self.obligation,
            **{
                status: None if self.unknown else getattr(self, status)
                for status in ("met", "missed", "pending", "exempt")
            },
            "rate": self.rate.rate,
            "low": self.rate.low,
            "high": self.rate.high,
            "reason": self.reason,
        }


@dataclass(frozen=True)
class Decisions:
    """What became of the leads handed over in a window, first passes or returns.

    `acceptance` is accepted ÷ (accepted + rejected + overdue); `waiting` are not due yet, `exempt`
    were excused and count in none of them. The rest left by another exit before a decision.
    """

    key: str
    is_return: bool
    handovers: int
    accepted: int
    rejected: int
    overdue: int
    waiting: int
    exempt: int
    opportunities: int
    customers: int
    won_amount: int

    @property
    def acceptance(self) -> Rate:
        """Return the acceptance rate."""
        return rate_of(self.accepted, self.accepted + self.rejected + self.overdue)

    @property
    def other(self) -> int:
        """Return how many left by another exit before they were accepted or rejected."""
        counted = self.accepted + self.rejected + self.overdue + self.waiting + self.exempt
        return self.handovers - counted

    def as_dict(self) -> dict[str, Any]:
        """Return the decisions as JSON."""
        return {
            "key": self.key,
            "is_return": self.is_return,
            "handovers": self.handovers,
            "accepted": self.accepted,
            "rejected": self.rejected,
            "overdue": self.overdue,
            "waiting": self.waiting,
            "exempt": self.exempt,
            "other": self.other,
            "acceptance_rate": self.acceptance.rate,
            "low": self.acceptance.low,
            "high": self.acceptance.high,
            "reason": _why_none(self.acceptance),
            "opportunities": self.opportunities,
            "customers": self.customers,
        }


def _why_none(acceptance: Rate) -> str | None:
    return None if acceptance.n else "no lead of the period was accepted, rejected or overdue"


@dataclass(frozen=True)
class Rejection:
    """One bar of a Pareto chart: a reason or a campaign, its rejections and the running share.

    `handovers` is what was handed over under it (for a reason: the same as `rejected`).
    """

    key: str
    label: str
    rejected: int
    handovers: int
    cumulative_share: float


@dataclass(frozen=True)
class Recycled:
    """Leads recycled in a window, and how many of these have come back since."""

    recycled: int
    returned: int


@dataclass(frozen=True)
class HandoffResult:
    """Everything the handoff page shows of a window, both sides of the commitment.

    `reason` says why what sales owed is not known; None where any of it is, if only that it was
    nothing. `exits_reason` says why it is not known which leads were rejected and recycled.
    """

    window: Window
    obligations: tuple[Obligation, ...]
    first_passes: Decisions
    returns: Decisions
    reasons: tuple[Rejection, ...]
    campaigns: tuple[Rejection, ...]
    recycled: Recycled
    speed: Speed | None
    pace: Pace
    minor_digits: int
    reason: str | None = None
    exits_reason: str | None = None

    def unknown(self, obligation: str) -> str | None:
        """Return why no source can tell whether an obligation was kept; None where one can."""
        return next(o.unknown for o in self.obligations if o.obligation == obligation)

    @property
    def acceptance(self) -> Rate:
        """Return the acceptance rate over all passes, the one of every page."""
        both = (self.first_passes.acceptance, self.returns.acceptance)
        return rate_of(sum(rate.successes for rate in both), sum(rate.n for rate in both))

    def as_dict(self) -> dict[str, Any]:
        """Return the JSON of `smarketing handoff`."""
        return {
            "from": self.window.start.isoformat(),
            "to": self.window.end.isoformat(),
            "commitment": self.pace.as_dict(self.minor_digits),
            "obligations": [part.as_dict() for part in self.obligations],
            "acceptance_rate": self.acceptance.rate,
            "acceptance_reason": self.unknown("decision") or _why_none(self.acceptance),
            "acceptance": [
                _told(part, self.unknown("decision"), is_any_known=self.reason is None)
                for part in (self.first_passes, self.returns)
            ],
            "speed": self.speed and self.speed.as_dict(),
            "rejections": [_bar(part) for part in self.reasons],
            "rejections_by_campaign": [_bar(part) for part in self.campaigns],
            "recycled": {
                "recycled": None if self.exits_reason else self.recycled.recycled,
                "returned": None if self.exits_reason else self.recycled.returned,
                "reason": self.exits_reason,
            },
        }


def handoff(
    engine: Engine, agreement: Agreement, window: Window, filters: Filters = NO_FILTERS
) -> HandoffResult:
    """Answer whether both teams kept the service levels in a window.

    Obligations are cut by their deadline, everything else by the day of qualification; the
    commitment is that of the months or quarters in which the window lies. Zeros without
    handovers.
    """
    decided = {part.is_return: part for part in decisions(engine, window, filters)}
    bars = rejections(engine, window, filters)
    speeds = speed_to_lead(engine, window, filters)
    away = recycled(engine, window, filters)
    last = min(window.last_day, engine.as_of_day)
    owed = tuple(obligations(engine, window, filters))
    return HandoffResult(
        window,
        owed,
        decided.get(False, _no_decisions(False)),
        decided.get(True, _no_decisions(True)),
        bars[0],
        bars[1],
        away,
        speeds[0] if speeds else None,
        pace(engine, agreement, max(last, window.start), filters, since=window.start),
        engine.minor_digits,
        owed[0].unknown if all(part.unknown for part in owed) else None,
        None if bars[0] or away.recycled else no_exits(engine),
    )


def obligations(
    engine: Engine, window: Window, filters: Filters = NO_FILTERS, by: str | None = None
) -> list[Obligation]:
    """Answer which obligations fell due in the window and were met: response, attempts, decision.

    By key, all three for each key seen; without handovers and `by`, three rows of zeros, or of
    what is unknown.
    """
    params = {"from": window.start, "to": window.end}
    counts: dict[str, Counter[tuple[str, str]]] = {} if by else {"(all)": Counter()}
    for row in engine.rows("handoff/obligations", params, filters, by):
        part = counts.setdefault(str(row["key"]), Counter())
        part[str(row["obligation"]), str(row["status"])] += int(row["obligations"])
    found = []
    known = {name for part in counts.values() for name, _ in part}
    unknown = {} if known == {*OBLIGATIONS} else unknown_obligations(engine, window)
    for key in sorted(counts):
        for name in OBLIGATIONS:
            met, missed, pending, exempt = (
                counts[key][name, status] for status in ("met", "missed", "pending", "exempt")
            )
            rate = rate_of(met, met + missed)
            why = None if name in known else unknown.get(name)
            found.append(Obligation(key, name, met, missed, pending, exempt, rate, why))
    return found


def decisions(
    engine: Engine, window: Window, filters: Filters = NO_FILTERS, by: str | None = None
) -> list[Decisions]:
    """Answer what sales decided on the leads handed over in the window, by key and kind of pass.

    Empty without handovers.
    """
    params = {"from": window.start, "to": window.end}
    counted = ("handovers", "accepted", "rejected", "overdue", "waiting", "exempt",
               "opportunities", "customers", "won_amount")  # fmt: skip
    return [
        Decisions(str(row["key"]), bool(row["is_return"]), *(int(row[name]) for name in counted))
        for row in engine.rows("handoff/decisions", params, filters, by)
    ]


def rejections(
    engine: Engine, window: Window, filters: Filters = NO_FILTERS
) -> tuple[tuple[Rejection, ...], tuple[Rejection, ...]]:
    """Answer why sales rejects, and whose leads: by reason and by campaign, most first (Pareto).

    Both rankings add up to the same rejections; empty without any.
    """
    params = {"from": window.start, "to": window.end}
    reasons: Counter[str] = Counter()
    rejected: Counter[str] = Counter()
    handed: Counter[str] = Counter()
    names: dict[str, str] = {}
    for row in engine.rows("handoff/rejections", params, filters):
        campaign, count = str(row["campaign_id"]), int(row["handovers"])
        names[campaign] = str(row["campaign"])
        handed[campaign] += count
        if row["reason"] is not None:
            reasons[str(row["reason"])] += count
            rejected[campaign] += count
    return (
        _pareto(reasons, reasons, {reason: reason for reason in reasons}),
        _pareto(rejected, handed, names),
    )


def recycled(engine: Engine, window: Window, filters: Filters = NO_FILTERS) -> Recycled:
    """Answer how many leads were recycled in the window and have come back since."""
    rows = engine.rows("handoff/recycled", {"from": window.start, "to": window.end}, filters)
    return Recycled(
        sum(row["recycled"] or 0 for row in rows), sum(row["returned"] or 0 for row in rows)
    )


def handoff_records(
    engine: Engine, window: Window, basis: Basis = "qualified", filters: Filters = NO_FILTERS
) -> pd.DataFrame:
    """Answer which handovers a window holds: one row per pass, cut by qualification or a deadline.

    Counting its statuses gives the obligations of the same window. UsageError for another basis.
    """
    valid = ("qualified", *OBLIGATIONS)
    if basis not in valid:
        raise unknown("basis", basis, valid)
    params = {"basis": basis, "from": window.start, "to": window.end}
    return engine.run("handoff/records", params, filters)


def _pareto(
    counts: Counter[str], handed: Counter[str], names: dict[str, str]
) -> tuple[Rejection, ...]:
    total, running = counts.total(), 0
    bars = []
    for key, count in sorted(counts.items(), key=lambda item: (-item[1], item[0])):
        running += count
        bars.append(Rejection(key, names[key], count, handed[key], running / total))
    return tuple(bars)


def _told(part: Decisions, unknown: str | None, *, is_any_known: bool) -> dict[str, Any]:
    document = part.as_dict()
    if unknown is None:
        return document
    decided = ["accepted", "rejected", "overdue", "waiting", "other", "opportunities", "customers"]
    if not is_any_known:
        decided += ["handovers", "exempt"]
    return document | dict.fromkeys(decided) | {"reason": unknown}


def _bar(bar: Rejection) -> dict[str, Any]:
    return {
        "key": bar.key,
        "label": bar.label,
        "rejected": bar.rejected,
        "handovers": bar.handovers,
        "cumulative_share": bar.cumulative_share,
    }


def _no_decisions(is_return: bool) -> Decisions:
    return Decisions("(all)", is_return, 0, 0, 0, 0, 0, 0, 0, 0, 0)
