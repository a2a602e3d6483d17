-- question: what was sourced by whom, under each test, and what did marketing influence?
-- grain: one row per test and originator, and one row of the test 'influenced'
-- parameters: $measure (revenue or pipeline), $from_day, $to_day
with scope as (
  select
    '(all)' as key,
    o.deal_id,
    o.by_lead_source,
    o.by_first_touch,
    o.by_before_sales,
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
),
tests as (
  select s.key, 'lead_source' as test, s.by_lead_source as originator, s.deal_id, s.amount
  from scope as s
  union all
  select s.key, 'first_touch' as test, s.by_first_touch as originator, s.deal_id, s.amount
  from scope as s
  union all
  select s.key, 'before_sales' as test, s.by_before_sales as originator, s.deal_id, s.amount
  from scope as s
  union all
  select s.key, 'influenced' as test, 'marketing' as originator, s.deal_id, s.amount
  from scope as s
  where s.is_influenced
  union all
  select s.key, 'all' as test, 'all' as originator, s.deal_id, s.amount
  from scope as s
)
select
  t.key,
  t.test,
  t.originator,
  count(*) as deals,
  coalesce(sum(t.amount), 0) as amount,
  sum(case when t.amount is null then 1 else 0 end) as lacking
from tests as t
group by t.key, t.test, t.originator
order by t.key, t.test, t.originator
