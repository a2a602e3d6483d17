"""What came in: files, values and currencies, and what of it no figure can use.

A finder reads one query and makes a `Finding` for what it answers; none where there is nothing to
say.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from smarketing.analysis.health.finding import (
    FAULT,
    NOTE,
    WARNING,
    Finding,
    Row,
    are,
    finding_id,
    grouped,
    has,
    portion,
    quoted,
    say,
    total,
)
from smarketing.build.core.versions import REPEATED, SAME
from smarketing.currencies import in_words
from smarketing.engine import Engine
from smarketing.periods import EXAMPLES, day_words
from smarketing.store.balance import NOT_RECOGNISED, SOURCE_GONE

Sources = Mapping[str, tuple[str, int, int]]
"""Source -> its last day, its age in days against the store's newest data, the agreed limit."""

_LOST_SOURCE = {
    SOURCE_GONE: ("Import the files again with --source, the folder of a source that reads them."),
    NOT_RECOGNISED: (
        "Compare the file's headers with the source's profile.yaml, and import it again with "
        "--source."
    ),
}
"""What to do about records that were landed and that no figure can reach any more."""
_GIVEN_TWICE = {
    REPEATED: "Find out which of them is right and remove the other; now the last one counts.",
    SAME: (
        "Nothing, if they are one. If they are records of their own, as two costs alike, give each "
        "an id and import the file again."
    ),
}
"""What to do about records that stand in one file more than once."""
_NAMED = 3
_SHARE_WORTH_A_WARNING = 0.05


def input_findings(engine: Engine, sources: Sources) -> Iterator[Finding]:
    """Find what could not be read, converted, classified or used, and which sources are old."""
    yield from _stale(sources)
    for finder in (
        _quarantined, _future, _merge_circles, _without_rate, _quotas, _quotas_twice,
        _currency_assumed,
        _unmapped, _campaigns_unmapped, _unused,
    ):  # fmt: skip
        yield from finder(engine)


def _stale(sources: Sources) -> Iterator[Finding]:
    for source, (as_of, age, limit) in sources.items():
        if age > limit:
            last = day_words(date.fromisoformat(as_of))
            yield Finding(
                finding_id("stale", source),
                WARNING,
                f"{source} ends on {last}, {say(age, 'day')} before the newest data; figures that "
                f"rest on it stop there (the agreement allows {say(limit, 'day')}).",
                age,
                f"Export {source} again and import it.",
                "health/sources",
            )


def _quarantined(engine: Engine) -> Iterator[Finding]:
    rows = engine.rows("health/quarantine")
    for table, part in grouped(rows, "table_name"):
        count = total(part, "records")
        what = say(count, "record" if table == "record" else "value")
        named = [f"{_place(row)}{quoted(row['example'])} {row['reason']}" for row in part[:_NAMED]]
        yield Finding(
            finding_id("quarantine", table),
            FAULT,
            f"{what}{'' if table == 'record' else f' for {table}'} could not be read and "
            f"{'is' if count == 1 else 'are'} left out of every figure: {'; '.join(named)}"
            f"{'; …' if count > len(named) else ''}.",
            count,
            "Correct the records named and import the file again.",
            "health/quarantine_records",
            {"table_name": table},
        )


def _place(row: Row) -> str:
    column = f", {row['column_name']}" if row["column_name"] else ""
    return f"{row['file']}, line {row['line']}{column}"


def _future(engine: Engine) -> Iterator[Finding]:
    for row in engine.rows("health/future"):
        count, source = int(row["records"]), str(row["source"])
        effect = (
            "the as-of, and with it every period of today, rests on it"
            if row["is_believed"]
            else f"left out of the as-of, which stays {day_words(engine.as_of_day)}"
        )
        yield Finding(
            finding_id("future", source),
            WARNING,
            f"{say(count, 'date')} of {source} {are(count)} later than the import of the file, the "
            f"latest in {row['file']}, line {row['row']}: {row['column_name']} of "
            f"{str(row['table_name']).replace('_', ' ')} {row['record']} is "
            f"{row['day']}; {effect}.",
            count,
            "Correct them in the source and import again with --mode full, or say with --as-of "
            "until when the files speak; if they are right, the clock of this machine is not.",
            "health/future_records",
            {"source": source},
        )


def _merge_circles(engine: Engine) -> Iterator[Finding]:
    for row in engine.rows("health/merge_circles"):
        count, table = int(row["records"]), str(row["table_name"])
        yield Finding(
            finding_id("merge-circle", table),
            WARNING,
            f"{say(count, 'merge')} of {table} records lead in a circle, as from "
            f"{row['alias_id']} to {row['id']}: nobody is merged, and all of them stay.",
            count,
            "Say in the source which of the records is the one that was kept, and import it again.",
            "health/merge_circle_records",
            {"table_name": table},
        )


