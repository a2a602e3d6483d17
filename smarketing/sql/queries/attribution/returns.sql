-- question: what did touches of some days earn in deals or leads of some days, at which margin?
-- grain: one row per key and agreed gross margin (null before the first one agreed)
-- parameters: $measure, $from_day, $to_day (of the close or creation), $from_us, $to_us (of the touch)
-- The margin is that of the day of the close or creation, never that of the touch.
with scope as (
  select
    '(all)' as key,
    g.margin,
    c.each_model_credit
  from fct_credit as c
  left join agreement_gross_margin as g on c.day >= g.starts_on and c.day < g.ends_on
  where c.measure = $measure
    and c.is_attributed = 1
    and c.day >= $from_day
    and c.day < $to_day
    and c.touch_us >= $from_us
    and c.touch_us < $to_us
)
select
  s.key,
  s.margin,
  sum(s.each_model_credit) as each_model_credit
from scope as s
group by s.key, s.margin
order by s.key, s.margin
