"""The controls of a page: what they show of the address, and what a pick writes into it."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace
from typing import Any, cast

import pytest
from screen import Address, Screen

from smarketing.access import Access
from smarketing.agreement import load_agreement
from smarketing.analysis.dimensions import agreed_values
from smarketing.engine import Filters
from smarketing.ui import address, bar
from smarketing.ui.bar import Obeyed
from smarketing.ui.view import LAST_YEAR, View

WORDS = {"a": "First", "b": "Second", "c_d": "Second"}


@pytest.fixture
def screen(monkeypatch: pytest.MonkeyPatch) -> Screen:
    made = Screen()
    made.put(monkeypatch)
    return made


def turn_to(patch: pytest.MonkeyPatch, page: str, *, back: bool = False) -> None:
    """Let the run that is asked for be one of a page, or a step of the browser's to it."""
    run = SimpleNamespace(page_script_hash=page, is_history_navigation=back)
    for module in (address, bar):
        patch.setattr(module, "get_script_run_ctx", lambda: run)


@pytest.mark.parametrize(
    ("held", "default", "shown", "said"),
    [
        ({}, None, "a", []),
        ({}, "b", "b", []),
        ({}, "gone", "a", []),
        ({"k": [""]}, "b", "b", []),
        ({"k": ["b"]}, None, "b", []),
        ({"k": ["First"]}, "b", "a", []),
        ({"k": ["Second (c_d)"]}, None, "c_d", []),
        ({"k": ["Fisrt"]}, "b", "b", ["Unknown how 'Fisrt'"]),
    ],
)  # fmt: skip
def test_a_choice_shows_what_the_address_asks_for(
    held: dict[str, list[str]], default: str | None, shown: str, said: list[str], screen: Screen
) -> None:
    screen.address.update(held)
    found = address.choice("how", list(WORDS), key="k", labels=WORDS, default=default, help="h")
    assert found == screen.state["k"] == shown
    [drawn] = screen.of("selectbox")
    assert (drawn.label, drawn.options) == ("how", ["a", "b", "c_d"])
    named = [drawn.more["format_func"](one) for one in (*drawn.options, "z")]
    assert named == ["First", "Second (b)", "Second (c_d)", "z"]
    assert len(screen.told()) == len(said)
    assert all(one in told and "It is not applied." in told
               for one, told in zip(said, screen.told(), strict=True))  # fmt: skip


def test_of_two_with_one_word_the_first_is_meant() -> None:
    assert address._known("how", "Same", {"a": "Other", "b": "Same", "c": "Same"}) == "b"


def test_without_labels_ids_are_read_with_blanks(screen: Screen) -> None:
    address.choice("how", ["last_touch", "x"], key="k")
    [drawn] = screen.of("selectbox")
    assert [drawn.more["format_func"](one) for one in drawn.options] == ["last touch", "x"]


def test_what_is_picked_is_written_and_the_default_leaves_the_address(screen: Screen) -> None:
    address.choice("how", list(WORDS), key="k", labels=WORDS, default="b")
    screen.pick("k", "a")
    assert screen.address == {"k": "a"}
    screen.pick("k", "b")
    screen.pick("k", "b")
    assert screen.address == {}
    address.typed("Period", ["2026-Q2", "2026-Q1"], key="period", help="", width=1)
    screen.pick("period", "2026-06")
    assert screen.address == {"period": "2026-06"}
    screen.pick("period", "2026-Q2")
    assert screen.address == {}


def test_several_are_those_of_the_address_that_there_are(screen: Screen) -> None:
    screen.address["s"] = ["b", "", "First", "b", "gone"]
    found = address.several("Kind", ["a", "b"], key="s", labels=WORDS, width=1)
    assert found == ["b", "a"]
    [told] = screen.told()
    assert "Unknown kind 'gone'" in told
    [drawn] = screen.of("multiselect")
    assert not drawn.more["disabled"]
    assert [drawn.more["format_func"](one) for one in ("a", "z")] == ["First", "z"]
    screen.pick("s", ["a"])
    assert screen.address == {"s": ["a"]}
    screen.pick("s", [])
    assert screen.address == {}
    address.several("Kind", [], key="s", labels={}, width=1)
    assert screen.of("multiselect")[-1].more["disabled"]


