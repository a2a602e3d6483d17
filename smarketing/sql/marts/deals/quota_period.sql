-- question: what has each member undertaken to win, from when to when?
-- grain: one row per quota; starts_on is null where its text names no period
-- parameters: $currency, $as_of_day
-- Converted at the rate of the period's first day, or of the data's date where that comes first.
with given as (
  select
    q.member_id,
    q.period,
    p.starts_on,
    p.ends_on,
    case when p.starts_on > $as_of_day then $as_of_day else p.starts_on end as rate_day,
    q.amount,
    upper(trim(coalesce(q.currency, $currency))) as currency,
    q.source
  from quota as q
  left join map_period as p on p.period = q.period
)
select
  g.member_id,
  m.name as owner,
  g.period,
  g.starts_on,
  g.ends_on,
  days_between(g.starts_on, g.ends_on) as days,
  case
    when g.currency = $currency then g.amount
    else cast(floor(g.amount * r.factor + 0.5) as bigint)
  end as quota_amount,
  g.amount,
  g.currency,
  g.currency = $currency or r.factor is not null as rate_known,
  g.source
from given as g
left join map_member as m on m.member_id = g.member_id
left join dim_rate as r on r.currency = g.currency and r.day = g.rate_day
