"""What people wrote, as somebody reads it: to whom people are masked none is named in it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from smarketing.access import LOCAL, Access
from smarketing.engine import open_engine
from smarketing.workspace import Workspace, open_workspace


def read_workspace(home: Path, access: Access = LOCAL) -> Workspace:
    """Open the workspace of a home to somebody, without the people that the current build knows."""

    def hidden(texts: Sequence[tuple[str, str]]) -> Sequence[str]:
        told = []
        for text, figure in texts:
            # On the page of a record a figure goes by its name, "@", the record's kind and its id.
            kind, _, record = figure.partition("@")[2].partition(":")
            told.append((text, kind, record))
        return open_engine(home, access).hidden(told)

    return open_workspace(home, access, hidden)
