-- question: which amounts came without a currency, and which one was assumed?
-- grain: one row per table, source and currency assumed
-- parameters: none
select c.table_name, c.source, c.currency, c.records
from currency_assumed as c
where c.records > 0
order by c.records desc, c.table_name, c.source
