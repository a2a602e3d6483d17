"""The journeys that matter, in a real browser: open, filter, drill, share, export and read back."""

from __future__ import annotations

import io
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest
from playwright.sync_api import expect

from smarketing import app_path
from smarketing.export.images import find_browser

pytestmark = pytest.mark.browser
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]


@pytest.fixture(scope="module")
def chromium() -> str:
    """An installed browser; without one the tests are skipped, but fail where CI=true."""
    found = find_browser()
    if found is None:
        message = "no Chrome or Chromium is installed (Debian: apt install chromium)"
        if os.environ.get("CI") == "true":
            pytest.fail(message)
        pytest.skip(message)
    return found


@pytest.fixture(scope="module")
def served(demo_home: Path, chromium: str) -> Iterator[str]:
    """The dashboard over the demo company, on a free port of this machine."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    script = app_path()
    server = subprocess.Popen(
        [
            sys.executable, "-m", "streamlit", "run", str(script), "--server.port", str(port),
            "--server.address", "127.0.0.1", "--server.headless", "true",
        ],
        cwd=script.parent,
        env={**os.environ, "SMARKETING_HOME": str(demo_home)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )  # fmt: skip
    address = f"http://127.0.0.1:{port}"
    try:
        _wait_for(f"{address}/_stcore/health", server)
        yield address
    finally:
        server.terminate()
        server.wait(timeout=20)


def _wait_for(address: str, server: subprocess.Popen[bytes]) -> None:
    for _ in range(120):
        assert server.poll() is None, "the dashboard stopped before it answered"
        try:
            with urllib.request.urlopen(address, timeout=2) as answer:
                if answer.status == 200:
                    return
        except OSError:
            time.sleep(0.5)
    pytest.fail("the dashboard did not answer within a minute")


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[object]:
    """One browser for all tests of this file."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def page(browser) -> Iterator[object]:
    """A fresh page at a desk, with a memory of its own."""
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    page = context.new_page()
    page.set_default_timeout(45_000)
    yield page
    context.close()


def visit(page, address: str, path: str = "") -> None:
    page.goto(f"{address}/{path}")
    page.wait_for_selector(".sm-lede, .sm-promise")  # the last of home, the first of the others
    settled(page)


def turn_to(page, job: str, name: str) -> None:
    """Go to another page by the navigation, as a person does."""
    page.get_by_test_id("stTopNavSection").filter(has_text=job).click()
    page.get_by_role("menuitem", name=name, exact=True).click()
    page.wait_for_url(f"**/{name.lower()}*")


def settled(page) -> None:
    page.wait_for_timeout(600)
    page.wait_for_selector("[data-testid=stApp][data-test-script-state=notRunning]")
    page.wait_for_timeout(400)


def test_open_and_walk_through_the_pages(page, served: str) -> None:
    visit(page, served)
    assert page.locator("[class*=st-key-said_] a").count() == 3
    turn_to(page, "Why", "Attribution")
    settled(page)
    assert page.get_by_role("heading", name="Attribution").is_visible()
    assert page.locator("[data-testid=stException]").count() == 0


def test_a_filter_narrows_the_figures_and_goes_into_the_address(page, served: str) -> None:
    visit(page, served, "scoreboard")
    before = page.locator(".sm-value").first.inner_text()
    page.locator(".st-key-segment input").click()
    page.get_by_role("option", name="enterprise").click()
    page.keyboard.press("Escape")
    first = page.locator(".sm-value").first
    expect(first).not_to_have_text(before, timeout=45_000)
    assert "segment=enterprise" in page.url


def test_a_shared_link_shows_the_same_view(page, served: str) -> None:
    path = "funnel?period=2026-Q1&segment=enterprise&mode=entered"
    visit(page, served, path)
    title = page.locator(".sm-title").first.inner_text()
    other = page.context.browser.new_page()
    visit(other, served, path)
    assert other.locator(".sm-title").first.inner_text() == title
    assert "entered" in other.locator(".sm-foot").first.inner_text()
    page.get_by_text("Link to this view").click()
    link = page.locator("[data-testid=stPopoverBody] code").first.inner_text()
    assert "period=2026-Q1" in link and "mode=entered" in link and "segment=enterprise" in link


def test_a_step_back_is_the_view_before(page, served: str) -> None:
    visit(page, served, "funnel?period=2026-Q1")
    page.locator(".st-key-mode input").click()
    page.get_by_role("option", name="entered").click()
    foot = page.locator(".sm-foot").first
    expect(foot).to_contain_text("entered", timeout=45_000)
    assert "mode=entered" in page.url
    turn_to(page, "Why", "Handoff")
    settled(page)
    assert "period=2026-Q1" in page.url
    while "mode=entered" not in page.url:
        page.go_back()
        settled(page)
    expect(foot).to_contain_text("entered", timeout=45_000)
    page.go_back()
    expect(foot).to_contain_text("cohort", timeout=45_000)
    assert "mode=" not in page.url and "period=2026-Q1" in page.url


