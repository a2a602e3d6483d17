-- question: which costs of platforms' reports does an earlier file of their source hold once more?
-- grain: one row per cost of a later file that an earlier one has as well, under another name
-- parameters: none
-- A campaign, ad set or ad that was renamed between two downloads is not known again: its rows stay
-- beside the new ones. They are told by agreeing in all that is counted, day by day, for at least
-- half of what the earlier file still says of a campaign on the days of both.
insert into cost_overlap
with counted as (
  select
    cost_id,
    source,
    _file,
    _file_id,
    incurred_on as day,
    currency,
    amount,
    coalesce(campaign_id, '') as campaign_id,
    coalesce(impressions, -1) as impressions,
    coalesce(clicks, -1) as clicks
  from cost
  where amount > 0 and greatest(impressions, clicks) > 0
),
earlier as (
  select
    source, _file, _file_id, day, currency, campaign_id, amount, impressions, clicks,
    sum(amount) as whole
  from counted
  group by all
),
later as (
  select distinct source, _file_id, day, currency, amount, impressions, clicks
  from counted
),
alike as (
  select
    e.source,
    e.currency,
    e._file,
    e._file_id,
    e.campaign_id,
    e.day,
    e.amount,
    e.impressions,
    e.clicks,
    e.whole,
    l._file_id as later_file_id
  from earlier as e
  inner join later as l
    on l.source = e.source and l.currency = e.currency and l.day = e.day
    and l.amount = e.amount and l.impressions = e.impressions and l.clicks = e.clicks
    and l._file_id > e._file_id
),
pairs as (
  select source, currency, _file_id, campaign_id, later_file_id, sum(whole) as whole
  from alike
  group by all
),
campaign_days as (
  select source, currency, _file_id, campaign_id, day, sum(amount) as amount
  from counted
  group by all
),
file_days as (
  select distinct source, currency, _file_id, day
  from counted
),
told as (
  select p.source, p.currency, p._file_id, p.campaign_id, p.later_file_id
  from pairs as p
  inner join campaign_days as d
    on d.source = p.source and d.currency = p.currency and d._file_id = p._file_id
    and d.campaign_id = p.campaign_id
  inner join file_days as f
    on f.source = p.source and f.currency = p.currency and f._file_id = p.later_file_id
    and f.day = d.day
  group by p.source, p.currency, p._file_id, p.campaign_id, p.later_file_id
  having 2 * any_value(p.whole) >= sum(d.amount)
)
select distinct
  c.cost_id, c.source, c._file, c._file_id, c.day, c.currency, c.amount,
  a.source as other_source, a._file as other_file, a._file_id as other_file_id
from counted as c
inner join alike as a
  on a.source = c.source and a.currency = c.currency and a.later_file_id = c._file_id
  and a.day = c.day and a.amount = c.amount and a.impressions = c.impressions
  and a.clicks = c.clicks
inner join told as t
  on t.source = a.source and t.currency = a.currency and t._file_id = a._file_id
  and t.campaign_id = a.campaign_id and t.later_file_id = a.later_file_id
where not exists (
  select 1 from cost_overlap as o
  where o.cost_id = c.cost_id and o.other_file_id = a._file_id
)
