"""Import in the browser: drop, look, settle, import, map, undo; and nobody else gets there."""

from __future__ import annotations

from pathlib import Path

import psycopg
import pytest
from page_kit import alone
from streamlit.testing.v1 import AppTest

from smarketing.access import Access
from smarketing.store import audit, uploads
from smarketing.store.agreed import agreed
from smarketing.store.builds import published
from smarketing.store.home import Home
from smarketing.store.lock import writing
from smarketing.store.opening import open_build

DEALS = (
    "deal_id,name,amount,currency,stage,created_at,lead_source\n"
    "D1,*Pay* <b>now</b>,12.000,EUR,Kontrakt,2026-01-05,Brieftaube\n"
)


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AppTest:
    """The page of a home in which nothing has been imported."""
    monkeypatch.setenv("SMARKETING_HOME", str(tmp_path / "home"))
    return alone("imports", tmp_path)


def said(desk: AppTest) -> str:
    """What the page says outside its tables."""
    assert not desk.exception, desk.exception
    html = [str(element.proto.body) for element in desk.get("html")]
    shown = (*desk.markdown, *desk.caption, *desk.warning, *desk.info, *desk.error, *desk.success)
    return "\n".join([*html, *(str(element.value) for element in shown)])


def press(desk: AppTest, label: str) -> AppTest:
    """Press the button of this label."""
    return next(one for one in desk.button if one.label == label).click().run()


