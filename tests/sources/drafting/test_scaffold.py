"""`source new`: what it writes loads at once, and says what it could not tell."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
import yaml
from profile_views import produce

from smarketing.errors import SourceError, UsageError
from smarketing.sources import load_source, read_tables, scaffold
from smarketing.sources.drafting.shapes import Shape

DEALS = (
    "Deal ID,Deal name,Value,Stage,Close date,Last modified\n7,A,1.5,Won,2024-03-01,2024-03-02\n"
)
PEOPLE = "Id,E-mail,Shoe size\n1,a@b.co,44\n2,c@d.co,45\n"
CALLS = "when,minutes\n2024-01-01,5\n"
SPEND = "Day,Campaign ID,Amount spent,Clicks\n2024-01-01,c1,2.5,3\n2024-01-02,c1,2.5,4\n"


def put(folder: Path, **files: str) -> list[Path]:
    paths = []
    for name, text in files.items():
        paths.append(folder / f"{name}.csv")
        paths[-1].write_text(text, encoding="utf-8")
    return paths


@pytest.mark.parametrize(
    ("header", "key", "asked"),
    [
        ("ID de l'enregistrement", "ID de l'enregistrement", 0),
        ("Zeichen", None, 1),  # deals may name their leads by it
    ],
)
def test_an_address_identifies_leads_only_where_nothing_else_may(
    tmp_path: Path, header: str, key: str | None, asked: int
) -> None:
    text = f"{header},E-mail,Created\nzcrm_551,a@b.co,2026-01-05\nzcrm_552,c@d.co,2026-01-06\n"
    leads = load_source(scaffold(put(tmp_path, leads=text), "ours", tmp_path / "ours"))
    found = leads.objects["leads"]
    assert found.key == ((key,) if key else ())
    assert len(found.undecided) == asked
    assert not asked or "call it 'Lead ID'" in found.undecided[0]


def test_it_loads_recognises_and_maps(tmp_path: Path) -> None:
    files = put(tmp_path, deals_2024=DEALS, contacts=PEOPLE, spend=SPEND)
    folder = scaffold(files, "ours", tmp_path / "ours")
    source = load_source(folder)
    assert source.name == "ours"
    deal = source.objects["deals"]
    assert deal.files == ("deals*",) and deal.key == ("Deal ID",)
    assert deal.modified == "Last modified" and deal.required == ("Deal ID",)
    assert not any(item.undecided for item in source.objects.values())
    assert source.selects.keys() == {"deal", "person", "cost", "campaign"}
    sql = source.selects["deal"][0].sql
    for line in (
        'r."Last modified" as _modified',
        'r."Deal ID" as deal_id',
        'r."Value" as amount',
        'r."Stage" as stage',
        'r."Close date" as closed_at',
        'from "deals" r',
    ):
        assert line in sql
    assert "outcome" not in sql.partition("select")[2], "the agreement places a stage"
    assert "-- Headers not used: Shoe size." in source.selects["person"][0].sql
    assert "as cost_id" in source.selects["cost"][0].sql, "a cost without an id gets one"
    for file in files:
        [(_, match)] = read_tables(file, tmp_path / "out", [], forced=source)
        assert match.object in file.stem


def test_what_cannot_be_told_refuses_its_file_and_no_other(tmp_path: Path) -> None:
    calls, contacts = put(tmp_path, calls=CALLS, contacts=PEOPLE)
    folder = scaffold([calls, contacts], "ours", tmp_path / "ours")
    source = load_source(folder)
    [question] = source.objects["calls"].undecided
    assert question.startswith("no column says with whom a touch was")
    with pytest.raises(SourceError) as refused:
        read_tables(calls, tmp_path / "out", [], forced=source)
    assert str(refused.value).startswith(f"calls.csv is not understood yet: {question}. ")
    assert str(folder / "profile.yaml") in str(refused.value)
    assert len(read_tables(contacts, tmp_path / "out", [], forced=source)) == 1
    profile = folder / "profile.yaml"
    lines = profile.read_text(encoding="utf-8").splitlines()
    kept = [line for line in lines if not line.startswith("      - ")]
    profile.write_text("\n".join(kept), encoding="utf-8")
    assert len(read_tables(calls, tmp_path / "out", [], forced=load_source(folder))) == 1


def test_what_lacks_a_needed_column_stays_a_comment(tmp_path: Path) -> None:
    folder = scaffold(put(tmp_path, quotas="Rep ID,Betrag\nr1,5\n"), "ours", tmp_path / "ours")
    assert load_source(folder).selects == {}
    [file] = folder.glob("*.sql")
    assert "-- Not active yet, since quota needs period:" in file.read_text(encoding="utf-8")
    [question] = load_source(folder).objects["quotas"].undecided
    assert question.startswith("quota needs period, and nothing says which columns that is")


def test_a_file_of_which_nothing_is_known_is_asked_about(tmp_path: Path) -> None:
    tickets = "Id,Status,Title,Email,Created Date\n1,Open,Printer,a@b.co,2026-01-05\n"
    totals = "Session channel group,Sessions,Key events,Total revenue\nPaid,100,3,0\n"
    files = put(tmp_path, export=tickets, traffic_acquisition=totals)
    source = load_source(scaffold(files, "ours", tmp_path / "ours"))
    assert source.selects == {}
    for item in source.objects.values():
        [question] = item.undecided
        assert question.startswith("neither its name nor its columns (")
    assert "'Sessions'" in source.objects["traffic_acquisition"].undecided[0]


def test_records_marked_as_deleted_are_left_out_whichever_version_comes_last(
    tmp_path: Path,
) -> None:
    text = "ID,Name,Amount,Stage,Closed on,Created,Modified,Deleted\n"
    text += "1,A,5,Won,2026-01-30,2026-01-01,2026-01-30,0\n"
    text += "2,B,7,Won,2026-01-30,2026-01-01,2026-01-30,1\n"
    source = load_source(scaffold(put(tmp_path, deals=text), "ours", tmp_path / "ours"))
    item = source.objects["deals"]
    assert (item.deleted, item.unused) == ("Deleted", "marked as deleted in 'Deleted'")
    deal = {"ID": "1", "Amount": "5", "Stage": "Won", "Modified": "2026-01-30", "Deleted": "false"}
    gone = {**deal, "Modified": "2026-02-01", "Deleted": "1"}
    assert produce(source, "deal", {"deals": [deal, gone]}) == []
    back = {**deal, "Modified": "2026-02-02"}
    made = produce(source, "deal", {"deals": [deal, gone, back]})
    assert {row["deal_id"] for row in made} == {"1"}


def test_deals_whose_status_is_deleted_are_left_out_without_a_question(tmp_path: Path) -> None:
    text = "ID,Value,Status,Closed on\n1,5,Won,2026-01-30\n2,7,Deleted,2026-01-30\n"
    source = load_source(scaffold(put(tmp_path, deals=text), "ours", tmp_path / "ours"))
    assert not source.objects["deals"].undecided
    rows = [{"ID": "1", "Status": "Won"}, {"ID": "2", "Status": "deleted "}, {"ID": "3"}]
    assert [r["deal_id"] for r in produce(source, "deal", {"deals": rows})] == ["1", "3"]


def test_a_flag_for_closed_alone_tells_the_open_deals(tmp_path: Path) -> None:
    text = (
        "ID,Amount,Stage,Close date,Closed\n1,5,Deal won,2026-01-30,Yes\n2,7,Talks,2026-03-01,No\n"
    )
    source = load_source(scaffold(put(tmp_path, deals=text), "ours", tmp_path / "ours"))
    rows = [{"ID": "1", "Closed": "Yes", "Close date": "d"}, {"ID": "2", "Closed": "No"}]
    made = produce(source, "deal", {"deals": rows})
    assert [(r["outcome"], r["closed_at"]) for r in made] == [("closed", "d"), ("open", None)]


@pytest.mark.parametrize(
    ("name", "text", "question"),
    [
        (
            "deals",
            "ID,Amount,Stage,Created,Expected close date\n1,5,Won,2026-01-01,2026-01-30\n",
            "no column holds the day a deal was closed. Where 'Expected close date' becomes",
        ),
        (
            "activities",
            "id,leadId,activityDate,activityTypeId\n7,1,2026-01-05T08:12:00Z,10\n",
            "column 'activityTypeId' holds numbers for kinds (10).",
        ),
        (
            "activities",
            "id,lead id,activity date,type\n7,1,2026-01-05T08:12:00Z,Open Email\n",
            "nothing says whose work the touches are.",
        ),
        (
            "leads",
            "ID,Deal name,Budget amount,Amount,Stage,Created\n1,A,5,5,Won,2026-01-05\n",
            "the file is called like leads, and 'Deal name' speaks of deals.",
        ),
    ],
)
def test_what_would_be_guessed_is_asked(
    tmp_path: Path, name: str, text: str, question: str
) -> None:
    source = load_source(scaffold(put(tmp_path, **{name: text}), "ours", tmp_path / "ours"))
    [item] = source.objects.values()
    assert any(asked.startswith(question) for asked in item.undecided)


def test_an_identifier_that_another_file_has_as_its_own_is_asked_about(tmp_path: Path) -> None:
    deals = (
        "mql_id,seller_id,won_date,amount,stage\na9x,s1,2026-02-01,5,Won\nb7y,s2,2026-02-03,6,Won\n"
    )
    leads = "mql_id,created,origin\na9x,2026-01-01,social\nb7y,2026-01-02,search\n"
    files = put(tmp_path, deals=deals, leads=leads)
    source = load_source(scaffold(files, "ours", tmp_path / "ours"))
    asked = (
        "column 'mql_id' is headed as the identifiers of leads are. If it says whose a deal is, "
    )
    assert [q for q in source.objects["deals"].undecided if "deals are nobody's" in q] == [
        f'{asked}write `r."mql_id" as lead_id` into deal.deals.sql; else take this line out, and '
        "the deals are nobody's"
    ]
    # That each file calls its own records "id" says nothing.
    files = put(tmp_path, deals=deals.replace("mql_", ""), leads=leads.replace("mql_", ""))
    source = load_source(scaffold(files, "theirs", tmp_path / "theirs"))
    assert not [q for q in source.objects["deals"].undecided if "nobody's" in q]


def test_accounts_that_a_name_alone_identifies_are_those_of_deals(tmp_path: Path) -> None:
    files = put(
        tmp_path,
        accounts="account,sector\nIsdom,medical\nCancity,retail\n",
        deals="opportunity_id,account,amount,stage,created\nA1X,isdom ,5,Won,2026-01-01\n"
        "B2Y,,6,Won,2026-01-01\nC3Z,Codehow,6,Won,2026-01-01\n",
    )
    source = load_source(scaffold(files, "ours", tmp_path / "ours"))
    rows = [
        {"opportunity_id": n, "account": a}
        for n, a in (("A", "isdom "), ("B", ""), ("C", " x "), ("D", "Two"))
    ]
    names = ("Isdom", "Cancity", "Two", "TWO")
    given = {"deals": rows, "accounts": [{"account": name} for name in names]}
    # A name that no record has, or two, stands as it is written: what leads nowhere is counted.
    assert [r["account_id"] for r in produce(source, "deal", given)] == ["Isdom", None, "x", "Two"]


def test_a_second_file_for_one_key_is_left_to_the_user(tmp_path: Path) -> None:
    files = put(tmp_path, accounts="Account ID,Name\n1,A\n", customers="Account ID,Since\n1,2024\n")
    source = load_source(scaffold(files, "ours", tmp_path / "ours"))
    assert [s.object for s in source.selects["account"]] == ["accounts"]
    [question] = source.objects["customers"].undecided
    assert question.startswith("both it and accounts fill account")
    assert not source.objects["accounts"].undecided


def test_parts_of_one_export_are_one_object(tmp_path: Path) -> None:
    files = put(tmp_path, contacts_1=PEOPLE, contacts_2=PEOPLE)
    assert list(load_source(scaffold(files, "ours", tmp_path / "ours")).objects) == ["contacts"]


@pytest.mark.parametrize(
    ("header", "cells", "taking_part"),
    [
        ("Kontaktperson,Teilnehmer", 'Bo Lind,"Ana Berg, bo lind, Cy Om"', "2! 1 3"),
        ("Contact person,Participants", "Ana Berg,", "1!"),
        ("Contact person,Participants", ",Cy Om", "3"),
        ("Contacts", "Ana Berg;Nobody;Cy Om;Ana Berg", "1 3"),
        ("Contacts", "Bo Lind;", "2"),
    ],
)
def test_a_deal_is_with_each_of_the_people_it_names(
    tmp_path: Path, header: str, cells: str, taking_part: str
) -> None:
    names = "Cy Om" if header.count(",") else "Ana Berg;Cy Om"
    text = f"ID,Value,Status,Won time,Deal created,{header}\n"
    text += f"1,5,won,2026-02-01,2026-01-01,{cells}\n"
    text += f"2,5,won,2026-02-01,2026-01-01,{'Bo Lind,' * header.count(',')}{names}\n"
    people = "ID,Name,Email\n1,Ana Berg,a@b.co\n2,Bo Lind,b@b.co\n3,Cy Om,c@b.co\n"
    files = put(tmp_path, deals=text, people=people)
    source = load_source(scaffold(files, "ours", tmp_path / "ours"))
    given = {path.stem: list(csv.DictReader(path.read_text().splitlines())) for path in files}
    rows = [r for r in produce(source, "deal_contact", given) if r["deal_id"] == "1"]
    # Who is in no file is told as unknown, and takes no part.
    made = [r for r in rows if not r["_unknown"]]
    assert {r["_unknown"] for r in rows} - {None} == ({"Nobody"} if "Nobody" in cells else set())
    told = [f"{r['person_id']}{'!' if r.get('is_primary') else ''}" for r in made]
    assert sorted(told) == sorted(taking_part.split())


def test_a_column_for_the_day_of_each_stage_gives_stage_events(tmp_path: Path) -> None:
    text = "Lead ID,Created,MQL am,Date became SQL,Holiday\n1,2026-01-01,2026-01-05,,2026-02-01\n"
    text += "2,2026-01-02,2026-01-06,2026-01-09,2026-02-01\n3,2026-01-02,,,\n"
    [path] = put(tmp_path, leads=text)
    source = load_source(scaffold([path], "ours", tmp_path / "ours"))
    given = list(csv.DictReader(text.splitlines()))
    made = produce(source, "lead_stage_event", {"leads": given})
    assert sorted((r["lead_id"], r["stage"], r["entered_at"]) for r in made) == [
        ("1", "mql", "2026-01-05"),
        ("2", "mql", "2026-01-06"),
        ("2", "sql", "2026-01-09"),
    ]


def test_a_day_of_a_stage_is_not_asked_about_as_the_day_a_lead_came_in(tmp_path: Path) -> None:
    [path] = put(tmp_path, leads="Lead ID,MQL am\n1,2026-01-05\n2,\n")
    source = load_source(scaffold([path], "ours", tmp_path / "ours"))
    assert not source.objects["leads"].undecided
    [path] = put(tmp_path, leads="Lead ID,Datum Neu,Neu seit\n1,2026-01-05,2026-01-06\n")
    source = load_source(scaffold([path], "theirs", tmp_path / "theirs"))
    assert "lead_stage_event" not in source.selects
    assert "the day a lead came in" in source.objects["leads"].undecided[0]


def test_a_comma_within_a_name_parts_no_names() -> None:
    inverted = Shape("Participants", ("Berg, Ana", "Lind, Bo"), 2, 2, 2)
    listed = Shape("Participants", ("Ana Berg, Bo Lind", "Cy Om"), 2, 2, 2)
    assert (inverted.between_names, listed.between_names) == (None, ",")


def test_odd_names_are_written_so_that_they_load(tmp_path: Path) -> None:
    text = 'id,"a ""quoted"" # name: [x]",yes,null,1e3x,ümläut\n1,"# : ""x""",{},[],~,é\n'
    folder = scaffold(put(tmp_path, **{"2024-06 über": text}), "ours", tmp_path / "ours")
    [item] = load_source(folder).objects.values()
    assert list(item.columns) == ["id", 'a "quoted" # name: [x]', "yes", "null", "1e3x", "ümläut"]
    loaded = yaml.safe_load((folder / "profile.yaml").read_text(encoding="utf-8"))
    assert loaded["name"] == "ours"


