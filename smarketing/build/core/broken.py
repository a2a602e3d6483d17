"""What is told when a build cannot be made of its files, or does not add up."""

from __future__ import annotations

from collections.abc import Mapping

from smarketing.errors import SourceError, StoreError


class AmbiguousError(SourceError):
    """Files whose numbers or dates cannot be told, `refusals` by the number of the file."""

    def __init__(self, refusals: Mapping[int, str]) -> None:
        """Keep a sentence per file beside the message."""
        self.refusals = dict(sorted(refusals.items()))
        super().__init__(" ".join(dict.fromkeys(self.refusals.values())))


class AddingError(Exception):
    """What new files settle may hold for earlier ones too: all must be read together."""


def broken(what: str) -> StoreError:
    """Make the error of an invariant that does not hold."""
    return StoreError(
        f"The build was not published: {what}. The build before stays current; this is a fault of "
        "Smarketing or of a source's SELECT, please report it."
    )
