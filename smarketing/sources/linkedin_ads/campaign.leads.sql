-- from: leads
-- Which campaigns did leads come by that no report names? One row per campaign and file.
select
  l._row,
  l._file_id,
  coalesce(l."Campaign ID", l."Campaign Name") as campaign_id,
  l."Campaign Name" as name,
  'linkedin_ads' as channel
from leads l
where trim(coalesce(l."Campaign ID", l."Campaign Name")) <> ''
  and coalesce(l."Campaign ID", l."Campaign Name") not in (
    select h.id from campaign_history_current h where h.id is not null
    union all
    select coalesce(r."Campaign ID", r."Campaign Name") from campaign_report r
    where coalesce(r."Campaign ID", r."Campaign Name") is not null
  )
qualify row_number() over (
  partition by l._file_id, coalesce(l."Campaign ID", l."Campaign Name") order by l.submitted_at desc, l._row
) = 1
