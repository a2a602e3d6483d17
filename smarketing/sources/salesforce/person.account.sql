-- from: Account
-- Who is a customer of their own? A person account is a person and their account in one record; a
-- contact that was exported as well says more.
select
  a._row,
  a._file_id,
  coalesce(a.SystemModstamp, a.LastModifiedDate) as _modified,
  coalesce(a.PersonContactId, a.Id) as person_id,
  a.Id as account_id,
  a.PersonEmail as email,
  a.Name as full_name,
  a.PersonTitle as title,
  coalesce(a.PersonMailingCountry, a.BillingCountry) as country,
  a.PersonHasOptedOutOfEmail as email_opt_out,
  case
    when flag_value(a.PersonDoNotCall) and flag_value(a.PersonHasOptedOutOfEmail)
      then 'true'
  end as do_not_contact,
  a.CreatedDate as created_at
from Account a
where flag_value(a.IsPersonAccount)
  and not exists (
    select 1 from Contact_current k where k.Id = a.PersonContactId
  )
