-- question: by what is an amount in a currency's minor units multiplied to give the agreement's?
-- grain: one row per currency and day that has a rate, or had one in the seven days before
-- parameters: $minor_digits
-- A rate is the worth of one unit of the currency in the agreement's currency.
with offsets as (
  select 0 as days
  union all select 1 as days
  union all select 2 as days
  union all select 3 as days
  union all select 4 as days
  union all select 5 as days
  union all select 6 as days
  union all select 7 as days
),
rates as (
  select upper(trim(currency)) as currency, rate_on, max(rate) as rate
  from fx_rate
  where rate > 0
  group by 1, 2
),
carried as (
  select
    r.currency,
    add_days(r.rate_on, o.days) as day,
    r.rate,
    o.days as age_days
  from rates as r
  cross join offsets as o
),
ranked as (
  select
    currency,
    day,
    rate,
    age_days,
    row_number() over (partition by currency, day order by age_days) as place
  from carried
)
select
  r.currency,
  r.day,
  r.rate * power(10.0, $minor_digits - c.digits) as factor,
  r.age_days
from ranked as r
inner join agreement_currency as c on c.currency = r.currency
where r.place = 1
