-- question: which merges lead in a circle, so that they merge nobody?
-- grain: one row per core table, with its first such merge
-- parameters: none
with ranked as (
  select
    c.table_name, c.alias_id, c.id,
    row_number() over (partition by c.table_name order by c.alias_id, c.id) as place,
    count(*) over (partition by c.table_name) as records
  from merge_circle as c
)

select r.table_name, r.records, r.alias_id, r.id
from ranked as r
where r.place = 1
order by r.table_name
