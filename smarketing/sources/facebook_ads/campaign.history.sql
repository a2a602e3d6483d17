-- from: campaign_history
-- Which campaigns were run? The history holds a row per change; the newest version counts.
select
  h._row,
  h._file_id,
  h.updated_time as _modified,
  h.id as campaign_id,
  h.name,
  'facebook_ads' as channel,
  h.status,
  left(h.start_time, 10) as starts_on,
  left(h.stop_time, 10) as ends_on
from campaign_history h
