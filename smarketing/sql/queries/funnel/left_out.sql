-- question: which leads are in no cohort because their beginning is unknown?
-- grain: one row per key
with scope as (
  select '(all)' as key, k.lead_number
  from lead_key as k
)

select s.key, count(*) as leads,
  sum(case when l.is_start_unknown then 1 else 0 end) as start_unknown
from scope as s
left join lead_course as l on l.lead_number = s.lead_number
group by s.key
