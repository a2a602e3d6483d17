"""Slots of queries: filled by name, exactly once, or refused."""

from __future__ import annotations

import duckdb
import pytest
import sqlglot
from sqlglot import exp

from smarketing.engine import Filters, compile_query
from smarketing.engine.compile import parse
from smarketing.engine.slots import fill_condition, fill_cte, fill_table
from smarketing.errors import QueryError

QUERY = """
with asked as (select 1 as a),
scope as (select '(all)' as key, l.a from ledger as l where slot('counts', l.kind is null))
select s.key, s.a from scope as s cross join asked as x
"""


def tree() -> exp.Query:
    return parse(QUERY, "test").copy()


def written(query: exp.Query) -> str:
    return compile_query(query, {}).sql.lower()


def test_a_slot_that_nobody_fills_holds_as_it_stands():
    text = written(tree())
    assert "l.kind is null" in text
    assert "slot" not in text


def test_what_fills_a_slot_stands_in_its_place():
    query = tree()
    fill_condition(query, "counts", exp.column("kind", table="l").isin("call", "form"))
    fill_cte(query, "asked", parse("select 2 as a", "other"))
    fill_table(query, "ledger", parse("select b.a, b.kind from book as b", "other"))
    text = " ".join(written(query).split())
    assert "where ( l.kind in ('call', 'form') )" in text
    assert "asked as ( select 2 as a )" in text
    assert "from ( select b.a, b.kind from book as b ) as l" in text
    assert "ledger" not in text


def test_a_select_that_is_put_into_another_has_no_cte_of_a_name_that_stands_there():
    query = tree()
    book = "with asked as (select 3 as a), b as (select asked.a from asked) select b.a from b"
    fill_table(query, "ledger", parse(book, "other"))
    here = duckdb.sql(query.sql("duckdb").replace("SLOT('counts', l.kind IS NULL)", "true"))
    assert here.fetchall() == [("(all)", 3)]
    there = sqlglot.parse_one(query.sql("spark"), read="spark")
    names = [cte.alias for cte in there.find_all(exp.CTE)]
    assert sorted(names) == ["asked", "b", "ledger_asked", "scope"]


def test_a_slot_is_told_from_others_by_its_name():
    asked = "select a from t where slot('counts', true) and slot('other', b) and f('counts', c)"
    query = parse(asked, "test").copy()
    fill_condition(query, "counts", exp.column("d"))
    assert query.sql() == "SELECT a FROM t WHERE (d) AND SLOT('other', b) AND F('counts', c)"


@pytest.mark.parametrize(
    "text", [QUERY.replace("counts", "count"), QUERY + " where slot('counts', true)"]
)
def test_a_condition_that_is_not_there_once_is_refused(text: str):
    with pytest.raises(QueryError, match=r"slot 'counts' is [02] times"):
        fill_condition(parse(text, "test").copy(), "counts", exp.true())


def test_a_cte_or_a_table_that_is_not_there_once_is_refused():
    body = parse("select 2 as a", "other")
    with pytest.raises(QueryError, match="CTE 'eligible' is 0 times"):
        fill_cte(tree(), "eligible", body)
    with pytest.raises(QueryError, match="table 'book' is 0 times"):
        fill_table(tree(), "book", body)
    bare = parse("select ledger.x from ledger", "test").copy()
    fill_table(bare, "ledger", body)
    assert bare.sql() == "SELECT ledger.x FROM (SELECT 2 AS a) AS ledger"
    twice = parse("select a.x from ledger as a cross join ledger as b", "test").copy()
    with pytest.raises(QueryError, match="table 'ledger' is 2 times"):
        fill_table(twice, "ledger", body)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("select '(all)' as key from t", "has no scope"),
        (
            "with scope as (select '(all)' as key from t), "
            "b as (with scope as (select 1 as c) select s.c from scope as s) select b.c from b",
            "has 2 scopes",
        ),
        ("with scope as (select a.x from t as a) select s.x from scope as s", "no one key"),
        (
            "with scope as (select '(all)' as key from t union all select u.x as key from u) "
            "select s.key from scope as s",
            "no one key",
        ),
    ],
)
def test_a_query_without_one_scope_and_one_key_in_it_is_not_cut(text: str, says: str):
    with pytest.raises(QueryError, match=says):
        compile_query(parse(text, "test"), {}, Filters(), "channel")
    with pytest.raises(QueryError, match=r"^The query 'this question' "):
        compile_query(parse(text, "test"), {}, Filters(), "channel")


def test_a_query_of_a_file_is_called_by_its_name():
    with pytest.raises(QueryError, match=r"^The query 'attribution/asked' has no scope"):
        compile_query("attribution/asked", {}, Filters(), "channel")
