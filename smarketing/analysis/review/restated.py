"""What did we report last time that is another number now?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import inf

from smarketing.analysis.review.cause import Cause
from smarketing.analysis.review.causes import Changes, is_same
from smarketing.analysis.review.counted import Seen
from smarketing.analysis.review.six_and_twelve import Counts, SixAndTwelve, Total, recorded
from smarketing.analysis.review.weeks import has_periods, totals_in
from smarketing.periods import Period
from smarketing.workspace.records import Reported


@dataclass(frozen=True)
class Restated:
    """One KPI value that was reported and is another now, in major units; None: not available.

    `few_before` and `few_after` are the counts by which a rate on few records is told.
    """

    kpi: str
    label: str
    unit: str
    period: Period
    before: float | None
    after: float | None
    causes: tuple[Cause, ...]
    few_before: Counts | None = None
    few_after: Counts | None = None

    @property
    def is_by_time(self) -> bool:
        """Whether nothing was corrected: the data only go on, and what was young counts now."""
        return bool(self.causes) and all(cause.kind == "date" for cause in self.causes)

    @property
    def size(self) -> float:
        """How much of what it was it changed by; infinite where it was or is nothing."""
        if not self.before or self.after is None:
            return inf
        return abs(self.after - self.before) / abs(self.before)


def restated(
    before: Seen,
    after: Seen,
    reported: Sequence[Reported],
    numbers: Sequence[SixAndTwelve] = (),
    *,
    why: bool = True,
) -> list[Restated]:
    """Answer what of what was reported on `before` is another number on `after`, and why.

    `numbers` are what is known of `after` already: only what is not among them is asked for.
    Without `why` no cause is looked up.

    A period that was running then is not restated by going on, only where the data go to the same
    day still. What is known as of the data's date alone has no earlier period to be restated in.
    What changed most comes first, last what time alone changed.
    """
    over = _over(before, after, reported)
    known = {k.id: k for k in after.agreement.kpis if has_periods(after.agreement, k)}
    wanted = [r for r in reported if r.kpi in known and r.period in over]
    now = _now(after, wanted, over, numbers)
    others = [(r, now[r.kpi, r.period]) for r in wanted if _is_other(r, now[r.kpi, r.period])]
    asked: dict[str, list[Period]] = {}
    for one, _ in others:
        asked.setdefault(one.kpi, []).append(over[one.period])
    changes = Changes(before, after, asked)
    found = []
    for one, total in others:
        kpi, period, was = known[one.kpi], over[one.period], recorded(one)
        causes = tuple(changes.causes(one.kpi, period, was, total)) if why else ()
        values = (was.value, total.value, causes, was.counts, total.counts)
        found.append(Restated(one.kpi, kpi.label, kpi.unit, period, *values))
    order = {name: place for place, name in enumerate(known)}
    return sorted(
        found, key=lambda r: (r.is_by_time, -r.size, order[r.kpi], r.period.start, r.period.end)
    )


def _over(before: Seen, after: Seen, reported: Sequence[Reported]) -> dict[str, Period]:
    """Return the periods reported on by their names: those that were over, unless no day passed."""
    periods = {r.period: before.agreement.parse_period(r.period) for r in reported}
    is_as_far = before.engine.as_of_day == after.engine.as_of_day
    return {
        name: period
        for name, period in periods.items()
        if is_as_far or period.last_day <= before.engine.as_of_day
    }


def _now(
    after: Seen,
    wanted: Sequence[Reported],
    over: Mapping[str, Period],
    numbers: Sequence[SixAndTwelve],
) -> dict[tuple[str, str], Total]:
    """Return what the values reported are now; only what is not among the numbers is asked."""
    now = {(one.id, label): v for one in numbers for label, v in one.totals().items()}
    if unknown := [r for r in wanted if (r.kpi, r.period) not in now]:
        ids = list(dict.fromkeys(r.kpi for r in unknown))
        more = list(dict.fromkeys(over[r.period] for r in unknown))
        now = totals_in(after.engine, after.agreement, ids, more) | now
    return now


def _is_other(one: Reported, total: Total) -> bool:
    """Whether a value is another than reported; by other counts, be it the same rate, it is."""
    was = recorded(one)
    is_recounted = was.counts is not None and was.counts != total.counts
    return is_recounted or not is_same(was.value, total.value)
