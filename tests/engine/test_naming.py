"""Texts that name people: what of them is shown to whom people are masked, by hand."""

from __future__ import annotations

from pathlib import Path

import pytest

from smarketing.access import Access
from smarketing.build import import_files
from smarketing.engine import open_engine
from smarketing.engine.compile import parse
from smarketing.engine.naming import _are_a_name
from smarketing.engine.written import read_workspace
from smarketing.workspace.records import Decision, Idea, Note
from smarketing.workspace.store import now

FILES = {
    "person.csv": """person_id,full_name,email,account_id
p1,Zoë Quandtberg,zoe@quexfirm.example,a1
p2,Hans Price,hans@quexfirm.example,a1
p3,Ida Olsen,ida@other.example,a2
p4,Bo Lind,bo@other.example,a2
p5,Dr. Łucja Strzal,lu@other.example,a2
p6,山田 太郎,yamada@other.example,a2
p7,王芳,wang@other.example,a2
p8,Νίκος Αλεξίου,nikos@other.example,a2
""",
    "member.csv": """member_id,name,team
m1,Mara Quandtberg,sales
m2,Hans Muster,sales
""",
    "lead.csv": """lead_id,person_id,created_at,source_detail
l1,p1,2026-01-05,list of Frau Quandtberg
l2,p2,2026-01-05,
l3,p3,2026-01-05,
l4,p4,2026-01-05,
l8,,2026-01-05,Lucja Strzal or 山田太郎様
l9,,2026-01-05,王芳说 no
l10,,2026-01-05,told ΝΙΚΟΣ ΑΛΕΞΙΟΥ
""",
    "lead_stage_event.csv": """lead_id,stage,kind,entered_at,reason
l1,mql,entry,2026-01-06,
l1,rejected,exit,2026-01-07,Frau Quandtbergs Chef: ZOE quandtberg has left
l2,rejected,exit,2026-01-07,price
l3,rejected,exit,2026-01-07,price
l4,rejected,exit,2026-01-07,price
l3,rejected,exit,2026-01-08,"said Mr. Price, Hans: call +49 30 1234567"
l4,rejected,exit,2026-01-08,Olsen knows more
""",
    "deal.csv": """deal_id,lead_id,account_id,created_at,outcome,closed_at,lost_reason
d1,l1,a1,2026-01-10,lost,2026-01-20,no budget (Quandtberg)
""",
}


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("files")
    for name, text in FILES.items():
        (folder / name).write_text(text)
    home = tmp_path_factory.mktemp("home")
    import_files(home, [folder], source="generic", by="tests")
    return home


def told(home: Path, role: str, table: str, column: str) -> list[str]:
    query = parse(f"select distinct {column} as it from {table} where {column} is not null", "q")
    return sorted(row["it"] for row in open_engine(home, Access(role)).rows(query))  # type: ignore[arg-type]


@pytest.mark.parametrize("table", ["lead_stage_event", "fct_stage_entry"])
def test_a_reason_names_nobody_to_a_viewer(home: Path, table: str) -> None:
    """A full name is anybody's; a single word is a name where its record has somebody so called."""
    shown = told(home, "viewer", table, "reason")
    assert [text for text in shown if "budget" not in text] == [
        "Frau ••• Chef: ••• has left",
        "Olsen knows more",
        "price",
        "said Mr. •••: call •••",
    ]
    assert "Olsen knows more" in told(home, "member", table, "reason")
    assert any("ZOE quandtberg" in text for text in told(home, "member", table, "reason"))


def test_other_words_of_a_lead_and_a_deal_name_nobody_either(home: Path) -> None:
    assert told(home, "viewer", "dim_lead", "source_detail") == [
        "list of Frau •••",
        "told •••",
        "••• or •••様",
        "•••说 no",
    ]
    assert told(home, "viewer", "fct_deal", "lost_reason") == ["no budget (•••)"]
    assert told(home, "lead", "fct_deal", "lost_reason") == ["no budget (Quandtberg)"]


def test_where_nobody_is_named_no_text_is_looked_up(home: Path) -> None:
    query = parse("select outcome from touch", "q")
    assert "naming" not in open_engine(home, Access("viewer")).compile(query).sql
    reasons = parse("select reason from fct_stage_entry", "q")
    assert "naming" in open_engine(home, Access("viewer")).compile(reasons).sql
    assert "naming" not in open_engine(home).compile(reasons).sql


