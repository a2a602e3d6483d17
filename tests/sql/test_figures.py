"""What every mart and query says of the small company, against what was found right and kept.

Each query is asked as it stands, several times, each time with other values of its parameters.
A short answer is kept whole; of a long one each column's count, sum and order. Where a definition
changes, look at the difference, then keep it: `python tests/kit/keep_figures.py`.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from itertools import islice

import pytest
from figures import (
    MARTS,
    NOBODY,
    OTHERWISE,
    PARTS,
    QUERIES,
    asked_of,
    asked_of_nobody,
    blocks_of,
    kept,
    mart_lines,
)
from small_company import other_company, small_company
from warehouse_kit import There

from smarketing.engine.compile import shared_tree, sql_files
from smarketing.engine.open_warehouse import open_warehouse

#: So many of a query's questions are asked in PostgreSQL as well.
IN_POSTGRESQL = 2
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


@pytest.mark.parametrize("name", ASKED_ALONE)
def test_a_query_says_of_nobody_what_it_said(name: str) -> None:
    assert asked_of_nobody(name) == kept(NOBODY)[name]


@pytest.fixture(scope="module")
def there(server: str) -> Iterator[There]:
    """The small company's tables in PostgreSQL."""
    with closing(open_warehouse(server)) as warehouse:
        yield There(small_company(), warehouse)
        warehouse.drop()


@pytest.mark.parametrize("name", ASKED_ALONE)
def test_a_query_says_the_same_in_postgresql(there: There, name: str) -> None:
    blocks = blocks_of(there, name, shared_tree("queries", name, "duckdb"))
    lines = [line for block in islice(blocks, IN_POSTGRESQL) for line in block]
    assert lines == kept(QUERIES)[name][: len(lines)]


def test_every_kept_figure_is_of_something_that_is_there() -> None:
    assert sorted(kept(MARTS)) == sorted(kept(OTHERWISE)) == sorted(sql_files("marts"))
    assert sorted(kept(QUERIES)) == sorted(kept(NOBODY)) == ASKED_ALONE
