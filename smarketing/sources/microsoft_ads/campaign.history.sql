-- from: campaign_history
-- Which campaigns were run? The history holds a row per change; the newest version counts.
select
  h._row,
  h._file_id,
  h.modified_time as _modified,
  h.id as campaign_id,
  h.name,
  'microsoft_ads' as channel,
  lower(h.type) as kind,
  h.status
from campaign_history h
