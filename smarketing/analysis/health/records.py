"""What the records say: creation stamps, broken links, touches, stages, deals and owners.

A finder reads one query and makes a `Finding` for what it answers; none where there is nothing to
say.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from smarketing.analysis.health.finding import (
    FAULT,
    NOTE,
    WARNING,
    Finding,
    are,
    finding_id,
    grouped,
    say,
    total,
    worth,
)
from smarketing.engine import Engine
from smarketing.periods import local_instant, moment_words

OVERDUE_DAYS = 30
"""How many days after its expected close an open deal has been forgotten rather than delayed."""


def record_findings(engine: Engine) -> Iterator[Finding]:
    """Find what contradicts itself, points nowhere or takes no part in a figure."""
    for finder in _FINDERS:
        yield from finder(engine)


def _load_stamps(engine: Engine) -> Iterator[Finding]:
    for number, row in enumerate(engine.rows("health/load_stamps"), start=1):
        table, source, count = str(row["table_name"]), str(row["source"]), int(row["records"])
        listed = table in _CREATION_MATTERS
        if row["rule"] == "shared":
            what = (
                f"share one creation stamp, {_shown(row['stamp'], engine)}, which says when they "
                "were loaded, not when they began"
            )
        else:
            what = "carry a creation later than their own close"
        yield Finding(
            finding_id("load stamp", number, table, source),
            WARNING if listed or table == "touch" else NOTE,
            f"{say(count, table)} of {source} ({float(row['share'] or 0):.0%}) {what}: "
            f"{_CREATION_MATTERS.get(table, _CREATION_IDLE)}.",
            count,
            "Export a field that keeps the original creation date, if the system has one.",
            "health/load_stamp_records" if listed else "health/load_stamps",
            {"table_name": table} if listed else {},
        )


def _shown(stamp: datetime, engine: Engine) -> str:
    local = local_instant(stamp, engine.timezone)
    return f"{moment_words(local)}:{local:%S} ({engine.timezone})"


_CREATION_MATTERS = {
    "lead": "their creation is unknown, so they are in no cohort and in no duration",
    "deal": "their creation is unknown, so they are in no pipeline of a period and no sales cycle",
}
_CREATION_IDLE = "no figure rests on it"


def _unattributed(engine: Engine) -> Iterator[Finding]:
    minor, currency = 10**engine.minor_digits, engine.currency
    for row in engine.rows("health/unattributed"):
        count, reason = int(row["records"]), str(row["reason"])
        amount = float(row["won_amount"] or 0) / minor
        yield Finding(
            finding_id("unattributed", reason),
            WARNING,
            f"{say(count, 'won deal')}{worth(amount, currency)} {are(count)} (unattributed) under "
            f"every model: {reason}.",
            count,
            "Record who took part in the deal and when people responded to marketing.",
            "health/unattributed_records",
            {"reason": reason},
            amount,
            currency,
        )


def _dangling(engine: Engine) -> Iterator[Finding]:
    for row in engine.rows("health/dangling"):
        if row["references_table"] == "member":
            continue
        count = int(row["records"])
        table, target = str(row["table_name"]), str(row["references_table"])
        yield Finding(
            finding_id("dangling", table, row["column_name"], row["source"]),
            WARNING,
            f"{say(count, table)} of {row['source']} {'points' if count == 1 else 'point'} to "
            f"{_a(target)} that no file holds ({row['column_name']}, for example "
            f"{row['example']}); they are counted, but cannot be followed there.",
            count,
            f"Import the {target} records they point to; or, where those are there under an id "
            "that is written otherwise (123 for 00123, another case), export the ids alike. Those "
            "that were deleted need nothing.",
            "health/dangling",
        )


def _a(noun: str) -> str:
    return f"an {noun}" if noun[0] in "aeiou" else f"a {noun}"


def _stubs(engine: Engine) -> Iterator[Finding]:
    for row in engine.rows("health/stubs"):
        count = int(row["records"])
        yield Finding(
            finding_id("stub", row["source"]),
            WARNING,
            f"{say(count, 'lead')} of {row['source']} {are(count)} known only because an event or "
            f"a touch mentions {'it' if count == 1 else 'them'} (for example {row['example']}).",
            count,
            "Import the lead records themselves. Those that were deleted need nothing.",
            "health/stubs",
        )


def _touches(engine: Engine) -> Iterator[Finding]:
    for reason, part in grouped(engine.rows("health/touches"), "reason"):
        count = total(part, "records")
        kinds = ", ".join(dict.fromkeys(str(row["kind"]) for row in part[:3]))
        yield Finding(
            finding_id("touch", reason),
            WARNING,
            f"{say(count, 'touch')} can earn no credit: {reason} ({kinds}).",
            count,
            _TOUCH_STEPS.get(str(reason), "Complete them in the source system."),
            "health/touch_records",
            {"reason": reason},
        )


_TOUCH_STEPS = {
    "no time": "Record when people responded; a list upload alone is no response.",
    "after the as-of date": "Correct their dates, or import the source's newer data.",
    "no person, lead, deal or account": "Export the id of the person, lead or account with them.",
}


def _stage_faults(engine: Engine) -> Iterator[Finding]:
    for row in engine.rows("health/stage_faults"):
        count, fault = int(row["records"]), str(row["fault"])
        severity, effect, step = _STAGE_FAULTS.get(fault, (NOTE, "", "Look at the records."))
        yield Finding(
            finding_id("stage", fault),
            severity,
            f"{say(count, 'stage event')} of {say(int(row['leads']), 'lead')}: {fault}. {effect}",
            count,
            step,
            "health/stage_fault_records",
            {"fault": fault},
        )


_STAGE_FAULTS = {
    "unknown stage": (
        FAULT,
        "They are in no funnel.",
        "Map the stage under classification.lead_statuses in agreement.yaml.",
    ),
    "before the lead was created": (
        WARNING,
        "They count where they stand; durations from creation would be negative and are left out.",
        "Check which of the two dates is right in the source system.",
    ),
    "several at one instant": (
        NOTE,
        "They are ordered as the agreement orders the stages.",
        "Nothing, unless the order matters to you.",
    ),
    "later than the data": (
        WARNING,
        "They have not happened yet and are left out.",
        "Correct their dates, or import the source's newer data.",
    ),
    "progress after an exit": (
        NOTE,
        "The lead is taken to have come back.",
        "Nothing, if it did; else correct the events.",
    ),
}


def _deals(engine: Engine) -> Iterator[Finding]:
    minor, currency = 10**engine.minor_digits, engine.currency
    for row in engine.rows("health/deals", {"overdue_days": OVERDUE_DAYS}):
        count, fault = int(row["records"]), str(row["fault"])
        amount = None if row["deal_amount"] is None else float(row["deal_amount"]) / minor
        value = worth(amount, currency, int(row["unvalued"]))
        severity, effect, step = _DEAL_FAULTS[fault]
        yield Finding(
            finding_id("deal", fault),
            severity,
            f"{say(count, 'deal')}{value} {are(count)} {fault}: {effect}",
            count,
            step,
            "health/deal_records",
            {"fault": fault, "overdue_days": OVERDUE_DAYS},
            amount,
            currency,
        )


_DEAL_FAULTS = {
    "closed without a close date": (
        FAULT,
        "in no period's revenue and in no win rate.",
        "Enter the close dates in the CRM.",
    ),
    "closed after the as-of date": (
        WARNING,
        "closed in a time the data do not cover yet.",
        "Correct the close dates in the CRM.",
    ),
    "open long after the expected close": (
        WARNING,
        "still in the open pipeline and in what it is weighted and covered by.",
        "Close them in the CRM, or give them a new expected close.",
    ),
    "created after the close": (
        WARNING,
        "the creation is unknown, so there is no sales cycle.",
        "Export a field that keeps the original creation date, if the CRM has one.",
    ),
    "without an amount": (
        WARNING,
        "counted as deals, adding nothing to any amount.",
        "Enter the amounts in the CRM.",
    ),
    "of a negative amount": (
        WARNING,
        "lowering every total they are in.",
        "Check whether they are credits; if so, leave them.",
    ),
    "of no company, and won": (
        WARNING,
        "each counts as a new customer of its own, also in what one costs.",
        "Export the company's id with the deals, so that several of one company are one customer.",
    ),
    "with several primary contacts": (
        NOTE,
        "the first by id counts where one primary contact is asked for.",
        "Leave one primary contact on each deal.",
    ),
}


def _shared_names(engine: Engine) -> Iterator[Finding]:
    rows = engine.rows("health/names")
    if rows:
        yield Finding(
            "campaign-names",
            NOTE,
            f"{say(total(rows, 'campaigns'), 'campaign')} share {say(len(rows), 'name')} (for "
            f"example “{rows[0]['name']}”); they stay apart, by id.",
            total(rows, "campaigns"),
            "Rename them, if people confuse them.",
            "health/names",
        )


_FINDERS = (
    _unattributed,
    _load_stamps,
    _dangling,
    _stubs,
    _touches,
    _stage_faults,
    _deals,
    _shared_names,
)
