-- question: which costs may be those of another file once more?
-- grain: one row per cost and other file; amounts are in minor units of their currency
-- parameters: $source, $other_source, $currency
select
  o.cost_id,
  o.day,
  c.team,
  c.category,
  c.campaign_id,
  o.amount,
  o.currency,
  o.file,
  o.other_file
from cost_overlap as o
left join cost as c on c.cost_id = o.cost_id
where o.source = $source and o.other_source = $other_source and o.currency = $currency
order by o.day, o.file, o.other_file, o.cost_id
