"""Erasing a person: gone from every table and byte, figures as before, and no way back."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import duckdb
import pytest

from smarketing.analysis.funnel.settings import FunnelSettings
from smarketing.analysis.funnel.stages import funnel
from smarketing.build import build, import_files
from smarketing.build.erasing.forget import Forgotten, forget
from smarketing.build.erasing.instead import near_tables
from smarketing.build.erasing.person import find
from smarketing.build.erasing.traces import Traces, mailboxes_in, phone_ends
from smarketing.build.erasing.words import untitled
from smarketing.engine import open_engine
from smarketing.engine.compile import parse
from smarketing.errors import StoreError, UsageError
from smarketing.files.quoting import literal
from smarketing.periods import parse_window
from smarketing.store import builds
from smarketing.store.erased import record_id
from smarketing.store.landing import read_manifests
from smarketing.workspace import open_workspace
from smarketing.workspace.records import Note, Proposal
from smarketing.workspace.store import now

VERA, BOX = "Vera Langstroem", "vera.langstroem@norden.example"
PERSON = """person_id,account_id,email,full_name,title,phone,remarks
P1,A1,Vera.Langstroem@norden.example,Vera Langstroem,Head of IT,+49 30 5550199,likes windsurfing
P2,A1,savera.langstroem@norden.example,Savera Langstroem,CFO,+49 30 5550200,
P3,A1,vera.langstroem@norden.example.org,Vera Other,CTO,,
"""
ACCOUNT = "account_id,name,domain\nA1,Norden,norden.example\n"
LEAD = """lead_id,person_id,account_id,created_at,channel
L1,P1,A1,2026-01-05T09:00:00,webinar
L2,P2,A1,2026-01-06T09:00:00,webinar
"""
STAGES = """lead_id,stage,entered_at
L1,mql,2026-01-07T09:00:00
L2,mql,2026-01-08T09:00:00
"""
TOUCH = """touch_id,person_id,lead_id,channel,kind,side,occurred_at,content,url
T1,P1,L1,webinar,webinar,marketing,2026-01-05T09:00:00,Guide,x.example/?e=vera.langstroem%40norden.example
T2,P1,L1,call,call,sales,2026-01-09T09:00:00,Vera's catamaran,x.example/?dear=vera
T4,P1,L1,form,form,marketing,2026-01-09T09:10:00,L\u00e5ngstroem +49 30 5550199,x.example/?catamaran
T5,P1,,form,form,marketing,2026-01-09T09:20:00,,x.example/?n=Vera+Langstr%C3%B6m
T3,P2,L2,call,call,sales,2026-01-09T10:00:00,Vera Langstroem (vera.langstroem+work@norden.example),
"""
FILES = {
    "account": ACCOUNT, "person": PERSON, "lead": LEAD, "lead_stage_event": STAGES, "touch": TOUCH,
}  # fmt: skip
TOLD = "Sav Langstroem +49 30 5550200, mine 030 5550199, hall 0170 1234567, desk 0170 7654321"
ODD_BOX = "v&#101;ra.langstroem\u200b&commat;norden%2Eexample"
#: The person in every other place: an id, a cell of a name and an address, an answer, the name of
#: a file and of a column.
RICH = {
    "account": ACCOUNT,
    BOX: PERSON.replace("Vera.Langstroem@norden.example,Vera", f"{VERA} <{BOX}>,Dr. Vera").replace(
        "remarks", "_remarks"
    )
    + f"{BOX},A1,,Vera Langstroem-Os,,,a catamaran\n",
    f"{VERA} 2026": LEAD,
    "stages": STAGES,
    "touch": TOUCH.replace("L\u00e5ngstroem +49 30 5550199", f'"{TOLD}"')
    + "T6,P2,L2,form,form,marketing,2026-01-09T11:00:00,0170-7654321 of the desk,\n"
    + f"T8,{BOX},,call,call,sales,2026-01-09T10:00:00,The catamaran,\n",
    "deal": f"deal_id,account_id,name,created_at,{VERA} <{BOX}>\n"
    f"D1,A1,to langstr\u00f6m: {ODD_BOX},2026-01-10,x\n",
    "feedback": """feedback_id,account_id,person_id,asked_at,kind,score,comment
