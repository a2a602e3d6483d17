"""Which time zone a header names, and what it is called without it."""

from __future__ import annotations

import pytest

from smarketing.sources.zones import HeaderZone, header_zone, zone_above


@pytest.mark.parametrize(
    ("header", "name", "zone"),
    [
        ("Created (PST)", "Created", "America/Los_Angeles"),
        ("Created (PST/PDT)", "Created", "America/Los_Angeles"),
        ("Created (Pacific Time)", "Created", "America/Los_Angeles"),
        ("Created (Eastern Time (US & Canada))", "Created", "America/New_York"),
        ("Create Date (America/Los_Angeles)", "Create Date", "America/Los_Angeles"),
        ("Create Date [europe/berlin]", "Create Date", "Europe/Berlin"),
        ("Zeitpunkt (UTC+2)", "Zeitpunkt", "Etc/GMT-2"),
        ("Zeitpunkt (GMT−03:00)", "Zeitpunkt", "Etc/GMT+3"),
        ("Time (UTC+05:30)", "Time", "Asia/Kolkata"),
        ("Time (UTC+00:00)", "Time", "UTC"),
        ("Erstellt (MEZ)", "Erstellt", "Europe/Berlin"),
        ("Start Date (in UTC)", "Start Date", "UTC"),
        ("created_at_utc", "created_at", "UTC"),
        ("created_at_gmt", "created_at", "UTC"),
        ("Created: in UTC", "Created", "UTC"),
        ("Created EST", "Created", "America/New_York"),
        ("Created (UTC+12)", "Created", "Etc/GMT-12"),
        ("Created (utc-1)", "Created", "Etc/GMT+1"),
        ("Created (UTC+9:30)", "Created", "Australia/Darwin"),
        ("Created (America/New York)", "Created", "America/New_York"),
        ("Created (time zone: CET)", "Created", "Europe/Berlin"),
    ],
)
def test_a_zone_is_told(header: str, name: str, zone: str) -> None:
    found = header_zone(header)
    assert (found and found.name, found and found.zone) == (name, zone)


@pytest.mark.parametrize(
    ("header", "places"),
    [
        ("Created (IST)", "India, Israel or Ireland"),
        ("Created (CST)", "America, China or Cuba"),
        ("Created (UTC+05:15)", "several places"),
        ("Created (UTC+14)", "several places"),
        ("Created (UTC+13)", "several places"),
        ("Created (UTC-05:30)", "several places"),
        ("Created (ist)", "India, Israel or Ireland"),
    ],
)
def test_what_several_places_have_is_no_zone(header: str, places: str) -> None:
    found = header_zone(header)
    assert found is not None
    assert (found.zone, found.places) == (None, places)


@pytest.mark.parametrize(
    ("header", "shown"),
    [
        ("Created (PST)", "America/Los_Angeles"),
        ("Created (utc+2)", "utc+2"),
        ("Created (IST)", "IST"),
        ("Created (GMT)", "UTC"),
    ],
)
def test_a_zone_is_called_by_its_place_or_as_the_header_has_it(header: str, shown: str) -> None:
    found = header_zone(header)
    assert found is not None and found.shown == shown


@pytest.mark.parametrize(
    "header",
    [
        "Amount (EUR)",
        "Close date (est.)",
        "best",
        "Deal ID",
        "Clicks (all)",
        "Value est",
        "UTC",
        "",
    ],
)
def test_other_headers_name_none(header: str) -> None:
    assert header_zone(header) is None


@pytest.mark.parametrize(
    ("text", "zone"),
    [
        ("Time Zone: UTC", "UTC"),
        ("Report Time Zone,America/New_York", "America/New_York"),
        ("Zeitzone: MEZ", "Europe/Berlin"),
        ("Fuseau horaire : UTC+2", "Etc/GMT-2"),
        ("Time Zone: (GMT+01:00) Amsterdam, Berlin", "Europe/Amsterdam"),
        ("Time Zone: IST", None),
        ("Report of UTC", None),
    ],
)
def test_a_zone_is_told_above_the_header(text: str, zone: str | None) -> None:
    found = zone_above(["Deals", text])
    assert (found and found.zone) == zone


@pytest.mark.parametrize(
    ("line", "zone"),
    [
        (
            "Time Zone: (GMT+01:00) Amsterdam, Berlin, Bern, Rome, Stockholm, Vienna",
            "Europe/Amsterdam",
        ),
        ("Time zone: (GMT-05:00) Eastern Time (US & Canada)", "America/New_York"),
        ("Time Zone: (GMT-08:00) Pacific Time (US & Canada); Tijuana", "America/Los_Angeles"),
        ("Time Zone: (GMT+10:00) Canberra, Melbourne, Sydney", "Australia/Sydney"),
        ("Zeitzone: (UTC+05:30) Chennai, Kolkata, Mumbai, New Delhi", "Asia/Kolkata"),
        ("Time Zone: (GMT-03:00) Brasilia", "America/Sao_Paulo"),
        ("Time Zone: (GMT+00:00) Greenwich Mean Time: Dublin, Edinburgh", "Europe/Dublin"),
        ("Time Zone: (GMT+03:00) Berlin", None),
    ],
)
def test_a_zone_as_windows_lists_it(line: str, zone: str | None) -> None:
    found = zone_above([line])
    assert (found and found.zone) == zone


def test_of_the_lines_above_the_first_that_tells_a_zone_counts() -> None:
    lines = ["Time Zone: IST", "Time zone = (GMT-07:00) Arizona", "Time Zone: UTC"]
    assert zone_above(lines) == HeaderZone("times", "America/Phoenix", "(GMT-07:00) Arizona")
    assert zone_above(["Time Zone: CET"]) == HeaderZone("times", "Europe/Berlin", "CET")
    assert zone_above(["Time Zone: (GMT-01:00) Berlin, Azores"]) == HeaderZone(
        "times", "Atlantic/Azores", "(GMT-01:00) Berlin, Azores"
    )
    assert zone_above([]) is None
