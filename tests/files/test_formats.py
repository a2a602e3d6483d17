"""Workbooks, json, parquet, gz and zip: the same promise as for delimited text."""

from __future__ import annotations

import datetime as dt
import gzip
import io
import json
import zipfile
from pathlib import Path
from unittest.mock import patch

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xlsxwriter

from smarketing.errors import SourceError, StoreError
from smarketing.files import delimited as reading_delimited
from smarketing.files.read import LandedTable, read_file
from smarketing.files.tables import BadRow
from smarketing.files.turned import turned


def rows(table: LandedTable) -> list[tuple[object, ...]]:
    found = pq.read_table(table.parquet).to_pylist()
    return [tuple(row[name] for name in (*table.columns, "_row")) for row in found]


def put(folder: Path, name: str, content: bytes | str) -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def book(path: Path, sheets: dict[str, list[list[object]]], above: int = 0) -> Path:
    with xlsxwriter.Workbook(path, {"default_date_format": "yyyy-mm-dd hh:mm"}) as file:
        for name, content in sheets.items():
            sheet = file.add_worksheet(name)
            for number, row in enumerate(content):
                sheet.write_row(number + above, 0, row)
    return path


def test_cells_of_a_workbook_become_careful_text(tmp_path: Path) -> None:
    when = dt.datetime(2024, 3, 1, 10, 30)
    content: list[list[object]] = [
        ["id", "amount", "on", "open", "number"],
        ["08123", 1.10, when, True, 40.0],
        ["x", 0.1 + 0.2, dt.datetime(2024, 3, 1), False, 123456789012345],
    ]
    [table] = read_file(book(tmp_path / "b.xlsx", {"Data": content}), tmp_path / "out")
    assert rows(table) == [
        ("08123", "1.1", "2024-03-01T10:30:00", "true", "40", 2),
        ("x", "0.3", "2024-03-01", "false", "123456789012345", 3),
    ]
    assert table.name == "b.xlsx"


def test_rows_of_a_sheet_are_numbered_as_the_user_sees_them(tmp_path: Path) -> None:
    content: list[list[object]] = [
        ["Report of June"], [], ["id", "name"], [1, "a"], [], [2, "b"], ["Total", 3],
    ]  # fmt: skip
    path = book(tmp_path / "b.xlsx", {"Data": content}, above=2)
    [table] = read_file(path, tmp_path / "out", header_names=["id", "name"])
    assert rows(table) == [("1", "a", 6), ("2", "b", 8)]
    assert {part.reason: part.rows for part in table.skipped} == {
        "preamble above the header": 1,
        "total row": 1,
    }


def test_each_sheet_is_a_table_and_the_others_are_counted(tmp_path: Path) -> None:
    sheets: dict[str, list[list[object]]] = {
        "Empty": [],
        "Leads": [["id", "name"], [1, "a"]],
        "Notes": [["read this"], ["and this"]],
        "Deals": [["id", "amount"], [1, 2.5]],
    }
    tables = read_file(book(tmp_path / "b.xlsx", sheets), tmp_path / "out")
    assert [(table.name, table.rows) for table in tables] == [
        ("b.xlsx[Leads]", 1),
        ("b.xlsx[Deals]", 1),
    ]
    assert [(part.reason, part.rows) for part in tables[0].skipped] == [
        ("sheet 'Notes' has no header row", 2)
    ]


def test_workbooks_that_are_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="none of its sheets holds anything"):
        read_file(book(tmp_path / "b.xlsx", {"A": []}), tmp_path / "out")
    with pytest.raises(SourceError, match="no header row"):
        read_file(book(tmp_path / "c.xlsx", {"A": [[1, 2], [3, 4]]}), tmp_path / "out")
    with pytest.raises(SourceError, match="cannot be read as a spreadsheet"):
        read_file(put(tmp_path, "d.xls", b"\xd0\xcf\x11\xe0" + b"\0" * 600), tmp_path / "out")
    assert not list((tmp_path / "out").iterdir())


def test_a_workbook_by_another_name_is_still_one(tmp_path: Path) -> None:
    path = book(tmp_path / "b.xlsx", {"A": [["a", "b"], [1, 2]]}).rename(tmp_path / "b.csv")
    [table] = read_file(path, tmp_path / "out")
    assert rows(table) == [("1", "2", 2)]


