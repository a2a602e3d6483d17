-- question: which cuts are not counted, and from where is the same spend counted instead?
-- grain: one row per cut that is set aside
-- parameters: none
-- spend_known holds the periods that are refused, since days of them are known; spend_cut the place
-- of each cut among those of the same days.
create or replace temp table spend_refused as
with counted as (
  select * from temp.spend_cut where place = 1
)
select
  c.speaks_of, c.starts_on, c.ends_on, c.shape,
  case
    when k.file is not null
      then 'it covers several days, of which some are known from ' || k.file
    when b.is_complete and not c.is_complete
      then 'the same spend is counted from ' || b.file || ', which has more of it'
    when b.breakdowns > c.breakdowns
      then 'the same spend is counted from ' || b.file || ', which cuts it finer'
    else 'the same spend is counted from ' || b.file || ', which is newer'
  end as why
from temp.spend_cut as c
inner join counted as b
  on b.speaks_of = c.speaks_of and b.starts_on = c.starts_on and b.ends_on = c.ends_on
left join temp.spend_known as k
  on k.speaks_of = c.speaks_of and k.starts_on = c.starts_on and k.ends_on = c.ends_on
where c.place > 1 or k.file is not null
