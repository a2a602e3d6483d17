-- from: insights
-- What was spent per campaign (ad set, ad) and day, as the API answers it? A row that covers several
-- days names the first and the last of them.
select
  s._row,
  s._file_id,
  concat(s._file_id, '-', s._row) as cost_id,
  s.date_start as incurred_on,
  s.date_stop as covers_until,
  'marketing' as team,
  'media' as category,
  s.spend as amount,
  coalesce(s.account_currency, a.currency) as currency,
  coalesce(s.campaign_id, s.campaign_name) as campaign_id,
  s.impressions,
  coalesce(s.inline_link_clicks, s.clicks) as clicks
from insights s
left join account_history_current a on a.id = s.account_id
where s.spend is not null
