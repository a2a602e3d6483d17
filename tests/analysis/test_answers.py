"""What every analysis answers about the small company, against what was found right and kept.

Where a definition changes, look at the difference, then keep it:
`python tests/kit/keep_figures.py`.
"""

from __future__ import annotations

import pytest
from answers import ANSWERS, KEPT, lines_of
from figures import kept


@pytest.mark.parametrize("name", ANSWERS)
def test_an_analysis_answers_what_it_answered(name: str) -> None:
    assert lines_of(name) == kept(KEPT)[name]


def test_every_kept_answer_is_to_a_question_that_is_asked() -> None:
    assert list(kept(KEPT)) == list(ANSWERS)
