-- from: lead
-- Which inquiries came in? Columns as they are.
select
  l._row,
  l._file_id,
  l.modified_at as _modified,
  l.lead_id,
  l.person_id,
  l.account_id,
  l.lead_type,
  l.created_at,
  l.channel,
  l.source_detail,
  l.campaign_id,
  l.created_by_touch_id,
  l.owner_id,
  l.owner_name,
  l.status,
  l.converted_deal_id
from lead l
