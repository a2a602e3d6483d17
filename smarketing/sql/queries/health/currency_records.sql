-- question: which amounts of a source came without a currency?
-- grain: one row per table and currency assumed
-- parameters: $source
select c.table_name, c.source, c.currency, c.records
from currency_assumed as c
where c.source = $source and c.records > 0
order by c.records desc, c.table_name
