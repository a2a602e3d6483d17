-- from: leads
-- Who sent the forms? One row per lead: a person has no id of its own there.
select
  l._row,
  l._file_id,
  l.lead_id as person_id,
  l.email,
  coalesce(l.full_name, nullif(concat_ws(' ', l.first_name, l.last_name), '')) as full_name,
  l.job_title as title,
  l.country,
  l.submitted_at as created_at
from leads l
where not coalesce(flag_value(trim(l.is_test)), false)
