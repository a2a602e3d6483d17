-- question: in which stage does each lead stand at one instant?
-- grain: one row per key and stage; stage_number is null for leads that have left by then
-- parameters: $at (instant, UTC), $skips (strict leaves out leads that skipped a stage)
with scope as (
  select
    '(all)' as key,
    c.stage_number
  from fct_stage_count as c
  where
    c.placed_at <= $at
    and (c.next_at is null or c.next_at > $at)
    and c.is_observed
    and ($skips <> 'strict' or c.is_strict)
  union all
  select
    '(all)' as key,
    e.stage_number
  from fct_stage_entry as e
  where
    e.placed_at <= $at
    and (e.next_at is null or e.next_at > $at)
    and e.kind = 'exit'
)

select s.key, s.stage_number, count(*) as standing
from scope as s
group by s.key, s.stage_number
