"""The demo's arrays as the core tables that a CRM would export."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from tools.demo import deals as deal_words
from tools.demo import handoff, names
from tools.demo.campaigns import Campaign
from tools.demo.clock import DAY, LAST
from tools.demo.company import Accounts, People, seller_of
from tools.demo.deals import LOST, NEW, OPEN, RENEWAL, WON, Committee, Deals
from tools.demo.handoff import Story
from tools.demo.leads import LEAD_TYPES, Leads
from tools.demo.plan import CHANNELS, COUNTRIES, UNMAPPED_CHANNEL, Bools, Floats, Ints
from tools.demo.tables import Amounts, Days, Ids, Instants, Table, Words, words_of
from tools.demo.touches import MARKETING_KINDS

_RAWS = (*(channel.raw for channel in CHANNELS), UNMAPPED_CHANNEL)
_STATUS = ("New", "MQL", "Working - Contacted", "Qualified", "Rejected", "Recycled",
           "Unqualified", "Converted")  # fmt: skip
_ALIASES = 12
_ALIAS_BASE = 900_000


def leads_table(
    leads: Leads, people: People, story: Story, deals: Deals, touches: dict[str, Ints]
) -> Table:
    """Return the leads with the touch that created them, their owner and their last status."""
    events = story.events.sorted("lead", "at")
    status = np.zeros(leads.count, dtype=np.int64)
    status[events["lead"]] = events["stage"]
    converted = np.full(leads.count, -1)
    carried = np.flatnonzero(deals.lead >= 0)
    status[deals.lead[carried]] = len(_STATUS) - 1
    named = carried[carried % 5 != 0]
    converted[deals.lead[named]] = named
    owner = np.full(leads.count, -1)
    given = story.assignments.sorted("lead", "at")
    owner[given["lead"]] = given["member"]
    creator = np.full(leads.count, -1)
    rows = np.flatnonzero(touches["creates"] == 1)
    creator[touches["lead"][rows]] = rows
    return {
        "lead_id": Ids("L", np.arange(leads.count)),
        "person_id": Ids("P", leads.person),
        "account_id": Ids("A", people.account[leads.person]),
        "lead_type": Words(leads.lead_type, LEAD_TYPES),
        "created_at": Instants(leads.created),
        "channel": Words(leads.raw_channel, _RAWS),
        "campaign_id": Ids("C", leads.campaign),
        "created_by_touch_id": Ids("T", creator),
        "owner_id": Ids("M", owner),
        "status": Words(status, _STATUS),
        "converted_deal_id": Ids("D", converted),
    }


def stage_events_table(story: Story) -> Table:
    """Return who moved which lead into or out of which stage, and why."""
    events = story.events.sorted("at", "lead", "stage")
    return {
        "lead_id": Ids("L", events["lead"]),
        "stage": Words(events["stage"], handoff.STAGES),
        "entered_at": Instants(events["at"]),
        "kind": Words((events["stage"] >= handoff.REJECTED).astype(np.int64), ("entry", "exit")),
        "actor_id": Ids("M", events["actor"]),
        "reason": Words(events["reason"], handoff.REASONS),
    }


def assignments_table(story: Story) -> Table:
    """Return which lead was given to whom, and when."""
    rows = story.assignments.sorted("at", "lead")
    return {
        "lead_id": Ids("L", rows["lead"]),
        "member_id": Ids("M", rows["member"]),
        "assigned_at": Instants(rows["at"]),
    }


def scores_table(story: Story) -> Table:
    """Return every score a lead had."""
    rows = story.scores.sorted("at", "lead")
    return {
        "lead_id": Ids("L", rows["lead"]),
        "scored_at": Instants(rows["at"]),
        "score": rows["score"],
    }


def touches_table(touches: dict[str, Ints], campaigns: list[Campaign]) -> Table:
    """Return the touches; web visits often carry a link's names only, as in any CRM."""
    number = np.arange(len(touches["at"]))
    channel, campaign = touches["channel"], touches["campaign"]
    sales, kind = touches["sales"] == 1, touches["kind"]
    known = (channel >= 0) & (channel < len(CHANNELS))
    sources = [one.utm_source for one in CHANNELS]
    linked = known & ~sales & np.array([bool(name) for name in sources])[channel % len(sources)]
    only_link = linked & (touches["creates"] == 0) & (number % 3 != 0)
    safe = np.where(linked, channel, -1)
    content = (kind == 4) & ~sales
    inbound = ~sales & ~np.isin(kind, (8, 9))
    return {
        "touch_id": Ids("T", number),
        "person_id": Ids("P", _aliased(touches["person"])),
        "lead_id": Ids("L", np.where(_anonymous(number, touches), -1, touches["lead"])),
        "deal_id": Ids("D", touches["deal"]),
        "campaign_id": Ids("C", np.where(only_link, -1, campaign)),
        "channel": Words(np.where(only_link, -1, channel), _RAWS),
        "kind": Words(np.where(sales, kind, kind + len(handoff.KINDS)),
                      (*handoff.KINDS, *MARKETING_KINDS)),
        "side": Words(sales.astype(np.int64), ("marketing", "sales")),
        "direction": Words(np.where(inbound, 0, 1), ("inbound", "outbound")),
        "is_automated": (touches["automated"] == 1) | (~sales & np.isin(kind, (8, 9))),
        "occurred_at": Instants(touches["at"]),
        "content": Words(np.where(content, number % len(names.CONTENT), -1), names.CONTENT),
        "utm_source": Words(safe, tuple(sources)),
        "utm_medium": Words(safe, tuple(one.utm_medium for one in CHANNELS)),
        "utm_campaign": Words(np.where(only_link, campaign - 1, -1),
                              tuple(one.utm for one in campaigns)),
        "actor_id": Ids("M", touches["actor"]),
        "outcome": Words(touches["outcome"], handoff.OUTCOMES),
    }  # fmt: skip


