-- from: record_alias
-- Which records were merged into which? Columns as they are.
select
  r._row,
  r._file_id,
  r.modified_at as _modified,
  r."table",
  r.alias_id,
  r.id
from record_alias r