def test_a_table_without_records_is_drafted_by_its_headers(tmp_path: Path) -> None:
    header = "Record Id,Deal Name,Amount,Currency,Stage,Closing Date,Created Time\n"
    source = load_source(scaffold(put(tmp_path, Deals=header), "ours", tmp_path / "ours"))
    assert not source.objects["Deals"].undecided
    assert 'r."Amount" as amount' in source.selects["deal"][0].sql


def test_refusals(tmp_path: Path) -> None:
    files = put(tmp_path, contacts=PEOPLE, bad="1,2\n3,4\n")
    with pytest.raises(UsageError, match="cannot be called 'my crm'"):
        scaffold(files[:1], "my crm", tmp_path / "a")
    with pytest.raises(UsageError, match="built-in source 'salesforce'"):
        scaffold(files[:1], "salesforce", tmp_path / "a")
    with pytest.raises(SourceError, match="no header row"):
        scaffold(files, "ours", tmp_path / "a")
    assert not (tmp_path / "a").exists(), "nothing is written before all is read"
    scaffold(files[:1], "ours", tmp_path / "a")
    with pytest.raises(UsageError, match="already holds a source"):
        scaffold(files[:1], "ours", tmp_path / "a")


def test_costs_of_a_week_do_not_fall_on_its_first_day_unasked(tmp_path: Path) -> None:
    weeks = "Week,Category,Team,Amount EUR\n2026-01-04,media,marketing,5000\n"
    days = weeks.replace("Week", "Day")
    asked, known = put(tmp_path, costs=weeks, costs_by_day=days)
    objects = load_source(scaffold([asked, known], "ours", tmp_path / "ours")).objects
    [question] = objects["costs"].undecided
    assert "'Week' (2026-01-04)" in question and "covers_until" in question
    assert not objects["costs_by_day"].undecided


