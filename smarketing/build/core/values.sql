-- How raw text becomes a value. Every macro takes trimmed text (null where blank) and gives null where
-- the text cannot be read: a row is bad where there is text and no value. What is written cleanly takes
-- DuckDB's own casts; the slower readings are tried only where these fail.

-- Unix seconds or milliseconds.
create or replace temp macro epoch_text(x) as
  regexp_full_match(x, '\d{10}|\d{13}');

create or replace temp macro epoch_value(x) as
  case
    when length(x) = 13 then make_timestamp(try_cast(x as bigint) * 1000)
    else make_timestamp(try_cast(x as bigint) * 1000000)
  end;

create or replace temp macro written_with_time(x) as
  contains(x, ':') or epoch_text(x);

-- A year of four digits that a business could have: 12-10-24 must not become the year 12.
create or replace temp macro plausible(t) as
  case when t between timestamp '1900-01-01' and timestamp '2200-01-01' then t end;

-- "9:05pm" and "9:05 p.m." as "9:05 pm".
create or replace temp macro spaced(x) as
  regexp_replace(lower(x), '\s*([ap])\.?m\.?$', ' \1m');

-- "Mon, 5th März 2024" as "5 mar 2024": no weekday, months of three English letters, single spaces.
create or replace temp macro english_words(x) as
  trim(regexp_replace(regexp_replace(
    replace(replace(replace(replace(replace(
      regexp_replace(
        regexp_replace(spaced(x), '^(mon|tue|wed|thu|fri|sat|sun)[a-z]*[.,]?\s+', ''),
        '([a-zä]{3})[a-zä]*\.?', '\1'
      ), 'mär', 'mar'), 'mrz', 'mar'), 'mai', 'may'), 'okt', 'oct'), 'dez', 'dec'),
    '(\d)(st|nd|rd|th)\b', '\1'), '[-.,/\s]+', ' ', 'g'));

create or replace temp macro named_month(w) as
  coalesce(
    plausible(try_strptime(w, [
      '%d %b %Y', '%d %b %Y %H:%M', '%d %b %Y %H:%M:%S', '%d %b %Y %I:%M %p', '%d %b %Y %I:%M:%S %p',
      '%b %d %Y', '%b %d %Y %H:%M', '%b %d %Y %H:%M:%S', '%b %d %Y %I:%M %p', '%b %d %Y %I:%M:%S %p',
      '%Y %b %d', '%Y %b %d %H:%M', '%Y %b %d %H:%M:%S'
    ])),
    plausible(try_strptime(w, [
      '%d %b %y', '%d %b %y %H:%M', '%d %b %y %H:%M:%S', '%d %b %y %I:%M %p', '%d %b %y %I:%M:%S %p'
    ]))
  );

-- "3.4.2024, 9:05 pm" as "3/4/2024 9:05 pm".
create or replace temp macro slashed(x) as
  trim(regexp_replace(spaced(x), '^(\d+)[/.\-](\d+)[/.\-](\d+)[t,\s]*', '\1/\2/\3 '));

create or replace temp macro year_first(s) as
  try_strptime(s, [
    '%Y/%m/%d', '%Y/%m/%d %H:%M', '%Y/%m/%d %H:%M:%S', '%Y/%m/%d %H:%M:%S.%f',
    '%Y/%m/%d %I:%M %p', '%Y/%m/%d %I:%M:%S %p'
  ]);

create or replace temp macro day_first(s) as
  case when regexp_matches(s, '^\d+/\d+/\d{4}(\D|$)')
    then try_strptime(s, [
      '%d/%m/%Y', '%d/%m/%Y %H:%M', '%d/%m/%Y %H:%M:%S', '%d/%m/%Y %H:%M:%S.%f',
      '%d/%m/%Y %I:%M %p', '%d/%m/%Y %I:%M:%S %p'
    ])
    else try_strptime(s, [
      '%d/%m/%y', '%d/%m/%y %H:%M', '%d/%m/%y %H:%M:%S', '%d/%m/%y %I:%M %p', '%d/%m/%y %I:%M:%S %p'
    ])
  end;

