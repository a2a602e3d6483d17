"""The agreement: one document that both teams sign, and everything that depends on it."""

from __future__ import annotations

from datetime import date
from functools import cached_property

from pydantic import Field, field_validator

from smarketing.agreement.attribution import Attribution
from smarketing.agreement.base import Id, Part, Prose
from smarketing.agreement.calendar import BusinessCalendar
from smarketing.agreement.canonical import content_hash
from smarketing.agreement.classification import Classification
from smarketing.agreement.kpis import Kpi, Target
from smarketing.agreement.meeting import WeeklyMeeting
from smarketing.agreement.outcomes import StageOutcome, contradiction, stage_outcomes
from smarketing.agreement.service import ServiceLevels
from smarketing.agreement.stages import Exit, LeadDefinition, Stage, StepWindow
from smarketing.agreement.teams import Side, Team
from smarketing.agreement.working_time import (
    WEEKDAYS,
    MemberCalendar,
    Weekday,
    WorkingTime,
    check_timezone,
)
from smarketing.errors import UsageError, unknown
from smarketing.periods import Period, parse_period, parse_window


class TargetMarket(Part):
    """Whom both teams agreed to sell to."""

    definition: Prose
    segments: tuple[Id, ...] = ()
    personas: tuple[Id, ...] = ()
    regions: tuple[Id, ...] = ()
    industries: tuple[str, ...] = ()


class Role(Part):
    """A role in the work of both teams and what it answers for."""

    id: Id
    label: Prose
    team: Id
    definition: Prose


class Term(Part):
    """A word of the trade and what it means here."""

    term: Prose
    definition: Prose


class LifetimeValue(Part):
    """How far ahead lifetime value may look."""

    horizon_months: int = Field(default=60, ge=1, le=240)


