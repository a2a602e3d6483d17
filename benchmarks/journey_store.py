"""A store of many touches for the benchmarks of attribution: the marts that journeys are made of.

Touches are ten a lead; a deal has five people out of a hundred leads' worth. Everything is hashed
from row numbers, so that a size is always the same store.
"""

from __future__ import annotations

from pathlib import Path

import duckdb
from measuring import CONFIG, THREADS

from smarketing.agreement import Agreement, load_agreement
from smarketing.build.marts.agreement_tables import write_agreement
from smarketing.build.marts.order import mart_params
from smarketing.build.marts.statements import mart_sql

MARTS = ("fct_unit", "fct_unit_person", "fct_journey", "fct_credit")

_INFO = """
create table build_info as select 'bench' as build_id, timestamp '2026-07-01' as as_of_at,
  date '2026-07-01' as as_of_day, ? as agreement_hash, ? as currency, 2 as minor_digits,
  ? as timezone, '0' as version, 'bench' as code_hash
"""
_EMPTY = """
create table deal (currency text); create table cost (currency text);
create table campaign (currency text); create table contract (currency text);
create table quota (currency text); create table fx_rate (currency text);
create table deal_stage_event (currency text);
create table link_person (source_person_id text, person_id text, why text);
create table dim_account (account_id text, name text);
create table dim_campaign (campaign_id text, name text);
create table fct_cost (cost_id text, team text, incurred_on date, category text, cost_amount bigint,
  campaign_id text, channel text, raw_channel text, source text);
"""
_PERSON = """
create table dim_person as
select 'crm:P' || lpad(i::text, 8, '0') as person_id,
  'crm:A' || lpad((i // 10)::text, 7, '0') as account_id, 'Person ' || i as full_name
from range($leads) t(i)
"""
_LEAD = """
create table dim_lead as
select 'crm:L' || lpad(i::text, 8, '0') as lead_id, 'crm:P' || lpad(i::text, 8, '0') as person_id,
  'crm:A' || lpad((i // 10)::text, 7, '0') as account_id, born as created_at,
  true as created_has_time, true as created_known, born::date as created_day,
  null::text as created_by_touch_id, 'mid' as segment, 'emea' as region, 'it' as persona,
  'inbound' as lead_type, 'M1' as owner_id, 'Kim' as owner, 'crm' as source
from (select i, timestamp '2024-07-01' + to_seconds((hash(i * 3) % 50000000)::bigint) as born
      from range($leads) t(i))
"""
_DEAL = """
create table fct_deal as
select 'crm:D' || lpad(i::text, 7, '0') as deal_id,
  'crm:A' || lpad(i::text, 7, '0') as account_id, 'Account' as account, 'Deal ' || i as name,
  'new' as kind, outcome, 'main' as pipeline, 'open' as stage, created_at,
  true as created_has_time, true as created_known, created_at::date as created_day,
  created_at as created_anchor_at, closed_at, true as closed_has_time,
  closed_at::date as closed_day, closed_at as closed_anchor_at, amount as pipeline_amount,
  amount as deal_amount, case when outcome = 'won' then amount end as won_amount,
  'crm:L' || lpad((i * 10)::text, 8, '0') as carrier_lead_id,
  'crm:P' || lpad((i * 10)::text, 8, '0') as carrier_person_id,
  'crm:P' || lpad((i * 10)::text, 8, '0') as primary_person_id,
  ['small', 'mid', 'large'][1 + i % 3] as segment, 'emea' as region, 'it' as persona,
  'inbound' as lead_type, 'M1' as owner_id, 'Kim' as owner, 'crm' as source
from (
  select i, (100000 + hash(i * 31) % 9000000)::bigint as amount,
    ['won', 'won', 'won', 'open', 'lost'][1 + (hash(i * 37) % 5)::int] as outcome,
    timestamp '2025-01-01' + to_seconds((hash(i * 23) % 34000000)::bigint) as created_at,
    timestamp '2025-01-01' + to_seconds((hash(i * 23) % 34000000)::bigint)
      + to_seconds((hash(i * 29) % 12000000)::bigint) as closed_at
  from range($deals) t(i)
)
"""
_CONTACT = """
create table deal_contact as
select 'crm:D' || lpad(i::text, 7, '0') as deal_id,
  'crm:P' || lpad((i * 10 + k)::text, 8, '0') as person_id, null::text as role,
  k = 0 as is_primary
from range($deals) t(i), range(5) u(k)
"""
_TOUCH = """
create table fct_touch as
select 'crm:T' || lpad(((i * 7919) % $touches)::text, 9, '0') as touch_id,
  'crm:P' || lpad((hash(i) % $leads)::text, 8, '0') as person_id, null::text as lead_id,
  'crm:A' || lpad(((hash(i) % $leads) // 10)::text, 7, '0') as account_id,
  channel, channel as raw_channel, 'crm:C' || lpad((hash(i * 11) % 60)::text, 3, '0')
    as campaign_id,
  ['email_open', 'form', 'click', 'visit', 'call', 'webinar'][1 + (hash(i * 13) % 6)::int] as kind,
  case when hash(i * 17) % 4 = 0 then 'sales' else 'marketing' end as side,
  timestamp '2024-06-01' + to_seconds((hash(i * 19) % 60000000)::bigint) as occurred_at,
  true as occurred_has_time, null::date as occurred_day, null::text as content,
  true as is_usable
from (select i, ['paid_search', 'webinar', 'email', 'direct', 'organic', 'event', 'paid_social',
  'partner', 'referral', 'content', 'display', 'affiliate'][1 + (hash(i * 5) % 12)::int] as channel
  from range($touches) t(i))
"""


def write_touches(path: Path, touches: int) -> Agreement:
    """Write the marts journeys read: `touches`, a tenth as many leads, a hundredth as deals."""
    agreement = load_agreement()
    sizes = {"touches": touches, "leads": touches // 10, "deals": touches // 100}
    with duckdb.connect(str(path)) as connection:
        connection.execute(f"set threads = {THREADS}")
        info = [agreement.hash, agreement.currency, agreement.timezone]
        connection.execute(_INFO, info)
        connection.execute(_EMPTY)
        for statement in (_PERSON, _LEAD, _DEAL, _CONTACT, _TOUCH):
            used = {name: size for name, size in sizes.items() if f"${name}" in statement}
            connection.execute(statement, used)
        write_agreement(connection, agreement)
    return agreement


def build_marts(path: Path, marts: tuple[str, ...] = MARTS) -> None:
    """Build marts of the store, or build them again."""
    with duckdb.connect(str(path), config=CONFIG) as connection:
        params = mart_params(connection)
        for name in marts:
            connection.execute(f"create or replace table {name} as {mart_sql(name, params)}")
        connection.execute("checkpoint")


def write_store(path: Path, touches: int) -> None:
    """Write such a store with its journeys and its ledger."""
    write_touches(path, touches)
    build_marts(path)
