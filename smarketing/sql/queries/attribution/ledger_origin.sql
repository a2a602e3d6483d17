-- question: which deals were sourced by whom, and influenced?
-- grain: one row per deal
-- parameters: $measure (revenue or pipeline), $from_day, $to_day
with scope as (
  select
    o.deal_id,
    o.name,
    o.account_id,
    o.lead_source,
    o.by_lead_source,
    o.by_first_touch,
    o.by_before_sales,
    o.originator,
    case when $measure = 'revenue' then o.closed_day else o.created_day end as day,
    case when $measure = 'revenue' then o.won_amount else o.pipeline_amount end as amount,
    case
      when $measure = 'revenue' then o.is_influenced_revenue
      else o.is_influenced_pipeline
    end as is_influenced
  from fct_origin as o
  where ($measure = 'pipeline' or o.outcome = 'won')
    and ($measure = 'revenue' or o.created_known)
    and case when $measure = 'revenue' then o.closed_day else o.created_day end >= $from_day
    and case when $measure = 'revenue' then o.closed_day else o.created_day end < $to_day
)
select
  s.deal_id,
  s.name,
  a.name as account,
  s.day,
  s.amount,
  s.lead_source,
  s.by_lead_source,
  s.by_first_touch,
  s.by_before_sales,
  s.originator,
  s.is_influenced
from scope as s
left join dim_account as a on a.account_id = s.account_id
order by s.day, s.deal_id
