"""What every mart and query says of the small company, against what was found right and kept.

Each query is asked as it stands, several times, each time with other values of its parameters.
A short answer is kept whole; of a long one each column's count, sum and order. Where a definition
changes, look at the difference, then keep it: `python tests/kit/keep_figures.py`.
"""

from __future__ import annotations

import pytest
from figures import MARTS, OTHERWISE, PARTS, QUERIES, asked_of, kept, mart_lines
from small_company import other_company, small_company

from smarketing.engine.compile import sql_files

ASKED_ALONE = sorted(set(sql_files("queries")) - set(PARTS))


@pytest.mark.parametrize("name", sorted(sql_files("marts")))
def test_a_mart_holds_what_it_held(name: str) -> None:
    assert mart_lines(small_company(), name) == kept(MARTS)[name]


@pytest.mark.parametrize("name", sorted(sql_files("marts")))
def test_a_mart_of_other_choices_holds_what_it_held(name: str) -> None:
    assert mart_lines(other_company(), name) == kept(OTHERWISE)[name]


@pytest.mark.parametrize("name", ASKED_ALONE)
def test_a_query_says_what_it_said(name: str) -> None:
    assert asked_of(small_company(), name) == kept(QUERIES)[name]


def test_every_kept_figure_is_of_something_that_is_there() -> None:
    assert sorted(kept(MARTS)) == sorted(kept(OTHERWISE)) == sorted(sql_files("marts"))
    assert sorted(kept(QUERIES)) == ASKED_ALONE
