"""KPIs and targets as data: one definition feeds card, tooltip, glossary and SQL."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import Field, field_validator, model_validator

from smarketing.agreement.base import Id, Part, Prose, Share, Text
from smarketing.errors import UsageError
from smarketing.periods import Period, of_the_same_days, parse_period

Unit = Literal["count", "money", "rate", "ratio", "days", "minutes", "months", "score"]


class Owners(Part):
    """The role that answers for a KPI in each team."""

    marketing: Id
    sales: Id


class Ratio(Part):
    """Two KPIs, summed each, divided last."""

    numerator: Id
    denominator: Id


class Step(Part):
    """The way from one stage to a later one."""

    stage: Id
    next_stage: Id


#: The settings of the agreement that a KPI may rest on, and which are printed beside it.
RestsOn = Literal[
    "cost_boundary",
    "cost_boundary_lagged",
    "originator_test",
    "attribution_model",
    "lifetime_horizon",
]


class Kpi(Part):
    """One measure: an aggregate over a mart, a ratio of two KPIs or a formula over several.

    `date_column` is the day that puts a record into a period; null means that the KPI is read as
    of the data's date, whatever the period. `recorded` says which records of the mart show that a
    source gives the figure at all: a condition, or `filter` for the KPI's own; only where there are
    such records is nothing a zero. `stage` or `step` keep the records of one stage, or of one step.
    `team` says whose delivery it measures: left out, that of the stage's owner, or both teams'.
    `listed: false` marks a part of other KPIs that is shown with them but has no card of its own.
    `fault` says what is wrong with an entry of the file that cannot be asked for; none is signed.
    """

    id: Id
    label: Prose
    question: Prose
    definition: Prose
    mart: Id | None = None
    date_column: Id | None = None
    expression: Prose | None = None
    stage: Id | None = None
    step: Step | None = None
    filter: Text | None = None
    recorded: Text | None = None
    ratio: Ratio | None = None
    formula: Prose | None = None
    team: Id | None = None
    rests_on: tuple[RestsOn, ...] = ()
    unit: Unit
    direction: Literal["up", "down", "none"] = "up"
    owners: Owners
    caveats: tuple[Prose, ...] = ()
    headline: bool = False
    listed: bool = True
    # Without one an entry is written, and hashed, as if there were no such field.
    fault: Prose | None = Field(default=None, exclude_if=lambda fault: fault is None)

    @model_validator(mode="after")
    def _one_way(self) -> Kpi:
        if self.fault is not None:
            return self
        ways = [self.expression, self.ratio, self.formula]
        if sum(way is not None for way in ways) != 1:
            raise ValueError("needs exactly one of expression, ratio and formula")
        if (self.expression is None) != (self.mart is None):
            raise ValueError("expression and mart belong together")
        given = (self.filter, self.date_column, self.recorded, self.stage, self.step)
        if self.expression is None and any(given):
            raise ValueError(
                "filter, recorded, date_column, stage and step belong to an expression"
            )
        if self.stage and self.step:
            raise ValueError("needs either stage or step")
        return self

    @property
    def kept(self) -> tuple[tuple[str, str], ...]:
        """Return the columns of the mart that stage or step hold to a value, with the value."""
        if self.step is not None:
            return (("stage", self.step.stage), ("next_stage", self.step.next_stage))
        return (("stage", self.stage),) if self.stage is not None else ()

    @property
    def condition(self) -> str:
        """Return, for a reader, all that a record must fulfil to count; empty where all count."""
        tests = [f"{column} = '{value}'" for column, value in self.kept]
        return " and ".join([*tests, self.filter] if self.filter else tests)


Pace = Literal["seasonal", "working_days", "even"]


class Target(Part):
    """What a KPI should reach, in one named period or in every period of a kind.

    Money is in major units of the agreement's currency, a rate is a share of 1. `tolerance` is
    the relative distance from pace that still counts as on track.
    """

    kpi: Id
    value: float = Field(ge=0)
    period: str | None = None
    every: Literal["week", "month", "quarter", "year", "fiscal_quarter", "fiscal_year"] | None = (
        None
    )
    starts_on: date | None = None
    ends_on: date | None = None
    segment: Id | None = None
    pace: Pace = "working_days"
    tolerance: Share = 0.05

    @field_validator("period", mode="before")
    @classmethod
    def _period_text(cls, value: object) -> object:
        return str(value) if isinstance(value, (int, date)) else value

    @field_validator("period")
    @classmethod
    def _is_period(cls, value: str | None) -> str | None:
        if value is None:
            return None
        try:
            return parse_period(value).label
        except UsageError as error:
            raise ValueError(str(error)) from error

    @model_validator(mode="after")
    def _one_span(self) -> Target:
        if (self.period is None) == (self.every is None):
            raise ValueError("needs either period or every")
        return self

    def applies_to(self, period: Period) -> bool:
        """Return whether this target is one for exactly the days of this period."""
        alike = of_the_same_days(period)
        if self.period is not None:
            return any(self.period == one.label for one in alike)
        begun = self.starts_on is None or period.start >= self.starts_on
        ended = self.ends_on is not None and period.start >= self.ends_on
        return any(self.every == one.kind for one in alike) and begun and not ended
