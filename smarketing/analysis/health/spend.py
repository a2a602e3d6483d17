"""Spend that is known in several cuts, spread over days, of no team, or short of its own total."""

from __future__ import annotations

from collections.abc import Iterator

from smarketing.agreement.classification import UNKNOWN
from smarketing.analysis.health.finding import (
    FAULT,
    NOTE,
    WARNING,
    Finding,
    Row,
    finding_id,
    has,
    say,
    worth,
)
from smarketing.currencies import in_words, minor_digits
from smarketing.engine import Engine
from smarketing.periods import day_words


def spend_findings(engine: Engine) -> Iterator[Finding]:
    """Find what of costs is uncertain: cuts that differ, even parts of periods, missing teams.

    Totals of other amounts that files give of themselves are compared here as well.
    """
    for finder in (_differences, _totals, _overlaps, _sources, _spread, _teams):
        yield from finder(engine)


def _major(amount: int | None, currency: str) -> float | None:
    return None if amount is None else float(amount) / 10 ** minor_digits(currency)


def _home(engine: Engine, amount: int | None) -> float | None:
    return None if amount is None else float(amount) / 10**engine.minor_digits


def _differences(engine: Engine) -> Iterator[Finding]:
    for row in engine.rows("health/spend_differences"):
        source, currency = str(row["source"]), str(row["currency"])
        counted, other = (_major(row[n], currency) or 0 for n in ("counted_amount", "other_amount"))
        what = f" of “{row['campaign']}”" if row["campaign"] else ""
        yield Finding(
            finding_id("spend-differs", source, currency),
            WARNING,
            f"{say(int(row['records']), 'cut')} of spend of {source} "
            f"{'does' if row['records'] == 1 else 'do'} not come to what counts; the greatest "
            f"difference{what} is {_days(row)}: {row['counted_file']} has "
            f"{in_words(counted, currency)} and counts, {row['other_file']} has "
            f"{in_words(other, currency)}.",
            int(row["records"]),
            "Download those days again, all in one cut, and import the file.",
            "health/spend_difference_records",
            {"source": source, "currency": currency},
            _major(row["left_out_amount"], currency),
            currency,
        )


def _days(row: Row) -> str:
    if row["starts_on"] == row["ends_on"]:
        return f"on {day_words(row['starts_on'])}"
    return f"from {day_words(row['starts_on'])} to {day_words(row['ends_on'])}"


def _totals(engine: Engine) -> Iterator[Finding]:
    wrong = [row for row in engine.rows("health/totals") if not row["agrees"]]
    for number, row in enumerate(wrong, start=1):
        currency = str(row["currency"])
        said, read = (_major(row[name], currency) or 0 for name in ("said_amount", "read_amount"))
        yield Finding(
            finding_id("total", number),
            FAULT,
            f"{row['file']} says that {row['column_name']} comes to "
            f"{in_words(said, currency)} in all, and {in_words(read, currency)} was read of it.",
            1,
            "Look for its rows among those that could not be read; if there are none, the report "
            "was filtered or cut off: download it whole.",
            "health/totals",
            {},
            said - read,
            currency,
        )


def _overlaps(engine: Engine) -> Iterator[Finding]:
    for row in engine.rows("health/cost_overlaps"):
        currency, names = str(row["currency"]), ("source", "other_source", "currency")
        amount = _major(row["amount"], currency)
        yield Finding(
            finding_id("cost-overlap", *(row[name] for name in names)),
            WARNING,
            f"{row['file']} and {row['other_file']} both have costs of the same days and kind, "
            f"{_days(row)}: if those of {row['file']}{worth(amount, currency)} are the same money, "
            "it counts twice.",
            int(row["records"]),
            "If it is the same, leave it out of one of the files and import all files of that "
            "source again with --mode full; else, where costs have no id, give each one (a column "
            "cost_id).",
            "health/cost_overlap_records",
            {name: row[name] for name in names},
            amount,
            currency,
        )


def _sources(engine: Engine) -> Iterator[Finding]:
    rows = engine.rows("health/cost_sources")
    if rows:
        first, twice = rows[0], _home(engine, sum(int(row["least_amount"]) for row in rows))
        yield Finding(
            "cost-sources",
            WARNING,
            f"{say(len(rows), 'campaign')} {has(len(rows))} costs from several sources (as "
            f"“{first['campaign']}”, from {first['one_source']} and {first['other_source']}): if "
            f"that is the same money{worth(twice, engine.currency)} it counts twice.",
            len(rows),
            "If it is the same money, leave it out of one of them, most often the CRM's.",
            "health/cost_source_records",
            {},
            twice,
            engine.currency,
        )


def _spread(engine: Engine) -> Iterator[Finding]:
    for row in engine.rows("health/spend_spread"):
        amount = _home(engine, row["cost_amount"])
        yield Finding(
            finding_id("spend-spread", row["source"]),
            NOTE,
            f"Spend of {row['source']} that came for several days at once"
            f"{worth(amount, engine.currency)} stands on each of them with an even part: by day "
            "and week it is an average.",
            int(row["records"]),
            "Download the report by day, if days matter.",
            "health/spend_spread_records",
            {"source": row["source"]},
            amount,
            engine.currency,
        )


def _teams(engine: Engine) -> Iterator[Finding]:
    for row in engine.rows("health/cost_teams"):
        count, amount = int(row["records"]), _home(engine, row["cost_amount"])
        value = worth(amount, engine.currency, int(row["unvalued"]))
        unnamed = row["named_team"] == UNKNOWN
        counts = row["team"] not in (UNKNOWN, row["named_team"]) and unnamed
        what = "no team" if unnamed else "a team that the agreement does not have"
        effect = (
            f"they count as {row['team']}'s (cost_without_team)."
            if counts
            else "they are in no team's cost."
        )
        yield Finding(
            finding_id("cost-team", row["source"], row["named_team"]),
            WARNING if counts else FAULT,
            f"{say(count, 'cost')} of {row['source']}{value} "
            f"{'names' if count == 1 else 'name'} {what}: {effect}",
            count,
            "Add the team to the file, if it is another's."
            if counts
            else "Name it under teams, or set cost_without_team, in agreement.yaml.",
            "health/cost_team_records",
            {"source": row["source"], "named_team": row["named_team"]},
            amount,
            engine.currency,
        )
