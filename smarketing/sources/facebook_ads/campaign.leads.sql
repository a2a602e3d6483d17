-- from: leads
-- Which campaigns did leads come by that no report names? One row per campaign and file.
select
  l._row,
  l._file_id,
  regexp_replace(trim(l.campaign_id), '^[a-z]{1,2}:', '') as campaign_id,
  l.campaign_name as name,
  'facebook_ads' as channel
from leads l
where trim(l.campaign_id) <> ''
  and regexp_replace(trim(l.campaign_id), '^[a-z]{1,2}:', '') not in (
    select h.id from campaign_history_current h where h.id is not null
    union all select r."Campaign ID" from campaign_report r where r."Campaign ID" is not null
    union all select i.campaign_id from insights i where i.campaign_id is not null
  )
qualify row_number() over (
  partition by l._file_id, l.campaign_id order by l.created_time desc, l._row
) = 1
