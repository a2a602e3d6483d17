-- question: until when does a cost run whose report has a row for each month?
-- grain: one row per cost
-- parameters: none
with by_month as (
  select c._file_id as file_id, min(f.imported_on) as imported_on
  from cost as c
  inner join temp.month_file as f on f.file_id = c._file_id
  group by c._file_id
  having
    bool_and(c.covers_until is null and day(c.incurred_on) = 1)
    and count(distinct c.incurred_on) > 1
)
update cost
set covers_until = greatest(cost.incurred_on, least(last_day(cost.incurred_on), m.imported_on))
from by_month as m
where m.file_id = cost._file_id
