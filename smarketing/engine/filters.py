"""What a figure is narrowed to, and the dimensions by which figures may be cut."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from smarketing.access import AccessError
from smarketing.errors import unknown

#: Dimension as asked for -> column of the marts.
DIMENSIONS: Mapping[str, str] = {
    "segment": "segment",
    "region": "region",
    "persona": "persona",
    "channel": "channel",
    "raw_channel": "raw_channel",
    "lead_type": "lead_type",
    "campaign": "campaign_id",
    "campaign_id": "campaign_id",
    "owner": "owner",
    "owner_id": "owner_id",
    "kind": "kind",
    "pipeline": "pipeline",
    "team": "team",
    "category": "category",
    "side": "side",
    "source": "source",
    "stage": "stage",
    "outcome": "outcome",
    "lost_reason": "lost_reason",
    "lead_source": "lead_source",
    "partner": "partner",
    "forecast_category": "forecast_category",
    "account": "account_id",
    "account_id": "account_id",
    "deal": "deal_id",
    "deal_id": "deal_id",
    "lead": "lead_id",
    "lead_id": "lead_id",
    "person_id": "person_id",
    "industry": "industry",
    "country": "country",
    "tier": "tier",
    "seniority": "seniority",
    "reason": "reason",
    "weekday": "weekday",
    "hour": "hour",
}

UNKNOWN = "(unknown)"


def dimension_column(dimension: str) -> str:
    """Return the mart column behind a dimension; UsageError names the nearest one."""
    if dimension not in DIMENSIONS:
        raise unknown("dimension", dimension, DIMENSIONS)
    return DIMENSIONS[dimension]


@dataclass(frozen=True)
class Filters:
    """Per dimension the values kept; none keeps everything. `(unknown)` keeps the blanks."""

    items: tuple[tuple[str, tuple[str, ...]], ...] = ()

    @classmethod
    def of(cls, **dimensions: Iterable[str] | str | None) -> Filters:
        """Build filters from keywords, e.g. `Filters.of(segment=["enterprise"])`."""
        return cls.from_mapping(dimensions)

    @classmethod
    def from_mapping(cls, dimensions: Mapping[str, Iterable[str] | str | None]) -> Filters:
        """Build filters from a mapping; empty or missing values filter nothing."""
        kept = []
        for dimension in sorted(dimensions):
            dimension_column(dimension)
            values = dimensions[dimension]
            if values is None:
                continue
            chosen = (values,) if isinstance(values, str) else tuple(values)
            if chosen:
                kept.append((dimension, tuple(sorted({str(value) for value in chosen}))))
        return cls(tuple(kept))

    def with_(self, **dimensions: Iterable[str] | str | None) -> Filters:
        """Return these filters with some dimensions set anew (None removes one)."""
        return Filters.from_mapping({**self.as_dict(), **dimensions})

    def only(self, *dimensions: str) -> Filters:
        """Return the filters on the named dimensions alone."""
        return Filters(tuple(item for item in self.items if item[0] in dimensions))

    def without(self, *dimensions: str) -> Filters:
        """Return the filters except those on the named dimensions."""
        return Filters(tuple(item for item in self.items if item[0] not in dimensions))

    def within(self, scope: Iterable[tuple[str, tuple[str, ...]]]) -> Filters:
        """Return the filters within what somebody may see: a scope's values, or some of them."""
        chosen = self.as_dict()
        for dimension, values in scope:
            asked = chosen.get(dimension, values)
            kept = [value for value in asked if value in values]
            if not kept:
                raise AccessError(
                    f"{', '.join(asked)} is outside of what you may see by {dimension}: "
                    f"{', '.join(values)}."
                )
            chosen[dimension] = kept
        return Filters.from_mapping(chosen)

    def as_dict(self) -> dict[str, list[str]]:
        """Return the filters as plain lists, for JSON and addresses."""
        return {dimension: list(values) for dimension, values in self.items}

    def __iter__(self) -> Iterator[tuple[str, tuple[str, ...]]]:
        return iter(self.items)

    def __bool__(self) -> bool:
        return bool(self.items)


NO_FILTERS = Filters()