F1,A1,P1,2026-01-20,nps,9,My yacht is on 0151 23456789
F2,A1,P2,2026-01-21,nps,8,Fine
""",
}
# Each longer than a word that DuckDB may leave by chance: it fills what it packs up to eight bytes
# with what its memory held before.
SECRETS = ("langstroem@norden.example", "5550199", "windsurfing", "catamaran", VERA.lower())


def write(folder: Path, files: dict[str, str]) -> Path:
    folder.mkdir(exist_ok=True)
    for name, text in files.items():
        (folder / f"{name}.csv").write_text(text)
    return folder


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with two builds and a note; only read it."""
    folder = tmp_path_factory.mktemp("made")
    place = folder / "home"
    import_files(place, [write(folder / "in", FILES)], source="generic")
    build(place)
    note = Note(figure="funnel", text=f"Ask {VERA} <{BOX}>", author="Mia", written_at=now())
    open_workspace(place).of(Note).add(note)
    return place


@pytest.fixture(scope="module")
def done(made: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Forgotten]:
    """A home from which the person was erased; only read it."""
    place = tmp_path_factory.mktemp("done") / "home"
    shutil.copytree(made, place)
    return place, forget(place, BOX, by="mia")


@pytest.fixture(scope="module")
def rich(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str, Forgotten, Forgotten]:
    """A home of RICH from which the person was erased, its texts before; only read it."""
    folder = tmp_path_factory.mktemp("rich")
    place = folder / "home"
    for _ in range(2):
        import_files(place, [write(folder / "in", RICH)], source="generic")
    for given in (BOX, "generic:P1", f"generic:{BOX}"):
        assert find(place, given).ids == {"generic:P1", f"generic:{BOX}"}
    before = said(place)
    dry = forget(place, BOX, dry_run=True)
    return place, before, dry, forget(place, f"generic:{BOX}")


@pytest.fixture(scope="module")
def later(rich: tuple[Path, str, Forgotten, Forgotten], tmp_path_factory: object) -> Path:
    """The same home after the person stood in later files; only read it."""
    place, *_ = rich
    changed = {
        BOX: RICH[BOX]
        .replace("likes windsurfing", "windsurfing again")
        .replace(f"{VERA} <", "Vera L. <"),
        "deal": RICH["deal"].replace("D1", "D2").replace("to l", "for l")
        + f"D3,A1,{VERA} <{BOX}>,2026-01-10,x,too,many\n",
        "feedback": RICH["feedback"].replace("F1", "F3").replace("yacht", "new yacht"),
    }
    home = Path(shutil.copytree(place, place.parent / "again" / "home"))
    import_files(home, [write(place.parent / "later", changed)], source="generic")
    return home


def copied(place: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(place, tmp_path / "home"))


def said(home: Path) -> str:
    """Every text of every landed table and every build, and every byte that is not packed."""
    texts: list[object] = []
    for parquet in home.rglob("*.parquet"):
        texts += duckdb.sql(f"select * from read_parquet('{parquet}')").fetchall()
    for each in builds.list_builds(home):
        # A copy, since a process that has a build open goes on reading what it opened.
        apart = Path(shutil.copy(each.path, home.parent / f"{uuid4().hex}.duckdb"))
        with duckdb.connect(str(apart), read_only=True) as held:
            for (table,) in held.execute("select table_name from duckdb_tables()").fetchall():
                texts += held.execute(f'select * from "{table}"').fetchall()
    files = [path.read_bytes() for path in home.rglob("*") if path.is_file()]
    return str(texts).lower() + b" ".join(files).lower().decode("latin-1")


def others(text: str) -> str:
    """The same without the people whose names and addresses only look alike."""
    for alike in ("savera.langstroem@", "savera langstroem", "langstroem@norden.example.org"):
        text = text.replace(alike, "")
    return text


def secrets_in(home: Path) -> list[str]:
    text = others(said(home))
    return [secret for secret in SECRETS if secret in text]


def stages(home: Path) -> list[tuple[str, int]]:
    settings = FunnelSettings(
        "cohort", "imputed", "first", parse_window("2026-01-01", "2026-02-01")
    )
    found = funnel(open_engine(home), settings)
    return [(stage.stage, stage.count) for stage in found.groups[0].stages]


