"""Deals from leads, from partners and from customers: who decides, how they went, what follows."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tools.demo.clock import DAY, FIRST, LAST, end_of_story, moments
from tools.demo.company import Accounts, People, make_people
from tools.demo.leads import Leads
from tools.demo.plan import (
    SEGMENT_AMOUNT,
    SEGMENT_COMMITTEE,
    SEGMENT_CYCLE_DAYS,
    UNTOUCHED_WINS,
    Bools,
    Floats,
    Ints,
)

NEW, RENEWAL, EXPANSION = range(3)
KINDS = ("new", "renewal", "expansion")
OPEN, WON, LOST = range(3)
OUTCOMES = ("open", "won", "lost")
STAGES = ("Qualification", "Discovery", "Proposal", "Negotiation", "Closed Won", "Closed Lost")
STAGE_AGE = (0.0, 0.18, 0.5, 0.78)
REASONS = ("Price", "Competitor", "No decision", "Missing feature", "Budget cut")
ROLES = ("Decision maker", "Champion", "Evaluator", "User", "Influencer", "Blocker")
OLD_CUSTOMERS_PER_LEAD = 0.028
PARTNER_DEALS_PER_LEAD = 0.011


@dataclass
class Deals:
    """Deals by number; `lead` -1 is none, `due` is the planned close of each."""

    lead: Ints
    account: Ints
    kind: Ints
    created: Ints
    closed: Ints
    due: Ints
    outcome: Ints
    cents: Ints
    first_cents: Ints
    silent: Bools
    churned: Ints

    @property
    def count(self) -> int:
        """Return how many deals there are."""
        return len(self.lead)


@dataclass(frozen=True)
class Committee:
    """Who takes part in which deal: one row per deal and person, the first of each leads it."""

    deal: Ints
    person: Ints
    role: Ints
    primary: Bools


def make_deals(
    rng: np.random.Generator,
    found: list[tuple[Ints, Ints, Floats]],
    leads: Leads,
    people: People,
    accounts: Accounts,
) -> Deals:
    """Play every deal to its end or to the end of the story."""
    lead = np.concatenate([piece[0] for piece in found])
    created = np.concatenate([piece[1] for piece in found])
    win = np.concatenate([piece[2] for piece in found])
    account = people.account[leads.person[lead]]
    kept = account >= 0
    parts = [_played(rng, accounts, lead[kept], account[kept], created[kept], win[kept], NEW)]
    parts.append(_partner_deals(rng, accounts, leads.count))
    parts.append(_renewals(rng, accounts, leads.count))
    parts.append(_expansions(rng, accounts, parts[0]))
    joined = _joined(parts)
    order = np.argsort(joined.created, kind="stable")
    return _taken(joined, order)


def _played(
    rng: np.random.Generator,
    accounts: Accounts,
    lead: Ints,
    account: Ints,
    created: Ints,
    win: Floats,
    kind: int,
) -> Deals:
    count = len(lead)
    segment = accounts.segment[account]
    cycle = np.array(SEGMENT_CYCLE_DAYS)[segment] * rng.lognormal(0, 0.42, count)
    wins = rng.random(count) < win
    cycle = np.maximum(np.where(wins, cycle, 0.85 * cycle), 3)
    closing = moments(rng, created // DAY + cycle.astype(np.int64), office=True)
    past = closing <= end_of_story()
    outcome = np.where(~past, OPEN, np.where(wins, WON, LOST))
    amount = np.array(SEGMENT_AMOUNT)[segment] * rng.lognormal(0, 0.45, count)
    cents = np.round(amount).astype(np.int64) * 100
    first = np.where(rng.random(count) < 0.35, cents * 12 // 10 // 100 * 100, cents)
    silence = np.zeros(count, dtype=bool)
    due = np.where(past, closing // DAY, np.maximum(closing // DAY, LAST - 20))
    slip = np.where(past, 0, rng.integers(0, 30, count))
    return Deals(
        lead, account, np.full(count, kind), created, np.where(past, closing, -1), due + slip,
        outcome, cents, first, silence, np.full(count, -1),
    )  # fmt: skip


def _partner_deals(rng: np.random.Generator, accounts: Accounts, scale: int) -> Deals:
    """Deals that no lead carries; the first of them are won and nobody's touch explains them."""
    count = max(round(scale * PARTNER_DEALS_PER_LEAD), UNTOUCHED_WINS)
    silent = np.arange(count) < UNTOUCHED_WINS
    days = np.where(
        silent, rng.integers(FIRST + 60, LAST - 200, count), rng.integers(FIRST, LAST - 5, count)
    )
    account = accounts.count - 1 - rng.permutation(min(accounts.count, count * 5))[:count]
    none = np.full(count, -1)
    chance = np.where(silent, 1.0, 0.4)
    deals = _played(rng, accounts, none, account, moments(rng, days, True), chance, NEW)
    late = silent & (deals.outcome == OPEN)
    deals.closed[late] = moments(rng, np.full(int(late.sum()), LAST - 12), office=True)
    deals.due[late] = deals.closed[late] // DAY
    deals.outcome[late] = WON
    deals.silent = silent
    return deals


