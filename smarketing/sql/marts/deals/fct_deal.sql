-- question: what is each deal worth, how did it end, and which lead carried it?
-- grain: one row per deal
-- parameters: $timezone, $currency, $as_of_day
-- Carrier: the lead the source converted, else the primary contact's latest lead before the deal's
-- creation, else the earliest lead of anyone on the deal before it, else none. A creation that is a
-- load stamp, or later than the deal's own close, is unknown. A date without a time stands, as an
-- anchor, at the day's end (the next local midnight, not counted). An open deal is weighted by the
-- share won of the decided deals that were in its stage (five at least, else of all). What a deal
-- brings again and again, where its record does not say, is what its contracts do. A deal whose
-- outcome nothing says is neither open nor closed: it is in no sum of either. rate_factor is what an
-- amount was multiplied by to stand in the agreement's currency. What a deal was worth when it
-- entered the qualifying stage (entry_amount) is converted by the rate of its own currency; without
-- one it is in no pipeline.
with loads as (
  select distinct source, stamp
  from load_stamp
  where table_name = 'deal' and rule = 'shared'
),
given as (
  select
    d.deal_id,
    coalesce(la.account_id, d.account_id) as account_id,
    d.lead_id,
    d.name,
    d.amount,
    upper(trim(coalesce(d.currency, $currency))) as currency,
    d.recurring_amount,
    d.stage,
    coalesce(d.pipeline, '(unknown)') as pipeline,
    coalesce(nullif(lower(trim(d.kind)), ''), 'new') as kind,
    d.created_at,
    coalesce(d.created_at_has_time, false) as created_has_time,
    local_day(d.created_at, $timezone) as created_day,
    s.stamp is not null as is_loaded,
    d.closed_at,
    coalesce(d.closed_at_has_time, false) as closed_has_time,
    local_day(d.closed_at, $timezone) as closed_day,
    d.expected_close_on,
    d.forecast_category,
    coalesce(d.outcome, '(unknown)') as outcome,
    d.lost_reason,
    d.owner_id,
    coalesce(lc.campaign_id, d.campaign_id) as campaign_id,
    d.lead_source,
    d.partner,
    d.source
  from deal as d
  left join link_account as la on la.source_account_id = d.account_id
  left join link_campaign as lc on lc.name = d.campaign_id
  left join loads as s
    on s.source = d.source
    and s.stamp = whole_second(d.created_at)
    and d.created_at_has_time
),
dated as (
  select
    g.deal_id,
    g.account_id,
    g.lead_id,
    g.name,
    g.amount,
    g.currency,
    g.recurring_amount,
    g.stage,
    g.pipeline,
    g.kind,
    g.created_at,
    g.created_has_time,
    g.created_day,
    g.created_at is not null
    and not g.is_loaded
    and not (
      g.outcome in ('won', 'lost')
      and g.closed_at is not null
      and case
        when g.created_has_time and g.closed_has_time then g.created_at > g.closed_at
        else g.created_day > g.closed_day
      end
    ) as created_known,
    g.closed_at,
    g.closed_has_time,
    g.closed_day,
    case
      when g.created_has_time then g.created_at
      else day_start(add_days(g.created_day, 1), $timezone)
    end as created_anchor_at,
    case
      when g.closed_has_time then g.closed_at
      else day_start(add_days(g.closed_day, 1), $timezone)
    end as closed_anchor_at,
    case
      when g.outcome in ('won', 'lost') then coalesce(g.closed_day, $as_of_day)
      else $as_of_day
    end as rate_day,
    g.expected_close_on,
    g.forecast_category,
    g.outcome,
    g.lost_reason,
    g.owner_id,
    g.campaign_id,
    g.lead_source,
    g.partner,
    g.source
  from given as g
),
contacts as (
  select
    c.deal_id,
    coalesce(l.person_id, c.person_id) as person_id,
    coalesce(c.is_primary, false) as is_primary
  from deal_contact as c
  left join link_person as l on l.source_person_id = c.person_id
),
primaries as (
  select deal_id, min(person_id) as person_id
  from contacts
  where is_primary
  group by deal_id
),
conversions as (
  select d.deal_id, d.lead_id, 1 as preference
  from given as d
  where d.lead_id is not null
  union all
  select l.converted_deal_id as deal_id, l.lead_id, 2 as preference
  from dim_lead as l
  where l.converted_deal_id is not null
),
converted as (
  select
    c.deal_id,
    c.lead_id,
    row_number() over (
      partition by c.deal_id order by c.preference, l.created_at nulls last, c.lead_id
    ) as place
  from conversions as c
  left join dim_lead as l on l.lead_id = c.lead_id
),
candidates as (
  select d.deal_id, c.is_primary, l.lead_id, l.created_at
  from dated as d
  inner join contacts as c on c.deal_id = d.deal_id
  inner join dim_lead as l on l.person_id = c.person_id
  where d.created_known
    and l.created_known
    and (
      l.created_at < d.created_anchor_at
      or (d.created_has_time and l.created_at = d.created_anchor_at)
    )
),
of_primary as (
  select
    deal_id,
    lead_id,
    row_number() over (partition by deal_id order by created_at desc, lead_id) as place
  from candidates
  where is_primary
),
of_anyone as (
  select
    deal_id,
    lead_id,
    row_number() over (partition by deal_id order by created_at, lead_id) as place
  from candidates
),
carried as (
  select
    d.deal_id,
    coalesce(c.lead_id, p.lead_id, a.lead_id) as carrier_lead_id,
    case
      when c.lead_id is not null then 'converted'
      when p.lead_id is not null then 'primary contact'
      when a.lead_id is not null then 'anyone on the deal'
    end as carrier_rule
  from given as d
  left join converted as c on c.deal_id = d.deal_id and c.place = 1
  left join of_primary as p on p.deal_id = d.deal_id and p.place = 1
  left join of_anyone as a on a.deal_id = d.deal_id and a.place = 1
),
qualified as (
  select
    e.deal_id,
    e.amount,
    upper(trim(coalesce(e.currency, $currency))) as currency,
    row_number() over (partition by e.deal_id order by e.entered_at, e.stage) as place
  from deal_stage_event as e
  inner join agreement_qualifying_stage as q on q.stage = lower(trim(e.stage))
),
first_wins as (
  select
    deal_id,
    row_number() over (
      partition by coalesce(account_id, deal_id) order by closed_at, deal_id
    ) as place
  from dated
  where outcome = 'won' and closed_at is not null and kind = 'new'
),
aged as (
  select
    d.deal_id,
    case
      when d.outcome not in ('won', 'lost') then null
      when d.created_has_time and d.closed_has_time
        then seconds_between(d.created_at, d.closed_at) / 86400.0
      else cast(days_between(d.created_day, d.closed_day) as double)
    end as cycle_days
  from dated as d
  where d.created_known
),
reached as (
  select deal_id, lower(trim(stage)) as stage from dated where outcome in ('won', 'lost')
  union
  select e.deal_id, lower(trim(e.stage)) as stage
  from deal_stage_event as e
  inner join dated as d on d.deal_id = e.deal_id
  where d.outcome in ('won', 'lost')
),
stage_rates as (
  select
    r.stage,
    sum(case when d.outcome = 'won' then 1.0 else 0.0 end) / nullif(count(*), 0) as win_rate,
    count(*) as decided
  from reached as r
  inner join dated as d on d.deal_id = r.deal_id
  group by r.stage
),
overall_rate as (
  select
    sum(case when outcome = 'won' then 1.0 else 0.0 end) / nullif(count(*), 0) as win_rate
  from dated
  where outcome in ('won', 'lost')
),
valued as (
  select
    d.deal_id,
    d.currency = $currency or r.factor is not null as rate_known,
    case when d.currency = $currency then 1.0 else r.factor end as rate_factor,
    case
      when d.currency = $currency then d.amount
      else cast(floor(d.amount * r.factor + 0.5) as bigint)
    end as deal_amount,
    case
      when d.currency = $currency then d.recurring_amount
      else cast(floor(d.recurring_amount * r.factor + 0.5) as bigint)
    end as recurring_amount,
    q.amount as entry_amount,
    case when q.amount is not null then q.currency end as entry_currency,
    case
      when q.amount is not null and q.currency = $currency then q.amount
      when q.amount is not null then cast(floor(q.amount * qr.factor + 0.5) as bigint)
      when d.currency = $currency then d.amount
      else cast(floor(d.amount * r.factor + 0.5) as bigint)
    end as pipeline_amount
  from dated as d
  left join dim_rate as r on r.currency = d.currency and r.day = d.rate_day
  left join qualified as q on q.deal_id = d.deal_id and q.place = 1
  left join dim_rate as qr on qr.currency = q.currency and qr.day = d.rate_day
),
contracted as (
  select
    k.deal_id,
    sum(
      case
        when upper(trim(coalesce(k.currency, $currency))) = $currency
          then k.recurring_amount
        else cast(floor(k.recurring_amount * r.factor + 0.5) as bigint)
      end
    ) as recurring_amount
  from contract as k
  inner join dated as d on d.deal_id = k.deal_id
  left join dim_rate as r
    on r.currency = upper(trim(coalesce(k.currency, $currency))) and r.day = d.rate_day
  group by k.deal_id
)
select
  d.deal_id,
  d.account_id,
  a.name as account,
  coalesce(d.name, d.deal_id) as name,
  d.amount,
  d.currency,
  v.deal_amount,
  v.rate_known,
  v.rate_factor,
  coalesce(v.recurring_amount, cast(k.recurring_amount as bigint)) as recurring_amount,
  v.pipeline_amount,
  v.entry_amount,
  v.entry_currency,
  case when d.outcome = 'won' then v.deal_amount end as won_amount,
  case when d.outcome = 'open' then v.deal_amount end as open_amount,
  d.stage,
  d.pipeline,
  d.kind,
  d.created_at,
  d.created_has_time,
  d.created_day,
  d.created_known,
  case when d.created_known then d.created_day end as opened_day,
  d.created_anchor_at,
  d.closed_at,
  d.closed_has_time,
  d.closed_day,
  d.closed_anchor_at,
  g.cycle_days,
  case when d.outcome = 'open' then coalesce(s.win_rate, o.win_rate) end as stage_win_rate,
  case
    when d.outcome = 'open'
      then cast(floor(v.deal_amount * coalesce(s.win_rate, o.win_rate) + 0.5) as bigint)
  end as weighted_amount,
  d.expected_close_on,
  d.forecast_category,
  d.outcome,
  d.lost_reason,
  d.owner_id,
  n.name as owner,
  coalesce(t.team, '(unknown)') as owner_team,
  coalesce(d.campaign_id, l.campaign_id) as campaign_id,
  d.lead_source,
  d.partner,
  c.carrier_lead_id,
  c.carrier_rule,
  l.person_id as carrier_person_id,
  p.person_id as primary_person_id,
  coalesce(f.place = 1, false) as is_first_win_new,
  coalesce(a.segment, l.segment, '(unknown)') as segment,
  coalesce(nullif(a.region, '(unknown)'), l.region, '(unknown)') as region,
  coalesce(h.persona, l.persona, '(unknown)') as persona,
  case
    when l.raw_channel is not null then l.channel
    else coalesce(ch.channel, '(unknown)')
  end as channel,
  coalesce(l.raw_channel, d.lead_source) as raw_channel,
  coalesce(l.lead_type, '(unknown)') as lead_type,
  a.industry,
  a.country,
  d.source
from dated as d
inner join valued as v on v.deal_id = d.deal_id
inner join carried as c on c.deal_id = d.deal_id
cross join overall_rate as o
left join contracted as k on k.deal_id = d.deal_id
left join aged as g on g.deal_id = d.deal_id
left join stage_rates as s on s.stage = lower(trim(d.stage)) and s.decided >= 5
left join dim_lead as l on l.lead_id = c.carrier_lead_id
left join primaries as p on p.deal_id = d.deal_id
left join dim_person as h on h.person_id = p.person_id
left join dim_account as a on a.account_id = d.account_id
left join map_member as n on n.member_id = d.owner_id
left join member as m on m.member_id = d.owner_id
left join map_team as t on t.name = m.team
left join first_wins as f on f.deal_id = d.deal_id
left join map_channel as ch
  on ch.source = d.source
  and ch.raw_channel = coalesce(d.lead_source, '')
  and ch.kind = ''
  and ch.utm_source = ''
  and ch.utm_medium = ''
