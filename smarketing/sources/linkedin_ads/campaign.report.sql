-- from: campaign_report
-- Which campaigns does a downloaded report name? One row per campaign and file: its latest day.
-- A row that names none makes none; its cost counts all the same.
select
  r._row,
  r._file_id,
  coalesce(r."Campaign ID", r."Campaign Name") as campaign_id,
  r."Campaign Name" as name,
  'linkedin_ads' as channel,
  lower(r."Campaign Type") as kind,
  r."Campaign Status" as status
from campaign_report r
where trim(coalesce(r."Campaign ID", r."Campaign Name"), ' -–—') <> ''
  and not exists (
  select 1 from campaign_history_current h where h.id = r."Campaign ID"
)
qualify row_number() over (
  partition by r._file_id, coalesce(r."Campaign ID", r."Campaign Name")
  order by r."Start Date (in UTC)" desc, r._row
) = 1
