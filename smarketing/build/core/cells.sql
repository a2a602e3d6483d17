-- What the views of raw files make of a cell before any SELECT sees it: a complete id, a list of items.

-- The letter that stands for which of five characters are capitals.
create or replace temp macro id_check(part) as
  substr('ABCDEFGHIJKLMNOPQRSTUVWXYZ012345', 1
    + case when substr(part, 1, 1) between 'A' and 'Z' then 1 else 0 end
    + case when substr(part, 2, 1) between 'A' and 'Z' then 2 else 0 end
    + case when substr(part, 3, 1) between 'A' and 'Z' then 4 else 0 end
    + case when substr(part, 4, 1) between 'A' and 'Z' then 8 else 0 end
    + case when substr(part, 5, 1) between 'A' and 'Z' then 16 else 0 end, 1);

-- An id of 15 characters with its checksum, as an export has it that keeps 18: both are one record, and
-- ids that differ in case alone stay two.
create or replace temp macro completed_id(x) as
  case
    when length(trim(x)) = 15 and regexp_full_match(trim(x), '[0-9A-Za-z]{15}')
      then trim(x) || array_to_string(list_transform(
        [left(trim(x), 5), substr(trim(x), 6, 5), right(trim(x), 5)], lambda part: id_check(part)), '')
    else x
  end;

-- Items in their order, each once and without blanks; "600:1770000000000" is 600 and when it was merged.
create or replace temp macro items(texts) as
  list_filter(
    list_transform(texts, lambda t: nullif(regexp_replace(trim(t), ':\d{10,}$', ''), '')),
    lambda t, i: t is not null
      and list_position(list_transform(texts, lambda u: regexp_replace(trim(u), ':\d{10,}$', '')), t) = i
  );

-- The ids of json's elements: bare, or objects as APIs answer them. An association that is only one of
-- several, as HubSpot's type ("…_unlabeled") says, comes after the primary one.
create or replace temp macro json_items(elements) as
  items(list_concat(
    list_transform(
      list_filter(elements, lambda e: not coalesce(e ->> 'type', '') like '%\_unlabeled' escape '\'),
      lambda e: coalesce(e ->> 'id', e ->> 'toObjectId', e ->> '$')
    ),
    list_transform(
      list_filter(elements, lambda e: coalesce(e ->> 'type', '') like '%\_unlabeled' escape '\'),
      lambda e: coalesce(e ->> 'id', e ->> 'toObjectId', e ->> '$')
    )
  ));

-- A cell that holds several items, with a sign between them or as a json list.
create or replace temp macro listed(x, sign) as
  case
    when x is null then cast([] as varchar[])
    when starts_with(ltrim(x), '[') and try_cast(x as json[]) is not null
      then json_items(try_cast(x as json[]))
    else items(string_split(x, sign))
  end;

-- New, renewal or expansion by a CRM's own word for the kind of a deal, in the languages it is sold in.
create or replace temp macro deal_kind(x) as
  case
    when regexp_matches(lower(x), 'renew|renouv|renov|erneuer|verläng|verleng|rinnov') then 'renewal'
    when regexp_matches(lower(x),
      'exist|esist|bestand|bestaand|upgrade|upsell|up-sell|cross|expan|espan|erweiter|add-?on')
      then 'expansion'
    when regexp_matches(lower(x), '\bnew|\bneu|\bnouve|\bnuev|\bnuov|\bnov[oa]\b|\bnieuw') then 'new'
  end;

-- A day that an API or a spreadsheet wrote as its first instant, as a day again.
create or replace temp macro without_midnight(x) as
  regexp_replace(x, '[ T]00:00(:00(\.0+)?)?Z?$', '');
