"""The shared funnel as agreed: stages, exits, how long a step may take, what a good lead is."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from smarketing.agreement.base import Id, Part, Prose


class Stage(Part):
    """A stage of the funnel, the team that owns it, and what it means."""

    id: Id
    label: Prose
    owner: Id
    definition: Prose


class Exit(Part):
    """A way to leave the funnel, with the reasons a lead may leave by."""

    id: Id
    label: Prose
    definition: Prose
    reasons: tuple[Prose, ...] = ()


class StepWindow(Part):
    """W(a→b): the days after which a lead that entered a stage is mature for a later one.

    Without `window_days` it is learned: the age by which nine in ten conversions had happened.
    Each stage and the next one after it are a step anyway; an entry adds a step over several.
    """

    stage: Id
    next_stage: Id
    window_days: int | None = Field(default=None, ge=1, le=3650)


class FitRule(Part):
    """Points for what a lead is: the classified or raw attribute holds one of the values."""

    id: Id
    label: Prose
    points: int
    attribute: Literal[
        "segment",
        "persona",
        "region",
        "industry",
        "seniority",
        "country",
        "lead_type",
        "channel",
        "employees",
    ]
    values: tuple[str, ...] = ()
    at_least: int | None = None
    at_most: int | None = None

    @model_validator(mode="after")
    def _has_test(self) -> FitRule:
        if not self.values and self.at_least is None and self.at_most is None:
            raise ValueError("needs values, at_least or at_most")
        return self


class BehaviourRule(Part):
    """Points for what a lead did: enough touches of these kinds within the days before."""

    id: Id
    label: Prose
    points: int
    kinds: tuple[str, ...] = Field(min_length=1)
    at_least: int = Field(default=1, ge=1)
    within_days: int = Field(default=90, ge=1, le=3650)
    each: bool = False
    most_points: int | None = None


class LeadDefinition(Part):
    """What a good lead is: fit and behaviour points, and the threshold that lets it into a stage.

    Without `stage` it is the one that hands a lead over.
    """

    definition: Prose
    stage: Id | None = None
    threshold: int
    fit: tuple[FitRule, ...] = ()
    behaviour: tuple[BehaviourRule, ...] = ()
