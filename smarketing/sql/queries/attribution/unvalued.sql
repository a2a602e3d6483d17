-- question: how many deals of the window have no amount in the agreement's currency to share out?
-- grain: one row per key
-- parameters: $measure (revenue or pipeline), $from_day, $to_day
with scope as (
  select
    '(all)' as key,
    u.unit_number
  from fct_unit as u
  where u.unit_kind = 'deal'
    and case $measure
      when 'revenue'
        then u.outcome = 'won' and u.won_amount is null and u.revenue_us is not null
      else u.pipeline_amount is null and u.pipeline_us is not null
    end
    and case $measure when 'revenue' then u.closed_day else u.created_day end >= $from_day
    and case $measure when 'revenue' then u.closed_day else u.created_day end < $to_day
)
select
  s.key,
  count(*) as deals
from scope as s
group by s.key
