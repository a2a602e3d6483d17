"""What somebody is kept from reading, in the text of a statement: by hand and without a build."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import pytest
from figures import blocks_of
from small_company import small_company
from sqlglot import exp

from smarketing.access import Access, AccessError
from smarketing.engine import DuckDBEngine
from smarketing.engine.compile import parse, shared_tree, sql_files
from smarketing.engine.harmless import _HARMLESS, _HARMLESS_IN, is_harmless
from smarketing.engine.masks import mask_where_read, masks_of
from smarketing.engine.sight import (
    NothingKnown,
    Sight,
    _asked,
    _keep_where_read,
    restrict,
    sight_of,
)
from smarketing.errors import QueryError

COLUMNS = {
    "dim_person": frozenset({"person_id", "email", "full_name", "account_id"}),
    "dim_account": frozenset({"account_id", "name", "region"}),
    "dim_lead": frozenset({"lead_id", "person_id", "region"}),
    "fct_unit_person": frozenset({"unit_number", "person_id"}),
    "fct_unit": frozenset({"unit_number", "region"}),
    "dim_date": frozenset({"day"}),
}
VIEWER = Sight(names_people=False, salt="s")
OF_DACH = Sight((("region", ("dach", "(unknown)")),))


def seen(text: str, sight: Sight) -> str:
    tree = parse(text, "q").copy()
    restrict(tree, sight, COLUMNS)
    return tree.sql()


def test_who_may_see_people_is_shown_them_and_others_by_the_salt_of_the_home() -> None:
    scope = (("region", ("dach",)),)
    assert sight_of(Access("member", scope=scope), "s") == Sight(scope, True, "")
    assert sight_of(Access("viewer", scope=scope), "s") == Sight(scope, False, "s")
    assert not VIEWER.is_whole and not OF_DACH.is_whole and Sight().is_whole
    assert OF_DACH.params == {
        "sight_region_0": "dach", "sight_region_1": "(unknown)", "sight_salt": "",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("select count(*) as n from t", {"n", "t"}),
        ("select A, b from t where c = 1", {"a", "b", "c", "t"}),
        ("select * from t", None),
        ("select count(t) as n from t", None),
        ("select t.a from t natural join u", None),
        ("select a from t as p(a)", None),
        ("select #1 from t", None),
    ],
)
def test_which_columns_a_statement_names(text: str, names: set[str] | None) -> None:
    assert _asked(parse(text, "q")) == names


def test_only_what_is_asked_for_is_masked() -> None:
    whole = "SELECT COUNT(*) AS n FROM dim_person"
    assert seen(whole, VIEWER) == whole
    assert seen("select region from dim_account", VIEWER) == "SELECT region FROM dim_account"
    text = seen("select p.email from dim_person as p", VIEWER)
    assert "CONCAT('•••@', SPLIT_PART(p.email, '@', -1)) END AS email" in text
    assert "full_name" not in text and text.endswith(" FROM dim_person AS p")
    every = seen("select * from dim_person", VIEWER)
    assert all(f" AS {name}" in every for name in ("email", "full_name", "person_id"))


@pytest.mark.parametrize(
    ("table", "column"),
    [
        *(("lead", "source_detail"), ("dim_lead", "source_detail"), ("fct_deal", "lost_reason")),
        *(("fct_stage_entry", "reason"), ("fct_handoff", "reason"), ("fct_touch", "outcome")),
    ],
)
def test_what_somebody_wrote_of_a_lead_or_deal_holds_no_address(table: str, column: str) -> None:
    known = SimpleNamespace(
        is_address=lambda *_: False,
        has_contacts=lambda *_: True,
        texts_of_people=lambda *_: "",
    )
    masks = masks_of(table, frozenset({column}), frozenset({column}), cast(Any, known))
    assert "•••@" in masks.of(column, "t").sql(dialect="duckdb")


PEOPLE = "dim_person as p join dim_lead as l on l.region = p.full_name"


@pytest.mark.parametrize(
    "text",
    [
        f"select p.email from {PEOPLE}",
        f"select l.region, max(p.email) as email from {PEOPLE} group by l.region",
        f"select 1 as n from {PEOPLE} where p.email = 'a' order by p.full_name",
        f"select P.EMAIL from {PEOPLE} where exists (select 1 from dim_date where day = p.email)",
        f"select q.e from (select p.email as e from {PEOPLE}) as q",
        "select upper(email) as e from dim_person order by full_name",
        "with p as (select 1 as n) select a.email from dim_person as a, p",
    ],
)
def test_a_mask_stands_where_the_column_is_read(text: str) -> None:
    """It is worked out for the rows that are left there, rather than for the whole table."""
    tree = parse(text, "q").copy()
    restrict(tree, VIEWER, COLUMNS)
    assert not any(one.this.find(exp.Star) for one in tree.find_all(exp.Subquery))
    for column in tree.find_all(exp.Column):
        if column.name.lower() in ("email", "full_name"):
            assert column.find_ancestor(exp.Case), column.parent.sql()


@pytest.mark.parametrize(
    "text",
    [
        # What is grouped by, and what a distinct row is ordered by, is written twice alike.
        f"select p.email from {PEOPLE} group by p.email",
        f"select distinct p.email from {PEOPLE} order by p.email",
        # A name without its table, and one that the SELECT itself gives.
        "select email from dim_person as p, dim_lead as l",
        "select full_name as email from dim_person order by email",
        "select 1 as n from dim_person where exists (select 1 from dim_date where day = email)",
        # The same name further in, what is joined by name, a table in brackets.
        "select p.email from dim_person as p, (select p.day from dim_date as p) as d",
        "select 1 as n from dim_person as p join dim_lead as l using (person_id)",
        "select p.email from (dim_person) as p",
    ],
)
def test_where_it_is_not_plain_who_reads_a_column_the_table_is_masked(text: str) -> None:
    assert "* REPLACE (" in seen(text, VIEWER)


def test_masks_answer_alike_wherever_they_stand(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every query, asked once as it is and once with all masks at the tables."""
    whole = small_company()
    for name in sorted(set(sql_files("queries")) - {"attribution/eligible"}):
        answers = []
        for where in (mask_where_read, lambda _table, _masks: False):
            monkeypatch.setattr("smarketing.engine.sight.mask_where_read", where)
            monkeypatch.setattr("smarketing.engine.ready._READY", {})
            viewer = DuckDBEngine(whole._connection, VIEWER)
            viewer._tables = whole._tables
            answers.append(blocks(viewer, name))
        assert answers[0] == answers[1], name