def test_nothing_of_the_person_is_left_and_every_count_is(
    made: Path, done: tuple[Path, Forgotten]
) -> None:
    place, told = done
    before = said(made)
    assert all(secret in before for secret in SECRETS)
    text = said(place)
    assert not [secret for secret in SECRETS if secret in others(text)]
    assert stages(place) == stages(made) == [("lead", 2), ("mql", 2), *stages(made)[2:]]
    assert told.remains == () and told.workspace_records == 1
    assert told.landed_rows == 6 and told.build_rows > 4
    for kept in ("savera.langstroem@norden.example", "savera langstroem", "norden.example.org"):
        assert kept in text
    assert len(builds.list_builds(place)) == 3


@pytest.mark.parametrize("given", ["generic:P1", "generic:L1", "vera.langstroem+x@norden.example"])
def test_a_person_is_found_by_any_id_or_form_of_the_address(made: Path, given: str) -> None:
    known = find(made, given)
    assert (known.mailboxes, known.names, known.shared) == ({BOX}, {VERA}, set())
    assert (known.ids, known.leads) == ({"generic:P1"}, {"generic:L1"})


def test_a_dry_run_says_what_it_would_touch_and_touches_nothing(
    made: Path, done: tuple[Path, Forgotten]
) -> None:
    before = {
        path: path.read_bytes()
        for path in made.rglob("*.*")
        if path.is_file() and path.name != ".lock"
    }
    told = forget(made, BOX, dry_run=True)
    assert (told.landed_rows, told.workspace_records) == (6, 1) and told.build_rows > 4
    assert {path: path.read_bytes() for path in before} == before


def test_the_person_does_not_come_back_with_a_later_export(
    done: tuple[Path, Forgotten], tmp_path: Path
) -> None:
    place = copied(done[0], tmp_path)
    later = {
        "person": PERSON.replace("Head of IT", "CIO").replace("5550199", "5550300")
        + "P7,A1,vera.langstroem%40norden.example,Vera Langstroem,,,windsurfing\n"
        + "P4,A1,new@norden.example,Nils New,,,\n",
        "touch": TOUCH.replace("2026-01-05T09", "2026-01-06T09").replace("Guide", f"Guide {VERA}"),
        "lead": LEAD + "L3,P1,A1,2026-01-20T09:00:00,webinar\n",
    }
    import_files(place, [write(tmp_path / "later", later)], source="generic")
    text = others(said(place))
    assert not [secret for secret in (*SECRETS, "5550300") if secret in text]
    assert "nils new" in text and "cio" in text
    assert stages(place)[0] == ("lead", 3)


def test_a_name_in_a_later_deal_or_reason_is_kept_out(
    done: tuple[Path, Forgotten], tmp_path: Path
) -> None:
    deal = """deal_id,account_id,name,created_at
D2,A1,"Langstroem, Vera: more seats",2026-01-10
D3,A1,Deal of Savera Langstroem,2026-01-10
"""
    place = copied(done[0], tmp_path)
    import_files(place, [write(tmp_path / "later", {"deal": deal})], source="generic")
    rows = open_engine(place).rows(parse("select name from deal", "q"))
    assert sorted(row["name"] for row in rows) == [
        "Deal of Savera Langstroem",
        "Erased person: more seats",
    ]
    # Alone or beside others of the same words.
    deal = deal.replace("Langstroem, Vera:", f"Deal of {VERA},")
    import_files(place, [write(tmp_path / "later", {"deal": deal})], source="generic")
    assert secrets_in(place) == []


def test_an_id_that_was_erased_is_kept_out_whatever_address_it_has_now(
    done: tuple[Path, Forgotten], tmp_path: Path
) -> None:
    place = copied(done[0], tmp_path)
    moved = PERSON.replace("Vera.Langstroem@norden.example,", "vl@elsewhere.example,")
    import_files(place, [write(tmp_path / "later", {"person": moved})], source="generic")
    text = others(said(place))
    assert "vl@elsewhere" not in text and VERA.lower() not in text


def test_a_name_that_others_have_stays_where_it_may_be_theirs(tmp_path: Path) -> None:
    home = tmp_path / "home"
    twin = PERSON + "P5,A1,vera2@norden.example,Vera Langstroem,,,\n"
    import_files(home, [write(tmp_path / "in", {**FILES, "person": twin})], source="generic")
    told = forget(home, BOX)
    assert told.shared_names == (VERA,)
    engine = open_engine(home)
    names = engine.rows(parse("select person_id, full_name from dim_person order by 1", "names"))
    assert [row["full_name"] for row in names] == [
        "Erased person", "Savera Langstroem", "Vera Other", "Vera Langstroem",
    ]  # fmt: skip


