-- from: member
-- Who works here, on which team? Columns as they are.
select
  m._row,
  m._file_id,
  m.modified_at as _modified,
  m.member_id,
  m.name,
  m.team,
  m.role,
  m.manager_id,
  m.capacity_per_month,
  m.timezone,
  m.starts_on,
  m.ends_on
from member m
