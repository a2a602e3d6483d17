-- How raw text becomes a value. Every macro takes trimmed text (null where blank) and gives null where
-- the text cannot be read: a row is bad where there is text and no value. What is written cleanly takes
-- DuckDB's own casts; the slower readings are tried only where these fail.

-- A cell without the blanks at its ends, those among them that nobody sees: a space that does not break,
-- a mark of the encoding, the end of a page. Two ids that differ in them are one.
create or replace temp macro trimmed_text(x) as
  case
    when x between '!' and chr(127) and x[-1] between '!' and '~' then x
    else trim(x, E' \t\n\x0b\f\r\xc2\xa0\xe2\x80\x8b\xef\xbb\xbf\xe3\x80\x80')
  end;

-- Digits of any script as 0 to 9, one kind of space, dash and apostrophe, no marks of direction.
create or replace temp macro plain_text(x) as
  case
    when strlen(x) = length(x) or not regexp_matches(x,
      '[٠-٩۰-۹०-९০-৯๐-๙０-９−–—‐‑’‘ʼ′´٬٫．，＄：／－（）\x{A0}\x{2000}-\x{200F}\x{202A}-\x{202F}\x{3000}\x{61C}\x{FEFF}]')
      then x
    else translate(x,
        '٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹०१२३४५६७८९০১২৩৪৫৬৭৮৯๐๑๒๓๔๕๖๗๘๙０１２３４５６７８９'
        || '−–—‐‑－’‘ʼ′´٬٫．，＄：／（）' || chr(160)
        || chr(8239) || chr(8201) || chr(8199) || chr(12288) || chr(8194) || chr(8195) || chr(8200) || chr(8202)
        || chr(65279) || chr(8206) || chr(8207) || chr(1564) || chr(8234) || chr(8235) || chr(8236) || chr(8203),
        '012345678901234567890123456789012345678901234567890123456789'
        || '------''''''''''''..,$:/()' || '         ')
  end;

-- Unix seconds, with or without a fraction, milli-, micro- or nanoseconds, up to the year 2033: after
-- it ten digits may as well be 2033-01-05 10 h.
create or replace temp macro epoch_text(x) as
  regexp_full_match(x, '1\d{9}(\.\d{1,9})?|1\d{12}(\.\d{1,6})?|1\d{15}|1\d{18}');

create or replace temp macro epoch_value(x) as
  make_timestamp(cast(trunc(try_cast(x as decimal(38, 9)) * case length(split_part(x, '.', 1))
    when 10 then 1000000 when 13 then 1000 when 16 then 1 else 0.001 end) as bigint));

create or replace temp macro written_with_time(x) as
  case when contains(x, ':') then true else epoch_text(x) end;

-- A year of four digits that a business could have: 12-10-24 must not become the year 12.
create or replace temp macro plausible(t) as
  case when t between timestamp '1900-01-01' and timestamp '2200-01-01' then t end;

-- The same of what is long to write: a macro writes its argument out wherever it names it, this one once.
create or replace temp macro plausible_found(t) as
  list_filter([t], lambda v: v between timestamp '1900-01-01' and timestamp '2200-01-01')[1];

-- "9:05pm", "9:05 p.m." and "9:05 p. m." as "9:05 pm".
create or replace temp macro spaced(x) as
  regexp_replace(lower(x), '\s*([ap])\.?\s?m\.?$', ' \1m');

-- Dates as most programs write them, which need no second look.
create or replace temp macro usual_date(x) as
  regexp_full_match(x, '1\d{9,18}|(?:\d{1,4}[/.\-]\d{1,2}[/.\-]\d{1,4}|\d{1,2}[ -][A-Za-z]{3,9}[ -]\d{2,4}|[A-Z][a-z]{2,8} \d{1,2}, \d{4})'
    || '(?:,?[ T]\d{1,2}:\d\d(?::\d\d)?(?: ?[AaPp][Mm])?)?');

-- Without what spreadsheets and programs put around a value: '2026-01-05, ="2026-01-05", /Date(1767607200000)/.
create or replace temp macro unwrapped(x) as
  regexp_replace(plain_text(x), '(?is)^(?:="(.*)"|''(.*)|/date\((\d+)(?:[+-]\d{4})?\)/|(.*))$', '\1\2\3\4');

-- "10h30", "15時04分", "午後3:04", "9:05 μ.μ.", "kl. 10.30" and "3 pm" with a colon, and am or pm behind it.
create or replace temp macro hours_told(s) as
  regexp_replace(regexp_replace(regexp_replace(s,
    '(\d{1,2}) ?[時时시] ?(\d{1,2}) ?[分분] ?(\d{1,2}) ?[秒초]', '\1:\2:\3'),
    '(\d{1,2}) ?[時时시h] ?(\d\d?)(?: ?[分분]|\b)', '\1:\2'),
    '([ ,])(\d{1,2}) ?([ap])\.?m\.?$', '\1\2:00 \3m');

create or replace temp macro points_told(s) as
  regexp_replace(regexp_replace(s,
    '((?:\d{4}|[/.\-]\d\d)\.?,? (?:(?:klo|kl\.?|pukul|um|alle|ore) )?\d{1,2})\.(\d\d)\.(\d\d)((?:\.\d+)?(?: [ap]m)?(?: [+-]\d\d:?\d\d)?)$', '\1:\2:\3\4'),
    '((?:\d{4}|[/.\-]\d\d)\.?,? (?:(?:klo|kl\.?|pukul|um|alle|ore) )?\d{1,2})\.(\d\d)((?: [ap]m)?)$', '\1:\2\3');

create or replace temp macro halves_told(s) as
  regexp_replace(regexp_replace(regexp_replace(regexp_replace(regexp_replace(regexp_replace(s,
    '(?:오전|午前|上午|öö|ö\.ö\.|\bde\.|\bam|\ba\.m\.) ?(\d{1,2}:\d\d(?::\d\d)?)', '\1 am'),
    '(?:오후|午後|下午|ös|ö\.s\.|\bdu\.|\bpm|\bp\.m\.) ?(\d{1,2}:\d\d(?::\d\d)?)', '\1 pm'),
    '(:\d\d) ?(?:π\.? ?μ\.?|ص|sa|e paradites)$', '\1 am'),
    '(:\d\d) ?(?:μ\.? ?μ\.?|م|ch|e pasdites)$', '\1 pm'),
    '(^|[ ,t])0?0(:\d\d(?::\d\d)? [ap]m)', '\112\2'),
    '((?:\d{4}|[/.\-]\d\d)\.?),? (?:à|um|klo|kl\.?|pukul|at|alle|alle ore|ore|om|o|в|о|às|a las|lúc) (\d{1,2}:\d\d)', '\1 \2');

-- "20260105T100000", "05JAN2026:10:00", "10:00 05.01.2026" and "Ngày 5 tháng 1 năm 2026", parted and the day first.
create or replace temp macro parts_told(s) as
  regexp_replace(regexp_replace(regexp_replace(regexp_replace(regexp_replace(regexp_replace(s,
    '^(20\d\d)([01]\d)([0-3]\d)[t ]?([0-2]\d):?([0-5]\d):?([0-5]\d)(\D.*)?$', '\1-\2-\3 \4:\5:\6\7'),
    '^(20\d\d)([01]\d)([0-3]\d)[t ]?([0-2]\d):?([0-5]\d)(\D.*)?$', '\1-\2-\3 \4:\5\6'),
    '^(\d{1,2})(\p{L}{3,})(\d{4}|\d\d)\b', '\1 \2 \3'),
    '(\d{4}):(\d{1,2}:\d\d)|(\d)_(\d{1,2}:\d\d)', '\1\3 \2\4'),
    '^(?:ngày )?(\d{1,2}) tháng (\d{1,2})(?:,| năm)? (\d{4})', '\1.\2.\3'),
    '^(\d{1,2}:\d\d(?::\d\d)?(?: [ap]m)?),? (\D*\d[^:]*)$', '\2 \1');

-- Zones as offsets: "(UTC-08:00)", "GMT+1", "+01:00[Europe/Berlin]", "10:00:00 UTC 2026".
create or replace temp macro zones_told(s) as
  regexp_replace(regexp_replace(regexp_replace(regexp_replace(regexp_replace(s,
    '(:\d\d\.\d{6})\d+', '\1'),
    '(\d{1,2}:\d\d:\d\d) (utc|gmt|[+-]\d{4}) (\d{4})$', '\3 \1 \2'),
    '\((?:utc|gmt) ?([+-]\d{1,2}(?::?\d\d)?)?\)$', 'utc\1'),
    '((?:utc|gmt|:\d\d ?z|[+-]\d\d:?\d\d)) ?[(\[].*[)\]]$', '\1'),
    '((?:utc|gmt) ?|:\d\d(?:\.\d+)? ?)([+-])(\d(?::?\d\d)?)$', '\1\20\3');

-- Without weekdays, and words and signs that say nothing.
create or replace temp macro weekdays_left_out(s) as
  regexp_replace(regexp_replace(regexp_replace(regexp_replace(s,
    ' ?\((?:[월화수목금토일月火水木金土日一二三四五六]|(?:mon|tue|wed|thu|fri|sat|sun|mo|di|mi|do|fr|sa|so|lun|mar|mer|jeu|ven|sam|dim)\.?|(?:mon|tues|wednes|thurs|fri|satur|sun)day)\)', ' '),
    '^(?:mon|tue|tues|wed|thu|thur|thurs|fri|sat|sun|(?:mon|tues|wednes|thurs|fri|satur|sun)day'
    || '|mo|di|mi|fr|sa|so|(?:mon|diens|donners|frei|sams|sonn)tag|mittwoch|lun|mer|jeu|ven|sam|dim|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche'
    || '|lunes|martes|miércoles|jueves|viernes|sábado|domingo|mié|jue|vie|sáb|dom|seg|ter|qua|qui|sex|ma|wo|vr|zo|ti|ke|pe|la|su|пн|вт|ср|чт|пт|сб|вс)'
    || '[.,]* (\d{1,4}[/.\-] ?\d)', '\1'),
    '(\d{4}|\d\d:\d\d) ?(?:г|р|ч|uhr|hrs?|godz)\.?(,|\s|$)', '\1\2', 'g'),
    '(^|[\s\-])(?:''(\d\d)|d''(\p{L}+))', '\1\2\3');

-- A date as it is looked at: "2026年1月5日" as "2026/1/5", single spaces, a fraction behind a point.
create or replace temp macro regular_date(s) as
  trim(regexp_replace(regexp_replace(regexp_replace(regexp_replace(spaced(s),
    '^(\d{4})\s*[年년]\s*(\d{1,2})\s*[月월]\s*(\d{1,2})\s*[日일号]?', '\1/\2/\3 '),
    '(:\d\d),(\d{1,9})', '\1.\2'),
    '^(\d{4}-\d\d-\d\d)[t ](\d\d)(z|[+-]\d\d:?\d\d)?$', '\1 \2:00\3'),
    '\s+', ' ', 'g'));

create or replace temp macro date_text(x) as
  case
    when usual_date(x) then spaced(x)
    else zones_told(parts_told(halves_told(points_told(hours_told(
      regular_date(weekdays_left_out(lower(unwrapped(x)))))))))
  end;

-- The offset at the end of a date with a time, '' where there is none. Names of zones but UTC's own are
-- none: AST is Alaska's, the Atlantic's or Arabia's.
create or replace temp macro zone_text(d) as
  regexp_extract(d, ':\d\d(?:\.\d+)?(?: [ap]m)?\s*((?:utc|gmt|z)?\s*(?:[+-][01]\d(?::?\d{2})?)?)$', 1);

create or replace temp macro zone_minutes(z) as
  case
    when z = '' then null
    when not regexp_matches(z, '\d') then 0
    else case when contains(z, '-') then -1 else 1 end
      * (60 * cast(regexp_extract(z, '(\d\d)', 1) as integer)
      + coalesce(try_cast(regexp_extract(z, '\d\d:?(\d\d)', 1) as integer), 0))
  end;

create or replace temp macro without_zone(d) as
  trim(regexp_replace(d, '(:\d\d(?:\.\d+)?(?: [ap]m)?)\s*(?:utc|gmt|z)?\s*(?:[+-][01]\d(?::?\d{2})?)?$', '\1'));

-- "mon, 5th märz 2024" as "5 mar 2024". words: what words stand for, a month by three English letters,
-- '' for what says nothing; one that is not among them stays, so that the text cannot be read.
create or replace temp macro worded(d, words) as
  array_to_string(list_filter(list_transform(
    regexp_split_to_array(regexp_replace(regexp_replace(regexp_replace(d,
      '(:\d\d)\.\d+', '\1'), '(\p{L})\.', '\1 ', 'g'), '(\d)(\.\s*|-)(\p{L})', '\1 \3', 'g'), '[\s,/_-]+'),
    lambda t: coalesce(words[t], regexp_replace(t, '^(\d{1,4})(st|nd|rd|th|er|º|ª|\.)$', '\1'))),
    lambda t: t <> ''), ' ');

create or replace temp macro named_month(w) as
  coalesce(
    plausible_found(try_strptime(w, [
      '%d %b %Y', '%d %b %Y %H:%M', '%d %b %Y %H:%M:%S', '%d %b %Y %I:%M %p', '%d %b %Y %I:%M:%S %p',
      '%b %d %Y', '%b %d %Y %H:%M', '%b %d %Y %H:%M:%S', '%b %d %Y %I:%M %p', '%b %d %Y %I:%M:%S %p',
      '%Y %d %b', '%Y %b %d', '%Y %b %d %H:%M', '%Y %b %d %H:%M:%S', '%b %d %H:%M:%S %Y'
    ])),
    plausible_found(try_strptime(w, [
      '%d %b %y', '%d %b %y %H:%M', '%d %b %y %H:%M:%S', '%d %b %y %I:%M %p', '%d %b %y %I:%M:%S %p'
    ]))
  );

-- "3. 4. 2024., 9:05 pm" as "3/4/2024 9:05 pm".
create or replace temp macro slashed(d) as
  trim(regexp_replace(d, '^(\d+)[/.\-] ?(\d+)[/.\-] ?(\d+)\.?[t,\s]*', '\1/\2/\3 '));

create or replace temp macro year_first(s) as
  try_strptime(s, [
    '%Y/%m/%d', '%Y/%m/%d %H:%M', '%Y/%m/%d %H:%M:%S', '%Y/%m/%d %H:%M:%S.%f',
    '%Y/%m/%d %I:%M %p', '%Y/%m/%d %I:%M:%S %p'
  ]);

create or replace temp macro short_year_first(s) as
  try_strptime(s, [
    '%y/%m/%d', '%y/%m/%d %H:%M', '%y/%m/%d %H:%M:%S', '%y/%m/%d %I:%M %p', '%y/%m/%d %I:%M:%S %p'
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

-- Day, month and year in figures, the year last or of two digits. Dates with dots are day first, but
-- that "26. 1. 5" may begin with the year.
create or replace temp macro in_figures(d) as
  regexp_matches(d, '^\d{1,2}[/.\-] ?\d{1,2}[/.\-] ?(\d{4}|\d{2})(\D|$)|^\d{2}\. \d{1,2}\. \d{1,2}(\D|$)');

create or replace temp macro dotted(d) as
  regexp_matches(d, '^\d{1,2}\. ?\d{1,2}\. ?\d{4}(\D|$)|^\d{1,2}\.\d{1,2}\.\d{2}(\D|$)');

-- The year first and the day before the month, "2024-31-12", which no other order makes a date of.
create or replace temp macro has_day_second(d) as
  case
    when regexp_matches(d, '^\d{4}[/.\-] ?(1[3-9]|[23]\d)[/.\-]')
      then try_strptime(split_part(slashed(d), ' ', 1), '%Y/%d/%m') is not null
    else false
  end;

-- The day by its number, if the year has so many: week 53 and day 366 would run on into the next.
create or replace temp macro of_its_year(t, d, year_sign) as
  case when strftime(t, year_sign) = left(d, 4) then t end;

-- A local timestamp in a form DuckDB's cast does not know. part_order: 'dmy', 'mdy', 'ymd' or '' (unsettled:
-- then 03/04/2024 is unreadable).
create or replace temp macro written_local(d, part_order, words) as
  plausible_found(case
    when not regexp_matches(d, '\d') then null
    when regexp_matches(d, '\p{L}{3}') then named_month(worded(d, words))
    when regexp_full_match(d, '\d{8}') then try_strptime(d, ['%Y%m%d'])
    when regexp_full_match(d, '\d{4}-?w\d\d-?[1-7]')
      then of_its_year(try_strptime(upper(replace(d, '-', '')), '%GW%V%u'), d, '%G')
    when regexp_full_match(d, '\d{4}-\d{3}') then of_its_year(try_strptime(d, '%Y-%j'), d, '%Y')
    when regexp_matches(d, '^\d{4}[/.\-]') then year_first(slashed(d))
    when dotted(d) then day_first(slashed(d))
    when not in_figures(d) then null
    when part_order = 'dmy' then day_first(slashed(d))
    when part_order = 'mdy' then month_first(slashed(d))
    when part_order = 'ymd' then short_year_first(slashed(d))
  end);

-- The UTC instant of a local time. One that the clocks skipped stands where they went on, so that it
-- keeps its day and its place; of one that came twice the second is meant, as of all in that hour.
create or replace temp macro utc_of(t, zone) as
  case
    when timezone(zone, timezone(zone, t)) = t then in_utc(timezone(zone, t))
    else in_utc(timezone(zone, t))
      - (t - time_bucket(timezone(zone, timezone(zone, t)) - t, t))
  end;

-- DuckDB's own reading of a date or time, under the session's timezone. It is asked for once a value,
-- as a column of its own (fast), and judged here; no names of zones, which it takes for what they are not.
create or replace temp macro fast_instant(x) as
  case when x[-1] <= '9' or x[-1] = 'Z' then try_cast(x as timestamptz) end;

-- The same instant as a timestamp of UTC (`at time zone` is far slower).
create or replace temp macro in_utc(fast) as
  make_timestamp(epoch_us(fast));

-- Whether that may be all there is to be read: 12-10-24 is taken for the year 12.
create or replace temp macro is_fast(fast) as
  coalesce(fast >= timestamptz '1900-01-01 00:00:00+00', false);

-- A time without an offset, of a day on which clocks may be put: such a one is looked up.
create or replace temp macro turning_time(x, may_turn) as
  case
    when may_turn and contains(x, ':') and not regexp_matches(x[11:], '[Z+-]')
      then plausible(try_cast(x as timestamp))
  end;

-- A UTC instant as cleanly written. Times without an offset stand in the session's timezone, which must
-- be source_zone; a date alone is midnight in zone. turning: what turning_time says.
create or replace temp macro clean_instant(x, fast, turning, zone, source_zone) as
  case
    when turning is not null then utc_of(turning, source_zone)
    when zone = source_zone or contains(x, ':') then plausible(in_utc(fast))
    else in_utc(timezone(zone, plausible(cast(try_cast(x as date) as timestamp))))
  end;

-- What the slower reading of a text found: its offset (zone_text) and its local timestamp.
create or replace temp macro written_instant(x, at_zone, local, zone, source_zone) as
  case
    when epoch_text(x) then epoch_value(x)
    when at_zone <> '' then local - to_minutes(zone_minutes(at_zone))
    else utc_of(local, case when contains(x, ':') then source_zone else zone end)
  end;

create or replace temp macro instant_value(x, fast, turning, at_zone, local, zone, source_zone) as
  coalesce(
    clean_instant(x, fast, turning, zone, source_zone),
    written_instant(x, at_zone, local, zone, source_zone)
  );

-- When a record was last modified, to order its versions by before anything is settled. fast and its
-- date_text where that is none (text) are columns, as everywhere: written out here they take seconds.
create or replace temp macro stamp_value(x, fast, text) as
  case
    when epoch_text(x) then epoch_value(x)
    else coalesce(in_utc(fast), written_local(text, '', map {'': ''}))
  end;

-- A local day in zone: of a date as it stands, of an instant the day it falls on there.
create or replace temp macro clean_day(x, fast, zone) as
  case
    when contains(x, ':') then cast(plausible(timezone(zone, fast)) as date)
    else cast(plausible(cast(try_cast(x as date) as timestamp)) as date)
  end;

-- The day in zone of a local time in source_zone; midnight stands for that day, wherever it is.
create or replace temp macro day_there(t, zone, source_zone) as
  case
    when t = date_trunc('day', t) then cast(t as date)
    else cast(timezone(zone, timezone('UTC', utc_of(t, source_zone))) as date)
  end;

create or replace temp macro day_value(x, fast, at_zone, local, zone, source_zone) as
  coalesce(
    clean_day(x, fast, zone),
    case
      when contains(x, ':') or epoch_text(x)
        then cast(timezone(zone, timezone('UTC', written_instant(x, at_zone, local, zone, source_zone))) as date)
      else cast(local as date)
    end
  );

-- The day as it stands in a text, whatever its offset: for columns in which every time is midnight.
create or replace temp macro written_day(x, local) as
  cast(coalesce(
    plausible(cast(try_cast(x as date) as timestamp)),
    case when epoch_text(x) then epoch_value(x) else local end
  ) as date);

create or replace temp macro at_midnight(x) as
  case
    when contains(x, ':') then regexp_matches(x,
      '(?i)[T ]0?0:00(:00([.,]0+)?)?\s*(Z|UTC|GMT)?\s*([+-]\d\d:?(\d\d)?)?$|[T ]12:00(:00)?\s?[aA]\.?\s?[mM]\.?$')
    else epoch_text(x) and epoch_value(x) = date_trunc('day', epoch_value(x))
  end;

-- The number in a text with what stands beside it: the first digit to the last, with a sign before a
-- fraction. A point behind a letter belongs to it, as in "Rs.500", and dashes behind a point or a comma
-- stand for no cents: "1.234,-", "CHF 500.–", "Rs 500/-". A spreadsheet's 1.23E+11 is rounded.
create or replace temp macro money_text(x) as
  regexp_replace(regexp_replace(regexp_replace(
    case when starts_with(x, '=') or starts_with(x, '''') then unwrapped(x) else plain_text(x) end,
    '([\p{L}/])\.', '\1 ', 'g'),
    '(\d)([.,]) ?-{1,2}($|[^\d\-])', '\1\200\3'),
    '(\d) ?[:/] ?-{1,2}($|[^\d\-])', '\1\2');