def test_a_name_within_others_and_a_single_word_harm_nobody_else(tmp_path: Path) -> None:
    home = tmp_path / "home"
    people = "person_id,account_id,email,full_name\n" + "".join(
        f"P{number},A1,p{number}@norden.example,{name}\n"
        for number, name in enumerate(("Ana Ruiz", "Ana Ruiz Soto", "Jordan", "Ana K. Ruiz"))
    )
    files = {
        "account": "account_id,name,country\nA1,Norden,Jordan\n",
        "person": people,
        "member": "member_id,name\nM1,Jordan Olsen\n",
        "lead": "lead_id,person_id,account_id,created_at,owner_id\nL1,P0,A1,2026-01-05,M1\n",
        "touch": "touch_id,person_id,lead_id,channel,kind,side,occurred_at,content\n"
        + "T1,P0,L1,web,form,marketing,2026-01-05T09:00:00,Ruiz Guide\n"
        + "T2,P1,,web,form,marketing,2026-01-05T09:00:00,Ruiz Guide\n"
        + "T3,P0,L1,web,form,marketing,2026-01-06T09:00:00,for Ruiz\n",
    }
    import_files(home, [write(tmp_path / "in", files)], source="generic")
    for number, name in enumerate(("Ana Ruiz", None, "Jordan")):
        if name:
            assert forget(home, f"p{number}@norden.example").shared_names == (name,)
    asked = """
        select full_name from dim_person union all select country from dim_account
        union all select region from dim_lead union all select owner from dim_lead
        union all select content from fct_touch
    """
    told = sorted(row["full_name"] for row in open_engine(home).rows(parse(asked, "told")))
    assert told == [
        "Ana K. Ruiz", "Ana Ruiz Soto", "Erased person", "Erased person",
        "Jordan", "Jordan Olsen", "Ruiz Guide", "Ruiz Guide", "for Erased person",
        "middle_east_africa",
    ]  # fmt: skip


def test_what_stays_by_hand_is_said_each_time(done: tuple[Path, Forgotten], tmp_path: Path) -> None:
    place = copied(done[0], tmp_path)
    (place / "profile.yaml").write_text(f"columns: []  # {BOX}")
    assert forget(place, BOX).remains == ("profile.yaml",)


def test_whom_nothing_names_cannot_be_erased(made: Path, done: tuple[Path, Forgotten]) -> None:
    with pytest.raises(UsageError, match="names 'nobody@x\\.example'"):
        forget(made, "nobody@x.example", dry_run=True)
    with pytest.raises(UsageError, match="e-mail address or an ID"):
        forget(made, " ")
    with pytest.raises(UsageError, match="Nothing in"):
        forget(done[0], BOX, dry_run=True)


def test_marks_that_cannot_be_read_stop_the_import(
    done: tuple[Path, Forgotten], tmp_path: Path
) -> None:
    place = copied(done[0], tmp_path)
    content = json.loads((place / "erased.json").read_text())
    assert BOX not in str(content) and len(content) == 1
    (place / "erased.json").write_text("[{")
    with pytest.raises(StoreError, match="erased people could come back"):
        import_files(place, [write(tmp_path / "later", {"lead": LEAD + "\n"})], source="generic")


