-- from: contacts
-- When did a lead get its present owner? Lists name the owner, whose id is found where one alone is
-- called so.
with named as (
  select nullif(concat_ws(' ', o.firstName, o.lastName), '') as name, min(o.id) as id
  from owners_current o
  group by all
  having count(*) = 1
)
select
  c._row,
  c._file_id,
  coalesce(c.lastmodifieddate, c.updatedAt) as _modified,
  c.id as lead_id,
  coalesce(c.hubspot_owner_id, n.id, c.owner_name) as member_id,
  c.hubspot_owner_assigneddate as assigned_at
from contacts c
left join named n on n.name = c.owner_name
where coalesce(c.hubspot_owner_id, c.owner_name) is not null
  and c.hubspot_owner_assigneddate is not null
  and not exists (
    select 1 from contacts_current gone where gone.id = c.id and flag_value(gone.archived)
  )
