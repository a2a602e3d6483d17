-- from: deals
-- When did a deal enter each stage, however often? The history of its stage says so, where the API
-- was asked for it.
select
  d._row,
  d._file_id,
  coalesce(d.hs_lastmodifieddate, d.updatedAt) as _modified,
  d.id as deal_id,
  h.entry.value as stage,
  h.entry.timestamp as entered_at
from deals d
cross join unnest(
  from_json(try_cast(d.stage_history as json), '[{"value": "VARCHAR", "timestamp": "VARCHAR"}]')
) h(entry)
where coalesce(h.entry.value, '') <> ''
