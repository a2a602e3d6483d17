"""The company and its market: members, accounts, people, exchange rates."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from tools.demo import names
from tools.demo.clock import FIRST, LAST, moments
from tools.demo.plan import (
    COUNTRIES,
    COUNTRY_SHARE,
    PERSONA_SHARE,
    SEGMENT_EMPLOYEES,
    SEGMENT_SHARE,
    Bools,
    Ints,
)
from tools.demo.tables import Amounts, Days, Ids, Instants, Table, Words, words_of

HEAD_OF_MARKETING, DEMAND, CONTENT_LEAD, MARKETING_OPS = 1, 2, 3, 4
DEVELOPERS = np.array([5, 6, 7])
HEAD_OF_SALES = 8
EXECUTIVES = np.array([9, 10, 11])
SUCCESS = 12


@dataclass(frozen=True)
class Accounts:
    """Companies by number: segment, country, owner."""

    segment: Ints
    employees: Ints
    country: Ints
    owner: Ints
    created: Ints

    @property
    def count(self) -> int:
        """Return how many companies there are."""
        return len(self.segment)


@dataclass
class People:
    """Humans by number, grown as committees are formed; account -1 is none."""

    account: Ints
    persona: Ints
    title: Ints
    created: Ints
    student: Bools

    @property
    def count(self) -> int:
        """Return how many people there are."""
        return len(self.account)

    def add(self, other: People) -> Ints:
        """Append people and return their numbers."""
        numbers = np.arange(self.count, self.count + other.count)
        for name in ("account", "persona", "title", "created", "student"):
            joined = np.concatenate([getattr(self, name), getattr(other, name)])
            setattr(self, name, joined)
        return numbers


def make_accounts(rng: np.random.Generator, count: int) -> Accounts:
    """Draw companies by size and country; each was known before the story begins or early in it."""
    segment = rng.choice(len(SEGMENT_SHARE), size=count, p=SEGMENT_SHARE)
    low, high = np.array(SEGMENT_EMPLOYEES, dtype=float).T
    spread = np.exp(rng.random(count) * np.log(high / low)[segment])
    employees = np.minimum((low[segment] * spread).astype(np.int64), high[segment].astype(int))
    country = rng.choice(len(COUNTRIES), size=count, p=COUNTRY_SHARE)
    owner = seller_of(np.arange(count))
    created = moments(rng, rng.integers(FIRST - 500, FIRST - 30, count), office=True)
    return Accounts(segment, employees, country, owner, created)


def seller_of(account: Ints) -> Ints:
    """Return the account executive who looks after each account."""
    return EXECUTIVES[account % len(EXECUTIVES)]


def make_people(
    rng: np.random.Generator, account: Ints, created: Ints, student: Bools | None = None
) -> People:
    """Draw a persona and a title for each person of the given accounts."""
    count = len(account)
    persona = rng.choice(len(PERSONA_SHARE), size=count, p=PERSONA_SHARE)
    title = rng.integers(0, 5, count)
    nobody = np.zeros(count, dtype=bool) if student is None else student
    account = np.where(nobody, -1, account)
    return People(account, np.where(nobody, 5, persona), title, created, nobody)


def members_table() -> Table:
    """Return the twelve people of marketing, sales and success."""
    rows = names.MEMBERS
    count = len(rows)
    heads = {"marketing": HEAD_OF_MARKETING, "sales_development": 5, "sales": HEAD_OF_SALES}
    manager = np.array([heads.get(team, HEAD_OF_SALES) for _, team, _, _ in rows])
    manager = np.where(manager == np.arange(1, count + 1), -1, manager)
    return {
        "member_id": Ids("M", np.arange(1, count + 1)),
        "name": words_of([name for name, _, _, _ in rows]),
        "team": words_of([team for _, team, _, _ in rows]),
        "role": words_of([role for _, _, role, _ in rows]),
        "manager_id": Ids("M", manager),
        "capacity_per_month": pa.array([capacity or None for *_, capacity in rows]),
        "timezone": words_of(["Europe/Berlin"] * count),
        "starts_on": Days(np.full(count, FIRST - 700)),
    }


def quotas_table() -> Table:
    """Return what each seller should win per quarter, in euros."""
    quarters = [f"{year}-Q{quarter}" for year in (2025, 2026) for quarter in (1, 2, 3, 4)][:6]
    sellers = [HEAD_OF_SALES, *EXECUTIVES.tolist()]
    rows = [
        (seller, quarter, (9_000_000 if seller == HEAD_OF_SALES else 16_000_000) + 500_000 * step)
        for step, quarter in enumerate(quarters)
        for seller in sellers
    ]
    return {
        "member_id": Ids("M", np.array([seller for seller, _, _ in rows])),
        "period": words_of([quarter for _, quarter, _ in rows]),
        "amount": Amounts(np.array([cents for _, _, cents in rows])),
        "currency": words_of(["EUR"] * len(rows)),
    }


def rates_table(rng: np.random.Generator) -> Table:
    """Return weekly worths of a dollar and a pound in euros, drifting a little."""
    days = np.arange(FIRST - 7, LAST + 1, 7)
    drift = np.cumsum(rng.normal(0, 0.0035, (2, len(days))), axis=1)
    worth = np.array([[0.95], [1.19]]) * np.exp(drift)
    return {
        "currency": words_of(["USD"] * len(days) + ["GBP"] * len(days)),
        "rate_on": Days(np.concatenate([days, days])),
        "rate": np.round(worth.ravel(), 5),
    }


def accounts_table(accounts: Accounts) -> Table:
    """Return the companies with invented names and domains, numbered so that none exists."""
    numbers = np.arange(accounts.count)
    heads, tails = len(names.COMPANY_HEADS), len(names.COMPANY_TAILS)
    tail = numbers // heads % tails
    parts = [
        (names.COMPANY_HEADS[head], names.COMPANY_TAILS[end], number)
        for head, end, number in zip(
            (numbers % heads).tolist(), tail.tolist(), (numbers + 101).tolist(), strict=True
        )
    ]
    target = (accounts.segment >= 2) & (numbers % 3 != 0)
    tier = np.where(~target, -1, np.where(accounts.segment == 3, 0, 1))
    return {
        "account_id": Ids("A", numbers),
        "name": pa.array([f"{head} {number} {end}" for head, end, number in parts]),
        "domain": pa.array(_domains(accounts)),
        "industry": Words(tail, names.INDUSTRIES),
        "employees": accounts.employees,
        "country": Words(np.where(accounts.country == len(COUNTRIES) - 1, -1, accounts.country),
                         COUNTRIES),
        "owner_id": Ids("M", accounts.owner),
        "is_target": target,
        "tier": Words(tier, ("A", "B")),
        "created_at": Instants(accounts.created),
    }  # fmt: skip


def people_table(people: People, accounts: Accounts) -> Table:
    """Return the people with invented names; students have an address no company owns."""
    numbers = np.arange(people.count)
    firsts = np.array(names.FIRST_NAMES, dtype=object)[numbers * 7 % len(names.FIRST_NAMES)]
    lasts = np.array(names.LAST_NAMES, dtype=object)[numbers * 11 % len(names.LAST_NAMES)]
    domains = np.array([*_domains(accounts), names.STUDENT_DOMAIN], dtype=object)
    domain = domains[np.where(people.account < 0, len(domains) - 1, people.account)]
    titles = [title for _, group in names.TITLES for title in group]
    grade = people.persona * 5 + people.title
    words = tuple(dict.fromkeys(seniority for _, seniority in titles))
    place = np.array([words.index(seniority) for _, seniority in titles])
    country = np.where(people.account < 0, 0, accounts.country[people.account])
    return {
        "person_id": Ids("P", numbers),
        "account_id": Ids("A", people.account),
        "email": pa.array(
            [
                f"{first.lower()}.{last.lower()}{number}@{at}"
                for first, last, number, at in zip(
                    firsts, lasts, numbers.tolist(), domain, strict=True
                )
            ]
        ),
        "full_name": pa.array(firsts + " " + lasts),
        "title": Words(
            np.where(people.student, len(titles), grade),
            (*(title for title, _ in titles), names.STUDENT_TITLE),
        ),
        "seniority": Words(np.where(people.student, -1, place[grade]), words),
        "country": Words(np.where(country == len(COUNTRIES) - 1, -1, country), COUNTRIES),
        "email_opt_out": numbers % 41 == 7,
        "do_not_contact": numbers % 97 == 11,
        "created_at": Instants(people.created),
    }


def _domains(accounts: Accounts) -> list[str]:
    heads, ends = names.COMPANY_HEADS, names.DOMAIN_ENDS
    return [
        f"{heads[number % len(heads)].lower()}{number + 101}.{ends[number % len(ends)]}"
        for number in range(accounts.count)
    ]
