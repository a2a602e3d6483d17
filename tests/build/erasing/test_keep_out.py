"""Keeping erased people out of tables that were just read."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from smarketing.build.erasing.instead import mentions
from smarketing.build.erasing.keep_out import cleaned_label, keep_out
from smarketing.build.erasing.traces import ERASED, Traces
from smarketing.files.quoting import literal
from smarketing.files.tables import LandedTable
from smarketing.sources import builtin_sources
from smarketing.sources.recognition import Match
from smarketing.store.erased import Erased, keep_erased, mark, read_erased

BOX = "vera.quandt@firm.example"
#: What mentions the person by an id alone comes first. People and leads are numbered alike, 9 is
#: the person's new number and 5 that of a new lead.
TABLES = {
    "touch": "touch_id person_id lead_id side content|1 9 . sales Yacht|2 . 5 sales Yacht|"
    "3 5 9 sales Plane|4 7 . sales Yacht|5 6 . sales Plane",
    "feedback": "feedback_id person_id comment|1 9 Yacht|2 5 Plane",
    "lead": "lead_id person_id notes|5 9 Yacht|9 5 Plane",
    "person": f"person_id email full_name|9 VERA.Quandt+x@firm.example Vera|5 {BOX}.au Plane",
}


def read(folder: Path, kind: str, text: str) -> tuple[LandedTable, Match]:
    header, *lines = (line.split() for line in text.split("|"))
    rows = ", ".join(
        f"({', '.join('null' if cell == '.' else literal(cell) for cell in line)}, {number})"
        for number, line in enumerate(lines)
    )
    path = folder / f"{kind}.parquet"
    names = f"t({', '.join(header)}, _row)"
    duckdb.execute(f"copy (select * from (values {rows}) {names}) to {literal(str(path))}")
    source = builtin_sources()["generic"]
    match = Match(source, kind, source.objects[kind].read(tuple(header)))
    return LandedTable(f"{kind}.csv", tuple(header), path, len(lines)), match


def test_who_comes_back_under_another_id_is_known_by_it(tmp_path: Path) -> None:
    person = Erased("gone", "2026", (mark(tmp_path, BOX),), (mark(tmp_path, "generic", "7"),))
    tables = [read(tmp_path, kind, text) for kind, text in TABLES.items()]
    kept, [known] = keep_out(tmp_path, [person], tables)
    assert [table.name for table in kept] == [f"{kind}.csv" for kind in TABLES]
    said = {
        table.name: duckdb.read_parquet(str(table.parquet)).order("_row").fetchall()
        for table in kept
    }
    assert [row[4] for row in said["touch.csv"]] == [None, None, "Plane", None, "Plane"]
    assert [row[2] for row in said["feedback.csv"]] == ["Erased person", "Plane"]
    assert [row[2] for row in said["lead.csv"]] == [None, "Plane"]
    assert [row[1:3] for row in said["person.csv"]] == [
        ("gone@firm.example", "Erased person"), (f"{BOX}.au", "Plane"),
    ]  # fmt: skip
    assert set(known.ids) == {mark(tmp_path, "generic", each) for each in "79"}
    assert set(known.leads) == {mark(tmp_path, "generic", "5")}
    keep_erased(tmp_path, [known])
    again, later = keep_out(
        tmp_path, read_erased(tmp_path), [read(tmp_path, *next(iter(TABLES.items())))]
    )
    contents = duckdb.read_parquet(str(again[0].parquet)).order("_row").fetchall()
    assert [row[4] for row in contents] == [None, None, "Plane", None, "Plane"]
    assert later == (known,)


def test_whose_address_stands_beside_that_of_who_was_erased_stays_somebody_else(
    tmp_path: Path,
) -> None:
    """A colleague in copy, an assistant: their own id is not that of the person who was erased."""
    person = Erased("gone", "2026", (mark(tmp_path, BOX),), ())
    beside = f"person_id email full_name|9 bo@firm.example;{BOX} Bo|5 {BOX};{BOX} Vera"
    _, [known] = keep_out(tmp_path, [person], [read(tmp_path, "person", beside)])
    assert known.ids == (mark(tmp_path, "generic", "5"),)
    alone = read(tmp_path, "person", "person_id email full_name|9 bo@firm.example Bo")
    [kept], _ = keep_out(tmp_path, [known], [alone])
    assert duckdb.read_parquet(str(kept.parquet)).fetchall() == [("9", "bo@firm.example", "Bo", 0)]


@pytest.mark.parametrize(
    ("said", "left"),
    [
        # Somebody else's: what is theirs stays, the address goes.
        (f"9 bo@firm.example;{BOX} Bo 0151", "9 bo@firm.example;gone@firm.example Bo 0151"),
        (f"9 {BOX};bo@firm.example Bo 0151", "9 gone@firm.example;bo@firm.example Bo 0151"),
        (f"9 {BOX};bo@firm.example . 0151", "9 gone@firm.example;bo@firm.example . 0151"),
        # The person's own: by the name, by an address alone or twice, by an ID.
        (f"9 office@firm.example;{BOX} Vera_Quandt 0151", "9 gone@firm.example Erased_person ."),
        (f"9 office@firm.example;{BOX} Quandt,Vera 0151", "9 gone@firm.example Erased_person ."),
        (f"9 {BOX};Vera.Quandt+x@firm.example V.Q. 0151", "9 gone@firm.example Erased_person ."),
        (f"7 bo@firm.example;{BOX} Bo 0151", "7 gone@firm.example Erased_person ."),
    ],
)
def test_a_record_with_several_addresses_is_whose_name_or_id_it_has(
    tmp_path: Path, said: str, left: str
) -> None:
    names = (mark(tmp_path, "name", "vera quandt"),)
    ids = (mark(tmp_path, "generic", "7"),)
    person = Erased("gone", "2026", (mark(tmp_path, BOX),), ids, names)
    text = f"person_id email full_name phone|{said.replace('Vera_Quandt', 'Vera-Quandt')}"
    [kept], _ = keep_out(tmp_path, [person], [read(tmp_path, "person", text)])
    wanted = [None if one == "." else one.replace("_", " ") for one in left.split()]
    assert duckdb.read_parquet(str(kept.parquet)).fetchall() == [(*wanted, 0)]


@pytest.mark.parametrize(
    ("label", "cleaned"),
    [
        ("in/Vera_Quandt 2026.csv", "in/Erased person 2026.csv"),
        ("Quandt, Vera.xlsx", "Erased person.xlsx"),
        ("véra.quandt.zip", "Erased person.zip"),
        (f"of {BOX}.csv", "of gone@firm.example.csv"),
        (f"{BOX}: Vera Quandt", "gone@firm.example: Erased person"),
        ("Vera Other.csv", "Vera Other.csv"),
        ("Bo Lind.csv", "Erased person.csv"),
        ("to Vera&nbsp;Quandt", "to Erased person"),
        ("leads.csv", "leads.csv"),
    ],
)
def test_a_file_is_called_by_nobody_who_was_erased(
    tmp_path: Path, label: str, cleaned: str
) -> None:
    names = tuple(mark(tmp_path, "name", name) for name in ("vera quandt", "vera anna quandt"))
    other = Erased("away", "2026", (), (), (mark(tmp_path, "name", "bo lind"),))
    people = [Erased("gone", "2026", (mark(tmp_path, BOX),), (), names), other]
    assert cleaned_label(tmp_path, people, label) == cleaned


@pytest.mark.parametrize(
    "between",
    [" ", "&nbsp;", "&#160;", "&#xA0;", "=20", "=C2=A0", "\\u00a0", "%20", "\n", "\u00a0"],
)
def test_a_name_is_found_whatever_parts_its_words(between: str) -> None:
    traces = Traces("gone", names=frozenset({"Vera Quandt"}))
    for text in (f"Vera{between}Quandt", f"of Quandt{between}Vera."):
        assert traces.cleaned(text).removeprefix("of ").rstrip(".") == ERASED
        [(told,)] = duckdb.execute(
            f"select {mentions(['said'], traces)} from (select ? as said)", [text]
        ).fetchall()
        assert told
    assert traces.cleaned(f"Severa{between}Quandt") == f"Severa{between}Quandt"
