-- from: deals
-- Who takes part in a deal? Exports list the contacts' ids in one cell, with semicolons between.
select
  d._row,
  d._file_id,
  coalesce(d.hs_lastmodifieddate, d.updatedAt) as _modified,
  d.id as deal_id,
  trim(p.contact_id) as person_id
from deals d
cross join unnest(string_split(d.associated_contact_ids, ';')) p(contact_id)
where trim(p.contact_id) <> ''
  and not exists (
    select 1 from deals_current gone where gone.id = d.id and lower(gone.archived) = 'true'
  )