def _renewals(rng: np.random.Generator, accounts: Accounts, scale: int) -> Deals:
    """Contracts older than the story, renewed or not when their year is over."""
    count = max(round(scale * OLD_CUSTOMERS_PER_LEAD), 4)
    account = rng.permutation(accounts.count)[:count]
    days = rng.integers(FIRST + 20, LAST - 3, count)
    deals = _played(rng, accounts, np.full(count, -1), account, moments(rng, days - 25, True),
                    np.full(count, 0.87), RENEWAL)  # fmt: skip
    closing = moments(rng, days, office=True)
    wins = rng.random(count) < 0.87
    deals.closed, deals.due = closing, closing // DAY
    deals.outcome = np.where(wins, WON, LOST)
    deals.churned = np.where(wins, -1, closing // DAY)
    return deals


def _expansions(rng: np.random.Generator, accounts: Accounts, new: Deals) -> Deals:
    """Every fourth new customer buys more some months later."""
    rows = np.flatnonzero((new.outcome == WON) & (rng.random(new.count) < 0.25))
    days = new.closed[rows] // DAY + rng.integers(60, 200, len(rows))
    rows, days = rows[days < LAST - 10], days[days < LAST - 10]
    chance = np.full(len(rows), 0.7)
    deals = _played(rng, accounts, np.full(len(rows), -1), new.account[rows],
                    moments(rng, days, True), chance, EXPANSION)  # fmt: skip
    deals.cents = deals.cents * 4 // 10 // 100 * 100
    deals.first_cents = deals.cents.copy()
    return deals


_FIELDS = ("lead", "account", "kind", "created", "closed", "due", "outcome", "cents",
           "first_cents", "silent", "churned")  # fmt: skip


def _joined(parts: list[Deals]) -> Deals:
    return Deals(*(np.concatenate([getattr(part, name) for part in parts]) for name in _FIELDS))


def _taken(deals: Deals, rows: Ints) -> Deals:
    return Deals(*(getattr(deals, name)[rows] for name in _FIELDS))


def make_committee(
    rng: np.random.Generator, deals: Deals, leads: Leads, people: People, accounts: Accounts
) -> Committee:
    """Form each deal's buying committee, colleagues new to us among them."""
    segment = accounts.segment[deals.account]
    size = 1 + rng.poisson(np.array(SEGMENT_COMMITTEE)[segment])
    size = np.where(deals.kind == NEW, size, 1 + size // 4)
    has_lead = deals.lead >= 0
    fresh = np.where(has_lead, size - 1, size)
    deal = np.repeat(np.arange(deals.count), fresh)
    before = (rng.random(len(deal)) * 40 * DAY).astype(np.int64)
    added = make_people(rng, deals.account[deal], deals.created[deal] - before)
    numbers = people.add(added)
    leading = np.flatnonzero(has_lead)
    all_deals = np.concatenate([leading, deal])
    all_people = np.concatenate([leads.person[deals.lead[leading]], numbers])
    order = np.argsort(all_deals, kind="stable")
    all_deals, all_people = all_deals[order], all_people[order]
    first = np.r_[True, all_deals[1:] != all_deals[:-1]] if len(all_deals) else np.zeros(0, bool)
    role = np.where(first, rng.integers(0, 2, len(first)), rng.integers(0, 6, len(first)))
    unnamed = rng.random(deals.count) < 0.05
    return Committee(all_deals, all_people, role, first & ~unnamed[all_deals])


def stage_events(rng: np.random.Generator, deals: Deals) -> tuple[Ints, Ints, Ints, Ints]:
    """Return deal, stage, instant and amount of every stage a deal went through."""
    end = np.where(deals.closed >= 0, deals.closed, deals.due * DAY + DAY // 2)
    lost_at = np.where(deals.outcome == LOST, rng.integers(1, 5, deals.count), 4)
    deal, stage, at, cents = [], [], [], []
    for place, age in enumerate(STAGE_AGE):
        moment = deals.created + ((end - deals.created) * age).astype(np.int64)
        moment = moment // 1_000_000 * 1_000_000
        rows = np.flatnonzero((lost_at > place) & (moment <= end_of_story()))
        deal.append(rows)
        stage.append(np.full(len(rows), place))
        at.append(moment[rows])
        cents.append(deals.first_cents[rows] if place < 2 else deals.cents[rows])
    done = np.flatnonzero(deals.closed >= 0)
    deal.append(done)
    stage.append(np.where(deals.outcome[done] == WON, 4, 5))
    at.append(deals.closed[done])
    cents.append(deals.cents[done])
    joined = [np.concatenate(part) for part in (deal, stage, at, cents)]
    order = np.lexsort([joined[1], joined[2], joined[0]])
    return joined[0][order], joined[1][order], joined[2][order], joined[3][order]
