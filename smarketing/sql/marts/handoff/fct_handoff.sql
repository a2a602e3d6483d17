-- question: was each handed-over lead followed up as agreed, by whom, and what came of it?
-- parameters: $as_of_at, $as_of_day, $timezone, $attempts_at_least, $deal_opened, $deal_won
-- grain: one row per pass of a lead: a recycled lead that returns is handed over again
-- speed_, routing_ and response_minutes are business minutes; the _elapsed_ ones run on. They are
-- null where an instant has no time of day. Obligations: met, missed (late, or undone and past
-- due), pending, exempt; null where nothing says what sales did, or decided, with any lead of the
-- lead's source.
-- is_decided: what the acceptance rate counts, exempt passes aside.
with dated as (
  select
    p.lead_number,
    p.pass_number,
    p.starts_at,
    p.starts_has_time,
    c.response_due_at,
    c.attempts_due_at,
    c.decision_due_at,
    local_day(c.response_due_at, $timezone) as response_due_day,
    local_day(c.attempts_due_at, $timezone) as attempts_due_day,
    local_day(c.decision_due_at, $timezone) as decision_due_day
  from handoff_pass as p
  inner join handoff_clock as c
    on c.lead_number = p.lead_number and c.pass_number = p.pass_number
),

attempted as (
  select
    d.lead_number,
    d.pass_number,
    count(*) as attempts,
    sum(case
      when t.occurred_at <= d.attempts_due_at or t.occurred_day <= d.attempts_due_day
        and not t.occurred_has_time then 1
      else 0
    end) as attempts_in_time,
    max(case
      when t.is_reached and t.occurred_at <= d.attempts_due_at then 1 else 0
    end) as reached_in_time
  from dated as d
  inner join handoff_pass as p
    on p.lead_number = d.lead_number and p.pass_number = d.pass_number
  inner join handoff_touch as t on t.lead_number = d.lead_number
  where
    (t.is_human or t.is_reached)
    and (p.ends_at is null or t.occurred_at < p.ends_at)
    and (
      t.occurred_at >= p.qualified_at
      or (t.occurred_day = p.qualified_day and not (t.occurred_has_time and p.qualified_has_time))
    )
  group by d.lead_number, d.pass_number
),

due as (
  select d.lead_number, d.pass_number, 1 as obligation, d.response_due_at as due_at
  from dated as d
  union all
  select d.lead_number, d.pass_number, 2 as obligation, d.attempts_due_at as due_at
  from dated as d
  union all
  select d.lead_number, d.pass_number, 3 as obligation, d.decision_due_at as due_at
  from dated as d
),

owned as (
  select
    u.lead_number,
    u.pass_number,
    max(case when u.obligation = 1 then u.member_id end) as response_owner_id,
    max(case when u.obligation = 2 then u.member_id end) as attempts_owner_id,
    max(case when u.obligation = 3 then u.member_id end) as decision_owner_id
  from (
    select
      d.lead_number,
      d.pass_number,
      d.obligation,
      a.member_id,
      row_number() over (
        partition by d.lead_number, d.pass_number, d.obligation
        order by a.assigned_at desc, a.member_id
      ) as place
    from due as d
    inner join lead_key as k on k.lead_number = d.lead_number
    inner join lead_assignment as a on a.lead_id = k.lead_id and a.assigned_at <= d.due_at
  ) as u
  where u.place = 1
  group by u.lead_number, u.pass_number
),

won as (
  select d.carrier_lead_id as lead_id, sum(d.won_amount) as won_amount
  from fct_deal as d
  where d.carrier_lead_id is not null
  group by d.carrier_lead_id
),

judged as (
  select
    p.lead_number,
    p.pass_number,
    case
      when p.response_at is null then false
      when p.starts_has_time and p.response_has_time then p.response_at <= d.response_due_at
      else p.response_day <= d.response_due_day
    end as is_response_in_time,
    case
      when d.starts_has_time then $as_of_at > d.response_due_at
      else $as_of_day > d.response_due_day
    end as is_response_due,
    coalesce(a.attempts, 0) as attempts,
    coalesce(a.attempts_in_time, 0) >= $attempts_at_least
    or coalesce(a.reached_in_time, 0) = 1
    or coalesce(p.settled_day <= d.attempts_due_day, false) as is_attempts_in_time,
    $as_of_at > d.attempts_due_at as is_attempts_due,
    p.decision_kind = 'entry' as is_accepted,
    r.stage is not null as is_rejected,
    coalesce(
      p.decision_day <= d.decision_due_day
      and (p.decision_kind = 'entry' or p.decision_reason is not null or r.stage is null),
      false
    ) as is_decision_in_time,
    $as_of_at > d.decision_due_at as is_decision_due
  from handoff_pass as p
  inner join dated as d on d.lead_number = p.lead_number and d.pass_number = p.pass_number
  left join attempted as a on a.lead_number = p.lead_number and a.pass_number = p.pass_number
  left join agreement_exit as r on r.stage = p.decision_stage and r.is_rejected
)

