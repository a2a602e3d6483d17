-- question: who originated each deal, under each of the three tests, and did marketing influence it?
-- grain: one row per deal
-- parameters: $originator_test, $lookback_days
-- Fixed at the deal's creation (its close where the creation is unknown), among the deal's people.
-- by_lead_source: what the agreement's rules make of the source's lead source. by_first_touch: the
-- side or team of the earliest touch that counts inside the window. by_before_sales: marketing where
-- a marketing touch that counts came before sales' first activity of any kind (or, without one,
-- before the creation), else the team of that activity. Influenced: at least one marketing touch that
-- counts, up to the creation (pipeline) or the close (revenue). Sourced and influenced overlap and
-- are never added.
with deals as (
  select
    u.unit_number,
    u.deal_id,
    u.people_rule,
    coalesce(u.pipeline_us, u.revenue_us) as fixed_us,
    u.pipeline_us,
    u.revenue_us,
    u.since_us - cast($lookback_days as bigint) * 86400000000 as from_us,
    u.pipeline_floor_us,
    u.revenue_floor_us
  from fct_unit as u
  where u.unit_kind = 'deal'
),
counted as (
  select
    d.unit_number,
    j.position,
    j.touch_us,
    j.side,
    j.channel,
    j.touch_id,
    d.fixed_us,
    d.pipeline_us,
    d.revenue_us,
    coalesce(d.pipeline_floor_us, 0) as pipeline_floor_us,
    coalesce(d.revenue_floor_us, 0) as revenue_floor_us
  from deals as d
  inner join fct_journey as j on j.unit_number = d.unit_number
  where j.is_excluded = 0
    and j.touch_us >= d.from_us
    and case d.people_rule
      when 'committee' then j.in_committee
      when 'primary' then j.in_primary
      when 'account' then j.in_account
      when 'lead' then j.on_lead
      else j.in_default
    end = 1
),
firsts as (
  select
    c.unit_number,
    min(c.position) as first_position,
    min(case when c.side = 'marketing' then c.touch_us end) as first_marketing_us
  from counted as c
  where c.touch_us <= c.fixed_us and c.touch_us > c.pipeline_floor_us
  group by c.unit_number
),
influence as (
  select
    c.unit_number,
    max(
      case
        when c.touch_us <= c.pipeline_us and c.touch_us > c.pipeline_floor_us then 1
        else 0
      end
    ) as on_pipeline,
    max(
      case
        when c.touch_us <= c.revenue_us and c.touch_us > c.revenue_floor_us then 1
        else 0
      end
    ) as on_revenue
  from counted as c
  where c.side = 'marketing'
  group by c.unit_number
),
sales_activity as (
  select
    d.unit_number,
    min(j.position) as first_position,
    min(j.touch_us) as first_us
  from deals as d
  inner join fct_journey as j on j.unit_number = d.unit_number
  where j.side = 'sales'
    and (j.in_default = 1 or j.on_lead = 1)
    and j.touch_us <= d.fixed_us
  group by d.unit_number
),
first_touch as (
  select
    f.unit_number,
    f.first_marketing_us,
    c.side,
    c.channel,
    n.team
  from firsts as f
  inner join counted as c on c.unit_number = f.unit_number and c.position = f.first_position
  left join fct_touch as t on t.touch_id = c.touch_id
  left join member as m on m.member_id = t.actor_id
  left join map_team as n on n.name = m.team
),
first_sales as (
  select
    s.unit_number,
    s.first_us,
    n.team
  from sales_activity as s
  inner join fct_journey as j on j.unit_number = s.unit_number and j.position = s.first_position
  left join fct_touch as t on t.touch_id = j.touch_id
  left join member as m on m.member_id = t.actor_id
  left join map_team as n on n.name = m.team
),
tested as (
  select
    d.deal_id,
    coalesce(o.originator, 'unknown') as by_lead_source,
    case
      when f.unit_number is null then 'unknown'
      when f.side = 'sales' then coalesce(ft.originator, 'account_executive')
      else coalesce(fc.originator, 'marketing')
    end as by_first_touch,
    case
      when f.first_marketing_us is not null
        and f.first_marketing_us < coalesce(s.first_us, d.fixed_us + 1) then 'marketing'
      when s.unit_number is null then 'unknown'
      else coalesce(st.originator, 'account_executive')
    end as by_before_sales,
    coalesce(i.on_pipeline, 0) as is_influenced_pipeline,
    coalesce(i.on_revenue, 0) as is_influenced_revenue
  from deals as d
  inner join fct_deal as e on e.deal_id = d.deal_id
  left join map_originator as o on o.lead_source = coalesce(e.lead_source, '')
  left join first_touch as f on f.unit_number = d.unit_number
  left join first_sales as s on s.unit_number = d.unit_number
  left join agreement_team_originator as ft on ft.team = f.team
  left join agreement_team_originator as st on st.team = s.team
  left join agreement_channel_originator as fc on fc.channel = f.channel
  left join influence as i on i.unit_number = d.unit_number
)
select
  t.deal_id,
  t.by_lead_source,
  t.by_first_touch,
  t.by_before_sales,
  case $originator_test
    when 'first_touch' then t.by_first_touch
    when 'before_sales' then t.by_before_sales
    else t.by_lead_source
  end as originator,
  t.is_influenced_pipeline = 1 as is_influenced_pipeline,
  t.is_influenced_revenue = 1 as is_influenced_revenue,
  d.name,
  d.account_id,
  d.outcome,
  d.kind,
  d.pipeline,
  d.created_day,
  d.created_known,
  d.opened_day,
  d.closed_day,
  d.pipeline_amount,
  d.won_amount,
  d.currency,
  d.rate_factor,
  d.segment,
  d.region,
  d.persona,
  d.channel,
  d.raw_channel,
  d.lead_type,
  d.campaign_id,
  d.owner_id,
  d.owner,
  d.lead_source,
  d.source
from tested as t
inner join fct_deal as d on d.deal_id = t.deal_id
