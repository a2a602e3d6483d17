-- from: Opportunity
-- Whom does the opportunity itself name as its contact? Read only where no contact role says more.
-- A report of opportunities with contact roles has a row for each of them, and says who is primary.
select
  o._row,
  o._file_id,
  coalesce(o.SystemModstamp, o.LastModifiedDate) as _modified,
  o.Id as deal_id,
  o.ContactId as person_id,
  o.ContactRole as role,
  coalesce(o.IsPrimary, 'true') as is_primary
from Opportunity o
where o.ContactId is not null
  and o.contact_roles is null
  and not exists (select 1 from OpportunityContactRole_current r where r.OpportunityId = o.Id)
