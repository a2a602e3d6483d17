-- question: how many leads and deals belong to people who had left by then?
-- grain: one row per table and what happened after the owner's last day
-- parameters: none
select
  f.table_name,
  f.fault,
  count(*) as records,
  count(distinct f.member_id) as owners,
  min(f.owner) as example
from owner_fault as f
group by f.table_name, f.fault
order by records desc, f.table_name, f.fault
