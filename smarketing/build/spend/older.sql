-- question: which costs of an older file does a newer one of the same cut no longer have?
-- grain: one row per cost that a newer file, with fewer rows of the same, replaces by none
-- parameters: none
-- Rows of one file that agree in all they are cut by are known again by their order alone. Where a
-- newer file has fewer of them, those that are left over are as old as the ones it replaces.
create or replace temp table spend_older as
with held as (
  select
    _file_id, shape, platform, account, campaign_id, parts, starts_on, ends_on,
    count(*) as rows,
    row_number() over (
      partition by shape, platform, account, campaign_id, parts, starts_on, ends_on
      order by max(recorded_at) desc nulls last, _file_id desc
    ) as version
  from temp.spend
  group by _file_id, shape, platform, account, campaign_id, parts, starts_on, ends_on
)
select s.cost_id, s._file_id, s._row, 'superseded by a newer version' as why
from temp.spend as s
inner join held as h
  on h.version = 1 and h._file_id <> s._file_id and h.shape = s.shape
  and h.platform = s.platform and h.account is not distinct from s.account
  and h.campaign_id is not distinct from s.campaign_id
  and h.parts is not distinct from s.parts
  and h.starts_on = s.starts_on and h.ends_on = s.ends_on
where s.place > h.rows
