-- question: which won deals are under the figures of who buys?
-- grain: one row per won deal
-- parameters: $from, $to (days of the close, half-open)
with scope as (
  select
    '(all)' as key, d.deal_id, d.name, d.account_id, d.segment, d.persona, d.region, d.owner,
    d.closed_day, d.is_first_win_new, d.won_amount
  from fct_deal as d
  where d.outcome = 'won' and d.closed_day >= $from and d.closed_day < $to
)

select
  s.key, s.deal_id, s.name, a.name as account, s.segment, s.persona, s.region, s.owner,
  s.closed_day, s.is_first_win_new, s.won_amount
from scope as s
left join dim_account as a on a.account_id = s.account_id
order by s.closed_day, s.deal_id