def test_the_open_tab_is_in_the_address_by_its_id(screen: Screen) -> None:
    labels = {"rates": "The rates", "records": "Records"}
    screen.address["tab"] = ["records"]
    assert address.tabs(labels, key="tab") == {"rates": "The rates", "records": "Records"}
    assert screen.state["tab"] == "Records"
    screen.pick("tab", "The rates")
    assert screen.address == {}
    screen.pick("tab", "Records")
    assert screen.address == {"tab": "records"}


def test_what_a_page_left_drawn_writes_nothing(
    screen: Screen, monkeypatch: pytest.MonkeyPatch
) -> None:
    turn_to(monkeypatch, "one")
    address.on_page()
    address.choice("how", list(WORDS), key="k", labels=WORDS)
    address.several("Kind", ["a", "b"], key="s", labels=WORDS, width=1)
    turn_to(monkeypatch, "other")
    screen.pick("k", "b")
    screen.pick("s", ["b"])
    assert screen.address == {}
    address.on_page()
    screen.pick("k", "b")
    screen.pick("s", ["b"])
    assert screen.address == {"k": "b", "s": ["b"]}


def test_a_value_that_cannot_be_read_is_said(screen: Screen) -> None:
    for held in ({}, {"n": [""]}, {"n": ["12"]}):
        screen.address.update(held)
        address.readable("the number", "n", int)
    assert not screen.told()
    screen.address["n"] = ["x"]
    address.readable("the number", "n", int)
    [told] = screen.told()
    assert told.startswith("The address asks for the number “x”: invalid literal")
    assert told.endswith("It is not applied.")


def test_a_link_goes_on_under_the_version_that_is_looked_at(screen: Screen) -> None:
    assert address.under_kept() == {}
    screen.state[address.UNDER] = "9f3"
    assert address.under_kept() == {"under": ["9f3"]}


AGREED = load_agreement()
WHOLE = Access("viewer")


def shown(page: str, access: Access = WHOLE) -> View:
    """Draw the bar of a page over a store of a day in June."""
    engine = SimpleNamespace(as_of_day=dt.date(2026, 6, 10))
    store = SimpleNamespace(engine=engine, agreement=AGREED, access=access)
    return bar.filter_bar(cast(Any, store), page)


@pytest.fixture
def values(monkeypatch: pytest.MonkeyPatch) -> None:
    """What leads and deals have by dimension, without a store."""
    held = {"segment": ["enterprise", "own"], "channel": ["webinar"], "owner": ["Ann", "Bob"]}
    monkeypatch.setattr(bar, "ask", lambda _store, _how, name: held.get(name, []))


@pytest.mark.usefixtures("values")
def test_a_bar_is_read_out_of_the_address(screen: Screen) -> None:
    screen.address.update(
        period=["2026-Q1"], compare=[LAST_YEAR], segment=["own", "enterprise"], channel=["webinar"]
    )
    found = shown("funnel")
    assert found.window.label == "2026-Q1" and found.comparison == LAST_YEAR and found.dated
    assert found.filters == Filters.of(segment=["own", "enterprise"], channel="webinar")
    assert found.subjects == (("channel", "lead"), ("persona", "lead"), ("owner", "lead"))
    assert not screen.told()
    [line] = screen.of("container")
    assert (line.more["key"], line.more["horizontal"]) == ("filter_bar", True)
    [chip, *others] = screen.of("button")
    assert len(others) == 2
    assert (chip.label, chip.more["key"]) == ("own", "chip_segment_0")
    assert chip.more["help"].replace("\\", "") == "Segment: own. Click to remove this filter."
    chip.more["on_click"](*chip.more["args"])
    assert screen.address["segment"] == ["enterprise"]
    others[1].more["on_click"](*others[1].more["args"])
    assert "channel" not in screen.address


