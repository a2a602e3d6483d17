"""The company's teams: which side each works for, and how the sources' words lead to them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Literal

from pydantic import Field

from smarketing.agreement.base import Id, Part, Prose
from smarketing.agreement.classification import UNKNOWN, UNMAPPED
from smarketing.agreement.matching import normalise

#: The two parties of the agreement. Touches, owners of a KPI and signatures are of a side.
Side = Literal["marketing", "sales"]


class Team(Part):
    """A team, the side it works for (none: neither's), and what sources call it.

    `names` are compared with `team` of members and costs, without regard to case, `_` and `-`.
    """

    id: Id
    label: Prose
    side: Side | None = None
    names: tuple[str, ...] = Field(min_length=1)


def team_names(teams: Iterable[Team]) -> Mapping[str, str]:
    """Return the team behind each name, the names as rules compare them."""
    return {normalise(name): team.id for team in reversed(list(teams)) for name in team.names}


def team_of(names: Mapping[str, str], value: object) -> str:
    """Return the team that a source's word stands for; `(unmapped)` or `(unknown)` for none."""
    word = normalise(value)
    return names.get(word, UNMAPPED) if word else UNKNOWN
