"""Files of known systems are read as they were: `python tests/kit/keep_figures.py` keeps anew."""

from __future__ import annotations

from pathlib import Path

import pytest
from figures import kept
from given import cases
from known_tables import TABLES, outcome


@pytest.mark.parametrize("case", cases(TABLES))
def test_a_file_is_known_and_read_as_it_was(case: str, tmp_path: Path) -> None:
    given = cases(TABLES)[case]
    assert [*given, *outcome(given, tmp_path / "files")] == kept(TABLES)[case]
