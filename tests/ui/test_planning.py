"""The form of Planning: which step changes and by how much, answered in a sentence."""

from __future__ import annotations

from pathlib import Path

import pytest
from page_kit import run_page
from streamlit.testing.v1 import AppTest

from smarketing.agreement import load_home_agreement
from smarketing.analysis.planning.whatif import raised
from smarketing.charts import format as fmt
from smarketing.engine import open_engine
from smarketing.ui.sections.planning.tried import read_points


def text_of(app: AppTest) -> str:
    return "\n".join(str(element.proto.body) for element in app.get("html"))


def test_what_is_sent_is_answered_and_stays_in_the_address(
    demo_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = run_page(demo_home, monkeypatch, "planning")
    app.selectbox(key="step").set_value("sql")
    app.number_input(key="by_points").set_value(-3)
    next(button for button in app.button if button.label == "Show a year").click()
    app.run()
    assert not app.exception
    kept = {name: "".join(app.query_params[name]) for name in ("step", "by_points")}
    assert kept == {"step": "sql", "by_points": "-3"}
    engine = open_engine(demo_home)
    found = raised(engine, load_home_agreement(demo_home), "sql", -0.03)
    assert found is not None and found.gain < 0
    said = (
        f"SQL to Opportunity at {fmt.percent(found.rate, 0)} instead of "
        f"{fmt.percent(found.now, 0)} would bring "
        f"{fmt.money(-found.gain / 10**engine.minor_digits, 'EUR')} less a year"
    )
    assert said in text_of(app) and "fewer leads a year would take the step" in text_of(app)


@pytest.mark.parametrize("text", ["many", "101", "1.5"])
def test_a_change_that_cannot_be_read_is_said(text: str) -> None:
    with pytest.raises(ValueError, match="it is "):
        read_points(text)
