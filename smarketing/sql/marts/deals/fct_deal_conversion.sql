-- question: which deals that we opened were won in time, among those old enough to be judged?
-- grain: one row per deal whose creation and outcome are known
-- parameters: $as_of_day, $deal_opened, $deal_won
-- Deals are judged at the same age as leads on the way from the stage of a deal's opening to that of
-- its winning: W of the steps between them, one after the other.
with judged as (
  select sum(w.window_days) as window_days
  from stage_window as w
  inner join agreement_stage as o on o.stage = $deal_opened
  inner join agreement_stage as c on c.stage = $deal_won
  where w.stage_number >= o.stage_number and w.stage_number < c.stage_number
),

followed as (
  select
    d.deal_id,
    coalesce(j.window_days, 90) as window_days,
    days_between(d.created_day, $as_of_day) as followed_days
  from fct_deal as d
  cross join judged as j
  where d.created_known and d.outcome <> '(unknown)'
)

select
  d.deal_id,
  d.created_day,
  f.followed_days,
  f.window_days,
  f.followed_days >= f.window_days as is_mature,
  d.outcome = 'won' as is_won,
  d.outcome = 'won' and coalesce(d.cycle_days <= f.window_days, false) as is_won_within,
  d.segment,
  d.region,
  d.persona,
  d.channel,
  d.raw_channel,
  d.lead_type,
  d.campaign_id,
  d.owner_id,
  d.owner,
  d.kind,
  d.pipeline,
  d.source
from fct_deal as d
inner join followed as f on f.deal_id = d.deal_id
