-- question: what does a cost that covers several days come to on each of them?
-- grain: one row per cost and day it covers
-- parameters: none
-- Evenly, to the minor unit: a day has the rounded running sum less that of the day before it.
create or replace temp macro running(x, place, days) as
  sign(x) * ((2 * abs(cast(x as hugeint)) * place + days) // (2 * days));
create or replace temp macro part_of(x, place, days) as
  cast(running(x, place, days) - running(x, place - 1, days) as bigint);
create or replace temp table spread as
with days as (
  select
    c.cost_id,
    c.amount,
    c.impressions,
    c.clicks,
    datediff('day', c.incurred_on, c.covers_until) + 1 as days,
    unnest(range(datediff('day', c.incurred_on, c.covers_until) + 1)) as past,
    c.incurred_on as starts_on
  from cost as c
  where c.covers_until > c.incurred_on
)
select
  cost_id,
  cast(starts_on + cast(past as integer) as date) as day,
  part_of(amount, past + 1, days) as amount,
  part_of(impressions, past + 1, days) as impressions,
  part_of(clicks, past + 1, days) as clicks
from days;
insert into cost by name
select
  c.* replace (
    c.cost_id || '-' || s.day as cost_id,
    s.day as incurred_on,
    s.amount as amount,
    s.impressions as impressions,
    s.clicks as clicks
  )
from cost as c
inner join temp.spread as s on s.cost_id = c.cost_id;
delete from cost where cost_id in (select cost_id from temp.spread)
