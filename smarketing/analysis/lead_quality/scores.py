"""Is the agreed lead definition right? Scores as they stood, judged by what became of the leads.

Leads below the threshold were seldom worked, so precision is among worked leads, and recall and
every what-if are bounds.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, get_args

import pandas as pd

from smarketing.agreement import Agreement
from smarketing.agreement.stages import LeadDefinition
from smarketing.analysis.funnel.stages import days_between_stages
from smarketing.analysis.rates import Rate, rate_of
from smarketing.build.marts.lead_rules import weighted
from smarketing.engine import NO_FILTERS, Engine, Filters
from smarketing.errors import unknown
from smarketing.periods import Window

Outcome = Literal["accepted", "opportunity", "customer"]
OUTCOMES: tuple[Outcome, ...] = get_args(Outcome)
#: Between the patterns that one lead held, as the query joins them.
SEPARATOR = " > "
COUNTS = ("leads", "qualified", "worked", "converted", "accepted", "decided", "won_amount")


@dataclass(frozen=True)
class Threshold:
    """What a threshold would do to the leads of a window.

    `precision` is converted ÷ worked among leads at or above it. Recall is converted above ÷ all
    that would convert: `recall_high` if no unworked lead below would, `recall_low` if every one
    would. `lift` is precision ÷ the rate of all worked leads. Ratios are None where undefined.
    """

    threshold: int
    leads: int
    worked: int
    precision: Rate
    recall_low: float | None
    recall_high: float | None
    lift: float | None
    acceptance: Rate
    revenue_share: float | None
    per_month: float
    within_capacity: bool | None


@dataclass(frozen=True)
class Calibration:
    """Leads of one band of scores `[low, high)` and how many of the worked ones converted."""

    low: int
    high: int
    leads: int
    rate: Rate


@dataclass(frozen=True)
class RuleValue:
    """One rule: the rate of worked leads that fulfil it against those that do not.

    `earned`: the difference has the sign of the points and the intervals do not overlap; None
    where either side has fewer than 30 worked leads.
    """

    rule: str
    label: str
    points: int
    fulfilled: Rate
    others: Rate

    @property
    def difference(self) -> float | None:
        """Return the difference of the two rates; None where either is not available."""
        if self.fulfilled.rate is None or self.others.rate is None:
            return None
        return self.fulfilled.rate - self.others.rate

    @property
    def earned(self) -> bool | None:
        """Return whether the rule earns its points."""
        a, b = self.fulfilled, self.others
        if a.is_small or b.is_small:
            return None
        # Where leads were seen there is an interval.
        assert a.low is not None and a.high is not None
        assert b.low is not None and b.high is not None
        return a.low > b.high if self.points > 0 else a.high < b.low


@dataclass(frozen=True)
class Patterns:
    """Mature leads grouped by the rules they fulfilled: what every score is computed from.

    `rows` has fit_pattern, behaviour_patterns (joined by ' > ': all that a lead held which never
    qualified) and the counts; `months` is how much of the window lies far enough back for its leads
    to be judged, `step_days` how long after its beginning a lead may still qualify in time.
    """

    definition: LeadDefinition
    rows: pd.DataFrame
    months: float
    step_days: int

    @property
    def note(self) -> str:
        """Say how leads are scored that were never handed over."""
        return never_qualified(self.step_days)


def never_qualified(step_days: int) -> str:
    """Say how leads are scored that were never handed over."""
    return (
        "Leads that never qualified count with the best score they held within "
        f"{step_days} days after they began."
    )


def lead_patterns(
    engine: Engine,
    agreement: Agreement,
    window: Window,
    filters: Filters = NO_FILTERS,
    outcome: Outcome = "opportunity",
) -> Patterns:
    """Answer which rules the leads of a window fulfilled just before they were qualified.

    Only leads followed for long enough to have reached the outcome, by the windows of the steps.
    """
    params = quality_params(engine, agreement, window, outcome)
    rows = engine.run("quality/patterns", params, filters)
    months = judged_days(engine, window, params["mature_days"]) / (365 / 12)
    return Patterns(agreement.lead_definition, rows, months, days_to_qualify(engine, agreement))


def outcome_stage(agreement: Agreement, outcome: str) -> str:
    """Return the stage that a lead must reach; UsageError for an unknown outcome."""
    stages = {
        "accepted": agreement.service_levels.accepted_stage,
        "opportunity": agreement.deal_opened,
        "customer": agreement.deal_won,
    }
    if outcome not in stages:
        raise unknown("outcome", outcome, OUTCOMES)
    return stages[outcome]


def quality_params(
    engine: Engine, agreement: Agreement, window: Window, outcome: Outcome = "opportunity"
) -> dict[str, Any]:
    """Return the values that the queries of lead quality bind; UsageError for another outcome."""
    return {
        "from": window.start,
        "to": window.end,
        "outcome": outcome,
        "mature_days": _days_to(engine, agreement, outcome),
    }


def judged_days(engine: Engine, window: Window, mature_days: int) -> int:
    """Return how many days of a window lie far enough back for their leads to be judged."""
    end = min(window.end, engine.as_of_day - dt.timedelta(days=mature_days - 1))
    return max(0, (end - window.start).days)


def recorded_scores(
    engine: Engine,
    agreement: Agreement,
    window: Window,
    filters: Filters = NO_FILTERS,
    outcome: Outcome = "opportunity",
) -> pd.DataFrame:
    """Answer what the source's own scores said: a row per whole point, null for no score.

    The columns are those of `scored`, so that `threshold_table` and `calibration` read both.
    """
    params = quality_params(engine, agreement, window, outcome)
    return engine.run("quality/scores", params, filters)


def scored(patterns: Patterns, points: Mapping[str, int] | None = None) -> pd.DataFrame:
    """Return the counts by score under the agreed points, or under others (rule id -> points).

    Raises UsageError for a rule that the definition does not have.
    """
    rows = with_scores(patterns.definition, patterns.rows, points or {})
    return rows.groupby("score", as_index=False)[list(COUNTS)].sum()


def with_scores(
    definition: LeadDefinition, rows: pd.DataFrame, points: Mapping[str, int]
) -> pd.DataFrame:
    """Return the rows with `score` under the agreed points, `points` where given.

    `behaviour_pattern` is the pattern behind it: of several that a lead held, the best one.
    Raises UsageError for a rule that the definition does not have.
    """
    agreed = {rule.id: rule.points for rule in definition.fit}
    agreed |= {rule.id: rule.points for rule in definition.behaviour}
    for rule in points:
        if rule not in agreed:
            raise unknown("rule", rule, agreed)
    given = agreed | dict(points)
    held = rows["behaviour_patterns"].astype(object).str.split(SEPARATOR).explode().astype("int64")
    tried = pd.DataFrame({"pattern": held, "points": _points(held, definition.behaviour, given)})
    best = tried.sort_values(["points", "pattern"]).groupby(level=0).last()
    score = _points(rows["fit_pattern"], definition.fit, given) + best["points"]
    return rows.assign(behaviour_pattern=best["pattern"], score=score)


def threshold_table(
    scores: pd.DataFrame,
    thresholds: Sequence[int],
    months: float,
    capacity_per_month: float | None = None,
) -> list[Threshold]:
    """Answer for each threshold how many leads it lets through and how good they are.

    `scores` has score and the counts (`scored` or `recorded_scores`). Leads without a score are
    below every threshold.
    """
    total = {name: int(scores[name].sum()) for name in COUNTS}
    base = total["converted"] / total["worked"] if total["worked"] else None
    found = []
    for threshold in thresholds:
        above = scores[scores["score"].fillna(-1_000_000) >= threshold]
        count = {name: int(above[name].sum()) for name in COUNTS}
        precision = rate_of(count["converted"], count["worked"])
        hidden = (total["leads"] - total["worked"]) - (count["leads"] - count["worked"])
        low, high = _recall(count["converted"], total["converted"], hidden)
        per_month = count["leads"] / months if months else 0.0
        within = None if capacity_per_month is None else per_month <= capacity_per_month
        lift = precision.rate / base if precision.rate is not None and base else None
        won = total["won_amount"]
        found.append(
            Threshold(
                threshold,
                count["leads"],
                count["worked"],
                precision,
                low,
                high,
                lift,
                rate_of(count["accepted"], count["decided"]),
                count["won_amount"] / won if won else None,
                per_month,
                within,
            )
        )
    return found


def calibration(scores: pd.DataFrame, bands: int = 10) -> list[Calibration]:
    """Answer whether a higher score means a higher rate: worked leads by bands of equal width.

    Empty without scored leads.
    """
    known = scores.dropna(subset=["score"])
    if known.empty:
        return []
    lowest, highest = int(known["score"].min()), int(known["score"].max())
    width = max(1, -(-(highest - lowest + 1) // bands))
    found = []
    for low in range(lowest, highest + 1, width):
        part = known[(known["score"] >= low) & (known["score"] < low + width)]
        rate = rate_of(int(part["converted"].sum()), int(part["worked"].sum()))
        found.append(Calibration(low, low + width, int(part["leads"].sum()), rate))
    return found


def rule_values(patterns: Patterns) -> list[RuleValue]:
    """Answer which rules earn their points and which do not, in the order of the agreement."""
    definition = patterns.definition
    rows, found = with_scores(definition, patterns.rows, {}), []
    total = (int(rows["converted"].sum()), int(rows["worked"].sum()))
    for column, rules in (
        ("fit_pattern", definition.fit),
        ("behaviour_pattern", definition.behaviour),
    ):
        for part in weighted(rules):
            hit = rows[rows[column].astype("int64").map(part.hits) > 0]
            converted, worked = int(hit["converted"].sum()), int(hit["worked"].sum())
            rest = rate_of(total[0] - converted, total[1] - worked)
            rule = part.rule
            found.append(
                RuleValue(rule.id, rule.label, rule.points, rate_of(converted, worked), rest)
            )
    return found


def _points(pattern: pd.Series, rules: Any, given: Mapping[str, int]) -> pd.Series:
    whole = pattern.astype("int64")
    total = pd.Series(0, index=pattern.index, dtype="int64")
    for part in weighted(rules):
        earned = whole.map(part.hits) * given[part.rule.id]
        most = getattr(part.rule, "most_points", None)
        if most is not None:
            limit = abs(most)
            earned = earned.clip(lower=-limit, upper=limit)
        total = total + earned
    return total


def _recall(above: int, converted: int, unworked_below: int) -> tuple[float | None, float | None]:
    if converted == 0:
        return None, None
    return above / (converted + unworked_below), above / converted


def days_to_qualify(engine: Engine, agreement: Agreement) -> int:
    """Return how long after its beginning a lead may be handed over in time, in days."""
    start, end = agreement.stages[0].id, agreement.service_levels.from_stage
    return days_between_stages(engine, agreement, start, end)


def _days_to(engine: Engine, agreement: Agreement, outcome: str) -> int:
    start = agreement.service_levels.from_stage
    return days_between_stages(engine, agreement, start, outcome_stage(agreement, outcome))
