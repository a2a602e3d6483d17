-- question: which leads count towards marketing's commitment?
-- grain: one row per lead at its first entry into the committed stage
-- parameters: $stage, $from, $to (days of the first entry, half-open)
with scope as (
  select
    '(all)' as key, e.lead_id, e.placed_at as entered_at, e.entered_day, e.lead_type, e.segment, e.channel,
    e.campaign_id, e.owner
  from fct_stage_count as e
  where
    e.stage = $stage and e.is_imputed and e.is_first and e.date_known
    and e.entered_day >= $from and e.entered_day < $to
)

select
  s.key, s.lead_id, s.entered_at, s.entered_day, s.lead_type, s.segment, s.channel,
  c.name as campaign, s.owner
from scope as s
left join dim_campaign as c on c.campaign_id = s.campaign_id
order by s.entered_at, s.lead_id
