-- from: companies
-- Which companies does HubSpot know?
select
  c._row,
  c._file_id,
  coalesce(c.hs_lastmodifieddate, c.updatedAt) as _modified,
  c.id as account_id,
  c.name,
  lower(c.domain) as domain,
  c.industry,
  c.numberofemployees as employees,
  c.country,
  c.hubspot_owner_id as owner_id,
  c.hs_is_target_account as is_target,
  c.createdate as created_at
from companies c
