-- question: which whole number stands for each lead, and by what may its figures be cut?
-- grain: one row per lead; the number makes the joins of the funnel marts cheap
select
  row_number() over (order by l.lead_id) as lead_number,
  l.lead_id,
  l.created_known,
  l.created_day,
  l.segment,
  l.region,
  l.persona,
  l.channel,
  l.raw_channel,
  l.lead_type,
  l.campaign_id,
  l.owner_id,
  l.owner,
  l.account_id,
  l.person_id,
  l.source
from dim_lead as l
