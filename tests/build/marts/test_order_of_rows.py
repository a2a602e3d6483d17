"""In which order the core rows stand changes no mart: every order in them is total."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable

import duckdb
import pytest
from builders import default_agreement, write_core
from hostile_company import contents, tied
from small_agreements import other_agreement

from smarketing.agreement import Agreement
from smarketing.build.marts.order import build_marts


@pytest.mark.parametrize(("seed", "agreed"), [(1, other_agreement), (2, default_agreement)])
def test_the_same_rows_in_another_order_give_the_same_marts(
    seed: int, agreed: Callable[[], Agreement]
) -> None:
    rows, rng = tied(seed), random.Random(seed)
    shuffled = {name: rng.sample(given, len(given)) for name, given in rows.items()}
    one, another = duckdb.connect(":memory:"), duckdb.connect(":memory:")
    for connection, tables in ((one, rows), (another, shuffled)):
        write_core(connection, tables, agreed(), dt.datetime(2026, 7, 1, 12))
        marts = build_marts(connection, agreed())
    for mart in marts:
        assert contents(one, mart) == contents(another, mart), mart
