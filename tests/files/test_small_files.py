"""Small files are read, or refused, as they were: `python tests/kit/keep_figures.py` keeps anew."""

from __future__ import annotations

from pathlib import Path

import pytest
from figures import kept
from given import cases
from small_files import FILES, outcome


@pytest.mark.parametrize("case", cases(FILES))
def test_small_files_are_read_as_they_were(case: str, tmp_path: Path) -> None:
    given = cases(FILES)[case]
    assert [*given, *outcome(given, tmp_path / "files")] == kept(FILES)[case]
