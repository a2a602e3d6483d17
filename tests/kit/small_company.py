"""A company of some 150 leads in which everything that can be odd is odd at least once.

It is drawn by a seed, by coarse clocks, so that ties, boundaries, bare days, load stamps, gaps,
merged ids, currencies without a rate and people of several deals all occur. Rows as `make_store`
takes them; instants are UTC, amounts minor units.
"""

from __future__ import annotations

import datetime as dt
import random
from functools import cache
from typing import Any

from builders import make_store
from small_agreements import EDGES, agreement, other_agreement
from small_edges import add_edges
from small_findings import Rows, findings
from small_oddities import (
    MERGED,
    add_a_lead_a_day,
    add_costs_and_overdue,
    add_stubs_and_lonely,
    write_as_merged,
)
from small_walks import add_walks

from smarketing.engine import DuckDBEngine

AS_OF = "2026-07-01 13:00"
START = dt.datetime(2025, 7, 7)
LOADED = "2025-09-01 03:30:00"
DAY = dt.timedelta(days=1)
CHANNELS = ("Webinar", "google / cpc", "Direct", "Partner", "carrier pigeon", None)
KINDS = (
    "webinar_attended", "email_open", "email_click", "demo_request", "content_download",
    "page_view", "call", "meeting", "form_submission", "unsubscribe",
)  # fmt: skip
OUTCOMES = ("connected", "no_answer", "meeting_set", "held", "no_show", None)
CURRENCIES = ("EUR", "EUR", "EUR", "USD", "CHF", "JPY", None)
TITLES = ("CFO", "VP Engineering", "Head of Operations", "Intern", None, "Chief Executive Officer")
WALK = (
    "lead", "mql", "mql", "mql", "sal", "sal", "sql", "opportunity", "customer", "rejected",
    "recycled", "recycled", "disqualified", "Nirvana",
)  # fmt: skip
MEMBERS = ("ann", "bob", "cid", "dora", "eve")


@cache
def small_company() -> DuckDBEngine:
    """Return the company's store, built once."""
    return make_store(tables(), agreement(), AS_OF)


@cache
def other_company() -> DuckDBEngine:
    """Return the store of the same company under the other agreement."""
    return make_store(tables(), other_agreement(), AS_OF)


@cache
def empty_company() -> DuckDBEngine:
    """Return the store of a company without a single record."""
    return make_store({}, agreement(), AS_OF)


def tables(seed: int = 7) -> Rows:
    """Return every core table's rows, the same each time for a seed."""
    rng = random.Random(seed)
    rows: Rows = _companies(rng) | _campaigns(rng)
    rows |= _deals(rng)
    rows |= _leads(rng, rows["deal"])
    rows["touch"] = [_touch(rng, number) for number in range(1000)]
    _meet_boundaries(rng, rows)
    rows |= _after_sales(rng, rows["deal"])
    _fill(rng, rows)
    add_stubs_and_lonely(rows)
    add_a_lead_a_day(rows)
    add_costs_and_overdue(rows)
    add_edges(rows)
    add_walks(rows)
    write_as_merged(rows)
    return rows | findings(rng)


def _meet_boundaries(rng: random.Random, rows: Rows) -> None:
    """Let some touches fall on the very instant of an opening, a close, a handover, the data's."""
    instants = [deal[name] for deal in rows["deal"] for name in ("created_at", "closed_at")]
    instants += [move["entered_at"] for move in rows["lead_stage_event"]]
    known = [AS_OF, *(at for at in instants if at and at != LOADED)]
    for touch in rows["touch"][::4]:
        at = rng.choice(known)
        back = rng.choice((0, 0, 30, 90, 180)) if len(at) > 10 else 0
        moved = dt.datetime.fromisoformat(at) - back * DAY
        touch["occurred_at"] = moved.isoformat(sep=" ") if len(at) > 10 else at
    rows["touch"][4]["occurred_at"] = AS_OF


