-- from: touch
-- Who was in touch with whom, when, how? Columns as they are.
select
  t._row,
  t._file_id,
  t.modified_at as _modified,
  t.touch_id,
  t.person_id,
  t.lead_id,
  t.account_id,
  t.deal_id,
  t.campaign_id,
  t.channel,
  t.kind,
  t.side,
  t.direction,
  t.is_automated,
  t.occurred_at,
  t.content,
  t.url,
  t.utm_source,
  t.utm_medium,
  t.utm_campaign,
  t.actor_id,
  t.outcome,
  t.created_at
from touch t
