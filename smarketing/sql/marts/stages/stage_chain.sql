-- question: how far did each lead come entering every stage in order, none missing?
-- grain: one row per lead and stage reached in order, at the first entry that keeps the order
-- Every entry counts here. Leads whose first entries are in order need no search; the tangled few
-- follow the chain of "first entry into the next stage at or after this one".
with recursive tangled as (
  select e.lead_number, e.stage_number, e.event_number, e.placed_at
  from fct_stage_entry as e
  inner join stage_reach as r
    on r.lead_number = e.lead_number and r.stage_number = e.stage_number
  where e.kind = 'entry' and r.is_tangled = 1
),

linked as (
  select
    a.lead_number,
    a.event_number,
    b.event_number as next_event,
    b.stage_number as next_number,
    b.placed_at as next_at,
    row_number() over (
      partition by a.lead_number, a.event_number order by b.placed_at, b.event_number
    ) as choice
  from tangled as a
  inner join tangled as b
    on b.lead_number = a.lead_number
    and b.stage_number = a.stage_number + 1
    and b.placed_at >= a.placed_at
),

started as (
  select
    t.lead_number,
    t.stage_number,
    t.event_number,
    t.placed_at,
    row_number() over (partition by t.lead_number order by t.event_number) as choice
  from tangled as t
  where t.stage_number = 1
),

chain as (
  select s.lead_number, s.stage_number, s.event_number, s.placed_at
  from started as s
  where s.choice = 1
  union all
  select l.lead_number, l.next_number as stage_number, l.next_event as event_number,
    l.next_at as placed_at
  from chain as c
  inner join linked as l
    on l.lead_number = c.lead_number and l.event_number = c.event_number and l.choice = 1
)

select c.lead_number, c.stage_number, c.placed_at as reached_at
from chain as c
union all
select r.lead_number, r.stage_number, r.first_at as reached_at
from stage_reach as r
where r.is_tangled = 0 and r.depth = r.stage_number