def test_an_api_answer_is_flattened(tmp_path: Path) -> None:
    text = """{
 "results": [
  {"id": "1", "properties": {"email": "a@b.co", "id": "9", "amount": 1.10}, "archived": false},
  {"id": "2", "properties": {"email": null, "extra": [1, "x"]},
   "owner": {"name": "Ann"}}
 ],
 "paging": {"next": null}
}"""
    [table] = read_file(put(tmp_path, "a.json", text), tmp_path / "out")
    assert table.columns == (
        "id", "email", "properties.id", "amount", "archived", "extra", "owner.name"
    )  # fmt: skip
    assert rows(table) == [
        ("1", "a@b.co", "9", "1.10", "false", None, None, 3),
        ("2", None, None, None, None, '[1, "x"]', "Ann", 4),
    ]


def test_a_list_of_records_keeps_numbers_as_written(tmp_path: Path) -> None:
    text = '[{"a": 12345678901234567890, "b": 1.50},\n {"a": 1e3, "b": ""}, "stray"]'
    [table] = read_file(put(tmp_path, "a.json", text), tmp_path / "out")
    assert rows(table) == [("12345678901234567890", "1.50", 1), ("1e3", None, 2)]
    assert [(bad.row, bad.value) for bad in table.bad_rows] == [(3, '"stray"')]


def test_several_lists_are_several_tables(tmp_path: Path) -> None:
    text = '{"leads": [{"id": 1}], "deals": [{"id": 2}, {"id": 3}], "tags": ["x"]}'
    tables = read_file(put(tmp_path, "a.json", text), tmp_path / "out")
    assert [(table.name, table.rows) for table in tables] == [
        ("a.json[leads]", 1),
        ("a.json[deals]", 2),
    ]


def test_references_that_are_objects_are_what_they_lead_to(tmp_path: Path) -> None:
    """As Pipedrive answers them; and OData's look-ups, with the labels beside them."""
    label = "@OData.Community.Display.V1.FormattedValue"
    record = {
        "org_id": {"name": "Acme", "value": 7},
        "person_id": None,
        "Owner": {"id": 9},
        "_accountid_value": "77",
        f"_accountid_value{label}": "Acme",
        "statecode": 1,
        f"statecode{label}": "Won",
    }
    [table] = read_file(put(tmp_path, "a.json", json.dumps({"data": [record]})), tmp_path / "out")
    row = pq.read_table(table.parquet).drop_columns("_row").to_pylist()[0]
    assert row == {
        "org_id": "7",
        "org_id.name": "Acme",
        "org_id.value": "7",
        "person_id": None,
        "Owner.id": "9",
        "accountid": "77",
        "accountid.label": "Acme",
        "statecode": "1",
        "statecode.label": "Won",
    }


@pytest.mark.parametrize(
    "text",
    [
        '{"columns": ["id", "name"], "rows": [["a1", "x"], ["a2", null]]}',
        '{"columns": ["id", "name"], "index": [0, 1], "data": [["a1", "x"], ["a2", null]]}',
        '{"a1": {"name": "x"}, "a2": {"name": null}}',
        '{"a1": {"id": "a1", "name": "x"}, "a2": {"id": "a2", "name": null}}',
        '{"b1": {"Id": "a1", "name": "x"}, "b2": {"Id": "a2", "name": null}}',
    ],
)
def test_records_whose_columns_or_ids_stand_apart(tmp_path: Path, text: str) -> None:
    [table] = read_file(put(tmp_path, "x.json", text), tmp_path / "out")
    assert tuple(map(str.casefold, table.columns)) == ("id", "name")
    assert [row[:2] for row in rows(table)] == [("a1", "x"), ("a2", None)]


def test_a_row_of_another_length_than_its_columns_is_no_record(tmp_path: Path) -> None:
    text = '{"columns": ["id", "name"], "rows": [["a1", "x"], ["a2"], ["a3", "y"]]}'
    [table] = read_file(put(tmp_path, "x.json", text), tmp_path / "out")
    assert (table.rows, len(table.bad_rows)) == (2, 1)


def test_a_column_named_twice_with_two_values_is_no_record(tmp_path: Path) -> None:
    text = '{"columns": ["id", "x", "x"], "rows": [["a1", "1", "1"], ["a2", "1", "2"]]}'
    [table] = read_file(put(tmp_path, "x.json", text), tmp_path / "out")
    assert (table.rows, [bad.column for bad in table.bad_rows]) == (1, ["x"])