create or replace temp macro is_scientific(m) as
  regexp_full_match(m, '[-+]?(\d+[.,]?\d*|[.,]\d+)[eE][-+]?\d+');

create or replace temp macro beside_number(m) as
  regexp_replace(regexp_replace(m, '[.,]?\d([\d.,'' ]*\d)?', '#'), '(\p{L})-(\p{L})', '\1 \2', 'g');

create or replace temp macro signed_number(m, b) as
  case regexp_replace(b, '[^-+()#]', '', 'g')
    when '#' then regexp_extract(m, '[.,]?\d([\d.,'' ]*\d)?')
    when '+#' then regexp_extract(m, '[.,]?\d([\d.,'' ]*\d)?')
    when '-#' then '-' || regexp_extract(m, '[.,]?\d([\d.,'' ]*\d)?')
    when '#-' then '-' || regexp_extract(m, '[.,]?\d([\d.,'' ]*\d)?')
    when '(#)' then '-' || regexp_extract(m, '[.,]?\d([\d.,'' ]*\d)?')
  end;

-- That of a number with anything beside its digits, null of any other: a column of its own, as fast is.
create or replace temp macro decked_number(x) as
  case when not regexp_full_match(x, '[-+]?[\d.,]+') then money_text(x) end;

create or replace temp macro number_core(x, decked) as
  case
    when decked is null then x
    when not is_scientific(decked) then signed_number(decked, beside_number(decked))
    when not regexp_matches(decked, 'E\+(1[1-9]|[2-9]\d)$') then decked
  end;

