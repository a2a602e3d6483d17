"""From a file dropped in a browser to a figure, and back again."""

from __future__ import annotations

from pathlib import Path

import pytest
from browser_kit import serving, settled
from playwright.sync_api import expect

from smarketing.store.builds import published

pytestmark = pytest.mark.browser
expect.set_options(timeout=120_000)

DEALS = (
    "deal_id,name,amount,currency,stage,created_at,closed_at,outcome\n"
    "D1,Acme,12.000,EUR,Won,2026-01-05,2026-02-10,won\n"
)


def test_drop_settle_import_see_and_undo(page, chromium: str, tmp_path: Path) -> None:
    home, file = tmp_path / "home", tmp_path / "deal.csv"
    file.write_text(DEALS)
    with serving(home) as address:
        page.goto(address)
        page.get_by_role("button", name="Import files").click()
        page.locator("input[type=file]").set_input_files(file)
        page.get_by_text("may be thousands or thousandths").wait_for()
        page.locator(".st-key-import_decimal input").click()
        page.get_by_role("option", name="a comma: 12,50").click()
        page.get_by_text("The first rows that they give").wait_for()
        page.get_by_role("button", name="Import", exact=True).click()
        page.get_by_text("What was imported").wait_for()
        page.goto(f"{address}/scoreboard?period=2026-Q1")
        settled(page)
        expect(page.locator(".sm-value").filter(has_text="€12.0 k").first).to_be_visible()
        page.goto(f"{address}/imports")
        page.get_by_text("Undo the last import").click()
        page.get_by_role("button", name="Take it back").click()
        page.get_by_text("was taken back").wait_for()
    assert published(home) is None
