-- from: OpportunityContactRole
-- Who takes part in a deal, as what?
select
  r._row,
  r._file_id,
  coalesce(r.SystemModstamp, r.LastModifiedDate) as _modified,
  r.OpportunityId as deal_id,
  r.ContactId as person_id,
  r.Role as role,
  r.IsPrimary as is_primary
from OpportunityContactRole r
where not exists (
  select 1 from OpportunityContactRole_current gone
  where gone.Id = r.Id and lower(gone.IsDeleted) in ('1', 'true')
)
