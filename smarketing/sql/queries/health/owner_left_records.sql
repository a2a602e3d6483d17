-- question: which leads and deals belong to people who had left by then?
-- grain: one row per record and what happened after its owner's last day
-- parameters: $table_name, $fault
select f.table_name, f.fault, f.record, f.owner, f.owner_ends_on, f.day
from owner_fault as f
where f.table_name = $table_name and f.fault = $fault
order by f.owner, f.record