def blocks(engine: DuckDBEngine, name: str) -> list[str]:
    """The answer to the first of the questions that a query is asked."""
    return next(blocks_of(engine, name, shared_tree("queries", name, "duckdb")))


def test_a_scope_keeps_rows_and_masks_nothing() -> None:
    assert seen("select name from dim_account", OF_DACH) == (
        f"SELECT name FROM dim_account WHERE {kept_of('dim_account')}"
    )
    assert seen("select day from dim_date", OF_DACH) == "SELECT day FROM dim_date"
    people = seen("select email from dim_person", OF_DACH)
    assert [f'"dim_person".{column} IN (SELECT {column} FROM {table} WHERE ' in people
            for column, table in (("account_id", "dim_account"), ("person_id", "dim_lead"),
                                  ("person_id", "fct_unit_person"))] == [True] * 3  # fmt: skip
    assert people.count(" OR ") == 2


def kept_of(by: str) -> str:
    region = f"COALESCE(CAST(\"{by}\".region AS TEXT), '(unknown)')"
    return f"{region} IN (:sight_region_0, :sight_region_1)"


def test_a_scope_is_asked_where_a_table_is_read() -> None:
    """A condition of the SELECT's own stays together; what may find no row keeps the other's."""
    assert seen(
        "select a.name from dim_account as a left join dim_lead as l "
        "on l.region = a.region or 1 = 1 where a.name = 'x' or a.name = 'y'",
        OF_DACH,
    ) == (
        "SELECT a.name FROM dim_account AS a LEFT JOIN dim_lead AS l "
        f"ON (l.region = a.region OR 1 = 1) AND {kept_of('l')} "
        f"WHERE (a.name = 'x' OR a.name = 'y') AND {kept_of('a')}"
    )


@pytest.mark.parametrize(
    "text",
    [
        "select 1 as n from dim_account as a full join dim_lead as l on l.region = a.region",
        "select 1 as n from dim_account as a right join dim_lead as l on l.region = a.region",
        "select 1 as n from dim_account as a left join dim_lead as l using (region)",
        "select 1 as n from dim_account as a natural join dim_lead as l",
        "select 1 as n from dim_account as a asof join dim_lead as l on l.region >= a.region",
        "select 1 as n from dim_account as a anti join dim_lead as l on l.region = a.region",
        "select 1 as n from (dim_account) as a",
        "select 1 as n from dim_account as a(x, y, z)",
        "select 1 as n from dim_account tablesample 10 percent",
    ],
)
def test_where_it_is_not_plain_which_rows_a_select_wants_the_table_is_narrowed(text: str) -> None:
    found = seen(text, OF_DACH)
    assert found.count("(SELECT * FROM dim_") == text.count("dim_")


