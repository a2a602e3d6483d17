"""Records without the date that a figure of a period needs: in no period, and never in silence."""

from __future__ import annotations

from collections.abc import Iterator

from smarketing.analysis.health.finding import WARNING, Finding, finding_id, has, say
from smarketing.engine import Engine

_EFFECTS = {
    "lead": (
        "creation date, nor a dated entry into the first stage",
        "in no count of new leads, no cohort and no duration",
        "Export the creation date of the leads.",
    ),
    "deal": (
        "creation date",
        "in no pipeline of a period and in no sales cycle",
        "Export the creation date of the deals.",
    ),
    "feedback": (
        "date",
        "in no period's answers",
        "Export the day on which people were asked.",
    ),
    "contract": (
        "start",
        "in no retention, churn or renewal",
        "Export the first day of the contracts.",
    ),
}


def undated_findings(engine: Engine) -> Iterator[Finding]:
    """Count, by table and source, the records that no period can hold for want of a date."""
    for row in engine.rows("health/undated"):
        table, source, count = str(row["table_name"]), str(row["source"]), int(row["records"])
        lack, effect, step = _EFFECTS[table]
        yield Finding(
            finding_id("undated", table, source),
            WARNING,
            f"{say(count, table)} of {source} {has(count)} no {lack}: {effect} (for example "
            f"{row['example']}).",
            count,
            step,
            "health/undated_records",
            {"table_name": table, "source": source},
        )