def test_a_list_of_pages_is_a_list_of_their_records(tmp_path: Path) -> None:
    pages = [
        {"totalSize": 3, "done": False, "records": [{"Id": "1"}, {"Id": "2"}]},
        {"totalSize": 3, "done": True, "records": [{"Id": "3"}]},
    ]
    [table] = read_file(put(tmp_path, "a.json", json.dumps(pages)), tmp_path / "out")
    assert pq.read_table(table.parquet).column("Id").to_pylist() == ["1", "2", "3"]
    del pages[1]["totalSize"], pages[1]["done"]
    [table] = read_file(put(tmp_path, "c.json", json.dumps(pages)), tmp_path / "out")
    assert table.rows == 3, "the last page has nothing that leads on"
    orders = [{"id": 5, "items": [{"sku": "a"}]}]
    [table] = read_file(put(tmp_path, "b.json", json.dumps(orders)), tmp_path / "out")
    assert pq.read_table(table.parquet).column("id").to_pylist() == ["5"], "no page, but a record"


@pytest.mark.parametrize(
    "answer",
    [
        {"code": 0, "message": "OK", "data": {"list": [{"a": 1}, {"a": 2}], "page_info": {}}},
        [
            {"results": [{"a": 1}], "fieldMask": "a", "requestId": "x"},
            {"results": [{"a": 2}], "requestId": "y"},
        ],
        {"response": {"rows": [{"a": 1}, {"a": 2}]}},
    ],
)
def test_records_of_an_api_are_found_where_it_puts_them(tmp_path: Path, answer: object) -> None:
    (tmp_path / "a.json").write_text(json.dumps(answer))
    (table,) = read_file(tmp_path / "a.json", tmp_path / "out")
    assert (table.columns, table.rows) == (("a",), 2)


@pytest.mark.parametrize("name", ["a.json", "a.jsonl"])
def test_a_name_with_two_values_is_a_broken_record(tmp_path: Path, name: str) -> None:
    text = '{"a": 1, "a": 2}\n{"a": 3, "b": {"c": 1, "c": 2}}\n{"a": 5, "a": 5}\n{"a": 6}\n'
    [table] = read_file(put(tmp_path, name, text), tmp_path / "out")
    assert [row[0] for row in rows(table)] == ["5", "6"]
    assert [(bad.row, bad.column) for bad in table.bad_rows] == [(1, "a"), (2, "c")]
    assert "two values" in table.bad_rows[0].reason


TURNED = [
    ["Channel", "Jan 2026", "Feb 2026"],
    ["Campaign", "2026-01-05", "2026-01-06", "Total"],
    ["Kanal", "Januar", "Februar", "März", "Summe"],
    ["Média", "janv. 2026", "févr. 2026", "août 26"],
    ["", "Q1 2026", "Q2 2026"],
]


@pytest.mark.parametrize("header", TURNED)
def test_a_table_with_a_column_for_each_month_is_told(header: list[str]) -> None:
    assert turned(header)


@pytest.mark.parametrize(
    "header",
    [["Date", "Channel", "Cost"], ["May", "Name", "Mail", "Phone"], ["Month", "Q1 2026", "Cost"]],
)
def test_other_tables_are_not_turned(header: list[str]) -> None:
    assert turned(header) is None


def test_a_turned_table_without_names_is_refused_as_one(tmp_path: Path) -> None:
    days = [["Campaign", "2026-01-05", "2026-01-06"], ["Brand", 1.5, 2.5], ["Other", 1.5, 2.5]]
    text = "\n".join(",".join(map(str, row)) for row in days)
    with pytest.raises(SourceError, match=r"a column for each day or month \('2026-01-05'"):
        read_file(put(tmp_path, "a.csv", text), tmp_path / "out")
    with pytest.raises(SourceError, match=r"sheet Costs has a column for each day or month"):
        read_file(book(tmp_path / "a.xlsx", {"Costs": days}), tmp_path / "out")


def test_a_record_with_records_inside_stays_one(tmp_path: Path) -> None:
    record = {"id": 1, "data": {"list": [{"a": 1}]}}
    (tmp_path / "a.json").write_text(json.dumps(record))
    (table,) = read_file(tmp_path / "a.json", tmp_path / "out")
    assert (table.columns, table.rows) == (("id", "data.list"), 1)


def test_documents_are_refused_as_what_they_are(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "deals.numbers", "w") as packed:
        packed.writestr("Index/Document.iwa", b"x")
    for name, reason in (
        ("deals.numbers", "is a document of Apple's Numbers, Pages or Keynote"),
        (put(tmp_path, "deals.parquet", "id,name\n1,A\n").name, "is called Parquet, and does not"),
    ):
        with pytest.raises(SourceError, match=reason):
            read_file(tmp_path / name, tmp_path / "out")


