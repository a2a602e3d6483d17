-- question: which records could not be read?
-- grain: one row per record and column that could not be read
-- parameters: none
select q.source, q.file, q."row", q.table_name, q.column_name, q.value, q.reason, q.import_id
from quarantine as q
order by q.file, q."row", q.table_name, q.column_name
