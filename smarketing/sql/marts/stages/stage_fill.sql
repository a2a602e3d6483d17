-- question: which stages that a lead skipped are imputed, and from which later stage?
-- grain: one row per lead and imputed stage; source_number is the stage whose entries it takes
-- A stage known without a date takes the date of the next dated one; never the first stage, whose
-- unknown date keeps the lead out of cohorts.
select
  r.lead_number,
  s.stage_number,
  case
    when r.dated = 1 then r.stage_number
    else coalesce(r.next_dated_number, r.stage_number)
  end as source_number
from stage_reach as r
inner join agreement_stage as s
  on s.stage_number > coalesce(r.previous_number, 0) and s.stage_number < r.stage_number
where r.stage_number > coalesce(r.previous_number, 0) + 1
union all
select r.lead_number, r.stage_number, r.next_dated_number as source_number
from stage_reach as r
where r.dated = 0 and r.next_dated_number is not null and r.stage_number > 1
