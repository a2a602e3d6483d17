-- from: person
-- Which people are there? Columns as they are.
select
  p._row,
  p._file_id,
  p.modified_at as _modified,
  p.person_id,
  p.account_id,
  p.email,
  p.full_name,
  p.title,
  p.seniority,
  p.country,
  p.email_opt_out,
  p.do_not_contact,
  p.created_at
from person p
