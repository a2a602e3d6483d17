-- question: which records could not be read?
-- grain: one row per record and column that could not be read
-- parameters: $table_name
select q.source, q.file, q."row", coalesce(q.table_name, 'record') as table_name,
  q.column_name, q.value, q.reason, q.import_id
from quarantine as q
where coalesce(q.table_name, 'record') = $table_name
order by q.file, q."row", q.column_name
