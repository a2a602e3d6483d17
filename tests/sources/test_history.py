"""Older versions of records that a connector keeps beside the present one are no records."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from smarketing.files.tables import LandedTable, Skipped
from smarketing.sources.history import MARK, present_versions


def landed(folder: Path, column: str, rows: list[tuple[str, str | None]]) -> LandedTable:
    path = folder / "table.parquet"
    ids, told = zip(*rows, strict=True)
    lines = pa.array(range(2, 2 + len(rows)), pa.int64())
    pq.write_table(pa.table({"id": ids, column: pa.array(told, pa.string()), "_row": lines}), path)
    return LandedTable("deals.csv", ("id", column), path, len(rows))


@pytest.mark.parametrize(
    ("column", "older", "present"),
    [
        ("_fivetran_active", ("false", "0", "FALSE"), ("true", "1", "", None)),
        ("dbt_valid_to", ("2026-01-05 10:00:00",), ("", None, "9999-12-31", "NULL", "NaT")),
        ("dbt_valid_to", ("05.01.2026", "1767571200"), ("31.12.9999", "2099-12-31", "infinity")),
        ("dbt_valid_to", ("2026-01-05", "2026-02-05"), ()),
        ("_DLT_valid_to", ("2026-01-05T00:00:00Z",), (None,)),
    ],
)
def test_only_the_present_version_counts(
    tmp_path: Path, column: str, older: tuple[str, ...], present: tuple[str | None, ...]
) -> None:
    rows: list[tuple[str, str | None]] = [("a", text) for text in older]
    rows = [*rows, *(("b", text) for text in present)]
    table = present_versions(landed(tmp_path, column, rows))
    assert pq.read_table(table.parquet).column("id").to_pylist() == ["b"] * len(present)
    assert table.rows == len(present) and table.records == len(rows)
    reason = f"an older version of a record, as {column} says"
    assert table.skipped == (Skipped(reason, len(older)),)


def test_a_table_without_a_history_is_left_as_it_is(tmp_path: Path) -> None:
    table = landed(tmp_path, "valid_to", [("a", "2026-01-05")])
    assert present_versions(table) is table
    current = landed(tmp_path, "_fivetran_active", [("a", "true")])
    assert present_versions(current) is current


@pytest.mark.parametrize("stamp", [None, "at"])
def test_a_record_all_of_whose_versions_ended_is_marked_as_deleted_or_told(
    tmp_path: Path, stamp: str | None
) -> None:
    path = tmp_path / "table.parquet"
    ended = "2026-01-05"
    columns = {
        "id": ["a", "a", "b", "c", None],
        "dbt_valid_to": [ended, None, ended, None, ended],
        "at": ["1", "2", "1", "1", "1"],
        "_row": [2, 3, 4, 5, 6],
    }
    pq.write_table(pa.table(columns), path)
    table = LandedTable("deals.csv", ("id", "dbt_valid_to", "at"), path, 5)
    found = present_versions(table, ["id"], stamp)
    left = pq.read_table(path)
    assert found.records == 5 and found.rows == left.num_rows
    if stamp:
        assert left.column("id").to_pylist() == ["a", "b", "c"]
        assert left.column(MARK).to_pylist() == ["false", "true", "false"]
        assert found.columns[-1] == MARK and not found.notes
    else:
        assert left.column("id").to_pylist() == ["a", "c"] and found.columns == table.columns
        assert found.notes[0].startswith("1 of its records ended")
