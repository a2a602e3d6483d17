"""Odd files are read, or refused, as they were: `python tests/kit/keep_figures.py` keeps anew."""

from __future__ import annotations

import pytest
from figures import kept
from odd_files import KINDS, READ, read_again


@pytest.mark.parametrize("kind", KINDS)
def test_odd_files_are_read_as_they_were(kind: str) -> None:
    assert list(read_again(kind)) == kept(READ)[kind]
