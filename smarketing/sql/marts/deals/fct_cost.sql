-- question: what did we spend, on which day, for which campaign?
-- grain: one row per cost record of a source
-- parameters: $currency, $lag_by_cycle, $cost_without_team
-- is_acquisition: within the agreed boundary of what winning customers costs; a category that is
-- none of the trade's own is within it. acquisition_day is when it counts for that: the day itself
-- or, where so agreed, lagged_day, which is later by the median cycle of won deals of kind new.
-- A cost that names no team is the agreed one's; one that covers several days stands on each of them
-- with an even part (is_spread). An amount without a rate on its day (or the seven before) has no
-- cost_amount; rate_known says so.
with given as (
  select
    c.cost_id,
    c.incurred_on,
    case
      when coalesce(m.team, '(unknown)') = '(unknown)' then $cost_without_team
      else m.team
    end as team,
    coalesce(m.team, '(unknown)') as named_team,
    c.covers_until is not null as is_spread,
    c.category,
    c.amount,
    upper(trim(coalesce(c.currency, $currency))) as currency,
    coalesce(l.campaign_id, c.campaign_id) as campaign_id,
    c.impressions,
    c.clicks,
    c.source
  from cost as c
  left join map_team as m on m.name = c.team
  left join link_campaign as l on l.name = c.campaign_id
),
cycle as (
  select cast(floor(coalesce(quantile(d.cycle_days, 0.5), 0) + 0.5) as int) as cycle_days
  from fct_deal as d
  where d.outcome = 'won' and d.kind = 'new'
)
select
  g.cost_id,
  g.incurred_on,
  add_days(g.incurred_on, y.cycle_days) as lagged_day,
  case
    when $lag_by_cycle = 1 then add_days(g.incurred_on, y.cycle_days)
    else g.incurred_on
  end as acquisition_day,
  t.team is not null and coalesce(k.is_counted, true) as is_acquisition,
  g.team,
  g.named_team,
  g.is_spread,
  coalesce(g.category, '(unknown)') as category,
  case
    when g.currency = $currency then g.amount
    else cast(floor(g.amount * r.factor + 0.5) as bigint)
  end as cost_amount,
  g.amount,
  g.currency,
  g.currency = $currency or r.factor is not null as rate_known,
  case when g.currency = $currency then 1.0 else r.factor end as rate_factor,
  g.campaign_id,
  c.name as campaign,
  coalesce(c.channel, '(unknown)') as channel,
  c.raw_channel,
  c.persona,
  g.impressions,
  g.clicks,
  g.source
from given as g
cross join cycle as y
left join agreement_cac_team as t on t.team = g.team
left join agreement_cac_category as k on k.category = g.category
left join dim_campaign as c on c.campaign_id = g.campaign_id
left join dim_rate as r on r.currency = g.currency and r.day = g.incurred_on
