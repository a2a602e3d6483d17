-- from: subscriptions
-- What do customers pay again and again? One row per subscription, worth its deal's yearly value.
select
  s._row,
  s._file_id,
  s.subscription_id as contract_id,
  c.account_id,
  c.opportunity_id as deal_id,
  s.subscription_start_at as starts_on,
  o.estimated_acv as recurring_amount
from subscriptions s
left join customers_current c on c.customer_id = s.customer_id
left join opportunities_current o on o.opportunity_id = c.opportunity_id
