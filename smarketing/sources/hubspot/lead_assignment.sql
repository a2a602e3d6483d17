-- from: contacts
-- When did a lead get its present owner?
select
  c._row,
  c._file_id,
  coalesce(c.lastmodifieddate, c.updatedAt) as _modified,
  c.id as lead_id,
  c.hubspot_owner_id as member_id,
  c.hubspot_owner_assigneddate as assigned_at
from contacts c
where c.hubspot_owner_id is not null
  and c.hubspot_owner_assigneddate is not null
  and not exists (
    select 1 from contacts_current gone where gone.id = c.id and flag_value(gone.archived)
  )
