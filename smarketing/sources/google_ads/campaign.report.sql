-- from: campaign_report
-- Which campaigns does a downloaded report name? One row per campaign and file: its latest day.
-- A row that names none makes none; its cost counts all the same.
select
  r._row,
  r._file_id,
  coalesce(r."Campaign ID", r."Campaign") as campaign_id,
  r."Campaign" as name,
  'google_ads' as channel,
  lower(r."Campaign type") as kind,
  r."Campaign state" as status
from campaign_report r
where trim(coalesce(r."Campaign ID", r."Campaign"), ' -–—') <> ''
  and not exists (
  select 1 from campaign_history_current h where h.id = r."Campaign ID"
)
qualify row_number() over (
  partition by r._file_id, coalesce(r."Campaign ID", r."Campaign") order by r."Day" desc, r._row
) = 1
