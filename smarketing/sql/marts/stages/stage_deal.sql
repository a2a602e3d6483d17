-- question: when did the deals a lead carries let it enter the stages of a deal's opening and winning,
--   or leave by the exit of its loss?
-- parameters: $as_of_at, $deal_opened, $deal_won, $deal_lost
-- grain: one row per lead that carries deals and stage its deals brought it to
-- A deal of unknown creation existed by its close at the latest: its entry stands there, undated.
with carried as (
  select
    d.carrier_lead_id as lead_id,
    d.deal_id,
    d.outcome,
    d.lost_reason,
    d.owner_id,
    d.closed_at,
    d.closed_has_time,
    d.created_known and d.created_at is not null as opened_known,
    d.created_has_time,
    case
      when d.created_known and d.created_at is not null then d.created_at
      when d.created_at is null then coalesce(d.closed_at, $as_of_at)
      when d.closed_at < d.created_at then d.closed_at
      else d.created_at
    end as opened_at,
    coalesce(d.closed_at, $as_of_at) as ended_at
  from fct_deal as d
  where d.carrier_lead_id is not null
),

ordered as (
  select
    c.lead_id,
    c.outcome,
    c.lost_reason,
    c.owner_id,
    c.closed_at,
    c.closed_has_time,
    c.opened_at,
    c.opened_known,
    c.created_has_time,
    c.ended_at,
    row_number() over (
      partition by c.lead_id order by c.opened_at, c.opened_known desc, c.deal_id
    ) as opening,
    row_number() over (
      partition by c.lead_id, c.outcome order by c.ended_at, c.deal_id
    ) as ending,
    row_number() over (
      partition by c.lead_id order by c.ended_at desc, c.deal_id desc
    ) as ending_back,
    sum(case when c.outcome = 'lost' then 0 else 1 end) over (
      partition by c.lead_id
    ) as not_lost
  from carried as c
)

select
  o.lead_id,
  $deal_opened as stage,
  o.opened_at as entered_at,
  coalesce(o.created_has_time, false) as has_time,
  o.opened_known as date_known,
  o.owner_id as actor_id,
  cast(null as text) as reason
from ordered as o
where o.opening = 1
union all
select
  o.lead_id,
  $deal_won as stage,
  o.ended_at as entered_at,
  coalesce(o.closed_has_time, false) as has_time,
  o.closed_at is not null as date_known,
  o.owner_id as actor_id,
  cast(null as text) as reason
from ordered as o
where o.outcome = 'won' and o.ending = 1
union all
select
  o.lead_id,
  $deal_lost as stage,
  o.ended_at as entered_at,
  coalesce(o.closed_has_time, false) as has_time,
  o.closed_at is not null as date_known,
  o.owner_id as actor_id,
  o.lost_reason as reason
from ordered as o
where o.not_lost = 0 and o.ending_back = 1
