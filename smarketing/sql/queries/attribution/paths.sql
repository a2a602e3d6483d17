-- question: which keys did each deal or lead meet, in which order, and how did it end?
-- grain: one row per deal or lead; path holds the numbers of its keys, empty without touches
-- parameters: $measure, $from_day, $to_day
-- Keys are numbered in their own order, so that no name can be mistaken for a separator.
with scope as (
  select
    '(all)' as key,
    c.is_attributed,
    c.unit_number,
    c.unit_id,
    c.cluster_id,
    c.day,
    c.outcome,
    c.amount,
    c.position
  from fct_credit as c
  where c.measure = $measure and c.day >= $from_day and c.day < $to_day
),
keys as (
  select
    s.key,
    row_number() over (order by s.key) as key_number
  from scope as s
  where s.is_attributed = 1
  group by s.key
),
paths as (
  select
    s.unit_number,
    journey_path(cast(k.key_number as text), s.position) as path
  from scope as s
  inner join keys as k on k.key = s.key
  where s.is_attributed = 1
  group by s.unit_number
)
select
  s.unit_number,
  min(s.unit_id) as unit_id,
  min(s.cluster_id) as cluster_id,
  min(s.day) as day,
  min(s.outcome) as outcome,
  min(s.amount) as amount,
  coalesce(min(p.path), '') as path
from scope as s
left join paths as p on p.unit_number = s.unit_number
group by s.unit_number
order by s.unit_number
