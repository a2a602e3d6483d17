"""How the suite is divided among workers, so that all end together.

A file stays on one worker, since it shares what it built. The files with a real browser stay on one
as well: two browsers at once on two cores wait for each other. What is long begins first.
"""

from __future__ import annotations

from pathlib import Path

from xdist.scheduler import LoadScopeScheduling

BROWSER = "test_browser"
"""How the files with a real browser begin."""
LONG = (
    "tests/build/again", "tests/build/erasing", "tests/analysis/attribution", "tests/ui/test_sweep",
    "tests/ui/test_values", "tests/ui/test_who", "tests/analysis/review", "tests/build",
    "tests/sources/test_real", "tests/ui", "tests/analysis", "tests/sources",
)  # fmt: skip
"""Where files take long, the longest first; anything else takes less."""


class BrowsersTogether(LoadScopeScheduling):  # type: ignore[misc]
    """Gives whole files to whoever is free, in the order of collection."""

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.partition("::")[0]
        return BROWSER if has_browser(file) else file


def has_browser(file: str) -> bool:
    """Tell whether a test file opens a real browser."""
    return Path(file).name.startswith(BROWSER)


def turn(nodeid: str) -> int:
    """Return how early a test begins: browsers, then what is long, in groups; then the rest."""
    if has_browser(nodeid.partition("::")[0]):
        return -1
    return next((n for n, start in enumerate(LONG) if nodeid.startswith(start)), len(LONG))
