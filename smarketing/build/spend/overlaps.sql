-- question: which costs without an id of their own may another file hold again?
-- grain: one row per cost and other file with costs of the same day, currency, team and kind
-- parameters: none
-- What one of the two leaves blank may be what the other says. A kind is one where its name begins
-- as the other's, or as that of the other's source: LinkedIn, linkedin_ads. Of two files
-- without ids the later one is named.
insert into cost_overlap
with told as (
  select
    c.cost_id,
    c.source,
    c._file as file,
    c._file_id as file_id,
    c.incurred_on as day,
    c.currency,
    c.amount,
    regexp_matches(c.cost_id, '^[^:]*:row-') as is_of_row,
    nullif(lower(trim(c.team)), '') as team,
    nullif(lower(regexp_replace(c.category, '[\s+_-]', '', 'g')), '') as kind,
    replace(c.source, '_', '') as system,
    nullif(lower(regexp_replace(
      coalesce(p.name, regexp_replace(c.campaign_id, '^[^:]*:', '')), '[\s+_-]', '', 'g'
    )), '') as campaign
  from cost as c
  left join campaign as p on p.campaign_id = c.campaign_id
  where
    c.amount > 0
    and c.incurred_on in (select d.incurred_on from cost as d where contains(d.cost_id, ':row-'))
),
others as (
  select file_id, file, source, system, is_of_row, day, currency, team, kind, campaign
  from told
  group by all
)
select distinct
  t.cost_id, t.source, t.file, t.file_id, t.day, t.currency, t.amount,
  o.source as other_source, o.file as other_file, o.file_id as other_file_id
from told as t
inner join others as o
  on o.day = t.day and o.currency = t.currency and o.file_id <> t.file_id
  and coalesce(o.team = t.team, true)
  and coalesce(o.campaign = t.campaign, true)
  and coalesce(
    starts_with(o.kind, t.kind) or starts_with(t.kind, o.kind) or starts_with(o.system, t.kind),
    true
  )
where t.is_of_row and (not o.is_of_row or o.file_id < t.file_id)
