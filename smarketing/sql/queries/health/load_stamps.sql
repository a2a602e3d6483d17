-- question: which creation stamps say when records were loaded rather than when they began?
-- grain: one row per table, source, stamp and rule
-- parameters: none
select l.table_name, l.source, l.stamp, l.records, l.share, l.rule
from load_stamp as l
order by l.records desc, l.table_name, l.source, l.stamp, l.rule