@pytest.mark.usefixtures("values")
def test_a_filter_offers_what_there_is_and_then_what_is_agreed(screen: Screen) -> None:
    shown("scoreboard")
    offered = {one.more["key"]: one.options for one in screen.of("multiselect")}
    agreed = [one for one in agreed_values(AGREED, "segment") if one != "enterprise"]
    assert offered["segment"] == ["enterprise", "own", *agreed] and len(agreed) > 1
    assert offered["owner"] == ["Ann", "Bob"]


@pytest.mark.usefixtures("values")
def test_a_view_is_within_what_somebody_may_see(screen: Screen) -> None:
    of_ann = Access("viewer", scope=(("owner", ("Ann",)),))
    assert shown("scoreboard", of_ann).filters == Filters.of(owner="Ann")
    offered = {one.more["key"]: one.options for one in screen.of("multiselect")}
    assert offered["owner"] == ["Ann"]
    assert shown("planning", of_ann).filters == Filters.of(owner="Ann")
    assert not shown("meeting", of_ann).filters


@pytest.mark.usefixtures("values")
def test_a_page_without_a_period_shows_the_usual_one_undated(screen: Screen) -> None:
    screen.address.update(period=["2025"], compare=["none"], channel=["webinar"])
    found = shown("meeting")
    assert found.window.label == "2026-Q2" and not found.dated and not found.filters
    assert [one.partition(":")[0] for one in screen.told()] == [
        "This page knows no period", "This page knows no channel",
    ]  # fmt: skip
    assert not screen.of("popover") and not screen.of("selectbox")


@pytest.mark.usefixtures("values")
def test_a_page_that_is_not_listed_obeys_the_whole_bar(screen: Screen) -> None:
    screen.address.update(compare=[LAST_YEAR], owner=["Ann"])
    found = shown("own_page")
    assert (found.comparison, found.filters) == (LAST_YEAR, Filters.of(owner="Ann"))
    assert bar.carried("other_page") == {"compare": [LAST_YEAR], "owner": ["Ann"]}


@pytest.mark.parametrize(
    ("name", "back", "held", "taken"),
    [
        ("funnel", False, {}, {"period": ["2026-Q1"], "segment": ["own"]}),
        ("funnel", True, {}, {}),
        ("funnel", False, {"owner": ["Ann"]}, {"owner": ["Ann"]}),
        ("funnel", False, {"tab": ["x"]},
         {"tab": ["x"], "period": ["2026-Q1"], "segment": ["own"]}),
        ("content", False, {}, {"period": ["2026-Q1"], "segment": ["own"]}),
        ("planning", False, {}, {"segment": ["own"]}),
        ("meeting", False, {}, {}),
        ("scoreboard", False, {}, {}),
    ],
)  # fmt: skip
@pytest.mark.usefixtures("values")
def test_what_was_chosen_goes_along_to_a_page_that_obeys_it(
    name: str, back: bool, held: dict[str, Any], taken: dict[str, Any],
    screen: Screen, monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    turn_to(monkeypatch, "one")
    screen.address.update(period=["2026-Q1"], segment=["own"])
    shown("scoreboard")
    assert bar.page_shown() == "scoreboard"
    assert bar.carried("planning") == {"segment": ["own"]}
    screen.address.clear()
    screen.address.update(held)
    turn_to(monkeypatch, "other", back=back)
    shown(name)
    assert screen.address == taken


def test_nothing_is_carried_to_the_first_page(screen: Screen) -> None:
    assert bar.carried("home") == {} and bar.page_shown() == ""
    screen.state[address.UNDER] = "9f3"
    assert bar.carried("home") == {"under": ["9f3"]}
    assert Obeyed(period=False).names == bar.BAR
    assert isinstance(screen.address, Address)
