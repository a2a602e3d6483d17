"""The document of the agreement says which limits stand for a number, and its SQL."""

from __future__ import annotations

import datetime as dt

from builders import make_store

from smarketing.agreement import parse_agreement
from smarketing.agreement.readable import readable
from smarketing.analysis.review.beside import beside, limits_of
from smarketing.export.document import to_text
from smarketing.workspace.records import Limits

OWN = "extends: default\nworking_time: {holiday_country: null}\n"


def limits(low: float, when: int) -> Limits:
    return Limits(
        kpi="won_revenue", grain="week", mean=10, low=low, high=20.5, reason="New team",
        based_from=dt.date(2026, 1, 5), based_to=dt.date(2026, 6, 1), decided_by="Anna and Ben",
        decided_at=dt.datetime(2026, 6, when),
    )  # fmt: skip


def test_the_limits_decided_last_stand_with_the_sql() -> None:
    agreement = parse_agreement(OWN)
    engine = make_store({}, as_of="2026-06-28 20:00")
    found = beside(engine, agreement, [limits(1, 2), limits(2, 9)])
    (name, said), (kind, sql) = found["won_revenue"]
    assert (name, kind) == ("Limits", "SQL")
    assert said.startswith("by week 2 to 20.5 around 10, from the data of 5 Jan 2026")
    assert said.endswith("decided by Anna and Ben on 9 Jun 2026: New team")
    assert "won_amount" in sql and "2026-01-01" in sql
    text = to_text(readable(agreement, "", found))
    assert "New team" in text and "won_amount" in text
    assert set(found) == {kpi.id for kpi in agreement.kpis}
    assert limits_of([]) == {}


def test_a_number_that_cannot_be_asked_says_why() -> None:
    odd = parse_agreement(OWN + "kpis: [{id: won_revenue, expression: sum(no_such)}]\n")
    engine = make_store({}, as_of="2026-06-28 20:00")
    (_, said), *_ = beside(engine, odd, [])["won_revenue"]
    assert said.startswith("not available: ") and "no_such" in said
