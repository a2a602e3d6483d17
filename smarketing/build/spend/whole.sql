-- question: which spend of whole accounts is known by campaign as well, and so not counted again?
-- grain: one row per cut of a report without campaigns
-- parameters: none
create or replace temp table spend_whole as
with counted as (
  select c.*
  from temp.spend_cut as c
  anti join temp.spend_refused as r
    on r.speaks_of = c.speaks_of and r.starts_on = c.starts_on and r.ends_on = c.ends_on
    and r.shape = c.shape
)
select
  w.speaks_of, w.starts_on, w.ends_on, w.shape,
  'the same spend is counted by campaign from ' || arg_max(c.file, c.file_id) as why,
  any_value(w.source) as source,
  any_value(w.currency) as currency,
  any_value(w.amount) as other_amount,
  any_value(w.file) as other_file,
  case when bool_and(c.currency = w.currency) then sum(c.amount) end as counted_amount,
  arg_max(c.file, c.file_id) as counted_file
from counted as w
inner join counted as c
  on c.platform = w.platform and c.by_campaign and not w.by_campaign
  and c.starts_on <= w.ends_on and c.ends_on >= w.starts_on
  and coalesce(c.account_id = w.account_id, c.account_name = w.account_name, true)
group by w.speaks_of, w.starts_on, w.ends_on, w.shape
