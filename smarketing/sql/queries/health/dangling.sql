-- question: which ids point to a record that no file holds?
-- grain: one row per source, table and column
-- parameters: none
select
  d.table_name,
  d.source,
  d.column_name,
  d.references_table,
  d.records,
  d.example
from dangling as d
where d.records > 0
order by d.records desc, d.table_name, d.column_name, d.source
