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

ENGINES = ("duckdb", "postgres", "spark")


@dataclass(frozen=True)
class Helper:
    """One helper: its parameters in order, what it answers, and its text per engine."""

    parameters: tuple[str, ...]
    answers: str
    versions: Mapping[str, str]


#: An instant with its zone, by its microseconds: DuckDB asks its calendar for `timezone('UTC', …)`,
#: which takes as long as finding the local time.
_AS_UTC = "make_timestamptz(epoch_us($instant))"

_JOINED = (
    "replace(replace(replace(replace(replace("
    "$name, '%20', ''), ' ', ''), '+', ''), '_', ''), '-', '')"
)

HELPERS: Mapping[str, Helper] = {
    "local_day": Helper(
        ("instant", "zone"),
        "the day an instant (UTC) falls on in a timezone",
        {
            "duckdb": f"cast(timezone($zone, {_AS_UTC}) as date)",
            "postgres": "cast(timezone($zone, timezone('UTC', $instant)) as date)",
            "spark": "to_date(from_utc_timestamp($instant, $zone))",
        },
    ),
    "local_hour": Helper(
        ("instant", "zone"),
        "the hour of the day, 0 to 23, of an instant (UTC) in a timezone",
        {
            "duckdb": f"cast(hour(timezone($zone, {_AS_UTC})) as int)",
            "postgres": "cast(extract(hour from timezone($zone, timezone('UTC', $instant))) "
            "as int)",
            "spark": "hour(from_utc_timestamp($instant, $zone))",
        },
    ),
    "day_start": Helper(
        ("day", "zone"),
        "the instant (UTC) at which a local day starts",
        {
            "duckdb": "make_timestamp(epoch_us(timezone($zone, cast($day as timestamp))))",
            "postgres": "timezone('UTC', timezone($zone, cast($day as timestamp)))",
            "spark": "to_utc_timestamp(cast($day as timestamp), $zone)",
        },
    ),
    "campaign_key": Helper(
        ("name",),
        "a campaign's name as names are compared: without case, blanks, +, _ and -",
        dict.fromkeys(ENGINES, f"lower({_JOINED})"),
    ),
    "whole_second": Helper(
        ("instant",),
        "the instant without its fraction of a second",
        {
            "duckdb": "date_trunc('second', $instant)",
            "postgres": "date_trunc('second', $instant)",
            "spark": "date_trunc('second', $instant)",
        },
    ),
    "iso_weekday": Helper(
        ("day",),
        "the weekday of a day, 1 for Monday to 7 for Sunday",
        {
            "duckdb": "cast(isodow($day) as int)",
            "postgres": "cast(extract(isodow from $day) as int)",
            "spark": "cast(weekday($day) + 1 as int)",
        },
    ),
    "seconds_between": Helper(
        ("start", "end"),
        "the seconds from one instant to another, negative when the other is earlier",
        {
            "duckdb": "((epoch_us($end) - epoch_us($start)) / 1000000.0)",
            "postgres": "cast(extract(epoch from ($end - $start)) as double precision)",
            "spark": "((unix_micros($end) - unix_micros($start)) / 1000000.0)",
        },
    ),
    "epoch_micros": Helper(
        ("instant",),
        "the whole microseconds from 1970 (UTC) to an instant, an exact number to compare by",
        {
            "duckdb": "epoch_us($instant)",
            "postgres": "cast(extract(epoch from $instant) * 1000000 as bigint)",
            "spark": "unix_micros($instant)",
        },
    ),
    "days_between": Helper(
        ("start", "end"),
        "the whole days from one day to another",
        {
            "duckdb": "date_diff('day', $start, $end)",
            "postgres": "cast($end - $start as bigint)",
            "spark": "datediff($end, $start)",
        },
    ),
    "add_days": Helper(
        ("day", "days"),
        "the day some days after (or before) a day",
        {
            "duckdb": "($day + cast($days as int))",
            "postgres": "($day + cast($days as int))",
            "spark": "date_add($day, cast($days as int))",
        },
    ),
    "add_seconds": Helper(
        ("instant", "seconds"),
        "the instant some seconds after (or before) an instant",
        {
            "duckdb": "($instant + to_seconds($seconds))",
            "postgres": "($instant + make_interval(secs => $seconds))",
            "spark": "timestampadd(second, $seconds, $instant)",
        },
    ),
    "quantile": Helper(
        ("value", "share"),
        "the interpolated quantile of an aggregate's values, blanks left out",
        {
            "duckdb": "quantile_cont($value, $share)",
            "postgres": "percentile_cont($share) within group "
            "(order by cast($value as double precision))",
            "spark": "percentile($value, $share)",
        },
    ),
    "first_by": Helper(
        ("value", "rank"),
        "in an aggregate, the value of the row with the smallest rank",
        {
            "duckdb": "arg_min($value, $rank)",
            "postgres": "(array_agg($value order by $rank) "
            "filter (where $value is not null and $rank is not null))[1]",
            "spark": "min_by($value, $rank) filter (where $value is not null)",
        },
    ),
    "last_by": Helper(
        ("value", "rank"),
        "in an aggregate, the value of the row with the largest rank",
        {
            "duckdb": "arg_max($value, $rank)",
            "postgres": "(array_agg($value order by $rank desc) "
            "filter (where $value is not null and $rank is not null))[1]",
            "spark": "max_by($value, $rank) filter (where $value is not null)",
        },
    ),
    "journey_path": Helper(
        ("key", "position"),
        "in an aggregate, the keys in the order of their positions, joined by ' > '",
        {
            "duckdb": "string_agg($key, ' > ' order by $position)",
            "postgres": "string_agg($key, ' > ' order by $position)",
            "spark": "array_join(transform(array_sort(collect_list(struct($position as p, $key "
            "as k))), x -> x.k), ' > ')",
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
            "postgres": "nullif(split_part($email, '@', 2), '')",
            "spark": "nullif(substring_index($email, '@', -1), '')",
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
