-- from: Lead
-- Who are the people known only as leads? A converted lead is its contact, by whose id it is known
-- also where no file holds the contacts.
-- Company is a name typed by hand, never a link: such a person has no account.
select
  l._row,
  l._file_id,
  coalesce(l.SystemModstamp, l.LastModifiedDate) as _modified,
  coalesce(l.ConvertedContactId, l.Id) as person_id,
  l.ConvertedAccountId as account_id,
  l.Email as email,
  coalesce(l.Name, nullif(concat_ws(' ', l.FirstName, l.LastName), '')) as full_name,
  l.Title as title,
  l.Country as country,
  l.HasOptedOutOfEmail as email_opt_out,
  case
    when flag_value(l.DoNotCall) and flag_value(l.HasOptedOutOfEmail)
      then 'true'
  end as do_not_contact,
  l.CreatedDate as created_at
from Lead l
left join Contact_current k on k.Id = l.ConvertedContactId
where k.Id is null
