-- question: which files say another total than what was read of them?
-- grain: one row per file, column and total; amounts are in minor units of their currency
-- parameters: none
select
  t.source,
  t.file,
  t.table_name,
  t.column_name,
  t.currency,
  t.said_amount,
  t.read_amount,
  t.agrees
from file_total as t
order by t.agrees, t.source, t.file, t.column_name
