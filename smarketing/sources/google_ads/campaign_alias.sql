-- from: campaign_history
-- Under which id do links carry the campaign? {campaignid} of a tracking template is its id.
select
  h._row,
  h._file_id,
  h.updated_at as _modified,
  h.id as alias,
  h.id as campaign_id
from campaign_history h
