-- question: which stages does the agreement have, and after how many days is each step judged?
-- grain: one row per stage
select s.stage, s.stage_number, s.label, s.owner_team, w.next_stage, w.window_days, w.rule
from agreement_stage as s
left join stage_window as w on w.stage_number = s.stage_number
order by s.stage_number
