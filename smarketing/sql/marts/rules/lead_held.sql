-- question: how good did a lead that never qualified look while it still might have?
-- parameters: $from_stage, $timezone
-- grain: one row per lead that never qualified and whose beginning is known
-- It might have qualified within W of the step to the handoff stage after it began; is_over: that
-- has passed. patterns are all patterns of behaviour rules (a rule's hits times its weight) that it
-- held in that time, joined by ' > ': which of them is the best depends on the points. A touch counts
-- from its instant to the end of its rule's days. best_score is the best one recorded by the source.
with step as (
  select coalesce(sum(w.window_days), 0) as step_days
  from stage_window as w
  inner join agreement_stage as f on f.stage = $from_stage
  where w.stage_number < f.stage_number
),

looked_at as (
  select
    j.lead_number,
    j.lead_id,
    j.person_id,
    day_start(j.began_day, $timezone) as began_at,
    day_start(add_days(j.began_day, cast(s.step_days as int) + 1), $timezone) as ends_at,
    j.followed_days >= s.step_days as is_over
  from lead_judged as j
  cross join step as s
  where not j.is_qualified and j.began_day is not null
),

evidence as (
  select t.touch_id, t.lead_id, t.person_id, t.occurred_at,
    day_start(add_days(t.occurred_day, r.within_days + 1), $timezone) as forgotten_at,
    r.rule, r.at_least, r.is_each, r.most_hits, r.weight
  from fct_touch as t
  inner join agreement_behaviour_rule as r on r.kind = t.kind
  where t.is_usable
),

own as (
  select l.lead_number, e.rule, e.at_least, e.is_each, e.most_hits, e.weight, e.occurred_at,
    e.forgotten_at
  from evidence as e
  inner join looked_at as l on l.lead_id = e.lead_id
  where e.occurred_at < l.ends_at and e.forgotten_at > l.began_at
  union all
  select l.lead_number, e.rule, e.at_least, e.is_each, e.most_hits, e.weight, e.occurred_at,
    e.forgotten_at
  from evidence as e
  inner join looked_at as l on l.person_id = e.person_id
  where e.lead_id is null and e.occurred_at < l.ends_at and e.forgotten_at > l.began_at
),

moved as (
  select o.lead_number, o.rule, o.at_least, o.is_each, o.most_hits, o.weight,
    o.occurred_at as moved_at, 1 as change
  from own as o
  union all
  select o.lead_number, o.rule, o.at_least, o.is_each, o.most_hits, o.weight,
    o.forgotten_at as moved_at, -1 as change
  from own as o
),

at_once as (
  select m.lead_number, m.rule, m.at_least, m.is_each, m.most_hits, m.weight, m.moved_at,
    sum(m.change) as change
  from moved as m
  group by m.lead_number, m.rule, m.at_least, m.is_each, m.most_hits, m.weight, m.moved_at
),

standing as (
  select a.lead_number, a.rule, a.at_least, a.is_each, a.most_hits, a.weight, a.moved_at,
    sum(a.change) over (
      partition by a.lead_number, a.rule order by a.moved_at
      rows between unbounded preceding and current row
    ) as hits
  from at_once as a
),

worth as (
  select
    h.lead_number,
    h.rule,
    h.moved_at,
    h.weight * case
      when h.hits < h.at_least or h.hits = 0 then 0
      when not h.is_each then 1
      when h.hits > h.most_hits then h.most_hits
      else h.hits
    end as part
  from standing as h
),

stepped as (
  select w.lead_number, w.moved_at,
    w.part - coalesce(
      lag(w.part) over (partition by w.lead_number, w.rule order by w.moved_at), 0
    ) as change
  from worth as w
  union all
  select l.lead_number, l.began_at as moved_at, 0 as change
  from looked_at as l
),

by_instant as (
  select t.lead_number, t.moved_at, sum(t.change) as change
  from stepped as t
  group by t.lead_number, t.moved_at
),

course as (
  select
    b.lead_number,
    b.moved_at,
    lead(b.moved_at) over (partition by b.lead_number order by b.moved_at) as until_at,
    sum(b.change) over (
      partition by b.lead_number order by b.moved_at
      rows between unbounded preceding and current row
    ) as pattern
  from by_instant as b
),

held as (
  select distinct c.lead_number, cast(c.pattern as bigint) as pattern
  from course as c
  inner join looked_at as l on l.lead_number = c.lead_number
  where c.moved_at < l.ends_at and (c.until_at is null or c.until_at > l.began_at)
),

several as (
  select h.lead_number, journey_path(cast(h.pattern as text), h.pattern) as patterns
  from held as h
  group by h.lead_number
),

scored as (
  select
    l.lead_number,
    l.began_at,
    e.score,
    lead(e.scored_at) over (partition by l.lead_number order by e.scored_at, e.score) as until_at
  from looked_at as l
  inner join score_event as e on e.lead_id = l.lead_id
  where e.scored_at < l.ends_at
),

best as (
  select s.lead_number, max(s.score) as score
  from scored as s
  where s.until_at is null or s.until_at > s.began_at
  group by s.lead_number
)

select l.lead_number, l.is_over, s.patterns, b.score as best_score
from looked_at as l
inner join several as s on s.lead_number = l.lead_number
left join best as b on b.lead_number = l.lead_number
