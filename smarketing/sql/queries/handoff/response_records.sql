-- question: which handovers stand behind each band of response time?
-- grain: one row per handover, with the upper end of its band in business minutes (null: never)
-- parameters: $from, $to (days of qualification, half-open), $mature_day (qualified by this day at
--   the latest)
with scope as (
  select
    '(all)' as key, h.lead_id, h.pass_number, h.qualified_at, h.response_at, h.response_minutes,
    h.response_elapsed_minutes,
    case
      when h.response_at is null then null
      when h.response_minutes <= 15 then 15
      when h.response_minutes <= 60 then 60
      when h.response_minutes <= 240 then 240
      when h.response_minutes <= 480 then 480
      when h.response_minutes <= 1440 then 1440
      else 1000000
    end as band_minutes,
    h.is_accepted, h.is_opportunity, h.is_customer, h.owner, h.segment, h.channel
  from fct_handoff as h
  where
    h.qualified_day >= $from and h.qualified_day < $to and h.qualified_day <= $mature_day
    and (h.response_at is null or h.response_minutes is not null)
)

select
  s.key, s.band_minutes, s.lead_id, s.pass_number, s.qualified_at, s.response_at,
  s.response_minutes, s.response_elapsed_minutes, s.is_accepted, s.is_opportunity, s.is_customer,
  s.owner, s.segment, s.channel
from scope as s
order by s.qualified_at, s.lead_id, s.pass_number
