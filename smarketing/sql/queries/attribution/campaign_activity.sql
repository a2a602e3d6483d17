-- question: how many touches did each campaign have, month by month?
-- grain: one row per key and month with touches
-- parameters: $from, $to
with scope as (
  select
    '(all)' as key,
    t.campaign_id,
    d.month,
    t.touch_id
  from fct_touch as t
  inner join dim_date as d on d.day = t.occurred_day
  where t.is_usable and t.occurred_day >= $from and t.occurred_day < $to
)
select key, month, count(*) as touches
from scope
group by key, month
order by key, month
