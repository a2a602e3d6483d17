-- from: account
-- Which companies are there? Columns as they are.
select
  a._row,
  a._file_id,
  a.modified_at as _modified,
  a.account_id,
  a.parent_id,
  a.name,
  a.domain,
  a.industry,
  a.employees,
  a.country,
  a.region,
  a.owner_id,
  a.is_target,
  a.tier,
  a.created_at
from account a
