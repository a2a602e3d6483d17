-- question: which stage events have a fault?
-- grain: one row per event and fault
-- parameters: $fault
select s.lead_id, s.source, s.stage, s.entered_at, s.fault
from stage_fault as s
where s.fault = $fault
order by s.lead_id, s.entered_at, s.stage
