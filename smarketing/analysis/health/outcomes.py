"""Deals of which nothing says how they ended, by the stage they are in."""

from __future__ import annotations

from collections.abc import Iterator

from smarketing.agreement.classification import UNKNOWN
from smarketing.analysis.health.finding import (
    FAULT,
    Finding,
    Row,
    are,
    finding_id,
    say,
    worth,
)
from smarketing.engine import Engine


def outcome_findings(engine: Engine) -> Iterator[Finding]:
    """Name every stage that is neither won, lost nor open, with its deals and what they are worth.

    Such deals are in no revenue, no open pipeline and no win rate.
    """
    for number, row in enumerate(engine.rows("health/outcomes"), start=1):
        count, amount = int(row["records"]), row["deal_amount"]
        major = None if amount is None else float(amount) / 10**engine.minor_digits
        value = worth(major, engine.currency, int(row["unvalued"]))
        yield Finding(
            finding_id("outcome", row["source"], number),
            FAULT,
            f"{say(count, 'deal')}{value} {are(count)} {_where(row)}, and "
            "nothing says whether that is won, lost or open: in no revenue, no open pipeline and "
            "no win rate.",
            count,
            _step(row),
            "health/outcome_records",
            {name: row[name] for name in ("source", "pipeline", "stage")},
            major,
            engine.currency,
        )


def _where(row: Row) -> str:
    pipeline = "" if row["pipeline"] == UNKNOWN else f" of the pipeline “{row['pipeline']}”"
    if row["stage"] == UNKNOWN:
        return f"in no stage{pipeline}"
    return f"in the stage “{row['stage']}”{pipeline}"


def _step(row: Row) -> str:
    if row["stage"] == UNKNOWN:
        return f"Export the stage, or the closed and won flags, from {row['source']}."
    return (
        f"Say under deal_outcomes in agreement.yaml what “{row['stage']}” is (won, lost or open), "
        "and run `smarketing build`."
    )
