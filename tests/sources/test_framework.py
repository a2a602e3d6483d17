"""Sources: profiles, inheritance, recognition by headers, tables of a file."""

from __future__ import annotations

import random
from pathlib import Path

import pyarrow.parquet as pq
import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from smarketing.errors import SourceError, UsageError
from smarketing.sources import (
    Source,
    builtin_sources,
    data_files,
    load_source,
    read_tables,
    recognise,
)

CRM = """
name: crm
label: A small CRM
encodings: cp1252
objects:
  Deal:
    files: ["deals*"]
    required: [Deal ID, Amount]
    key: Deal ID
    modified: Changed
    columns: {Deal ID: [id], Amount: Value, Changed: , Owner: [Owner ID]}
  Lead:
    files: ["leads*"]
    required: [Lead ID, Created]
    columns: {Lead ID: [], Created: [Created Date], Owner: [], Status: []}
  Note:
    required: [Note ID]
    ignored: nobody reads notes
    columns: [Note ID, Text]
"""
DEAL = '-- from: Deal\n-- Which deals?\nselect _row, _file_id, "Deal ID" as deal_id from Deal;\n'


def write(folder: Path, profile: str, **selects: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "profile.yaml").write_text(profile, encoding="utf-8")
    for name, text in selects.items():
        (folder / f"{name.replace('__', '.')}.sql").write_text(text, encoding="utf-8")
    return folder


@pytest.fixture
def crm(tmp_path: Path) -> Source:
    return load_source(write(tmp_path / "crm", CRM, deal=DEAL))


def test_a_folder_is_loaded(crm: Source) -> None:
    assert (crm.name, crm.label, crm.profile.encodings) == ("crm", "A small CRM", ("cp1252",))
    deal = crm.objects["Deal"]
    assert (deal.key, deal.modified) == (("Deal ID",), "Changed")
    assert deal.columns["Amount"] == ("Value",) and deal.columns["Changed"] == ()
    [select] = crm.selects["deal"]
    assert (select.core_table, select.object, select.path.name) == ("deal", "Deal", "deal.sql")
    assert select.sql.endswith('"Deal ID" as deal_id from Deal')
    assert {"Value", "Owner ID", "Note ID"} <= crm.header_names()


def test_every_built_in_source_loads_and_is_consistent() -> None:
    sources = builtin_sources()
    assert {"salesforce", "leadforge", "google_ads", "microsoft_ads", "generic"} <= set(sources)
    for name, source in sources.items():
        assert source.name == name == source.folder.name
        assert source.selects, f"{name} fills no table"
        for table, selects in source.selects.items():
            assert all(select.object in source.objects for select in selects), (name, table)


def test_a_child_inherits_and_overrides_by_name(crm: Source, tmp_path: Path) -> None:
    child = f"""
name: ours
extends: {crm.folder}
currency: EUR
objects:
  Deal: {{required: [Deal ID, Amount, Region], columns: {{Region: [Gebiet], Amount: [Betrag]}}}}
  Note: {{columns: [Title]}}
"""
    parent = write(crm.folder, CRM, deal=DEAL, lead=DEAL.replace("Deal", "Lead"))
    select = "-- from: Deal\nselect 1 as other from Deal"
    folder = write(tmp_path / "ours", child, deal=select, deal__extra=DEAL, lead="-- no leads\n")
    ours = load_source(folder)
    assert load_source(parent).selects.keys() == {"deal", "lead"}
    assert ours.selects.keys() == {"deal"}, "a file of comments switches the inherited one off"
    assert [s.path.name for s in ours.selects["deal"]] == ["deal.extra.sql", "deal.sql"]
    assert ours.selects["deal"][1].sql.endswith("other from Deal")
    assert (ours.profile.currency, ours.profile.encodings) == ("EUR", ("cp1252",))
    assert ours.label == "ours", "a label is the parent's own"
    deal = ours.objects["Deal"]
    assert deal.required == ("Deal ID", "Amount", "Region")
    assert deal.columns["Amount"] == ("Betrag", "Value") and deal.modified == "Changed"
    assert deal.files == ("deals*",)
    assert ours.objects["Note"].ignored is None, "columns of one's own are there to be read"
    assert ours.objects["Lead"] == crm.objects["Lead"]


def test_extending_a_built_in_source(tmp_path: Path) -> None:
    text = "-- from: CampaignMember\nselect _row, _file_id, Id as touch_id from CampaignMember\n"
    folder = write(tmp_path / "s", "name: mine\nextends: salesforce\n", touch__campaign_member=text)
    parent, mine = builtin_sources()["salesforce"], load_source(str(folder))
    assert mine.objects == parent.objects
    assert mine.selects.keys() == parent.selects.keys()
    changed = [s for s in mine.selects["touch"] if s.path.parent == folder.resolve()]
    assert [s.path.name for s in changed] == ["touch.campaign_member.sql"]
    assert len(mine.selects["touch"]) == len(parent.selects["touch"])