def _without_rate(engine: Engine) -> Iterator[Finding]:
    for row in engine.rows("health/rates"):
        amount = float(row["amount"] or 0) / 10 ** int(row["digits"])
        count, noun = int(row["records"]), str(row["table_name"])
        yield Finding(
            finding_id("rate", noun, row["currency"]),
            FAULT,
            f"{say(count, noun)} worth {in_words(amount, row['currency'])} {are(count)} left out "
            f"of every total: there is no rate from {row['currency']} to {engine.currency} for "
            f"{'its day' if count == 1 else 'their days'} or the seven before.",
            count,
            "Import exchange rates (a file with currency, rate_on, rate) that cover these days.",
            "health/rate_records",
            {"table_name": noun, "currency": row["currency"]},
            amount,
            str(row["currency"]),
        )


def _quotas(engine: Engine) -> Iterator[Finding]:
    rows = engine.rows("health/quotas")
    if rows:
        yield Finding(
            finding_id("quota", "period"),
            FAULT,
            f"{say(len(rows), 'quota')} {are(len(rows))} left out: "
            f"the period{quoted(rows[0]['period'])} is none that a calendar knows.",
            len(rows),
            f"Write the period as {EXAMPLES} and import the file again.",
            "health/quotas",
        )


def _quotas_twice(engine: Engine) -> Iterator[Finding]:
    rows = engine.rows("health/quota_twice")
    if rows:
        one, other = ((row := rows[0])["period"], row["other_period"])
        yield Finding(
            finding_id("quota", "twice"),
            WARNING,
            f"{say(len(rows), 'quota')} {are(len(rows))} for days of which the same member has "
            f"another, as {row['owner'] or row['member_id']} in “{one}” and “{other}”: on those "
            f"days that of “{one}” counts alone.",
            len(rows),
            "Leave out the one that does not hold, and import all files of that source again with "
            "--mode full.",
            "health/quota_twice",
        )


def _currency_assumed(engine: Engine) -> Iterator[Finding]:
    for source, part in grouped(engine.rows("health/currencies"), "source"):
        count, tables = total(part, "records"), [str(row["table_name"]) for row in part]
        named = ", ".join(dict.fromkeys(table.replace("_", " ") for table in tables))
        yield Finding(
            finding_id("currency", source),
            WARNING,
            f"{say(count, 'amount')} of {source} ({named}) came without a currency and "
            f"{'was' if count == 1 else 'were'} taken as {part[0]['currency']}.",
            count,
            "If that is wrong, export the currency as a column too and import the file again; of a "
            "source of your own, `currency` in its profile.yaml says it.",
            "health/currency_records",
            {"source": source},
        )


def _unmapped(engine: Engine) -> Iterator[Finding]:
    for row in engine.rows("health/unmapped"):
        count, of_all = int(row["records"]), int(row["total"])
        table, column = str(row["table_name"]), str(row["column_name"])
        part = f"{say(count, table)} of {of_all:,} ({portion(count, of_all)}) {has(count)}"
        if row["value"] == "(unmapped)":
            yield Finding(
                finding_id("unmapped", table, column),
                WARNING if count >= _SHARE_WORTH_A_WARNING * of_all else NOTE,
                f"{part} a {column} that no rule "
                f"of the agreement maps{quoted(row['example'])}; shown as (unmapped).",
                count,
                "Add a rule for these values under classification in agreement.yaml.",
                "health/unmapped_records",
                {"table_name": table, "column_name": column},
            )
        else:
            yield Finding(
                finding_id("unknown", table, column),
                NOTE,
                f"{part} no {column}; shown as (unknown), never guessed.",
                count,
                "Fill the field in the source system, if it is known there.",
                "health/unknown_records",
                {"table_name": table, "column_name": column},
            )


def _campaigns_unmapped(engine: Engine) -> Iterator[Finding]:
    for row in engine.rows("health/campaigns_unmapped"):
        touches, deals = int(row["touches"]), int(row["deals"] or 0)
        amount = float(row["amount"] or 0) / 10 ** int(row["digits"])
        worth = f" worth {in_words(amount, engine.currency)}" if deals else ""
        yield Finding(
            "unmapped-campaign",
            WARNING if deals else NOTE,
            f"{say(touches, 'touch')} {has(touches)} a campaign that is none of those known"
            f"{quoted(row['example'])}, in the journeys of {say(deals, 'won deal')}{worth}; shown "
            "as (unmapped).",
            touches,
            "Correct the links, or import a file of aliases (alias, campaign_id) for these names.",
            "health/campaign_unmapped_records",
            {},
            amount if deals else None,
            engine.currency if deals else None,
        )


def _unused(engine: Engine) -> Iterator[Finding]:
    for row in engine.rows("health/unused"):
        count, reason = int(row["records"]), row["reason"]
        lost = _LOST_SOURCE.get(str(reason))
        step = _GIVEN_TWICE.get(str(reason))
        grave = FAULT if lost else WARNING if step else NOTE
        yield Finding(
            finding_id("unused", row["source"], reason),
            grave,
            f"{say(count, 'record')} of {row['source']} {are(count)} not used: {reason}.",
            count,
            lost or step or "Nothing, if the reason is right.",
            "health/unused_records",
            {"source": row["source"], "reason": reason},
        )
