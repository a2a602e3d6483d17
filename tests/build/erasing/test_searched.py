"""Where a person may still stand: columns by what they are, bytes of files, words of texts."""

from __future__ import annotations

import errno
import io
import re
import struct
import zipfile
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import duckdb
import pytest

from smarketing.build.erasing import forget as forgetting
from smarketing.build.erasing import searching
from smarketing.build.erasing.columns import NOBODY, Roles, roles
from smarketing.build.erasing.instead import near_tables
from smarketing.build.erasing.keep_out import _runs_of, _texts, _told
from smarketing.build.erasing.traces import ERASED, Traces
from smarketing.files.tables import BadRow, LandedTable, Total
from smarketing.sources import builtin_sources
from smarketing.sources.objects import Reading

TRACES = Traces("gone", frozenset({"vera.quandt@firm.example"}), frozenset({"Vera Quandt"}))
NONE = frozenset[str]()


def of_generic(kind: str | None, headers: str) -> Roles:
    source, names = builtin_sources()["generic"], tuple(headers.split())
    reading = source.objects[kind or "lead"].read(names)
    return roles(source, kind, reading, names)


@pytest.mark.parametrize(
    ("kind", "headers", "found"),
    [
        ("person", "person_id email full_name title account_id phone created_at modified_at",
         Roles(frozenset({"full_name"}), frozenset({"email"}), frozenset({"person_id"}),
               frozenset({"phone"}))),
        ("lead", "lead_id person_id channel notes owner_name",
         Roles(NONE, NONE, frozenset({"person_id"}), frozenset({"notes"}),
               leads=frozenset({"lead_id"}))),
        ("touch", "touch_id person_id content url side kind notes",
         Roles(NONE, NONE, frozenset({"person_id"}), frozenset({"notes"}), frozenset({"content"}),
               frozenset({"url"}), frozenset({"side"}))),
        ("touch", "touch_id person_id notes",
         Roles(NONE, NONE, frozenset({"person_id"}), frozenset({"notes"}), sides=None)),
        ("feedback", "feedback_id person_id comment score notes",
         Roles(NONE, NONE, frozenset({"person_id"}), NONE, answers=frozenset({"comment"}))),
        ("feedback", "feedback_id comment", NOBODY),
        ("deal", "deal_id lead_id name notes",
         Roles(NONE, NONE, NONE, NONE, leads=frozenset({"lead_id"}))),
        ("account", "account_id name notes", NOBODY),
        (None, "lead_id notes", NOBODY),
    ],
)  # fmt: skip
def test_headers_are_told_by_what_they_are_to_a_person(
    kind: str | None, headers: str, found: Roles
) -> None:
    assert of_generic(kind, headers) == found


@pytest.mark.parametrize(
    ("sql", "sides"),
    [
        ("'sales' as side", NONE), ("'marketing' as side", None),
        ("who as side", frozenset({"who"})), ("other as side", None),
        ("lower(who) as side", None), ("1 as one", None),
    ],
)  # fmt: skip
def test_contacts_are_of_sales_by_their_select_or_by_a_column(
    sql: str, sides: frozenset[str] | None
) -> None:
    select = f'select id as touch_id, p as person_id, about as content, {sql} from "Calls" as c'
    item = SimpleNamespace(key=("id",), modified="m", deleted=None, merged_into=None,
                           merged_from=())  # fmt: skip
    source = SimpleNamespace(
        selects={"touch": [SimpleNamespace(sql=select, object="Calls")]}, objects={"Calls": item}
    )
    headers = ("ID", "P", "About", "who", "M", "notes", "Tag A")
    reading = SimpleNamespace(mapping={}, families={"tags": [("Tag A", "A")]})
    found = roles(cast("Any", source), "Calls", cast("Reading", reading), headers)
    assert (found.ids, found.contents, found.sides) == ({"P"}, {"About"}, sides)
    assert found.needless == ({"notes"} if sql in ("who as side", "lower(who) as side")
                              else {"notes", "who"})  # fmt: skip


