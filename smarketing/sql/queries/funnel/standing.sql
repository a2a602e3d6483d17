-- question: which leads stand in a stage, or have left, at one instant?
-- grain: one row per lead
-- parameters: $at (instant, UTC), $skips, $stage_number (0 for leads that have left)
with scope as (
  select
    '(all)' as key, c.lead_id, c.placed_at, c.entered_day, c.date_known, c.stage_number,
    cast(null as text) as exit, cast(null as text) as reason, c.segment, c.channel, c.owner,
    c.campaign_id
  from fct_stage_count as c
  where
    c.placed_at <= $at
    and (c.next_at is null or c.next_at > $at)
    and c.is_observed
    and ($skips <> 'strict' or c.is_strict)
  union all
  select
    '(all)' as key, e.lead_id, e.placed_at, e.entered_day, e.date_known, 0 as stage_number,
    e.stage as exit, e.reason, e.segment, e.channel, e.owner, e.campaign_id
  from fct_stage_entry as e
  where
    e.placed_at <= $at
    and (e.next_at is null or e.next_at > $at)
    and e.kind = 'exit'
)

select
  s.key, s.lead_id, s.placed_at as entered_at, s.entered_day, s.date_known, s.exit, s.reason,
  s.segment, s.channel, s.owner, s.campaign_id
from scope as s
where s.stage_number = $stage_number
order by s.placed_at, s.lead_id
