-- question: (stands in for the CTE `asked` of fct_credit) which measure, window and settings?
-- grain: one row
-- parameters: $measure, $from_day, $to_day, $with_lost, $lookback_days, $half_life_days, $side
select
  $measure as measure,
  case $measure when 'revenue' then 1 when 'pipeline' then 2 else 3 end as measure_number,
  case $measure when 'leads' then 'lead' else 'deal' end as unit_kind,
  cast($from_day as date) as from_day,
  cast($to_day as date) as to_day,
  $with_lost as with_lost,
  cast($lookback_days as bigint) * 86400000000 as lookback_us,
  $half_life_days * 86400000000.0 as half_life_us,
  $side as side
