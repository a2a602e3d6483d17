"""Sources are drafted as they were: `python tests/kit/keep_figures.py` keeps anew."""

from __future__ import annotations

from pathlib import Path

import pytest
from drafts import DRAFTS, outcome
from figures import kept
from given import cases


@pytest.mark.parametrize("case", cases(DRAFTS))
def test_a_draft_is_as_it_was(case: str, tmp_path: Path) -> None:
    given = cases(DRAFTS)[case]
    assert [*given, *outcome(given, tmp_path / "made")] == kept(DRAFTS)[case]