@pytest.mark.parametrize(
    ("profile", "selects", "reason"),
    [
        ("name: x\nobject: {}", {}, r"at object: .* Did you mean 'objects'\?"),
        ("name: x\nobjects: {A: {colums: [a]}}", {}, r"Did you mean 'columns'\?"),
        ("name: 1x", {}, "at name: "),
        ("name: x\ndecimal: ;", {}, "at decimal: "),
        ("- a list", {}, "no mapping"),
        ("name: [", {}, "cannot be read as YAML"),
        ("name: x\nobjects: {A: {columns: [Amount], key: Amuont}}", {},
         r"at objects.A.key: 'Amuont' is not among its columns. Did you mean 'Amount'\?"),
        ("name: x\nextends: salesfroce", {}, r"Did you mean 'salesforce'\?"),
        ("name: x\nextends: ../crm", {}, "extends itself"),
        (CRM, {"deal": "select 1"}, "begin it with `-- from: ObjectName`"),
        (CRM, {"deal": "-- from: Dael\nselect 1"}, r"Did you mean 'Deal'\?"),
        ("name: x\nobjects: {A: {total_rows: '['}}", {}, None),
        ("name: x\nobjects: {A: {total_rows: {pattern: '['}}}", {}, "no regular expression"),
    ],
)  # fmt: skip
def test_a_profile_with_a_fault(
    tmp_path: Path, profile: str, selects: dict[str, str], reason: str | None
) -> None:
    folder = write(tmp_path / "crm", profile, **selects)
    if reason is None:
        assert load_source(folder)
        return
    with pytest.raises(SourceError, match=reason) as caught:
        load_source(folder)
    assert "crm" in str(caught.value) and "\n" not in str(caught.value)


def test_names_and_folders_that_are_no_source(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"Unknown source 'salesfroce'.*Did you mean 'salesforce'"):
        load_source("salesfroce")
    with pytest.raises(SourceError, match="has no profile"):
        load_source(tmp_path)


def test_headers_are_compared_without_case_space_underscore(crm: Source) -> None:
    match = recognise("x.csv", ["deal_id", "AMOUNT", "owner id", "what else"], [crm])
    assert (match.object, match.source.name) == ("Deal", "crm")
    assert match.mapping == {"Deal ID": "deal_id", "Amount": "AMOUNT", "Owner": "owner id"}


def test_the_canonical_header_is_preferred_to_its_aliases(crm: Source) -> None:
    match = recognise("x.csv", ["id", "Value", "Deal ID", "Amount"], [crm])
    assert match.mapping == {"Deal ID": "Deal ID", "Amount": "Amount"}


def test_a_missing_column_is_named_with_the_nearest_header(crm: Source) -> None:
    with pytest.raises(SourceError) as caught:
        recognise("deals.csv", ["Deal ID", "Amuont", "Owner", "Changed"], [crm])
    assert str(caught.value) == (
        "deals.csv looks like crm Deal, but its required column 'Amount' is missing. Did you mean "
        "'Amuont'? Rename the header, or add it as an alias in the profile."
    )


def test_an_unknown_table_lists_what_is_nearest(crm: Source) -> None:
    """Nearest is what lacks one column at most: a status alone tells no system."""
    near = "crm Lead (2 of its 4 columns; lacks Created)"
    for headers, is_told in (["Status", "Colour"], False), (["Status", "Lead ID", "Sum"], True):
        with pytest.raises(SourceError) as caught:
            recognise("other.csv", headers, [crm])
        assert f"is of no known source: its columns are {', '.join(headers)}" in str(caught.value)
        assert (near in str(caught.value)) == is_told


def test_two_objects_that_fit_alike_are_told_by_the_files_name(tmp_path: Path) -> None:
    text = """
name: twins
objects:
  A: {files: ["a*"], required: [id], columns: [id, x]}
  B: {files: ["b*"], required: [id], columns: [id, x]}
"""
    twins = load_source(write(tmp_path / "twins", text))
    assert recognise("b-2024.csv", ["id", "x"], [twins]).object == "B"
    assert recognise("book.xlsx[A]", ["id", "x"], [twins]).object == "A"
    assert recognise("all.zip/folder/b.csv", ["id", "x"], [twins]).object == "B"
    with pytest.raises(SourceError, match="fits twins A, twins B equally well"):
        recognise("other.csv", ["id", "x"], [twins])


def test_an_exact_source_takes_only_files_it_knows_whole(tmp_path: Path, crm: Source) -> None:
    text = """
name: own
exact: true
objects: {deal: {required: [deal_id], columns: [deal_id, amount, stage, kind]}}
"""
    own = load_source(write(tmp_path / "own", text))
    assert recognise("x.csv", ["deal_id", "stage"], [own]).object == "deal"
    columns = ["deal_id", "stage", "amount", "knid"]
    with pytest.raises(SourceError, match=r"has no column 'knid'. Did you mean 'kind'\?"):
        recognise("x.csv", columns, [own])
    assert recognise("x.csv", columns, [own], forced=own).object == "deal"
    with pytest.raises(SourceError, match="has no column 'amount_cents'") as caught:
        recognise("x.csv", ["deal_id", "stage", "kind", "amount_cents"], [own])
    assert "Did you mean" not in str(caught.value)


