-- question: which of the rows of a file that agree in all they are cut by is the first, the second …?
-- grain: one row per cost of a report of spend
-- parameters: none
-- Nothing else tells such rows apart, so that by their place they are known again in another file.
create or replace temp table spend as
select
  *,
  row_number() over (
    partition by _file_id, shape, platform, account, campaign_id, parts, starts_on, ends_on
    order by _row, cost_id
  ) as place
from temp.spend
