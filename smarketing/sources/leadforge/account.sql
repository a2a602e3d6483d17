-- from: accounts
-- Which companies are there? A size band counts as its lower end, so that a segment is never
-- larger than the source says. The region is a country code where it has two letters.
select
  a._row,
  a._file_id,
  a.account_id,
  a.company_name as name,
  a.industry,
  regexp_extract(a.employee_band, '^\s*(\d+)', 1) as employees,
  case when length(a.region) = 2 then a.region end as country,
  case when length(a.region) <> 2 then a.region end as region,
  a.created_at
from accounts a
