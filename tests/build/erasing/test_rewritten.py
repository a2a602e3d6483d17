"""What stays of the rows of tables that say something of a person, cell by cell."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import duckdb
import pytest

from smarketing.build.erasing.begun import Begun, begin, begun_in, end
from smarketing.build.erasing.columns import NOBODY, Roles
from smarketing.build.erasing.person import Known, find, traces_of
from smarketing.build.erasing.retention import Expired
from smarketing.build.erasing.tables import clean_build, clean_parquet, phones_of, rename_columns
from smarketing.build.erasing.traces import ERASED, Traces, renamed
from smarketing.errors import StoreError, UsageError

BOX = "vera.quandt@firm.example"
TRACES = Traces("gone", frozenset({BOX}), frozenset({"Vera Quandt"}), ids=frozenset({("crm", "7")}))
PEOPLE = Roles(
    names=frozenset({"first", "last"}),
    addresses=frozenset({"mail"}),
    ids=frozenset({"id"}),
    needless=frozenset({"notes"}),
)
Cells = list[tuple[str | None, ...]]


def landed(path: Path, headers: str, rows: Cells) -> Path:
    names = headers.split()
    slots = ", ".join("?" for _ in names)
    with duckdb.connect() as connection:
        columns = ", ".join(f"{name} varchar" for name in names)
        connection.execute(f"create table t ({columns}, _row bigint)")
        for at, row in enumerate(rows, 2):
            connection.execute(f"insert into t values ({slots}, {at})", row)
        connection.execute(f"copy t to '{path}' (format parquet)")
    return path


def cells(path: Path) -> Cells:
    rows = duckdb.execute(f"select * exclude (_row) from '{path}' order by _row").fetchall()
    return [tuple(row) for row in rows]


def test_of_the_persons_own_row_what_no_figure_needs_is_gone(tmp_path: Path) -> None:
    rows: Cells = [
        ("7", "Vera", "Quandt", "Vera <vera.quandt@firm.example>", "likes tea", "DE"),
        ("8", "Vera", "Other", "other@firm.example", "met Vera Quandt", "DE"),
        ("9", None, "Quandt", BOX, None, None),
        ("7", None, None, None, "tea", "FR"),
        ("6", "Al", None, None, "coffee", None),
    ]
    path = landed(tmp_path / "t.parquet", "id first last mail notes country", rows)
    before = path.read_bytes()
    assert clean_parquet(path, "crm", PEOPLE, TRACES, True) == 4
    assert path.read_bytes() == before
    assert clean_parquet(path, "other", PEOPLE, TRACES, True) == 3, "an id is of its source"
    assert clean_parquet(path, "crm", PEOPLE, TRACES, False) == 4
    # Of a name in parts the first that is filled says that somebody was here.
    assert cells(path) == [
        ("7", ERASED, None, "gone@firm.example", None, "DE"),
        ("8", "Vera", "Other", "other@firm.example", f"met {ERASED}", "DE"),
        ("9", None, ERASED, "gone@firm.example", None, None),
        ("7", None, None, None, None, "FR"),
        ("6", "Al", None, None, "coffee", None),
    ]
    assert clean_parquet(path, "crm", PEOPLE, TRACES, False) == 0
    assert list(tmp_path.iterdir()) == [path]


def test_a_cell_that_names_a_mailbox_in_a_writing_of_its_own_is_told_as_a_whole(
    tmp_path: Path,
) -> None:
    odd = "quandt vera, firm"
    path = landed(tmp_path / "t.parquet", "id mail", [("1", odd), ("2", "n/a")])
    roles = replace(PEOPLE, names=frozenset(), needless=frozenset())
    assert clean_parquet(path, "crm", roles, replace(TRACES, cells=frozenset({odd})), False) == 1
    assert cells(path) == [("1", "gone@firm.example"), ("2", "n/a")]


@pytest.mark.parametrize(
    ("sides", "kept"),
    [
        (frozenset({"side"}), {"marketing", "", None}),
        (None, {"marketing", "sales", "", None, " Sales "}),
        (frozenset(), set()),
    ],
)
def test_of_own_contacts_stays_what_they_were_about_unless_they_were_of_sales(
    tmp_path: Path, sides: frozenset[str] | None, kept: set[str | None]
) -> None:
    said = ("marketing", "sales", "", None, " Sales ")
    rows: Cells = [("7", "Tea", "x.example/tea", side, "his") for side in said]
    rows += [("7", blank, "x.example/tea", "webinar", "his") for blank in (" ", None)]
    rows.append(("8", "Tea", "x.example/tea", "sales", "hers"))
    path = landed(tmp_path / "t.parquet", "who content url side notes", rows)
    roles = Roles(
        names=frozenset(), addresses=frozenset(), ids=frozenset({"who"}),
        needless=frozenset({"notes"}), contents=frozenset({"content"}), pages=frozenset({"url"}),
        sides=sides,
    )  # fmt: skip
    assert clean_parquet(path, "crm", roles, TRACES, False) == len(said) + 2
    *own, blank, empty, other = cells(path)
    assert other == rows[-1]
    assert [row[1] is not None for row in own] == [side in kept for side in said]
    # A page is needed where nothing else says what it was about.
    assert [row[2] for row in own] == [None] * len(said)
    assert [row[2] is not None for row in (blank, empty)] == [bool(kept)] * 2
    assert {row[4] for row in own} == {None} and [row[3] for row in own] == list(said)


def test_that_somebody_answered_counts_and_not_what(tmp_path: Path) -> None:
    rows: Cells = [("7", "love it"), ("7", None), ("8", "love it")]
    path = landed(tmp_path / "t.parquet", "who comment", rows)
    roles = replace(NOBODY, ids=frozenset({"who"}), answers=frozenset({"comment"}))
    assert clean_parquet(path, "crm", roles, TRACES, False) == 1
    assert cells(path) == [("7", ERASED), ("7", None), ("8", "love it")]


def test_numbers_are_the_persons_that_the_own_record_or_own_contacts_alone_tell(
    tmp_path: Path,
) -> None:
    people = landed(tmp_path / "p.parquet", "id first last mail notes", [
        ("7", None, None, BOX, "+49 151 30000001, +49 151 30000002"),
        ("8", None, None, None, "+49 151 30000002, +49 151 30000003"),
    ])  # fmt: skip
    calls = landed(tmp_path / "c.parquet", "who notes", [
        ("7", "call +49 151 30000003 or +49 151 30000004 or +49 151 30000005"),
        ("8", "call +49 151 30000005 or +49 151 30000001"),
    ])  # fmt: skip
    contacts = replace(NOBODY, ids=frozenset({"who"}), needless=frozenset({"notes"}))
    tables = [(people, "crm", PEOPLE), (calls, "crm", contacts)]
    assert phones_of(tables, TRACES) == {"30000001", "30000004"}
    assert phones_of(tables[1:], TRACES) == {"30000003", "30000004"}
    assert phones_of([], TRACES) == frozenset()


def test_headers_that_name_somebody_are_called_otherwise(tmp_path: Path) -> None:
    told = renamed(["id", f"to {BOX}", "Vera Quandt", "Vera Quandt!"], TRACES.cleaned)
    assert told == {
        f"to {BOX}": "to gone@firm.example 2",
        "Vera Quandt": f"{ERASED} 3",
        "Vera Quandt!": f"{ERASED}! 4",
    }
    marked = replace(TRACES, pseudonym="erased-0a1")
    assert renamed([BOX], marked.cleaned) == {BOX: "erased@firm.example 1"}
    path = landed(tmp_path / "t.parquet", "a b", [("1", "2")])
    rename_columns(path, {"b": "c d"})
    assert duckdb.read_parquet(str(path)).columns == ["a", "c d", "_row"]


def test_of_a_build_the_persons_rows_say_nothing_of_who_it_was(tmp_path: Path) -> None:
    path = tmp_path / "b1.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute("create table dim_person as from (values ('p1', 'Jordan'), "
            "('p2', 'Jordan'), ('p1', null)) t(person_id, full_name)")  # fmt: skip
        connection.execute("create table feedback as from (values ('p1', 'good'), ('p2', 'good'), "
            "('p1', null), ('p2', 'says Vera Quandt')) t(person_id, comment)")  # fmt: skip
        connection.execute("create table fct_touch as from (values "
            "('p1', null, 'a', 'u/a', 'sales', 1), ('p2', 'l2', 'a', 'u/a', 'sales', 1), "
            "('p2', 'l2', 'b', 'u/b', 'sales', 1), ('p2', 'l2', 'a', 'u/a', 'sales', 2), "
            "(null, 'l1', 'c', 'u/c', 'marketing', 3), "
            "('p2', null, 'c', 'u/c', 'marketing', 3)) "
            "t(person_id, lead_id, content, url, side, occurred_at)")  # fmt: skip
        connection.execute("create table note as select 7 as n")
    before = path.read_bytes()
    known = Known(ids={"p1", "l2"}, leads={"l1", "p2"})
    assert clean_build(path, known, TRACES, True) == 6 and path.read_bytes() == before
    assert clean_build(path, known, TRACES, False) == 6
    with duckdb.connect(str(path), read_only=True) as connection:
        people = connection.execute("from dim_person").fetchall()
        answers = connection.execute("from feedback").fetchall()
        touches = connection.execute("select content, url, side from fct_touch").fetchall()
        assert connection.execute("from note").fetchall() == [(7,)]
    assert people == [("p1", ERASED), ("p2", "Jordan"), ("p1", None)]
    assert [text for _, text in answers] == [ERASED, "good", None, f"says {ERASED}"]
    assert touches == [
        (None, None, "sales"), (None, None, "sales"), ("b", "u/b", "sales"), ("a", "u/a", "sales"),
        ("c", None, "marketing"), ("c", "u/c", "marketing"),
    ]  # fmt: skip
    assert clean_build(path, known, TRACES, False) == 0
    assert list(tmp_path.iterdir()) == [path]


def test_who_is_being_erased_is_kept_until_it_is_done(tmp_path: Path) -> None:
    assert begun_in(tmp_path) is None
    known = Known({BOX}, {"Vera Quandt"}, {"vera"}, {"crm:7"}, {"Vera Other"})
    begun = Begun(known, replace(TRACES, phones=frozenset({"1"}), cells=frozenset({"c"})))
    begin(tmp_path, begun)
    assert begun_in(tmp_path) == begun
    end(tmp_path)
    end(tmp_path)
    assert begun_in(tmp_path) is None
    (tmp_path / ".erasing.json").write_text("{")
    with pytest.raises(StoreError, match="cannot be read"):
        begun_in(tmp_path)


def test_what_is_looked_for_is_without_what_others_have_as_well() -> None:
    known = Known(
        {BOX, "erased-1@firm.example"}, {"Vera Quandt", "Vera"}, {"vera"},
        {"crm:7", "ads:x:1", "crm:erp:2", "p9"}, {"Vera Other"},
    )  # fmt: skip
    traces = traces_of(known, ["crm", "ads", "crm:erp"], "gone")
    assert (traces.pseudonym, traces.mailboxes) == ("gone", {BOX})
    assert (traces.names, traces.shared) == ({"Vera Quandt"}, {"Vera"})
    assert traces.others == {"Vera Other"}
    assert traces.ids == {("crm", "7"), ("ads", "x:1"), ("crm", "erp:2"), ("crm:erp", "2")}
    assert traces_of(known, []).pseudonym.startswith("erased-")
    assert traces_of(known, []).ids == frozenset()


@pytest.mark.parametrize("given", ["", "  ", "p1", " p1 "])
def test_a_person_is_named_by_more_than_two_signs(tmp_path: Path, given: str) -> None:
    with pytest.raises(UsageError):
        find(tmp_path, given)


def test_a_person_of_whom_no_build_knows_is_the_address_alone(tmp_path: Path) -> None:
    assert find(tmp_path, " Vera.Quandt@firm.example ") == Known({BOX})
    assert find(tmp_path, "p12") == find(tmp_path, "crm:vera@firm.example") == Known()


@pytest.mark.parametrize(
    ("expired", "said"),
    [
        (Expired(0, 0), ""),
        (Expired(1, 0), "1 person was erased"),
        (Expired(2_000, 0), "2,000 people were erased"),
        (Expired(2, 0, dry_run=True), "2 people would be erased"),
    ],
)
def test_how_many_were_erased_for_silence_is_told(expired: Expired, said: str) -> None:
    assert expired.line.partition(",")[0] == said.partition(",")[0]
    assert expired.line.startswith(said) and "more" not in expired.line
    assert replace(expired, waiting=3).line.endswith(" 3 more at the next run.") == bool(said)
