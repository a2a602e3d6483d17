-- from: leads
-- Which forms were sent? Each lead is one touch, of the campaign whose ad it came by.
select
  l._row,
  l._file_id,
  l.lead_id as touch_id,
  l.lead_id as person_id,
  l.lead_id as lead_id,
  l.campaign_id as campaign_id,
  'google ads' as channel,
  'form_submission' as kind,
  'marketing' as side,
  'inbound' as direction,
  l.submitted_at as occurred_at,
  l.form_name as content
from leads l
where not coalesce(flag_value(trim(l.is_test)), false)
