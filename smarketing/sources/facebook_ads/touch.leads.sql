-- from: leads
-- Which forms were sent? Each lead is one touch, of the campaign whose ad it came by.
select
  l._row,
  l._file_id,
  regexp_replace(trim(l.id), '^[a-z]{1,2}:', '') as touch_id,
  regexp_replace(trim(l.id), '^[a-z]{1,2}:', '') as person_id,
  regexp_replace(trim(l.id), '^[a-z]{1,2}:', '') as lead_id,
  regexp_replace(trim(l.campaign_id), '^[a-z]{1,2}:', '') as campaign_id,
  case when flag_value(trim(l.is_organic)) then 'organic social' else 'facebook ads' end as channel,
  'form_submission' as kind,
  'marketing' as side,
  'inbound' as direction,
  l.created_time as occurred_at,
  l.form_name as content
from leads l
where concat_ws(' ', l.email, l.full_name, l.first_name, l.last_name, l.company_name) not ilike '%<test lead:%'
