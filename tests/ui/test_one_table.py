"""A stranger's first file: with one table alone, nothing is said of what no source gives."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from builders import default_agreement, make_store
from small_stores import one_table_home
from streamlit.testing.v1 import AppTest

from smarketing import app_path
from smarketing.agreement import Kpi
from smarketing.analysis.handoff.obligations import handoff
from smarketing.analysis.kpis.scoreboard import kpis
from smarketing.analysis.kpis.values import base_kpis
from smarketing.engine import DuckDBEngine
from smarketing.periods import parse_period

QUARTER = parse_period("2026-Q2")
#: One record of each table: with it alone, every other table has none.
ALONE: dict[str, dict[str, Any]] = {
    "lead": {"lead_id": "l", "created_at": "2026-05-04 10:00"},
    "deal": {"deal_id": "d", "outcome": "won", "amount": 100_00, "created_at": "2026-05-01 10:00",
             "closed_at": "2026-06-01 10:00", "account_id": "a"},
    "cost": {"cost_id": "c", "incurred_on": "2026-05-04", "amount": 100, "team": "marketing",
             "category": "media"},
    "touch": {"touch_id": "t", "kind": "webinar_attended", "side": "marketing", "person_id": "p",
              "occurred_at": "2026-05-04 10:00"},
    "contract": {"contract_id": "k", "account_id": "a", "starts_on": "2026-01-01",
                 "ends_on": "2026-12-31", "recurring_amount": 100_00},
    "campaign": {"campaign_id": "c", "name": "Fair", "starts_on": "2026-05-01"},
}  # fmt: skip


@cache
def store(table: str) -> DuckDBEngine:
    """A store with one record of one table."""
    return make_store({table: [ALONE[table]]}, as_of="2026-07-01 12:00")


def _records(engine: DuckDBEngine, kpi: Kpi) -> int:
    counted = engine._connection.cursor().execute(f"select count(*) from {kpi.mart}").fetchone()
    return int(counted[0]) if counted else 0


@pytest.mark.parametrize("table", ALONE)
def test_a_number_of_what_no_source_gives_is_not_available(table: str) -> None:
    engine, agreement = store(table), default_agreement()
    measured = 0
    for result in kpis(engine, agreement, None, QUARTER):
        bases = base_kpis(agreement, [agreement.kpi(result.id)])
        if all(_records(engine, base) for base in bases):
            measured += result.value is not None
            continue
        assert result.value is None, result.id
        assert result.reason, result.id
        assert result.as_dict()["reason"] == result.reason
    assert measured or table in ("campaign", "touch")
    document = handoff(engine, agreement, QUARTER).as_dict()
    for part in document["obligations"]:
        assert (part["met"], part["missed"], part["rate"]) == (None, None, None)
        assert part["reason"].startswith("no source")


#: What is said of records, by the table that gives them.
OF = {
    "lead": r"leads?\b|mqls?\b|handed over|handovers?|obligations?|deadlines?",
    "deal": r"deals?\b|won\b|lost\b|revenue|opportunit|customers?\b",
    "cost": r"costs?\b|spend|spent",
    "touch": r"touch|content|called|answered",
    "contract": r"contracts?\b|renewals?\b",
    "campaign": r"campaigns?\b",
}
ZERO = re.compile(r"\b(?:no|nobody|nothing|none|every|all|0)\b|[€$]0\b", re.IGNORECASE)
#: Said to be missing, or of what both teams agreed.
TOLD = re.compile(
    r"promised no|not available|not known|no source|nothing is known|unattributed|nobody is known",
    re.IGNORECASE,
)
PAGES: tuple[tuple[str, dict[str, str]], ...] = (
    ("home", {}),
    ("funnel", {"show": "funnel"}),
    ("handoff", {"handoff_view": "promises"}),
    ("handoff", {"handoff_view": "returns"}),
    ("handoff", {"handoff_view": "worklist"}),
    ("campaigns", {}),
    ("journeys", {}),
    ("lead_quality", {"quality_view": "buyers"}),
    ("customers", {}),
    ("content", {}),
    ("planning", {}),
    ("calendar", {}),
)


@pytest.fixture(scope="module")
def homes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A home with leads alone, and one with deals alone."""
    return {name: one_table_home(tmp_path_factory.mktemp(name), name) for name in ("lead", "deal")}


def sentences(home: Path, monkeypatch: pytest.MonkeyPatch, page: str, **address: str) -> list[str]:
    """What the head, the titles of figures and the states of a page say, sentence by sentence."""
    monkeypatch.setenv("SMARKETING_HOME", str(home))
    app = AppTest.from_file(str(app_path()), default_timeout=300)
    if page != PAGES[0][0]:
        app.switch_page(f"pages/{page}.py")
    for key, value in {"period": "2026-Q2", **address}.items():
        app.query_params[key] = value
    app.run()
    assert not app.exception, [error.message for error in app.exception]
    found = []
    for element in app.get("html"):
        body = str(element.proto.body)
        for text in re.findall(
            r'class="sm-(?:lede|title|named|promise[^"]*)">(.*?)</(?:p|h2)>', body, re.DOTALL
        ):
            found += re.split(r"(?<=[.:]) ", re.sub("<[^>]+>", " ", text))
    return found


@pytest.mark.parametrize("given", ["lead", "deal"])
@pytest.mark.parametrize(("name", "address"), PAGES, ids=lambda one: str(one))
def test_no_page_makes_a_zero_of_what_no_source_gives(
    given: str,
    name: str,
    address: dict[str, str],
    homes: dict[str, Path],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    missing = [words for table, words in OF.items() if table != given]
    said = sentences(homes[given], monkeypatch, name, **address)
    assert said
    for text in said:
        claims = ZERO.search(text) and any(re.search(words, text, re.I) for words in missing)
        if claims and not re.search(OF[given], text, re.IGNORECASE):
            assert TOLD.search(text), text
