"""From qualified to accepted, rejected, confirmed, sent back: what sales did with each lead."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np

from tools.demo.clock import (
    DAY,
    MINUTE,
    end_of_story,
    in_slow_weeks,
    jittered,
    later_by_business,
    moments,
)
from tools.demo.company import DEVELOPERS
from tools.demo.leads import Leads
from tools.demo.plan import (
    RETURN_SHARE,
    RETURN_WIN_RATE,
    SERIES_ACCEPTANCE,
    SLOW_FROM,
    SLOW_TO,
    Bools,
    Floats,
    Ints,
)

STAGES = ("lead", "mql", "sal", "sql", "rejected", "recycled", "disqualified")
LEAD, MQL, SAL, SQL, REJECTED, RECYCLED, DISQUALIFIED = range(7)
REASONS = ("No budget", "Student", "No need", "Not reachable", "Too small", "Bad timing",
           "Budget next year", "Project postponed", "Competitor", "No authority")  # fmt: skip
_SERIES_REASONS = (0.52, 0.33, 0.08, 0.04, 0.03, 0, 0, 0, 0, 0)
_SALES_REASONS = (0.16, 0.02, 0.28, 0.24, 0.14, 0.06, 0, 0, 0.02, 0.08)
_BACK_REASONS = (0, 0, 0, 0.1, 0, 0.45, 0.25, 0.2, 0, 0)
_OUT_REASONS = (0, 0.1, 0, 0, 0.2, 0, 0, 0, 0.7, 0)
KINDS = ("call", "email", "meeting", "demo")
CALL, SALES_EMAIL, MEETING, DEMO = range(4)
OUTCOMES = ("connected", "no_answer", "left_voicemail", "sent", "held", "no_show")
CONNECTED, NO_ANSWER, VOICEMAIL, SENT, HELD, NO_SHOW = range(6)


@dataclass
class Rows:
    """Rows gathered piece by piece, each column by name; the story's end cuts them off."""

    columns: tuple[str, ...]
    pieces: list[tuple[Ints, ...]] = field(default_factory=list)

    def add(self, at: Ints, **values: Ints | int) -> None:
        """Append rows that happened at `at`, without those after the end of the story."""
        past = at <= end_of_story()
        filled = [np.broadcast_to(values[name], at.shape)[past] for name in self.columns]
        self.pieces.append((at[past], *filled))

    def sorted(self, *by: str) -> dict[str, Ints]:
        """Return all rows as columns, `at` among them, in order."""
        names = ("at", *self.columns)
        joined = {
            name: np.concatenate([piece[place] for piece in self.pieces])
            for place, name in enumerate(names)
        }
        order = np.lexsort([joined[name] for name in reversed(by)])
        return {name: values[order] for name, values in joined.items()}


@dataclass
class Story:
    """What happened to the leads: stage events, assignments, sales touches, and who is to buy."""

    events: Rows
    assignments: Rows
    touches: Rows
    scores: Rows
    deals: list[tuple[Ints, Ints, Floats]]


def tell(rng: np.random.Generator, leads: Leads) -> Story:
    """Follow every lead through the handoff, and the recycled ones that return once more."""
    story = Story(
        Rows(("lead", "stage", "actor", "reason")),
        Rows(("lead", "member")),
        Rows(("lead", "kind", "outcome", "actor", "automated")),
        Rows(("lead", "score")),
        [],
    )
    number = np.arange(leads.count)
    story.events.add(leads.created, lead=number, stage=LEAD, actor=-1, reason=-1)
    first = np.clip(leads.score - rng.integers(5, 30, leads.count), 1, 49).astype(np.int64)
    story.scores.add(jittered(rng, leads.created, 2), lead=number, score=first)
    good = number[leads.score >= 50]
    soon = rng.random(len(good)) < 0.4
    wait = np.where(soon, rng.uniform(4, 40, len(good)), rng.exponential(3600, len(good)) + 90)
    mql_at = leads.created[good] + (wait * MINUTE).astype(np.int64) // 1_000_000 * 1_000_000
    story.scores.add(mql_at - 60_000_000, lead=good, score=leads.score[good].astype(np.int64))
    back, back_at = _pass(rng, leads, story, good, mql_at, returned=False)
    comes = rng.random(len(back)) < RETURN_SHARE
    again = back[comes]
    days = back_at[comes] // DAY + rng.integers(40, 150, len(again))
    _pass(rng, leads, story, again, moments(rng, days, office=True), returned=True)
    return story


def _pass(
    rng: np.random.Generator, leads: Leads, story: Story, lead: Ints, mql_at: Ints, returned: bool
) -> tuple[Ints, Ints]:
    """Hand leads over once; returns the recycled ones and when they were."""
    slow = in_slow_weeks(mql_at, SLOW_FROM, SLOW_TO)
    owner = DEVELOPERS[lead % len(DEVELOPERS)]
    handed = _Handed(rng, story, lead, owner, leads.quality[lead], slow, returned)
    return handed.told(mql_at, leads.series[lead])


