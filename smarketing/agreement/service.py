"""The service-level agreement: what marketing delivers, how fast sales follows up."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from smarketing.agreement.base import Id, Part, Prose, Share


class Response(Part):
    """First human touch within so many business hours."""

    within_business_hours: float = Field(gt=0)


class Attempts(Part):
    """At least so many attempts within so many business days, unless reached or rejected."""

    at_least: int = Field(ge=1)
    within_business_days: int = Field(ge=1)


class Decision(Part):
    """Accepted, or rejected with a reason, within so many business days."""

    within_business_days: int = Field(ge=1)


class Exemption(Part):
    """A reason for which a lead owes no follow-up."""

    id: Id
    label: Prose
    rule: Literal["meeting_booked", "open_conversation", "self_serve", "lead_type", "exit_reason"]
    values: tuple[str, ...] = ()
    within_days: int = Field(default=14, ge=1)


class Commitment(Part):
    """What marketing promises: leads at a stage and their value, spread over working days.

    Without `stage` it promises leads at the stage that hands them over.
    `value` is the sum of lead value in major units of the agreement's currency. More than `band`
    below or above the pace line is a deviation.
    """

    stage: Id | None = None
    per: Literal["month", "quarter"] = "month"
    count: int | None = Field(default=None, ge=0)
    value: float | None = Field(default=None, ge=0)
    band: Share = 0.10


class ServiceLevels(Part):
    """Both sides of the handoff. `from_stage` hands a lead over, `accepted_stage` accepts it.

    By `rejected_exits` sales says no; by `recycled_exits` a lead goes back to marketing, from
    where it may return.
    """

    from_stage: Id = Field(description="the stage whose entry hands a lead over to sales")
    accepted_stage: Id = Field(description="the stage that a lead enters when sales accepts it")
    rejected_exits: tuple[Id, ...] = ()
    recycled_exits: tuple[Id, ...] = ()
    response: Response
    attempts: Attempts
    decision: Decision
    exemptions: tuple[Exemption, ...] = ()
    commitment: Commitment = Commitment()
    soon_due_business_hours: float = Field(default=8, gt=0)
    meeting_kinds: tuple[str, ...] = ("meeting", "demo", "sales_meeting", "sales_demo")

    @property
    def committed_stage(self) -> str:
        """Return the stage at which marketing promises leads."""
        return self.commitment.stage or self.from_stage
