-- question: how long do handed-over leads wait for their owner, and for a human?
-- grain: one row per key
-- parameters: $from, $to (days of qualification, half-open)
-- Minutes in business time; elapsed ones run through nights and weekends.
with scope as (
  select
    '(all)' as key, h.qualified_day, h.response_at, h.routing_minutes, h.routing_elapsed_minutes,
    h.response_minutes, h.response_elapsed_minutes, h.speed_minutes, h.speed_elapsed_minutes
  from fct_handoff as h
  where h.qualified_day >= $from and h.qualified_day < $to
)

select
  s.key,
  count(*) as handovers,
  count(s.response_at) as touched,
  count(s.speed_minutes) as measured,
  count(s.routing_minutes) as routed,
  quantile(s.routing_minutes, 0.5) as routing_median,
  quantile(s.routing_minutes, 0.9) as routing_p90,
  quantile(s.routing_elapsed_minutes, 0.5) as routing_elapsed_median,
  quantile(s.routing_elapsed_minutes, 0.9) as routing_elapsed_p90,
  quantile(s.response_minutes, 0.5) as response_median,
  quantile(s.response_minutes, 0.9) as response_p90,
  quantile(s.response_elapsed_minutes, 0.5) as response_elapsed_median,
  quantile(s.response_elapsed_minutes, 0.9) as response_elapsed_p90,
  quantile(s.speed_minutes, 0.5) as speed_median,
  quantile(s.speed_minutes, 0.9) as speed_p90,
  quantile(s.speed_elapsed_minutes, 0.5) as speed_elapsed_median,
  quantile(s.speed_elapsed_minutes, 0.9) as speed_elapsed_p90
from scope as s
group by s.key
order by s.key
