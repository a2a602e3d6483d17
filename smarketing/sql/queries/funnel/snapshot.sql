-- question: in which stage does each lead stand at one instant?
-- grain: one row per key and stage; stage_number is null for leads that have left by then
-- parameters: $at (instant, UTC), $skips (strict leaves out leads that skipped a stage)
-- Where the source has said by then that a lead stands elsewhere than its history, it stands there.
with scope as (
  select
    '(all)' as key,
    c.stage_number,
    c.stated_stage_number,
    c.stated_at <= $at and c.stated_at >= c.placed_at as is_stated
  from fct_stage_count as c
  where
    c.placed_at <= $at
    and (c.next_at is null or c.next_at > $at)
    and c.is_observed
    and ($skips <> 'strict' or c.is_strict)
  union all
  select
    '(all)' as key,
    e.stage_number,
    e.stated_stage_number,
    e.stated_at <= $at and e.stated_at >= e.placed_at as is_stated
  from fct_stage_entry as e
  where
    e.placed_at <= $at
    and (e.next_at is null or e.next_at > $at)
    and e.kind = 'exit'
),

standing as (
  select
    s.key,
    case when s.is_stated then s.stated_stage_number else s.stage_number end as stage_number
  from scope as s
  where
    $skips <> 'strict'
    or not coalesce(s.is_stated, false)
    or s.stated_stage_number = s.stage_number
    or (s.stated_stage_number is null and s.stage_number is null)
)

select s.key, s.stage_number, count(*) as standing
from standing as s
group by s.key, s.stage_number
