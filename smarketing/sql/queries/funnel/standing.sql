-- question: which leads stand in a stage, or have left, at one instant?
-- grain: one row per lead
-- parameters: $at (instant, UTC), $skips, $stage_number (0 for leads that have left)
-- Where the source has said by then that a lead stands elsewhere than its history, it stands there.
with scope as (
  select
    '(all)' as key, c.lead_id, c.placed_at, c.entered_day, c.date_known, c.stage_number,
    cast(null as text) as exit, cast(null as text) as reason, c.segment, c.channel, c.owner,
    c.campaign_id, c.stated_stage, c.stated_stage_number, c.stated_at,
    c.stated_at <= $at and c.stated_at >= c.placed_at as is_stated
  from fct_stage_count as c
  where
    c.placed_at <= $at
    and (c.next_at is null or c.next_at > $at)
    and c.is_observed
    and ($skips <> 'strict' or c.is_strict)
  union all
  select
    '(all)' as key, e.lead_id, e.placed_at, e.entered_day, e.date_known, e.stage_number,
    e.stage as exit, e.reason, e.segment, e.channel, e.owner, e.campaign_id, e.stated_stage,
    e.stated_stage_number, e.stated_at,
    e.stated_at <= $at and e.stated_at >= e.placed_at as is_stated
  from fct_stage_entry as e
  where
    e.placed_at <= $at
    and (e.next_at is null or e.next_at > $at)
    and e.kind = 'exit'
),

moved as (
  select
    s.key, s.lead_id, s.segment, s.channel, s.owner, s.campaign_id, s.placed_at, s.entered_day,
    s.date_known, s.stage_number, s.exit, s.reason, s.stated_stage, s.stated_stage_number,
    s.stated_at,
    coalesce(s.is_stated, false) and (
      coalesce(s.stated_stage_number, 0) <> coalesce(s.stage_number, 0)
      or (s.stated_stage_number is null and s.stated_stage <> s.exit)
    ) as is_elsewhere
  from scope as s
),

standing as (
  select
    m.key, m.lead_id, m.segment, m.channel, m.owner, m.campaign_id,
    case when m.is_elsewhere then m.stated_at else m.placed_at end as entered_at,
    case when not m.is_elsewhere then m.entered_day end as entered_day,
    m.date_known and not m.is_elsewhere as date_known,
    coalesce(case when m.is_elsewhere then m.stated_stage_number else m.stage_number end, 0)
      as stage_number,
    case
      when not m.is_elsewhere then m.exit
      when m.stated_stage_number is null then m.stated_stage
    end as exit,
    case when not m.is_elsewhere then m.reason end as reason
  from moved as m
  where $skips <> 'strict' or not m.is_elsewhere
)

select
  s.key, s.lead_id, s.entered_at, s.entered_day, s.date_known, s.exit, s.reason, s.segment,
  s.channel, s.owner, s.campaign_id
from standing as s
where s.stage_number = $stage_number
order by s.entered_at, s.lead_id