create or replace temp macro month_first(s) as
  case when regexp_matches(s, '^\d+/\d+/\d{4}(\D|$)')
    then try_strptime(s, [
      '%m/%d/%Y', '%m/%d/%Y %H:%M', '%m/%d/%Y %H:%M:%S', '%m/%d/%Y %H:%M:%S.%f',
      '%m/%d/%Y %I:%M %p', '%m/%d/%Y %I:%M:%S %p'
    ])
    else try_strptime(s, [
      '%m/%d/%y', '%m/%d/%y %H:%M', '%m/%d/%y %H:%M:%S', '%m/%d/%y %I:%M %p', '%m/%d/%y %I:%M:%S %p'
    ])
  end;

-- A local timestamp in a form DuckDB's cast does not know. part_order: 'dmy', 'mdy' or '' (unsettled:
-- then 03/04/2024 is unreadable).
create or replace temp macro written_local(x, part_order) as
  plausible(case
    when regexp_matches(x, '[A-Za-zä]{3}') then named_month(english_words(x))
    when regexp_full_match(x, '\d{8}') then try_strptime(x, ['%Y%m%d'])
    when regexp_matches(x, '^\d{4}[/.\-]') then year_first(slashed(x))
    when part_order = 'dmy' then day_first(slashed(x))
    when part_order = 'mdy' then month_first(slashed(x))
  end);

-- DuckDB's own reading of a date or time, under the session's timezone. It is asked for once a value,
-- as a column of its own (fast), and judged here.
create or replace temp macro fast_instant(x) as
  try_cast(x as timestamptz);

-- A UTC instant as cleanly written. Times without an offset stand in the session's timezone, which must
-- be source_zone; a date alone is midnight in zone.
create or replace temp macro clean_instant(x, fast, zone, source_zone) as
  case
    when zone = source_zone or contains(x, ':') then plausible(fast at time zone 'UTC')
    else timezone(zone, plausible(cast(try_cast(x as date) as timestamp))) at time zone 'UTC'
  end;

create or replace temp macro instant_value(x, fast, part_order, zone, source_zone) as
  coalesce(
    clean_instant(x, fast, zone, source_zone),
    case
      when x is null then null
      when epoch_text(x) then epoch_value(x)
      else timezone(
        case when contains(x, ':') then source_zone else zone end, written_local(x, part_order)
      ) at time zone 'UTC'
    end
  );

-- A local day in zone: of a date as it stands, of an instant the day it falls on there.
create or replace temp macro clean_day(x, fast, zone) as
  case
    when contains(x, ':') then cast(plausible(timezone(zone, fast)) as date)
    else cast(plausible(cast(try_cast(x as date) as timestamp)) as date)
  end;

create or replace temp macro day_value(x, fast, part_order, zone, source_zone) as
  coalesce(
    clean_day(x, fast, zone),
    case
      when x is null then null
      when epoch_text(x) then cast(timezone(zone, timezone('UTC', epoch_value(x))) as date)
      when contains(x, ':')
        then cast(timezone(zone, timezone(source_zone, written_local(x, part_order))) as date)
      else cast(written_local(x, part_order) as date)
    end
  );

-- Text with a decimal point and nothing else. Signs between groups of three digits are taken out;
-- anywhere else they make the text unreadable, since 1,5 must not become 15.
create or replace temp macro bare_number(x) as
  regexp_replace(regexp_replace(
    regexp_replace(replace(x, '−', '-'), '[\s\x{00A0}\x{202F}€$£¥]|^[A-Z]{3}|[A-Z]{3}$', '', 'g'),
    '^\((.*)\)$', '-\1'), '^([^-].*)-$', '-\1');

