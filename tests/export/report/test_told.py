"""What every page of a report says of the small company, against what was found right and kept."""

from __future__ import annotations

import pytest
from figures import kept
from told_pages import PAGES, QUESTIONS, told


@pytest.mark.parametrize("name", QUESTIONS)
def test_the_pages_say_what_they_said(name: str) -> None:
    assert list(told(name)) == kept(PAGES)[name]


def test_every_question_is_kept() -> None:
    assert list(kept(PAGES)) == list(QUESTIONS)
