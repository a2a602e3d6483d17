-- from: deals
-- When did a deal enter each stage? A column for each stage holds the date; exports write the stage's
-- pipeline behind its name.
select
  d._row,
  d._file_id,
  coalesce(d.hs_lastmodifieddate, d.updatedAt) as _modified,
  d.id as deal_id,
  case
    when ends_with(e.entry.name, ' (' || d.pipeline || ')')
      then left(e.entry.name, length(e.entry.name) - length(d.pipeline) - 3)
    else e.entry.name
  end as stage,
  e.entry.value as entered_at
from deals d
cross join unnest(d.date_entered) e(entry)
where d.stage_history is null
