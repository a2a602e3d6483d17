-- from: contacts
-- Which owners did a lead have, and since when? The history of its owner says so, where the API was
-- asked for it.
select
  c._row,
  c._file_id,
  coalesce(c.lastmodifieddate, c.updatedAt) as _modified,
  c.id as lead_id,
  h.entry.value as member_id,
  h.entry.timestamp as assigned_at
from contacts c
cross join unnest(
  from_json(try_cast(c.owner_history as json), '[{"value": "VARCHAR", "timestamp": "VARCHAR"}]')
) h(entry)
where coalesce(h.entry.value, '') <> ''
