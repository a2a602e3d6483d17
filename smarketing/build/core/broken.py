"""What is told when a build does not add up, or cannot be added to the one before."""

from __future__ import annotations

from smarketing.errors import StoreError


class AddingError(Exception):
    """What new files settle may hold for earlier ones too: all must be read together."""


def broken(what: str) -> StoreError:
    """Make the error of an invariant that does not hold."""
    return StoreError(
        f"The build was not published: {what}. The build before stays current; this is a fault of "
        "Smarketing or of a source's SELECT, please report it."
    )
