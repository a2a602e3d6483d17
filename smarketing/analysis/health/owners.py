"""Who owns what: owners nobody knows, owners who had left, answers before there was an owner."""

from __future__ import annotations

from collections.abc import Iterator

from smarketing.analysis.health.finding import (
    NOTE,
    WARNING,
    Finding,
    are,
    finding_id,
    say,
    total,
)
from smarketing.engine import Engine


def owner_findings(engine: Engine) -> Iterator[Finding]:
    """Find leads and deals whose owner is unknown or had left, and handovers answered too early."""
    for finder in (_owners, _left, _early):
        yield from finder(engine)


def _owners(engine: Engine) -> Iterator[Finding]:
    rows = engine.rows("health/owners")
    if not rows:
        return
    count = total(rows, "records")
    yield Finding(
        "owners",
        WARNING,
        f"{say(len(rows), 'owner')} of {say(total(rows, 'leads'), 'lead')} and "
        f"{say(total(rows, 'deals'), 'deal')} {are(len(rows))} no known member of a team (for "
        f"example {rows[0]['owner_id']}); figures by team leave them out.",
        count,
        "Import the users of the source system, or a members file.",
        "health/owners",
    )


def _left(engine: Engine) -> Iterator[Finding]:
    for row in engine.rows("health/owner_left"):
        count, table, fault = int(row["records"]), str(row["table_name"]), str(row["fault"])
        what, step = _LEFT[fault]
        more = f" and {say(int(row['owners']) - 1, 'other')}" if row["owners"] > 1 else ""
        yield Finding(
            finding_id("owner left", table, fault),
            WARNING,
            f"{say(count, table)} {what.format(are=are(count), were=_were(count))} "
            f"({row['example']}{more}).",
            count,
            step,
            "health/owner_left_records",
            {"table_name": table, "fault": fault},
        )


def _were(count: int) -> str:
    return "was" if count == 1 else "were"


_CHECK = "Check the owner's last day (ends_on of the member), or correct the owner."
_LEFT = {
    "created": ("{were} created after their owner had left", _CHECK),
    "assigned": ("{were} assigned to somebody who had left: nobody answers for the wait", _CHECK),
    "closed": ("{were} closed after their owner had left", _CHECK),
    "open": ("{are} open, and their owner has left", "Give them to somebody who is there."),
    "undecided": (
        "{are} handed over and undecided, and their owner has left",
        "Give them to somebody who is there; they are on the worklist.",
    ),
}


def _early(engine: Engine) -> Iterator[Finding]:
    zone = {"timezone": engine.timezone}
    (row,) = engine.rows("health/early_responses", zone)
    count = int(row["records"])
    if count:
        yield Finding(
            "response-before-assignment",
            NOTE,
            f"{say(count, 'handover')} {_were(count)} answered before the lead was assigned (for "
            f"example {row['example']}); the answer counts, with no time to respond.",
            count,
            "Nothing, if somebody else answered first; else correct the time of the assignment.",
            "health/early_response_records",
            zone,
        )
