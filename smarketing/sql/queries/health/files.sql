-- question: what became of the records of each imported file?
-- grain: one row per file and import
-- parameters: none
select
  f.source,
  f.file,
  f.object,
  f.rows,
  f.used,
  f.unused,
  f.quarantined,
  f.rows - f.used - f.unused - f.quarantined as lost,
  f.as_of_at,
  f.imported_at,
  f.import_id
from file_info as f
order by f.source, f.file, f.imported_at
