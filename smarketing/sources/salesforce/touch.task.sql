-- from: Task
-- What did sales do? Only what was completed: a planned task touched nobody. That a task is completed
-- says of a meeting that it was held, of a call or an e-mail nothing about whom it reached. A call
-- within the company is neither ours to the person nor theirs to us.
with named as (
  select
    t.*,
    lower(concat_ws(' ', t.TaskSubtype, t.Type)) as words,
    coalesce(t.LeadId, case when t.WhoId like '00Q%' then t.WhoId end) as who_lead,
    case
      when words like '%call%' or t.CallType is not null then 'call'
      when words like '%email%' or words like '%e-mail%' then 'email'
      when words like '%linkedin%' then 'linkedin_message'
      when words like '%meeting%' or words like '%demo%' then 'meeting'
      else 'task'
    end as kind
  from Task t
  where lower(t.Status) = 'completed' or flag_value(t.IsClosed)
)
select
  t._row,
  t._file_id,
  coalesce(t.SystemModstamp, t.LastModifiedDate) as _modified,
  t.Id as touch_id,
  coalesce(t.ContactId, l.ConvertedContactId, t.WhoId, t.LeadId) as person_id,
  t.who_lead as lead_id,
  coalesce(t.AccountId, case when t.WhatId like '001%' then t.WhatId end) as account_id,
  case when t.WhatId like '006%' then t.WhatId end as deal_id,
  case when t.WhatId like '701%' then t.WhatId end as campaign_id,
  t.kind,
  'sales' as side,
  case
    when lower(t.CallType) = 'inbound' then 'inbound'
    when lower(t.CallType) = 'internal' then 'internal'
    when t.words like '%call%' or t.words like '%email%' or t.words like '%e-mail%'
      or t.words like '%linkedin%' or t.CallType is not null then 'outbound'
  end as direction,
  case when lower(t.TaskSubtype) = 'listemail' then 'true' end as is_automated,
  coalesce(t.CompletedDateTime, t.ActivityDate) as occurred_at,
  t.Subject as content,
  coalesce(t.OwnerId, t."Owner.Name") as actor_id,
  coalesce(t.CallDisposition, case when t.kind = 'meeting' then 'held' end) as outcome,
  t.CreatedDate as created_at
from named t
left join Lead_current l on l.Id = t.who_lead
