"""The journeys that matter, in a real browser: open, filter, drill, share, export and read back."""

from __future__ import annotations

import contextlib
import io

import pandas as pd
import pytest
from browser_kit import settled, turn_to, visit
from playwright.sync_api import TimeoutError as NotYet
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


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
    page.locator(".st-key-filters button").first.click()
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
    # A value that is gone is said, and the rest of the view is shown.
    visit(other, served, path.replace("enterprise", "gone"))
    expect(other.locator("[data-testid=stAlert]").first).to_contain_text("gone")
    assert "entered" in other.locator(".sm-foot").first.inner_text()


def test_a_step_back_is_the_view_before(page, served: str) -> None:
    visit(page, served, "funnel?period=2026-Q1")
    page.locator(".st-key-options button").first.click()
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
    expect(foot).to_contain_text("started", timeout=45_000)
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


def leads_to(page, drawn, address: str, x: float, y: float) -> None:
    """Click into a figure until it leads on: what is drawn may not listen at once."""
    drawn.wait_for()
    settled(page)
    for _ in range(4):
        drawn.scroll_into_view_if_needed()  # what is above may have grown meanwhile
        box = drawn.bounding_box()
        page.mouse.click(box["x"] + x, box["y"] + y)
        with contextlib.suppress(NotYet):
            page.wait_for_url(f"**/{address}*", wait_until="commit", timeout=15_000)
            break
    assert f"/{address}" in page.url


def leads_back(page, path: str, title: str) -> None:
    """Take one step back and wait for its page."""
    settled(page)
    page.go_back()
    page.wait_for_url(f"**/{path}*", wait_until="commit")
    expect(page.locator("h1")).to_have_text(title, timeout=45_000)


def test_from_a_campaign_to_a_deal_and_back(page, served: str) -> None:
    visit(page, served, "campaigns?period=2026-Q2")
    grid = page.locator(".st-key-campaigns_shown canvas").first
    leads_to(page, grid, "campaign?id=", 80, 54)
    page.locator(".st-key-crumbs").wait_for()
    name = page.locator("h1").inner_text()
    bar = page.locator(".st-key-campaign_deals_chart .bars .point path").first
    leads_to(page, bar, "deal?id=", 8, 8)
    title = page.locator("h1")
    expect(title).not_to_have_text(name, timeout=45_000)
    deal = title.inner_text()
    expect(page.locator(".st-key-earned_shown canvas").first).to_be_visible(timeout=45_000)
    page.locator(".st-key-crumbs").get_by_role("link", name=name).click()
    page.wait_for_url("**/campaign?id=*", wait_until="commit")
    expect(title).to_have_text(name, timeout=45_000)
    for path, said in (
        ("deal?id=", deal),
        ("campaign?id=", name),
        ("campaigns?period=2026-Q2", "Campaigns"),
    ):
        leads_back(page, path, said)


def test_an_exported_csv_reads_back_and_adds_up(page, served: str) -> None:
    visit(page, served, "attribution?credit_records=true")
    page.wait_for_selector(".st-key-credit_rows_stamped button")
    with page.expect_download() as download:
        page.locator(".st-key-credit_rows_stamped button").click()
    text = download.value.path().read_text(encoding="utf-8-sig")
    stamp, _, table = text.partition("\n")
    assert stamp.startswith('"# Title: ')
    assert "; Choices: Model Position (U)" in stamp and "; As of: " in stamp
    frame = pd.read_csv(io.StringIO(table))
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
    assert "Leads started in the period, stages passed over count, the first time" in set(about[1])
    table = pd.read_excel(download.value.path(), sheet_name="Table", engine="calamine")
    assert list(table["Stage"])[:2] == ["lead", "mql"]


def test_a_definition_shows_formula_sql_and_signatures(page, served: str) -> None:
    visit(page, served, "scoreboard")
    page.locator(".st-key-card_new_mqls button").first.click()
    body = page.locator("[data-testid=stPopoverBody]")
    body.get_by_text("SQL, as run for this view").wait_for()
    body.locator("code").last.wait_for()
    words = " ".join([body.inner_text(), *body.locator("code").all_text_contents()])
    assert "count(*)" in words and "fct_stage_count" in words
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


def test_why_mqls_fell(page, served: str) -> None:
    visit(page, served, "?period=2026-W25")
    said = page.locator("[class*=st-key-said_] a").first
    expect(said).to_contain_text("New MQLs 11 of 15", timeout=45_000)
    said.click()
    page.wait_for_url("**/scoreboard?*kpi=new_mqls*", wait_until="commit")
    why = page.get_by_role("heading", name="New MQLs fell by ")
    expect(why).to_be_visible(timeout=45_000)
    page.locator(".st-key-why_records summary").click()
    expect(page.locator(".st-key-why_records")).to_contain_text(
        "adds up to the figure", timeout=45_000
    )


def test_my_overdue_leads_to_copy_and_on_paper(page, served: str) -> None:
    visit(page, served)
    page.locator("[class*=st-key-said_] a").last.click()
    page.wait_for_url("**/handoff?*handoff_view=Worklist*", wait_until="commit")
    page.locator(".st-key-whose input").click()
    page.get_by_role("option", name="Levin Moorland").click()
    expect(page.get_by_role("heading", name="42 leads are overdue")).to_be_visible(timeout=45_000)
    page.locator(".st-key-worklist_copy button").first.click()
    lines = page.locator("[data-testid=stPopoverBody] code").first.inner_text().splitlines()
    assert len([line for line in lines if line.startswith("Levin Moorland: ")]) == 42
    page.keyboard.press("Escape")
    page.emulate_media(media="print")
    paper = page.locator(".sm-paper").first
    expect(paper).to_be_visible()
    assert paper.locator("tbody tr").count() == 42
    assert not page.locator("[data-testid=stDataFrame]").first.is_visible()
    assert not page.locator(".st-key-filter_bar").is_visible()


def test_presenting_is_read_from_the_back_and_turned_by_keys(page, served: str) -> None:
    page.set_viewport_size({"width": 1920, "height": 1080})
    page.goto(f"{served}/?present=1&period=2026-Q2")
    page.locator(".sm-said").first.wait_for()
    settled(page)
    hidden = "all => all.filter(e => e.scrollHeight > e.clientHeight + 1).length"
    assert page.locator(".sm-screen p").evaluate_all(hidden) == 0, "nothing is cut"
    last = page.locator(".sm-said").last.bounding_box()
    assert last["y"] + last["height"] < 1080, "all of it is on the screen"
    page.keyboard.press("ArrowRight")
    page.wait_for_url("**screen=2*")
    sizes = {
        name: float(
            page.locator(f".sm-{name}").evaluate("e => parseFloat(getComputedStyle(e).fontSize)")
        )
        for name in ("figure", "verdict")
    }
    assert sizes["figure"] >= 72 and sizes["verdict"] >= 32
    expect(page.locator(".sm-verdict")).to_contain_text("behind", timeout=45_000)
    assert not page.locator("[data-testid=stHeader]").is_visible()
    page.keyboard.press("Space")
    page.wait_for_url("**screen=3*")
    settled(page)
    page.keyboard.press("ArrowLeft")
    page.wait_for_url("**screen=2*")
    settled(page)
    page.keyboard.press("Escape")
    expect(page.locator("[data-testid=stHeader]")).to_be_visible(timeout=45_000)
    assert "present" not in page.url
