-- from: touches
-- What reached the leads? Under the simulator's own kinds. What the SDRs' outbound programme did
-- is sales' work; everything else is marketing's.
select
  t._row,
  t._file_id,
  t.touch_id,
  l.contact_id as person_id,
  t.lead_id,
  l.account_id,
  t.campaign_id,
  t.touch_channel as channel,
  t.touch_type as kind,
  case when t.touch_channel = 'sdr_outbound' then 'sales' else 'marketing' end as side,
  t.touch_direction as direction,
  t.touch_timestamp as occurred_at
from touches t
left join leads_current l on l.lead_id = t.lead_id
