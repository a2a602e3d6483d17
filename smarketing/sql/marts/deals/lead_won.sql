-- question: what did the deals that each lead carried win, and how long after the lead began?
-- parameters: $as_of_day
-- grain: one row per lead whose beginning is known and won deal it carried; one row with nulls for
-- a lead that has won nothing
-- is_valued: of all that the lead won the amount is known in the agreement's currency; where it is
-- not, the lead is in no amount per lead.
select
  k.lead_number,
  l.began_day,
  days_between(l.began_day, $as_of_day) as followed_days,
  d.deal_id,
  d.closed_day,
  case
    when d.closed_day < l.began_day then 0
    else days_between(l.began_day, d.closed_day)
  end as won_days,
  d.won_amount,
  sum(case when d.deal_id is not null and d.won_amount is null then 1 else 0 end) over (
    partition by k.lead_number
  ) = 0 as is_valued,
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
left join fct_deal as d on d.carrier_lead_id = k.lead_id and d.outcome = 'won'
where l.began_day is not null
