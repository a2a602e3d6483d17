-- question: what is each campaign, by the agreed channels and in the agreed currency?
-- grain: one row per campaign (aliases lead to one)
-- parameters: $currency, $as_of_day
with given as (
  select
    c.campaign_id,
    c.name,
    m.channel,
    c.channel as raw_channel,
    c.kind,
    p.campaign_id as parent_id,
    c.status,
    c.starts_on,
    c.ends_on,
    c.budget,
    upper(trim(coalesce(c.currency, $currency))) as currency,
    coalesce(c.starts_on, $as_of_day) as budget_day,
    c.owner_id,
    c.persona,
    c.source
  from campaign as c
  inner join link_campaign as l on l.name = c.campaign_id and l.campaign_id = c.campaign_id
  left join link_campaign as p on p.name = c.parent_id
  left join map_channel as m
    on m.source = c.source
    and m.raw_channel = coalesce(c.channel, '')
    and m.kind = coalesce(c.kind, '')
    and m.utm_source = ''
    and m.utm_medium = ''
)
select
  g.campaign_id,
  coalesce(g.name, g.campaign_id) as name,
  coalesce(g.channel, '(unknown)') as channel,
  g.raw_channel,
  g.kind,
  g.parent_id,
  g.status,
  g.starts_on,
  g.ends_on,
  case
    when g.currency = $currency then g.budget
    else cast(floor(g.budget * r.factor + 0.5) as bigint)
  end as budget_amount,
  g.owner_id,
  o.name as owner,
  g.persona,
  g.source
from given as g
left join dim_rate as r on r.currency = g.currency and r.day = g.budget_day
left join map_member as o on o.member_id = g.owner_id
