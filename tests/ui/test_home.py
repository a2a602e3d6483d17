"""Home and presentation: the sentences link to their figures, misses come first, keys turn."""

from __future__ import annotations

from pathlib import Path

import pytest
from page_kit import run_page
from streamlit.testing.v1 import AppTest

from smarketing.agreement import load_home_agreement
from smarketing.analysis.review.state import state
from smarketing.engine import open_engine


def html_of(app: AppTest) -> str:
    return " ".join(str(element.proto.body) for element in app.get("html"))


def test_home_says_where_the_company_stands(
    demo_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = run_page(demo_home, monkeypatch, "home", period="2026-06")
    links = [e.proto.label.replace("\\", "").replace("\u2060", "") for e in app.get("page_link")]
    assert (
        links[0]
        == "2 of 9 targets of 2026-06 need attention: New leads 95 of 120 and New MQLs 52 of 65."
    )
    assert links[2].startswith("120 leads are overdue")
    text = html_of(app)
    assert text.index("€479") < text.index("78.3")
    assert (
        "Marketing promised to hand over 65 leads in 2026-06 and handed over 52, "
        "under what was promised." in text
    )
    assert "Sales kept 178 of 200 promises of follow-up." in text


def test_presentation_shows_a_topic_a_screen_misses_first(
    demo_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine, agreement = open_engine(demo_home), load_home_agreement(demo_home)
    found = state(engine, agreement, agreement.parse_period("2026-06"))
    app = run_page(demo_home, monkeypatch, "home", period="2026-06", present="1", screen="2")
    text = html_of(app)
    assert found.results[0].label in text and 'sm-verdict sm-bad">▼ behind' in text
    assert "2 of 17 · data to 30 Jun 2026, imported " in text
    assert text.count("so far") == 1 and "<span>2026-06</span></p></div>" in text
    for asked, shown in (("99", "17 of 17"), ("0", "1 of 17"), ("x", "1 of 17"), ("-3", "1 of 17")):
        app = run_page(demo_home, monkeypatch, "home", period="2026-06", present="1", screen=asked)
        assert f"{shown} ·" in html_of(app)
