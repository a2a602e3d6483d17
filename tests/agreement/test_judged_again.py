"""Odd agreements are accepted, or refused, as they were: `python tests/kit/keep_figures.py`."""

from __future__ import annotations

import pytest
from figures import kept
from odd_agreements import JUDGED, KINDS


@pytest.mark.parametrize("kind", KINDS)
def test_odd_agreements_are_judged_as_they_were(kind: str) -> None:
    assert list(KINDS[kind]()) == kept(JUDGED)[kind]
