"""The data model as a document: every table of a build is in it."""

from __future__ import annotations

from builders import make_store

from smarketing import app_path
from smarketing.build.data_model import document, marts, mermaid, queries
from smarketing.store.schema import core_tables


def test_every_mart_of_a_build_is_told_with_its_columns_and_its_grain() -> None:
    engine = make_store({})
    for mart in marts():
        assert mart.question and mart.grain, mart.name
        assert set(mart.columns) <= engine.columns(mart.name) or not mart.columns, mart.name
    for statement in (*marts(), *queries()):
        assert statement.question.endswith("?"), f"{statement.name} ends before its question does"


def test_the_page_is_what_the_code_says() -> None:
    page = app_path().parent / "docs" / "data-model.md"
    again = "it is made by `smarketing model > docs/data-model.md`"
    assert page.read_text(encoding="utf-8") == document(), again


def test_the_diagram_draws_every_reference_once() -> None:
    drawn = [line for line in mermaid().splitlines() if "||--o{" in line]
    expected = [
        f"  {column.references} ||--o{{ {table.name} : {column.name}"
        for table in core_tables().values()
        for column in table.columns
        if column.references and (column.references != table.name or column.name not in table.key)
    ]
    assert drawn == expected
