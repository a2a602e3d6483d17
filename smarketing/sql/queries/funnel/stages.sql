-- question: which stages does the agreement have, and after how many days is each step judged?
-- grain: one row per stage
select
  s.stage, s.stage_number, s.label, coalesce(t.side, 'shared') as owner_side,
  w.next_stage, w.window_days, w.rule
from agreement_stage as s
left join agreement_team as t on t.team = s.owner_team
left join stage_window as w on w.stage_number = s.stage_number
order by s.stage_number
