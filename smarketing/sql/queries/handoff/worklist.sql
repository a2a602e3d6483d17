-- question: which leads must sales follow up now or soon, who owns them, and by when?
-- grain: one row per lead still to be worked, at its earliest obligation that is not fulfilled
-- parameters: $soon_at (deadlines up to here are soon due)
-- Exempt leads, and people who may not be contacted, are not on it. Where no source says whether
-- they were called, leads stand at the decision on them.
with scope as (
  select
    '(all)' as key, h.lead_id, h.pass_number, 1 as rank, 'response' as obligation,
    h.response_due_at as due_at, h.response_status as status,
    h.response_owner_id as owner_id, n.name as owner,
    m.ends_on, h.qualified_at, h.attempts, h.person_id, h.account_id, h.segment, h.channel,
    h.campaign_id
  from fct_handoff as h
  left join map_member as n on n.member_id = h.response_owner_id
  left join member as m on m.member_id = h.response_owner_id
  where
    h.is_open and not h.is_do_not_contact and h.exemption is null
    and h.response_at is null and h.response_status is not null
  union all
  select
    '(all)' as key, h.lead_id, h.pass_number, 2 as rank, 'attempts' as obligation,
    h.attempts_due_at as due_at, h.attempts_status as status,
    h.attempts_owner_id as owner_id, n.name as owner,
    m.ends_on, h.qualified_at, h.attempts, h.person_id, h.account_id, h.segment, h.channel,
    h.campaign_id
  from fct_handoff as h
  left join map_member as n on n.member_id = h.attempts_owner_id
  left join member as m on m.member_id = h.attempts_owner_id
  where
    h.is_open and not h.is_do_not_contact and h.exemption is null
    and h.response_at is not null and h.attempts_status <> 'met'
  union all
  select
    '(all)' as key, h.lead_id, h.pass_number, 3 as rank, 'decision' as obligation,
    h.decision_due_at as due_at, h.decision_status as status,
    h.decision_owner_id as owner_id, n.name as owner,
    m.ends_on, h.qualified_at, h.attempts, h.person_id, h.account_id, h.segment, h.channel,
    h.campaign_id
  from fct_handoff as h
  left join map_member as n on n.member_id = h.decision_owner_id
  left join member as m on m.member_id = h.decision_owner_id
  where
    h.decision = 'undecided' and not h.is_do_not_contact and h.exemption is null
    and (h.response_at is not null or h.response_status is null)
),

ranked as (
  select
    s.key, s.lead_id, s.pass_number, s.obligation, s.due_at, s.status, s.owner_id, s.owner,
    s.ends_on, s.qualified_at, s.attempts, s.person_id, s.account_id, s.segment, s.channel,
    s.campaign_id,
    row_number() over (partition by s.lead_id order by s.due_at, s.rank) as place
  from scope as s
)

select
  r.key, r.lead_id, r.pass_number, r.obligation, r.due_at, r.status, r.owner_id, r.owner,
  r.ends_on as owner_ends_on, r.qualified_at, r.attempts, p.full_name as person,
  a.name as account, r.segment, r.channel, r.campaign_id
from ranked as r
left join dim_person as p on p.person_id = r.person_id
left join dim_account as a on a.account_id = r.account_id
where r.place = 1 and (r.status = 'missed' or r.due_at <= $soon_at)
order by r.due_at, r.lead_id