def test_texts_without_any_contact_are_read_as_they_stand(home: Path) -> None:
    """Patterns over texts that have nothing to mask take longer than most questions."""
    viewer = open_engine(home, Access("viewer"))

    def masked(column: str, table: str) -> bool:
        return "REGEXP_REPLACE" in viewer.compile(parse(f"select {column} from {table}", "q")).sql

    assert masked("reason", "fct_stage_entry"), "one has a telephone number"
    assert not masked("lost_reason", "fct_deal") and not masked("name", "dim_account")
    assert masked("full_name", "dim_person")
    assert told(home, "viewer", "fct_deal", "name") == ["Deal · d1"]


def test_what_colleagues_wrote_names_nobody_to_a_viewer(home: Path) -> None:
    """A single word is a name where the note is on the page of somebody so called."""
    written = {
        "funnel": ["Quandtberg: 3 of 4", "ask Frau Zoe  QUANDTBERG, zoe@quexfirm.example"],
        "journey@lead:generic:l1": ["Quandtberg wants a quote"],
        "deal@deal:generic:d1": ["Quandtberg signs"],
        "people@account:generic:a1": ["Price pays, not Olsen"],
        "journey@lead:generic:l4": ["Quandtberg again", "go, Bo"],
        "speed": ["山田太郎 called"],
        "leads@lead:generic:l1": ["Zoe pays", "Zo pays"],
        "worklist@lead:generic:l1": [
            "Mara Quandtberg calls Quandtberg",
            "MARA  Quandtberg has it",
            "Mr. Quandtberg",
        ],
        "handoff": ["Hans  Muster told Hans Price", "Mara Quandtberg or Zoe Quandtberg"],
    }
    notes = read_workspace(home).of(Note)
    for figure, texts in written.items():
        for text in texts:
            notes.add(Note(figure=figure, text=text, author="Mia Olsen", written_at=now()))
    read_workspace(home).of(Decision).add(
        Decision(text="Price, Hans gets a discount", decided_by="Mia", decided_at=now())
    )
    idea = Idea(title="Dinner with Bo Lind", author="Mia", team="sales", raised_at=now())
    read_workspace(home).of(Idea).add(idea)
    for _ in range(2):  # worked out, and kept
        viewer = read_workspace(home, Access("viewer"))
        assert [note.text for note in viewer.of(Note).all()] == [
            "Quandtberg: 3 of 4",
            "ask Frau •••@quexfirm.example",
            "••• wants a quote",
            "••• signs",
            "••• pays, not Olsen",
            "Quandtberg again",
            "go, Bo",
            "••• called",
            "••• pays",
            "Zo pays",
            "Mara Quandtberg calls •••",
            "MARA  Quandtberg has it",
            "Mr. •••",
            "Hans  Muster told •••",
            "Mara Quandtberg or •••",
        ]
        assert {note.author for note in viewer.of(Note).all()} == {"Mia Olsen"}
        assert [one.text for one in viewer.of(Decision).all()] == ["••• gets a discount"]
        assert [one.title for one in viewer.of(Idea).all()] == ["Dinner with •••"]
    member = read_workspace(home, Access("member", team="sales")).of(Note).all()
    assert "Quandtberg signs" in [note.text for note in member]


@pytest.mark.parametrize(
    ("text", "name", "is_one"),
    [
        ("Will Long called", "will long", True),
        ("Long, Will", "will long", True),
        ("WILL LONGS boss", "will long", True),
        ("ask will long about it", "will long", True),
        ("Will said that Long pays", "will long", True),
        ("zoe said that quandtberg pays", "zo quandtberg", True),
        ("We will see, it takes long", "will long", False),
        ("Will takes too long", "will long", False),
        ("Can an AE do this? So do you an offer", "an do", False),
        ("He says you pay", "he you", False),
        ("An Do called", "an do", True),
        ("visit_an_do", "an do", True),
        ("odd İz signs", "odd ix", True),
    ],
)
def test_words_that_are_names_as_well_stay_in_a_sentence(
    text: str, name: str, is_one: bool
) -> None:
    assert _are_a_name(text, name.split()) == is_one
