-- question: which cut of the same spend counts, where it was downloaded in several?
-- grain: one row per cut of what a platform, account and campaign cost on a day (or longer)
-- parameters: none
-- A cut is complete when no other has more of it (half a minor unit per row is rounding). Of the
-- complete ones the finest counts, of equally fine ones the newest.
create or replace temp table spend_cut as
with versions as (
  select
    s.*,
    row_number() over (
      partition by s.shape, s.platform, s.account, s.campaign_id, s.parts, s.starts_on, s.ends_on,
        s.place
      order by s.recorded_at desc nulls last, s._file_id desc, s._row desc
    ) as version
  from temp.spend as s
),
cuts as (
  select
    speaks_of,
    starts_on,
    ends_on,
    shape,
    max(source) as source,
    max(platform) as platform,
    max(account_id) as account_id,
    max(account_name) as account_name,
    bool_or(by_campaign) as by_campaign,
    max(campaign_id) as campaign_id,
    sum(amount) as amount,
    count(*) as rows,
    case when count(distinct currency) = 1 then max(currency) end as currency,
    max(breakdowns) as breakdowns,
    max(recorded_at) as recorded_at,
    max(_file_id) as file_id,
    arg_max(file, _file_id) as file
  from versions
  where version = 1
  group by speaks_of, starts_on, ends_on, shape
),
compared as (
  select
    c.*,
    coalesce(
      c.amount + greatest(1, (c.rows + max(c.rows) over same_money) // 2)
        >= max(c.amount) over same_money,
      true
    ) as is_complete
  from cuts as c
  window same_money as (partition by c.speaks_of, c.starts_on, c.ends_on, c.currency)
)
select
  c.*,
  row_number() over (
    partition by c.speaks_of, c.starts_on, c.ends_on
    order by c.is_complete desc, c.breakdowns desc, c.recorded_at desc nulls last,
      c.file_id desc, c.shape
  ) as place
from compared as c
