-- from: OpportunityContactRole
-- Who takes part in a deal, as what? Of a contact with several roles on one deal the primary role
-- counts, whichever was changed last.
select
  r._row,
  r._file_id,
  coalesce(r.SystemModstamp, r.LastModifiedDate) as _modified,
  r.OpportunityId as deal_id,
  r.ContactId as person_id,
  r.Role as role,
  r.IsPrimary as is_primary
from OpportunityContactRole r
where flag_value(r.IsPrimary) or not exists (
  select 1 from OpportunityContactRole_current best
  where best.OpportunityId = r.OpportunityId
    and best.ContactId = r.ContactId
    and best.Id <> r.Id
    and flag_value(best.IsPrimary)
)
