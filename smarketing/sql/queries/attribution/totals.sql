-- question: how much did each key earn under every rule-based model, and in how many deals?
-- grain: one row per key, the units without a touch apart (is_attributed 0)
-- parameters: $measure, $from_day, $to_day
with scope as (
  select
    '(all)' as key,
    c.is_attributed,
    c.unit_number,
    c.each_model_credit
  from fct_credit as c
  where c.measure = $measure and c.day >= $from_day and c.day < $to_day
),
by_unit as (
  select
    s.key,
    s.is_attributed,
    s.unit_number,
    sum(s.each_model_credit) as each_model_credit
  from scope as s
  group by s.key, s.is_attributed, s.unit_number
),
counted as (
  select count(distinct b.unit_number) as all_units
  from by_unit as b
)
select
  b.key,
  b.is_attributed,
  count(*) as units,
  min(n.all_units) as all_units,
  sum(b.each_model_credit) as each_model_credit,
  sum(case when b.each_model_credit <> 0 then 1 else 0 end) as each_model_units
from by_unit as b
cross join counted as n
group by b.key, b.is_attributed
order by b.is_attributed desc, b.key
