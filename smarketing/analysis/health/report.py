"""Data health: can the figures be trusted, what is left out of them, and what to do about it?

`data_health` gathers findings in a team lead's words, each with its severity, count, next step and
the query that lists its records; and the pictures beside them: how fresh each source is and what
became of every imported record. `joined` and `reached` tell what joins to what. `checks` is the
list behind `smarketing check`.
Everything is read from the build; the clock is never asked.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from smarketing.agreement import Agreement
from smarketing.analysis.health.finding import (
    FAULT,
    NOTE,
    SEVERITIES,
    WARNING,
    Finding,
    Row,
    say,
)
from smarketing.analysis.health.input import Sources, input_findings
from smarketing.analysis.health.outcomes import outcome_findings
from smarketing.analysis.health.owners import owner_findings
from smarketing.analysis.health.records import record_findings
from smarketing.analysis.health.spend import spend_findings
from smarketing.analysis.health.undated import undated_findings
from smarketing.analysis.kpis.scoreboard import kpi_problems
from smarketing.build.again.fingerprint import code_hash
from smarketing.currencies import in_words, minor_digits
from smarketing.engine import Engine
from smarketing.errors import unknown
from smarketing.store.balance import FileBalance

if TYPE_CHECKING:
    import pandas as pd

PASS, WARN, FAIL = "pass", "warn", "fail"
#: What is told of a file's balance.
OF_FILE = ("source", "file", "object", "rows", "used", "unused", "quarantined", "lost")


@dataclass(frozen=True)
class SourceAge:
    """How far a source's data reach. `age_days` counts from the store's newest data."""

    source: str
    as_of: str
    age_days: int
    limit_days: int
    files: int
    rows: int

    @property
    def is_stale(self) -> bool:
        """Whether the source is older than the agreement allows."""
        return self.age_days > self.limit_days


@dataclass(frozen=True)
class Join:
    """How many records of a source's table reach the other table."""

    source: str
    table: str
    joins_to: str
    records: int
    joined: int


@dataclass(frozen=True)
class Reach:
    """How many deals marketing's touches reach by one way, eligible or not; amounts major units."""

    way: str
    deals: int
    reached: int
    won_reached: int
    won_amount: float


@dataclass(frozen=True)
class DataHealth:
    """The state of the data of one build; `findings` with the gravest first."""

    as_of: str
    build_id: str
    currency: str
    findings: tuple[Finding, ...]
    sources: tuple[SourceAge, ...]
    files: tuple[FileBalance, ...]

    @property
    def reading(self) -> str:
        """Return the state in one line: how many findings of which severity."""
        counts = {s: sum(f.severity == s for f in self.findings) for s in SEVERITIES}
        if not self.sources:
            return "Nothing has been imported yet."
        if not self.findings:
            return "Nothing to report: every record was read, and everything joins."
        words = {FAULT: "fault", WARNING: "warning", NOTE: "note"}
        parts = [say(counts[s], words[s]) for s in SEVERITIES if counts[s]]
        return f"{', '.join(parts)}: {self.findings[0].sentence}"

    def finding(self, finding_id: str) -> Finding:
        """Return a finding by its id; UsageError names the nearest one."""
        for finding in self.findings:
            if finding.id == finding_id:
                return finding
        raise unknown("finding", finding_id, [finding.id for finding in self.findings])


@dataclass(frozen=True)
class Check:
    """One line of `smarketing check`: pass, warn (worth a look) or fail (figures are affected)."""

    name: str
    status: str
    detail: str

    def as_dict(self) -> dict[str, Any]:
        """Return the line as plain values for JSON."""
        return {"name": self.name, "status": self.status, "detail": self.detail}


def data_health(engine: Engine, agreement: Agreement) -> DataHealth:
    """Say what the figures of a build rest on, what is left out of them and why.

    An empty store has no findings and no sources. Raises QueryError when the build lacks a table.
    """
    limit = agreement.freshness_limit_days
    sources = tuple(_source(row, limit) for row in engine.rows("health/sources"))
    return DataHealth(
        engine.as_of_day.isoformat(),
        engine.build_id,
        engine.currency,
        _findings(engine, sources),
        sources,
        tuple(_file(row) for row in engine.rows("health/files")),
    )


def joined(engine: Engine) -> tuple[Join, ...]:
    """Say what joins to what, by source and table; each touch is looked up, which takes longest."""
    return tuple(
        Join(row["source"], row["from_table"], row["to_table"], row["records"], int(row["joined"]))
        for row in engine.rows("health/joins")
    )


def reached(engine: Engine) -> tuple[Reach, ...]:
    """Say how many deals marketing's touches reach, by each way that leads there."""
    minor = 10**engine.minor_digits
    return tuple(
        Reach(
            row["way"],
            int(row["deals"]),
            int(row["reached"] or 0),
            int(row["won_reached"] or 0),
            float(row["won_amount"] or 0) / minor,
        )
        for row in engine.rows("health/reach")
    )


