-- from: leads
-- Which inquiries came by lead forms? One row each.
select
  l._row,
  l._file_id,
  coalesce(
    nullif(trim(l.lead_id), ''), md5(concat_ws('|', lower(trim(l.email)), l.submitted_at, l.form_name))
  ) as lead_id,
  coalesce(
    nullif(trim(l.lead_id), ''), md5(concat_ws('|', lower(trim(l.email)), l.submitted_at, l.form_name))
  ) as person_id,
  l.submitted_at as created_at,
  'linkedin ads' as channel,
  l.form_name as source_detail,
  coalesce(l."Campaign ID", l."Campaign Name") as campaign_id
from leads l
where not coalesce(flag_value(trim(l.is_test)), false)
