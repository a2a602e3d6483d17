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

    `value` is the sum of lead value in major units of the agreement's currency. More than `band`
    below or above the pace line is a deviation.
    """

    stage: Id = "mql"
    per: Literal["month", "quarter"] = "month"
    count: int | None = Field(default=None, ge=0)
    value: float | None = Field(default=None, ge=0)
    band: Share = 0.10


class ServiceLevels(Part):
    """Both sides of the handoff. `from_stage` hands a lead over, `accepted_stage` accepts it."""

    from_stage: Id = "mql"
    accepted_stage: Id = "sal"
    rejected_exits: tuple[Id, ...] = ("rejected", "disqualified")
    response: Response
    attempts: Attempts
    decision: Decision
    exemptions: tuple[Exemption, ...] = ()
    commitment: Commitment = Commitment()
    soon_due_business_hours: float = Field(default=8, gt=0)
    meeting_kinds: tuple[str, ...] = ("meeting", "demo", "sales_meeting", "sales_demo")