def _moment(rng: random.Random, since: dt.datetime = START, days: int = 362) -> str:
    """An instant on a coarse clock, or, one time in six, a bare day; often the edge of a period."""
    day = since + rng.randrange(days) * DAY
    edges = [edge for edge in EDGES if 0 <= (edge - since.date()).days < days]
    if edges and rng.random() < 1 / 6:
        day = dt.datetime.combine(rng.choice(edges), dt.time())
    at = day + dt.timedelta(hours=rng.choice((7, 8, 8, 13, 15)))
    if rng.random() < 1 / 6:
        return at.date().isoformat()
    return at.isoformat(sep=" ")


def _later(rng: random.Random, at: str, days: int) -> str:
    return _moment(rng, dt.datetime.fromisoformat(at[:10]), days)


def _companies(rng: random.Random) -> Rows:
    accounts = [
        {"account_id": f"a{n}", "name": rng.choice((f"Company {n}", f"Company {n}", None)),
         "domain": rng.choice((f"company{n % 33}.com", f"www.Company{n % 33}.com", None)),
         "industry": rng.choice(("Retail", "Software", None)),
         "employees": rng.choice((12, 49, 50, 199, 200, 999, 1000, 4000, None)),
         "country": rng.choice(("DE", "GB", "United States", "Atlantis", None)),
         "source": ("crm", "shop")[n // 30], "created_at": "2025-01-01"}
        for n in range(40)
    ]  # fmt: skip
    people = [
        {"person_id": f"p{n}", "account_id": rng.choice((f"a{n % 42}", None)),
         "email": rng.choice((f"p{n % 36}@company{n % 36}.com", f"P{n % 36}@Company{n % 36}.com",
                             "n/a", None)),
         "full_name": rng.choice((f"Person {n}", f"Person {n}", None)), "title": rng.choice(TITLES),
         "do_not_contact": rng.choice((True, False, False, None)),
         "source": ("crm", "shop")[n // 50]}
        for n in range(90)
    ]  # fmt: skip
    members = [
        {"member_id": name, "name": name.capitalize(),
         "team": ("sales development", "sales", "marketing", "sales", "nobody's")[n],
         "timezone": ("Europe/Berlin", "America/New_York", None, None, None)[n],
         "capacity_per_month": (5, 8, None, 3, 4)[n],
         "starts_on": ("2025-01-01", None, None, "2026-07-01", "2026-07-02")[n],
         "ends_on": (None, "2026-05-31", None, None, None)[n]}
        for n, name in enumerate(MEMBERS)
    ]  # fmt: skip
    aliases = [
        {"table": table, "alias_id": alias, "id": kept, "source": "crm"}
        for table, pairs in MERGED.items() for alias, kept in pairs
    ]  # fmt: skip
    return {"account": accounts, "person": people, "member": members, "record_alias": aliases}


def _campaigns(rng: random.Random) -> Rows:
    campaigns = [
        {"campaign_id": f"c{n}",
         "name": ("Fair", "Search", "fair ", "c3", None, "Fair 5", "search", "!!")[n],
         "kind": (*("webinar", "search", "event", None, "email"), *["zeppelin"] * 3)[n],
         "channel": ("Webinar", "google / cpc", None, "carrier pigeon", "email", *[None] * 3)[n],
         "budget": (500_00, 812_35, 77_00, None, 0, 95_55, 1, 2)[n],
         "currency": ("EUR", "USD", "CHF", "EUR", None, "GBP", "JPY", "EUR")[n],
         "starts_on": ("2025-08-01", EDGES[0], None, EDGES[1], "2025-08-01", *[None] * 3)[n],
         "ends_on": ("2026-03-31", None, "2026-07-01", "2026-03-01", *[None] * 4)[n],
         "parent_id": (None, None, "c0", "c0", "c2", "gone", None, None)[n],
         "owner_id": ("ann", "left", None, "bob", None, "eve", None, None)[n],
         "source": ("test", "crm", "test", "shop", "crm", "crm", "shop", "test")[n]}
        for n in range(8)
    ]  # fmt: skip
    costs = [
        {"cost_id": f"k{n}", "incurred_on": (START + 3 * n * DAY).date().isoformat(),
         "team": rng.choice(("marketing", "sales", "sales development", None)),
         "category": rng.choice(("media", "media", "event", "salary", "stickers", None)),
         "amount": rng.randrange(100, 90_000), "currency": rng.choice(CURRENCIES),
         "campaign_id": rng.choice(("c0", "c1", "c2", "c4", "c6", "c7", "gone", None)),
         "source": ("test", "crm", "crm")[n % 3],
         "covers_until": (START + (3 * n + 6) * DAY).date().isoformat() if n % 9 == 0 else None,
         "impressions": rng.randrange(1000), "clicks": rng.randrange(50)}
        for n in range(140)
    ]  # fmt: skip
    rates = [
        {"currency": currency, "rate_on": (START + 5 * n * DAY).date().isoformat(),
         "rate": round(rate + n / 130, 4)}
        for currency, rate in (("USD", 0.9), ("CHF", 1.05), ("JPY", 0.006), ("BTC", 3.0))
        for n in range(-150, 71) if n % 6 > 1
    ]  # fmt: skip
    again = {"currency": " usd", "rate_on": (START + 10 * DAY).date().isoformat()}
    rates += [again | {"rate": rate} for rate in (0.8, 0.0, -1.0)]
    aliases = [{"alias": "spring sale", "campaign_id": "c1"},
               {"alias": "spring sale", "campaign_id": "c4"},
               {"alias": "summer", "campaign_id": "c2"}]  # fmt: skip
    return {"campaign": campaigns, "cost": costs, "fx_rate": rates, "campaign_alias": aliases}


def _deals(rng: random.Random) -> Rows:
    deals: list[dict[str, Any]] = []
    contacts: list[dict[str, Any]] = []
    events: list[dict[str, Any]] = []
    for n in range(110):
        created = _moment(rng)
        outcome = rng.choice(("won", "won", "won", "lost", "open", None))
        ended = outcome in ("won", "lost") and rng.random() > 0.1
        closed = _later(rng, created, 120) if ended else None
        deals.append(
            {"deal_id": f"d{n}", "account_id": rng.choice((f"a{n % 42}", None)),
             "name": f"Deal {n}",
             "amount": rng.choice((None, 0, 100_00 * n, 1234_56, 31_07, -99)), "outcome": outcome,
             "currency": rng.choice(CURRENCIES), "recurring_amount": rng.choice((None, 60_00 * n)),
             "kind": rng.choice(("new", "new", "renewal", "expansion", None)),
             "stage": rng.choice(("Offer", "Demo", "Closed Won")) if outcome != "lost" else "Gone",
             "pipeline": rng.choice(("Main", "Other", None)), "closed_at": closed,
             "created_at": rng.choice((created, created, created, LOADED, None)),
             "expected_close_on": rng.choice((_later(rng, created, 300)[:10], None, AS_OF[:10])),
             "lost_reason": rng.choice(("Price", "Timing", None)),
             "owner_id": rng.choice((*MEMBERS, "left", None)),
             "partner": rng.choice(("Acme", None, None)),
             "campaign_id": rng.choice(("c0", "c2", None)),
             "lead_source": rng.choice(("Webinar", "Outbound", "Partner", None))}
        )  # fmt: skip
        chosen = rng.sample(range(92), rng.choice((0, 1, 3)))
        contacts += [
            {"deal_id": f"d{n}", "person_id": f"p{person}", "is_primary": place > n % 3,
             "role": rng.choice(("champion", "buyer", None))}
            for place, person in enumerate(chosen)
        ]  # fmt: skip
        events += [
            {"deal_id": f"d{n}", "stage": stage, "entered_at": _later(rng, created, 60),
             "amount": rng.choice((None, 50_00 * n)), "currency": rng.choice(CURRENCIES)}
            for stage in rng.sample(("Demo", "Offer", "Talk"), 2)
        ]  # fmt: skip
    return {"deal": deals, "deal_contact": contacts, "deal_stage_event": events}


def _leads(rng: random.Random, deals: list[dict[str, Any]]) -> Rows:
    leads: list[dict[str, Any]] = []
    moves: list[dict[str, Any]] = []
    given: list[dict[str, Any]] = []
    scores: list[dict[str, Any]] = []
    for n in range(150):
        lead, begun = f"l{n}", _moment(rng)
        deal = deals[n // 2] if n % 4 == 0 else None
        leads.append(
            {"lead_id": lead, "person_id": rng.choice((f"p{n % 92}", None)),
             "account_id": rng.choice((f"a{n % 42}", None)),
             "lead_type": rng.choice(("demo", "self_serve", "content", None)),
             "created_at": LOADED if n % 3 == 0 and n > 12 else rng.choice((begun, begun, None)),
             "channel": rng.choice(CHANNELS), "campaign_id": rng.choice(("c0", "c1", "c9", None)),
             "created_by_touch_id": rng.choice((f"t{n}", None, None)),
             "owner_id": rng.choice(_OWNERS),
             "status": rng.choice((None, None, "sal", "mql", "Nirvana")),
             "converted_deal_id": deal and deal["deal_id"]}
        )  # fmt: skip
        moves += _moves(rng, lead, begun)
        given += [
            {"lead_id": lead, "member_id": rng.choice(MEMBERS),
             "assigned_at": _later(rng, begun, 20)}
            for _ in range(rng.randrange(3))
        ]  # fmt: skip
        scores += [
            {"lead_id": lead, "scored_at": _later(rng, begun, 40), "score": 10.0 * rng.randrange(9)}
            for _ in range(rng.randrange(4))
        ]  # fmt: skip
    return {
        "lead": leads, "lead_stage_event": moves, "lead_assignment": given, "score_event": scores,
    }  # fmt: skip


def _moves(rng: random.Random, lead: str, begun: str) -> list[dict[str, Any]]:
    """A walk through stages that skips, steps back, leaves and returns."""
    found, at = [], begun
    for _ in range(rng.randrange(7)):
        stage = rng.choice(WALK)
        at = _later(rng, at, 12)
        found.append(
            {"lead_id": lead, "stage": stage, "entered_at": at,
             "reason": rng.choice(("No budget", "Bad timing", None))}
        )  # fmt: skip
    return found


def _touch(rng: random.Random, n: int) -> dict[str, Any]:
    kind = rng.choice(KINDS)
    side = "sales" if kind in ("call", "meeting") or rng.random() < 0.1 else "marketing"
    return {
        "touch_id": f"t{n}", "kind": kind, "side": side,
        "occurred_at": _moment(rng) if n % 40 else None,
        "person_id": rng.choice((f"p{n % 92}", f"p{n % 92}", None)),
        "lead_id": rng.choice((f"l{n % 153}", None)),
        "account_id": rng.choice((f"a{n % 42}", None, None)),
        "campaign_id": rng.choice(("c0", "c1", "c2", None, None, "gone", "lost", "Lost")),
        "channel": rng.choice(CHANNELS), "is_automated": rng.choice((True, False, None)),
        "direction": rng.choice(("inbound", "outbound", "outbound", None)),
        "outcome": rng.choice(OUTCOMES), "actor_id": rng.choice((*MEMBERS, None)),
        "utm_source": rng.choice(("newsletter", "google", "linkedin", None, None, None)),
        "utm_medium": rng.choice(("email", "cpc", "organic", "referral", *[None] * 8)),
        "utm_campaign": rng.choice(("Spring_Sale", "summer", "nobody", None)),
        "content": rng.choice((f"Asset {n % 5}", None)),
    }  # fmt: skip


def _after_sales(rng: random.Random, deals: list[dict[str, Any]]) -> Rows:
    contracts = [
        {"contract_id": f"x{n}", "account_id": f"a{n % 25 if n % 11 else 41}", "deal_id": f"d{n}",
         "starts_on": f"{2024 + n % 2}-{1 + n % 12:02d}-01" if n != 9 else None,
         "ends_on": f"{2025 + n % 2}-{1 + n % 12:02d}-{1 + n % 28:02d}" if n % 13 else None,
         "recurring_amount": 120_00 + 7_00 * n if n % 17 != 5 else None,
         "currency": rng.choice(("EUR", "EUR", "USD", None)),
         "churned_on": "2026-02-01" if n % 7 == 3 else None}
        for n in range(60)
    ]  # fmt: skip
    contracts += [
        {"contract_id": f"y{n}", "account_id": f"a{n % 25}", "deal_id": None, "starts_on": starts,
         "ends_on": ends, "recurring_amount": 60_00 + n, "currency": "EUR", "churned_on": churned}
        for n, (starts, ends, churned) in enumerate((
            ("2026-07-01", None, None), ("2026-07-02", "2027-07-02", None),
            ("2026-01-05", "2026-07-01", None), ("2026-01-05", "2026-06-30", None),
            ("2025-09-01", "2025-09-01", None), ("2026-01-05", "2025-09-01", None),
            ("2025-09-01", None, "2025-09-01"),
            ("2025-09-01", "2026-01-05", "2026-01-05"), ("2026-01-05", "2026-07-02", None),
            ("2025-01-01", "2026-03-01", "2026-03-01"), ("2026-03-01", "2027-03-01", None),
        ))
    ]  # fmt: skip
    answers = [
        {"feedback_id": f"f{n}", "account_id": f"a{n % 42}", "person_id": f"p{n}",
         "kind": ("nps", "csat")[n % 2], "score": float((n * 3) % 11 if n % 2 == 0 else 1 + n % 5),
         "asked_at": _moment(rng) if n != 4 else None, "comment": None}
        for n in range(70)
    ]  # fmt: skip
    quotas = [
        {"member_id": member, "period": period, "amount": 10_000_00, "currency": currency}
        for member in ("bob", "dora") for period, currency in
        (("2026", "EUR"), ("2026-Q2", "USD"), ("2026-06", "EUR"), ("someday", "EUR"))
    ]  # fmt: skip
    return {"contract": contracts, "feedback": answers, "quota": quotas}


def _fill(rng: random.Random, rows: Rows) -> None:
    """Give every column of the core a value in some of the rows."""
    rows["deal_account"] = [
        {"deal_id": f"d{n}", "account_id": f"a{account}"}
        for n in range(0, 110, 3) for account in rng.sample(range(42), 1 + n % 2)
    ]  # fmt: skip
    for table, columns in MORE.items():
        for row in rows[table]:
            row |= {name: rng.choice(values) for name, values in columns.items()}
    for row in rows["account"] + rows["person"]:
        row["created_at"] = rng.choice((_moment(rng), None))


_OWNERS = (*MEMBERS, "left", None)
#: What is drawn for columns on which nothing else depends.
MORE: dict[str, dict[str, tuple[Any, ...]]] = {
    "account": {
        "parent_id": ("a1", "a3", "gone", None, None), "region": ("EMEA", "Nowhere", None),
        "owner_id": _OWNERS, "is_target": (True, False, None), "tier": ("A", "B", None),
    },
    "person": {
        "seniority": ("VP", "C-level", "Intern", None, None), "country": ("DE", "US", None),
        "email_opt_out": (True, False, None),
    },
    "lead": {
        "source_detail": ("Fair", "fair 2", None),
        "recorded_at": (AS_OF, AS_OF, "2026-01-05 08:00:00", "2026-03-01 08:00:00"),
    },
    "lead_assignment": {"member_id": (*MEMBERS, "left")},
    "deal_account": {"is_primary": (True, False)},
    "lead_stage_event": {"actor_id": _OWNERS},
    "campaign": {"status": ("planned", "done", None), "persona": ("Finance", None)},
    "touch": {
        "deal_id": ("d3", "d12", "d999", *[None] * 12), "url": ("/pricing", None),
        "source": ("test", "crm", "shop"),
    },
    "deal": {
        "forecast_category": ("Commit", "Pipeline", None), "source": ("test", "test", "crm"),
    },
    "member": {"role": ("rep", None), "manager_id": ("ann", None)},
}  # fmt: skip
