-- question: which keys did the deals or leads meet?
-- grain: one row per key, in the order in which attribution_paths numbers them
-- parameters: $measure, $from_day, $to_day
with scope as (
  select
    '(all)' as key,
    c.is_attributed
  from fct_credit as c
  where c.measure = $measure and c.day >= $from_day and c.day < $to_day
)
select s.key
from scope as s
where s.is_attributed = 1
group by s.key
order by s.key
