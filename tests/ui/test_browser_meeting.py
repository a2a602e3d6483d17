"""A whole meeting, from opening to minutes, by two people in browsers of their own at once."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TypeVar

import pytest
from browser_kit import serving, settled
from playwright.sync_api import expect

from smarketing.workspace import Workspace, open_workspace
from smarketing.workspace.records import Action, Attendance, Decision, Issue, Record

pytestmark = pytest.mark.browser
expect.set_options(timeout=120_000)
T = TypeVar("T", bound=Record)
#: Which part of the meeting is picked in the browser, whether or not the page has heard of it.
PICKED = (
    "[...document.querySelectorAll('.st-key-part input[type=radio]')].findIndex(one => one.checked)"
)


def arrive(browser, address: str, name: str):
    """Somebody in a browser of their own, who gave a name."""
    page = browser.new_context(viewport={"width": 1440, "height": 900}).new_page()
    page.set_default_timeout(120_000)
    page.goto(f"{address}/meeting")
    box = page.get_by_label("Your name")
    box.fill(name)
    box.press("Enter")
    page.get_by_text("names are as given, and marked so").wait_for()
    settled(page)
    return page


def turn(page, times: int, title: str) -> None:
    """Press the arrow so many times, one upon the other, and look where that leads."""
    page.mouse.click(5, 400)  # out of any box
    page.wait_for_function(f"() => window.smTurn && {PICKED} >= 0")
    first = page.evaluate(f"() => {PICKED}")
    for place in range(first + 1, first + times + 1):
        page.keyboard.press("ArrowRight")
        page.wait_for_function(f"place => {PICKED} === place", arg=place)
    expect(page.locator(".sm-title").first).to_have_text(title)
    settled(page)


def write(page, opened: str, label: str, text: str) -> None:
    """Open a box of the first issue and write into it, without sending it."""
    page.locator(f"[class*=st-key-{opened}_] button").first.click()
    page.get_by_label(label).fill(text)


def kept(page, said: Workspace, kind: type[T]) -> T:
    """The one record of a kind, once it is there."""
    for _ in range(600):
        if said.of(kind).all():
            break
        page.wait_for_timeout(200)
    (found,) = said.of(kind).all()
    return found


def ratings(page, said: Workspace, count: int) -> dict[str, int | None]:
    """The ratings by name, once so many were given: each sees the other's before one's own."""
    given: dict[str, int | None] = {}
    for _ in range(600):
        given = {one.name: one.rating for one in said.of(Attendance).all() if one.rating}
        if len(given) == count:
            break
        page.wait_for_timeout(200)
    return given


def test_a_meeting_by_two_browsers_at_once(browser, demo_home: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"
    shutil.copytree(demo_home, home, ignore=shutil.ignore_patterns("landing"))
    said = open_workspace(home)
    with serving(home) as address:
        anna = arrive(browser, address, "Anna")
        anna.get_by_role("button", name="Open the meeting").click()
        expect(anna.locator("h1")).to_have_text("Meeting 2026-W27")
        ben = arrive(browser, address, "Ben")

        anna.keyboard.press("p")
        expect(anna.get_by_role("button", name="End")).to_be_visible()
        turn(anna, 3, "What we put in")
        turn(ben, 6, "Issues, decisions, actions")
        anna.locator(".st-key-issue_new_leads button").click()
        expect(ben.locator("[class*=st-key-decide_] button")).to_be_visible()  # by itself
        turn(anna, 3, "Issues, decisions, actions")

        write(ben, "act", "What is to be done?", "Two more webinars")
        write(anna, "decide", "What was decided?", "Wait for the trade fair")
        ben.get_by_role("button", name="Agreed").click()
        expect(anna.get_by_text("· settled")).to_be_visible()
        anna.get_by_role("button", name="Decided").click()
        expect(ben.get_by_text("No issue is open.")).to_be_visible()
        issue, action = kept(anna, said, Issue), kept(anna, said, Action)
        decision = kept(anna, said, Decision)
        assert (issue.kpi, issue.raised_by) == ("new_leads", "Anna") and issue.solved_at
        assert (decision.text, decision.decided_by) == ("Wait for the trade fair", "Anna")
        assert (action.text, action.owner, action.kpi) == ("Two more webinars", "Ben", "new_leads")

        for page in (anna, ben):
            turn(page, 1, "Rating")
            page.get_by_role("button", name="Rate", exact=True).click()
            expect(page.get_by_text("8 of 10").first).to_be_visible()
        assert ratings(anna, said, 2) == {"Anna": 8, "Ben": 8}
        with anna.expect_download() as download:
            anna.get_by_role("button", name="Minutes (MD)").click()
    written = Path(download.value.path()).read_text(encoding="utf-8")
    for text in ("of 10 by 2", "Two more webinars", "Wait for the trade fair"):
        assert text in written
