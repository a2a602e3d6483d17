-- question: which leads entered the stage of a step in the window, and did they go on?
-- grain: one row per lead that entered the step's stage
-- parameters: $step_number, $from, $to (days of the entry into the step's stage, half-open)
with scope as (
  select
    '(all)' as key, c.lead_id, c.entered_at, c.entered_day, c.converted_at, c.days_to_convert,
    c.followed_days, c.is_mature, c.is_converted_within, c.segment, c.channel, c.owner
  from fct_conversion as c
  where c.step_number = $step_number and c.entered_day >= $from and c.entered_day < $to
)

select
  s.key, s.lead_id, s.entered_at, s.entered_day, s.converted_at, s.days_to_convert,
  s.followed_days, s.is_mature, s.is_converted_within, s.segment, s.channel, s.owner
from scope as s
order by s.entered_at, s.lead_id
