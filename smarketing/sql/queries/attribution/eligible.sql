-- question: (stands in for the CTE `eligible` of fct_credit) which touches count under another side,
--   other people or kinds than those agreed, in which order?
-- grain: one row per unit and touch that counts
-- parameters: $people; the slot "counts" gives way to a list of kinds where one is asked
-- The place of a touch, which fct_journey holds for the agreed choices, is counted anew here.
select
  u.unit_row, u.lead_until_us, u.deal_until_us, j.touch_us,
  row_number() over (partition by u.unit_row order by j.position) as running,
  j.is_lead_creating, j.channel, j.raw_channel, j.campaign_id, j.kind, j.side, j.touch_id
from fct_journey as j
inner join worth as u on u.unit_number = j.unit_number
where slot('counts', j.is_excluded = 0)
  and j.touch_us >= u.start_us
  and j.touch_us <= u.anchor_us
  and (u.asked_side = 'both' or j.side = u.asked_side)
  and case $people
    when 'committee' then j.in_committee
    when 'primary' then j.in_primary
    when 'account' then j.in_account
    when 'lead' then j.on_lead
    else j.in_default
  end = 1
