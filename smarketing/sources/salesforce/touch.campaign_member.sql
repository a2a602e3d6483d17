-- from: CampaignMember
-- Which campaigns did people respond to? A membership counts when the person responded, at the
-- time of the response. One without a response says only that somebody was on a list: it has no
-- time of its own, its creation is that of its upload.
select
  m._row,
  m._file_id,
  coalesce(m.SystemModstamp, m.LastModifiedDate) as _modified,
  m.Id as touch_id,
  coalesce(m.ContactId, l.ConvertedContactId, l.Id, m.LeadId, m.LeadOrContactId) as person_id,
  coalesce(m.LeadId, case when m.LeadOrContactId like '00Q%' then m.LeadOrContactId end) as lead_id,
  m.CampaignId as campaign_id,
  coalesce(c.Type, m."Campaign.Type") as channel,
  case
    when flag_value(m.HasResponded) or m.FirstRespondedDate is not null
      then 'campaign_response'
    else 'campaign_member'
  end as kind,
  'marketing' as side,
  'inbound' as direction,
  m.FirstRespondedDate as occurred_at,
  m.Status as outcome,
  m.CreatedDate as created_at
from CampaignMember m
left join Campaign_current c on c.Id = m.CampaignId
left join Lead_current l
  on l.Id = coalesce(m.LeadId, case when m.LeadOrContactId like '00Q%' then m.LeadOrContactId end)
