"""The agreement's page: everything signed, found by a word; proposed, signed, compared."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from page_kit import alone, run_page
from small_stores import bare_home
from streamlit.testing.v1 import AppTest

from smarketing.access import Access
from smarketing.agreement import load_agreement, load_home_agreement
from smarketing.agreement.edits import number_at
from smarketing.analysis.planning.quotas import Quota, Quotas
from smarketing.errors import UsageError
from smarketing.store.agreed import agreed
from smarketing.store.builds import current_build
from smarketing.ui import gate
from smarketing.ui.sections.agreement.forms import _entry
from smarketing.ui.sections.agreement.quotas import changed

HOURS = "service_levels.response.within_business_hours"


@pytest.fixture
def app(demo_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AppTest:
    """The page of a home of its own, alone in its app."""
    home = tmp_path / "home"
    shutil.copytree(demo_home, home, ignore=shutil.ignore_patterns("landing"))
    monkeypatch.setenv("SMARKETING_HOME", str(home))
    return alone("agreement", tmp_path)


def written(app: AppTest) -> str:
    assert not app.exception
    return "\n".join(element.proto.body for element in app.get("html"))


def compared(app: AppTest) -> str:
    """What differs between the two versions that are held against each other by default."""
    listed = [text for text in written(app).split("<ul ") if "</ul>" in text]
    return listed[-1].partition("<li>")[2].partition("</li>")[0]


def turn_to(app: AppTest, view: str) -> None:
    app.query_params["agreement_view"] = view
    app.run()


def press(app: AppTest, label: str) -> None:
    next(button for button in app.button if button.label == label).click()
    app.run()


def test_what_is_signed_is_there_and_found_by_a_word(app: AppTest) -> None:
    text = written(app)
    assert "Within business hours" in text and "Glossary" in text and "fct_stage_count" in text
    app.text_input(key="sought").set_value("speed to lead")
    app.run()
    assert "parts hold “speed to lead”" in written(app)


def test_a_change_by_a_form_is_proposed_and_in_force_once_both_signed(
    app: AppTest, tmp_path: Path
) -> None:
    home = tmp_path / "home"
    turn_to(app, "propose")
    hours = next(n for n in app.number_input if n.label.startswith("First response"))
    hours.set_value(2.0)
    press(app, "Put into the draft")
    assert "Response from 4 to 2 business hours." in written(app)
    next(t for t in app.text_input if t.label == "Your name").set_value("<b>Anna</b>")
    app.run()
    press(app, "Propose")
    made = agreed(home).versions()[1]
    assert made.proposal is not None and made.proposal.proposed_by == "<b>Anna</b>"
    turn_to(app, "versions")
    assert "&lt;b&gt;Anna" in written(app) and "<b>Anna" not in written(app)
    assert compared(app) == "Response from 4 to 2 business hours."  # from what is on file
    # The forms of the version on file come first; those of the proposal last, marketing's before.
    for team, place in (("marketing", -2), ("sales", -1)):
        boxes = [t for t in app.text_input if t.label == f"Sign for {team}: your name"]
        boxes[-1].set_value(f"Lead of {team}")
        forms = [b for b in app.button if b.label == "Sign"]
        forms[place].click()
        app.run()
    assert number_at(load_home_agreement(home), HOURS) == 2
    assert "In force: both teams signed this version." in written(app)
    app.run()
    assert compared(app) == "Response from 4 to 2 business hours."  # from the version before


def test_grids_sent_as_they_stand_change_nothing_and_a_kpi_is_reworded(app: AppTest) -> None:
    turn_to(app, "propose")
    for label in ("Put the targets into the draft", "Put the words into the draft"):
        press(app, label)
        assert "Both say the same" in written(app), label
    for part in ("glossary", "exits"):
        next(box for box in app.selectbox if box.label == "What to reword").set_value(part).run()
        press(app, "Put the words into the draft")
        assert "Both say the same" in written(app), part
    next(box for box in app.selectbox if box.label == "KPI").set_value("won_revenue").run()
    next(box for box in app.text_input if box.label == "Label").set_value("Sales won")
    press(app, "Put the KPI into the draft")
    assert "KPIs, “Sales won”, Label from Won revenue to Sales won." in written(app)
    expression = next(box for box in app.text_input if box.label == "Expression")
    expression.set_value("sum(won_amont)")
    press(app, "Put the KPI into the draft")
    assert "reads the unknown column &#x27;won_amont&#x27; of fct_deal" in written(app)
    # What was typed stays in the form, and what cannot be counted out of the draft.
    assert "The draft was not changed" in written(app)
    expression = next(box for box in app.text_input if box.label == "Expression")
    assert expression.value == "sum(won_amont)"
    assert "won_amont" not in next(box for box in app.text_area if box.label == "As YAML").value
    next(box for box in app.selectbox if box.label == "KPI").set_value("").run()
    press(app, "Put the KPI into the draft")
    assert "The draft was not changed" in written(app)
    press(app, "Save the quotas")
    assert "There is nothing to save: no row differs." in written(app)


def test_a_reason_may_hold_any_sign() -> None:
    assert _entry("reasons", ["no budget; next year", " price, terms ", " "]) == [
        "no budget; next year",
        "price, terms",
    ]
    assert _entry("reasons", None) == [] and _entry("reasons", float("nan")) == []
    assert _entry("definition", " no; yes ") == "no; yes"


def test_quotas_that_differ_are_saved_and_no_others() -> None:
    agreement = load_agreement()
    held = (Quota("m1", "2026-Q2", 1000.0, "EUR"), Quota("m1", "2026-Q3", 0.1, "KWD"),
            Quota("m1", "Q4 2026", 5.0, "EUR"), Quota("m1", "whenever", 5.0, "EUR"))  # fmt: skip
    found = Quotas(held, {"m1": "Ann", "m2": "Bo"})

    def row(member: object, period: object, amount: object, currency: object = None):
        return {"member": member, "period": period, "amount": amount, "currency": currency}

    rows = [row("m1", "2026-Q2", 1000, "eur"), row("m1", "2026-Q3", 0.2, "KWD")]
    rows += [row("m2", " 2026-07 ", 0), row("m2", "FY2026", 6, "JPY")]
    rows += [row("m1", "2026Q4", 7, "EUR"), row("m1", "whenever", 5, "EUR")]
    assert changed(agreement, found, rows) == [
        {"member_id": "m1", "period": "2026-Q3", "amount": "0.200", "currency": "KWD"},
        {"member_id": "m2", "period": "2026-07", "amount": "0.00", "currency": "EUR"},
        {"member_id": "m2", "period": "FY2026", "amount": "6", "currency": "JPY"},
        {"member_id": "m1", "period": "Q4 2026", "amount": "7.00", "currency": "EUR"},
    ]
    for wrong, said in (
        ([row(None, "2026", 1)], "Row 1 needs a member"),
        ([row("m1", "2026", None)], "an amount"),
        ([row("m1", "2026-Q2", 1), row("m1", "2026-Q2", 2)], "Ann has two quotas for 2026-Q2"),
        ([row("m2", "2026-Q2", 1), row("m2", "Q2 2026", 2)], "Bo has two quotas for 2026-Q2"),
        ([row("m1", "Q4 2026", 1), row("m1", "2026-Q4", 2)], "Ann has two quotas for Q4 2026"),
        ([row("m1", "summer", 1)], "summer"),
        ([row("m1", "2026", 5.5, "jpy")], r"Row 1: 5\.5 JPY has more than 0 decimals"),
    ):
        with pytest.raises(UsageError, match=said):
            changed(agreement, found, wrong)


@pytest.mark.parametrize(
    "access",
    [
        Access("viewer", email="v@example.com", is_verified=True),
        Access("member", "sales", (("region", ("dach",)),), "m@example.com", "M", True),
    ],
    ids=["viewer", "scoped"],
)
def test_a_proposal_that_calls_everything_one_region_shows_no_more_of_it(
    app: AppTest, monkeypatch: pytest.MonkeyPatch, access: Access
) -> None:
    monkeypatch.setattr(gate, "current_access", lambda auth: access)
    turn_to(app, "propose")
    hours = next(n for n in app.number_input if n.label.startswith("First response"))
    hours.set_value(2.0)
    press(app, "Put into the draft")
    assert "Response from 4 to 2 business hours." in written(app)
    assert not [one for one in app.button if one.label.startswith("What would it do")]


def test_who_was_overtaken_sees_both_versions(app: AppTest, tmp_path: Path) -> None:
    home = tmp_path / "home"
    turn_to(app, "propose")
    next(n for n in app.number_input if n.label.startswith("First response")).set_value(2.0)
    press(app, "Put into the draft")
    text = agreed(home).on_file().content
    agreed(home).propose(text.replace("threshold: 50", "threshold: 60"), "Ben")
    next(t for t in app.text_input if t.label == "Your name").set_value("Anna")
    app.run()
    press(app, "Propose")
    said = written(app)
    assert "Ben proposed version" in said and "Lead score from 50 to 60 points." in said
    assert "Response from 4 to 2 business hours." in said
    assert "smarketing agreement" not in said, "what to do is a button, not a command"
    press(app, "Go on from theirs")
    [said_of_base] = [one.value for one in app.info]
    assert "Ben" in said_of_base and "not in force yet" in said_of_base
    press(app, "Propose")
    assert len(agreed(home).versions()) == 3
    newest = agreed(home).version(agreed(home).tip()).agreement
    assert newest.lead_definition.threshold == 60, "theirs is not undone"
    assert newest.service_levels.response.within_business_hours == 2


def test_every_page_can_be_shown_under_a_proposal_and_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = bare_home(tmp_path)
    text = agreed(home).on_file().content
    made = agreed(home).propose(text.replace("threshold: 50", "threshold: 60"), "Ben", "too many")
    published = current_build(home)
    app = run_page(home, monkeypatch, "data_health", under=made.hash[:8])
    said = " ".join(str(one.value) for one in app.info).replace("\\", "")
    assert f"the proposed version {made.hash[:8]}, by Ben" in said and "too many" in said
    # The stamp of every figure names the version, and so does the foot of the page.
    assert f"proposed {made.hash[:8]}" in written(app)
    assert current_build(home) == published
    press(app, "Back to the one on file")
    assert not app.info and f"proposed {made.hash[:8]}" not in written(app)
    gone = run_page(home, monkeypatch, "data_health", under="0000abcd")
    assert "There is no one version" in gone.warning[0].value and not gone.info
