-- question: why does sales reject what it is handed, and from which campaign does it come?
-- grain: one row per key, campaign and reason; reason is null for what was not rejected
-- parameters: $from, $to (days of qualification, half-open)
with scope as (
  select
    '(all)' as key, h.campaign_id, h.is_rejected,
    case when h.is_rejected then coalesce(h.reason, '(no reason given)') end as reason
  from fct_handoff as h
  where h.qualified_day >= $from and h.qualified_day < $to
)

select
  s.key,
  coalesce(s.campaign_id, '(none)') as campaign_id,
  coalesce(c.name, s.campaign_id, '(none)') as campaign,
  s.reason,
  count(*) as handovers
from scope as s
left join dim_campaign as c on c.campaign_id = s.campaign_id
group by s.key, s.campaign_id, c.name, s.reason
order by s.key, handovers desc, campaign, s.reason