def records(engine: Engine, finding: Finding) -> pd.DataFrame:
    """Return the records under a finding: the rows its count is counted over."""
    return engine.run(finding.query, finding.params)


def checks(engine: Engine, agreement: Agreement) -> list[Check]:
    """List what must hold and what deserves a look; any `fail` means that figures are affected.

    Fails: a build made under another agreement, a KPI whose expression is not valid, a record lost
    on the way, a mart that does not hold each record once, and every finding of severity "fault".
    Warnings never fail.
    """
    health = data_health(engine, agreement)
    return [
        _agreement_check(engine, agreement),
        _code_check(engine),
        _kpi_check(engine, agreement),
        _balance_check(health),
        _total_check(engine),
        *(_invariant(row, engine.currency) for row in engine.rows("health/invariants")),
        *_finding_checks(health),
    ]


def _source(row: Row, limit: int) -> SourceAge:
    as_of = row["as_of_day"].isoformat() if row["as_of_day"] else "unknown"
    age = int(row["age_days"] or 0)
    return SourceAge(row["source"], as_of, age, limit, int(row["files"]), int(row["rows"]))


def _findings(engine: Engine, sources: tuple[SourceAge, ...]) -> tuple[Finding, ...]:
    found = [
        *input_findings(engine, _ages(sources)),
        *record_findings(engine),
        *undated_findings(engine),
        *outcome_findings(engine),
        *spend_findings(engine),
        *owner_findings(engine),
    ]
    return tuple(sorted(found, key=lambda f: (SEVERITIES.index(f.severity), -f.count, f.id)))


def _ages(sources: tuple[SourceAge, ...]) -> Sources:
    return {s.source: (s.as_of, s.age_days, s.limit_days) for s in sources}


def _file(row: Row) -> FileBalance:
    return FileBalance(
        row["file"],
        "",
        row["rows"],
        row["used"],
        row["unused"],
        row["quarantined"],
        source=row["source"],
        object=row["object"],
    )


def _agreement_check(engine: Engine, agreement: Agreement) -> Check:
    if engine.agreement_hash == agreement.hash:
        return Check("agreement", PASS, "the build was made under the present agreement")
    return Check(
        "agreement",
        FAIL,
        "the agreement has changed since this build was made; run `smarketing build`",
    )


def _code_check(engine: Engine) -> Check:
    if engine.code_hash == code_hash():
        return Check("program", PASS, "the build was made by this version of Smarketing")
    return Check(
        "program",
        WARN,
        "Smarketing has changed since this build was made; run `smarketing build`",
    )


def _kpi_check(engine: Engine, agreement: Agreement) -> Check:
    wrong = kpi_problems(engine, agreement)
    if wrong:
        more = f" (and {len(wrong) - 1} more)" if len(wrong) > 1 else ""
        return Check("KPI expressions", FAIL, f"{next(iter(wrong.values()))}{more}")
    return Check("KPI expressions", PASS, f"{len(agreement.kpis):,} KPIs read what the marts hold")


def _balance_check(health: DataHealth) -> Check:
    lost = [file for file in health.files if file.lost]
    if lost:
        worst = max(lost, key=lambda file: abs(file.lost))
        detail = (
            f"{say(len(lost), 'file')} do not balance; {worst.file}: {worst.rows} records are not "
            f"{worst.used} used + {worst.unused} unused + {worst.quarantined} quarantined; "
            "run `smarketing build`"
        )
        return Check("row balance", FAIL, detail)
    total = sum(file.rows for file in health.files)
    return Check("row balance", PASS, f"{total:,} records are all used, unused or quarantined")


def _total_check(engine: Engine) -> Check:
    """Say how many totals that files give of themselves are what was read; a fault names others."""
    totals = engine.rows("health/totals")
    agree = sum(bool(row["agrees"]) for row in totals)
    status = PASS if agree == len(totals) else FAIL
    detail = f"{agree:,} of {say(len(totals), 'total')} that files give equal what was read"
    return Check("totals of files", status, detail if totals else "no file gives a total of money")


def _invariant(row: Row, currency: str) -> Check:
    expected, found = (
        in_words(row[side] / 10 ** minor_digits(currency), currency)
        if row["is_money"]
        else f"{int(row[side]):,}"
        for side in ("expected", "found")
    )
    if row["expected"] == row["found"]:
        return Check(str(row["invariant"]), PASS, found)
    detail = f"expected {expected}, found {found}; run `smarketing build` and report it if it stays"
    return Check(str(row["invariant"]), FAIL, detail)


def _finding_checks(health: DataHealth) -> list[Check]:
    status: Mapping[str, str] = {FAULT: FAIL, WARNING: WARN, NOTE: PASS}
    found = [
        Check(f.id, status[f.severity], f"{f.sentence} {f.next_step}")
        for f in health.findings
        if f.severity != NOTE
    ]
    return found or [Check("data", PASS, health.reading)]


__all__ = [
    "Check",
    "DataHealth",
    "FileBalance",
    "Finding",
    "Join",
    "Reach",
    "SourceAge",
    "checks",
    "data_health",
    "records",
]