@dataclass(frozen=True)
class _Handed:
    """Leads that are handed over: whose each is, how good, and whether in the slow weeks.

    `returned` tells those that were recycled and come once more.
    """

    rng: np.random.Generator
    story: Story
    lead: Ints
    owner: Ints
    quality: Floats
    slow: Bools
    returned: bool

    def of(self, rows: Ints) -> _Handed:
        """Return some of them."""
        return replace(
            self, lead=self.lead[rows], owner=self.owner[rows], quality=self.quality[rows],
            slow=self.slow[rows],
        )  # fmt: skip

    def told(self, mql_at: Ints, series: Bools) -> tuple[Ints, Ints]:
        """Follow them from the handover on; returns the recycled ones and when they were."""
        rng, story, lead, owner = self.rng, self.story, self.lead, self.owner
        story.events.add(mql_at, lead=lead, stage=MQL, actor=-1, reason=-1)
        assigned = later_by_business(mql_at, rng.exponential(22, len(lead)))
        assigned = np.maximum(jittered(rng, assigned, 1), mql_at)
        story.assignments.add(assigned, lead=lead, member=owner)
        greeted = rng.random(len(lead)) < 0.3
        story.touches.add(
            jittered(rng, mql_at[greeted] + MINUTE, 3), lead=lead[greeted], kind=SALES_EMAIL,
            outcome=SENT, actor=owner[greeted], automated=1,
        )  # fmt: skip
        worked, decided_at = self.work(assigned)
        accept = np.where(series, SERIES_ACCEPTANCE, np.clip(0.3 + 0.95 * self.quality, 0.05, 0.95))
        accept = np.where(self.slow, 0.7 * accept, accept)
        accepted = worked & ((rng.random(len(lead)) < accept) | self.returned)
        self.reject(decided_at, worked & ~accepted, series)
        rows = np.flatnonzero(accepted)
        return self.of(rows).qualify(decided_at[rows])

    def work(self, assigned: Ints) -> tuple[Bools, Ints]:
        """Call and write until reached; returns who was decided on, and when."""
        rng, count = self.rng, len(self.lead)
        wait = np.where(self.slow, rng.lognormal(7.5, 0.55, count), rng.lognormal(4.1, 0.95, count))
        at = jittered(rng, later_by_business(assigned, wait), 4)
        touched = rng.random(count) >= np.where(self.slow, 0.32, 0.03)
        attempts = 1 + np.minimum(rng.poisson(1.7, count), 5)
        decided = touched & (rng.random(count) < 0.93)
        for turn in range(1, 7):
            rows = np.flatnonzero(touched & (attempts >= turn))
            last = decided[rows] & (attempts[rows] == turn)
            kind = np.where(last | (rng.random(len(rows)) < 0.6), CALL, SALES_EMAIL)
            missed = np.where(rng.random(len(rows)) < 0.5, NO_ANSWER, VOICEMAIL)
            outcome = np.where(last, CONNECTED, np.where(kind == SALES_EMAIL, SENT, missed))
            self.story.touches.add(at[rows], lead=self.lead[rows], kind=kind, outcome=outcome,
                                   actor=self.owner[rows], automated=0)  # fmt: skip
            more = np.flatnonzero(touched & (attempts > turn))
            later = later_by_business(at[more], rng.uniform(200, 760, len(more)))
            at[more] = jittered(rng, later, 9)
        return decided, jittered(rng, at + 3 * MINUTE, 55)

    def reject(self, at: Ints, rejected: Bools, series: Bools) -> None:
        """Write down who was rejected, and why."""
        for flag, share in ((True, _SERIES_REASONS), (False, _SALES_REASONS)):
            rows = np.flatnonzero(rejected & (series == flag))
            reason = self.rng.choice(len(REASONS), size=len(rows), p=share)
            self.story.events.add(at[rows], lead=self.lead[rows], stage=REJECTED,
                                  actor=self.owner[rows], reason=reason)  # fmt: skip

    def qualify(self, sal_at: Ints) -> tuple[Ints, Ints]:
        """Confirm accepted leads, send some back, drop some; open deals for the confirmed."""
        rng, story, lead, owner = self.rng, self.story, self.lead, self.owner
        count = len(lead)
        chance = np.where(self.slow, 0.55, 1.0) * (0.2 + 0.62 * self.quality)
        sure = rng.random(count) < (0.85 if self.returned else chance)
        written = ~sure | (rng.random(count) > 0.06)
        story.events.add(sal_at[written], lead=lead[written], stage=SAL, actor=owner[written],
                         reason=-1)  # fmt: skip
        rows = np.flatnonzero(sure)
        sql_at = moments(rng, sal_at[rows] // DAY + rng.integers(2, 15, len(rows)), office=True)
        story.events.add(sql_at, lead=lead[rows], stage=SQL, actor=owner[rows], reason=-1)
        story.touches.add(sql_at - 35 * MINUTE, lead=lead[rows], kind=MEETING, outcome=HELD,
                          actor=owner[rows], automated=0)  # fmt: skip
        self.of(rows).open_deals(sql_at)
        rest = np.flatnonzero(~sure)
        fate = rng.random(len(rest))
        left_at = moments(rng, sal_at[rest] // DAY + rng.integers(8, 32, len(rest)), office=True)
        back = fate < 0.55
        for stage, which, share in (
            (RECYCLED, back, _BACK_REASONS),
            (DISQUALIFIED, (fate >= 0.55) & (fate < 0.72), _OUT_REASONS),
        ):
            reason = rng.choice(len(REASONS), size=int(which.sum()), p=share)
            story.events.add(left_at[which], lead=lead[rest][which], stage=stage,
                             actor=owner[rest][which], reason=reason)  # fmt: skip
        return lead[rest][back], left_at[back]

    def open_deals(self, sql_at: Ints) -> None:
        """Open the deals of confirmed leads, each with its chance to be won."""
        buys = self.rng.random(len(self.lead)) < (0.85 if self.returned else 0.68)
        days = sql_at[buys] // DAY + self.rng.integers(0, 9, int(buys.sum()))
        at = np.maximum(moments(self.rng, days, office=True), sql_at[buys] + 20 * MINUTE)
        win = np.clip(0.05 + 0.5 * self.quality[buys], 0.03, 0.9)
        past = at <= end_of_story()
        win = np.full(len(at), RETURN_WIN_RATE) if self.returned else win
        self.story.deals.append((self.lead[buys][past], at[past], win[past]))