select
  p.lead_id,
  p.pass_number,
  p.is_return,
  p.qualified_at,
  p.qualified_day,
  p.qualified_has_time,
  p.weekday,
  p.hour,
  p.assigned_at,
  p.starts_at,
  p.response_at,
  p.response_touch_id,
  p.response_actor_id,
  p.decision_at,
  p.decision_day,
  coalesce(j.is_accepted, false) as is_accepted,
  j.is_rejected,
  v.is_decided_known
  and p.exemption is null
  and (
    coalesce(j.is_accepted, false) or j.is_rejected or (p.decision_kind is null and j.is_decision_due)
  ) as is_decided,
  case
    when j.is_accepted then 'accepted'
    when j.is_rejected then 'rejected'
    when p.decision_kind = 'exit' then p.decision_stage
    when v.is_decided_known then 'undecided'
  end as decision,
  case when p.decision_kind = 'exit' then p.decision_stage end as exit,
  case when p.decision_kind = 'exit' then p.decision_reason end as reason,
  p.ended_day is null as is_open,
  p.exemption,
  c.routing_minutes,
  c.routing_elapsed_minutes,
  c.response_minutes,
  c.response_elapsed_minutes,
  c.speed_minutes,
  c.speed_elapsed_minutes,
  case when v.is_worked_known then j.attempts end as attempts,
  d.response_due_at,
  d.response_due_day,
  case
    when not v.is_worked_known then null
    when p.exemption is not null then 'exempt'
    when j.is_response_in_time then 'met'
    when j.is_response_due then 'missed'
    else 'pending'
  end as response_status,
  coalesce(o.response_owner_id, p.owner_id) as response_owner_id,
  d.attempts_due_at,
  d.attempts_due_day,
  case
    when not v.is_worked_known then null
    when p.exemption is not null then 'exempt'
    when j.is_attempts_in_time then 'met'
    when j.is_attempts_due then 'missed'
    else 'pending'
  end as attempts_status,
  coalesce(o.attempts_owner_id, p.owner_id) as attempts_owner_id,
  d.decision_due_at,
  d.decision_due_day,
  case
    when not v.is_decided_known then null
    when p.exemption is not null then 'exempt'
    when j.is_decision_in_time then 'met'
    when j.is_decision_due or p.decision_day is not null then 'missed'
    else 'pending'
  end as decision_status,
  coalesce(o.decision_owner_id, p.owner_id) as decision_owner_id,
  coalesce(p.furthest_number >= g.stage_number, false) as is_opportunity,
  coalesce(p.furthest_number >= u.stage_number, false) as is_customer,
  case when p.furthest_number >= u.stage_number then w.won_amount end as won_amount,
  coalesce(n.do_not_contact, false) as is_do_not_contact,
  coalesce(m.ends_on < $as_of_day, false) as is_owner_gone,
  k.segment,
  k.region,
  k.persona,
  k.channel,
  k.raw_channel,
  k.lead_type,
  k.campaign_id,
  p.owner_id,
  r.name as owner,
  k.account_id,
  k.person_id,
  k.source
from handoff_pass as p
inner join dated as d on d.lead_number = p.lead_number and d.pass_number = p.pass_number
inner join judged as j on j.lead_number = p.lead_number and j.pass_number = p.pass_number
inner join handoff_clock as c on c.lead_number = p.lead_number and c.pass_number = p.pass_number
inner join lead_key as k on k.lead_number = p.lead_number
inner join handoff_known as v on v.source = k.source
left join owned as o on o.lead_number = p.lead_number and o.pass_number = p.pass_number
left join won as w on w.lead_id = p.lead_id
left join map_member as r on r.member_id = p.owner_id
left join member as m on m.member_id = p.owner_id
left join dim_person as n on n.person_id = k.person_id
left join agreement_stage as g on g.stage = $deal_opened
left join agreement_stage as u on u.stage = $deal_won
