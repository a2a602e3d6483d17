-- question: which cuts of the same spend do not come to the same amount?
-- grain: one row per cut that does not count; amounts are in minor units of their currency
-- parameters: $source, $currency
select
  coalesce(c.name, d.campaign_id) as campaign,
  d.starts_on,
  d.ends_on,
  d.currency,
  d.counted_amount,
  d.other_amount,
  d.counted_file,
  d.other_file
from spend_difference as d
left join campaign as c on c.campaign_id = d.campaign_id
where d.source = $source and d.currency = $currency
order by d.starts_on, d.campaign_id, d.other_file
