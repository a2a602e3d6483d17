-- from: contacts
-- When did a lead become an MQL, an SQL …, however often? The history of its lifecycle stage says so,
-- where the API was asked for it.
select
  c._row,
  c._file_id,
  coalesce(c.lastmodifieddate, c.updatedAt) as _modified,
  c.id as lead_id,
  h.entry.value as stage,
  h.entry.timestamp as entered_at
from contacts c
cross join unnest(
  from_json(try_cast(c.stage_history as json), '[{"value": "VARCHAR", "timestamp": "VARCHAR"}]')
) h(entry)
where coalesce(h.entry.value, '') <> ''