@settings(max_examples=40)
@given(seed=st.integers(0, 10**6))
def test_recognition_depends_neither_on_order_nor_on_spelling(seed: int) -> None:
    rng = random.Random(seed)
    sources = list(builtin_sources().values())
    source = rng.choice(sources)
    _, item = rng.choice(sorted(source.objects.items()))
    columns = list(item.columns)
    file = f"{(item.files or ('x',))[0].split('*')[0] or 'x'}.csv"

    def answer(headers: list[str]) -> str:
        try:
            match = recognise(file, headers, sources)
        except SourceError as error:
            return type(error).__name__
        return f"{match.source.name} {match.object}"

    expected = answer(columns)
    rng.shuffle(columns)
    rng.shuffle(sources)
    assert answer(columns) == expected
    assert answer([column.upper().replace("_", " ") for column in columns]) == expected


def test_the_sources_encoding_is_used_once_its_headers_are_seen(
    tmp_path: Path, crm: Source
) -> None:
    path = tmp_path / "leads.csv"
    path.write_bytes("Lead ID;Created;Status\n1;2024-01-01;müde\n".encode("cp1252"))
    [(table, match)] = read_tables(path, tmp_path / "out", [crm])
    assert (table.source, match.object) == (crm.name, "Lead")
    assert pq.read_table(table.parquet).column("Status").to_pylist() == ["müde"]


def test_unknown_sheets_are_counted_and_missing_columns_are_not_excused(
    tmp_path: Path, crm: Source
) -> None:
    def book(columns: list[str]) -> Path:
        with xlsxwriter.Workbook(tmp_path / "b.xlsx") as file:
            for name, rows in (
                ("Leads", [["Lead ID", "Created"], ["1", "2024-01-01"]]),
                ("Pivot", [["Colour", "Count"], ["red", "1"], ["blue", "2"]]),
                ("Deals", [columns, ["1"] * len(columns)]),
            ):
                sheet = file.add_worksheet(name)
                for number, row in enumerate(rows):
                    sheet.write_row(number, 0, row)
        return tmp_path / "b.xlsx"

    found = read_tables(book(["Deal ID", "Amount", "Owner"]), tmp_path / "out", [crm])
    assert [(table.name, match.object) for table, match in found] == [
        ("b.xlsx[Leads]", "Lead"),
        ("b.xlsx[Deals]", "Deal"),
    ]
    assert [(part.reason, part.rows) for part in found[0][0].skipped] == [
        ("no source knows b.xlsx[Pivot]", 2)
    ]
    [(leads, _)] = read_tables(book(["Deal ID", "Changed", "Owner"]), tmp_path / "out2", [crm])
    assert [(part.reason, part.rows) for part in leads.skipped] == [
        ("no source knows b.xlsx[Pivot]", 2),
        ("b.xlsx[Deals] is refused", 1),
    ]
    assert len(leads.refused) == 1
    assert "required column 'Amount' is missing" in leads.refused[0]
    assert len(list((tmp_path / "out2").iterdir())) == 1


def test_which_files_of_a_folder_are_read(tmp_path: Path) -> None:
    for name in ("b/z.csv", "a.csv", "README.md", ".hidden.csv", "LICENSE.txt", "LICENSE", "n.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("x")
    found = data_files([tmp_path, tmp_path / "a.csv", tmp_path / "README.md"])
    assert [path.relative_to(tmp_path).as_posix() for path in found] == [
        "a.csv", "b/z.csv", "n.txt", "README.md"
    ]  # fmt: skip
    with pytest.raises(UsageError, match="There is no file or folder"):
        data_files([tmp_path / "nowhere"])
    (tmp_path / "empty").mkdir()
    with pytest.raises(UsageError, match="holds no file to import"):
        data_files([tmp_path / "empty"])


@pytest.mark.real
def test_every_real_export_is_recognised(real_data: Path, tmp_path: Path) -> None:
    sources = list(builtin_sources().values())
    expected = {"salesforce": {"salesforce"}, "leadforge": {"leadforge"}}
    expected["ads"] = {"google_ads", "microsoft_ads", "linkedin_ads", "facebook_ads"}
    for folder, names in expected.items():
        found = {}
        for path in data_files([real_data / "data" / folder]):
            [(table, match)] = read_tables(path, tmp_path, sources)
            assert not table.bad_rows, path.name
            found[path.name] = match.source.name
        assert set(found.values()) == names
        assert all(name.startswith(source) for name, source in found.items() if folder == "ads"
                   and not name.startswith("linkedin"))  # fmt: skip
