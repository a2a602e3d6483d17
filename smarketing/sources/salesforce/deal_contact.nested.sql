-- from: Opportunity
-- Who takes part in a deal, where a query of the API took its contact roles along?
select
  o._row,
  o._file_id,
  coalesce(o.SystemModstamp, o.LastModifiedDate) as _modified,
  o.Id as deal_id,
  completed_id(n.entry.ContactId) as person_id,
  n.entry.Role as role,
  n.entry.IsPrimary as is_primary
from Opportunity o
cross join unnest(
  from_json(
    try_cast(o.contact_roles as json),
    '[{"ContactId": "VARCHAR", "Role": "VARCHAR", "IsPrimary": "VARCHAR"}]'
  )
) n(entry)
where n.entry.ContactId is not null
  and not exists (select 1 from OpportunityContactRole_current r where r.OpportunityId = o.Id)
