"""What the tests in a real browser share: the dashboard served, a browser, a page that settles."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from smarketing import app_path
from smarketing.export.images import find_browser

__all__ = [
    "FLAGS",
    "browser",
    "chromium",
    "page",
    "served",
    "serving",
    "settled",
    "stop",
    "turn_to",
    "visit",
    "wait_for",
]

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]


@pytest.fixture(scope="session")
def chromium() -> str:
    """An installed browser; without one the tests are skipped, but fail where CI=true."""
    found = find_browser()
    if found is None:
        message = "no Chrome or Chromium is installed (Debian: apt install chromium)"
        if os.environ.get("CI") == "true":
            pytest.fail(message)
        pytest.skip(message)
    return found


@pytest.fixture(scope="session")
def served(demo_home: Path, chromium: str) -> Iterator[str]:
    """The dashboard over the demo company, on a free port of this machine."""
    with serving(demo_home) as address:
        yield address


@contextmanager
def serving(home: Path) -> Iterator[str]:
    """The dashboard over a home, on a free port of this machine, until the block ends."""
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
        env={**os.environ, "SMARKETING_HOME": str(home)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )  # fmt: skip
    address = f"http://127.0.0.1:{port}"
    try:
        wait_for(f"{address}/_stcore/health", server)
        yield address
    finally:
        stop(server)


def stop(server: subprocess.Popen[bytes]) -> None:
    """End a server; one that hangs on an open page is not waited for."""
    server.terminate()
    try:
        server.wait(timeout=20)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()


def wait_for(address: str, server: subprocess.Popen[bytes]) -> None:
    """Return once the server answers there; fail where it stopped, or does not within minutes."""
    for _ in range(1800):
        assert server.poll() is None, "the dashboard stopped before it answered"
        try:
            with urllib.request.urlopen(address, timeout=2) as answer:
                if answer.status == 200:
                    return
        except OSError:
            time.sleep(0.1)
    pytest.fail("the dashboard did not answer within minutes")


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
    page.set_default_timeout(120_000)
    yield page
    context.close()


def visit(page, address: str, path: str = "") -> None:
    """Open a page, and wait until nothing of it is worked out any more."""
    page.goto(f"{address}/{path}")
    # The last of home, the first of the others: where it stands, the script has begun.
    page.wait_for_selector(".sm-lede, .sm-promise")
    ended(page)


def turn_to(page, job: str, name: str) -> None:
    """Go to another page by the navigation, as a person does."""
    page.get_by_test_id("stTopNavSection").filter(has_text=job).click()
    page.get_by_role("menuitem", name=name, exact=True).click()
    page.wait_for_url(f"**/{name.lower()}*")


def settled(page) -> None:
    """Wait until what was clicked has been worked out: its script begins within moments."""
    page.wait_for_timeout(600)
    ended(page)


def ended(page) -> None:
    """Wait for the script to end, and for one that it may have asked for at its end."""
    for moments in (400, 0):
        page.wait_for_selector("[data-testid=stApp][data-test-script-state=notRunning]")
        page.wait_for_timeout(moments)