-- What stands beside the number: '' or, where the row may be read at all, its currency.
create or replace temp macro number_label(x, decked) as
  case
    when x is null then null
    when decked is null or is_scientific(decked) then ''
    else trim(lower(regexp_replace(beside_number(decked), '[-+()#\s]+', ' ', 'g')), ' .,')
  end;

-- A number as plain digits with a point. Signs between groups are taken out; anywhere else they make
-- the text unreadable, since 1,5 must not become 15. India groups by two digits behind the first three.
create or replace temp macro point_number(n) as
  case
    when regexp_full_match(n, '[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?') then n
    when regexp_full_match(n, '[-+]?[1-9]\d{0,2}((,\d{3})+|( \d{3})+|(''\d{3})+)(\.\d*)?')
      or regexp_full_match(n, '[-+]?[1-9]\d?(,\d{2})+,\d{3}(\.\d*)?')
      then regexp_replace(n, '[, '']', '', 'g')
  end;

create or replace temp macro comma_number(n) as
  case
    when regexp_full_match(n, '[-+]?(\d+,?\d*|,\d+)([eE][-+]?\d+)?') then replace(n, ',', '.')
    when regexp_full_match(n, '[-+]?[1-9]\d{0,2}((\.\d{3})+|( \d{3})+|(''\d{3})+)(,\d*)?')
      then replace(regexp_replace(n, '[. '']', '', 'g'), ',', '.')
  end;

