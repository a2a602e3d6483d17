"""Until when data speaks, which creation stamps are loads, which references lead nowhere."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from build_kit import Shop, core_shop

from smarketing.build.accounting.as_of import end_of_day, given_as_of

__all__ = ["core_shop"]

DEAL = "deal_id,created_at,closed_at,expected_close_on,outcome"


def test_a_day_ends_at_local_midnight() -> None:
    day = datetime(2026, 3, 31).date()
    assert end_of_day(day, "UTC") == datetime(2026, 3, 31, 23, 59, 59, 999999)
    assert end_of_day(day, "Europe/Berlin") == datetime(2026, 3, 31, 21, 59, 59, 999999)
    assert given_as_of("2026-03-31T12:00:00", "Europe/Berlin") == datetime(2026, 3, 31, 10)
    assert given_as_of("2026-03-31T12:00:00+00:00", "Europe/Berlin") == datetime(2026, 3, 31, 12)


def test_planned_dates_never_make_the_as_of(core_shop: Shop) -> None:
    core_shop.take(
        core_shop.write(
            "deals.csv",
            DEAL,
            "d1,2026-01-05,2026-02-01,,won",
            "d2,2026-01-06,,2026-11-30,open",
            "d3,2026-01-06,2026-12-24,,open",  # a close date of an open deal is a plan
        ),
        core_shop.write(
            "campaign.csv", "campaign_id,name,starts_on,ends_on", "c1,Fair,2026-09-01,2026-09-02"
        ),
    )
    assert core_shop.rows("select as_of_day::varchar from build_info") == [("2026-02-01",)]


@pytest.mark.parametrize(
    ("name", "lines", "day"),
    [
        ("touch.csv", ["touch_id,person_id,occurred_at,kind", "t,p,2026-05-06T22:30:00Z,call"],
         "2026-05-07"),
        ("cost.csv", ["cost_id,incurred_on,amount,category", "c,2026-05-06,3,media"], "2026-05-06"),
        ("lead_stage_event.csv", ["lead_id,stage,entered_at,kind", "l,mql,2026-05-06,entry"],
         "2026-05-06"),
        ("deals.csv", ["deal_id,amount,modified_at", "d,1,2026-05-06T10:00:00Z"], "2026-05-06"),
    ],
)  # fmt: skip
def test_what_has_happened_makes_the_as_of(
    core_shop: Shop, name: str, lines: list[str], day: str
) -> None:
    core_shop.take(core_shop.write(name, *lines))
    assert core_shop.rows("select as_of_day::varchar from build_info") == [(day,)]


def test_each_source_has_its_own_as_of_and_the_store_the_latest(
    core_shop: Shop, tmp_path: Path
) -> None:
    other = tmp_path / "other"
    other.mkdir()
    (other / "profile.yaml").write_text("name: other\nextends: generic\n")
    core_shop.take(core_shop.write("deals.csv", DEAL, "d1,2026-01-05,2026-02-01,,won"))
    core_shop.take(core_shop.write("b.csv", DEAL, "d1,2026-01-05,,,open"), source=other)
    assert core_shop.rows(
        "select source, as_of_day::varchar, files, rows from source_info order by 1"
    ) == [("generic", "2026-02-01", 1, 1), ("other", "2026-01-05", 1, 1)]
    assert core_shop.rows("select as_of_day::varchar from build_info") == [("2026-02-01",)]


def test_an_as_of_that_is_given_holds_even_before_the_newest_stamp(core_shop: Shop) -> None:
    path = core_shop.write("deals.csv", DEAL, "d1,2026-01-05,2026-02-01,,won")
    core_shop.take(path, as_of="2026-01-31")
    assert core_shop.rows("select as_of_at::varchar from build_info") == [
        ("2026-01-31 22:59:59.999999",)
    ]
    core_shop.take(path, as_of="2026-03-31")  # the same file again, now said to speak for March
    assert core_shop.rows("select as_of_day::varchar from build_info") == [("2026-03-31",)]


def test_a_stamp_shared_by_twenty_and_five_percent_is_a_load(core_shop: Shop) -> None:
    loaded = [f"d{n},2026-01-05T10:00:00.{n:03d}Z,,,open" for n in range(20)]
    single = [f"e{n},2026-01-06T10:{n:02d}:00Z,,,open" for n in range(40)]
    days = [f"f{n},2026-01-07,,,open" for n in range(30)]  # a date without a time says nothing
    core_shop.take(core_shop.write("deals.csv", DEAL, *loaded, *single, *days))
    assert core_shop.rows(
        "select table_name, source, stamp::varchar, records, round(share, 4), rule from load_stamp"
    ) == [("deal", "generic", "2026-01-05 10:00:00", 20, 0.2222, "shared")]


@pytest.mark.parametrize(("alike", "others"), [(19, 0), (20, 381)])
def test_fewer_than_twenty_or_five_percent_are_no_load(
    core_shop: Shop, alike: int, others: int
) -> None:
    rows = [f"d{n},2026-01-05T10:00:00Z,,,open" for n in range(alike)]
    rows += [f"e{n},2026-02-{n % 28 + 1:02d}T{n // 28:02d}:00:00Z,,,open" for n in range(others)]
    core_shop.take(core_shop.write("deals.csv", DEAL, *rows))
    assert core_shop.rows("select * from load_stamp") == []


def test_a_creation_after_the_close_is_a_load(core_shop: Shop) -> None:
    core_shop.take(
        core_shop.write(
            "deals.csv",
            DEAL,
            "d1,2026-02-02T08:00:00Z,2026-02-01,,won",  # the day after
            "d2,2026-02-01T15:00:00Z,2026-02-01,,won",  # the same day
            "d3,2026-02-01T15:00:01Z,2026-02-01T15:00:00Z,,lost",
            "d4,2026-02-01T15:00:00Z,2026-01-01,,open",
        )
    )
    assert core_shop.rows("select stamp::varchar, records, rule from load_stamp order by 1") == [
        ("2026-02-01 15:00:01", 1, "after_close"),
        ("2026-02-02 08:00:00", 1, "after_close"),
    ]


def test_references_to_nothing_are_counted(core_shop: Shop) -> None:
    core_shop.take(
        core_shop.write("account.csv", "account_id,name,tier", "a1,One,"),
        core_shop.write("deals.csv", "deal_id,account_id,owner_id", "d1,a1,", "d2,a7,m1", "d3,a8,"),
    )
    assert core_shop.rows("select * from dangling order by column_name") == [
        ("deal", "generic", "account_id", "account", 2, "generic:a7"),
        ("deal", "generic", "owner_id", "member", 1, "generic:m1"),
    ]


def test_data_without_any_stamp_speaks_for_the_day_of_its_import(core_shop: Shop) -> None:
    report = core_shop.take(core_shop.write("account.csv", "account_id,name,tier", "a1,One,"))
    assert core_shop.rows("select as_of_day from build_info") == [(report.as_of,)]
    assert core_shop.rows("select as_of_at, as_of_day from source_info") == [(None, None)]


TODAY = datetime.now(UTC).date()
FAR, SOON, THEN = (TODAY + timedelta(days=n) for n in (36_500, 700, -100))
AS_OF = "select as_of_day from build_info"
FUTURE = 'select file, "row", table_name, record, column_name, day from future_stamp'


def closed(shop: Shop, *days: date, name: str = "deals.csv") -> Path:
    rows = (f"d{n},{THEN - timedelta(days=9)},{day},,won" for n, day in enumerate(days, start=1))
    return shop.write(name, DEAL, *rows)


def test_one_slip_of_a_century_does_not_move_the_as_of_and_is_listed(core_shop: Shop) -> None:
    core_shop.take(closed(core_shop, THEN, FAR))
    assert core_shop.rows(AS_OF) == [(THEN,)]
    assert core_shop.rows(FUTURE) == [("deals.csv", 3, "deal", "generic:d2", "closed_at", FAR)]
    core_shop.take(core_shop.write("more.csv", DEAL, f"d9,{THEN},{THEN},,won"))
    assert core_shop.rows(AS_OF) == [(THEN,)]
    assert len(core_shop.rows(FUTURE)) == 1, "carried over with the file"


def test_a_corrected_record_is_no_longer_listed(core_shop: Shop) -> None:
    core_shop.take(closed(core_shop, THEN, FAR))
    core_shop.take(closed(core_shop, THEN, THEN, name="corrected.csv"))
    assert core_shop.rows(FUTURE) == []


def test_data_of_another_time_than_the_clock_s_are_believed_and_listed(core_shop: Shop) -> None:
    """Most stamps lie ahead: then it is the clock that is wrong, and data never follow it."""
    path = core_shop.write("cost.csv", "cost_id,incurred_on,amount", f"c,{FAR},5", f"e,{FAR},5")
    core_shop.take(path)
    assert core_shop.rows(AS_OF) == [(FAR,)]
    assert {row[4] for row in core_shop.rows(FUTURE)} == {"incurred_on"}


def test_what_lies_ahead_by_less_than_five_years_is_believed_and_listed(core_shop: Shop) -> None:
    core_shop.take(closed(core_shop, THEN, SOON, THEN))
    assert core_shop.rows(AS_OF) == [(SOON,)]
    assert len(core_shop.rows(FUTURE)) == 1


def test_an_as_of_that_is_given_stands_above_every_stamp(core_shop: Shop) -> None:
    core_shop.take(closed(core_shop, FAR, FAR), as_of=THEN)
    assert core_shop.rows(AS_OF) == [(THEN,)]


def test_a_modified_stamp_ahead_is_listed_too(core_shop: Shop) -> None:
    head = "deal_id,amount,modified_at"
    core_shop.take(core_shop.write("deals.csv", head, f"a,1,{THEN}", f"b,1,{FAR}", f"c,1,{THEN}"))
    assert core_shop.rows(AS_OF) == [(THEN,)]
    assert [row[1:5] for row in core_shop.rows(FUTURE)] == [(3, "deal", "generic:b", "recorded_at")]