def test_columns_of_others_that_a_select_joins_are_theirs() -> None:
    select = (
        'select l.id as lead_id, u.name as owner_name, l.name as channel from "Lead" as l '
        'left join "User" as u on u.id = l.owner'
    )
    item = SimpleNamespace(key=("id",), modified=None, deleted=None, merged_into="into",
                           merged_from=("old",))  # fmt: skip
    source = SimpleNamespace(
        selects={"lead": [SimpleNamespace(sql=select, object="Lead")]},
        objects={"Lead": item, "User": item},
    )
    headers = ("id", "nick", "owner", "into", "old", "full")
    reading = cast("Reading", SimpleNamespace(mapping={"name": "full"}, families={}))
    found = roles(cast("Any", source), "Lead", reading, headers)
    assert (found.leads, found.needless) == ({"id"}, {"nick"}), "the header “full” is its name"
    assert roles(cast("Any", source), "User", reading, headers) == NOBODY


@pytest.mark.parametrize("name", ["a.txt", "a.parquet"])
@pytest.mark.parametrize(("at", "is_held"), [(0, True), (13, True), (20, True), (37, True)])
def test_a_text_is_found_wherever_the_parts_of_a_file_meet(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, at: int, is_held: bool
) -> None:
    monkeypatch.setattr(searching, "_CHUNK", 16)
    monkeypatch.setattr(searching, "_LONGEST", 8)
    path = tmp_path / name
    path.write_bytes(b"." * at + b"Quandt" + b"." * (60 - at))
    rules = [re.compile("Quandt"), re.compile("never")]
    assert searching.holds(path, rules, [b"quandt"]) == is_held
    assert not searching.holds(path, rules[1:], [b"quandt"])
    # Tables are packed: only what stands near a needle is looked at.
    assert searching.holds(path, rules, [b"other"]) == (name == "a.txt")


def packed(files: dict[str, bytes], comment: bytes = b"") -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
        archive.comment = comment
    return made.getvalue()


SEVERAL_DISKS = struct.pack("<4sLQL", b"PK\6\7", 0, 0, 2) + b"PK\5\6" + bytes(18)


@pytest.mark.parametrize(
    ("name", "content", "is_held"),
    [
        ("weekly.pptx", packed({"slide1.xml": b"<a:t>Vera Quandt</a:t>"}), True),
        ("weekly.pptx", packed({"chart.xlsx": packed({"sheet.xml": b"Vera Quandt"})}), True),
        ("weekly.pptx", packed({"Vera Quandt.xml": b""}), True),
        ("weekly.pptx", packed({"slide1.xml": b"<a:t>Others</a:t>"}), False),
        ("cut.pptx", packed({"slide1.xml": b"Others" * 99})[60:], False),
        # A tar ends with a deck; a zip is of several disks; a comment is no part of a zip.
        ("old.tar", b"Vera Quandt\n" + packed({"slide1.xml": b"Others"}) + b"\0" * 99, True),
        ("old.zip", packed({"a.txt": b"Others"}, b"of Vera Quandt"), True),
        ("old.zip", b"Vera Quandt\n" + SEVERAL_DISKS, True),
    ],
)
def test_decks_and_workbooks_in_a_home_are_searched(
    tmp_path: Path, name: str, content: bytes, is_held: bool
) -> None:
    (tmp_path / name).write_bytes(content)
    rules = [re.compile(pattern) for pattern, _ in TRACES.rules]
    assert searching.holds(tmp_path / name, rules, []) == is_held


@pytest.mark.parametrize("letters", ["utf-16", "utf-16-le", "utf-16-be", "utf-8"])
def test_a_text_of_two_bytes_a_letter_is_searched(letters: str, tmp_path: Path) -> None:
    """Some programs save a list so, with or without saying it by the first bytes."""
    file = tmp_path / "list.csv"
    for text, is_there in (
        ("name;mail\nÉva;vera.quandt@firm.example\n", True),
        ("name;a\n", False),
    ):
        file.write_bytes(text.encode(letters))
        assert searching.holds(file, [re.compile(r"vera\.quandt@firm")], []) is is_there


