-- question: what has each member undertaken to win, day by day, and what did they win?
-- grain: one row per member and day under a quota, and one per deal won by a member under one
-- parameters: none
-- A quota is spread evenly over the days of its period, exact to the minor unit, so that any period
-- can be asked for: what days share evenly, and the rest by rounding what is reached by each, so
-- that no product outgrows a whole number. Where a member has several for a day, that of the
-- shortest period counts, before one whose amount is blank. An amount that is not known, or has no
-- rate, is null on each of its days.
-- Deals of people without a quota of known amount on the day of the close are left out.
with spread as (
  select
    v.member_id,
    d.day,
    cast((v.quota_amount - v.quota_amount % nullif(v.days, 0)) / nullif(v.days, 0) as bigint)
    + cast(
      floor(
        v.quota_amount % nullif(v.days, 0) * (days_between(v.starts_on, d.day) + 1)
        / nullif(v.days, 0) + 0.5
      )
      - floor(
        v.quota_amount % nullif(v.days, 0) * days_between(v.starts_on, d.day)
        / nullif(v.days, 0) + 0.5
      )
      as bigint
    ) as quota_amount,
    v.source,
    row_number() over (
      partition by v.member_id, d.day
      order by case when v.amount is null then 1 else 0 end, v.days, v.period
    ) as place
  from quota_period as v
  inner join dim_date as d on d.day >= v.starts_on and d.day < v.ends_on
),
counted as (
  select member_id, day, quota_amount, source
  from spread
  where place = 1
),
both_sides as (
  select
    c.member_id,
    c.day,
    c.quota_amount,
    cast(null as bigint) as won_amount,
    null as deal_id,
    null as name,
    null as account,
    c.source
  from counted as c
  union all
  select
    d.owner_id as member_id,
    d.closed_day as day,
    cast(null as bigint) as quota_amount,
    d.won_amount,
    d.deal_id,
    d.name,
    d.account,
    d.source
  from fct_deal as d
  inner join counted as c on c.member_id = d.owner_id and c.day = d.closed_day
  where d.outcome = 'won' and c.quota_amount is not null
)
select
  b.day,
  b.member_id as owner_id,
  n.name as owner,
  coalesce(t.team, '(unknown)') as team,
  b.quota_amount,
  b.won_amount,
  b.deal_id,
  b.name,
  b.account,
  b.source
from both_sides as b
left join map_member as n on n.member_id = b.member_id
left join member as m on m.member_id = b.member_id
left join map_team as t on t.name = m.team
