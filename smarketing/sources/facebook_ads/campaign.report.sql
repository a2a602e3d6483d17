-- from: campaign_report
-- Which campaigns does a downloaded report name? One row per campaign and file: its latest day.
-- A row that names none makes none; its cost counts all the same.
select
  r._row,
  r._file_id,
  coalesce(r."Campaign ID", r."Campaign name") as campaign_id,
  r."Campaign name" as name,
  'facebook_ads' as channel,
  lower(r."Objective") as kind,
  r."Campaign delivery" as status
from campaign_report r
where trim(coalesce(r."Campaign ID", r."Campaign name"), ' -–—') <> ''
  and not exists (select 1 from campaign_history_current h where h.id = r."Campaign ID")
qualify row_number() over (
  partition by r._file_id, coalesce(r."Campaign ID", r."Campaign name")
  order by coalesce(r."Day", r."Reporting starts") desc, r._row
) = 1
