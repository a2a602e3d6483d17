"""Who owns what and who worked it: owners unknown or gone, answers too early or unrecorded."""

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
    """Find owners who are unknown or had left, handovers answered too early or nobody knows how."""
    for finder in (_owners, _left, _early, _unknown_work):
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


_NOT_RECORDED = {
    "response": (
        "no source says what sales did with any of them, so that no rate of follow-up counts them",
        "Import the calls, e-mails and meetings with them.",
    ),
    "decision": (
        "no source says what sales decided on any of them, so that no acceptance rate counts them",
        "Import the stages they reach after the handover, or the reasons why they left.",
    ),
}


def _unknown_work(engine: Engine) -> Iterator[Finding]:
    for row in engine.rows("health/handoff_unknown"):
        count, source = int(row["records"]), str(row["source"])
        why, step = _NOT_RECORDED[str(row["obligation"])]
        yield Finding(
            finding_id("handoff-unknown", source, row["obligation"]),
            WARNING,
            f"{say(count, 'handover')} of leads of {source} {are(count)} not judged: {why}.",
            count,
            step,
            "health/handoff_unknown_records",
            {"source": source},
        )
