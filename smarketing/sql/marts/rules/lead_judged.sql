-- question: up to when does a lead's evidence count, was it worked, and what became of it?
-- parameters: $from_stage, $accepted_stage, $deal_opened, $deal_won, $as_of_day
-- grain: one row per lead with a stage event
-- judged_at is the first entry into the handoff stage or a later one, null for a lead that never
-- qualified: evidence counts strictly before it. Worked: a human touch, a decision, or a stage sales owns.
with number as (
  select
    f.stage_number as from_number,
    a.stage_number as accepted_number,
    o.stage_number as opportunity_number,
    c.stage_number as customer_number
  from agreement_stage as f
  inner join agreement_stage as a on a.stage = $accepted_stage
  left join agreement_stage as o on o.stage = $deal_opened
  left join agreement_stage as c on c.stage = $deal_won
  where f.stage = $from_stage
),

reached as (
  select
    r.lead_number,
    min(case when r.stage_number >= n.from_number then r.first_at end) as judged_at,
    min(case when r.stage_number >= n.from_number then r.first_day end) as judged_day,
    max(case when r.stage_number >= n.from_number and r.dated = 0 then 1 else 0 end) as undated,
    max(case when r.stage_number >= n.accepted_number then 1 else 0 end) as is_accepted,
    max(case when r.stage_number >= n.opportunity_number then 1 else 0 end) as is_opportunity,
    max(case when r.stage_number >= n.customer_number then 1 else 0 end) as is_customer
  from stage_reach as r
  cross join number as n
  group by r.lead_number
),

handed as (
  select
    h.lead_id,
    max(case when h.response_at is not null or h.is_accepted or h.is_rejected then 1 else 0 end)
      as is_worked,
    sum(case when h.is_decided then 1 else 0 end) as decided_passes,
    sum(case when h.is_decided and h.is_accepted then 1 else 0 end) as accepted_passes
  from fct_handoff as h
  group by h.lead_id
),

won as (
  select d.carrier_lead_id as lead_id, sum(d.won_amount) as won_amount
  from fct_deal as d
  where d.carrier_lead_id is not null and d.outcome = 'won'
  group by d.carrier_lead_id
)

select
  k.lead_number,
  k.lead_id,
  k.person_id,
  k.account_id,
  r.judged_at,
  r.judged_day,
  r.judged_at is not null as is_qualified,
  case
    when r.undated = 1 then null
    else days_between(coalesce(r.judged_day, l.began_day), $as_of_day)
  end as followed_days,
  coalesce(h.is_worked, 0) = 1 or coalesce(r.is_accepted, 0) = 1 as is_worked,
  coalesce(r.is_accepted, 0) = 1 as is_accepted,
  coalesce(h.decided_passes, 0) as decided_passes,
  coalesce(h.accepted_passes, 0) as accepted_passes,
  coalesce(r.is_opportunity, 0) = 1 as is_opportunity,
  coalesce(r.is_customer, 0) = 1 as is_customer,
  coalesce(w.won_amount, 0) as won_amount,
  l.began_day,
  k.segment,
  k.region,
  k.persona,
  k.channel,
  k.raw_channel,
  k.lead_type,
  k.campaign_id,
  k.owner_id,
  k.owner,
  k.source
from lead_course as l
inner join lead_key as k on k.lead_number = l.lead_number
left join reached as r on r.lead_number = l.lead_number
left join handed as h on h.lead_id = k.lead_id
left join won as w on w.lead_id = k.lead_id
