"""The shared funnel: how many leads reach each stage, and what becomes of them there.

Every figure is computed under three choices (`FunnelSettings`) and is a sum over the rows of
`fct_stage_count`; `funnel_records` lists those rows.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlglot import exp

from smarketing.agreement import Agreement
from smarketing.analysis.availability import NO_STAGE, recorded, recorded_each
from smarketing.analysis.funnel.result import (
    FunnelGroup,
    FunnelResult,
    FunnelStage,
    Joined,
    Leak,
    Left,
    Step,
)
from smarketing.analysis.funnel.settings import FunnelSettings
from smarketing.analysis.handoff.untold import no_exits
from smarketing.analysis.rates import rate_of
from smarketing.engine import NO_FILTERS, Engine, Filters

ALL = "(all)"
Row = dict[str, Any]


@dataclass(frozen=True)
class Stage:
    """A stage as agreed, and the window after which the step out of it is judged.

    `owner_side` is marketing or sales, or shared where its owner works for neither.
    """

    stage: str
    number: int
    label: str
    owner_side: str
    next_stage: str | None
    window_days: int | None
    window_rule: str | None


def funnel(
    engine: Engine,
    settings: FunnelSettings,
    filters: Filters = NO_FILTERS,
    by: str | None = None,
) -> FunnelResult:
    """Answer how many leads reached, entered or stand in each stage, and what became of them.

    Groups are sorted by the count of the first stage, largest first; without leads there is one
    group of zeros (`by` given: none). Raises UsageError for an unknown dimension.
    """
    stages = agreed_stages(engine)
    # Where the leads will stand on a day that the data do not reach nobody knows.
    beyond = settings.is_beyond(engine)
    rows = (
        []
        if beyond
        else engine.rows(f"funnel/{settings.mode}", settings.params(engine), filters, by)
    )
    if settings.mode == "snapshot":
        groups = [_standing(key, part, stages) for key, part in _by_key(rows)]
    else:
        groups = [_counted(key, part, stages, settings) for key, part in _by_key(rows)]
    if not groups and by is None:
        groups = [_counted(ALL, rows, stages, settings)]
    groups.sort(key=lambda group: (-group.stages[0].count, group.key))
    out = engine.rows("funnel/left_out", {}, filters)
    return FunnelResult(
        settings,
        engine.as_of_day,
        by,
        tuple(groups),
        Joined(0, 0, 0) if beyond else _joined(engine, settings, filters),
        _total(out, "leads"),
        _total(out, "start_unknown"),
        settings.shown_at(engine.timezone) if settings.mode == "snapshot" else None,
        settings.standing_day(engine) if settings.mode == "snapshot" else None,
        None if any(s.count for g in groups for s in g.stages) else _why_none(engine, settings),
        no_exits(engine) if not any(map(_has_left, groups)) else None,
        _untold(engine, stages, groups),
    )


def _has_left(group: FunnelGroup) -> bool:
    return any(stage.leak is not None and stage.leak.left for stage in group.stages)


def _untold(
    engine: Engine, stages: Sequence[Stage], groups: Sequence[FunnelGroup]
) -> dict[str, str]:
    """Say of each stage that no lead ever reached what would tell of it."""
    counted = {s.stage for group in groups for s in group.stages if s.count}
    tests = [
        None if stage.stage in counted else (exp.column("stage").eq(stage.stage), None)
        for stage in stages
    ]
    each = recorded_each(engine, "fct_stage_count", None, tests)
    return {
        stage.stage: NO_STAGE.format(stage.label)
        for stage, found in zip(stages, each, strict=True)
        if not found.records
    }


def _why_none(engine: Engine, settings: FunnelSettings) -> str | None:
    """Say why no lead in the first stage is no zero: none given, none dated, no data then."""
    if settings.mode == "snapshot":
        known = recorded(engine, "fct_stage_entry", "entered_day")
        return known.why_nothing(settings.asked_about(engine))
    first = exp.EQ(this=exp.column("stage_number"), expression=exp.Literal.number(1))
    known = recorded(engine, "fct_stage_count", "known_day", first, first)
    return known.why_nothing(settings.window)


def agreed_stages(engine: Engine) -> list[Stage]:
    """Return the stages of the build in order, with the window of the step out of each."""
    return [
        Stage(
            str(row["stage"]),
            int(row["stage_number"]),
            str(row["label"]),
            str(row["owner_side"]),
            _text(row["next_stage"]),
            row["window_days"],
            _text(row["rule"]),
        )
        for row in engine.rows("funnel/stages")
    ]


def days_between_stages(engine: Engine, agreement: Agreement, start: str, end: str) -> int:
    """Return W of the steps from one stage to a later one, one after the other.

    UsageError for an unknown stage.
    """
    first, last = agreement.stage_number(start), agreement.stage_number(end)
    stages = agreed_stages(engine)
    return sum(stage.window_days or 0 for stage in stages if first <= stage.number < last)


def _by_key(rows: Iterable[Row]) -> Iterable[tuple[str, list[Row]]]:
    groups: dict[str, list[Row]] = {}
    for row in rows:
        groups.setdefault(str(row["key"]), []).append(row)
    return sorted(groups.items())


def _total(rows: Iterable[Row], column: str) -> int:
    return sum(row[column] or 0 for row in rows)


def _counted(
    key: str, counts: list[Row], stages: list[Stage], settings: FunnelSettings
) -> FunnelGroup:
    rows: dict[int, list[Row]] = {stage.number: [] for stage in stages}
    for row in counts:
        rows[row["stage_number"]].append(row)
    found = []
    for place, stage in enumerate(stages):
        leak = _leak(rows[stage.number])
        step = None
        if settings.mode == "cohort" and place > 0:
            step = _step(stages[place - 1], rows[stages[place - 1].number])
        found.append(
            FunnelStage(stage.stage, stage.label, stage.owner_side, leak.total, step, leak)
        )
    return FunnelGroup(key, tuple(found), None)


def _leak(rows: list[Row]) -> Leak:
    counts = {"advanced": 0, "here": 0, "moved_back": 0}
    left = []
    for row in rows:
        if row["outcome"] == "left":
            left.append(Left(str(row["exit"]), _text(row["reason"]), int(row["reached"])))
        else:
            counts[str(row["outcome"])] += int(row["reached"])
    left.sort(key=lambda part: (-part.count, part.exit, part.reason or ""))
    return Leak(counts["advanced"], counts["here"], counts["moved_back"], tuple(left))


def _step(before: Stage, rows: list[Row]) -> Step:
    return Step(
        rate_of(_total(rows, "stepped"), _total(rows, "reached")),
        before.window_days or 0,
        before.window_rule or "",
        rate_of(_total(rows, "mature_stepped"), _total(rows, "mature")),
    )


def _standing(key: str, rows: list[Row], stages: list[Stage]) -> FunnelGroup:
    counts: dict[int, int] = {}
    exited = 0
    for row in rows:
        if row["stage_number"] is None:
            exited += int(row["standing"])
        else:
            counts[int(row["stage_number"])] = int(row["standing"])
    found = tuple(
        FunnelStage(
            stage.stage, stage.label, stage.owner_side, counts.get(stage.number, 0), None, None
        )
        for stage in stages
    )
    return FunnelGroup(key, found, exited)


def _joined(engine: Engine, settings: FunnelSettings, filters: Filters) -> Joined:
    if settings.mode == "snapshot":
        [row] = engine.rows("funnel/joined_at", {"at": settings.instant(engine)}, filters)
        return Joined(int(row["open"]), int(row["won"]), 0)
    assert settings.window is not None
    params = {"from": settings.window.start, "to": settings.window.end}
    [row] = engine.rows("funnel/joined", params, filters)
    return Joined(int(row["created"]), int(row["won"]), int(row["created_unknown"]))


def _text(value: object) -> str | None:
    return None if value is None else str(value)
