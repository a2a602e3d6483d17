-- from: leads
-- Which inquiries came in? The lead's own stage is its status; the opportunity made from it is
-- looked up (the first one, should a lead ever have several).
select
  l._row,
  l._file_id,
  l.lead_id,
  l.contact_id as person_id,
  l.account_id,
  l.lead_created_at as created_at,
  l.lead_source as channel,
  l.first_touch_channel as source_detail,
  l.owner_rep_id as owner_id,
  l.current_stage as status,
  o.opportunity_id as converted_deal_id
from leads l
left join (
  select lead_id, min(opportunity_id) as opportunity_id from opportunities_current group by lead_id
) o on o.lead_id = l.lead_id
