"""A KPI's expression and filter compute over its mart, and can reach nothing else."""

from __future__ import annotations

import pytest

from smarketing.analysis.kpis.expressions import measure
from smarketing.errors import QueryError

CONDITIONS = [
    "true; attach 'x.db'",
    "true; select 1",
    "exists (select 1 from read_text('/etc/passwd'))",
    "deal_id in (select file from glob('/*'))",
    "deal_id = (select content from read_text('/etc/passwd'))",
    "deal_id = getenv('HOME')",
    "deal_id = current_setting('threads')",
    "deal_id = getvariable('x')",
    "pg_sleep(9) is null",
    "query('select 1') is null",
    "(select count(*) from person) > 0",
    "exists (from person)",
    "deal_id in (values ('a'))",
    "won_amount > random()",
    "closed_day < now()",
    "main.getenv('HOME') = 'x'",
    "deal_id = 'x' union select 1",
    "row_number() over () = 1",
    "deal_id = $other",
    "columns(*) is not null",
    "deal_id = {'a': 1}",
    "list_transform([1], lambda x: getenv('a')) is null",
    "attach 'x.db'",
    "copy fct_deal to 'x.csv'",
    "install httpfs",
    "set threads = 1",
    "pragma database_list",
    "drop table fct_deal",
]


@pytest.mark.parametrize("attack", CONDITIONS)
def test_no_filter_does_more_than_compare(attack: str) -> None:
    with pytest.raises(QueryError, match="KPI 'own'"):
        measure("own", "count(*)", attack)


@pytest.mark.parametrize("attack", CONDITIONS)
def test_no_expression_does_more_than_aggregate(attack: str) -> None:
    with pytest.raises(QueryError, match="KPI 'own'"):
        measure("own", f"sum(case when {attack} then won_amount end)", None)
    with pytest.raises(QueryError, match="KPI 'own'"):
        measure("own", attack, None)


def test_what_follows_a_part_that_is_allowed_is_looked_at_as_well() -> None:
    for first in ("closed_day < $to", "cast(deal_id as text) = 'x'"):
        with pytest.raises(QueryError, match="uses the unknown function 'getenv'"):
            measure("own", "count(*)", f"{first} and getenv('HOME') = 'x'")
    with pytest.raises(QueryError, match="uses the unknown function 'getenv'"):
        measure("own", "median(won_amount) + getenv('HOME')", None)


def test_a_column_called_like_a_command_is_a_column() -> None:
    found = measure("own", "sum(won_amount)", "comment is not null and kind = 'a; drop table x'")
    assert found.columns == {"won_amount", "comment", "kind"}
