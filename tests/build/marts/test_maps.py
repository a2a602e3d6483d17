"""How the maps of raw values are written: each value once, what is blank as one; by hand."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from types import SimpleNamespace
from typing import Any

import duckdb
import pytest

from smarketing.build.marts.maps import _Maps, _write_lead_statuses, _write_segments, region_of


def written(changed: Collection[str] | None) -> tuple[list[Any], list[Sequence[Any]]]:
    """What is in the map, and what was classified."""
    asked: list[Sequence[Any]] = []

    def classify(row: Sequence[Any]) -> str | None:
        asked.append(row)
        return f"{row[0]}/{row[1]}" if row[0] else None

    with duckdb.connect() as connection:
        connection.execute("create table map_x as select 'old' as a, 'b' as b, 'c' as c")
        connection.execute(
            "create table raw as select * from (values ('b', 7), (null, 1), ('', 1), ('a', null)) "
            "v(a, b)"
        )
        _Maps(connection, changed).write("map_x", ("a", "b", "c"), "select a, b from Raw", classify)
        return connection.execute("select * from map_x").fetchall(), asked


@pytest.mark.parametrize("changed", [None, ["raw"], {"raw", "other"}])
def test_each_value_is_classified_once_and_blank_is_missing(changed: Any) -> None:
    rows, asked = written(changed)
    assert rows == [("", "1", None), ("a", "", "a/None"), ("b", "7", "b/7")]
    assert [list(row) for row in asked] == [[None, "1"], ["a", None], ["b", "7"]]


@pytest.mark.parametrize("changed", [[], ["other"]])
def test_what_did_not_change_is_left(changed: list[str]) -> None:
    assert written(changed) == ([("old", "b", "c")], [])


REGIONS = SimpleNamespace(
    regions=[
        SimpleNamespace(id="emea", label="Europe & co"),
        SimpleNamespace(id="us", label="USA"),
    ],
    region_of=lambda country: f"of {country}",
)


@pytest.mark.parametrize(
    ("country", "region", "found"),
    [
        ("de", "emea", "of de"), (None, " EMEA ", "emea"), ("", "usa", "us"),
        (None, None, "of None"),
        (None, "", "of None"), (None, "Mars", "of Mars"), (None, "europe & CO", "emea"),
    ],
)  # fmt: skip
def test_a_country_goes_before_a_region_that_is_named(
    country: str | None, region: str | None, found: str
) -> None:
    assert region_of(REGIONS, country, region) == found


def ruled(status: str, source: str) -> tuple[str, str] | None:
    return ("mql", f"of '{source}'") if status == "Ruled" else None


AGREED = SimpleNamespace(
    stages=[SimpleNamespace(id="mql")],
    exits=[SimpleNamespace(id="recycled")],
    classification=SimpleNamespace(lead_status_of=ruled),
)


def test_words_for_a_status_are_a_rule_or_an_id_of_the_agreement() -> None:
    leads = "('s', ' MQL '), ('s', null), (null, 'Ruled'), ('s', 'what?')"
    with duckdb.connect() as connection:
        connection.execute(f"create table lead as select * from (values {leads}) v(source, status)")
        connection.execute("create table lead_stage_event (source text, stage text)")
        connection.execute("insert into lead_stage_event values ('t', 'Recycled')")
        _write_lead_statuses(connection, AGREED)
        assert connection.execute("select * from map_lead_status order by all").fetchall() == [
            ("s", " MQL ", "mql", "entry"),
            ("s", "what?", None, None),
            ("t", "Recycled", "recycled", "exit"),
            (None, "Ruled", "mql", "of ''"),
        ]


def test_a_segment_is_told_of_each_number_of_employees() -> None:
    with duckdb.connect() as connection:
        connection.execute("create table account as select unnest([9, 5, null, 9]) as employees")
        _write_segments(connection, SimpleNamespace(segment_of=lambda count: f"of {count}"))
        found = connection.execute("select * from map_segment").fetchall()
        assert found == [(5, "of 5"), (9, "of 9")]
