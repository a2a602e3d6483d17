-- question: which files hold costs of days on which another file has costs alike?
-- grain: one row per source, other source and currency, with the two files that share most
-- parameters: none
with shared as (
  select
    o.source,
    o.other_source,
    o.currency,
    o.file,
    o.other_file,
    count(*) as records,
    sum(o.amount) as amount,
    min(o.day) as starts_on,
    max(o.day) as ends_on
  from cost_overlap as o
  group by o.source, o.other_source, o.currency, o.file, o.other_file
),

ranked as (
  select
    s.source,
    s.other_source,
    s.currency,
    s.file,
    s.other_file,
    s.amount,
    s.starts_on,
    s.ends_on,
    sum(s.records) over (
      partition by s.source, s.other_source, s.currency
    ) as all_records,
    row_number() over (
      partition by s.source, s.other_source, s.currency
      order by s.amount desc, s.file, s.other_file
    ) as place
  from shared as s
)

select
  r.source,
  r.other_source,
  r.currency,
  r.file,
  r.other_file,
  r.all_records as records,
  r.amount,
  r.starts_on,
  r.ends_on
from ranked as r
where r.place = 1
order by r.amount desc, r.source, r.other_source, r.currency
