"""Rewriting tables without a person."""

from __future__ import annotations

import resource
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest

from smarketing.build.erasing.columns import NOBODY
from smarketing.build.erasing.instead import near_tables, told_of
from smarketing.build.erasing.owned import owned_rows
from smarketing.build.erasing.packed import spellings
from smarketing.build.erasing.person import Known, meant, told_kind
from smarketing.build.erasing.tables import clean_build, clean_parquet
from smarketing.build.erasing.traces import Traces
from smarketing.errors import StoreError, UsageError

BOX = "vera.quandt@firm.example"
TRACES = Traces("gone", frozenset(spellings(BOX)), frozenset())


def test_a_disk_that_is_full_is_one_sentence_and_leaves_the_build_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "b00001.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute(f"create table note as select '{BOX}' as text from range(20000)")
    before = path.read_bytes()
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    for most in (4_096, 20_000):
        resource.setrlimit(resource.RLIMIT_FSIZE, (most, hard))
        try:
            with pytest.raises(StoreError, match="which goes on where this one stopped") as error:
                clean_build(path, Known(), TRACES, False)
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        assert "\n" not in str(error.value)
        assert path.read_bytes() == before and list(tmp_path.iterdir()) == [path]
    assert clean_build(path, Known(), TRACES, False) == 20_000


def test_rows_are_the_persons_however_their_file_writes_the_id() -> None:
    guid = "3fa85f64-5717-4562-b3fc-2c963f66afa6"
    traces = Traces("erased-1", ids=frozenset({("crm", guid), ("crm", "7"), ("crm", "aB")}))
    which = owned_rows("crm", replace(NOBODY, ids=frozenset({"who"})), traces)
    own = [guid, guid.upper(), f"{{{guid.upper()}}}", f"x; {{{guid}}}", "7", "7.0", "'7", "aB"]
    others = ["ab", "7.5", "70", "'70", guid.replace("3", "4"), f"{guid}0", None]
    asked = f"select coalesce({which}, false) from (select unnest(?) as who)"
    rows = duckdb.execute(asked, [[*own, *others]]).fetchall()
    assert [row[0] for row in rows] == [True] * len(own) + [False] * len(others)


def test_a_person_and_a_lead_of_one_number_are_two() -> None:
    """Tables of a database are each numbered from 1."""
    traces = Traces("gone", ids=frozenset({("crm", "1")}), leads=frozenset({("crm", "2")}))
    roles = replace(NOBODY, ids=frozenset({"who"}), leads=frozenset({"lead"}))
    asked = f"select {owned_rows('crm', roles, traces)} from (values ('1', '1'), ('2', '2'), "
    rows = duckdb.sql(f"{asked} ('2', '1'), ('3', null), ('1', null)) t(who, lead)").fetchall()
    assert [row[0] for row in rows] == [True, True, False, None, True]


@pytest.mark.parametrize(
    ("given", "people"),
    [("person crm:2", {"crm:2"}), ("lead crm:2", {"crm:1"}), ("crm:1", None), ("crm:2", None),
     ("crm:3", {"crm:3"}), ("crm:9", {"crm:3"}), ("crm:7", {"crm:2"}), ("nobody", set())],
)  # fmt: skip
def test_an_id_of_two_people_means_neither(given: str, people: set[str] | None) -> None:
    with duckdb.connect() as held:
        held.execute("create table dim_person as from (values ('crm:1', null), ('crm:2', null), "
            "('crm:3', null)) t(person_id, email)")  # fmt: skip
        held.execute("create table link_person as from (values ('crm:7', 'crm:2')) "
            "t(source_person_id, person_id)")  # fmt: skip
        held.execute("create table dim_lead as from (values ('crm:1', 'crm:2'), "
            "('crm:2', 'crm:1'), ('crm:3', 'crm:3'), ('crm:9', 'crm:3')) "
            "t(lead_id, person_id)")  # fmt: skip
        kind, text = told_kind(given)
        if people is None:
            with pytest.raises(UsageError, match=f"'person {given}' or 'lead {given}'"):
                meant(held, text, kind)
        else:
            assert meant(held, text, kind) == people


@pytest.mark.parametrize("rows", [1, 20])
@pytest.mark.parametrize(
    "text", ["Vera QUANDT", "Véra Quändt", "vera.quandt (at) acme.example", "/?q=QU%C3%84NDT", ""]
)
def test_a_table_that_names_somebody_is_found_however_it_is_asked(text: str, rows: int) -> None:
    """Long tables are asked by column, of few texts by text, short ones in one question."""
    traces = Traces("gone", frozenset({"vera.quandt@acme.example"}), frozenset({"Vera Quandt"}))
    connection = duckdb.connect()
    connection.execute(
        f"create table said as select 'a note' as kind, $1 as text from range({rows})", [text]
    )
    connection.execute("create table short as select 'Vera' as kind, 'Quand' as text")
    tables = {name: ["kind", "text"] for name in ("said", "short")}
    asked = [near_tables(connection, tables, long, traces) for long in ((), {*tables})]
    assert asked == [{"said"} if text else set()] * 2


@pytest.mark.parametrize("text", ["山田 太郎さん", "山田\u3000太郎", "山田太郎様"])
@pytest.mark.parametrize("name", ["山田太郎", "山田 太郎"])
def test_a_name_in_a_script_that_parts_no_words_is_found_however_it_is_parted(
    name: str, text: str
) -> None:
    traces = Traces("gone", names=frozenset({name}))
    connection = duckdb.connect()
    connection.execute("create table said as select $1 as text", [text])
    assert near_tables(connection, {"said": ["text"]}, (), traces) == {"said"}
    assert told_of(connection, "said", ["text"], traces).headers == ["text"]


@pytest.mark.parametrize(("name", "is_hers"), [("Bo Lind", False), ("Vera Quandt", True)])
def test_a_landed_record_with_several_addresses_is_whose_name_it_has(
    tmp_path: Path, name: str, is_hers: bool
) -> None:
    path = tmp_path / "people.parquet"
    row = f"'bo@x.de; vera@x.de' as email, '{name}' as called, '0151' as phone"
    duckdb.execute(f"copy (select {row}) to '{path}'")
    names, addresses, needless = (frozenset({one}) for one in ("called", "email", "phone"))
    roles = replace(NOBODY, names=names, addresses=addresses, needless=needless)
    traces = Traces("gone", frozenset({"vera@x.de"}), frozenset({"Vera Quandt"}))
    assert clean_parquet(path, "crm", roles, traces, False) == 1
    [told] = duckdb.read_parquet(str(path)).fetchall()
    left = ("bo@x.de; gone@x.de", "Bo Lind", "0151")
    assert told == (("gone@x.de", "Erased person", None) if is_hers else left)
    assert clean_parquet(path, "crm", roles, traces, False) == 0, "a second time has nothing to do"
