"""Which columns a pull follows from one time to the next, so that nothing later is missed."""

from __future__ import annotations

import datetime as dt
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from smarketing.engine.pulling import Got, Since, Wanted, open_origin
from smarketing.errors import SourceError


@pytest.mark.parametrize(
    ("earlier", "later"),
    [
        ("2026-10-25T02:59:00+02:00", "2026-10-25T02:10:00+01:00"),
        ("2026-01-05T10:00:00Z", "2026-01-05T10:00:00.5Z"),
        ("2026-01-05 10:00", "2026-01-05 9:30"),
        ("2026-01-05 10:00:00", "2026-01-05T09:00:00"),
        ("2026-01-05 10:00:00", "2026-01-05"),
        ("2026-01-05", ""),
    ],
)
def test_a_column_whose_text_is_written_in_two_ways_is_not_followed(
    tmp_path: Path, earlier: str, later: str
) -> None:
    """Of such values the later may be the smaller one, which no later pull would bring."""
    lake, target = tmp_path / "lake", tmp_path / "x.parquet"
    lake.mkdir()

    def write(*values: str | None) -> None:
        rows = pa.table({"at": pa.array(values, pa.string()), "n": range(len(values))})
        pq.write_table(rows, lake / "t.parquet")

    def pull(since: Since) -> Got:
        with closing(open_origin(str(lake))) as origin:
            [wanted] = origin.tables(".")
            return origin.pull(wanted, target, since, None)

    write(earlier, None)
    assert pull(Since("AT")).reached == earlier
    write(earlier, later, None)
    with pytest.raises(SourceError, match=r"cannot be followed by at: .* more than one way"):
        pull(Since("at"))
    assert not target.exists()
    write(earlier, None)
    assert pull(Since("at", earlier)) == Got(2, earlier)


@pytest.mark.parametrize("values", [[True], [dt.time(23)], [b"\xff"], ["23:00:00"]])
def test_what_does_not_grow_with_every_change_is_not_followed(
    tmp_path: Path, values: list[Any]
) -> None:
    """Of what comes after true, 23 o'clock or a key by chance much is smaller."""
    pq.write_table(pa.table({"at": values}), tmp_path / "t.parquet")
    with closing(open_origin(str(tmp_path))) as origin:
        [wanted] = origin.tables(".")
        with pytest.raises(SourceError, match="cannot be followed by at: it is text"):
            origin.pull(wanted, tmp_path / "x", Since("at"), None)


def test_a_database_is_followed_by_numbers_and_not_by_bytes(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "x.db")) as made:
        made.execute("create table t as select 7 as n, 1.5 as part, x'ff' as bytes")
    with closing(open_origin(f"sqlite:///{tmp_path}/x.db")) as origin:
        wanted = Wanted("t", "", "select * from t", True)
        for column, reached in (("n", 7), ("part", 1.5)):
            assert origin.pull(wanted, tmp_path / "x", Since(column), None) == Got(1, reached)
        with pytest.raises(SourceError, match="cannot be followed by bytes: it is text"):
            origin.pull(wanted, tmp_path / "x", Since("bytes"), None)


def test_postgresql_tells_how_far_it_was_followed_in_one_way_whatever_was_chosen(
    server: str, tmp_path: Path
) -> None:
    chosen = "-c datestyle=German -c extra_float_digits=-10 -c bytea_output=escape"
    columns = (
        "date '2026-02-03' as d, timestamptz '2026-02-03 10:00+02' as at, 1.2345678901234567 "
        "::double precision as f, '\\x41'::bytea as b, date '9999-12-31' as last"
    )
    wanted = Wanted("t", "", f"select {columns}", False)
    with closing(open_origin(f"{server}&options={quote(chosen)}")) as origin:
        for column, reached in (
            ("d", "2026-02-03"), ("at", "2026-02-03 08:00:00+00"), ("f", "1.2345678901234567"),
        ):  # fmt: skip
            assert origin.pull(wanted, tmp_path / "x", Since(column), None) == Got(1, reached)
        with pytest.raises(SourceError, match="it reaches 9999-12-31 already"):
            origin.pull(wanted, tmp_path / "x", Since("last"), None)
        # As an earlier pull wrote it.
        assert origin.pull(wanted, tmp_path / "x", Since("d", "04.02.2026"), None).rows == 0
        assert origin.pull(wanted, tmp_path / "x", Since("d", "03.02.2026"), None).rows == 1
    assert pq.read_table(tmp_path / "x")["b"].to_pylist() == ["\\x41"]
