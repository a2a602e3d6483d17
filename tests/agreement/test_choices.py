"""The fields of the agreement: their defaults and limits are part of every company's agreement.

A default that moves, moves figures of those who wrote nothing. Where one is to change, look at
the difference, then keep it: `python tests/kit/keep_figures.py`.
"""

from __future__ import annotations

from choices import CHOICES, choices
from figures import kept


def test_defaults_and_limits_are_what_they_were() -> None:
    assert choices() == kept(CHOICES)
