"""Which faults are accepted because no run can tell them: the table of docs/testing.md."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from tools.mutants.areas import ROOT

TABLE = ROOT / "docs" / "testing.md"
_ROW = re.compile(r"^\| `(?P<files>[^`]+)` \| `(?P<fault>[^`]+)` \| (?P<why>.+) \|$", re.M)


@dataclass(frozen=True)
class Accepted:
    """Faults whose words hold `fault`, in the files that the pattern `files` names, and why."""

    files: str
    fault: str
    why: str

    def covers(self, path: Path, fault: str) -> bool:
        """Tell whether a fault of a file is one of them."""
        return path in ROOT.glob(self.files) and self.fault in fault


@cache
def accepted() -> tuple[Accepted, ...]:
    """Return the rows of the table in their order."""
    found = _ROW.finditer(TABLE.read_text(encoding="utf-8"))
    return tuple(Accepted(**row.groupdict()) for row in found)


def is_accepted(path: Path, fault: str) -> bool:
    """Tell whether a fault stands in the table."""
    return any(row.covers(path, fault) for row in accepted())
