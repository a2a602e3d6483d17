-- from: cost
-- What was spent, on what, when? A row without an id gets one from its content, so that
-- the same row again is the same cost; typed-row: of all that the row says once it is read, so
-- that 100 and 100.00 are one.
select
  c._row,
  c._file_id,
  c.modified_at as _modified,
  coalesce(c.cost_id, 'typed-row-' || md5(concat_ws('|',
    coalesce(c.incurred_on, ''),
    coalesce(c.covers_until, ''),
    coalesce(c.team, ''),
    coalesce(c.category, ''),
    coalesce(c.amount, ''),
    coalesce(c.currency, ''),
    coalesce(c.campaign_id, ''),
    coalesce(c.impressions, ''),
    coalesce(c.clicks, '')
  ))) as cost_id,
  c.incurred_on,
  c.covers_until,
  c.team,
  c.category,
  c.amount,
  c.currency,
  c.campaign_id,
  c.impressions,
  c.clicks
from cost c
