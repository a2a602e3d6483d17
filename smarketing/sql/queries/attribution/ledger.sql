-- question: which touch of which deal (or lead) earned what, and in which roles?
-- grain: one row per unit and eligible touch; one row for a unit without any (is_attributed 0)
-- parameters: $measure, $from_day, $to_day
with scope as (
  select
    '(all)' as key,
    c.is_attributed,
    c.unit_number,
    c.unit_kind,
    c.unit_id,
    c.name,
    c.account_id,
    c.people_rule,
    c.day,
    c.amount,
    c.touch_id,
    c.channel,
    c.raw_channel,
    c.campaign_id,
    c.kind,
    c.side,
    c.touch_us,
    c.anchor_us,
    c.touches,
    c.position,
    c.lead_position,
    c.deal_position,
    c.not_direct_position,
    c.decay_share,
    c.each_model_credit
  from fct_credit as c
  where c.measure = $measure and c.day >= $from_day and c.day < $to_day
)
select
  s.key,
  s.is_attributed,
  s.unit_number,
  s.unit_kind,
  s.unit_id,
  s.name,
  s.account_id,
  s.people_rule,
  s.day,
  s.amount,
  a.name as account,
  s.touch_id,
  t.person_id,
  s.channel,
  s.raw_channel,
  s.campaign_id,
  s.kind,
  s.side,
  s.touch_us,
  s.anchor_us,
  s.touches,
  s.position,
  s.lead_position,
  s.deal_position,
  s.not_direct_position,
  s.decay_share,
  t.occurred_at,
  t.occurred_has_time,
  t.occurred_day,
  t.content,
  p.full_name as person,
  g.name as campaign,
  s.each_model_credit
from scope as s
left join dim_account as a on a.account_id = s.account_id
left join fct_touch as t on t.touch_id = s.touch_id
left join dim_person as p on p.person_id = t.person_id
left join dim_campaign as g on g.campaign_id = s.campaign_id
order by s.unit_number, s.position
