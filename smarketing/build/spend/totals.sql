-- question: which rows of a report sum up other rows of it?
-- grain: one row per cost that may, with what these come to
-- parameters: none
-- A row is a total where it names no campaign, though others of its file do, and is no less than
-- these; or where it is not cut by all that others are cut by, and holds just what these add up to.
create or replace temp table spend_total as
with cells as (
  select _file_id, unnest(parts) as part, unnest(range(1, len(parts) + 1)) as place
  from temp.spend
),
cut_by as (
  select _file_id, list(distinct place) as places
  from cells
  where part is not null
  group by _file_id
),
judged as (
  select
    s.cost_id, s._file_id, s._row, s.starts_on, s.ends_on, s.currency, s.campaign_id, s.parts,
    s.amount, s.impressions, s.clicks,
    s.by_campaign and s.campaign_id is null as of_no_campaign,
    len(list_filter(list_select(s.parts, coalesce(b.places, [])), lambda p: p is null)) > 0
      as is_less_cut
  from temp.spend as s
  left join cut_by as b on b._file_id = s._file_id
),
whole as (
  select * from judged where not of_no_campaign and not is_less_cut
),
summed as (
  select
    t.cost_id, t._file_id, t._row, t.of_no_campaign,
    any_value(t.amount) as amount,
    sum(w.amount) as sum_amount,
    greatest(1, count(*) // 2) as rounding,
    coalesce(any_value(t.impressions) = sum(w.impressions), true)
    and coalesce(any_value(t.clicks) = sum(w.clicks), true) as same_counts
  from judged as t
  inner join whole as w
    on w._file_id = t._file_id and w.currency = t.currency
    and w.starts_on >= t.starts_on and w.ends_on <= t.ends_on
    and (t.of_no_campaign or w.campaign_id is not distinct from t.campaign_id)
  where
    (t.of_no_campaign or t.is_less_cut)
    and len(list_filter(list_zip(t.parts, w.parts), lambda p: p[1] <> p[2])) = 0
  group by t.cost_id, t._file_id, t._row, t.of_no_campaign
)
select
  cost_id, _file_id, _row, of_no_campaign, amount, sum_amount,
  'a total of other rows of the file' as why,
  abs(amount - sum_amount) <= rounding as agrees
from summed
where
  amount >= sum_amount - rounding
  and (of_no_campaign or (same_counts and amount <= sum_amount + rounding))
