-- from: Event
-- Which meetings were held? An event later than anything the export recorded has yet to happen.
with export as (
  select max(stamp) as taken_at
  from (
    select max(coalesce(SystemModstamp, LastModifiedDate, CreatedDate)) as stamp from Event_current
    union all select max(coalesce(SystemModstamp, LastModifiedDate)) from Opportunity_current
    union all select max(coalesce(SystemModstamp, LastModifiedDate)) from Lead_current
    union all select max(coalesce(SystemModstamp, LastModifiedDate)) from Task_current
  )
)
select
  e._row,
  e._file_id,
  coalesce(e.SystemModstamp, e.LastModifiedDate) as _modified,
  e.Id as touch_id,
  coalesce(e.ContactId, l.ConvertedContactId, e.WhoId, e.LeadId) as person_id,
  coalesce(e.LeadId, case when e.WhoId like '00Q%' then e.WhoId end) as lead_id,
  coalesce(e.AccountId, case when e.WhatId like '001%' then e.WhatId end) as account_id,
  case when e.WhatId like '006%' then e.WhatId end as deal_id,
  case when e.WhatId like '701%' then e.WhatId end as campaign_id,
  'meeting' as kind,
  'sales' as side,
  case when flag_value(e.IsAllDayEvent) then coalesce(e.ActivityDate, e.StartDateTime)
    else e.StartDateTime end as occurred_at,
  e.Subject as content,
  coalesce(e.OwnerId, e."Owner.Name") as actor_id,
  'held' as outcome,
  e.CreatedDate as created_at
from Event e
cross join export x
left join Lead_current l on l.Id = coalesce(e.LeadId, e.WhoId)
where (x.taken_at is null or e.StartDateTime <= x.taken_at)
