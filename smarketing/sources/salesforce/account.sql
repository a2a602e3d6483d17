-- from: Account
-- Which companies does the CRM know? One row per account; deleted and merged ones are left out.
select
  a._row,
  a._file_id,
  coalesce(a.SystemModstamp, a.LastModifiedDate) as _modified,
  a.Id as account_id,
  a.ParentId as parent_id,
  a.Name as name,
  nullif(lower(regexp_extract(
    a.Website, '^\s*(?:[a-zA-Z]+://)?(?:[wW]{3}\.)?([^/:?#\s]+)', 1
  )), '') as domain,
  a.Industry as industry,
  a.NumberOfEmployees as employees,
  a.BillingCountry as country,
  a.OwnerId as owner_id,
  a.CreatedDate as created_at
from Account a
