"""The balance of a file: what became of each of its records."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

SOURCE_GONE = "its source no longer exists"
NOT_RECOGNISED = "its source no longer recognises it"


@dataclass(frozen=True)
class FileBalance:
    """What became of a file's records: `rows = used + unused + quarantined`, else `lost` shows.

    An import says it of each of its files, Data health of each landed table of a build.

    `sha256` is the file's hash, blank where only the build is asked.
    `source` and `object` say as what it was read, None for a file of no known source; `read_as`
    pairs them, where an archive holds several. `unused_reasons` say why rows are unused; `records`
    are the rows that are data at all: no total, no preamble.
    """

    file: str
    sha256: str
    rows: int
    used: int
    unused: int
    quarantined: int
    source: str | None = None
    object: str | None = None
    read_as: str | None = None
    unused_reasons: tuple[tuple[str, int], ...] = ()
    notes: tuple[str, ...] = ()
    records: int = 0

    @property
    def lost(self) -> int:
        """How many records are in none of the three: it is 0, or a fault of ours."""
        return self.rows - self.used - self.unused - self.quarantined

    @property
    def taken_for(self) -> str:
        """As what it was read, or why it was not."""
        return self.read_as or next((reason for reason, _ in self.unused_reasons), "")

    @property
    def is_unreadable(self) -> bool:
        """Whether not one of its records could be read: all of them are in quarantine."""
        return 0 < self.records <= self.quarantined

    def as_dict(self) -> dict[str, Any]:
        """Return the JSON keys of the contract, and what explains them."""
        return {
            "file": self.file,
            "sha256": self.sha256,
            "rows": self.rows,
            "used": self.used,
            "unused": self.unused,
            "quarantined": self.quarantined,
            "source": self.source,
            "object": self.object,
            "read_as": self.read_as,
            "taken_for": self.taken_for,
            "unused_reasons": [
                {"reason": reason, "rows": rows} for reason, rows in self.unused_reasons
            ],
            "notes": list(self.notes),
        }