def test_from_a_file_to_a_figure_and_back(
    desk: AppTest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "home"
    assert "Nothing has been imported yet" in said(desk)
    dropped = [("../../../deal.csv", DEALS.encode(), "text/csv")]
    dropped += [("lead.csv", b"lead_id,created_at,status\nL1,2026-01-05,Neuland\n", "text/csv")]
    desk.file_uploader[0].set_value(dropped).run()
    assert "may be thousands or thousandths" in said(desk)
    (folder,) = (home / uploads.FOLDER).iterdir()
    assert sorted(path.name for path in folder.iterdir()) == ["deal.csv", "lead.csv"]

    uploads.discard_all(home)  # as an erasure does
    assert "gone: somebody was erased meanwhile" in said(desk.run())
    assert "gone: somebody" not in said(desk.run())
    desk.file_uploader[0].set_value(dropped).run()

    desk.selectbox(key="import_decimal").set_value(",").run()
    assert desk.dataframe[2].value["amount"].tolist() == [12000.0]
    assert published(home) is None and not (home / "landing").exists()

    monkeypatch.setenv("SMARKETING_LOCK_WAIT_SECONDS", "0")
    place = Home(home)
    place.prepare()
    with writing(place, 0):
        press(desk, "Import")
        assert "is being written" in said(desk) and published(home) is None
    press(desk, "Import")
    assert "Nothing says whether these stages" in said(desk)
    assert not any((home / uploads.FOLDER).iterdir())
    rows = open_build(published(home)).execute("select amount, outcome from deal").fetchall()
    assert rows == [(1_200_000, None)]

    (tmp_path / "tab").mkdir()
    other = alone("imports", tmp_path / "tab")
    other.session_state["_import_report"] = desk.session_state["_import_report"]
    other.run()
    other.selectbox(key="channel_Brieftaube").set_value("webinar").run()
    other.text_input(key="who_places").set_value("Bo").run()
    desk.radio[-1].set_value("won").run()
    desk.selectbox(key="channel_Brieftaube").set_value("event").run()
    desk.selectbox(key="status_Neuland").set_value("mql").run()
    desk.text_input(key="who_places").set_value("Anna").run()
    desk.button(key="propose_places").click().run()
    assert "Proposed as version" in said(desk)
    # In another tab nothing is left to ask, and what was chosen there is not proposed beside it.
    tip = agreed(home).tip()
    other.button(key="propose_places").click().run()
    assert "Proposed" not in said(other) and agreed(home).tip() == tip
    assert not [one for one in other.button if one.key == "propose_places"]
    made = agreed(home).version(agreed(home).tip()).agreement
    assert {stage.stage: stage.outcome for stage in made.deal_outcomes} == {"Kontrakt": "won"}
    assert made.classification.channel_of("brieftaube") == "event"
    assert made.classification.lead_status_of("neuland") == ("mql", "entry")

    desk.button(key="undo").click().run()
    assert "was taken back" in said(desk)
    assert published(home) is None
    assert [entry.what for entry in audit.entries(home)] == ["imported", "took an import back"]


def test_tables_of_a_database_are_looked_at_and_imported(
    desk: AppTest, tmp_path: Path, server: str
) -> None:
    home = tmp_path / "home"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute("create schema connected")
        connection.execute("create table connected.lead (lead_id text, created_at date)")
        connection.execute("insert into connected.lead values ('L1', '2026-01-05')")

    def sent(address: str, schema: str, label: str) -> str:
        desk.text_input(key="connect_address_0").set_value(address)
        desk.text_input(key="connect_schema_0").set_value(schema)
        return said(press(desk, label))

    assert "the address of a server" in sent("sqlite:////etc/passwd", "main", "Look")
    assert "the address of a server" in sent("/etc", "main", "Look")
    assert "Name the schema" in sent(server, " ", "Import")
    told = sent("postgresql://reader:secret@127.0.0.1:1/none", "crm", "Look")
    assert "Nothing was imported" in told and "secret" not in told
    sent(server, "connected", "Look")
    assert desk.dataframe[0].value["used"].tolist() == [1] and published(home) is None
    press(desk, "Import")
    assert desk.text_input(key="connect_address_1").value == ""
    rows = open_build(published(home)).execute("select lead_id from lead").fetchall()
    assert rows == [("generic:L1",)]
    (entry,) = audit.entries(home)
    assert entry.what == "imported" and "secret" not in entry.about


def test_a_system_that_is_not_known_becomes_a_source(desk: AppTest, tmp_path: Path) -> None:
    text = "Deal No;Deal Value;Currency;Created On;Deal Phase\nV1;12.50;EUR;2026-01-05;Offer\n"
    desk.file_uploader[0].set_value([("deals.csv", text.encode(), "text/csv")]).run()
    assert "of no known source" in said(desk)
    desk.text_input(key="source_name").set_value("../crm").run()
    press(desk, "Draft a source from these files")
    assert "A source cannot be called" in said(desk)
    desk.text_input(key="source_name").set_value("crm").run()
    press(desk, "Draft a source from these files")
    folder = tmp_path / "home" / "sources" / "crm"
    assert (folder / "profile.yaml").is_file() and "crm" in desk.selectbox(
        key="import_source"
    ).options
    (sql,) = folder.glob("*.sql")
    before = sql.read_text()
    for wrong in ("drop table deal", "select * from read_csv('/etc/passwd')"):
        desk.text_area(key=f"text_crm_{sql.name}").set_value(wrong)
        press(desk, "Save")
        assert "It was not saved" in said(desk) and sql.read_text() == before
    desk.text_area(key=f"text_crm_{sql.name}").set_value(f"{before}\n-- looked at\n")
    press(desk, "Save")
    assert sql.read_text().endswith("-- looked at\n")
    sql.write_text(f"{sql.read_text()}-- by another\n")
    desk.text_area(key=f"text_crm_{sql.name}").set_value(before)
    press(desk, "Save")
    assert "Somebody else saved crm" in said(desk) and "-- by another" in sql.read_text()


@pytest.mark.parametrize("name", ["imports", "administration"])
def test_who_may_not_keep_the_home_gets_no_such_page(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv("SMARKETING_HOME", str(tmp_path / "home"))
    monkeypatch.setattr("smarketing.ui.gate.current_access", lambda auth: Access("lead", "sales"))
    desk = alone(name, tmp_path)
    assert "is not open to the role" in said(desk)
    assert not (*desk.file_uploader, *desk.button, *desk.text_input)
    assert not (tmp_path / "home").exists()


def test_stages_that_are_written_alike_once_joined_are_asked_apart() -> None:
    def asks() -> None:
        from smarketing.build.importing.report import Unplaced
        from smarketing.ui.sections.importing.placing import _stages

        names = (("a", "b_c"), ("a_b", "c"), (None, "None"), ("None", None))
        _stages([Unplaced("shop", pipeline, stage, 1, None, None) for pipeline, stage in names])

    app = AppTest.from_function(asks).run()
    assert not app.exception and len(app.radio) == 4
