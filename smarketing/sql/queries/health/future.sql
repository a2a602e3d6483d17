-- question: which records say that something happened after their file was imported?
-- grain: one row per source, with its latest such record
-- parameters: none
with ranked as (
  select
    f.source, f.file, f."row", f.table_name, f.record, f.column_name, f.stamp, f.day,
    row_number() over (
      partition by f.source
      order by f.stamp desc, f.file, f."row", f.table_name, f.record, f.column_name
    ) as place,
    count(*) over (partition by f.source) as records
  from future_stamp as f
)

select
  r.source,
  r.records,
  r.file,
  r."row",
  r.table_name,
  r.record,
  r.column_name,
  r.day,
  r.stamp <= b.as_of_at as is_believed
from ranked as r
cross join build_info as b
where r.place = 1
order by r.records desc, r.source
