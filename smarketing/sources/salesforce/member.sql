-- from: User
-- Who works here, and on which side? The team is read from department, role or title where one of
-- them says so in words; else, and where they speak of marketing and of sales ("Sales & Marketing",
-- sales with the title "Account Executive, Marketing Solutions"), it stays unknown.
with worded as (
  select u.*, lower(concat_ws(' ', u.Department, u."UserRole.Name", u.Title)) as words from User u
)
select
  u._row,
  u._file_id,
  coalesce(u.SystemModstamp, u.LastModifiedDate) as _modified,
  u.Id as member_id,
  coalesce(u.Name, nullif(concat_ws(' ', u.FirstName, u.LastName), ''), u.Username) as name,
  case
    when regexp_matches(u.words, '\b(sdr|bdr|ldr|sales development|business development)\b')
      then 'sales_development'
    when regexp_matches(u.words, '\b(marketing|demand generation)\b') and regexp_matches(
      u.words,
      '\b(sales|account (executive|manager)|vertrieb|ventes|ventas|vendas|vendite|verkoop|commerciale?|comercial)\b'
    ) then null
    when regexp_matches(u.words, '\b(marketing|demand generation)\b') then 'marketing'
    when regexp_matches(u.words, '\b(partner|partners|alliances)\b') then 'partner'
    when regexp_matches(u.words, '\b(customer success|success)\b') then 'success'
    when regexp_matches(u.words, '\b(sales|account executive|account manager)\b') then 'sales'
  end as team,
  coalesce(u."UserRole.Name", u.Title) as role,
  u.ManagerId as manager_id,
  u.TimeZoneSidKey as timezone
from worded u
