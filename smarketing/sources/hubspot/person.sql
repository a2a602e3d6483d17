-- from: contacts
-- Who are the people? One row per contact.
select
  c._row,
  c._file_id,
  coalesce(c.lastmodifieddate, c.updatedAt) as _modified,
  c.id as person_id,
  coalesce(c.associatedcompanyid, c.associated_company_ids[1]) as account_id,
  c.email,
  nullif(concat_ws(' ', c.firstname, c.lastname), '') as full_name,
  c.jobtitle as title,
  c.hs_seniority as seniority,
  c.country,
  c.hs_email_optout as email_opt_out,
  c.createdate as created_at
from contacts c
