"""Where we stand: the facts are those of the scoreboard, the history and the worklist."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from builders import default_agreement, make_store

from smarketing.agreement import load_home_agreement
from smarketing.analysis.availability import NO_HANDOVERS
from smarketing.analysis.handoff.worklist import worklist
from smarketing.analysis.kpis.change import Change, Effect
from smarketing.analysis.kpis.scoreboard import kpis
from smarketing.analysis.review import state as review_state
from smarketing.analysis.review.state import (
    SEVERITY,
    Moved,
    Overdue,
    _overdue,
    _ranked,
    _split,
    state,
)
from smarketing.engine import Filters, open_engine
from smarketing.errors import UsageError
from smarketing.periods import Period


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
    first, event = weeks["2026-W07"].moved, weeks["2026-W20"].moved
    # Leads were answered slower too that week, but a median of fewer than thirty is no finding.
    (slow,) = kpis(engine, agreement, ["speed_to_lead"], agreement.parse_period("2026-W07"))
    assert slow.n is not None and slow.n < 30
    assert first is not None and (first.result.id, first.by, first.cause) == (
        "new_leads", "channel", "event",
    )  # fmt: skip
    assert event is not None and (event.result.id, event.by, event.cause) == (
        "new_mqls", "channel", "event",
    )  # fmt: skip
    for one in (first, event):
        limits, value = one.history.limits, one.history.values[-1]
        assert limits is not None and value is not None and not limits.holds(value)
        assert one.distance > 1


def test_inside_a_quarter_the_month_stands_apart_and_nowhere_else(demo_home: Path) -> None:
    engine, agreement = open_engine(demo_home), load_home_agreement(demo_home)
    asked = {label: agreement.parse_period(label) for label in ("2026-Q2", "2026-06", "2026-Q1")}
    found = {label: state(engine, agreement, window).month for label, window in asked.items()}
    assert found["2026-06"] is None and found["2026-Q1"] is None
    month = found["2026-Q2"]
    assert month is not None and month.period == asked["2026-06"]
    assert month.judged == state(engine, agreement, asked["2026-06"]).judged
    assert [r.id for r in month.late] == ["new_leads", "new_mqls"]
    assert not month.is_after
    # Right after a longer period the month that has begun is told beside it; after a month never.
    spring = Period("spring", agreement.parse_period("2026-03").start, month.period.start)
    after = state(engine, agreement, spring, with_next_month=True).month
    assert after is not None and after.is_after and after.judged == month.judged
    may = agreement.parse_period("2026-05")
    assert state(engine, agreement, may, with_next_month=True).month is None
    # A report is about its own period.
    assert state(engine, agreement, spring).month is None


def test_an_empty_store_has_nothing_late_and_nothing_moved() -> None:
    agreement = default_agreement()
    found = state(make_store({}), agreement, agreement.parse_period("2026-06"))
    assert found.judged == () and found.moved is None
    # Nobody says when leads were handed over: "none is overdue" would not be so.
    assert found.overdue == Overdue(0, 0, reason=NO_HANDOVERS)


def test_who_holds_most_of_what_is_overdue() -> None:
    def item(status: str, owner: str | None) -> Any:
        return SimpleNamespace(status=status, owner_id=owner, owner=owner and owner.title())

    def listed(*items: Any, **more: Any) -> Any:
        return SimpleNamespace(**{"items": items, "reason": None, "note": None} | more)

    ann, bob, nobody = (item("overdue", owner) for owner in ("ann", "bob", None))
    soon = item("soon due", "bob")
    found = _overdue(listed(ann, bob, soon, soon, soon, ann, nobody, nobody, nobody))
    assert found == Overdue(6, 3, "ann", "Ann", 2)
    untold = _overdue(listed(nobody, soon, reason="why", note="of some"))
    assert untold == Overdue(1, 1, reason="why", note="of some")


@pytest.mark.parametrize(
    ("by_channel", "by_segment", "found"),
    [
        ([("a", 5.0), ("b", 3.0)], [], ("channel", "a")),
        ([("a", 8.0)], [("x", 2.0), ("y", 6.0)], ("segment", "y")),
        ([("a", -5.0), ("b", -3.0)], [("x", 8.0), ("y", 0.0)], ("segment", "x")),
        ([("a", 8.0)], [("x", 8.0)], (None, None)),
        (None, [("x", 8.0), ("y", 1.0)], (None, None)),
        ([("(unknown)", 7.0), ("b", 1.0)], [("x", 6.0), ("y", 2.0)], ("segment", "x")),
    ],
)
def test_a_change_is_where_most_of_it_was_made(
    by_channel: list[tuple[str, float]] | None, by_segment: list[tuple[str, float]],
    found: tuple[str | None, str | None], monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    def explained(*asked: Any) -> Change:
        effects = by_channel if asked[5] == "channel" else by_segment
        if effects is None:
            raise UsageError("a median has no parts")
        parts = tuple(Effect(key, volume=value) for key, value in effects)
        return Change("won", "count", str(asked[5]), 0.0, 8.0, parts)

    monkeypatch.setattr(review_state, "explain_change", explained)
    window = default_agreement().parse_period("2026-06")

    def split(unit: str) -> Moved:
        won = Moved(cast(Any, SimpleNamespace(id="won", unit=unit)), cast(Any, None), 2.0)
        return _split(cast(Any, None), default_agreement(), window, Filters(), won)

    moved = split("count")
    assert (moved.result.id, moved.distance, moved.by, moved.cause) == ("won", 2.0, *found)
    if found[1]:
        assert moved.effect is not None and moved.share == moved.effect / 8.0
    assert split("rate").cause is None, "a member's part of a rate rests on the few of it"


def test_what_moved_furthest_for_its_own_variation_comes_first() -> None:
    def past(value: float | None, low: float, high: float, **more: Any) -> Any:
        limits = SimpleNamespace(lower=low, upper=high, centre=(low + high) / 2)
        plain = {"has_changed": True, "is_partial": False, "limits": limits}
        return SimpleNamespace(**plain | {"values": [9.0, value]} | more)

    calm = {"has_changed": False}
    histories: dict[str, Any] = {
        "near": past(13.0, 8.0, 12.0), "far": past(4.0, 8.0, 12.0), "gone": past(None, 8.0, 12.0),
        "flat": past(11.0, 10.0, 10.0), "calm": past(11.0, 8.0, 12.0, **calm),
        "few": past(11.5, 8.0, 12.0, **calm), "runs": past(99.0, 8.0, 12.0, is_partial=True),
        "new": past(30.0, 0, 0, has_changed=None, limits=None), "ratio": past(99.0, 8.0, 12.0),
        "same": past(10.0, 8.0, 12.0, **calm),
    }  # fmt: skip
    plain = {
        "value": 30, "previous": 20, "shown_as_counts": False, "few_before": (False, False),
        "is_small": False, "denominator": None, "n": 60, "unit": "count",
    }  # fmt: skip
    own: dict[str, dict[str, Any]] = {
        "few": {"is_small": True}, "ratio": {"denominator": 1, "n": 1}, "same": {"value": 20},
        "calm": {"value": 60},
    }  # fmt: skip
    results: Any = [SimpleNamespace(id=name, **plain | own.get(name, {})) for name in histories]
    found = [(one.distance, one.result.id) for one in _ranked(results, histories)]
    assert found == [
        (float("inf"), "flat"), (3.0, "far"), (1.5, "near"), (2.0, "calm"), (0.5, "new"),
    ], "beyond the limits by these, others by the change that is told; of few nothing"  # fmt: skip