SAID: list[tuple[str, str]] = [
    ("anna@acme.de", "gone@acme.de"),
    ("<Anna+x@ACME.de>", "<gone@acme.de>"),
    ("anna@acme.de,anna@acme.de", "gone@acme.de,gone@acme.de"),
    ("?e=anna%40acme.de&x", "?e=gone%40acme.de&x"),
    ("?u=a%3Danna%40acme.de", "?u=a%3Dgone%40acme.de"),
    ("joanna@acme.de", "joanna@acme.de"),
    ("anna\u200b@ac\u00adme.de", "gone@acme.de"),
    ("\uff41nna\uff20acme\uff0ede", "gone\uff20acme.de"),
    ("?e=%61nna%40acme%2Ede", "?e=gone%40acme.de"),
    ("to%20anna%40acme%252Ede", "to%20gone%40acme.de"),
    ("anna&#64;acme&#x2E;de, anna&commat;acme.de", "gone&#64;acme.de, gone&commat;acme.de"),
    ("?e=jo%61nna%40acme.de&f=%6aanna@acme.de", "?e=jo%61nna%40acme.de&f=%6aanna@acme.de"),
    ("jo%2Eanna@acme.de", "jo%2Eanna@acme.de"),
    ("anna@acme.de.csv", "gone@acme.de.csv"),
    ("in/export_anna@acme.de_2026.xlsx", "in/export_gone@acme.de_2026.xlsx"),
    ("joanna@acme.de.csv", "joanna@acme.de.csv"),
    ("anna@acme.de.br", "anna@acme.de.br"),
    ("Write to anna@acme.de.", "Write to gone@acme.de."),
    ("ANNA  BERG called", "Erased person called"),
    ("Annaberg", "Annaberg"),
    ("Anna Berg-Vogt", "Anna Berg-Vogt"),
    ("x.example/in/anna-berg-7f", "x.example/in/Erased person-7f"),
    ("Berg, Anna", "Erased person"),
    ("Deal: BERG,Anna (new)", "Deal: Erased person (new)"),
    ("Tom Berg, Anna Smith", "Tom Berg, Anna Smith"),
    ("Zoë Noël, called", "Erased person, called"),
    ("Zoe\u0308 Noe\u0308l called", "Erased person called"),
    ("Zoe Noel called", "Erased person called"),
    ("?n=Zo%C3%AB+No%C3%ABl&x", "?n=Erased person&x"),
    ("x.example/in/zoe-noel", "x.example/in/Erased person"),
    ("in/Anna_Berg.csv", "in/Erased person.csv"),
    ("Änna Bérg", "Erased person"),
    ("Juergen Grosse, Jurgen Große", "Erased person, Erased person"),
    ("anna-berg@other.example", "anna-berg@other.example"),
    ("anna.berg.x@b.se, anna.berg+n@b.se", "anna.berg.x@b.se, anna.berg+n@b.se"),
    (
        "anna.berg.csv, berg.anna. Anna Berg.So",
        "Erased person.csv, Erased person. Erased person.So",
    ),
    ("Annae Berg", "Annae Berg"),
    ("Meet Anna. Berg is closed", "Meet Anna. Berg is closed"),
    ("Großejürgen", "Großejürgen"),
    ("JürgenGroße, Große Jürgen, jurgen.grosse", "Erased person, Erased person, Erased person"),
    ("Jürgen K. Große", "Erased person"),
    ("Anna Berg, Frau Berg, A. Berg", "Erased person, Frau Erased person, A. Erased person"),
    (
        "Anna Berg <anna@acme.de>, Anna Olsen (anna.olsen@b.se), Sven Berg, x@berg.example",
        "Erased person <gone@acme.de>, Anna Olsen (anna.olsen@b.se), Sven Berg, x@berg.example",
    ),
    (
        "anna@acme.de, anna-olsen@b.se, Olsen, Anna",
        "gone@acme.de, anna-olsen@b.se, Olsen, Anna",
    ),
    (
        "anna@acme.de S. Berg, Berg GmbH, Anna-Lena",
        "gone@acme.de S. Berg, Berg GmbH, Anna-Lena",
    ),
    ("Anna Berg: ask anna olsen", "Erased person: ask anna olsen"),
    (
        "Anna Berg: ask Anna (not Anna van Os)",
        "Erased person: ask Erased person (not Anna van Os)",
    ),
    (
        "Anna Berg, and Anna's boss; Anna.",
        "Erased person, and Erased person's boss; Erased person.",
    ),
    (
        "?e=anna%252540acme.de&n=Zo%25C3%25AB%2520No%25C3%25ABl",
        "?e=gone%252540acme.de&n=Erased person",
    ),
    ("J&uuml;rgen Gro&szlig;e, J\\u00fcrgen Gro\\u00dfe", "Erased person, Erased person"),
    ("Lukasz Zolc, ŁUKASZ ŻÓŁĆ, Łukasz Zolc", "Erased person, Erased person, Erased person"),
    ("Ann Lee O\u2019Dell, Ann-Lee O'Dell", "Erased person, Erased person"),
    ("Иван Петров, ИВАН ПЕТРОВ", "Erased person, Erased person"),
    ("Ngô Bảo Châu, Ngo Bao Chau", "Erased person, Erased person"),
    (
        "?n=Ng%C3%B4+B%E1%BA%A3o+Ch%C3%A2u, Ng&#244; B&#7843;o Ch&#226;u",
        "?n=Erased person, Erased person",
    ),
    ("Νίκος Αλεξίου, ΝΙΚΟΣ ΑΛΕΞΙΟΥ", "Erased person, Erased person"),
    (
        "?n=%CE%9D%CE%AF%CE%BA%CE%BF%CF%82+%CE%91%CE%BB%CE%B5%CE%BE%CE%AF%CE%BF%CF%85",
        "?n=Erased person",
    ),
    (
        "&#1048;&#x432;&#1072;&#1085; \\u041f\\u0435\\u0442\\u0440\\u043e\\u0432",
        "Erased person",
    ),
    ("\\u738b\\u82b3, &#29579;&#33459;", "Erased person, Erased person"),
    ("Ann Lee O\\u2019Dell, Ann Lee O&#8217;Dell", "Erased person, Erased person"),
    ("Иван Петровский, Диван Петров", "Иван Петровский, Диван Петров"),
    ("山田太郎様、山田\u3000太郎", "Erased person様、Erased person"),
    ("王芳说, 王芳华, 김민준님", "Erased person说, 王芳华, Erased person님"),
]