def test_a_resource_of_json_api_is_a_record_of_its_attributes_and_relations(
    tmp_path: Path,
) -> None:
    record = {
        "type": "deals",
        "id": "7",
        "attributes": {"amount": 12.50, "owner": {"name": "Ann"}},
        "relationships": {
            "company": {"data": {"type": "companies", "id": "c1"}},
            "contacts": {"data": [{"type": "contacts", "id": "p1"}, {"type": "x", "id": "p2"}]},
            "notes": {"links": {"related": "…"}},
        },
    }
    [table] = read_file(put(tmp_path, "a.json", json.dumps({"data": [record]})), tmp_path / "out")
    columns = ("type", "id", "amount", "owner.name", "company_id", "contact_ids")
    assert table.columns == columns
    assert rows(table) == [("deals", "7", "12.5", "Ann", "c1", '["p1", "p2"]', 1)]
    other = {"attributes": {"type": "Account", "url": "/1"}, "Id": "1"}
    [table] = read_file(put(tmp_path, "b.json", json.dumps([other])), tmp_path / "out")
    assert table.columns == ("attributes.type", "attributes.url", "Id")


@pytest.mark.parametrize("name", ["a.jsonl", "a.ndjson", "a.json"])
def test_json_lines_go_on_after_a_broken_one(tmp_path: Path, name: str) -> None:
    text = '{"a": 1}\n\n{"a": 2\n{"a": 3, "b": {"c": 4}}\n'
    [table] = read_file(put(tmp_path, name, text), tmp_path / "out")
    assert rows(table) == [("1", None, 1), ("3", "4", 4)]
    assert [bad.row for bad in table.bad_rows] == [3]


def test_lines_that_are_pages_of_an_answer_hold_a_record_each(tmp_path: Path) -> None:
    first = '{"results": [{"id": "1"}, {"id": "2", "a": 5}], "paging": {"next": {"after": "2"}}}'
    broken = '{"results": [{"id": "3"'
    last = '{"results": [{"id": "4"}, {"id": "5", "a": "x\\u0000"}]}'
    text = "\n".join((first, broken, '{"results": []}', last))
    [table] = read_file(put(tmp_path, "a.jsonl", text), tmp_path / "out")
    assert rows(table) == [("1", None, 1), ("2", "5", 2), ("4", None, 4)]
    assert [bad.row for bad in table.bad_rows] == [3, 5]


@pytest.mark.parametrize(
    "line",
    [
        '{"status": "paid", "total": 9, "items": [{"sku": "a"}]}',
        '{"id": 7, "items": [{"sku": "a"}]}',
        '{"timestamp": "2026-01-01", "data": {"id": 5, "items": [{"sku": "a"}]}}',
        '{"data": "x", "a": 1}',
    ],
)
def test_a_line_that_is_a_record_stays_one(tmp_path: Path, line: str) -> None:
    [table] = read_file(put(tmp_path, "a.jsonl", f"{line}\n{line}\n"), tmp_path / "out")
    assert [row[-1] for row in rows(table)] == [1, 2]


def test_lines_of_nothing_but_lists_are_refused(tmp_path: Path) -> None:
    line = '{"deals": [{"id": 1}, {"id": 2}]}\n'
    with pytest.raises(SourceError, match="under 'deals'"):
        read_file(put(tmp_path, "a.jsonl", line * 2), tmp_path / "out")


@pytest.mark.parametrize("number", ["id", "file_row_number"])
def test_a_record_of_parquet_with_a_nul_byte_is_quarantined(tmp_path: Path, number: str) -> None:
    path = tmp_path / "deals.parquet"
    values = [("1", "a"), ("2", "b\0c"), ("3", "d")]
    columns = {number: [key for key, _ in values], "name": [name for _, name in values]}
    pq.write_table(pa.table(columns), path)
    [table] = read_file(path, tmp_path / "out")
    assert rows(table) == [("1", "a", 1), ("3", "d", 3)]
    assert table.bad_rows == (BadRow(2, "b\0c", "a NUL byte", "name"),)
    assert table.rows == 2


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ('{"results": []}', "holds no records"),
        ("[1, 2]", "holds no records"),
        ('[{"a": 1}', "no valid json"),
        ('[{"a": 1}] x', "no valid json"),
        ("[" * 100_000, "nested too deeply|no valid json"),
        ("", "no valid json"),
    ],
)
def test_json_that_is_refused(tmp_path: Path, text: str, reason: str) -> None:
    with pytest.raises(SourceError, match=reason):
        read_file(put(tmp_path, "a.json", text), tmp_path / "out")
    assert not list((tmp_path / "out").iterdir())


