"""Changing an agreement by forms: targets in a grid, promises and thresholds by number.

Each change returns YAML text, checked as the file is; nothing is written anywhere.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import yaml

from smarketing.agreement.kpis import Pace, Target
from smarketing.agreement.loading import agreement_yaml, parse_agreement
from smarketing.agreement.models import Agreement
from smarketing.agreement.outcomes import StageOutcome
from smarketing.errors import UsageError, unknown
from smarketing.periods import Period

#: What a form offers as a number: path in the agreement, what it is called, its unit.
NUMBERS: tuple[tuple[str, str, str], ...] = (
    ("service_levels.response.within_business_hours", "First response within", "business hours"),
    ("service_levels.attempts.at_least", "Attempts", "at least"),
    ("service_levels.attempts.within_business_days", "Attempts within", "business days"),
    ("service_levels.decision.within_business_days", "Decision within", "business days"),
    ("service_levels.commitment.count", "Marketing promises", "leads a period"),
    ("lead_definition.threshold", "A good lead has", "points"),
    ("attribution.lookback_days", "Lookback", "days"),
    ("freshness_limit_days", "Data count as fresh for", "days"),
)
ALL_SEGMENTS = ""


@dataclass(frozen=True)
class TargetRow:
    """One row of the grid: a KPI, for all or for one segment, with a value by month's label.

    `pace` says how a value is spread over its month; None leaves that as it is.
    """

    kpi: str
    segment: str
    values: Mapping[str, float | None]
    pace: Pace | None = None


def number_at(agreement: Agreement, path: str) -> float | None:
    """Return the number at a path such as lead_definition.threshold; None where none is agreed."""
    place: Any = agreement
    for step in path.split("."):
        place = getattr(place, step)
    return None if place is None else float(place)


def with_numbers(agreement: Agreement, numbers: Mapping[str, float | None]) -> str:
    """Return the agreement with numbers put at their paths, as YAML text."""
    content = agreement.model_dump(mode="json", exclude_none=True)
    known = {path for path, _, _ in NUMBERS}
    for path, number in numbers.items():
        if path not in known:
            raise unknown("number", path, known)
        place = content
        *steps, last = path.split(".")
        for step in steps:
            place = place[step]
        if number is None:
            place.pop(last, None)
        else:
            place[last] = int(number) if float(number).is_integer() else number
    return checked(agreement, content)


def target_grid(agreement: Agreement, months: Sequence[Period]) -> list[TargetRow]:
    """Return a row for each KPI and segment that has a target, with what holds in each month.

    Its pace is that of the first month that has a target.
    """
    asked = dict.fromkeys((t.kpi, t.segment or ALL_SEGMENTS) for t in agreement.targets)
    rows = []
    for kpi, segment in asked:
        held = {m.label: agreement.target_for(kpi, m, segment or None) for m in months}
        paces = [target.pace for target in held.values() if target is not None]
        values = {label: None if t is None else t.value for label, t in held.items()}
        rows.append(TargetRow(kpi, segment, values, paces[0] if paces else None))
    return rows


def with_targets(agreement: Agreement, rows: Sequence[TargetRow], months: Sequence[Period]) -> str:
    """Return the agreement with the targets of a grid, as YAML text.

    A month whose value and pace are those of the recurring target needs none of its own; an empty
    cell takes the month's own target away. Raises UsageError for an unknown KPI or segment, a row
    given twice or a value below zero.
    """
    wanted = _wanted(agreement, rows, months)
    by_name = {(row.kpi, row.segment): row for row in rows}
    labels = {month.label for month in months}
    kept = []
    for target in agreement.targets:
        if target.period not in labels:
            kept.append(target)
            continue
        name = (target.kpi, target.segment or ALL_SEGMENTS)
        value = wanted.pop((*name, target.period), None)
        if value is not None:
            pace = by_name[name].pace or target.pace
            kept.append(target.model_copy(update={"value": value, "pace": pace}))
    for (kpi, segment, label), value in wanted.items():
        month = next(m for m in months if m.label == label)
        if value is None:
            continue
        own = _own(agreement, by_name[kpi, segment], month, value)
        usual = _usual(agreement, kpi, segment, month)
        if usual is None or (usual.value, usual.pace) != (own.value, own.pace):
            kept.append(own)
    content = agreement.model_dump(mode="json", exclude_none=True)
    content["targets"] = [target.model_dump(mode="json") for target in kept]
    return checked(agreement, content)


def with_outcomes(agreement: Agreement, stages: Sequence[StageOutcome]) -> str:
    """Return the agreement with what these stages stand for, as YAML text.

    A stage that stood for something else stands for this now.
    """
    said = {stage.key: stage for stage in (*agreement.deal_outcomes, *stages)}
    content = agreement.model_dump(mode="json", exclude_none=True)
    content["deal_outcomes"] = [stage.model_dump(mode="json") for stage in said.values()]
    return checked(agreement, content)


def with_channels(agreement: Agreement, channels: Mapping[str, str]) -> str:
    """Return the agreement with a rule for each raw value that is put under a channel, as YAML.

    The rules come last in their channels. Raises UsageError for a channel that there is not.
    """
    content = agreement.model_dump(mode="json", exclude_none=True)
    known = {channel["id"]: channel for channel in content["classification"]["channels"]}
    for raw, name in channels.items():
        if name not in known:
            raise unknown("channel", name, known)
        known[name].setdefault("rules", []).append({"raw_channel": {"equals": [raw]}})
    return checked(agreement, content)


def with_statuses(agreement: Agreement, statuses: Mapping[str, str]) -> str:
    """Return the agreement with what these statuses of leads stand for, as YAML text.

    Each stands for a stage or an exit, by its id; the rules come before those there are. Raises
    UsageError for an id of neither.
    """
    kinds = {stage.id: "stage" for stage in agreement.stages}
    kinds |= {way.id: "exit" for way in agreement.exits}
    content = agreement.model_dump(mode="json", exclude_none=True)
    rules = content["classification"]["lead_statuses"]
    for raw, name in statuses.items():
        if name not in kinds:
            raise unknown("stage or exit", name, kinds)
        rules.insert(0, {"status": {"equals": [raw]}, kinds[name]: name})
    return checked(agreement, content)


def _wanted(
    agreement: Agreement, rows: Sequence[TargetRow], months: Sequence[Period]
) -> dict[tuple[str, str, str], float | None]:
    """Return what the grid says by KPI, segment and month; None where a cell is empty."""
    seen: set[tuple[str, str]] = set()
    for row in rows:
        _check(agreement, row, seen)
    return {(r.kpi, r.segment, m.label): r.values.get(m.label) for r in rows for m in months}


def _own(agreement: Agreement, row: TargetRow, month: Period, value: float) -> Target:
    """Return a target of one month, paced as asked, else as the recurring one or any of the KPI."""
    like = _usual(agreement, row.kpi, row.segment, month) or _any_of(agreement, row.kpi)
    return Target(
        kpi=row.kpi,
        value=value,
        period=month.label,
        segment=row.segment or None,
        pace=row.pace or (like.pace if like else "working_days"),
        tolerance=like.tolerance if like else 0.05,
    )


def _check(agreement: Agreement, row: TargetRow, seen: set[tuple[str, str]]) -> None:
    agreement.kpi(row.kpi)
    segments = [segment.id for segment in agreement.classification.segments]
    if row.segment and row.segment not in segments:
        raise unknown("segment", row.segment, segments)
    if (row.kpi, row.segment) in seen:
        name = f"'{row.kpi}' {row.segment}".strip()
        raise UsageError(f"The grid has two rows for {name}; keep one.")
    seen.add((row.kpi, row.segment))
    for label, value in row.values.items():
        if value is not None and value < 0:
            raise UsageError(
                f"The target of '{row.kpi}' in {label} is {value}; targets begin at 0."
            )


def _usual(agreement: Agreement, kpi: str, segment: str, month: Period) -> Target | None:
    """Return the recurring target of a month, whatever its own says."""
    fits = [
        t
        for t in agreement.targets
        if t.kpi == kpi and t.segment == (segment or None) and t.every and t.applies_to(month)
    ]
    return fits[0] if fits else None


def _any_of(agreement: Agreement, kpi: str) -> Target | None:
    return next((t for t in agreement.targets if t.kpi == kpi), None)


def checked(agreement: Agreement, content: dict[str, Any]) -> str:
    """Return content as YAML that holds; AgreementError says what of it does not."""
    content["attribution"].setdefault("direct_channel", agreement.attribution.direct_channel)
    text = yaml.dump(content, Dumper=yaml.CSafeDumper, sort_keys=False)
    return agreement_yaml(parse_agreement(text, "the form"))
