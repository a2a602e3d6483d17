-- question: which leads are known only because something else mentions them?
-- grain: one row per source
-- parameters: none
select l.source, count(*) as records, min(l.lead_id) as example
from dim_lead as l
where l.is_stub
group by l.source
order by records desc, l.source
