-- question: what happened to the people of each deal and lead before it was created and closed?
-- grain: one row per unit (deal or lead) and touch of its people, inside the longest lookback
-- parameters: $max_lookback_days, $side
-- position is the order in the unit: time, kind priority, touch id. The flags in_... and on_lead say
-- under which people rules a touch counts, is_agreed whether it does under the agreed people, kinds
-- and side. agreed_number counts these up to and including the row, so that the place of a touch in
-- any window is a difference of two rows and needs no sorting again.
with units as (
  select
    u.unit_number, u.unit_kind, u.people_rule, u.default_rule, u.lead_id, u.lead_person_id,
    u.account_id, u.created_by_touch_id, u.until_us,
    u.since_us - cast($max_lookback_days as bigint) * 86400000000 as from_us
  from fct_unit as u
  where u.since_us is not null and u.until_us is not null
),
reached as (
  select
    u.unit_number, u.people_rule,
    case when t.touch_id = u.created_by_touch_id then 1 else 0 end as is_lead_creating,
    p.in_committee, p.in_primary, p.in_account, p.in_default,
    case when t.lead_id = u.lead_id then 1 else 0 end as on_lead,
    epoch_micros(t.occurred_at) as touch_us,
    t.touch_id, t.channel, t.raw_channel, t.campaign_id, t.kind, t.side
  from fct_unit_person as p
  inner join units as u on u.unit_number = p.unit_number
  inner join fct_touch as t on t.person_id = p.person_id
  where t.is_usable
    and epoch_micros(t.occurred_at) >= u.from_us
    and epoch_micros(t.occurred_at) <= u.until_us
  union all
  select
    u.unit_number, u.people_rule,
    case when t.touch_id = u.created_by_touch_id then 1 else 0 end as is_lead_creating,
    0 as in_committee, 0 as in_primary,
    case when t.account_id = u.account_id then 1 else 0 end as in_account,
    case when u.default_rule = 'account' and t.account_id = u.account_id then 1 else 0 end
      as in_default,
    1 as on_lead,
    epoch_micros(t.occurred_at) as touch_us,
    t.touch_id, t.channel, t.raw_channel, t.campaign_id, t.kind, t.side
  from fct_touch as t
  inner join units as u on u.lead_id = t.lead_id
  left join fct_unit_person as p
    on p.unit_number = u.unit_number and p.person_id = t.person_id
  where t.is_usable
    and t.lead_id is not null
    and (t.person_id is null or u.lead_person_id is null or t.person_id <> u.lead_person_id)
    and p.unit_number is null
    and epoch_micros(t.occurred_at) >= u.from_us
    and epoch_micros(t.occurred_at) <= u.until_us
  union all
  select
    u.unit_number, u.people_rule,
    case when t.touch_id = u.created_by_touch_id then 1 else 0 end as is_lead_creating,
    0 as in_committee, 0 as in_primary, 1 as in_account,
    case when u.default_rule = 'account' then 1 else 0 end as in_default,
    0 as on_lead,
    epoch_micros(t.occurred_at) as touch_us,
    t.touch_id, t.channel, t.raw_channel, t.campaign_id, t.kind, t.side
  from fct_touch as t
  inner join units as u on u.account_id = t.account_id
  where t.is_usable
    and t.person_id is null
    and u.unit_kind = 'deal'
    and (t.lead_id is null or u.lead_id is null or t.lead_id <> u.lead_id)
    and epoch_micros(t.occurred_at) >= u.from_us
    and epoch_micros(t.occurred_at) <= u.until_us
),
decided as (
  select
    r.unit_number, r.is_lead_creating, r.in_committee, r.in_primary, r.in_account,
    r.in_default, r.on_lead, r.touch_us, r.touch_id, r.channel, r.raw_channel, r.campaign_id,
    r.kind, r.side,
    coalesce(k.priority, 1000000) as kind_priority,
    case when x.kind is null then 0 else 1 end as is_excluded,
    case
      when x.kind is not null or ($side <> 'both' and r.side <> $side) then 0
      when r.people_rule = 'lead' then r.on_lead
      when r.people_rule = 'account' then r.in_account
      when r.people_rule = 'primary' then r.in_primary
      when r.people_rule = 'committee' then r.in_committee
      else r.in_default
    end as is_agreed
  from reached as r
  left join agreement_kind_priority as k on k.kind = r.kind
  left join agreement_excluded_kind as x on x.kind = r.kind
)
select
  d.unit_number,
  cast(row_number() over (
    partition by d.unit_number order by d.touch_us, d.kind_priority, d.touch_id
  ) as int) as position,
  d.touch_us,
  d.is_agreed,
  cast(sum(d.is_agreed) over (
    partition by d.unit_number
    order by d.touch_us, d.kind_priority, d.touch_id
    rows between unbounded preceding and current row
  ) as int) as agreed_number,
  d.is_lead_creating, d.in_committee, d.in_primary, d.in_account, d.in_default, d.on_lead,
  d.is_excluded, d.channel, d.raw_channel, d.campaign_id, d.kind, d.side, d.touch_id
from decided as d
