"""A record of json by itself: what it is flattened to, or why it cannot be landed; by hand."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from smarketing.errors import SourceError
from smarketing.files.encoding import TextFile
from smarketing.files.json import _Cursor, _document, _record, read_json
from smarketing.files.json_pages import apart, inner_list, more_follow, unwrapped
from smarketing.files.json_records import _plain_key, flatten
from smarketing.files.json_values import DECODER, RepeatedError, as_object, as_text, dump
from smarketing.files.limits import MAX_LINE
from smarketing.files.tables import BadRow

HALF = "\ud800"
FAULT = "half a character (a surrogate that stands alone)"


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ({"a": 1, "b": None}, {"a": "1", "b": None}),
        ({}, {}),
        (["x"], BadRow(7, '["x"]', "is no object with named values")),
        ("ü" * 501, BadRow(7, '"' + "ü" * 499, "is no object with named values")),
        ({"a": "1", "b": f"x{HALF}"}, BadRow(7, "x?", FAULT, "b")),
        ({"a": "1", "b": "x\0y"}, BadRow(7, "x\0y", "a NUL byte", "b")),
        ({f"k{HALF}": "x"}, BadRow(7, "x", FAULT, None)),
        ({f"k{HALF}": None}, BadRow(7, "k?", FAULT, None)),
        ({f"k{HALF}": HALF}, BadRow(7, "?", FAULT, None)),
    ],
)
def test_a_record_is_flat_or_says_what_is_wrong(value: Any, found: Any) -> None:
    assert _record(7, value) == found


def test_a_name_that_comes_twice_with_two_values_is_told() -> None:
    twice = as_object([("a", 1), ("b", 2), ("b", 3), ("a", 1)])
    bad = _record(2, {"x": twice})
    assert isinstance(bad, BadRow) and (bad.row, bad.column) == (2, "b")
    assert bad.value == '{"x": {"a": 1, "b": 3}}'
    assert bad.reason == "stands twice in the record, with two values"
    long = _record(2, as_object([("n" * 150, 1), ("n" * 150, 2)]))
    assert isinstance(long, BadRow) and long.column == "n" * 100
    with pytest.raises(RepeatedError, match=r"^b$"):
        flatten(twice)
    assert as_object([("a", 1), ("a", 1), ("b", 2)]) == {"a": 1, "b": 2}
    flatten(as_object([("a", 1), ("a", 1)]))
    resource = {"type": "t", "id": "1", "attributes": as_object([("n", 1), ("n", 2)])}
    with pytest.raises(RepeatedError, match=r"^n$"):
        flatten(resource)


@pytest.mark.parametrize(
    ("record", "flat"),
    [
        ({"a": {"b": {"c": "x"}}, "d": []}, {"a.b.c": "x", "d": "[]"}),
        ({"a": {}}, {"a": "{}"}),
        ({"properties": {"a": "1", "id": "2"}, "id": "3"},
         {"a": "1", "properties.id": "2", "id": "3"}),
        ({"fields": {"a": "1"}, "other": {"a": "2"}}, {"a": "1", "other.a": "2"}),
        ({"properties": "x"}, {"properties": "x"}),
        ({"org_id": {"name": "Acme", "value": "7", "id": "8"}},
         {"org_id": "7", "org_id.name": "Acme", "org_id.value": "7", "org_id.id": "8"}),
        ({"ownerId": {"id": "8"}, "ownerID": {"id": "9"}},
         {"ownerId": "8", "ownerId.id": "8", "ownerID": "9", "ownerID.id": "9"}),
        ({"owner": {"id": "8"}}, {"owner.id": "8"}),
        ({"idol": {"id": "8"}}, {"idol.id": "8"}),
        ({"org_id": {"name": "Acme"}}, {"org_id.name": "Acme"}),
        ({"org_id": {"value": None}}, {"org_id.value": None}),
        ({"org_id": {"value": ["1"]}}, {"org_id.value": '["1"]'}),
        ({"org_id": {"value": {"x": "1"}}}, {"org_id.value.x": "1"}),
        ({"_accountid_value": "1"}, {"accountid": "1"}),
    ],
)  # fmt: skip
def test_a_record_is_flattened(record: dict[str, Any], flat: dict[str, Any]) -> None:
    assert flatten(record) == flat


@pytest.mark.parametrize(
    ("key", "plain"),
    [
        ("_ownerid_value", "ownerid"),
        ("_ownerid_value@OData.Community.Display.V1.FormattedValue", "ownerid.label"),
        ("status@OData.Community.Display.V1.FormattedValue", "status.label"),
        ("ownerid_value", "ownerid_value"),
        ("_value", "_value"),
        ("_id", "_id"),
    ],
)
def test_a_key_is_called_as_its_column_is(key: str, plain: str) -> None:
    assert _plain_key(key) == plain


RESOURCE = {"type": "deal", "id": "1", "attributes": {"name": "A"}}


@pytest.mark.parametrize(
    ("more", "flat"),
    [
        ({}, {"type": "deal", "id": "1", "name": "A"}),
        ({"attributes": {"type": "big"}}, {"type": "big", "id": "1"}),
        ({"relationships": {"owner": {"data": {"type": "user", "id": "7"}}, "x": None,
                            "tags": {"data": [{"id": "2"}, "odd", {"id": "3"}]},
                            "notes": {"data": []}, "y": {"links": {}}}},
         {"type": "deal", "id": "1", "name": "A", "owner_id": "7", "tag_ids": '["2", "3"]',
          "note_ids": None}),
        ({"attributes": {"owner_id": "mine"},
          "relationships": {"owner": {"data": {"id": "7"}}}},
         {"type": "deal", "id": "1", "owner_id": "mine"}),
        ({"relationships": ["x"]}, {"type": "deal", "id": "1", "name": "A"}),
        ({"type": 5}, {"type": "5", "id": "1", "attributes.name": "A"}),
        ({"id": None}, {"type": "deal", "id": None, "attributes.name": "A"}),
        ({"attributes": {"id": "9"}}, {"type": "deal", "id": "1", "attributes.id": "9"}),
        ({"attributes": {"attributes": "9"}},
         {"type": "deal", "id": "1", "attributes.attributes": "9"}),
        ({"attributes": "x"}, {"type": "deal", "id": "1", "attributes": "x"}),
    ],
)  # fmt: skip
def test_a_resource_is_its_attributes_and_whom_it_is_related_to(
    more: dict[str, Any], flat: dict[str, Any]
) -> None:
    assert flatten({**RESOURCE, **more}) == flat


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("1.50", "1.50"), ("1e3", "1e3"), ("true", "true"), ("false", "false"), ("null", None),
        ('""', None), ('"x"', "x"), ('[1.0, "a", null, true]', '[1.0, "a", null, true]'),
        ('{"ü": 1.50}', '{"ü": 1.50}'), ("NaN", "NaN"),
    ],
)  # fmt: skip
def test_a_value_is_written_as_it_stands(text: str, shown: str | None) -> None:
    assert as_text(DECODER.decode(text)) == shown
    assert dump(DECODER.decode("[1.50]")) == "[1.50]"


ONE, TWO = {"a": "1"}, {"a": "2"}


@pytest.mark.parametrize(
    ("value", "records"),
    [
        ({"results": [ONE, TWO], "paging": {}}, [ONE, TWO]),
        ({"records": [], "totalSize": 0}, []),
        ({"results": [ONE], "mine": 1}, [{"results": [ONE], "mine": 1}]),
        ({"results": [ONE]}, [{"results": [ONE]}]),
        ({"results": [ONE], "items": [TWO], "done": True},
         [{"results": [ONE], "items": [TWO], "done": True}]),
        ({"value": [ONE], "odata.metadata": "x"}, [{"value": [ONE], "odata.metadata": "x"}]),
        ({"value": [ONE], "Meta.x": "x"}, [ONE]),
        ({"data": {"list": [ONE, TWO]}}, [ONE, TWO]),
        (["x"], [["x"]]),
    ],
)  # fmt: skip
def test_a_page_is_taken_for_its_records(value: Any, records: list[Any]) -> None:
    assert list(unwrapped(value)) == records


@pytest.mark.parametrize(
    ("value", "records"),
    [
        ({"data": {"rows": [ONE]}, "Status": "ok"}, [ONE]),
        ({"data": {"rows": [ONE]}, "mine": "ok"}, []),
        ({"data": {"rows": [ONE]}, "body": {}}, []),
        ({"data": {"rows": [ONE], "items": [TWO]}}, []),
        ({"data": {"rows": [ONE], "items": []}}, [ONE]),
        ({"data": {"rows": [ONE, "x"]}}, []),
        ({"data": {"rows": "x"}}, []),
        ({"data": [ONE]}, []),
        ("x", []),
    ],
)
def test_records_may_stand_a_level_deeper(value: Any, records: list[Any]) -> None:
    assert list(inner_list(value)) == records


@pytest.mark.parametrize(
    ("value", "records"),
    [
        ({"columns": ["a"], "rows": [["1"], ["2"]]}, [ONE, TWO]),
        ({"columns": ["a"], "rows": [["1"], ["2", "3"]]}, [ONE, ["2", "3"]]),
        ({"columns": ["a", 1], "rows": [["1", "2"]]}, []),
        ({"columns": ["a"], "rows": []}, []),
        ({"columns": ["a"], "rows": [["1"], "x"]}, []),
        ({"columns": ["a"], "rows": [["1"]], "data": [["1"]]}, []),
        ({"columns": ["a"]}, []),
        ({"9001": ONE, "9002": TWO}, [{"id": "9001", **ONE}, {"id": "9002", **TWO}]),
        ({"9001": {"ID": "x"}, "9002": {"Id": "y"}}, []),
        ({"9001": {"ID": "x"}, "9002": {"ID": "y"}}, [{"ID": "x"}, {"ID": "y"}]),
        ({"data": {"rows": [["1"]], "cols": [{"name": "a", "type": "x"}]}, "row_count": 1}, [ONE]),
        ({"results": [["1"]], "columns": ["a"], "types": [["a", "x"]]}, [ONE]),
        ({"schema": {"fields": [{"name": "a"}]}, "rows": [["1"]]}, [ONE]),
        ({"columns": ["a"], "rows": ["1"]}, []),
        ({"a": ["1", "2"], "b": ["3", None]}, [{"a": "1", "b": "3"}, {"a": "2", "b": None}]),
        ({"a": {"0": "1"}, "b": {"0": "3"}}, [{"a": "1", "b": "3"}]),
        ({"a": {"0": "1"}, "b": {"1": "3"}}, []),
        ({"a": ["1", "2"], "b": ["3"]}, []),
        ({"a": ["1", "2"], "b": [["3"], "4"]}, []),
        ({"0": ONE, "1": TWO}, [ONE, TWO]),
        ({"9001": ONE}, []),
        ({"9001": ONE, "b": TWO}, []),
        ({"9001": ONE, "9002": {}}, []),
        ({"9001": ONE, "9002": {"b": "2"}}, []),
        ({"9001": ONE, "9002": "x"}, []),
    ],
)
def test_columns_apart_and_records_by_their_ids(value: Any, records: list[Any]) -> None:
    assert list(apart(value)) == records


@pytest.mark.parametrize(
    ("page", "key"),
    [
        ({"next": "https://x"}, "next"),
        ({"next": None}, None),
        ({"next": ["x"]}, None),
        ({"nextPageToken": "t"}, "nextPageToken"),
        ({"@odata.nextLink": "l"}, "@odata.nextLink"),
        ({"has_more": True}, "has_more"),
        ({"has_more": "yes"}, None),
        ({"has_more": False}, None),
        ({"done": False}, "done"),
        ({"done": True}, None),
        ({"done": 0}, None),
        ({"paging": {"next": {"after": "5"}}}, "paging.next"),
        ({"paging": {"cursors": {"next": "5"}}}, "paging.cursors.next"),
        ({"a": {"b": {"c": {"next": "5"}}}}, "a.b.c.next"),
        ({"a": {"b": {"c": {"d": {"next": "5"}}}}}, None),
        ({"page": 1, "total_pages": 2}, "total_pages"),
        ({"page": 2, "total_pages": 2}, None),
        ({"page": 9, "totalPages": 10}, "totalPages"),
        ({"currentPage": 1, "totalPages": 3}, "totalPages"),
        ({"page": 1, "total_page": 3}, "total_page"),
        ({"page": "x", "total_pages": 2}, None),
        ({"page": 1}, None),
        ({"nexts": "x"}, None),
    ],
)
def test_a_page_says_whether_others_follow(page: dict[str, Any], key: str | None) -> None:
    assert more_follow(page) == key


def tables(text: str) -> dict[str, Any]:
    found = _document(text, "a.json")
    return {
        key: ([*each.columns], [*each.rows], len(each.bad_rows), each.more)
        for key, each in found.items()
    }


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('\ufeff [{"a": 1},\n {"b": 2}]\n',
         {"": (["a", "b"], [(1, ("1", None)), (2, (None, "2"))], 0, None)}),
        ('[{"a": 1}, {"a": 2}, 3]', {"": (["a"], [(1, ("1",)), (2, ("2",))], 1, None)}),
        ('{"a": 1}', {"": (["a"], [(1, ("1",))], 0, None)}),
        ('{"meta": [{"name": "a"}], "data": [[1], [2]]}',
         {"": (["a"], [(1, ("1",)), (2, ("2",))], 0, None)}),
        ('{"columns": [{"name": "a"}], "rows": [{"a": 1}]}',
         {"rows": (["a"], [(1, ("1",))], 0, None)}),
        ('{"headers": [{"id": "h"}], "lines": [{"a": 1}]}',
         {"headers": (["id"], [(1, ("h",))], 0, None), "lines": (["a"], [(1, ("1",))], 0, None)}),
        ('{"id": 1, "parts": {"all": [{"b": 2}]}}',
         {"": (["id", "parts.all"], [(1, ("1", '[{"b": 2}]'))], 0, None)}),
        ('{"_embedded": {"leads": [{"a": 1}]}, "_page": 1}', {"": (["a"], [(1, ("1",))], 0, None)}),
        ('\n{"data": [\n{"a": 1}], "next": "x"}', {"data": (["a"], [(3, ("1",))], 0, "next")}),
        ('{"x": [{"a": 1}], "y": [{"b": 2}], "z": [1]}',
         {"x": (["a"], [(1, ("1",))], 0, None), "y": (["b"], [(1, ("2",))], 0, None)}),
        ('[{"results": [{"a": 1}], "next": "x"}, {"results": [{"a": 2}], "next": null}]',
         {"": (["a"], [(1, ("1",)), (2, ("2",))], 0, None)}),
        ('[{"results": [{"a": 1}], "next": null}, {"results": [{"a": 2}], "next": "x"}]',
         {"": (["a"], [(1, ("1",)), (2, ("2",))], 0, "next")}),
        ('{"data": {"list": [{"a": 1}], "next": "x"}}',
         {"": (["a"], [(1, ("1",))], 0, "data.next")}),
        ('{"a": 1, "next": "x"}', {"": (["a", "next"], [(1, ("1", "x"))], 0, None)}),
    ],
)  # fmt: skip
def test_a_document_is_its_lists_of_records(text: str, found: dict[str, Any]) -> None:
    assert tables(text) == found


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[{"a": 1} {"a": 2}]', "line 1: a comma expected"),
        ('{"a": 1 "b": 2}', "line 1: a comma expected"),
        ('{"a" 1}', "line 1: a key and a colon expected"),
        ("{null: 2}", "line 1: a key and a colon expected"),
        ('{"a": 1}\nx', "line 2: end of the document expected"),
        ("3", "line 1: a list or an object expected"),
        ("[]", "holds no records"),
        ('{"results": []}', "holds no records"),
        ("{}", "holds no records"),
        ("[1, 2]", "holds no records"),
        ('{"data": {"deals": {"edges": [{"node": {"a": 1}}]}}}', "under 'data.deals.edges'"),
        ('{"range": "A1:B2", "values": [["a"], ["1"]]}', "under 'values'"),
        ('{"alpha": {"a": 1, "b": 2}, "beta": {"a": 3, "b": 4}}', "under 'alpha'"),
        ('{"rows": [{"f": [{"v": 1}]}, {"f": [{"v": 2}]}]}', "under 'f'"),
        ('{"result": [{"colnames": ["a"], "data": [{"a": 1}]}]}', "under 'data'"),
        ('{"names": [{"n": 1}], "rows": [[1]]}', "under 'rows'"),
    ],
)
def test_a_document_that_is_none_is_refused(text: str, said: str) -> None:
    with pytest.raises(SourceError, match=said):
        _document(text, "a.json")


def test_a_cursor_knows_its_line() -> None:
    cursor = _Cursor('\n "a"\n\n:x')
    assert (cursor.line, cursor.value(), cursor.line) == (2, "a", 4)
    assert not cursor.take("x") and cursor.take(":") and cursor.line == 4 and cursor.take("x")
    assert cursor.at == len(cursor.text)


def test_lines_that_go_on_without_an_end_are_refused_unread(tmp_path: Path) -> None:
    text = TextFile(tmp_path / "nowhere", "utf-8", 1, 0, 0, 0, 0, 1, longest=MAX_LINE)
    with pytest.raises(SourceError, match="without a line end"):
        read_json(text, lambda name: tmp_path / name, "a.jsonl", lines=True)
