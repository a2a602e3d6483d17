"""The few leads of June 2026, built once."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from builders import make_store
from handoff_store import AS_OF, STORE, agreed

from smarketing.engine import DuckDBEngine


@pytest.fixture(scope="package")
def june() -> DuckDBEngine:
    """Their store; only read it."""
    return make_store(STORE, agreed(), AS_OF)


@pytest.fixture(scope="package")
def passes(june: DuckDBEngine) -> dict[tuple[str, int], dict[Any, Any]]:
    """Each handover of May and June by its lead and number."""
    frame = june.run("handoff/records", {"basis": "qualified", "from": dt.date(2026, 5, 1),
                                           "to": dt.date(2026, 7, 1)})  # fmt: skip
    return {(row["lead_id"], row["pass_number"]): row for row in frame.to_dict("records")}