create or replace temp macro point_number(b) as
  case
    when regexp_full_match(b, '[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?') then b
    when regexp_full_match(b, '[-+]?[1-9]\d{0,2}([,’'']\d{3})+(\.\d*)?')
      then regexp_replace(b, '[,’'']', '', 'g')
  end;

create or replace temp macro comma_number(b) as
  case
    when regexp_full_match(b, '[-+]?(\d+,?\d*|,\d+)([eE][-+]?\d+)?') then replace(b, ',', '.')
    when regexp_full_match(b, '[-+]?[1-9]\d{0,2}([.’'']\d{3})+(,\d*)?')
      then replace(regexp_replace(b, '[.’'']', '', 'g'), ',', '.')
  end;

create or replace temp macro number_text(x, with_comma) as
  case
    when regexp_full_match(x, '[-+]?\d+') then x
    when with_comma then comma_number(bare_number(x))
    else point_number(bare_number(x))
  end;

-- The number of a text that number_text has read, or that was written so. Money in whole minor units is
-- rounded half away from zero in decimal arithmetic to the currency's own digits.
create or replace temp macro whole_value(n) as
  case
    when regexp_full_match(n, '[-+]?\d+') then try_cast(n as bigint)
    when try_cast(n as decimal(38, 6)) = trunc(try_cast(n as decimal(38, 6)))
      then try_cast(try_cast(n as decimal(38, 6)) as bigint)
  end;

create or replace temp macro real_value(n) as
  case when isfinite(try_cast(n as double)) then try_cast(n as double) end;

-- More than 10^17 minor units is a mistake in the file, and a few such would not add up in 64 bits.
create or replace temp macro believable(minor) as
  case when minor between -100000000000000000 and 100000000000000000 then minor end;

create or replace temp macro amount_value(n, digits) as
  believable(case digits
    when 0 then try_cast(try_cast(n as decimal(24, 0)) as bigint)
    when 3 then try_cast(try_cast(n as decimal(24, 3)) * 1000 as bigint)
    else try_cast(try_cast(n as decimal(24, 2)) * 100 as bigint)
  end);

create or replace temp macro flag_value(x) as
  case
    when lower(x) in ('1', '1.0', 'true', 't', 'yes', 'y', 'ja', 'j', 'wahr', 'x', 'on', 'oui', 'si', 'sí')
      then true
    when lower(x) in ('0', '0.0', 'false', 'f', 'no', 'n', 'nein', 'falsch', 'off', 'non')
      then false
  end;

-- What programs write for no value where a number, a date or a yes or no is expected.
create or replace temp macro not_missing(x) as
  case
    when lower(x) not in (
      'null', '\n', 'n/a', '#n/a', 'none', 'nan', 'nat', '-', '--', '0000-00-00',
      '0000-00-00 00:00:00'
    ) then x
  end;

-- What programs write for an end that nobody has set: 31 December 9999, and years like it.
create or replace temp macro open_end(x) as
  case when not regexp_matches(x, '(^|[^\d:])(2[2-9]\d\d|[3-9]\d{3})([^\d:]|$)') then x end;

-- Whether an amount names another currency than its row has: then it would be counted as what it is not.
create or replace temp macro foreign_money(x, currency) as
  (contains(x, '€') and currency <> 'EUR')
  or (contains(x, '£') and currency not in ('GBP', 'GIP', 'FKP', 'SHP', 'EGP'))
  or (contains(x, '¥') and currency not in ('JPY', 'CNY'))
  or (contains(x, '$') and currency not in (
    'USD', 'CAD', 'AUD', 'NZD', 'SGD', 'HKD', 'TWD', 'MXN', 'ARS', 'CLP', 'COP', 'BRL', 'UYU', 'JMD',
    'TTD', 'BBD', 'BSD', 'BZD', 'FJD', 'NAD', 'DOP'
  ))
  or regexp_extract(x, '^([A-Z]{3})(?:[^A-Z]|$)', 1) not in ('', currency)
  or regexp_extract(x, '(?:[^A-Z]|^)([A-Z]{3})$', 1) not in ('', currency);
