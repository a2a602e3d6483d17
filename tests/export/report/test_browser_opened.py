"""A report as its readers open it: HTML in a browser without a network, slides in LibreOffice."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest
from browser_kit import browser, chromium
from pptx import Presentation
from pypdf import PdfReader

from smarketing.cli import main

__all__ = ["browser", "chromium"]


@pytest.fixture(scope="module")
def reports(demo_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the report for leadership of the demo company, as HTML and as slides."""
    out = tmp_path_factory.mktemp("reports")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SMARKETING_HOME", str(demo_home))
        words = ["report", "leadership", "--period", "2026-06", "--format", "html,pptx"]
        patch.setattr("sys.argv", ["smarketing", *words, "--out", str(out)])
        with pytest.raises(SystemExit) as ended:
            main()
    assert not ended.value.code
    return out


@pytest.mark.browser
def test_offline_it_shows_everything_and_asks_for_nothing(browser, reports: Path) -> None:
    (file,) = reports.rglob("*leadership*.html")
    context = browser.new_context(offline=True)
    page = context.new_page()
    asked: list[str] = []
    said: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda line: said.append(line.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto(file.as_uri())
    page.wait_for_selector(".main-svg")
    drawn = page.locator("[id^='chart-']").count()
    assert drawn > 3
    assert page.locator("[id^='chart-']:has(.main-svg)").count() == drawn
    context.close()
    assert said == []
    assert [url for url in asked if url != file.as_uri() and not url.startswith("data:")] == []


@pytest.mark.slow
def test_libreoffice_opens_the_slides_and_says_nothing(reports: Path, tmp_path: Path) -> None:
    office = shutil.which("soffice")
    if office is None:
        pytest.skip("LibreOffice is not installed")
    (file,) = reports.rglob("*leadership*.pptx")
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    told = subprocess.run(
        [office, profile, "--headless", "--convert-to", "pdf", "--outdir", tmp_path, file],
        capture_output=True,
        text=True,
        timeout=240,
        check=True,
    )
    pages = PdfReader(next(tmp_path.glob("*.pdf"))).pages
    assert len(pages) == len(Presentation(str(file)).slides)
    # What it says of itself, where it has no Java, is not about the slides.
    assert [line for line in told.stderr.splitlines() if "javaldx" not in line] == []
