-- question: which costs of platforms' reports does a report of another source hold once more?
-- grain: one row per cost of the later of two sources that spent the same on each day of both
-- parameters: none
-- Reports are told by what they count beside the money. All days that both have must agree, in the
-- money for three days at least, else in what they count as well: two platforms seldom cost the same
-- to the cent for so long, or show and click as often for it.
insert into cost_overlap
with spent as (
  select
    source,
    currency,
    incurred_on as day,
    sum(amount) as amount,
    sum(impressions) as impressions,
    sum(clicks) as clicks,
    max(_file_id) as file_id
  from cost
  where amount > 0 and coalesce(impressions, clicks) is not null
  group by source, currency, incurred_on
),
twins as (
  select s.source, o.source as other_source, s.currency
  from spent as s
  inner join spent as o
    on o.currency = s.currency and o.day = s.day and o.source <> s.source
  group by s.source, o.source, s.currency
  having bool_and(o.amount = s.amount)
    and (
      count(*) >= 3
      or bool_and(
        coalesce(o.impressions = s.impressions, o.clicks = s.clicks, false)
        and coalesce(o.clicks = s.clicks, true)
        and coalesce(s.impressions, s.clicks) > 0
      )
    )
    and (max(s.file_id), s.source) > (max(o.file_id), o.source)
),
others as (
  select
    source,
    currency,
    incurred_on as day,
    arg_min(_file, _file_id) as file,
    min(_file_id) as file_id
  from cost
  where amount > 0 and coalesce(impressions, clicks) is not null
  group by source, currency, incurred_on
)
select
  c.cost_id, c.source, c._file, c._file_id, c.incurred_on, c.currency, c.amount,
  o.source as other_source, o.file as other_file, o.file_id as other_file_id
from cost as c
inner join twins as t on t.source = c.source and t.currency = c.currency
inner join others as o
  on o.source = t.other_source and o.currency = c.currency and o.day = c.incurred_on
where c.amount > 0 and coalesce(c.impressions, c.clicks) is not null
