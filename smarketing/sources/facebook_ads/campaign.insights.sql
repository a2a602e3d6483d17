-- from: insights
-- Which campaigns does an answer of the API name? One row per campaign and file: its latest day.
select
  s._row,
  s._file_id,
  coalesce(s.campaign_id, s.campaign_name) as campaign_id,
  s.campaign_name as name,
  'facebook_ads' as channel,
  lower(s.objective) as kind
from insights s
where s.campaign_name is not null
  and not exists (select 1 from campaign_history_current h where h.id = s.campaign_id)
qualify row_number() over (
  partition by s._file_id, coalesce(s.campaign_id, s.campaign_name)
  order by s.date_start desc, s._row
) = 1
