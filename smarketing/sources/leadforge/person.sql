-- from: contacts
-- Who works at the accounts? One row per contact; the simulator gives neither names nor e-mails.
select
  c._row,
  c._file_id,
  c.contact_id as person_id,
  c.account_id,
  c.job_title as title,
  c.seniority,
  c.created_at
from contacts c
