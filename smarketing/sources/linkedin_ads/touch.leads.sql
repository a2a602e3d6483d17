-- from: leads
-- Which forms were sent? Each lead is one touch, of the campaign whose ad it came by.
select
  l._row,
  l._file_id,
  coalesce(
    nullif(trim(l.lead_id), ''), md5(concat_ws('|', lower(trim(l.email)), l.submitted_at, l.form_name))
  ) as touch_id,
  coalesce(
    nullif(trim(l.lead_id), ''), md5(concat_ws('|', lower(trim(l.email)), l.submitted_at, l.form_name))
  ) as person_id,
  coalesce(
    nullif(trim(l.lead_id), ''), md5(concat_ws('|', lower(trim(l.email)), l.submitted_at, l.form_name))
  ) as lead_id,
  coalesce(l."Campaign ID", l."Campaign Name") as campaign_id,
  'linkedin ads' as channel,
  'form_submission' as kind,
  'marketing' as side,
  'inbound' as direction,
  l.submitted_at as occurred_at,
  l.form_name as content
from leads l
where not coalesce(flag_value(trim(l.is_test)), false)
