"""The demo company as files: one per core table, the same bytes for the same seed."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from smarketing.errors import UsageError
from tools.demo import records
from tools.demo.campaigns import aliases_table, campaigns_table, costs_table, make_campaigns
from tools.demo.company import (
    accounts_table,
    make_accounts,
    members_table,
    people_table,
    quotas_table,
    rates_table,
)
from tools.demo.deals import make_committee, make_deals, stage_events
from tools.demo.handoff import tell
from tools.demo.leads import make_leads
from tools.demo.plan import SEED, SMALL_LEADS, TOUCHES_PER_LEAD
from tools.demo.tables import Format, Table, write_table
from tools.demo.touches import make_touches

ACCOUNTS_PER_LEAD = 0.4


def generate(
    out: Path,
    *,
    touches: int | None = None,
    seed: int = SEED,
    kind: Format = "csv",
) -> dict[str, int]:
    """Write the demo company into a folder and return the rows of each table.

    Without `touches` it is the small company that ships with the program; with it, one of the
    same make with exactly so many touches, for benchmarks. `kind` is csv or parquet.
    """
    if touches is not None and touches < 1_000:
        raise UsageError(f"A company of {touches} touches is too small; ask for 1000 or more.")
    if kind not in ("csv", "parquet"):
        raise UsageError(f"'{kind}' is no format of the demo; write csv or parquet.")
    out.mkdir(parents=True, exist_ok=True)
    tables = make_tables(touches=touches, seed=seed)
    return {
        name: write_table(table, out / f"{name}.{kind}", kind) for name, table in tables.items()
    }


def make_tables(*, touches: int | None = None, seed: int = SEED) -> dict[str, Table]:
    """Return the demo company's core tables, before they become text."""
    count = SMALL_LEADS if touches is None else max(int(touches / TOUCHES_PER_LEAD), 60)
    rngs = [np.random.default_rng([seed, stream]) for stream in range(9)]
    campaigns = make_campaigns()
    accounts = make_accounts(rngs[0], max(int(count * ACCOUNTS_PER_LEAD), 60))
    leads, people = make_leads(rngs[1], count, accounts, campaigns)
    story = tell(rngs[2], leads)
    deals = make_deals(rngs[3], story.deals, leads, people, accounts)
    committee = make_committee(rngs[4], deals, leads, people, accounts)
    stages = stage_events(rngs[5], deals)
    contacts = make_touches(rngs[6], campaigns, leads, story, deals, committee, touches)
    return {
        "member": members_table(),
        "quota": quotas_table(),
        "fx_rate": rates_table(rngs[7]),
        "campaign": campaigns_table(campaigns),
        "campaign_alias": aliases_table(campaigns),
        "cost": costs_table(rngs[7], campaigns),
        "account": accounts_table(accounts),
        "person": people_table(people, accounts),
        "record_alias": records.merges_table(),
        "lead": records.leads_table(leads, people, story, deals, contacts),
        "lead_stage_event": records.stage_events_table(story),
        "lead_assignment": records.assignments_table(story),
        "score_event": records.scores_table(story),
        "touch": records.touches_table(contacts, campaigns),
        "deal": records.deals_table(deals, leads, accounts, stages),
        "deal_contact": records.contacts_table(committee),
        "deal_account": records.companies_table(deals, accounts),
        "deal_stage_event": records.deal_stages_table(stages, deals, accounts),
        "contract": records.contracts_table(deals, accounts),
        "feedback": records.feedback_table(rngs[8], deals, committee),
    }
