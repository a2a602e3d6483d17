"""How far a build is, told to whoever waits for it."""

from __future__ import annotations

from collections.abc import Callable

Progress = Callable[[str, float], None]
"""Takes a step of `smarketing.build.STEPS` and which share of the whole is done."""


def silent(step: str, share: float) -> None:
    """Tell nobody how far a build is."""
