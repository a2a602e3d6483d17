-- question: which values could not be read, where, why?
-- grain: one row per file, table, column and reason, with the first line that holds one
-- parameters: none
with ranked as (
  select
    q.source,
    q.file,
    coalesce(q.table_name, 'record') as table_name,
    q.column_name,
    q.reason,
    q."row" as line,
    q.value as example,
    row_number() over (
      partition by
        q.source, q.file, coalesce(q.table_name, 'record'), q.column_name, q.reason
      order by q."row", q.import_id
    ) as place,
    count(*) over (
      partition by
        q.source, q.file, coalesce(q.table_name, 'record'), q.column_name, q.reason
    ) as records
  from quarantine as q
)

select r.source, r.file, r.table_name, r.column_name, r.reason, r.records, r.line, r.example
from ranked as r
where r.place = 1
order by r.records desc, r.file, r.table_name, r.column_name, r.reason, r.source
