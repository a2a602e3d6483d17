"""Drilling: a click leads to the record that a cell or its row names, and its page adds up."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from urllib.parse import parse_qsl

import pandas as pd
import pytest
from page_kit import adds_up, run_page, view_of
from streamlit.testing.v1 import AppTest

from smarketing.analysis.journeys.timeline import earned_by_campaign, journey
from smarketing.analysis.kpis.scoreboard import kpis
from smarketing.sources import builtin_sources
from smarketing.ui import crm, drill
from smarketing.ui.navigation import RECORDS
from smarketing.ui.sections.kpis import quotas
from smarketing.ui.sections.records import unit
from smarketing.ui.session import ask

DEAL, CAMPAIGN = "generic:D000132", "generic:C000048"
ROW = pd.DataFrame(
    {
        "person": ["Ada"],
        "person_id": ["p1"],
        "account": ["(unknown)"],
        "account_id": [None],
        "owner": ["Bob"],
        "lead_id": ["l1"],
        "channel": ["webinar"],
    }
)


def text_of(app: AppTest) -> str:
    html = [str(element.proto.body) for element in app.get("html")]
    plain = [str(element.value) for element in (*app.title, *app.markdown, *app.caption)]
    return "\n".join([*html, *plain])


@pytest.mark.parametrize(
    ("column", "record"),
    [
        ("person", ("person", "p1")),
        ("person_id", ("person", "p1")),
        ("owner", ("owner", "Bob")),
        ("channel", ("lead", "l1")),
        ("account", ("lead", "l1")),
    ],
)
def test_a_cell_leads_to_its_own_record_else_to_that_of_its_row(
    column: str, record: tuple[str, str]
) -> None:
    assert drill.target(ROW, 0, column) == record


def test_a_row_without_a_record_leads_nowhere() -> None:
    assert drill.target(ROW[["channel"]], 0, "channel") is None
    assert drill.target(ROW, 7, "person") is None
    nobody = pd.DataFrame({"owner": ["(nobody)"], "deal_id": [None]})
    assert drill.target(nobody, 0, "owner") is None


def test_ids_are_hidden_where_names_say_whose_the_rows_are() -> None:
    assert {"lead_id", "person_id"} <= drill.hidden(ROW)
    assert not drill.hidden(ROW[["lead_id", "channel"]])


def test_what_campaigns_earned_of_a_deal_is_what_its_touches_earned(demo_home: Path) -> None:
    view = view_of(demo_home, "2025-Q4")
    found = journey(view.store.engine, view.store.agreement, DEAL, kind="deal")
    earned = earned_by_campaign(found)
    amounts = [amount for amount, _ in earned.values()]
    whole = sum(e.credits.get("revenue", 0) for e in found.events if e.campaign_id)
    assert sum(amounts) == whole > 0 and amounts == sorted(amounts, reverse=True)
    adds_up(unit.campaigns(view, found, earned))
    assert len(unit.events(view, found).data) == len(found.events)


@pytest.mark.parametrize(
    ("kind", "record", "said"),
    [
        ("deal", DEAL, "Won for €258"),
        ("lead", "generic:L000574", "What happened, in order"),
        ("lead", "generic:L000045", "Overdue: first response was due 22 Jan 2025, 13:20."),
        ("lead", "generic:L000045", "Sales kept 0 of 3 promises that fell due"),
        ("lead", "generic:L001538", "Nothing was owed: exempt, open conversation"),
        ("account", "generic:A000075", "What happened, in order"),
        ("account", "generic:A000309", "6 leads, 1 overdue"),
        ("person", "generic:P000529", "What happened, in order"),
        ("campaign", CAMPAIGN, "has a part in 19 deals"),
        ("owner", "Levin Moorland", "42 leads are overdue; no more fall due soon"),
        (
            "owner",
            "Mira Aspenbrook",
            "In the period they won €592\u202fk of a quota of €185\u202fk",
        ),
    ],
)
def test_every_kind_of_record_has_a_page(
    demo_home: Path, monkeypatch: pytest.MonkeyPatch, kind: str, record: str, said: str
) -> None:
    app = run_page(demo_home, monkeypatch, kind, id=record)
    text = text_of(app)
    assert said in text and "could not be shown" not in text


def test_quotas_by_member_are_those_of_the_whole(demo_home: Path) -> None:
    view = view_of(demo_home, "2026-Q2")
    shown = quotas.by_member(view, quotas.members(view))
    assert shown.title == "3 of 4 members have reached the quota of the period"
    whole = ask(view.store, kpis, view.store.agreement, (quotas.QUOTA,), view.window)[0]
    assert shown.data["won"].sum() == pytest.approx(whole.numerator)
    assert shown.data["quota"].sum() == whole.denominator == 670_000
    assert list(shown.data["missing"]) == [0, 0, 0, 115_000], "nobody makes up for another"
    assert quotas.members(view_of(demo_home, "2024-Q1")) == []


@pytest.mark.parametrize("kind", RECORDS)
def test_a_link_to_a_record_that_is_gone_says_so(
    demo_home: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    text = text_of(run_page(demo_home, monkeypatch, kind, id="generic:gone"))
    assert f"The data have no {kind} “generic:gone”" in text
    assert text.count("generic:gone") == text.count("id=generic%3Agone") + 1, "once, and linked"


def test_an_endless_id_is_cut(demo_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    app = run_page(demo_home, monkeypatch, "deal", id="Q" * 10_000)
    shown = [str(each.proto.body) for kind in ("html", "markdown") for each in app.get(kind)]
    assert [text.count("Q") for text in shown if "QQQ" in text] == [119], (
        "with the quotation mark before it"
    )


def test_the_breadcrumb_leads_back_along_the_trail(
    demo_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = run_page(demo_home, monkeypatch, "deal", id=DEAL, via=f"campaign:{CAMPAIGN}")
    links = [(link.proto.page, link.proto.label.replace("\\", "")) for link in app.get("page_link")]
    assert links[:2] == [("campaigns", "Campaigns"), ("campaign", "LinkedIn deciders 2026-Q2")]


def test_a_trail_begins_on_the_page_it_was_entered_from(
    demo_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    via = ["page:handoff", "owner:Kaja Tannfeld"]
    app = run_page(demo_home, monkeypatch, "lead", id="generic:L000045", via=via)
    links = {link.proto.page: link.proto for link in app.get("page_link")}
    crumbs = [link.proto.label for link in app.get("page_link")][:2]
    assert crumbs == ["Handoff", "Kaja Tannfeld"]
    account = dict(parse_qsl(links["account"].query_string))
    assert account["via"] == "lead:generic:L000045", "the last step; the page stays the first"
    assert "page%3Ahandoff" in links["account"].query_string


def test_a_record_leads_to_its_page_in_the_system_it_came_from(
    demo_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = builtin_sources()["generic"]
    links = {"deal": "{address}/deals/{id}", "account": "https://acme.example/accounts/{id}"}
    named = own.profile.model_copy(update={"links": links, "label": "Acme CRM"})
    monkeypatch.setattr(crm, "_sources", lambda *_: {"generic": replace(own, profile=named)})
    store = view_of(demo_home, "2026-Q2").store
    assert crm.where(store, "deal", DEAL) is None
    assert crm.where(store, "account", "generic:a/1") == (
        "Acme CRM",
        "https://acme.example/accounts/a%2F1",
    )
    monkeypatch.setenv("SMARKETING_CRM", "generic=https://acme.example")
    app = run_page(demo_home, monkeypatch, "deal", id=DEAL)
    led = [link.proto.page for link in app.get("page_link")]
    assert "https://acme.example/deals/D000132" in led
