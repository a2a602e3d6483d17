-- question: how does the rate of each step move, by the period in which its stage was entered?
-- grain: one row per key, period and step
-- parameters: $from, $to (days of the entry, half-open), $grain (week, month, quarter)
with scope as (
  select
    '(all)' as key, c.step_number, c.stage, c.next_stage, c.entered_day, c.is_mature,
    c.is_converted, c.is_converted_within
  from fct_conversion as c
  where c.entered_day >= $from and c.entered_day < $to
)

select
  s.key,
  s.step_number,
  s.stage,
  s.next_stage,
  case $grain when 'week' then d.week_start when 'quarter' then d.quarter_start
    else d.month_start end as period_start,
  count(*) as reached,
  sum(case when s.is_converted then 1 else 0 end) as converted,
  sum(case when s.is_mature then 1 else 0 end) as mature,
  sum(case when s.is_mature and s.is_converted_within then 1 else 0 end) as mature_converted
from scope as s
inner join dim_date as d on d.day = s.entered_day
group by
  s.key, s.step_number, s.stage, s.next_stage,
  case $grain when 'week' then d.week_start when 'quarter' then d.quarter_start
    else d.month_start end
order by s.key, s.step_number, period_start
