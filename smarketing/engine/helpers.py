"""Named helpers: the few things that engines write differently, with a version for each.

A query or mart calls them like functions. Before it runs they are replaced, in the syntax tree, by
the version of the engine it runs on; an engine without a version refuses by name.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

import sqlglot
from sqlglot import exp

from smarketing.errors import QueryError

ENGINES = ("duckdb", "spark", "clickhouse", "snowflake", "bigquery")


@dataclass(frozen=True)
class Helper:
    """One helper: its parameters in order, what it answers, and its text per engine."""

    parameters: tuple[str, ...]
    answers: str
    versions: Mapping[str, str]


HELPERS: Mapping[str, Helper] = {
    "local_day": Helper(
        ("instant", "zone"),
        "the day an instant (UTC) falls on in a timezone",
        {
            "duckdb": "cast(timezone($zone, timezone('UTC', $instant)) as date)",
            "spark": "to_date(from_utc_timestamp($instant, $zone))",
            "clickhouse": "toDate(toTimeZone($instant, $zone))",
            "snowflake": "cast(convert_timezone('UTC', $zone, $instant) as date)",
            "bigquery": "date($instant, $zone)",
        },
    ),
    "local_hour": Helper(
        ("instant", "zone"),
        "the hour of the day, 0 to 23, of an instant (UTC) in a timezone",
        {
            "duckdb": "cast(hour(timezone($zone, timezone('UTC', $instant))) as int)",
            "spark": "hour(from_utc_timestamp($instant, $zone))",
            "clickhouse": "toHour(toTimeZone($instant, $zone))",
            "snowflake": "hour(convert_timezone('UTC', $zone, $instant))",
            "bigquery": "extract(hour from $instant at time zone $zone)",
        },
    ),
    "day_start": Helper(
        ("day", "zone"),
        "the instant (UTC) at which a local day starts",
        {
            "duckdb": "timezone('UTC', timezone($zone, cast($day as timestamp)))",
            "spark": "to_utc_timestamp(cast($day as timestamp), $zone)",
            "clickhouse": "toTimeZone(toDateTime64(toString($day), 6, $zone), 'UTC')",
            "snowflake": "convert_timezone($zone, 'UTC', cast($day as timestamp))",
            "bigquery": "timestamp($day, $zone)",
        },
    ),
    "whole_second": Helper(
        ("instant",),
        "the instant without its fraction of a second",
        {
            "duckdb": "date_trunc('second', $instant)",
            "spark": "date_trunc('second', $instant)",
            "clickhouse": "toStartOfSecond($instant)",
            "snowflake": "date_trunc('second', $instant)",
            "bigquery": "timestamp_trunc($instant, second)",
        },
    ),
    "iso_weekday": Helper(
        ("day",),
        "the weekday of a day, 1 for Monday to 7 for Sunday",
        {
            "duckdb": "cast(isodow($day) as int)",
            "spark": "cast(weekday($day) + 1 as int)",
            "clickhouse": "toDayOfWeek($day)",
            "snowflake": "dayofweekiso($day)",
            "bigquery": "mod(extract(dayofweek from $day) + 5, 7) + 1",
        },
    ),
    "seconds_between": Helper(
        ("start", "end"),
        "the seconds from one instant to another, negative when the other is earlier",
        {
            "duckdb": "((epoch_us($end) - epoch_us($start)) / 1000000.0)",
            "spark": "((unix_micros($end) - unix_micros($start)) / 1000000.0)",
            "clickhouse": "(date_diff('microsecond', $start, $end) / 1000000.0)",
            "snowflake": "(timestampdiff(microsecond, $start, $end) / 1000000.0)",
            "bigquery": "(timestamp_diff($end, $start, microsecond) / 1000000.0)",
        },
    ),
    "epoch_micros": Helper(
        ("instant",),
        "the whole microseconds from 1970 (UTC) to an instant, an exact number to compare by",
        {
            "duckdb": "epoch_us($instant)",
            "spark": "unix_micros($instant)",
            "clickhouse": "toUnixTimestamp64Micro(toDateTime64($instant, 6))",
            "snowflake": "date_part(epoch_microsecond, $instant)",
            "bigquery": "unix_micros($instant)",
        },
    ),
    "days_between": Helper(
        ("start", "end"),
        "the whole days from one day to another",
        {
            "duckdb": "date_diff('day', $start, $end)",
            "spark": "datediff($end, $start)",
            "clickhouse": "date_diff('day', $start, $end)",
            "snowflake": "datediff(day, $start, $end)",
            "bigquery": "date_diff($end, $start, day)",
        },
    ),
    "add_days": Helper(
        ("day", "days"),
        "the day some days after (or before) a day",
        {
            "duckdb": "($day + cast($days as int))",
            "spark": "date_add($day, cast($days as int))",
            "clickhouse": "addDays($day, $days)",
            "snowflake": "dateadd(day, $days, $day)",
            "bigquery": "date_add($day, interval $days day)",
        },
    ),
    "add_seconds": Helper(
        ("instant", "seconds"),
        "the instant some seconds after (or before) an instant",
        {
            "duckdb": "($instant + to_seconds($seconds))",
            "spark": "timestampadd(second, $seconds, $instant)",
            "clickhouse": "addSeconds($instant, $seconds)",
            "snowflake": "dateadd(second, $seconds, $instant)",
            "bigquery": "timestamp_add($instant, interval $seconds second)",
        },
    ),
    "quantile": Helper(
        ("value", "share"),
        "the interpolated quantile of an aggregate's values, blanks left out",
        {
            "duckdb": "quantile_cont($value, $share)",
            "spark": "percentile($value, $share)",
            "clickhouse": "quantileExactInclusive($share)($value)",
            "snowflake": "percentile_cont($share) within group (order by $value)",
        },
    ),
    "first_by": Helper(
        ("value", "rank"),
        "in an aggregate, the value of the row with the smallest rank",
        {
            "duckdb": "arg_min($value, $rank)",
            "spark": "min_by($value, $rank)",
            "clickhouse": "argMin($value, $rank)",
            "snowflake": "min_by($value, $rank)",
            "bigquery": "min_by($value, $rank)",
        },
    ),
    "last_by": Helper(
        ("value", "rank"),
        "in an aggregate, the value of the row with the largest rank",
        {
            "duckdb": "arg_max($value, $rank)",
            "spark": "max_by($value, $rank)",
            "clickhouse": "argMax($value, $rank)",
            "snowflake": "max_by($value, $rank)",
            "bigquery": "max_by($value, $rank)",
        },
    ),
    "journey_path": Helper(
        ("key", "position"),
        "in an aggregate, the keys in the order of their positions, joined by ' > '",
        {
            "duckdb": "string_agg($key, ' > ' order by $position)",
            "spark": "array_join(transform(array_sort(collect_list(struct($position as p, $key "
            "as k))), x -> x.k), ' > ')",
            "clickhouse": "arrayStringConcat(arrayMap(x -> x.2, arraySort(groupArray(tuple("
            "$position, $key)))), ' > ')",
            "snowflake": "listagg($key, ' > ') within group (order by $position)",
            "bigquery": "string_agg($key, ' > ' order by $position)",
        },
    ),
    "slot": Helper(
        ("name", "condition"),
        "the condition, which a question may put another in the place of (slots.py)",
        dict.fromkeys(ENGINES, "($condition)"),
    ),
    "email_domain": Helper(
        ("email",),
        "the part of an e-mail address after its @",
        {
            "duckdb": "nullif(split_part($email, '@', 2), '')",
            "spark": "nullif(substring_index($email, '@', -1), '')",
            "clickhouse": "nullif(splitByChar('@', $email)[2], '')",
            "snowflake": "nullif(split_part($email, '@', 2), '')",
            "bigquery": "nullif(split($email, '@')[safe_offset(1)], '')",
        },
    ),
}


def helper_name(node: exp.Expr) -> str | None:
    """Return the name of the helper a node calls, None when it calls none."""
    if isinstance(node, exp.Quantile):
        return "quantile"
    if isinstance(node, exp.Anonymous) and str(node.this).lower() in HELPERS:
        return str(node.this).lower()
    return None


def expand_helpers(tree: exp.Expr, engine: str) -> exp.Expr:
    """Replace every helper of the tree, innermost first, by the engine's version; in place."""
    calls = [node for node in tree.walk() if helper_name(node)]
    for call in reversed(calls):
        expanded = _expanded(call, engine)
        if call is tree:
            tree = expanded
        else:
            call.replace(expanded)
    return tree


