"""Odd files are read, or refused, as they were: `python tests/kit/keep_figures.py` keeps anew."""

from __future__ import annotations

import pytest
from figures import kept
from odd_files import READ, read_again


@pytest.fixture(scope="module")
def found() -> dict[str, list[str]]:
    return read_again()


@pytest.mark.parametrize("kind", ["csv", "xlsx", "json"])
def test_odd_files_are_read_as_they_were(found: dict[str, list[str]], kind: str) -> None:
    assert found[kind] == kept(READ)[kind]