class Agreement(Part):
    """One YAML file that both teams sign.

    `deal_opened`, `deal_won` and `deal_lost` say what a deal does to the lead that carries it: its
    opening enters a stage, its winning another, and losing all of them is an exit.
    """

    version: str = Field(min_length=1)
    company: Prose
    timezone: str
    currency: str = Field(pattern=r"^[A-Z]{3}$")
    week_starts_on: Weekday = "mon"
    fiscal_year_start_month: int = Field(default=1, ge=1, le=12)
    freshness_limit_days: int = Field(default=7, ge=1)
    working_time: WorkingTime = WorkingTime()
    member_calendars: tuple[MemberCalendar, ...] = ()
    teams: tuple[Team, ...]
    cost_without_team: Id | None = Field(
        default=None, description="the team that costs which name none count for"
    )
    stages: tuple[Stage, ...] = Field(min_length=2)
    exits: tuple[Exit, ...]
    deal_opened: Id = Field(description="the stage that a lead enters when a deal of it is opened")
    deal_won: Id = Field(description="the stage that a lead enters when a deal of it is won")
    deal_lost: Id = Field(description="the exit that a lead takes when all its deals are lost")
    step_windows: tuple[StepWindow, ...] = ()
    deal_outcomes: tuple[StageOutcome, ...] = ()
    lead_definition: LeadDefinition
    target_market: TargetMarket
    classification: Classification
    kpis: tuple[Kpi, ...]
    targets: tuple[Target, ...] = ()
    service_levels: ServiceLevels
    meeting: WeeklyMeeting = WeeklyMeeting()
    attribution: Attribution = Attribution()
    lifetime_value: LifetimeValue = LifetimeValue()
    roles: tuple[Role, ...]
    glossary: tuple[Term, ...] = ()

    @field_validator("version", mode="before")
    @classmethod
    def _version_text(cls, value: object) -> object:
        return str(value) if isinstance(value, (int, float, date)) else value

    @field_validator("deal_outcomes", mode="before")
    @classmethod
    def _stages_or_pipelines(cls, value: object) -> object:
        return stage_outcomes(value)

    @field_validator("deal_outcomes")
    @classmethod
    def _one_outcome(cls, value: tuple[StageOutcome, ...]) -> tuple[StageOutcome, ...]:
        if wrong := contradiction(value):
            raise ValueError(wrong)
        return value

    @field_validator("timezone")
    @classmethod
    def _zone(cls, value: str) -> str:
        return check_timezone(value)

    @cached_property
    def hash(self) -> str:
        """Return the SHA-256 of the canonical content: what a signature signs."""
        return content_hash(self.model_dump(mode="json"))

    @property
    def week_start(self) -> int:
        """Return the weekday a week starts on, 1 for Monday to 7 for Sunday."""
        return WEEKDAYS.index(self.week_starts_on) + 1

    @cached_property
    def calendar(self) -> BusinessCalendar:
        """Return the company's business calendar."""
        return BusinessCalendar(self.timezone, self.working_time)

    def calendar_of(self, member: str | None, timezone: str | None = None) -> BusinessCalendar:
        """Return a member's calendar: the agreed one, else the company's hours in its timezone."""
        raw = (member or "").rpartition(":")[2]
        for own in self.member_calendars:
            if own.member in (member, raw):
                return BusinessCalendar(own.timezone, own.working_time)
        if timezone and timezone != self.timezone:
            return BusinessCalendar(timezone, self.working_time)
        return self.calendar

    def teams_of(self, *sides: Side) -> tuple[Team, ...]:
        """Return the teams that work for one of these sides."""
        return tuple(team for team in self.teams if team.side in sides)

    def team(self, team_id: str) -> Team:
        """Return one team; UsageError with the nearest name if there is none."""
        for team in self.teams:
            if team.id == team_id:
                return team
        raise unknown("team", team_id, [team.id for team in self.teams])

    @property
    def cac_teams(self) -> tuple[Team, ...]:
        """Return the teams whose cost counts as the cost of acquiring customers."""
        named = self.attribution.cac.teams
        if named is None:
            return self.teams_of("marketing", "sales")
        return tuple(team for team in self.teams if team.id in named)

    def side_of(self, kpi: Kpi) -> Side | None:
        """Return the side whose delivery a KPI measures; None where both must act.

        That of its team, else of the team that owns its stage, or the stage its step leads to; a
        ratio's is that of its two parts where they agree.
        """
        if kpi.team is not None:
            return self.team(kpi.team).side
        if kpi.kept:
            _, stage = kpi.kept[-1]
            return self.team(self.stages[self.stage_number(stage) - 1].owner).side
        if kpi.ratio is not None:
            top, bottom = self.kpi(kpi.ratio.numerator), self.kpi(kpi.ratio.denominator)
            return self.side_of(top) if self.side_of(top) == self.side_of(bottom) else None
        return None

    def at_most(self, kpi: Kpi) -> float | None:
        """Return what a KPI cannot exceed: 1 for a rate of records among records, else None.

        Money can be more than what it is divided by: a quota is passed, revenue grows.
        """
        if kpi.unit != "rate" or kpi.ratio is None:
            return None
        parts = (self.kpi(kpi.ratio.numerator), self.kpi(kpi.ratio.denominator))
        return 1.0 if all(part.unit == "count" for part in parts) else None

    def kpi(self, kpi_id: str) -> Kpi:
        """Return one KPI; UsageError with the nearest name if there is none."""
        for kpi in self.kpis:
            if kpi.id == kpi_id:
                return kpi
        raise unknown("KPI", kpi_id, [kpi.id for kpi in self.kpis])

    def stage_number(self, stage: str) -> int:
        """Return 1 for the first stage; UsageError with the nearest name if there is none."""
        names = [known.id for known in self.stages]
        if stage not in names:
            raise unknown("stage", stage, names)
        return names.index(stage) + 1

    def parse_period(self, text: str) -> Period:
        """Read a period in this agreement's weeks and fiscal years."""
        return parse_period(
            text,
            week_start=self.week_start,
            fiscal_year_start_month=self.fiscal_year_start_month,
        )

    def read_window(self, text: str) -> Period:
        """Read a period, `2026-Q2`, or the span of two, `2025-07..2026-06` (inclusive).

        UsageError says how to write one.
        """
        first, dots, last = text.partition("..")
        if not dots:
            return self.parse_period(text)
        start, end = self.parse_period(first), self.parse_period(last)
        if end.end <= start.start:
            raise UsageError(
                f"The period '{text}' ends before it begins; write the earlier one first."
            )
        return parse_window(start.start, end.end)

    def target_for(self, kpi_id: str, period: Period, segment: str | None = None) -> Target | None:
        """Return the target of a KPI in exactly this period; a named period beats a recurring one.

        None when nobody agreed one.
        """
        fits = [
            target
            for target in self.targets
            if target.kpi == kpi_id and target.segment == segment and target.applies_to(period)
        ]
        return min(fits, key=lambda t: (t.period is None, t.every != period.kind), default=None)
