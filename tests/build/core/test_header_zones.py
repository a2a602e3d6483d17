"""Times under a header that names their zone are those of that zone, not of the home."""

from __future__ import annotations

import pytest
from build_kit import Shop, core_shop

from smarketing.errors import SourceError

__all__ = ["core_shop"]

HEADER = "deal_id,name,amount,currency,stage,created_at (PST),closed_at (UTC+2)"
TIMES = "select deal_id, created_at::varchar, closed_at::varchar from deal order by 1"


def test_a_zone_in_a_header_is_obeyed_by_each_column(core_shop: Shop) -> None:
    """A cell's own offset comes first; a bare day is that day at home."""
    path = core_shop.write(
        "deal.csv",
        HEADER,
        "1,A,10,EUR,won,2026-01-05 20:00,2026-07-05T23:30:00",
        "2,B,10,EUR,won,2026-07-06T20:00:00Z,2026-01-07",
        "3,C,10,EUR,won,2026-07-06 20:00:00,",
    )
    (file,) = core_shop.take(path).files
    assert core_shop.rows(TIMES) == [
        ("generic:1", "2026-01-06 04:00:00", "2026-07-05 21:30:00"),
        ("generic:2", "2026-07-06 20:00:00", "2026-01-06 23:00:00"),
        ("generic:3", "2026-07-07 03:00:00", None),
    ]
    assert file.notes == (
        "times of 'created_at (PST)' are read as those of America/Los_Angeles",
        "times of 'closed_at (UTC+2)' are read as those of UTC+2",
    )


def test_times_of_any_form_obey_it(core_shop: Shop) -> None:
    path = core_shop.write(
        "deal.csv", HEADER, "1,A,10,EUR,won,1/15/2026 8:00 PM,7/15/2026 11:30 PM"
    )
    core_shop.take(path)
    assert core_shop.rows(TIMES) == [("generic:1", "2026-01-16 04:00:00", "2026-07-15 21:30:00")]


def test_the_day_of_a_cost_is_that_of_its_zone_at_home(core_shop: Shop) -> None:
    path = core_shop.write(
        "cost.csv",
        "cost_id,incurred_on (UTC-8),amount,currency",
        "1,2026-01-05 20:00,5,EUR",
        "2,2026-01-05 09:00,5,EUR",
        "3,2026-01-05 00:00:00,5,EUR",
        "4,2026-01-05,5,EUR",
    )
    core_shop.take(path)
    days = core_shop.rows("select incurred_on::varchar from cost order by cost_id")
    assert [day for (day,) in days] == ["2026-01-06", "2026-01-05", "2026-01-05", "2026-01-05"]


def test_a_day_written_as_midnight_stays_that_day_in_any_zone(core_shop: Shop) -> None:
    header = "cost_id,incurred_on (Asia/Tokyo),amount,currency"
    core_shop.take(core_shop.write("cost.csv", header, "1,2026-01-05 00:00:00,5,EUR"))
    assert core_shop.rows("select incurred_on::varchar from cost") == [("2026-01-05",)]


def test_midnight_throughout_is_a_day_in_any_zone(core_shop: Shop) -> None:
    path = core_shop.write("deal.csv", HEADER, "1,A,10,EUR,won,2026-01-05 00:00:00,")
    core_shop.take(path)
    assert core_shop.rows(TIMES) == [("generic:1", "2026-01-04 23:00:00", None)]


def test_a_name_of_several_zones_is_refused_where_a_time_needs_it(core_shop: Shop) -> None:
    header = HEADER.replace("PST", "IST")
    days = core_shop.write("deal.csv", header, "1,A,10,EUR,won,2026-01-05,")
    core_shop.take(days)
    times = core_shop.write("deal.csv", header, "1,A,10,EUR,won,2026-01-05 20:00,")
    with pytest.raises(SourceError, match="IST is the time of India, Israel or Ireland"):
        core_shop.take(times)


def test_the_days_of_stages_obey_it_too(core_shop: Shop) -> None:
    path = core_shop.write(
        "deals.csv",
        'Record ID,Deal Name,Deal Stage,Amount,Close Date (PST),"Date entered ""Demo"" (PST)"',
        "101,A,Demo,10,,2026-01-05 20:00",
    )
    core_shop.take(path)
    entered = "select stage, entered_at::varchar from deal_stage_event"
    assert core_shop.rows(entered) == [("Demo", "2026-01-06 04:00:00")]


def test_a_zone_above_the_headers_is_that_of_times_whose_header_names_none(core_shop: Shop) -> None:
    path = core_shop.write(
        "deal.csv",
        "Deals of 2026",
        "Time Zone: America/New_York\n",
        "deal_id,name,amount,currency,stage,created_at,closed_at (UTC)",
        "1,A,10,EUR,won,2026-01-05 20:00,2026-07-05 23:30",
    )
    (file,) = core_shop.take(path).files
    assert core_shop.rows(TIMES) == [("generic:1", "2026-01-06 01:00:00", "2026-07-05 23:30:00")]
    assert "times of 'created_at' are read as those of America/New_York" in file.notes


def test_headers_of_one_time_that_name_two_zones_are_refused(core_shop: Shop) -> None:
    path = core_shop.write(
        "contacts.csv",
        "Record ID,First Name,Last Name,Email,Lifecycle Stage,Create Date (PST),"
        "Became a Lead Date (UTC)",
        "101,A,B,a@b.de,Lead,2026-01-05 20:00,2026-01-05 21:00",
    )
    with pytest.raises(SourceError, match="do not name the same time zone"):
        core_shop.take(path)
