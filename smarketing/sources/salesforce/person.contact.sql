-- from: Contact
-- Who are the people at the accounts? One row per contact.
select
  c._row,
  c._file_id,
  coalesce(c.SystemModstamp, c.LastModifiedDate) as _modified,
  c.Id as person_id,
  c.AccountId as account_id,
  c.Email as email,
  coalesce(c.Name, nullif(concat_ws(' ', c.FirstName, c.LastName), '')) as full_name,
  c.Title as title,
  c.MailingCountry as country,
  c.HasOptedOutOfEmail as email_opt_out,
  -- only someone who may neither be called nor written to may not be contacted at all
  case
    when flag_value(c.DoNotCall) and flag_value(c.HasOptedOutOfEmail)
      then 'true'
  end as do_not_contact,
  c.CreatedDate as created_at
from Contact c
