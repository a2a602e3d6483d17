-- question: by which id is a cost known again, in whichever file it comes?
-- grain: one row per cost of a report of spend
-- parameters: none
-- All that its report is cut by makes the id, so that a corrected report replaces and a split one
-- adds up. Rows of one file that agree in all of it are told apart by their place.
update cost
set cost_id = s.source || ':' || s.known_as
from (
  select
    cost_id, _file_id, _row, source,
    md5(concat_ws('|', shape, platform, coalesce(account, ''), coalesce(campaign_id, ''),
      cast(parts as varchar), starts_on, ends_on))
    || '-' || place as known_as
  from temp.spend
) as s
where cost.cost_id = s.cost_id and cost._file_id = s._file_id and cost._row = s._row
