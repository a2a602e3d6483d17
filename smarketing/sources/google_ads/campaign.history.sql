-- from: campaign_history
-- Which campaigns were run? The history holds a row per change; the newest version counts.
select
  h._row,
  h._file_id,
  h.updated_at as _modified,
  h.id as campaign_id,
  h.name,
  'google_ads' as channel,
  lower(h.advertising_channel_type) as kind,
  h.status,
  h.start_date as starts_on,
  -- Google writes 2037-12-30 for "no end"
  case when h.end_date not like '2037-12-30%' then h.end_date end as ends_on
from campaign_history h
