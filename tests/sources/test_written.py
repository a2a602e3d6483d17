"""Sources as people write them are understood as before: `tests/kit/keep_figures.py` keeps anew."""

from __future__ import annotations

from pathlib import Path

import pytest
from figures import kept
from given import cases
from written_sources import WRITTEN, outcome


@pytest.mark.parametrize("case", cases(WRITTEN))
def test_a_source_is_understood_as_it_was(case: str, tmp_path: Path) -> None:
    given = cases(WRITTEN)[case]
    assert [*given, *outcome(given, tmp_path / "folders")] == kept(WRITTEN)[case]
