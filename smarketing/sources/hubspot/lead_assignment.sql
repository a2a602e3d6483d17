-- from: contacts
-- When did a lead get its present owner? Lists give the owner by name.
select
  c._row,
  c._file_id,
  coalesce(c.lastmodifieddate, c.updatedAt) as _modified,
  c.id as lead_id,
  coalesce(c.hubspot_owner_id, c.owner_name) as member_id,
  c.hubspot_owner_assigneddate as assigned_at
from contacts c
where coalesce(c.hubspot_owner_id, c.owner_name) is not null
  and c.hubspot_owner_assigneddate is not null
  and c.owner_history is null