def test_nested_parquet_is_taken_apart_as_json_is(tmp_path: Path) -> None:
    """A CRM's table as a lake holds it: an owner with id and name, a list of contacts."""
    path = tmp_path / "deals.parquet"
    duckdb.sql(
        "copy (select 'd1' as id, {'id': 7, 'name': 'Ann'} as owner_id, [1, 2] as contacts, "
        "12.000::decimal(9, 3) as amount, timestamptz '2026-01-05 10:00:00+00' as created, "
        "{'properties': 3} as more union all "
        f"select 'd2', null, [], null, null, null) to '{path}' (format parquet)"
    )
    [table] = read_file(path, tmp_path / "landed")
    first, second = pq.read_table(table.parquet).to_pylist()
    assert (first["owner_id"], first["owner_id.name"]) == ("7", "Ann")
    assert (first["contacts"], first["amount"]) == ("[1, 2]", "12")
    assert first["created"].startswith("2026-01-05 10:00:00")
    assert (second["id"], second["owner_id"], table.dialect) == ("d2", None, "parquet")
    assert list((tmp_path / "landed").iterdir()) == [table.parquet]


def test_parquet_becomes_text_in_utc(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    with duckdb.connect() as con:
        con.execute(
            "copy (select 1 as id, 1.50::decimal(9,2) as amount, "
            "timestamptz '2024-03-01 10:00:00+02' as at, '' as blank, null as nothing, "
            "12::decimal(9,3) as three "
            f"union all select 2, null, null, 'x', null, 1.25) to '{path}' (format parquet)"
        )
    [table] = read_file(path, tmp_path / "out")
    assert rows(table) == [
        ("1", "1.50", "2024-03-01 08:00:00+00", None, None, "12", 1),
        ("2", None, None, "x", None, "1.25", 2),
    ]
    with pytest.raises(SourceError, match="no valid parquet"):
        read_file(put(tmp_path, "b.parquet", b"PAR1 and nothing more"), tmp_path / "out")


def test_gz_is_unpacked(tmp_path: Path) -> None:
    [table] = read_file(put(tmp_path, "a.csv.gz", gzip.compress(b"a,b\n1,2\n")), tmp_path / "out")
    assert (table.name, rows(table)) == ("a.csv", [("1", "2", 2)])
    cut = put(tmp_path, "b.csv.gz", gzip.compress(b"a,b\n1,2\n" * 999)[:-20])
    with pytest.raises(SourceError, match="damaged or cut short"):
        read_file(cut, tmp_path / "out")


def packed(members: dict[str, bytes]) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return content.getvalue()


def test_a_zip_gives_its_members(tmp_path: Path) -> None:
    members = {
        "README.md": b"# read this",
        "__MACOSX/._a.csv": b"\0\1",
        "folder/a.csv": b"a,b\n1,2\n",
        "b.json": json.dumps([{"x": 1}]).encode(),
    }
    tables = read_file(put(tmp_path, "all.zip", packed(members)), tmp_path / "out")
    assert [(table.name, table.rows) for table in tables] == [
        ("all.zip/folder/a.csv", 1),
        ("all.zip/b.json", 1),
    ]
    assert sorted(path.suffix for path in (tmp_path / "out").iterdir()) == [".parquet"] * 2


def test_archives_that_are_refused(tmp_path: Path) -> None:
    bomb = packed({"a.csv": b"a,b\n" + b"0" * (70 << 20)})
    nested = packed({"inner.zip": packed({"a.csv": b"a,b\n1,2\n"})})
    broken = packed({"a.csv": b"a,b\n1,2\n" * 99})[:80]
    for content, reason in (
        (bomb, "more than 300 times its size"),
        (gzip.compress(b"0" * (70 << 20)), "more than 300 times its size"),
        (nested, "holds no table that can be read .passed over: inner.zip.; unpack"),
        (broken, "damaged or cut short"),
        (packed({}), "holds no file"),
    ):
        with pytest.raises(SourceError, match=reason):
            read_file(put(tmp_path, "a.zip", content), tmp_path / "out")
        assert not list((tmp_path / "out").iterdir()), reason


def test_one_bad_member_is_refused_and_the_others_go_on(tmp_path: Path) -> None:
    members = {"a.csv": b"a,b\n1,2\n", "b.csv": b"1,2\n3,4\n"}
    path = put(tmp_path, "a.zip", packed(members))
    [table] = read_file(path, tmp_path / "out")
    assert (table.name, rows(table)) == ("a.zip/a.csv", [("1", "2", 2)])
    assert len(table.refused) == 1 and "a.zip/b.csv has no header row" in table.refused[0]
    assert len(list((tmp_path / "out").iterdir())) == 1
    with pytest.raises(SourceError, match=r"a.zip/b.csv has no header row"):
        read_file(put(tmp_path, "a.zip", packed({"b.csv": members["b.csv"]})), tmp_path / "out")


def test_members_that_are_no_tables_are_passed_over_and_named(tmp_path: Path) -> None:
    members = {
        "Opportunity.csv": b"a,b\n1,2\n",
        "Attachments/00PQ0000001": b"binary\0stuff",
        "Attachments/00PQ0000002": b"Dear all,\nplease find it here.\n",
        "Attachments/00PQ0000003": b"",
        "Manifest.html": b"<html>",
        "inner.zip": packed({"c.csv": b"a,b\n1,2\n"}),
    }
    [table] = read_file(put(tmp_path, "a.zip", packed(members)), tmp_path / "out")
    assert not table.refused
    assert table.notes == (
        "no tables, passed over: Attachments/00PQ0000001, Attachments/00PQ0000002, "
        "Attachments/00PQ0000003, Manifest.html, inner.zip",
    )


def test_two_members_of_one_name_are_two_tables(tmp_path: Path) -> None:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive, pytest.warns(UserWarning):
        archive.writestr("a.csv", "a,b\n1,2\n")
        archive.writestr("a.csv", "a,b\n3,4\n")
    tables = read_file(put(tmp_path, "a.zip", content.getvalue()), tmp_path / "out")
    assert [rows(table) for table in tables] == [[("1", "2", 2)], [("3", "4", 2)]]


def test_a_file_that_does_not_exist(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="There is no file"):
        read_file(tmp_path / "no.csv", tmp_path / "out")


def test_a_home_that_cannot_be_written(tmp_path: Path) -> None:
    path = put(tmp_path, "a.csv", "a,b\n1,2\n")
    full = OSError(28, "No space left on device")
    with (
        patch.object(reading_delimited, "land_fast", side_effect=full),
        pytest.raises(StoreError, match=r"a.csv could not be landed in .*no space is left"),
    ):
        read_file(path, tmp_path / "out")


@pytest.mark.parametrize(
    ("answer", "key"),
    [
        ({"results": [{"id": "1"}], "paging": {"next": {"after": "100"}}}, "paging.next"),
        ({"results": [{"a": {"b": "1"}}], "nextPageToken": "CPq"}, "nextPageToken"),
        ({"records": [{"Id": "1"}], "totalSize": 9, "done": False}, "done"),
        ({"value": [{"id": "1"}], "@odata.nextLink": "https://x.test"}, "@odata.nextLink"),
        ({"data": [{"id": "1"}], "info": {"more_records": True}}, "info.more_records"),
        ({"data": [{"id": "1"}], "has_more": True}, "has_more"),
        ({"data": [{"id": "1"}], "additional_data": {"next_cursor": "x"}},
         "additional_data.next_cursor"),
        ({"code": 0, "data": {"list": [{"a": 1}], "page_info": {"page": 1, "total_page": 3}}},
         "data.page_info.total_page"),
        ([{"data": [{"id": "1"}], "next": "/2"}, {"data": [{"id": "2"}], "next": "/3"}], "next"),
        ([{"data": [{"id": "1"}], "next": "/2"}, {"data": [{"id": "2"}], "next": None}], None),
        ({"results": [{"id": "1"}], "paging": None, "has_more": False, "done": True}, None),
        ({"data": [{"id": "1"}], "paging": {"cursors": {"after": "b"}}}, None),
        ([{"id": "1", "next": "call back", "done": False}], None),
        ({"id": "1", "next_step": "call", "next": "later"}, None),
        ({"data": {"list": [{"a": 1}], "page_info": {"page": 3, "total_page": 3}}}, None),
    ],
)  # fmt: skip
def test_a_page_of_an_answer_says_that_others_follow(
    tmp_path: Path, answer: object, key: str | None
) -> None:
    (table,) = read_file(put(tmp_path, "a.json", json.dumps(answer)), tmp_path / "out")
    assert [note.split("'")[1] for note in table.notes] == ([key] if key else [])
