"""The days about which a zone's clocks go forward."""

from __future__ import annotations

from smarketing.build.core.clocks import change_days


def test_clocks_go_forward_about_a_day_of_spring_in_every_year() -> None:
    days = change_days("Europe/Berlin")
    assert [day for day in days if day[:4] == "2026"] == ["2026-03-29", "2026-03-30"]
    assert (days[0][:4], days[-1][:4], len(days)) == ("2000", "2049", 100)
    assert [day for day in change_days("America/New_York") if day[:4] == "2026"] == [
        "2026-03-07", "2026-03-08",
    ]  # fmt: skip
    assert change_days("UTC") == change_days("no/zone") == change_days("") == ()
