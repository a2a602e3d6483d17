"""Every built-in source: its SELECTs run on what it declares, and fill only columns that exist."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from profile_views import produce, views

from smarketing.errors import SourceError
from smarketing.sources import ObjectProfile, TableSelect
from smarketing.sources.languages import EVERY_OBJECT, SIGNS, translations
from smarketing.sources.profile import Source, builtin_sources
from smarketing.sources.recognition import recognise
from smarketing.store.schema import core_tables

BOOKKEEPING = {"_row", "_file_id", "_modified"}
SELECTS = [
    pytest.param(source, select, id=f"{name}/{select.path.name}")
    for name, source in builtin_sources().items()
    for group in source.selects.values()
    for select in group
]


@pytest.mark.parametrize(("source", "select"), SELECTS)
def test_select_fills_columns_of_its_table_from_declared_headers(
    source: Source, select: TableSelect
) -> None:
    table = core_tables()[select.core_table]
    with views(source, {}) as con:
        names = [c[0] for c in con.execute(select.sql).description]
    assert {"_row", "_file_id"} <= set(names)
    assert len(names) == len(set(names))
    assert set(names) - BOOKKEEPING <= {column.name for column in table.columns}
    assert set(table.required) <= set(names)
    assert not source.objects[select.object].ignored


@pytest.mark.parametrize("source", builtin_sources().values(), ids=builtin_sources())
def test_each_object_is_read_by_a_select_or_says_why_not(source: Source) -> None:
    read = {select.object for group in source.selects.values() for select in group}
    for name, item in source.objects.items():
        assert (name in read) != bool(item.ignored), name


@pytest.mark.parametrize("source", builtin_sources().values(), ids=builtin_sources())
def test_a_file_with_all_declared_headers_is_recognised_as_its_object(source: Source) -> None:
    for name, item in source.objects.items():
        match = recognise(_file_name(item.files), _headers(item), builtin_sources().values())
        assert (match.source.name, match.object) == (source.name, name)


def _headers(item: ObjectProfile) -> tuple[str, ...]:
    """Give every column of an object and one header of each family."""
    members = (patterns[-1].replace("*", "EUR") for patterns in item.families.values())
    return (*item.columns, *members)


def _file_name(patterns: tuple[str, ...]) -> str:
    return patterns[0].strip("*").rstrip(".").replace("*", "x").removesuffix(".csv") + ".csv"


def test_generic_has_one_object_per_core_table_with_its_columns() -> None:
    generic = builtin_sources()["generic"]
    assert set(generic.objects) == set(core_tables())
    for name, table in core_tables().items():
        columns = set(generic.objects[name].columns)
        assert columns == {column.name for column in table.columns} | {"modified_at"}


def test_generic_passes_every_column_of_every_table_through_as_it_is() -> None:
    generic = builtin_sources()["generic"]
    for name, table in core_tables().items():
        row = {column.name: f"<{column.name}>" for column in table.columns}
        (made,) = produce(generic, name, {name: [{**row, "modified_at": "2024-01-02"}]})
        assert {key: made[key] for key in row} == row
        assert made["_modified"] == "2024-01-02"


def test_generic_cost_without_id_is_told_by_its_content_wherever_it_stands() -> None:
    generic = builtin_sources()["generic"]
    media = {"incurred_on": "2024-05-01", "amount": "10.00", "campaign_id": "c1"}
    fair = {**media, "amount": "11.00"}
    whole = produce(generic, "cost", {"cost": [media, fair]})
    split = produce(generic, "cost", {"cost": [fair, {**media, "_file_id": "f2"}]})
    ids = {row["cost_id"] for row in whole}
    assert len(ids) == 2
    assert ids == {row["cost_id"] for row in split}


def test_stage_events_under_another_file_name_are_known_by_their_headers() -> None:
    headers = ("lead_id", "stage", "entered_at", "kind", "reason")
    match = recognise("stage_events.csv", headers, builtin_sources().values())
    assert (match.source.name, match.object) == ("generic", "lead_stage_event")


def object_rows() -> Iterator[str]:
    """Give the lines of the table of objects in docs/sources.md."""
    for name, source in builtin_sources().items():
        for item, profile in source.objects.items():
            tables = sorted(
                {
                    f"`{table}`"
                    for table, group in source.selects.items()
                    for select in group
                    if select.object == item
                }
            )
            fills = ", ".join(tables) or f"— ({profile.ignored})"
            if name != "generic":
                yield f"| {name} | {item} | {fills} |"


@pytest.mark.parametrize("name", builtin_sources())
def test_every_translated_column_is_one_of_its_object(name: str) -> None:
    source = builtin_sources()[name]
    for item, languages in translations(source.folder).items():
        objects = source.objects.values() if item == EVERY_OBJECT else [source.objects[item]]
        known = {SIGNS, *(c for each in objects for c in (*each.columns, *each.families))}
        for language, columns in languages.items():
            assert not set(columns) - known, f"{name}, headers.{language}.yaml"


def test_the_documentation_lists_every_object_and_what_it_fills() -> None:
    text = (Path(__file__).parents[2] / "docs" / "sources.md").read_text(encoding="utf-8")
    named = {f"| {name} " for name in builtin_sources()}
    table = [line for line in text.splitlines() if line[: line.find("|", 1)] in named]
    assert table == list(object_rows())


@pytest.mark.parametrize(
    "headers", [("id", "name"), ("id", "status", "amount"), ("id", "name", "email", "created")]
)
def test_headers_that_every_system_has_are_taken_for_no_object(headers: tuple[str, ...]) -> None:
    with pytest.raises(SourceError, match="of no known source"):
        recognise("x.csv", headers, builtin_sources().values())
    assert recognise("Account.csv", ("Id", "Name"), builtin_sources().values()).object == "Account"
