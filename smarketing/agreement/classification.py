"""Channels, segments, personas, regions and statuses: how raw values become agreed ones.

A value that no rule maps is `(unmapped)`, a missing one `(unknown)`; neither is ever guessed.
"""

from __future__ import annotations

from functools import cached_property
from itertools import pairwise
from typing import Literal

from pydantic import Field, model_validator

from smarketing.agreement.base import Id, Part, Prose
from smarketing.agreement.countries import country_code
from smarketing.agreement.matching import Match, normalise

UNMAPPED = "(unmapped)"
UNKNOWN = "(unknown)"


class ChannelRule(Part):
    """One way to recognise a channel: every test given must hold.

    A rule on the kind of touch alone speaks only where no channel, source or medium is known.
    """

    raw_channel: Match | None = None
    source: Match | None = None
    medium: Match | None = None
    kind: Match | None = None
    system: Match | None = None

    @model_validator(mode="after")
    def _has_test(self) -> ChannelRule:
        if not any((self.raw_channel, self.source, self.medium, self.kind)):
            raise ValueError("needs raw_channel, source, medium or kind")
        return self

    @cached_property
    def _only_kind(self) -> bool:
        return not (self.raw_channel or self.source or self.medium)

    def holds(self, raw: object, source: object, medium: object, kind: object, system: str) -> bool:
        """Return whether every test of the rule holds for one combination of raw values."""
        if self._only_kind and any(normalise(value) for value in (raw, source, medium)):
            return False
        pairs = (
            (self.raw_channel, raw),
            (self.source, source),
            (self.medium, medium),
            (self.kind, kind),
            (self.system, system),
        )
        return all(test is None or test.holds(value) for test, value in pairs)


class Channel(Part):
    """A channel as both teams name it; the rules of all channels are tried from top to bottom."""

    id: Id
    label: Prose
    definition: Prose
    rules: tuple[ChannelRule, ...] = ()


class Segment(Part):
    """A market segment by company size, both ends included."""

    id: Id
    label: Prose
    from_employees: int = Field(ge=0)
    to_employees: int | None = Field(default=None, ge=0)


class Persona(Part):
    """A kind of buyer, recognised by job title and, where given, seniority."""

    id: Id
    label: Prose
    definition: Prose
    title: Match
    seniority: Match | None = None


class Region(Part):
    """A sales region as a list of countries (ISO codes or English names)."""

    id: Id
    label: Prose
    countries: tuple[str, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _known_countries(self) -> Region:
        for name in self.countries:
            if country_code(name) is None:
                raise ValueError(f"'{name}' is no country; write its ISO code, for example DE")
        return self


class LeadStatus(Part):
    """Raw lead statuses of the sources and the stage or the exit they stand for."""

    status: Match
    stage: Id | None = None
    exit: Id | None = None
    system: Match | None = None

    @model_validator(mode="after")
    def _one_meaning(self) -> LeadStatus:
        if (self.stage is None) == (self.exit is None):
            raise ValueError("needs either stage or exit")
        return self


class Classification(Part):
    """The agreed vocabulary and the rules that lead raw values to it."""

    channels: tuple[Channel, ...]
    segments: tuple[Segment, ...]
    personas: tuple[Persona, ...]
    regions: tuple[Region, ...]
    lead_statuses: tuple[LeadStatus, ...]

    @model_validator(mode="after")
    def _segments_apart(self) -> Classification:
        ordered = sorted(self.segments, key=lambda segment: segment.from_employees)
        for low, high in pairwise(ordered):
            if low.to_employees is None or low.to_employees >= high.from_employees:
                raise ValueError(f"segments '{low.id}' and '{high.id}' overlap in employees")
        return self

    def channel_of(
        self,
        raw_channel: object,
        *,
        kind: object = None,
        utm_source: object = None,
        utm_medium: object = None,
        system: str = "",
    ) -> str:
        """Return the channel of one combination of raw values; the first rule that holds wins."""
        for channel in self.channels:
            for rule in channel.rules:
                if rule.holds(raw_channel, utm_source, utm_medium, kind, system):
                    return channel.id
        named = any(normalise(value) for value in (raw_channel, utm_source, utm_medium))
        return UNMAPPED if named else UNKNOWN

    def segment_of(self, employees: float | None) -> str:
        """Return the segment of a company size."""
        if employees is None or employees != employees:
            return UNKNOWN
        for segment in self.segments:
            top = float("inf") if segment.to_employees is None else segment.to_employees
            if segment.from_employees <= employees <= top:
                return segment.id
        return UNMAPPED

    def persona_of(self, title: object, seniority: object = None) -> str:
        """Return the persona of a job title; the first persona that holds wins."""
        for persona in self.personas:
            graded = persona.seniority is None or persona.seniority.holds(seniority)
            if graded and persona.title.holds(title):
                return persona.id
        return UNMAPPED if normalise(title) or normalise(seniority) else UNKNOWN

    def region_of(self, country: object) -> str:
        """Return the region of a country given by ISO code or by name."""
        if not normalise(country):
            return UNKNOWN
        return self._region_by_country.get(country_code(country) or "", UNMAPPED)

    def lead_status_of(
        self, status: object, system: str = ""
    ) -> tuple[str, Literal["entry", "exit"]] | None:
        """Return the stage or exit a raw status stands for and which it is; None if unmapped."""
        for rule in self.lead_statuses:
            if rule.status.holds(status) and (rule.system is None or rule.system.holds(system)):
                return (rule.stage, "entry") if rule.stage else (str(rule.exit), "exit")
        return None

    @cached_property
    def _region_by_country(self) -> dict[str, str]:
        return {
            str(country_code(country)): region.id
            for region in reversed(self.regions)
            for country in region.countries
        }
