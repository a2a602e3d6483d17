-- question: where do two cuts of the same spend not come to the same amount?
-- grain: one row per source and currency, with the greatest difference
-- parameters: none
with ranked as (
  select
    d.source,
    d.currency,
    d.starts_on,
    d.ends_on,
    d.counted_amount,
    d.other_amount,
    d.counted_file,
    d.other_file,
    coalesce(c.name, d.campaign_id) as campaign,
    row_number() over (
      partition by d.source, d.currency
      order by
        abs(d.counted_amount - d.other_amount) desc,
        d.starts_on,
        d.other_file,
        d.campaign_id,
        d.ends_on,
        d.counted_file,
        d.counted_amount
    ) as place
  from spend_difference as d
  left join campaign as c on c.campaign_id = d.campaign_id
),

sums as (
  select
    d.source,
    d.currency,
    count(*) as records,
    sum(d.other_amount - d.counted_amount) as left_out_amount
  from spend_difference as d
  group by d.source, d.currency
)

select
  s.source,
  s.currency,
  s.records,
  s.left_out_amount,
  r.campaign,
  r.starts_on,
  r.ends_on,
  r.counted_amount,
  r.other_amount,
  r.counted_file,
  r.other_file
from sums as s
inner join ranked as r on r.source = s.source and r.currency = s.currency and r.place = 1
order by s.records desc, s.source, s.currency
