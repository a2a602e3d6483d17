"""What stamps, references, totals and rows of a build come to: a few rows, computed by hand."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from types import SimpleNamespace
from typing import Any, cast

import duckdb
import pytest
from two_builds import TwoBuilds

from smarketing.build.accounting.as_of import (
    AsOf,
    file_as_of,
    find_load_stamps,
    newest_stamps,
    source_as_of,
    stamp_rows,
)
from smarketing.build.accounting.balances import (
    FileCount,
    count_files,
    find_dangling,
    write_balances,
)
from smarketing.build.accounting.dates_ahead import absurd, drop_superseded, list_future
from smarketing.build.accounting.witness import _agree, _nearest, _Read, write_totals
from smarketing.build.core.versions import SUPERSEDED
from smarketing.files.tables import LandedTable, Total
from smarketing.sources import builtin_sources

BERLIN = "Europe/Berlin"
IMPORTED = datetime(2026, 6, 1, 12)
WON = ("many won", "one won")
Row = dict[str, Any]


@pytest.fixture
def builds() -> TwoBuilds:
    return TwoBuilds()


def put(builds: TwoBuilds, table: str, *rows: Row) -> duckdb.DuckDBPyConnection:
    builds.put(table, *rows, build="build")
    return builds.connection


def file(number: int, import_id: str = "i1", source: str = "crm", **more: Any) -> Any:
    table = LandedTable(f"{number}.csv", (), cast("Any", None), more.pop("rows", 1))
    given = {"file": f"{number}.csv", "as_of": None, "imported_at": IMPORTED, "table": table}
    return SimpleNamespace(file_id=number, import_id=import_id, source=source, **(given | more))


def touch(number: int, at: str, timed: bool = True, **more: Any) -> Row:
    return {"touch_id": f"t{number}", "occurred_at": at, "occurred_at_has_time": timed, **more}


def test_the_newest_stamp_of_a_file_is_the_last_of_what_has_happened(builds: TwoBuilds) -> None:
    put(builds, "touch", touch(1, "2026-05-06 10:00"), touch(2, "2026-05-06 09:00"),
        touch(3, "2026-05-05 22:00", False),  # the day of 6 May in Berlin
        touch(4, "2026-05-07 10:00", _file_id=2), touch(5, "2026-05-05 22:00", False, _file_id=2),
        )  # fmt: skip
    put(builds, "deal",
        {"deal_id": "d1", "_file_id": 3, "closed_at": "2026-05-01", "closed_at_has_time": True,
         "outcome": "open"},
        {"deal_id": "d2", "_file_id": 3, "closed_at": "2026-04-01", "closed_at_has_time": True,
         "outcome": "lost"},
        {"deal_id": "d3", "_file_id": 4, "recorded_at": "2026-03-01"},
        {"deal_id": "d4", "_file_id": 7})  # fmt: skip
    put(builds, "cost",
        {"cost_id": "c1", "_file_id": 5, "incurred_on": "2026-01-10"},
        {"cost_id": "c2", "_file_id": 5, "incurred_on": "2026-01-09"},
        {"cost_id": "c3", "_file_id": 6, "incurred_on": "2026-01-01",
         "covers_until": "2026-01-31"})  # fmt: skip
    tick = timedelta(microseconds=1)
    found = {
        1: datetime(2026, 5, 6, 22) - tick, 2: datetime(2026, 5, 7, 10), 3: datetime(2026, 4, 1),
        4: datetime(2026, 3, 1), 5: datetime(2026, 1, 10, 23) - tick,
        6: datetime(2026, 1, 31, 23) - tick,
    }  # fmt: skip
    assert newest_stamps(builds.connection, BERLIN) == found
    assert newest_stamps(builds.connection, BERLIN, [2, 6]) == {n: found[n] for n in (2, 6)}
    until = newest_stamps(builds.connection, BERLIN, [1, 2, 4, 5], datetime(2026, 5, 6, 9))
    assert until == {**{n: found[n] for n in (1, 4, 5)}, 2: found[1]}
    exact = newest_stamps(builds.connection, BERLIN, [2], datetime(2026, 5, 7, 10))
    assert exact == {2: found[2]}


def test_files_that_a_source_exports_together_speak_for_one_moment(builds: TwoBuilds) -> None:
    first, last, given = (datetime(2026, 5, day) for day in (1, 2, 3))
    files = [
        file(1), file(2), file(3), file(4, "i2"), file(5, source="ads"), file(6, "i3"),
        file(7, as_of=given),
    ]  # fmt: skip
    newest = {1: first, 2: last, 4: first, 5: first, 7: first}
    found = file_as_of(builds.connection, files, newest, "UTC")
    assert found == {1: last, 2: last, 3: last, 4: first, 5: first, 7: given}
    late = datetime(2026, 5, 2, 23)
    assert source_as_of(files, {1: first, 2: late, 5: first, 4: last}, BERLIN) == {
        "crm": AsOf(late, date(2026, 5, 3)), "ads": AsOf(first, date(2026, 5, 1)),
    }  # fmt: skip


@pytest.mark.parametrize(("ahead", "others", "is_slip"), [(1, 1, True), (2, 1, False), (1, 9, True),
                                                         (0, 3, False)])  # fmt: skip
def test_a_few_stamps_far_ahead_are_a_slip(
    builds: TwoBuilds, ahead: int, others: int, is_slip: bool
) -> None:
    # Five years of 366 days after the import are the last that is believed.
    limit = IMPORTED + timedelta(days=5 * 366)
    far = str(limit + timedelta(seconds=1))
    rows = [touch(n, far) for n in range(ahead)]
    rows += [touch(9 + n, str(limit if n == 0 else IMPORTED), _file_id=2) for n in range(others)]
    put(builds, "touch", *rows)
    files, newest = [file(1), file(2), file(3, "i2")], newest_stamps(builds.connection, "UTC")
    found = list(absurd(builds.connection, files, newest, "UTC"))
    assert found == ([(files[:2], limit)] if is_slip else [])
    believed = file_as_of(builds.connection, files, newest, "UTC")
    assert believed == dict.fromkeys((1, 2), limit if is_slip or not ahead else newest[1])


def test_records_dated_after_their_import_are_listed_a_day_apart(builds: TwoBuilds) -> None:
    builds.connection.execute("drop table if exists build.main.future_stamp")
    edge = IMPORTED + timedelta(days=1)
    second = timedelta(seconds=1)
    put(builds, "touch", touch(1, str(edge)), touch(2, str(edge + second)),
        touch(3, "2026-06-02 22:30"), touch(4, str(edge + second), _file_id=2))  # fmt: skip
    put(builds, "cost", {"cost_id": "c1", "incurred_on": "2026-06-04"},
        {"cost_id": "c2", "incurred_on": "2026-06-02"})  # fmt: skip
    put(builds, "deal", {"deal_id": "d1", "recorded_at": "2026-07-01"})
    newest = newest_stamps(builds.connection, BERLIN)
    list_future(builds.connection, [file(1), file(3)], newest, BERLIN)
    asked = "select table_name, record, column_name, row, day from build.main.future_stamp"
    listed = [
        ("cost", "c1", "incurred_on", 2, date(2026, 6, 4)),
        ("deal", "d1", "recorded_at", 2, date(2026, 7, 1)),
        ("touch", "t2", "occurred_at", 3, date(2026, 6, 2)),
        ("touch", "t3", "occurred_at", 4, date(2026, 6, 3)),
    ]
    assert builds.connection.execute(f"{asked} order by all").fetchall() == listed
    builds.connection.execute("delete from build.main.touch where touch_id = 't2'")
    drop_superseded(builds.connection)
    assert builds.connection.execute(f"{asked} order by all").fetchall() == [
        row for row in listed if row[1] != "t2"
    ]
    list_future(builds.connection, [file(3)], {}, BERLIN)
    assert len(builds.connection.execute(asked).fetchall()) == 3
    builds.connection.execute(
        "insert into build.main.touch by name select 't' || n as touch_id, 5 as _file_id, n as "
        "_row, timestamp '2027-01-01' + n * interval 1 second as occurred_at from range(1001) r(n)"
    )
    list_future(builds.connection, [file(5)], {5: datetime(2027, 1, 1)}, "UTC")
    where = "from build.main.future_stamp where _file_id = 5"
    found = builds.connection.execute(f"select count(*), min(record) {where}").fetchall()
    assert found == [(1_000, "t1")], "of each column the latest thousand"


def test_rows_without_a_stamp_of_their_own_take_that_of_their_file(builds: TwoBuilds) -> None:
    own, theirs = datetime(2026, 1, 1), datetime(2026, 2, 2)
    put(builds, "deal", {"deal_id": "d1"}, {"deal_id": "d2", "recorded_at": own},
        {"deal_id": "d3", "_file_id": 2})  # fmt: skip
    stamp_rows(builds.connection, {})
    stamp_rows(builds.connection, {1: theirs})
    asked = "select recorded_at from build.main.deal order by deal_id"
    assert builds.connection.execute(asked).fetchall() == [(theirs,), (own,), (None,)]


def deals(
    builds: TwoBuilds, source: str, at: str, count: int, timed: bool = True, table: str = "deal"
) -> None:
    """Put as many deals that were made at an instant, and closed as won a month before."""
    put(builds, table)
    won = "'won' as outcome, created_at - interval 31 day as closed_at, true as closed_at_has_time"
    builds.connection.execute(
        f"insert into build.main.{table} by name select '{source}{at}' || n as {table}_id, "
        f"'{source}' as source, timestamp '{at}' as created_at, {timed} as created_at_has_time"
        f"{f', {won}' if source in WON else ''} from range({count}) r(n)"
    )


def load_stamps(builds: TwoBuilds, zone: str = "UTC") -> list[tuple[Any, ...]]:
    builds.connection.execute("drop table if exists build.main.load_stamp")
    find_load_stamps(builds.connection, zone)
    return builds.connection.execute(
        "select table_name, source, stamp, records, share, rule from build.main.load_stamp "
        "order by all"
    ).fetchall()


def test_a_second_shared_by_twenty_and_a_twentieth_of_a_source_is_a_load(
    builds: TwoBuilds,
) -> None:
    shared, other = datetime(2026, 1, 5, 10), "2026-02-05 10:00"
    for source, at, count, timed in (
        ("a", "2026-01-05 10:00:00.2", 10, True), ("a", "2026-01-05 10:00:00.7", 10, True),
        ("a", other, 380, False), ("b", str(shared), 20, True), ("b", other, 381, False),
        ("c", str(shared), 19, True),
    ):  # fmt: skip
        deals(builds, source, at, count, timed)
    deals(builds, "a", str(shared), 20, table="account")
    assert load_stamps(builds) == [
        ("account", "a", shared, 20, 1.0, "shared"), ("deal", "a", shared, 20, 0.05, "shared"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("closed", "timed", "is_late"),
    [
        ("2026-02-01 15:00", True, False), ("2026-02-01 14:59:59", True, True),
        ("2026-01-31 23:00", False, False), ("2026-01-30 23:00", False, True),
    ],
)  # fmt: skip
def test_a_deal_made_after_its_close_is_a_load(
    builds: TwoBuilds, closed: str, timed: bool, is_late: bool
) -> None:
    row = {"source": "a", "created_at": "2026-02-01 15:00", "created_at_has_time": True,
           "closed_at": closed, "closed_at_has_time": timed}  # fmt: skip
    put(builds, "deal", {**row, "deal_id": "1", "outcome": "won"},
        {**row, "deal_id": "2", "outcome": "lost"}, {**row, "deal_id": "3", "outcome": "open"},
        {**row, "deal_id": "4", "outcome": "won", "created_at_has_time": False})  # fmt: skip
    late = ("deal", "a", datetime(2026, 2, 1, 15), 2, 0.5, "after_close")
    assert load_stamps(builds, BERLIN) == ([late] if is_late else [])


def test_what_many_share_is_not_named_twice(builds: TwoBuilds) -> None:
    at = "2026-02-01 15:00"
    deals(builds, "many won", at, 20)
    deals(builds, "one won", at, 1)
    assert [(source, rule) for _, source, *_, rule in load_stamps(builds)] == [
        ("many won", "shared"), ("one won", "after_close"),
    ]  # fmt: skip


def test_references_that_lead_nowhere_are_counted_by_source_and_column(builds: TwoBuilds) -> None:
    builds.connection.execute("drop table if exists build.main.dangling")
    put(builds, "account", {"account_id": "a1"}, {"account_id": "a2", "parent_id": "a9",
        "source": "crm"})  # fmt: skip
    put(builds, "deal", {"deal_id": "d1", "account_id": "a1", "source": "crm"},
        {"deal_id": "d2", "account_id": "a8", "source": "crm"},
        {"deal_id": "d3", "account_id": "a7", "source": "crm"},
        {"deal_id": "d4", "account_id": "a7", "source": "ads"},
        {"deal_id": "d5", "source": "ads"})  # fmt: skip
    find_dangling(builds.connection)
    found = builds.connection.execute("from build.main.dangling order by all").fetchall()
    assert found == [
        ("account", "crm", "parent_id", "account", 1, "a9"),
        ("deal", "ads", "account_id", "account", 1, "a7"),
        ("deal", "crm", "account_id", "account", 2, "a7"),
    ]


def test_each_row_of_a_file_is_used_left_out_or_in_quarantine(builds: TwoBuilds) -> None:
    generic = builtin_sources()["generic"]

    def deal(row: int, key: int = 0) -> Row:
        return {"deal_id": f"d{key or row}", "_file_id": 1, "_row": row}

    put(builds, "deal", deal(2), deal(3), deal(4))
    put(builds, "quarantine", {"_file_id": 1, "row": 4}, {"_file_id": 1, "row": 4},
        {"_file_id": 1, "row": 5}, {"_file_id": 2, "row": 2})  # fmt: skip
    aside = [(2, SUPERSEDED), (5, SUPERSEDED), (6, SUPERSEDED), (7, "b"), (7, "a"), (8, "a")]
    put(builds, "superseded", *({"table_name": "deal", "_file_id": 1, "_row": row, "reason": why}
                                for row, why in aside),
        {"table_name": "lead", "_file_id": 1, "_row": 9, "reason": "of another table"},
        )  # fmt: skip
    files = [
        file(1, source="generic", object="deal", rows=9),
        file(2, source="generic", object="deal", rows=1),
    ]
    first, second = count_files(builds.connection, files, {"generic": generic})
    assert (first.rows, first.used, first.quarantined) == (9, 2, 2)
    assert dict(first.unused) == {SUPERSEDED: 1, "a": 2, "no table reads it": 2}
    assert (second.used, second.quarantined, second.unused) == (0, 1, ())


def test_a_total_of_money_is_written_beside_what_was_read(builds: TwoBuilds) -> None:
    builds.connection.execute("drop table if exists build.main.file_total")
    rows = [(1, 1000, "EUR"), (1, 2000, "EUR"), (2, 1000, "EUR"), (2, 2000, "USD"),
            (3, 1000, "EUR"), (4, 3000, None), (5, 3000, "EUR")]  # fmt: skip
    put(builds, "deal", *({"deal_id": f"d{n}", "_file_id": of, "amount": amount, "currency": code}
                          for n, (of, amount, code) in enumerate(rows)))  # fmt: skip
    totals = (
        Total(9, "Sub", "subtotal", (("Amount", "10.00"),)),
        Total(9, "All", "total", (("Amount", "30.00"), ("deal_id", "2"))),
        Total(9, "Both", "total", (("Amount", "31.00"),)),
    )
    files = []
    for number in (1, 2, 3, 4, 5):
        table = LandedTable("t", ("deal_id", "Amount", "currency"), cast("Any", None), 2,
                            totals=totals if number != 5 else totals[:1])  # fmt: skip
        files.append(file(number, source="generic", object="deal", table=table))
    generic = builtin_sources()["generic"]
    write_totals(builds.connection, {"generic": generic}, [*files, file(7, source="gone")])
    found = builds.connection.execute("from build.main.file_total order by all").fetchall()
    assert found == [
        ("generic", "1.csv", "deal", "Amount", "EUR", 3000, 3000, True, 1),
        ("generic", "3.csv", "deal", "Amount", "EUR", 3000, 1000, False, 3),
    ]


def test_the_balance_of_each_file_and_source_is_written(builds: TwoBuilds) -> None:
    for name in ("file_info", "file_unused", "source_info"):
        builds.connection.execute(f"drop table if exists build.main.{name}")
    at = datetime(2026, 5, 1, 8)
    said = {"object": "deal", "mode": "add"}
    files = [file(1, sha256="x", rows=9, **said), file(2, sha256="x", rows=4, **said),
             file(3, source="ads", sha256="y", rows=2, **said)]  # fmt: skip
    counts = [FileCount(files[0], 5, 1, (("a", 2), ("b", 1))), FileCount(files[1], 4, 0, ()),
              FileCount(files[2], 0, 2, ())]  # fmt: skip
    write_balances(builds.connection, counts, {1: at}, {"crm": AsOf(at, date(2026, 5, 2))})

    def told(asked: str) -> list[tuple[Any, ...]]:
        return builds.connection.execute(asked).fetchall()

    assert told("from build.main.file_info order by _file_id") == [
        ("i1", "crm", "1.csv", "x", "deal", 9, 5, 3, 1, at, IMPORTED, "add", 1),
        ("i1", "crm", "2.csv", "x", "deal", 4, 4, 0, 0, None, IMPORTED, "add", 2),
        ("i1", "ads", "3.csv", "y", "deal", 2, 0, 0, 2, None, IMPORTED, "add", 3),
    ]
    assert told("from build.main.file_unused order by all") == [
        ("i1", "crm", "1.csv", "a", 2, 1), ("i1", "crm", "1.csv", "b", 1, 1),
    ]  # fmt: skip
    assert told("from build.main.source_info order by all") == [
        ("ads", None, None, 1, 2), ("crm", at, date(2026, 5, 2), 1, 13),
    ]  # fmt: skip
    for name in ("file_info", "file_unused"):
        builds.connection.execute(f"drop table build.main.{name}")


@pytest.mark.parametrize(
    ("said", "read", "nearest"),
    [
        (["5.484"], 548400, 548400), (["5.484"], 548, 548400), ([], 5, None), (["--"], 5, None),
        (["1.00", "3.00"], 190, 100), (["1.00", "3.00"], 210, 300), (["1.2345"], 0, 123),
        (["-2.00", "2.00"], -150, -200),
    ],
)  # fmt: skip
def test_of_several_totals_the_nearest_to_what_was_read_is_meant(
    said: list[str], read: int, nearest: int | None
) -> None:
    assert _nearest(said, _Read(1, read, "EUR")) == nearest


@pytest.mark.parametrize(("rows", "apart", "agrees"), [
    (1, 1, True), (1, 2, False), (3, 1, True), (3, 2, False), (4, 2, True), (5, 3, False),
])  # fmt: skip
def test_a_total_is_what_was_read_but_for_the_rounding_of_its_rows(
    rows: int, apart: int, agrees: bool
) -> None:
    assert _agree(100 + apart, _Read(rows, 100, "EUR")) == agrees
    assert _agree(100 - apart, _Read(rows, 100, "EUR")) == agrees
