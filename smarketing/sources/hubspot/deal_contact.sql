-- from: deals
-- Who takes part in a deal? Exports and the API list the contacts' ids.
select
  d._row,
  d._file_id,
  coalesce(d.hs_lastmodifieddate, d.updatedAt) as _modified,
  d.id as deal_id,
  p.contact_id as person_id
from deals d
cross join unnest(d.associated_contact_ids) p(contact_id)
