-- question: who was touched when, by what, for which campaign?
-- grain: one row per touch of a source
-- parameters: $timezone, $as_of_at
-- The person falls back to the lead's, the account to the lead's and the person's, the channel to
-- the campaign's. A UTM campaign that leads to no campaign is (unmapped). An unusable touch stays,
-- with the reason, and enters no journey. What came of it is written alike where it is a word that is
-- compared ("Meeting set" is meeting_set); what else somebody wrote stands as it is, since names and
-- numbers in it are told by their writing. actor_side is the side of its member's team, or, where nobody
-- says for whom that team works, that of the source: a task that a marketer completes in a CRM is no
-- follow-up by sales.
with placed as (
  select
    t.touch_id,
    coalesce(lp.person_id, t.person_id, l.person_id) as person_id,
    t.lead_id,
    coalesce(la.account_id, t.account_id) as own_account_id,
    l.account_id as lead_account_id,
    t.deal_id,
    coalesce(
      lc.campaign_id, t.campaign_id, lu.campaign_id,
      case
        when campaign_key(t.utm_campaign) not in (
          '', '(notset)', '(none)', '(direct)', '(organic)', '(referral)'
        ) then '(unmapped)'
      end
    ) as campaign_id,
    t.utm_campaign,
    t.channel,
    t.utm_source,
    t.utm_medium,
    t.kind,
    t.side,
    case
      when lower(trim(t.direction)) in ('outbound', 'inbound') then lower(trim(t.direction))
      else t.direction
    end as direction,
    t.is_automated,
    t.occurred_at,
    t.occurred_at_has_time,
    local_day(t.occurred_at, $timezone) as occurred_day,
    local_hour(t.occurred_at, $timezone) as occurred_hour,
    t.content,
    t.url,
    t.actor_id,
    t.outcome,
    replace(replace(lower(trim(t.outcome)), ' ', '_'), '-', '_') as outcome_word,
    t.source
  from touch as t
  left join link_person as lp on lp.source_person_id = t.person_id
  left join dim_lead as l on l.lead_id = t.lead_id
  left join link_account as la on la.source_account_id = t.account_id
  left join link_campaign as lc on lc.name = t.campaign_id
  left join link_campaign as lu on lu.name = lower(trim(t.utm_campaign))
)
select
  t.touch_id,
  t.person_id,
  t.lead_id,
  coalesce(t.own_account_id, p.account_id, t.lead_account_id) as account_id,
  t.deal_id,
  t.campaign_id,
  coalesce(c.name, case when t.campaign_id = '(unmapped)' then t.campaign_id end) as campaign,
  t.utm_campaign as raw_campaign,
  case
    when t.channel is null and t.utm_source is null and t.utm_medium is null
      and c.channel <> '(unknown)' then c.channel
    else coalesce(m.channel, '(unknown)')
  end as channel,
  coalesce(t.channel, c.raw_channel) as raw_channel,
  coalesce(t.kind, '(unknown)') as kind,
  coalesce(t.side, 'marketing') as side,
  coalesce(g.side, t.side, 'marketing') as actor_side,
  t.direction,
  coalesce(t.is_automated, false) as is_automated,
  t.occurred_at,
  coalesce(t.occurred_at_has_time, false) as occurred_has_time,
  t.occurred_day,
  iso_weekday(t.occurred_day) as weekday,
  case when t.occurred_at_has_time then t.occurred_hour end as hour,
  t.content,
  t.url,
  t.actor_id,
  case
    when t.outcome_word in (
      'connected', 'answered', 'reached', 'replied', 'interested', 'held', 'meeting_held',
      'meeting_set', 'completed', 'demo_completed', 'booked', 'meeting_booked', 'scheduled',
      'no_show', 'cancelled', 'canceled', 'declined', 'no_answer', 'not_answered', 'unanswered',
      'no_response', 'not_reached', 'not_connected', 'unreachable', 'missed', 'busy', 'voicemail',
      'left_voicemail', 'left_message', 'left_live_message', 'wrong_number', 'bad_number', 'failed',
      'no_contact'
    ) then t.outcome_word
    else t.outcome
  end as outcome,
  t.occurred_at is not null
  and t.occurred_at <= $as_of_at
  and (
    t.person_id is not null
    or t.lead_id is not null
    or t.deal_id is not null
    or t.own_account_id is not null
  ) as is_usable,
  case
    when t.occurred_at is null then 'no time'
    when t.occurred_at > $as_of_at then 'after the as-of date'
    when t.person_id is null and t.lead_id is null and t.deal_id is null
      and t.own_account_id is null then 'no person, lead, deal or account'
  end as unusable_reason,
  t.source
from placed as t
left join dim_person as p on p.person_id = t.person_id
left join member as b on b.member_id = t.actor_id
left join map_team as n on n.name = b.team
left join agreement_team as g on g.team = n.team
left join dim_campaign as c on c.campaign_id = t.campaign_id
left join map_channel as m
  on m.source = t.source
  and m.raw_channel = coalesce(t.channel, '')
  and m.kind = coalesce(t.kind, '')
  and m.utm_source = coalesce(t.utm_source, '')
  and m.utm_medium = coalesce(t.utm_medium, '')
