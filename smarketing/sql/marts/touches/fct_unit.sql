-- question: what is credit given for: which deals and leads, worth what, up to when, by whose touches?
-- grain: one row per deal and one per lead (leads are credited for being created, worth 1 each)
-- parameters: $people, $timezone
-- Instants are microseconds since 1970, so that windows are exact and only compared. An anchor is
-- the last microsecond that still counts: a day without a time counts until its end. default_rule is
-- the first of committee, primary, lead person (who the carrier lead is) and account that the deal
-- has, else none; people_rule is the agreed one, under 'default' the default_rule.
with wins as (
  select
    d.account_id,
    d.deal_id,
    case
      when d.closed_has_time then epoch_micros(d.closed_at)
      else epoch_micros(d.closed_anchor_at) - 1
    end as won_us
  from fct_deal as d
  where d.outcome = 'won'
),
contacts as (
  select deal_id
  from deal_contact
  group by deal_id
),
deals as (
  select
    d.deal_id,
    d.carrier_lead_id,
    d.account_id,
    d.kind,
    case
      when c.deal_id is not null then 'committee'
      when d.primary_person_id is not null then 'primary'
      when d.carrier_person_id is not null then 'lead person'
      when d.account_id is not null then 'account'
      else 'none'
    end as default_rule,
    case when d.created_known then epoch_micros(d.created_at) end as created_us,
    case
      when not d.created_known then null
      when d.created_has_time then epoch_micros(d.created_at)
      else epoch_micros(d.created_anchor_at) - 1
    end as pipeline_us,
    case
      when d.outcome not in ('won', 'lost') or d.closed_at is null then null
      when d.closed_has_time then epoch_micros(d.closed_at)
      else epoch_micros(d.closed_anchor_at) - 1
    end as revenue_us
  from fct_deal as d
  left join contacts as c on c.deal_id = d.deal_id
),
floors as (
  select
    d.deal_id,
    max(case when w.won_us < d.pipeline_us then w.won_us end) as pipeline_floor_us,
    max(case when w.won_us < d.revenue_us then w.won_us end) as revenue_floor_us
  from deals as d
  inner join wins as w on w.account_id = d.account_id and w.deal_id <> d.deal_id
  where d.kind <> 'new'
  group by d.deal_id
),
units as (
  select
    'deal' as unit_kind,
    f.deal_id as unit_id,
    f.deal_id,
    f.carrier_lead_id as lead_id,
    l.person_id as lead_person_id,
    f.primary_person_id,
    f.account_id,
    d.default_rule,
    case when $people = 'default' then d.default_rule else $people end as people_rule,
    d.created_us,
    d.pipeline_us,
    d.revenue_us,
    cast(null as bigint) as lead_us,
    o.pipeline_floor_us,
    o.revenue_floor_us,
    case when l.created_known then epoch_micros(l.created_at) end as lead_created_us,
    l.created_by_touch_id,
    f.created_day,
    f.closed_day,
    f.outcome,
    f.pipeline_amount,
    f.won_amount,
    f.name,
    f.segment,
    f.region,
    f.persona,
    f.lead_type,
    f.owner_id,
    f.owner,
    f.pipeline,
    f.kind as deal_kind,
    f.source
  from fct_deal as f
  inner join deals as d on d.deal_id = f.deal_id
  left join floors as o on o.deal_id = f.deal_id
  left join dim_lead as l on l.lead_id = f.carrier_lead_id
  union all
  select
    'lead' as unit_kind,
    l.lead_id as unit_id,
    null as deal_id,
    l.lead_id,
    l.person_id as lead_person_id,
    l.person_id as primary_person_id,
    l.account_id,
    case when l.person_id is null then 'none' else 'lead person' end as default_rule,
    case
      when $people <> 'default' then $people
      when l.person_id is null then 'none'
      else 'lead person'
    end as people_rule,
    case when l.created_known then epoch_micros(l.created_at) end as created_us,
    cast(null as bigint) as pipeline_us,
    cast(null as bigint) as revenue_us,
    case
      when not l.created_known then null
      when l.created_has_time then epoch_micros(l.created_at)
      else epoch_micros(day_start(add_days(l.created_day, 1), $timezone)) - 1
    end as lead_us,
    cast(null as bigint) as pipeline_floor_us,
    cast(null as bigint) as revenue_floor_us,
    case when l.created_known then epoch_micros(l.created_at) end as lead_created_us,
    l.created_by_touch_id,
    l.created_day,
    cast(null as date) as closed_day,
    null as outcome,
    cast(null as bigint) as pipeline_amount,
    cast(null as bigint) as won_amount,
    l.lead_id as name,
    l.segment,
    l.region,
    l.persona,
    l.lead_type,
    l.owner_id,
    l.owner,
    null as pipeline,
    null as deal_kind,
    l.source
  from dim_lead as l
)
select
  cast(row_number() over (order by u.unit_kind, u.unit_id) as int) as unit_number,
  u.unit_kind,
  u.unit_id,
  u.deal_id,
  u.lead_id,
  u.lead_person_id,
  u.primary_person_id,
  u.account_id,
  coalesce(u.account_id, u.lead_person_id, u.unit_id) as cluster_id,
  u.default_rule,
  u.people_rule,
  u.created_us,
  u.pipeline_us,
  u.revenue_us,
  u.lead_us,
  u.pipeline_floor_us,
  u.revenue_floor_us,
  u.lead_created_us,
  u.created_by_touch_id,
  coalesce(u.created_us, u.revenue_us) as since_us,
  case
    when u.revenue_us is null or u.pipeline_us > u.revenue_us
      then coalesce(u.pipeline_us, u.lead_us)
    else u.revenue_us
  end as until_us,
  u.created_day,
  u.closed_day,
  u.outcome,
  u.pipeline_amount,
  u.won_amount,
  u.name,
  u.segment,
  u.region,
  u.persona,
  u.lead_type,
  u.owner_id,
  u.owner,
  u.pipeline,
  u.deal_kind,
  u.source
from units as u
