"""A rule-based model is one entry of the registry: everything that knows models has it then."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import cast

import attribution_store
import pandas as pd
import pytest
from attribution_store import AttributionStore
from page_kit import alone

from smarketing.agreement import Agreement, load_agreement
from smarketing.agreement.checks import problems
from smarketing.analysis.attribution import (
    Attribution,
    asked,
    attribution,
    credit_paths,
    ledger,
)
from smarketing.attribution_models import MODELS, Model
from smarketing.engine.compile import read_sql
from smarketing.errors import UsageError
from smarketing.periods import parse_window

YEAR = parse_window("2026-01-01", "2027-01-01")
BORN = Model(
    "born_and_closed",
    "Born and closed",
    "40 % first, 20 % where the lead was born, 40 % last.",
    roles={"first": 0.4, "lead_creation": 0.2, "last": 0.4},
)
HALVES = Model("halves", "Halves", "Half first, half last.", roles={"first": 0.5, "last": 0.5})


@pytest.fixture
def agreement(monkeypatch: pytest.MonkeyPatch) -> Iterator[Agreement]:
    """An agreement on one of two models that the registry has besides its own."""
    registry = cast("dict[str, Model]", MODELS)
    for model in (BORN, HALVES):
        monkeypatch.setitem(registry, model.name, model)
    attribution_store._mart_sql.cache_clear()
    plain = load_agreement()
    rules = plain.attribution.model_copy(update={"default_model": BORN.name})
    yield plain.model_copy(update={"attribution": rules})
    attribution_store._mart_sql.cache_clear()


def store() -> AttributionStore:
    """A deal over 100.00 whose lead was born on the third of four touches, and one without any."""
    days = {"ad": 1, "mail": 10, "form": 15, "call": 20}
    deal = {"created_at": datetime(2026, 5, 25), "closed_at": datetime(2026, 5, 30)}
    return AttributionStore(
        deals=[
            deal | {"deal_id": "d1", "amount": 10_000, "carrier_lead_id": "l1"},
            deal | {"deal_id": "d2", "amount": 500},
        ],
        leads=[{"lead_id": "l1", "person_id": "p1", "created_at": datetime(2026, 5, 16)}],
        people=[{"person_id": "p1", "account_id": "a1"}],
        contacts=[{"deal_id": "d1", "person_id": "p1", "is_primary": True}],
        touches=[
            {
                "touch_id": name,
                "person_id": "p1",
                "channel": name,
                "occurred_at": datetime(2026, 5, day, 12),
            }
            for name, day in days.items()
        ],
    )


def test_its_totals_records_and_place_beside_the_others(agreement: Agreement) -> None:
    engine = store().engine(agreement)
    answers = attribution(engine, agreement, window=YEAR, model="all")
    assert isinstance(answers, list)
    found = {answer.model: {row.key: row.credit for row in answer.rows} for answer in answers}
    assert sorted(found) == sorted(MODELS)
    # 40 % of 100.00 to the first touch, 20 % to the lead's, 40 % to the last; mail holds no role.
    assert found["born_and_closed"] == {
        "ad": 4_000, "call": 4_000, "form": 2_000, "mail": 0, "(unattributed)": 500,
    }  # fmt: skip
    assert found["halves"]["ad"] == found["halves"]["call"] == 5_000
    agreed = attribution(engine, agreement, window=YEAR)
    assert isinstance(agreed, Attribution) and agreed.model == BORN.name
    rows = ledger(engine, agreement, asked(agreement, YEAR), model=BORN.name)
    assert list(rows["weight"]) == pytest.approx([0.4, 0, 0.2, 0.4, 1])
    assert list(rows["credit"]) == [4_000, 0, 2_000, 4_000, 500]
    # At other settings than those stored the ledger is worked out anew.
    other = attribution(engine, agreement, window=YEAR, model="halves", lookback_days=12)
    assert isinstance(other, Attribution)
    assert {row.key: row.credit for row in other.rows if row.credit} == {
        "form": 5_000, "call": 5_000, "(unattributed)": 500,
    }  # fmt: skip


def test_it_may_be_agreed_on_and_is_named_where_a_name_is_wrong(agreement: Agreement) -> None:
    assert problems(agreement) == []
    with pytest.raises(UsageError, match=r"'born_and_closd'.*'born_and_closed'"):
        attribution(store().engine(agreement), agreement, window=YEAR, model="born_and_closd")
    assert {"born_and_closed_credit", "halves_credit"} <= set(
        read_sql("marts", "fct_credit", "duckdb").named_selects
    )
    agreed = read_sql("marts", "fct_attributed", "duckdb").sql("duckdb")
    assert "WHEN 'born_and_closed' THEN c.born_and_closed_credit" in agreed


@pytest.mark.usefixtures("agreement")
def test_paths_without_a_store_know_it() -> None:
    paths = pd.DataFrame({"path": ["ad > mail > call"], "won": [1], "value": [100.0]})
    assert list(credit_paths(paths, "halves")["value_credit"]) == [50, 50, 0]
    with pytest.raises(UsageError, match="run it on a store"):
        credit_paths(paths, "born_and_closed")


@pytest.mark.usefixtures("agreement")
def test_the_page_offers_it(
    demo_home: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("SMARKETING_HOME", str(demo_home))
    page = alone("attribution", tmp_path)
    assert not page.exception
    offered = [box.options for box in page.selectbox if BORN.words in box.options]
    assert offered and HALVES.words in offered[0]
