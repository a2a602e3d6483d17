-- question: which costs come from reports of spend, and how is each of them cut?
-- grain: one row per cost of such a report
create or replace temp table spend as
select
  c.cost_id,
  c._file_id,
  c._row,
  c.source,
  c.source || '/' || coalesce(r.platform, '') as platform,
  c.campaign_id,
  r.campaign_name,
  r.is_named,
  r.account_id,
  r.account_name,
  coalesce(r.account_id, r.account_name) as account,
  r.shape,
  r.breakdowns,
  r.parts,
  c.incurred_on as starts_on,
  coalesce(c.covers_until, c.incurred_on) as ends_on,
  c.amount,
  c.currency,
  c.impressions,
  c.clicks,
  c.recorded_at,
  c._file as file,
  bool_or(c.campaign_id is not null) over (partition by c._file_id) as by_campaign,
  cast(null as integer) as speaks_of
from cost as c
inner join temp.spend_row as r on r._file_id = c._file_id and r._row = c._row
