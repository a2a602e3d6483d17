-- question: which merges of a core table lead in a circle?
-- grain: one row per merge
-- parameters: $table_name
select c.table_name, c.alias_id, c.id
from merge_circle as c
where c.table_name = $table_name
order by c.alias_id
