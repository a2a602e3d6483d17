-- from: campaign_history
-- Under which id do links carry the campaign? {CampaignId} of a tracking template is its id.
select
  h._row,
  h._file_id,
  h.modified_time as _modified,
  h.id as alias,
  h.id as campaign_id
from campaign_history h