create or replace temp macro written_number(n) as
  case when regexp_full_match(n, '[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?') then n end;

create or replace temp macro read_number(n, with_comma) as
  case when with_comma then comma_number(n) else point_number(n) end;

-- A number of a column that holds no money: nothing may stand beside it.
create or replace temp macro bare_number(x, decked) as
  case when number_label(x, decked) = '' then number_core(x, decked) end;

-- The value of a number as read_number gives it, or that was written so. Money in whole minor units is
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
    when 2 then try_cast(try_cast(n as decimal(24, 2)) * 100 as bigint)
    when 0 then try_cast(try_cast(n as decimal(24, 0)) as bigint)
    when 3 then try_cast(try_cast(n as decimal(24, 3)) * 1000 as bigint)
    else try_cast(try_cast(n as decimal(24, 4)) * 10000 as bigint)
  end);

-- Whether an amount has decimals that its currency does not have, so that it was rounded.
create or replace temp macro is_rounded(n, digits) as
  try_cast(n as decimal(38, 12)) <> case digits
    when 2 then try_cast(n as decimal(24, 2))
    when 0 then try_cast(n as decimal(24, 0))
    when 3 then try_cast(n as decimal(24, 3))
    else try_cast(n as decimal(24, 4))
  end;

create or replace temp macro bare_address(x) as
  trim(regexp_replace(regexp_replace(x, '^[^<>@]*<([^<>]+)>$', '\1'), '^\s*mailto:([^?]*)(\?.*)?$', '\1', 'i'), ' "''<>;,.');

