-- from: lead_assignment
-- When was a lead given to someone? Columns as they are.
select
  l._row,
  l._file_id,
  l.modified_at as _modified,
  l.lead_id,
  l.member_id,
  l.assigned_at
from lead_assignment l
