-- question: do leads that are answered faster go further?
-- grain: one row per key and band of response time (upper end in business minutes; null: never)
-- parameters: $from, $to (days of qualification, half-open), $mature_day (qualified by this day at
--   the latest: old enough to have become an opportunity)
with scope as (
  select
    '(all)' as key,
    case
      when h.response_at is null then null
      when h.response_minutes <= 15 then 15
      when h.response_minutes <= 60 then 60
      when h.response_minutes <= 240 then 240
      when h.response_minutes <= 480 then 480
      when h.response_minutes <= 1440 then 1440
      else 1000000
    end as band_minutes,
    h.is_accepted,
    h.is_opportunity,
    h.is_customer
  from fct_handoff as h
  where
    h.qualified_day >= $from and h.qualified_day < $to and h.qualified_day <= $mature_day
    and (h.response_at is null or h.response_minutes is not null)
)

select
  s.key,
  s.band_minutes,
  count(*) as handovers,
  sum(case when s.is_accepted then 1 else 0 end) as accepted,
  sum(case when s.is_opportunity then 1 else 0 end) as opportunities,
  sum(case when s.is_customer then 1 else 0 end) as customers
from scope as s
group by s.key, s.band_minutes
order by s.key, s.band_minutes