def test_files_whose_text_nobody_can_search_are_named(tmp_path: Path) -> None:
    for name in ("landing/i1/a.parquet", "builds/b1.duckdb", "reports/own.yaml", "agreement.yaml"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(b"x")
    (tmp_path / "deck.pptx").write_bytes(packed({"slide1.xml": b"x"}))
    assert searching.unsearched(tmp_path) == []
    (tmp_path / "reports" / "weekly.pdf").write_bytes(b"x")
    (tmp_path / "old.zip").write_bytes(packed({"landing/i1/a.parquet": b"x"}))
    (tmp_path / "cut.zip").write_bytes(packed({"a.txt": b"x" * 99})[9:])
    (tmp_path / "disks.zip").write_bytes(SEVERAL_DISKS)
    (tmp_path / "within.zip").write_bytes(packed({"people.csv.gz": b"x"}))
    (tmp_path / "mails.7z").write_bytes(b"x")
    assert searching.unsearched(tmp_path) == [
        *("cut.zip", "disks.zip", "mails.7z", "old.zip", "reports/weekly.pdf", "within.zip")
    ]
    assert "look at cut.zip, disks.zip" in searching.told_unsearched(searching.unsearched(tmp_path))


def test_a_file_that_goes_while_others_write_or_may_not_be_read_ends_no_search(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rules = [re.compile("Quandt")]
    assert not searching.holds(tmp_path / "workspace.sqlite-journal", rules, [])
    (tmp_path / "of-root.txt").write_text("Quandt")

    def refused(*_: object) -> None:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(Path, "open", refused)
    assert not searching.holds(tmp_path / "of-root.txt", rules, [])
    assert searching.unsearched(tmp_path) == ["of-root.txt"]
    assert searching.told_unsearched(["x"] * 8).count("x,") == 5
    assert searching.told_unsearched([]) == ""


def test_what_is_near_a_needle_is_looked_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(searching, "_LONGEST", 3)
    assert searching._near(b"a.........b", [b"a", b"b"]) == [slice(0, 3), slice(7, 13)]
    assert searching._near(b"..a..b...", [b"b", b"a"]) == [slice(0, 8)]
    assert searching._near(b"..a.....b", [b"a", b"b"]) == [slice(0, 11)], "they meet"
    assert searching._near(b"..a......b", [b"a", b"b"]) == [slice(0, 5), slice(6, 12)]
    assert searching._near(b"abc", [b"."]) == []


def test_what_a_manifest_quotes_is_told_without_the_person() -> None:
    count = [0]
    given = {
        "columns": ["id", "Vera Quandt"], "rows": 3, "notes": ["Vera Quandt is odd", "fine"],
        "totals": [{"values": [["Vera Quandt", "3"]]}], "none": None,
    }  # fmt: skip
    found = forgetting._walked(given, TRACES.cleaned, count)
    assert found == {
        "columns": ["id", f"{ERASED} 2"], "rows": 3, "notes": [f"{ERASED} is odd", "fine"],
        "totals": [{"values": [[f"{ERASED} 2", "3"]]}], "none": None,
    }  # fmt: skip
    assert count == [3]


def test_warehouses_that_still_hold_somebody_are_named() -> None:
    assert forgetting.told_elsewhere([]) == ""
    assert forgetting.told_elsewhere(["a", "b"]).startswith(" Builds in a, b still hold")
    assert list(forgetting._runs("Véra-Maria  Quandt")) == ["vera maria quandt"]
    assert list(forgetting._runs("山田 太郎")) == ["山田 太郎", "山田太郎"]


def test_every_run_of_words_may_be_a_name() -> None:
    assert list(_runs_of("Quandt, Vera!")) == ["quandt vera", "vera quandt"]
    assert list(_runs_of("one")) == []
    assert list(_runs_of("a b c")) == ["a b", "b c", "a b c"]
    longest = max(len(run.split()) for run in _runs_of("a b c d e f g"))
    assert longest == 5 and "c d e f g" in set(_runs_of("a b c d e f g"))
    assert set(_runs_of("山田太")) == {"山田", "田太", "山田太"}
    assert max(map(len, _runs_of("山田太郎一二三四"))) == 6


def test_what_is_told_of_a_table_is_told_without_the_person(tmp_path: Path) -> None:
    table = LandedTable(
        "Vera Quandt.csv", ("id", "a"), tmp_path / "t", 1,
        bad_rows=(BadRow(2, "Vera Quandt", "w"),),
        totals=(Total(3, "Vera Quandt", "total", (("a", "Vera Quandt"),)),), notes=("odd",),
    )  # fmt: skip
    assert set(_texts(table)) >= {"Vera Quandt.csv", "id", "a", "Vera Quandt", "w", "odd"}
    told = _told(table, TRACES.cleaned)
    assert (told.name, told.columns) == (f"{ERASED}.csv", ("id", "a"))
    assert (told.bad_rows[0].value, told.bad_rows[0].row) == (ERASED, 2)
    assert (told.totals[0].label, told.totals[0].values) == (ERASED, (("a", ERASED),))
    assert (told.notes, told.rows, told.parquet) == (("odd",), 1, table.parquet)


ACCENTED = Traces(
    "gone",
    frozenset({"jörg@müller.example"}),
    frozenset({"Jörg Lindqvåra", "Zoë O'Meier", "山田 太郎", "Vera Maximiliane Quandt"}),
)


@pytest.mark.parametrize(
    ("text", "is_near"),
    [
        ("/l%C3%B6sungen?utm_source=adwords&q=%C3%BCber", False),
        (r"{\"a\": \"\u00fcber\"} &uuml;ber =C3=BC =adwords", False),
        ("/?n=J%C3%B6rg+Lindqv%C3%A5ra", True),
        ("/?n=Jo%CC%88rg%20Lindqva%CC%8Ara", True),
        (r"J\u00f6rg Lindqv\u00e5ra", True),
        ("J&ouml;rg Lindqv&amp;#229;ra", True),
        ("/?n=Zo%EB_O%27M%E9ier", True),
        ("/?m=j%C3%B6rg%40m%C3%BCller.example", True),
        ("j=C3=B6rg=40m=C3=BCller.example", True),
        ("/?n=%E5%B1%B1%E7%94%B0%E5%A4%AA%E9%83%8E", True),
        ("Quandt Vera", True),
        ("met Vera M. Quandt", True),
        ("/?n=V%C3%A9ra+M.+Qu%C3%A0ndt", True),
        ("Maximiliane Others", False),
    ],
)
def test_of_texts_with_packed_letters_those_are_near_that_may_be_the_persons(
    text: str, is_near: bool
) -> None:
    """Addresses of pages have packed letters as a rule; to look at each one takes long."""
    assert (ACCENTED.cleaned(text) != text) == is_near
    with duckdb.connect() as connection:
        connection.execute("create table told as select $1 as said", [text])
        assert bool(near_tables(connection, {"told": ["said"]}, (), ACCENTED)) == is_near
    assert not Traces("gone", frozenset({"a@b.example"})).letters


@pytest.mark.parametrize(
    ("box", "text"),
    [
        ("o'meier@firm.example", r"{\"from\": \"o\u0027meier@firm.example\"}"),
        ("o'meier@firm.example", "o&apos;meier@firm.example"),
        ("vera.quandt@firm.example", "=?utf-8?Q?vera=2Equandt=40firm=2Eexample?="),
        ("vera_quandt@firm.example", "vera=5fquandt@firm.example"),
        ("v.q@my-firm.example", "v=2Eq=40my=2Dfirm=2Eexample"),
        ("v.q@my-firm.example", "v.q @my=2dfirm.example"),
        ("vera+q@firm.example", r"vera\u002bq@firm.example"),
    ],
)
def test_an_address_whose_signs_are_packed_is_near(box: str, text: str) -> None:
    """JSON for pages packs the apostrophe and the plus, the head of a mail any sign."""
    traces = Traces("gone", frozenset({box}))
    assert "gone" in traces.cleaned(text)
    with duckdb.connect() as connection:
        connection.execute("create table told as select $1 as said", [text])
        assert near_tables(connection, {"told": ["said"]}, (), traces)
