-- from: leads
-- Which inquiries came by lead forms? One row each.
select
  l._row,
  l._file_id,
  l.lead_id as lead_id,
  l.lead_id as person_id,
  l.submitted_at as created_at,
  'google ads' as channel,
  l.form_name as source_detail,
  l.campaign_id as campaign_id
from leads l
where not coalesce(flag_value(trim(l.is_test)), false)
