-- question: which values could not be read, where, why?
-- grain: one row per file, table, column and reason
-- parameters: none
select
  q.source,
  q.file,
  coalesce(q.table_name, 'record') as table_name,
  q.column_name,
  q.reason,
  count(*) as records,
  min(q.value) as example
from quarantine as q
group by q.source, q.file, coalesce(q.table_name, 'record'), q.column_name, q.reason
order by records desc, q.file, table_name, q.column_name, q.reason
