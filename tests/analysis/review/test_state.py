"""Where we stand: the facts are those of the scoreboard, the history and the worklist."""

from __future__ import annotations

from pathlib import Path

from builders import default_agreement, make_store

from smarketing.agreement import load_home_agreement
from smarketing.analysis.availability import NO_HANDOVERS
from smarketing.analysis.handoff.worklist import worklist
from smarketing.analysis.kpis.scoreboard import kpis
from smarketing.analysis.review.state import SEVERITY, Overdue, state
from smarketing.engine import open_engine


def test_the_demo_company_s_state_is_that_of_its_pages(demo_home: Path) -> None:
    engine, agreement = open_engine(demo_home), load_home_agreement(demo_home)
    june = agreement.parse_period("2026-06")
    found = state(engine, agreement, june)
    ids = [kpi.id for kpi in agreement.kpis if kpi.headline]
    plain = kpis(engine, agreement, ids, june)
    assert sorted(r.id for r in found.results) == sorted(ids)
    assert {r.id: r.value for r in found.results} == {r.id: r.value for r in plain}
    order = [SEVERITY.index(r.status) for r in found.results if r.status]
    assert order == sorted(order) and found.results[-1].status is None
    assert [r.id for r in found.late] == ["new_leads", "new_mqls"]
    listed = worklist(engine, agreement)
    assert found.overdue.overdue == listed.overdue > 0
    # What is said of targets is said of all of them, as on the scoreboard.
    every = [r for r in kpis(engine, agreement, None, june) if r.status is not None]
    assert (
        {r.id for r in found.judged}
        == {r.id for r in every}
        > {r.id for r in found.results if r.status}
    )
    held = sum(i.owner_id == found.overdue.owner_id and i.status == "overdue" for i in listed.items)
    assert found.overdue.held == held


def test_what_moved_lies_outside_its_limits_and_says_where(demo_home: Path) -> None:
    engine, agreement = open_engine(demo_home), load_home_agreement(demo_home)
    weeks = {
        w: state(engine, agreement, agreement.parse_period(w)) for w in ("2026-W07", "2026-W20")
    }
    slow, event = weeks["2026-W07"].moved, weeks["2026-W20"].moved
    assert slow is not None and (slow.result.id, slow.cause) == ("speed_to_lead", None)
    assert event is not None and (event.result.id, event.by, event.cause) == (
        "new_mqls", "channel", "event",
    )  # fmt: skip
    for one in (slow, event):
        limits, value = one.history.limits, one.history.values[-1]
        assert limits is not None and value is not None and not limits.holds(value)
        assert one.distance > 1


def test_an_empty_store_has_nothing_late_and_nothing_moved() -> None:
    agreement = default_agreement()
    found = state(make_store({}), agreement, agreement.parse_period("2026-06"))
    assert found.judged == () and found.moved is None
    # Nobody says when leads were handed over: "none is overdue" would not be so.
    assert found.overdue == Overdue(0, 0, reason=NO_HANDOVERS)
