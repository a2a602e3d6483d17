-- from: leads
-- Which campaigns did leads come by that no report names? One row per campaign and file.
select
  l._row,
  l._file_id,
  l.campaign_id as campaign_id,
  l.campaign_name as name,
  'google_ads' as channel
from leads l
where trim(l.campaign_id) <> ''
  and l.campaign_id not in (
    select h.id from campaign_history_current h where h.id is not null
    union all select r."Campaign ID" from campaign_report r where r."Campaign ID" is not null
  )
qualify row_number() over (
  partition by l._file_id, l.campaign_id order by l.submitted_at desc, l._row
) = 1
