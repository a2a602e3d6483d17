-- from: campaign_group_history
-- Which campaign groups hold the campaigns together?
select
  h._row,
  h._file_id,
  h.last_modified_time as _modified,
  h.id as campaign_id,
  h.name,
  'linkedin_ads' as channel,
  'campaign_group' as kind,
  h.status
from campaign_group_history h
