-- question: how often did leads of each value of an attribute take a step, within each stratum?
-- grain: one row per key (the attribute's value), segment and channel
-- parameters: $step_number, $from, $to (days of the entry into the step's stage, half-open)
-- Mature leads only; converted within the step's window.
with scope as (
  select
    '(all)' as key, c.segment as stratum_segment, c.channel as stratum_channel,
    c.is_converted_within
  from fct_conversion as c
  where
    c.step_number = $step_number and c.is_mature
    and c.entered_day >= $from and c.entered_day < $to
)

select
  s.key,
  s.stratum_segment,
  s.stratum_channel,
  count(*) as leads,
  sum(case when s.is_converted_within then 1 else 0 end) as converted
from scope as s
group by s.key, s.stratum_segment, s.stratum_channel
