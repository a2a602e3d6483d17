-- from: leads
-- Who sent the forms? One row per lead: a person has no id of its own there.
select
  l._row,
  l._file_id,
  regexp_replace(trim(l.id), '^[a-z]{1,2}:', '') as person_id,
  l.email,
  coalesce(l.full_name, nullif(concat_ws(' ', l.first_name, l.last_name), '')) as full_name,
  l.job_title as title,
  l.country,
  l.created_time as created_at
from leads l
where concat_ws(' ', l.email, l.full_name, l.first_name, l.last_name, l.company_name) not ilike '%<test lead:%'
