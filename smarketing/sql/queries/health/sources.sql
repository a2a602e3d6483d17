-- question: how old is each source's data, against the newest data of the store?
-- grain: one row per source
-- parameters: none
select
  s.source,
  s.as_of_at,
  s.as_of_day,
  b.as_of_day as store_day,
  days_between(s.as_of_day, b.as_of_day) as age_days,
  s.files,
  s.rows
from source_info as s
cross join build_info as b
order by s.source
