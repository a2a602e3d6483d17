-- question: which kinds of touches are there?
-- grain: one row per kind
-- parameters: none
select t.kind
from fct_touch as t
group by t.kind
order by t.kind