def test_rows_are_kept_alike_wherever_it_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every query, asked once as it is and once with every table narrowed in its place."""
    whole = small_company()
    region = whole.rows(parse("select max(region) as region from dim_lead", "q"))[0]["region"]
    scoped = Sight((("region", (str(region), "(unknown)")),))
    for name in sorted(set(sql_files("queries")) - {"attribution/eligible"}):
        answers = []
        for where in (_keep_where_read, lambda _table, _kept: False):
            monkeypatch.setattr("smarketing.engine.sight._keep_where_read", where)
            monkeypatch.setattr("smarketing.engine.ready._READY", {})
            engine = DuckDBEngine(whole._connection, scoped)
            engine._tables = whole._tables
            try:
                answers.append(blocks(engine, name))
            except AccessError as error:
                answers.append([str(error)])
        assert answers[0] == answers[1], name


def test_what_could_hide_a_table_is_refused() -> None:
    for text, said in (
        ("with dim_date as (select 1 as day) select day from dim_date", "named as a table is: dim"),
        ("select a from main.dim_date", "by their names alone, not main.dim_date"),
        ("select a from read_text('x')", "by their names alone"),
        ("select a from gone", "There is no table 'gone'"),
    ):
        with pytest.raises(QueryError, match=said):
            seen(text, OF_DACH)


class NoAddress(NothingKnown):
    """A build in which no id is an address."""

    def is_address(self, _table: str, _column: str) -> bool:
        return False


def test_ids_of_which_none_is_an_address_stay_as_they_are() -> None:
    text = "select p.person_id from dim_person as p where p.person_id = 'x:7'"
    tree = parse(text, "q").copy()
    restrict(tree, VIEWER, COLUMNS, NoAddress())
    assert tree.sql() == parse(text, "q").sql()
    assert "MD5" in seen(text, VIEWER), "where it is not known, any may be"


TYPED = """
    select table_name, column_name, data_type from duckdb_columns()
    where schema_name = 'main' and database_name = current_database()
"""


class AnyAddress(NothingKnown):
    """A build in which every id may be an address; its texts by their types."""

    def __init__(self, engine: DuckDBEngine) -> None:
        self.is_text = engine._known.is_text  # type: ignore[method-assign]


def test_every_text_of_a_build_is_masked_or_known_to_be_harmless() -> None:
    """A new column of text is put into `engine/masks.py` or `engine/harmless.py`: decide which."""
    engine = small_company()
    known = AnyAddress(engine)
    undecided: list[str] = []
    both: list[str] = []
    texts = set()
    for table, column, _ in engine._connection.execute(TYPED).fetchall():
        if not known.is_text(table, column):
            continue
        texts.add((table, column))
        is_masked = is_meant(table, column)
        if is_masked == is_harmless(table, column):
            (both if is_masked else undecided).append(f"{table}.{column}")
    assert (undecided, both) == ([], [])
    names = {column for _, column in texts}
    assert (
        names >= _HARMLESS and {(t, c) for t, held in _HARMLESS_IN.items() for c in held} <= texts
    )


def is_meant(table: str, column: str) -> bool:
    """Answer whether a column is named among the masks."""
    known = SimpleNamespace(
        is_address=lambda *_: True,
        has_contacts=lambda *_: True,
        texts_of_people=lambda *_: "",
        is_text=lambda *_: False,
    )
    one = frozenset({column})
    return bool(masks_of(table, one, one, cast(Any, known)).kinds)


def test_a_text_that_nobody_thought_of_is_hidden_and_a_number_is_read() -> None:
    engine = small_company()
    connection = engine._connection.cursor()
    connection.execute("create table fct_new as select 'Anna' as told, ['Anna'] as listed, 7 as n")
    viewer = DuckDBEngine(connection, VIEWER)
    try:
        [row] = viewer.rows(parse("select told, listed, n from fct_new", "q"))
        assert row == {"told": "•••", "listed": "•••", "n": 7}
    finally:
        connection.execute("drop table fct_new")
