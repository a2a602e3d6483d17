-- question: which stage events cannot be taken as they stand?
-- grain: one row per fault
-- parameters: none
select
  s.fault,
  count(*) as records,
  count(distinct s.lead_id) as leads,
  min(s.lead_id) as example
from stage_fault as s
group by s.fault
order by records desc, s.fault