def _anonymous(number: Ints, touches: dict[str, Ints]) -> Bools:
    """Every fourth marketing touch names the person only, not the inquiry it belongs to."""
    found: Bools = (number % 4 == 1) & (touches["creates"] == 0) & (touches["sales"] == 0)
    return found


def _aliased(person: Ints) -> Ints:
    """Use the number of a merged duplicate in some touches of a few people."""
    duplicate = (person >= 0) & (person < _ALIASES * 50) & (person % 50 == 0)
    odd = np.arange(len(person)) % 2 == 1
    return np.where(duplicate & odd, _ALIAS_BASE + person // 50, person)


def merges_table() -> Table:
    """Return the people that were entered twice and merged."""
    rows = np.arange(_ALIASES)
    duplicates = [f"P{_ALIAS_BASE + number:06d}" for number in rows.tolist()]
    return {
        "table": words_of(["person"] * _ALIASES),
        "alias_id": words_of(duplicates),
        "id": Ids("P", rows * 50),
    }


def deals_table(
    deals: Deals, leads: Leads, accounts: Accounts, stages: tuple[Ints, Ints, Ints, Ints]
) -> Table:
    """Return the deals as they stand at the end of the story."""
    number = np.arange(deals.count)
    stage = np.zeros(deals.count, dtype=np.int64)
    stage[stages[0]] = stages[1]
    carried = deals.lead >= 0
    lead = np.where(carried, deals.lead, 0)
    source = np.where(carried, leads.channel[lead], np.where(deals.silent, 9, 8))
    source = np.where(deals.kind == NEW, source, 10)
    words = (*(one.lead_source for one in CHANNELS), "Partner", "Employee referral", "Customer")
    partner = ~carried & ~deals.silent & (deals.kind == NEW)
    category = np.select([deals.outcome == WON, deals.outcome == LOST, stage == 3, stage == 2],
                         [3, 4, 2, 1], 0)  # fmt: skip
    lost = deals.outcome == LOST
    return {
        "deal_id": Ids("D", number),
        "account_id": Ids("A", deals.account),
        "name": _deal_names(deals),
        "amount": Amounts(deals.cents),
        "currency": currency_of(accounts, deals.account),
        "recurring_amount": Amounts(deals.cents * 85 // 100),
        "stage": Words(stage, deal_words.STAGES),
        "pipeline": Words((deals.kind != NEW).astype(np.int64), ("New business", "Customers")),
        "kind": Words(deals.kind, deal_words.KINDS),
        "created_at": Instants(deals.created),
        "closed_at": Instants(deals.closed),
        "expected_close_on": Days(deals.due),
        "forecast_category": Words(category, ("Pipeline", "Best Case", "Commit", "Closed",
                                              "Omitted")),
        "outcome": Words(deals.outcome, deal_words.OUTCOMES),
        "lost_reason": Words(np.where(lost, number * 7 % 5, -1), deal_words.REASONS),
        "owner_id": Ids("M", np.where(deals.kind == NEW, seller_of(deals.account), 12)),
        "campaign_id": Ids("C", np.where(carried & (number % 5 < 3), leads.campaign[lead], -1)),
        "lead_source": Words(source, words),
        "partner": Words(np.where(partner, 0, -1), ("Ringwerk 9 Partners",)),
    }  # fmt: skip


def _deal_names(deals: Deals) -> pa.Array:
    what = ("Automation", "Renewal", "More seats")
    heads = names.COMPANY_HEADS
    return pa.array(
        [
            f"{heads[account % len(heads)]} {account + 101} - {what[kind]}"
            for account, kind in zip(deals.account.tolist(), deals.kind.tolist(), strict=True)
        ]
    )


def currency_of(accounts: Accounts, account: Ints) -> Words:
    """Return the currency each company buys in."""
    american, british = COUNTRIES.index("US"), COUNTRIES.index("GB")
    country = accounts.country[account]
    code = np.select([country == american, country == british], [1, 2], 0)
    return Words(code, ("EUR", "USD", "GBP"))


def contacts_table(committee: Committee) -> Table:
    """Return who takes part in which deal."""
    return {
        "deal_id": Ids("D", committee.deal),
        "person_id": Ids("P", committee.person),
        "role": Words(committee.role, deal_words.ROLES),
        "is_primary": committee.primary,
    }


def companies_table(deals: Deals, accounts: Accounts) -> Table:
    """Return the companies of the deals in which a second one takes part: every tenth."""
    several = np.arange(0, deals.count, 10)
    own = deals.account[several]
    return {
        "deal_id": Ids("D", np.repeat(several, 2)),
        "account_id": Ids("A", np.stack([own, (own + 1) % accounts.count], axis=1).ravel()),
        "is_primary": np.tile([True, False], len(several)),
    }


def deal_stages_table(
    stages: tuple[Ints, Ints, Ints, Ints], deals: Deals, accounts: Accounts
) -> Table:
    """Return the stages of every deal with the amount it had then."""
    deal, stage, at, cents = stages
    return {
        "deal_id": Ids("D", deal),
        "stage": Words(stage, deal_words.STAGES),
        "entered_at": Instants(at),
        "amount": Amounts(cents),
        "currency": currency_of(accounts, deals.account[deal]),
    }


def contracts_table(deals: Deals, accounts: Accounts) -> Table:
    """Return two years' contracts of new and renewed customers, a year's of before the story."""
    won = np.flatnonzero((deals.outcome == WON) & (deals.kind != deal_words.EXPANSION))
    old = np.flatnonzero((deals.kind == RENEWAL) & (deals.outcome != OPEN))
    start = np.concatenate([deals.closed[won] // DAY + 1, deals.closed[old] // DAY - 364])
    rows = np.concatenate([won, old])
    churned = np.concatenate([np.full(len(won), -1), deals.churned[old]])
    source = np.concatenate([won, np.full(len(old), -1)])
    days = np.where(source >= 0, 730, 365)
    return {
        "contract_id": Ids("K", np.arange(len(rows))),
        "account_id": Ids("A", deals.account[rows]),
        "deal_id": Ids("D", source),
        "starts_on": Days(start),
        "ends_on": Days(start + days - 1),
        "recurring_amount": Amounts(deals.cents[rows] * 85 // 100),
        "currency": currency_of(accounts, deals.account[rows]),
        "churned_on": Days(churned),
    }


def feedback_table(rng: np.random.Generator, deals: Deals, committee: Committee) -> Table:
    """Return what customers answered, and why deals were won or lost."""
    closed = np.flatnonzero(deals.closed >= 0)
    asked = np.concatenate([closed[deals.outcome[closed] == WON], closed[closed % 4 == 0]])
    survey = np.arange(len(asked)) < int((deals.outcome[closed] == WON).sum())
    wait = np.where(survey, 45, 2)
    day = deals.closed[asked] // DAY + wait
    kept = day < LAST
    asked, survey, day = asked[kept], survey[kept], day[kept]
    kind = np.where(~survey, 2, asked % 3 == 1).astype(np.int64)
    score: Floats = np.where(kind == 0, np.clip(rng.normal(8.1, 1.9, len(asked)), 0, 10),
                             np.clip(rng.normal(4.1, 0.8, len(asked)), 1, 5))  # fmt: skip
    comments = (*names.NPS_COMMENTS[:4], *names.WIN_LOSS_COMMENTS)
    said = np.where(survey, asked % 5, 4 + asked % 5)
    said = np.where(survey & (said == 4), -1, said)
    person = np.full(deals.count, -1)
    person[committee.deal[::-1]] = committee.person[::-1]
    return {
        "feedback_id": Ids("F", np.arange(len(asked))),
        "account_id": Ids("A", deals.account[asked]),
        "person_id": Ids("P", person[asked]),
        "asked_at": Instants(day * DAY + 32_400_000_000 + asked * 61_000_000),
        "kind": Words(kind, ("nps", "csat", "win_loss")),
        "score": pa.array(np.round(score), mask=kind == 2),
        "comment": Words(said, comments),
    }
