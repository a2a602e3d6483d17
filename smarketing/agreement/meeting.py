"""The weekly meeting as agreed: how long each part lasts, and which numbers stand in which."""

from __future__ import annotations

from pydantic import Field

from smarketing.agreement.base import Id, Part

#: The parts of the meeting in order: name, title.
PARTS: tuple[tuple[str, str], ...] = (
    ("restated", "Restated since last time"),
    ("actions", "Last week's actions"),
    ("customers", "Customers"),
    ("put_in", "What we put in"),
    ("came_out", "What came out"),
    ("campaigns", "Campaigns"),
    ("issues", "Issues, decisions, actions"),
    ("rating", "Rating"),
)
#: Parts that are about numbers.
OF_NUMBERS = ("customers", "put_in", "came_out")


class PartMinutes(Part):
    """Minutes for each part of the meeting; the campaigns share those of what came out."""

    restated: int = Field(default=5, ge=0, le=240)
    actions: int = Field(default=5, ge=0, le=240)
    customers: int = Field(default=5, ge=0, le=240)
    put_in: int = Field(default=5, ge=0, le=240)
    came_out: int = Field(default=5, ge=0, le=240)
    issues: int = Field(default=60, ge=0, le=240)
    rating: int = Field(default=5, ge=0, le=240)


class WeeklyMeeting(Part):
    """The meeting of both teams: its minutes, and the KPIs of three of its parts.

    A headline KPI that none of them names stands in what came out.
    """

    minutes: PartMinutes = PartMinutes()
    customers: tuple[Id, ...] = ()
    put_in: tuple[Id, ...] = ()
    came_out: tuple[Id, ...] = ()