-- An e-mail address in lower case, out of "mailto:…" or "Ana Berg <ana@…>". What is no single address
-- stays as it is written, two of them for instance; what has no @ is none.
create or replace temp macro email_value(x) as
  case
    when not contains(x, '@') then null
    when regexp_full_match(lower(bare_address(x)), '[^@\s,;<>()"]+@[^@\s,;<>()"]+')
      then lower(bare_address(x))
    else x
  end;

-- What programs write for no value where a number, a date or a yes or no is expected. It begins with no
-- digit but 0 and no letter but N. How a text begins is seen by comparing it, far more quickly than by
-- looking into it.
create or replace temp macro not_missing(x) as
  case
    when x between '1' and 'N' or x between 'O' and '[' or x between 'a' and 'n' or x between 'o' and '{' then x
    when not regexp_full_match(x,
      '(?i)null|\\n|#?n/a|#nv|#n/d|none|nan|nat|--?|—|–|\(null\)|\(not set\)|0000-00-00( 00:00:00)?')
      then x
  end;

-- What programs write for an end that nobody has set: 31 December 9999, and years like it.
create or replace temp macro open_end(x) as
  case when not regexp_matches(x, '(^|[^\d:])(2[2-9]\d\d|[3-9]\d{3})([^\d:]|$)') then x end;

-- An id as its source wrote it: an apostrophe before digits makes a spreadsheet take them for a text, a
-- column of numbers that has gaps leaves many programs as 7.0, and a
-- word for no value is nobody's id, though it stands in many rows. Both are short or rare, so that
-- most ids are not looked at further. A GUID is one however a program writes it: 3FA85F64-… or {3fa85f64-…}.
create or replace temp macro id_text(x) as
  case
    when x between '''' and '(' and regexp_full_match(x, '''[0-9][^'']*') then substr(x, 2)
    when x between '0' and ':' and ends_with(x, '.0') and regexp_full_match(x, '\d+\.0') then left(x, length(x) - 2)
    when strlen(x) in (36, 38) and regexp_full_match(x, '\{?[[:xdigit:]]{8}(-[[:xdigit:]]{4}){3}-[[:xdigit:]]{12}\}?')
      then lower(trim(x, '{}'))
    when length(x) > 9 then x
    else not_missing(x)
  end;