def test_home_answers_at_its_name_too(page, served: str) -> None:
    visit(page, served, "home?period=2026-Q1&segment=enterprise&segment=small")
    page.wait_for_url("**/?period=2026-Q1&segment=enterprise&segment=small")
    assert page.get_by_role("dialog").count() == 0
    assert page.get_by_role("heading", name="Home").is_visible()
    by_name = page.locator(".sm-value").first.inner_text()
    visit(page, served, "?period=2026-Q1&segment=enterprise&segment=small")
    assert page.locator(".sm-value").first.inner_text() == by_name


def test_a_click_on_a_bar_lists_records_that_add_up(page, served: str) -> None:
    visit(page, served, "funnel")
    bar = page.locator(".st-key-funnel_chart .bars .point path").nth(1)
    box = bar.bounding_box()
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    settled(page)
    assert "funnel_records=true" in page.url and "funnel_of=mql" in page.url
    box = page.locator(".st-key-funnel_records")
    box.get_by_text("adds up to the figure").wait_for()
    assert "MQL entries" in box.inner_text()


def test_an_exported_csv_reads_back_and_adds_up(page, served: str) -> None:
    visit(page, served, "attribution?credit_records=true")
    page.wait_for_selector(".st-key-credit_rows_csv button")
    with page.expect_download() as download:
        page.locator(".st-key-credit_rows_csv button").click()
    text = download.value.path().read_text(encoding="utf-8-sig")
    stamp = [line for line in text.splitlines() if line.startswith("# ")]
    assert any(line.startswith("# Choices: Model position") for line in stamp)
    assert any(line.startswith("# As of") for line in stamp)
    frame = pd.read_csv(io.StringIO(text), skiprows=len(stamp))
    credit, shown = frame["credit"].sum(), page.locator(".st-key-credit_records").inner_text()
    assert f"{credit:,.2f}" in shown


def test_an_exported_picture_and_workbook_read_back(page, served: str) -> None:
    visit(page, served, "funnel")
    page.locator(".st-key-funnel_export button").first.click()
    for kind, begin in (("png", b"\x89PNG"), ("svg", b"<svg"), ("pdf", b"%PDF")):
        with page.expect_download(timeout=90_000) as download:
            page.locator(f".st-key-funnel_{kind} button").click()
        assert download.value.path().read_bytes().startswith(begin)
        assert download.value.suggested_filename.endswith(f".{kind}")
    with page.expect_download() as download:
        page.locator(".st-key-funnel_data_xlsx button").click()
    about = pd.read_excel(download.value.path(), sheet_name="About", header=None, engine="calamine")
    assert "Counting cohort, skips imputed, re-entry first" in set(about[1])
    table = pd.read_excel(download.value.path(), sheet_name="Table", engine="calamine")
    assert list(table["stage"])[:2] == ["lead", "mql"]


def test_a_definition_shows_formula_sql_and_signatures(page, served: str) -> None:
    visit(page, served, "scoreboard")
    page.locator(".st-key-card_new_mqls button").first.click()
    body = page.locator("[data-testid=stPopoverBody]")
    body.get_by_text("SQL, as run for this view").wait_for()
    body.locator("code").last.wait_for()
    words = " ".join([body.inner_text(), *body.locator("code").all_text_contents()])
    assert "count(distinct lead_id)" in words and "fct_stage_count" in words
    assert "not yet signed by marketing and sales" in words


def test_a_card_leads_to_its_records(page, served: str) -> None:
    visit(page, served, "scoreboard")
    page.locator(".st-key-card_won_revenue button").first.click()
    page.get_by_text("List its records").click()
    dialog = page.get_by_role("dialog").filter(has_text="adds up to the figure")
    dialog.wait_for()
    figure = page.locator(".st-key-cardhead_sales_won_revenue .sm-value").inner_text()
    assert figure.startswith("€")
    assert page.locator("[data-testid=stPopoverBody]").count() == 0


@pytest.mark.parametrize("width", [390, 1440])
def test_no_page_is_wider_than_its_screen(page, served: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 844})
    for name in ("", "scoreboard", "funnel", "attribution", "data_health"):
        visit(page, served, name)
        wide = page.evaluate("document.querySelector('.stMain').scrollWidth")
        assert wide <= width, f"{name or 'home'} is {wide} pixels wide"
