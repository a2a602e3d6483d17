-- from: lead_stage_event
-- When did leads enter or leave stages? Columns as they are.
select
  l._row,
  l._file_id,
  l.modified_at as _modified,
  l.lead_id,
  l.stage,
  l.entered_at,
  l.kind,
  l.actor_id,
  l.reason
from lead_stage_event l