def test_a_contract_that_says_neither_since_when_nor_how_much_is_asked_about(
    tmp_path: Path,
) -> None:
    bare = "subscription id,customer id,status\ns1,c1,active\n"
    [path] = put(tmp_path, subscriptions=bare)
    [question] = (
        load_source(scaffold([path], "ours", tmp_path / "ours")).objects["subscriptions"].undecided
    )
    assert "starts_on (its first day)" in question and "recurring_amount" in question
    whole = bare.replace("status", "start date,amount per year,currency").replace(
        "active", "2026-01-01,1200,EUR"
    )
    [path] = put(tmp_path, subscriptions=whole)
    assert (
        not load_source(scaffold([path], "whole", tmp_path / "whole"))
        .objects["subscriptions"]
        .undecided
    )


def test_answers_of_no_kind_are_asked_about(tmp_path: Path) -> None:
    bare = "Response ID,Score,Responded At\nr1,10,2026-03-01\n"
    kinds = bare.replace("Score", "Kind,Score").replace("10", "nps,10")
    for name, text, asked in (("bare", bare, True), ("kinds", kinds, False)):
        source = load_source(scaffold(put(tmp_path, survey=text), name, tmp_path / name))
        questions = source.objects["survey"].undecided
        assert [q.startswith("feedback needs kind, and nothing says") for q in questions] == (
            [True] if asked else []
        )


def test_a_known_header_tells_the_encoding_of_a_western_file(tmp_path: Path) -> None:
    file = tmp_path / "deals.csv"
    file.write_bytes("ID,Name,Amount,Währung,Stage\n1,A,10,EUR,won\n".encode("cp1252"))
    source = load_source(scaffold([file], "ours", tmp_path / "ours"))
    assert "Währung" in source.objects["deals"].columns
    ((table, _),) = read_tables(file, tmp_path / "out", [], source)
    assert "Währung" in table.columns
