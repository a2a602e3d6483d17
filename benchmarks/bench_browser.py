"""How soon does a reader see the first figure of a page, and all of it?

    pytest benchmarks/bench_browser.py -s

Of the demo company, in Chromium: each page reached by the navigation from Home, and a filter set on
the scoreboard and the funnel. Seconds from the click on, by the clock, on a machine with no other
work: the first figure is the first that is not of the view before, a page has settled when nothing
of it is being counted any more.
"""

from __future__ import annotations

import statistics
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from bench_pages import import_demo
from browser_kit import browser, chromium, page, serving, settled, visit
from measuring import apart, found

from smarketing.ui.navigation import JOBS, PAGES

__all__ = ["browser", "chromium", "page"]
FIRST, ALL, ROUNDS = 0.7, 1.5, 3
#: Where one comes from, and pages that show no figure of their own.
WITHOUT = {"home", "meeting", "views", "agreement"}
#: Begins at the click; of figures that stand already those count that say something else.
WATCH = """() => {
  const figures = () => [...document.querySelectorAll(
    ".sm-value, .sm-promise, .js-plotly-plot, [data-testid=stDataFrame], .stMarkdown table"
  )].filter(each => each.offsetParent && !each.closest("[data-stale=true]"));
  const title = () => document.querySelector("h1")?.innerText;
  const says = each => title() + each.className + each.innerText;
  const before = new Set(figures().map(says));
  const seen = {first: null, settled: null};
  window.seenSince = seen;
  document.addEventListener("click", () => {
    const began = performance.now();
    let quiet = null;
    const look = () => {
      const now = performance.now() - began;
      if (seen.first === null && figures().some(each => !before.has(says(each)))) seen.first = now;
      const app = document.querySelector("[data-testid=stApp]");
      const idle = app.dataset.testScriptState === "notRunning"
        && !document.querySelector("[data-stale=true]");
      quiet = idle ? quiet ?? now : null;
      if (seen.first !== null && quiet !== null && now - quiet > 400) seen.settled = quiet;
      if (seen.settled === null && now < 20000) requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
  }, {capture: true, once: true});
}"""


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Serve the demo company."""
    home: Path = tmp_path_factory.mktemp("demo")
    apart(import_demo, home)
    with serving(home) as address:
        yield address


def seconds(
    page: Any, before: Callable[[], None], click: Callable[[], None]
) -> tuple[float, float]:
    """Return the median seconds until the first figure, and until all of it, of some clicks."""
    taken = []
    for number in range(ROUNDS + 1):
        before()
        page.evaluate(WATCH)
        click()
        page.wait_for_function("() => window.seenSince.settled !== null")
        seen = page.evaluate("() => window.seenSince")
        if number:
            taken.append((seen["first"] / 1000, seen["settled"] / 1000))
    return statistics.median(a for a, _ in taken), statistics.median(b for _, b in taken)


def tell(what: str, first: float, settled: float) -> None:
    """Note what was measured."""
    found(
        f"{what}: first figure < {FIRST} s, settled < {ALL} s",
        f"{first:.2f} s, {settled:.2f} s",
        first < FIRST and settled < ALL,
    )


@pytest.mark.parametrize(
    ("job", "name"),
    [(job, name) for job, names in JOBS.items() for name in names if name not in WITHOUT],
)
def test_a_page_change(benchmark: Any, page: Any, address: str, job: str, name: str) -> None:
    """From Home to another page, which was opened before in this server."""
    title = dict(PAGES)[name]
    visit(page, address)

    def back() -> None:
        page.goto(address)
        page.wait_for_selector(".sm-promise")
        settled(page)
        page.get_by_test_id("stTopNavSection").filter(has_text=job).click()

    def click() -> None:
        page.get_by_role("menuitem", name=title, exact=True).click()

    tell(f"page {name}", *benchmark.pedantic(seconds, args=(page, back, click), rounds=1))


@pytest.mark.parametrize("name", ["scoreboard", "funnel"])
def test_a_filter(benchmark: Any, page: Any, address: str, name: str) -> None:
    """One segment of customers in the place of all."""

    def before() -> None:
        visit(page, address, name)
        page.locator(".st-key-filters button").first.click()
        page.locator(".st-key-segment input").click()

    def click() -> None:
        page.get_by_role("option", name="enterprise").click()

    tell(f"filter on {name}", *benchmark.pedantic(seconds, args=(page, before, click), rounds=1))
