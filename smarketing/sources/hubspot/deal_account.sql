-- from: deals
-- Which companies is a deal associated with? It is with its primary one, else with the first.
select
  d._row,
  d._file_id,
  coalesce(d.hs_lastmodifieddate, d.updatedAt) as _modified,
  d.id as deal_id,
  a.company_id as account_id,
  case when a.company_id
    = coalesce(d.hs_primary_associated_company, d.associated_company_ids[1]) then 'true'
  end as is_primary
from deals d
cross join unnest(list_distinct(list_concat(
  [d.hs_primary_associated_company], d.associated_company_ids
))) a(company_id)
where a.company_id is not null
