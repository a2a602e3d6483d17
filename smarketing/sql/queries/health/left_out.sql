-- question: why were records of a file not used?
-- grain: one row per import, file and reason, most records first
-- parameters: none
select
  u.import_id,
  u.file,
  u.reason,
  sum(u.rows) as records
from file_unused as u
where u.rows > 0
group by u.import_id, u.file, u.reason
order by records desc, u.import_id, u.file, u.reason
