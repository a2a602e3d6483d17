"""Stores and findings that the tests of data health share."""

from __future__ import annotations

from typing import Any

from builders import Rows, default_agreement, make_store

from smarketing.analysis.health.report import data_health, records
from smarketing.engine import DuckDBEngine

SOURCE = {"source": "test", "as_of_at": "2026-07-01 12:00", "as_of_day": "2026-07-01"}
FILE = {"import_id": "i1", "source": "test", "file": "deals.csv", "rows": 10}


def store(**tables: Rows) -> DuckDBEngine:
    tables.setdefault("source_info", [{**SOURCE, "files": 1, "rows": 10}])
    return make_store(tables)


def found(engine: DuckDBEngine) -> dict[str, Any]:
    return {f.id: f for f in data_health(engine, default_agreement()).findings}


def only(engine: DuckDBEngine, finding_id: str) -> Any:
    findings = found(engine)
    assert finding_id in findings, sorted(findings)
    finding = findings[finding_id]
    assert finding.next_step
    assert records(engine, finding).shape[0] >= 1
    return finding
