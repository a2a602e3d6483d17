-- question: what is open, in which stage, and how often did deals of that stage end up won?
-- grain: one row per key and stage of open deals
-- parameters: $to (deals expected to close before; those without an expected day count)
-- The win rate of a stage is of closed deals that were in it, as the weighted pipeline takes it; of
-- all closed deals where fewer than five were.
with scope as (
  select
    '(all)' as key, coalesce(lower(trim(d.stage)), '(unknown)') as stage, d.open_amount,
    d.expected_close_on
  from fct_deal as d
  where d.outcome = 'open'
),

passed as (
  select d.deal_id, lower(trim(d.stage)) as stage
  from fct_deal as d
  union
  select e.deal_id, lower(trim(e.stage)) as stage
  from deal_stage_event as e
),

history as (
  select
    p.stage,
    count(*) as closed,
    sum(case when d.outcome = 'won' then 1 else 0 end) as won
  from passed as p
  inner join fct_deal as d on d.deal_id = p.deal_id
  where d.outcome in ('won', 'lost')
  group by p.stage
  having count(*) >= 5
),

overall as (
  select
    count(*) as closed,
    sum(case when d.outcome = 'won' then 1 else 0 end) as won
  from fct_deal as d
  where d.outcome in ('won', 'lost')
),

opened as (
  select
    s.key,
    s.stage,
    count(*) as deals,
    coalesce(sum(s.open_amount), 0) as open_amount,
    coalesce(sum(case
      when s.expected_close_on is null or s.expected_close_on < $to then s.open_amount
    end), 0) as due_amount,
    sum(case when s.open_amount is null then 1 else 0 end) as lacking
  from scope as s
  group by s.key, s.stage
)

select
  o.key, o.stage, o.deals, o.open_amount, o.due_amount, o.lacking,
  coalesce(h.closed, a.closed) as closed,
  coalesce(h.won, a.won) as won,
  h.closed is not null as has_history
from opened as o
cross join overall as a
left join history as h on h.stage = o.stage
order by o.key, o.open_amount desc, o.stage