@pytest.fixture(scope="module")
def traces() -> Traces:
    names = frozenset({"Anna Berg", "Zoë Noël", "Jürgen Große", "Łukasz Żółć", "Ann-Lee O'Dell"})
    names |= {"Иван Петров", "山田 太郎", "王芳", "김민준", "Ngô Bảo Châu", "Νίκος Αλεξίου"}
    like = frozenset({"Anna Olsen", "Sven Berg", "王芳华"})
    return Traces("gone", frozenset({"anna@acme.de"}), names, others=like)


@pytest.mark.parametrize(("text", "cleaned"), SAID)
def test_what_a_text_says_without_the_person(traces: Traces, text: str, cleaned: str) -> None:
    assert traces.cleaned(text) == cleaned


def test_tables_are_searched_by_the_engine_with_the_same_patterns(traces: Traces) -> None:
    with duckdb.connect() as connection:
        for number, (text, _) in enumerate(SAID):
            connection.execute(f"create table told_{number} as select $1 as said", [text])
        tables = {f"told_{number}": ["said"] for number in range(len(SAID))}
        # Only texts in which a needle stands are looked at.
        near = near_tables(connection, tables, (), traces)
        tests = " or ".join(f"regexp_matches(t, {literal(p)})" for p, _ in traces.rules)
        asked = f"select t, {tests} from (select unnest($1) as t)"
        found = dict(connection.execute(asked, [[text for text, _ in SAID]]).fetchall())
    assert found == {text: text != cleaned for text, cleaned in SAID}
    assert {f"told_{n}" for n, (text, cleaned) in enumerate(SAID) if text != cleaned} <= near


@pytest.mark.parametrize(
    ("text", "phones"),
    [
        ("+49 (30) 5550199, 0800 123456 or 5550200", {"05550199", "00123456"}),
        ("tel=%2B49305550199", {"05550199"}),
        ("on 05.01.2026 or 2026-01-05, no 0 at all", set()),
    ],
)
def test_telephones_of_a_text(text: str, phones: set[str]) -> None:
    assert phone_ends(text) == phones


def test_mailboxes_of_a_text() -> None:
    assert mailboxes_in("a <Anna+x@acme.de>, b=c%40d.org; none@") == {"anna@acme.de", "c@d.org"}


@pytest.mark.parametrize(
    "text",
    [
        "u=a%3Danna%40d.example", "?e=anna%2Bweb%40d.example",
        "ａnna@d.example", "anna&#64;d.example", "anna%40d%2Eexample",
        "an\u00adna&commat;d.example", "an\u200bna@d.example",
        'mailto:ANNA@D.example', '"anna"@d.example', "anna%2540d.example", "anna@d.example.csv",
        "export_anna@d.example_2026.csv", "anna\u00a0@d.example", "anna @ d.example",
    ],
)  # fmt: skip
def test_an_address_is_known_in_every_writing(text: str) -> None:
    assert "anna@d.example" in mailboxes_in(text)


