"""The data model as a document: every table of a build is in it."""

from __future__ import annotations

from builders import make_store

from smarketing.build.data_model import marts, mermaid, queries
from smarketing.store.schema import core_tables


def test_every_mart_of_a_build_is_told_with_its_columns_and_its_grain() -> None:
    engine = make_store({})
    for mart in marts():
        assert mart.question and mart.grain, mart.name
        assert set(mart.columns) <= engine.columns(mart.name) or not mart.columns, mart.name
    assert all(query.question for query in queries())


def test_the_diagram_draws_every_reference_once() -> None:
    drawn = [line for line in mermaid().splitlines() if "||--o{" in line]
    expected = [
        f"  {column.references} ||--o{{ {table.name} : {column.name}"
        for table in core_tables().values()
        for column in table.columns
        if column.references and (column.references != table.name or column.name not in table.key)
    ]
    assert drawn == expected
