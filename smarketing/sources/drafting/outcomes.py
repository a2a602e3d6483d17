"""What the status and the type of a deal say, by the words of many systems."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from smarketing.agreement.plain_outcomes import CLOSED, status_outcome
from smarketing.sources.drafting.words import fold, words

__all__ = ["CLOSED", "DELETED", "kind_of", "meaning"]

DELETED = "deleted"
"""What a status says of a record that is no longer one."""


def meaning(status: str) -> str | None:
    """Return won, lost, open, closed or deleted as a deal's status says it, else None."""
    return _said("statuses").get(fold(status)) or status_outcome(status)


def kind_of(kind: str) -> str | None:
    """Return new, renewal or expansion as a deal's type says it; None where it does not."""
    return _said("kinds").get(fold(kind))


@cache
def _said(group: str) -> Mapping[str, str]:
    return {fold(word): meant for meant, listed in words()[group].items() for word in listed}
