"""What a view is about and which words it has for it, by hand and without a page."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace
from typing import Any, cast

import pytest
import streamlit
from screen import Address

from smarketing.agreement import load_agreement
from smarketing.engine import Filters
from smarketing.errors import UsageError
from smarketing.periods import parse_period, parse_window
from smarketing.ui import address
from smarketing.ui.bar import BAR, OBEYED, Obeyed
from smarketing.ui.view import (
    LAST_YEAR,
    NONE,
    PREVIOUS,
    View,
    period_options,
    window_words,
)

AGREED = load_agreement()
QUARTER = parse_period("2026-Q2")
STORE = cast(Any, SimpleNamespace(agreement=AGREED))


def view(comparison: str = NONE, **filters: list[str]) -> View:
    return View(STORE, QUARTER, comparison, Filters.from_mapping(filters))


def test_a_view_is_compared_with_what_the_reader_asks_for() -> None:
    assert view().compared is None
    assert view(PREVIOUS).compared == parse_period("2026-Q1")
    assert view(LAST_YEAR).compared == parse_period("2025-Q2")


def test_a_figure_gets_a_view_of_only_what_it_obeys() -> None:
    whole = view(segment=["enterprise"], channel=["webinar"])
    assert whole.without("segment") == view(channel=["webinar"])
    assert whole.unfiltered() == view()
    assert whole.within(parse_period("2026-06")).window.label == "2026-06"
    assert (whole.dated, whole.undated().dated) == (True, False)
    assert whole.undated().words() == whole.filter_words()
    assert whole.undated().foot() == ["Channel Webinar", "Segment Enterprise (1000 and more)"]


def test_a_filter_is_called_with_whose_property_it_is() -> None:
    asked = view(channel=["webinar"], segment=["gone"]).of(channel="touch")
    assert asked.of(owner="deal").subjects == (("channel", "touch"), ("owner", "deal"))
    assert asked.of(channel="lead").subjects == (("channel", "lead"),)
    assert asked.filter_words() == {"Channel of the touch": "Webinar", "Segment": "gone"}
    assert asked.words() == {
        "Period": "2026-Q2 (1 Apr 2026 to 30 Jun 2026)", **asked.filter_words()
    }  # fmt: skip
    assert asked.foot() == ["2026-Q2", "Channel of the touch Webinar", "Segment gone"]


def test_the_filters_that_a_share_is_of() -> None:
    asked = view(channel=["event", "webinar"], segment=["small"])
    small = asked.labels("segment")["small"]
    assert view().among() == asked.among("channel", "segment") == ""
    assert asked.among("channel") == f" in {small}"
    assert asked.among() == f" in Event, Webinar, {small}"


def test_a_window_in_words() -> None:
    stretch = parse_window(dt.date(2026, 1, 5), dt.date(2026, 3, 1))
    assert window_words(stretch) == window_words(stretch, short=True)
    assert window_words(stretch) == "5 Jan 2026 to 28 Feb 2026"
    assert window_words(QUARTER, short=True) == "2026-Q2"
    assert window_words(QUARTER) == "2026-Q2 (1 Apr 2026 to 30 Jun 2026)"


def test_a_stretch_reaches_to_the_end_of_its_last_period() -> None:
    found = AGREED.read_window("2025-07..2026-06")
    assert (found.start, found.end) == (dt.date(2025, 7, 1), dt.date(2026, 7, 1))
    assert AGREED.read_window("2026-06..2026-06").last_day == dt.date(2026, 6, 30)
    assert AGREED.read_window("2026-Q2") == QUARTER
    for text in ("2026-06..2026-05", "2026-06..2025"):
        with pytest.raises(UsageError, match="ends before it begins"):
            AGREED.read_window(text)


@pytest.mark.parametrize(
    ("day", "first"),
    [
        (dt.date(2026, 4, 30), ["2026-Q1", "2026-Q2", "2025-Q4"]),
        (dt.date(2026, 5, 1), ["2026-Q2", "2026-Q1", "2025-Q4"]),
    ],
)
def test_a_quarter_is_offered_first_once_it_is_thirty_days_old(
    day: dt.date, first: list[str]
) -> None:
    assert period_options(day, AGREED)[:3] == first


def test_periods_worth_offering() -> None:
    assert period_options(dt.date(2026, 6, 10), AGREED)[3:] == [
        "2025-07..2026-06", "2026-06", "2026-05", "2026-W24", "2026-W23", "2026", "2025",
        "2022..2026",
    ]  # fmt: skip
    fiscal = AGREED.model_copy(update={"fiscal_year_start_month": 4})
    assert period_options(dt.date(2026, 6, 10), fiscal)[-2:] == ["FY2027-Q1", "FY2027"]


def test_the_controls_of_a_page_in_the_address() -> None:
    assert Obeyed().names == ("period", *BAR)
    assert Obeyed(compared=True, filters=("owner",)).names == ("period", "compare", "owner")
    assert Obeyed(period=False, filters=()).names == ()


def test_which_controls_a_page_has() -> None:
    every, compared = ("period", *BAR), ("period", "compare", *BAR)
    pages = dict.fromkeys(("home", "scoreboard", "funnel"), compared)
    pages |= dict.fromkeys(
        ("handoff", "attribution", "campaigns", "lead_quality", "customers"), every
    )
    pages |= {
        "journeys": ("period", "segment", "region", "persona", "owner"),
        "content": ("period", "segment", "region"), "planning": BAR,
        "campaign": ("period",), "owner": ("period",),
    }  # fmt: skip
    assert {page: obeyed.names for page, obeyed in OBEYED.items() if obeyed.names} == pages


def test_a_link_spells_out_the_view_and_what_else_the_address_holds(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked = view(PREVIOUS, segment=["enterprise", "mid"])
    monkeypatch.setattr(streamlit, "query_params", Address())
    whole = "period=2026-Q2&compare=previous+period&segment=enterprise&segment=mid"
    assert address.link(asked, "funnel") == f"/funnel?{whole}"
    assert address.link(asked, "") == f"/?{whole}"
    assert address.link(view().undated(), "data_health") == "/data_health?"
    held = Address(period=["2026-Q2"], segment=["gone"], kpi=["won_revenue"], tab=["a", "b"])
    monkeypatch.setattr(streamlit, "query_params", held)
    assert address.link(asked, "kpi") == f"/kpi?{whole}&kpi=won_revenue&tab=a&tab=b"
    monkeypatch.setattr(streamlit, "query_params", Address(period=["2026-04..2026-06"]))
    assert address.link(view(), "funnel") == "/funnel?period=2026-04..2026-06"


def test_what_a_reader_types_is_among_the_options(monkeypatch: pytest.MonkeyPatch) -> None:
    shown: list[Any] = []

    def selectbox(_label: str, options: list[str], **_more: Any) -> str:
        shown.append(options)
        return "shown"

    monkeypatch.setattr(streamlit, "selectbox", selectbox)
    state: dict[str, Any] = {}
    monkeypatch.setattr(streamlit, "session_state", state)
    for held, among in (
        ({}, ["a", "b"]),
        ({"p": ["b"]}, ["a", "b"]),
        ({"p": ["c"]}, ["a", "b", "c"]),
    ):
        monkeypatch.setattr(streamlit, "query_params", Address(held))
        assert address.typed("P", ["a", "b"], key="p", help="", width=1) == "shown"
        assert shown.pop() == among
        assert state["p"] == Address(held).get("p", "a")
