-- question: which records say that something happened after their file was imported?
-- grain: one row per record and column, the latest thousand of each file and column
-- parameters: $source
select
  f.source, f.file, f."row", f.table_name, f.record, f.column_name, f.stamp, f.day, f.imported_at,
  f.import_id
from future_stamp as f
where f.source = $source
order by f.stamp desc, f.file, f."row", f.column_name
