-- from: campaign_history
-- Which campaigns were run? The history holds a row per change; the newest version counts.
select
  h._row,
  h._file_id,
  h.last_modified_time as _modified,
  h.id as campaign_id,
  h.name,
  'linkedin_ads' as channel,
  lower(h.type) as kind,
  h.campaign_group_id as parent_id,
  h.status,
  h.run_schedule_start as starts_on,
  h.run_schedule_end as ends_on
from campaign_history h