def _expanded(call: exp.Expr, engine: str) -> exp.Expr:
    name = helper_name(call) or ""
    helper = HELPERS[name]
    arguments = _arguments(call)
    if len(arguments) != len(helper.parameters):
        wanted = ", ".join(helper.parameters)
        raise QueryError(f"The helper {name} takes ({wanted}), not {len(arguments)} arguments.")
    if engine not in helper.versions:
        raise QueryError(
            f"The helper {name} has no version for {engine}. "
            f"It runs on {', '.join(sorted(helper.versions))}."
        )
    body = _template(helper.versions[engine], engine).copy()
    given = dict(zip(helper.parameters, arguments, strict=True))
    for slot in list(body.find_all(exp.Placeholder)):
        if slot.this in given:
            slot.replace(_guarded(given[slot.this]))
    return body


def _guarded(argument: exp.Expr) -> exp.Expr:
    copied = argument.copy()
    return exp.paren(copied, copy=False) if isinstance(copied, exp.Binary | exp.Case) else copied


def _arguments(call: exp.Expr) -> list[exp.Expr]:
    if isinstance(call, exp.Quantile):
        return [call.this, call.args["quantile"]]
    return list(call.expressions)


@cache
def _template(text: str, engine: str) -> exp.Expr:
    # The slots are written in DuckDB's way ($name) whatever the engine's own way is.
    slots = text if engine == "duckdb" else re.sub(r"\$(\w+)", r":\1", text)
    return sqlglot.parse_one(slots, read=engine)
