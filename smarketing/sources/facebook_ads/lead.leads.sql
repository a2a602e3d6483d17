-- from: leads
-- Which inquiries came by lead forms? One row each; the letter before an id is no part of it. A lead
-- that nobody worked on has the status it was created with, which says nothing.
select
  l._row,
  l._file_id,
  regexp_replace(trim(l.id), '^[a-z]{1,2}:', '') as lead_id,
  regexp_replace(trim(l.id), '^[a-z]{1,2}:', '') as person_id,
  l.created_time as created_at,
  case when flag_value(trim(l.is_organic)) then 'organic social' else 'facebook ads' end as channel,
  l.form_name as source_detail,
  regexp_replace(trim(l.campaign_id), '^[a-z]{1,2}:', '') as campaign_id,
  case when lower(trim(l.lead_status)) not in ('created', 'complete') then l.lead_status end as status
from leads l
where concat_ws(' ', l.email, l.full_name, l.first_name, l.last_name, l.company_name) not ilike '%<test lead:%'
