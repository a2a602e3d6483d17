"""Every page at a desk, on the wall and on a phone: no text cut or covered; axe objects to none."""

from __future__ import annotations

from pathlib import Path

import axe_playwright_python
import pytest

from smarketing.ui.navigation import KEEPING, PAGES

pytestmark = pytest.mark.browser
SEEN = (Path(__file__).parents[1] / "kit" / "seen.js").read_text(encoding="utf-8")
AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
RECORDS = ("deal?id=generic:D000132&via=campaign:generic:C000048", "campaign?id=generic:C000048")
NAMED = ["" if name == "home" else name for name, _ in (*PAGES, *KEEPING)]
SHOWN = [*NAMED, *RECORDS, "?present=1&screen=2"]
DESK, WALL = (1440, 900), (1920, 1080)
#: Streamlit's own: a phone's drawer of pages, with sections as children of its list, and the box
#: for files, which is both named and called presentation.
NOT_OURS = '[data-testid="stSidebarNavItems"], [data-testid="stFileUploaderDropzone"]'
#: The page stands still: its script has run, and for a while nothing of it was drawn again.
STILL = """() => new Promise((done) => {
  let last = performance.now();
  const watch = new MutationObserver(() => { last = performance.now(); });
  watch.observe(document.body, { childList: true, subtree: true, attributes: true });
  const look = setInterval(() => {
    const app = document.querySelector("[data-testid=stApp][data-test-script-state=notRunning]");
    if (!app || performance.now() - last < 300) return;
    clearInterval(look); watch.disconnect(); done();
  }, 50);
})"""


def look(page, served: str, path: str) -> list[str]:
    """What cannot be read on a page, or not by everyone; each with where it was seen."""
    page.goto(f"{served}/{path}")
    page.wait_for_selector(".sm-lede, .sm-promise, .sm-screen")
    page.evaluate(STILL)
    page.evaluate(AXE)
    axe = "own => axe.run({exclude: [[own]]}, {resultTypes: ['violations']})"
    found = [
        f"{broken['id']}: {broken['nodes'][0]['html'][:160]}"
        for broken in page.evaluate(axe, NOT_OURS)["violations"]
    ]
    found += page.evaluate(SEEN)
    width = page.viewport_size["width"]
    wide = page.evaluate("document.querySelector('.stMain').scrollWidth")
    if wide > width:
        found.append(f"{wide} pixels wide")
    faults = [f"{path or 'home'} at {width}: {fault}" for fault in found]
    if width == DESK[0]:
        page.set_viewport_size({"width": WALL[0], "height": WALL[1]})
        page.evaluate(STILL)
        faults += [f"{path or 'home'} at {WALL[0]}: {cut}" for cut in page.evaluate(SEEN)]
        page.set_viewport_size({"width": width, "height": DESK[1]})
    return faults


@pytest.mark.parametrize(
    ("scheme", "size"), [("light", DESK), ("dark", (390, 844))], ids=["desk", "phone"]
)
def test_every_page_can_be_read(browser, served: str, scheme: str, size: tuple[int, int]) -> None:
    width, height = size
    context = browser.new_context(
        viewport={"width": width, "height": height}, color_scheme=scheme, reduced_motion="reduce"
    )
    page = context.new_page()
    page.set_default_timeout(120_000)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    faults = [fault for path in SHOWN for fault in look(page, served, path)]
    context.close()
    assert faults == []
    # Nothing is fetched from another host.
    ours = (served, served.replace("http", "ws"), "data:", "blob:")
    assert len(asked) > len(SHOWN) and [url for url in asked if not url.startswith(ours)] == []
