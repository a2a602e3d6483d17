-- question: why were records of the files not used?
-- grain: one row per source and reason
-- parameters: none
select
  u.source,
  u.reason,
  sum(u.rows) as records,
  count(distinct u.file) as files,
  min(u.file) as example
from file_unused as u
where u.rows > 0
group by u.source, u.reason
order by records desc, u.source, u.reason