def test_an_id_of_a_report_is_that_of_the_export() -> None:
    assert record_id("0015e00000AbCdE") == "0015e00000AbCdEAAV"
    assert record_id("0015e00000abcde") != record_id("0015e00000AbCdE")
    assert record_id("generic:P1") == "generic:P1"
    guid = "3fa85f64-5717-4562-b3fc-2c963f66afa6"
    assert {record_id(each) for each in (guid, guid.upper(), f"{{{guid}}}")} == {guid}
    assert [record_id(each) for each in ("7.0", "'007", "7.5")] == ["7", "007", "7.5"]


def test_nothing_is_left_in_any_place(rich: tuple[Path, str, Forgotten, Forgotten]) -> None:
    """Ids that are addresses, odd writings, cells of a name too, names of files and of columns."""
    place, before, dry, done = rich
    assert secrets_in(place) == [] and done.remains == ()
    text = said(place)
    for secret in ("langstroem-os", "yacht", ODD_BOX.lower()[:6]):
        assert secret in before and secret not in text
    assert "@norden.example" in text and "+49 30 5550200" in text
    assert replace(dry, dry_run=False) == done


def test_telephones_of_others_stay_where_they_stand(
    rich: tuple[Path, str, Forgotten, Forgotten],
) -> None:
    """Of what is told of own contacts goes what is the person's or nobody's that is known."""
    query = "select content from fct_touch where touch_id like '%T4' or touch_id like '%T6'"
    assert sorted(row["content"] for row in open_engine(rich[0]).rows(parse(query, "q"))) == [
        "0170-7654321 of the desk",
        "Sav Erased person +49 30 5550200, mine , hall , desk 0170 7654321",
    ]


def test_a_column_that_was_named_for_the_person_is_called_otherwise(
    rich: tuple[Path, str, Forgotten, Forgotten], later: Path
) -> None:
    for place, many in ((rich[0], 1), (later, 2)):
        named = [
            column
            for manifest in read_manifests(place)
            for file in manifest.files
            for table in file.tables
            for column in table.columns
            if column.startswith("Erased")
        ]
        assert {*named} == {"Erased person <erased@norden.example> 5"} and len(named) > many - 1
        assert open_engine(place).rows(parse("select name from deal", "q"))


def test_the_person_stays_out_of_every_place(later: Path) -> None:
    assert secrets_in(later) == []
    text = said(later)
    for secret in ("vera l.", "yacht", "v&#101;ra"):
        assert secret not in text
    query = parse("select comment from fct_feedback order by 1", "q")
    told = [row["comment"] for row in open_engine(later).rows(query)]
    assert told == ["Erased person", "Erased person", "Fine"]
    assert "generic:d2" in text
    lost = [
        bad.value
        for m in read_manifests(later)
        for f in m.files
        for t in f.tables
        for bad in t.bad_rows
    ]
    assert any("Erased person" in text for text in lost)


def test_an_erasure_that_was_killed_goes_on(
    made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was rewritten no longer tells the name, which what comes after it still has."""
    place = copied(made, tmp_path)
    builds.list_builds(place)[0].path.unlink()  # one is enough, and each takes long

    def killed(*_: object, **__: object) -> int:
        raise KeyboardInterrupt

    asked = Proposal(
        agreement_hash="h", content="a: 1", note=f"as {VERA} asked", proposed_by="Mia",
        proposed_at=now(),
    )  # fmt: skip
    open_workspace(place).of(Proposal).add(asked)
    left = place / "landing" / ".landing-i00009" / "person.parquet", place / ".restore-x" / "person"
    for each in left:
        each.parent.mkdir()
        each.write_bytes(b"PAR1")
    with monkeypatch.context() as patched:
        patched.setattr("smarketing.build.erasing.forget.erase", killed)
        with pytest.raises(KeyboardInterrupt):
            forget(place, "generic:P1")
    note = open_workspace(place).of(Note).all()[0]
    assert VERA in note.text
    assert forget(place, "generic:P1").remains == ()
    assert secrets_in(place) == [] and not list(place.glob(".erasing*"))
    assert not any(each.exists() for each in left)


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("Dr. Max Muster", "Max Muster"),
        ("Frau Prof. Dr. Ada Os", "Ada Os"),
        ("Muster, Max", "Max Muster"),
        ("Max Muster, MBA", "Max Muster"),
        ("Frau Berg", "Frau Berg"),
        ("Ida van Os", "Ida van Os"),
    ],
)
def test_a_name_as_texts_tell_it(name: str, told: str) -> None:
    assert untitled(name) == told
