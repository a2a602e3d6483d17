-- question: which cuts of the same spend do not come to the same amount?
-- grain: one row per cut that was set aside and differs by more than a minor unit
-- parameters: none
insert into spend_difference
with counted as (
  select c.*
  from temp.spend_cut as c
  anti join temp.spend_refused as r
    on r.speaks_of = c.speaks_of and r.starts_on = c.starts_on and r.ends_on = c.ends_on
    and r.shape = c.shape
),
aside as (
  select c.*
  from temp.spend_cut as c
  semi join temp.spend_refused as r
    on r.speaks_of = c.speaks_of and r.starts_on = c.starts_on and r.ends_on = c.ends_on
    and r.shape = c.shape
),
compared as (
  select
    a.source, any_value(a.campaign_id) as campaign_id, a.starts_on, a.ends_on, a.currency,
    sum(c.amount) as counted_amount, any_value(a.amount) as other_amount,
    arg_max(c.file, c.file_id) as counted_file, any_value(a.file) as other_file
  from aside as a
  inner join counted as c
    on c.speaks_of = a.speaks_of and c.starts_on >= a.starts_on and c.ends_on <= a.ends_on
    and c.currency = a.currency
  group by a.speaks_of, a.source, a.starts_on, a.ends_on, a.currency, a.shape
  union all
  select
    source, null, starts_on, ends_on, currency, counted_amount, other_amount, counted_file,
    other_file
  from temp.spend_whole
)
select
  source, campaign_id, starts_on, ends_on, currency, counted_amount, other_amount, counted_file,
  other_file
from compared
where abs(counted_amount - other_amount) > 1
